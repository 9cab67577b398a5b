//! The command line.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use jumpa_protocol::{AppId, KeyId, RoomName, limits};

use crate::config::{AdminListen, Flags};

/// Video calls that a business owns.
#[derive(Debug, Parser)]
#[command(name = "jumpa", version = crate::health::VERSION, disable_help_subcommand = true)]
pub struct Cli {
    /// Folder for database, keys and settings; made when it is missing.
    /// [default: jumpa in $XDG_DATA_HOME, or ~/.local/share/jumpa]
    #[arg(long, global = true, env = "JUMPA_DATA", value_name = "DIR")]
    data: Option<PathBuf>,

    /// Settings file. [default: jumpa.toml in the data folder, if there is one]
    #[arg(long, global = true, env = "JUMPA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// The data folder that the arguments name, or the usual one.
    pub fn data_path(&self) -> anyhow::Result<PathBuf> {
        if let Some(path) = &self.data {
            return Ok(path.clone());
        }
        let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        folder("XDG_DATA_HOME")
            .map(PathBuf::from)
            .or_else(|| folder("HOME").map(|home| PathBuf::from(home).join(".local/share")))
            .map(|base| base.join("jumpa"))
            .context("there is no home folder: name the data folder with --data")
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(ServeOptions),
    /// Settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Apps: products that make calls
    #[command(subcommand)]
    App(AppCommand),
    /// Keys that sign join tokens
    #[command(subcommand)]
    Key(KeyCommand),
    /// Print a join token, to stand in a link as ?jwt=
    Token(TokenOptions),
    /// Check ports, addresses, data folder and clock, and say what is wrong
    Doctor(ListenOptions),
    /// Write database, key file and settings into one file; the server may run
    Backup {
        /// The file, which must not exist yet. It holds every secret: keep it safe.
        file: PathBuf,
    },
    /// Put a backup into an empty data folder, and with PostgreSQL into an empty database
    Restore {
        /// What `jumpa backup` wrote.
        file: PathBuf,
    },
    /// Usage of tenants
    #[command(subcommand)]
    Usage(UsageCommand),
    /// Print the key that a recorder on another machine shows (JUMPA_RECORDER_KEY). A secret
    RecorderKey,
    /// Print the version
    Version,
}

/// Where the server listens.
#[derive(Debug, Clone, Args)]
pub struct ListenOptions {
    /// Address of pages, API and signalling; port 0 takes any free one. [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// First UDP and TCP port for media; 0 takes any free ones. [default: 7882]
    #[arg(long, value_name = "PORT")]
    media_port: Option<u16>,

    /// Address that clients send media to; may be given more than once. [default: found out]
    #[arg(long = "public-ip", value_name = "IP")]
    public_ips: Vec<IpAddr>,

    /// Address of metrics, or off. [default: 127.0.0.1:9090]
    #[arg(long, value_name = "ADDRESS|off", value_parser = admin_listen)]
    admin_listen: Option<AdminListen>,
}

impl ListenOptions {
    /// The same as settings.
    pub fn flags(&self) -> Flags {
        Flags {
            listen: self.listen,
            media_port: self.media_port,
            public_ips: self.public_ips.clone(),
            admin_listen: self.admin_listen,
        }
    }
}

/// `jumpa serve`
#[derive(Debug, Args)]
pub struct ServeOptions {
    #[command(flatten)]
    pub listen: ListenOptions,

    /// Write address, ports and links as JSON into this file once calls can be made.
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
}

/// `jumpa config`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print a commented sample with every default
    Example,
}

/// `jumpa app`
#[derive(Debug, Subcommand)]
pub enum AppCommand {
    /// Make an app and its first key; the secret is shown once
    Create(CreateAppOptions),
    /// List apps with their keys
    List,
    /// Stop an app from taking joins, within seconds
    Disable {
        /// The app id.
        app: AppId,
    },
    /// Let an app take joins again
    Enable {
        /// The app id.
        app: AppId,
    },
}

/// `jumpa app create`
#[derive(Debug, Args)]
pub struct CreateAppOptions {
    /// The name that people read.
    #[arg(long)]
    pub name: String,
    /// Try it out: pages show a mark, and only a part of the server is there for such apps.
    #[arg(long)]
    pub trial: bool,
    /// Let people join without a token.
    #[arg(long)]
    pub guests: bool,
    /// Let tokens name every room with *.
    #[arg(long)]
    pub any_room: bool,
    /// Let each token that has a `jti` join only once.
    #[arg(long)]
    pub one_time_tokens: bool,
    /// Leave people in their calls when the app is disabled or their key is revoked.
    #[arg(long)]
    pub keep_running_calls: bool,
    /// Most participants in one call.
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = limits::DEFAULT_MAX_PARTICIPANTS,
        value_parser = clap::value_parser!(u32).range(1..=100_000)
    )]
    pub max_participants: u32,
}

/// `jumpa key`
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make another key; the secret is shown once
    Create {
        /// The app id.
        #[arg(long)]
        app: AppId,
    },
    /// Make the tokens of a key worthless, within seconds
    Revoke {
        /// The app id.
        #[arg(long)]
        app: AppId,
        /// The key id.
        key: KeyId,
    },
}

/// `jumpa usage`
#[derive(Debug, Subcommand)]
pub enum UsageCommand {
    /// Count the usage of all tenants again from joins and leaves; the server may run
    Recount,
}

/// `jumpa token`
#[derive(Debug, Args)]
pub struct TokenOptions {
    /// The app id.
    #[arg(long)]
    pub app: AppId,
    /// The room, or * for every room where the app allows that.
    #[arg(long, value_parser = room_or_any)]
    pub room: String,
    /// The name that others see.
    #[arg(long)]
    pub name: String,
    /// The person's id in your own system: who is removed under it stays out.
    #[arg(long, value_name = "ID")]
    pub user: Option<String>,
    /// Give the rights of a moderator.
    #[arg(long)]
    pub moderator: bool,
    /// How long it is valid: 90s, 30m, 1h; at most 24h.
    #[arg(long, default_value = "1h", value_parser = duration)]
    pub ttl: Duration,
    /// Sign with this key. [default: the newest]
    #[arg(long)]
    pub key: Option<KeyId>,
}

fn admin_listen(text: &str) -> Result<AdminListen, String> {
    text.to_owned().try_into()
}

fn room_or_any(text: &str) -> Result<String, String> {
    if text == "*" {
        return Ok(text.to_owned());
    }
    text.parse::<RoomName>().map(String::from).map_err(|error| error.to_string())
}

/// A whole number with its unit.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = text.get(digits.len()..).unwrap_or_default();
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return Err("a number with s, m or h is needed, for example 30m".to_owned()),
    };
    digits
        .parse::<u64>()
        .ok()
        .and_then(|count| count.checked_mul(seconds))
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs)
        .ok_or_else(|| "a whole number above 0 is needed, for example 30m".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("30m"), Ok(Duration::from_secs(1_800)));
        assert_eq!(duration("24h"), Ok(Duration::from_secs(86_400)));
        for text in ["", "1", "h", "0s", "-1h", "1d", "1 h", "99999999999999999999h"] {
            assert!(duration(text).is_err(), "{text:?}");
        }
    }
}

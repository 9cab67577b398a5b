//! Settings: defaults in code, then the TOML file, then the environment, then flags.
//!
//! A key `listen` of section `[http]` is `JUMPA__HTTP__LISTEN` in the environment. Keys that do not
//! exist are refused wherever they come from, so that typing errors show.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use jumpa_api::{RateLimits, SmtpConfig, SmtpEncryption};
use jumpa_protocol::AllowedNetworks;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

/// The commented sample that `jumpa config example` prints. Its values are the defaults.
pub const EXAMPLE: &str = include_str!("config/example.toml");

/// The file that is read from the data folder when no other is named.
pub const FILE_NAME: &str = "jumpa.toml";

const ENVIRONMENT_PREFIX: &str = "JUMPA__";

/// Every setting. `config/example.toml` says what each does.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the data lies; empty is the file in the data folder.
    pub database_url: String,
    /// A file with the password of `database_url`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_password_file: Option<PathBuf>,
    /// The web pages, the API and signalling.
    pub http: HttpConfig,
    /// How fast one caller of the API may ask.
    pub api: RateLimits,
    /// Metrics and health for the operator.
    pub admin: AdminConfig,
    /// Sound and pictures.
    pub media: MediaConfig,
    /// Who gets how much of the server.
    pub capacity: CapacityConfig,
    /// Who records calls, and where that is kept.
    pub recording: RecordingConfig,
    /// How mails are sent.
    pub mail: MailConfig,
    /// How webhooks are called.
    pub webhooks: WebhooksConfig,
    /// How the server stops.
    pub shutdown: ShutdownConfig,
    /// What is written to standard error.
    pub log: LogConfig,
}

/// `[http]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpConfig {
    /// Where pages, API and signalling are served; port 0 takes any free one.
    pub listen: SocketAddr,
    /// How browsers reach the server when something stands in front of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-…` headers are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Most connections at the same time.
    pub max_connections: usize,
    /// Most signalling connections of one address.
    pub max_sockets_per_address: usize,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: None,
            trusted_proxies: vec![],
            max_connections: 10_000,
            max_sockets_per_address: jumpa_signalling::DEFAULT_MAX_SOCKETS_PER_ADDRESS,
        }
    }
}

/// `[admin]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdminConfig {
    /// Where metrics are served, or `off`.
    pub listen: AdminListen,
}

impl Default for AdminConfig {
    fn default() -> Self {
        Self { listen: AdminListen::On(SocketAddr::from((Ipv4Addr::LOCALHOST, 9090))) }
    }
}

/// Whether and where metrics are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AdminListen {
    /// Not at all.
    Off,
    /// Here; port 0 takes any free one.
    On(SocketAddr),
}

impl TryFrom<String> for AdminListen {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        text.parse()
            .map(Self::On)
            .map_err(|_| "an address like 127.0.0.1:9090, or off, is needed".to_owned())
    }
}

impl From<AdminListen> for String {
    fn from(listen: AdminListen) -> Self {
        match listen {
            AdminListen::Off => "off".to_owned(),
            AdminListen::On(address) => address.to_string(),
        }
    }
}

/// `[media]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MediaConfig {
    /// Local addresses that the media sockets are bound to; every one when empty.
    pub bind: Vec<IpAddr>,
    /// First UDP and TCP port; worker `i` uses this port plus `i`. 0 takes any free ones.
    pub port: u16,
    /// Addresses that clients are told; those that are listened on when empty.
    pub public_ips: Vec<IpAddr>,
    /// Media threads; 0 takes one per core.
    pub workers: usize,
    /// Whether each media thread stays on one core.
    pub pins_threads: bool,
    /// Whether UDP is offered.
    pub udp: bool,
    /// Whether TCP is offered.
    pub tcp: bool,
    /// First guess of what a client's downlink carries, bits per second.
    pub initial_estimate_bps: u64,
}

impl Default for MediaConfig {
    fn default() -> Self {
        Self {
            bind: vec![],
            port: 7882,
            public_ips: vec![],
            workers: 0,
            pins_threads: true,
            udp: true,
            tcp: true,
            initial_estimate_bps: 1_500_000,
        }
    }
}

/// `[capacity]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CapacityConfig {
    /// Most participants of trial apps at the same time.
    pub trial_participants: usize,
}

impl Default for CapacityConfig {
    fn default() -> Self {
        Self { trial_participants: 200 }
    }
}

/// `[recording]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecordingConfig {
    /// Whether a recorder runs beside the server.
    pub runs_recorder: bool,
    /// Its program; the one in the folder of `jumpa` when none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<PathBuf>,
    /// Where recordings are kept; `recordings` in the data folder when none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// Networks that are not public and that streams may be sent to all the same.
    pub stream_networks: Vec<String>,
    /// Networks that are not public and in which buckets may be all the same.
    pub storage_networks: Vec<String>,
}

impl Default for RecordingConfig {
    fn default() -> Self {
        Self {
            runs_recorder: true,
            program: None,
            folder: None,
            stream_networks: Vec::new(),
            storage_networks: Vec::new(),
        }
    }
}

/// `[mail]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// Name of the mail server; without it no mails are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_host: Option<String>,
    /// Its port.
    pub smtp_port: u16,
    /// How the connection is kept from others.
    pub encryption: MailEncryption,
    /// The name to log in to the mail server with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The file that holds the password, and nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    /// The sender of mails.
    pub from: String,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            smtp_host: None,
            smtp_port: 587,
            encryption: MailEncryption::Starttls,
            username: None,
            password_file: None,
            from: "Jumpa <jumpa@localhost>".to_owned(),
        }
    }
}

impl MailConfig {
    /// Where mails are handed over; `None` when no mail server is named.
    ///
    /// # Errors
    /// When the password's file cannot be read.
    pub fn smtp(&self) -> anyhow::Result<Option<SmtpConfig>> {
        let Some(host) = &self.smtp_host else { return Ok(None) };
        let password = match &self.password_file {
            Some(path) => fs::read_to_string(path).with_context(|| {
                format!("reading the password of mails in `{}`", path.display())
            })?,
            None => String::new(),
        };
        let credentials =
            self.username.as_ref().map(|name| (name.clone(), password.trim().to_owned()));
        Ok(Some(SmtpConfig {
            host: host.clone(),
            port: self.smtp_port,
            encryption: match self.encryption {
                MailEncryption::Tls => SmtpEncryption::Tls,
                MailEncryption::Starttls => SmtpEncryption::StartTls,
                MailEncryption::None => SmtpEncryption::None,
            },
            credentials,
            from: self.from.clone(),
        }))
    }
}

/// How the connection to the mail server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailEncryption {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS.
    Starttls,
    /// None.
    None,
}

/// `[webhooks]`
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhooksConfig {
    /// Networks that are not public and may be called all the same, for logos of recordings as well.
    pub allowed_networks: Vec<String>,
}

/// `[shutdown]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShutdownConfig {
    /// How long clients are given to take their leave, milliseconds.
    pub grace_ms: u64,
}

impl Default for ShutdownConfig {
    fn default() -> Self {
        Self { grace_ms: 2_000 }
    }
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// What is written, as `tracing_subscriber::EnvFilter` reads it.
    pub filter: String,
    /// How it is written.
    pub format: LogFormat,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Auto }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people on a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Settings from the command line, which win over all others.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--listen`
    pub listen: Option<SocketAddr>,
    /// `--media-port`
    pub media_port: Option<u16>,
    /// `--public-ip`
    pub public_ips: Vec<IpAddr>,
    /// `--admin-listen`
    pub admin_listen: Option<AdminListen>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("reading the configuration file `{path}`")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the configuration file `{path}` is not TOML")]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        #[source]
        source: toml::de::Error,
    },
    /// A key does not exist or its value is wrong.
    #[error("the configuration ({sources}) is wrong")]
    Value {
        /// Where settings came from.
        sources: String,
        /// Which key and why.
        #[source]
        source: toml::de::Error,
    },
    /// A value that is well formed makes no sense.
    #[error("{0}")]
    Meaning(&'static str),
}

impl Config {
    /// Reads the settings of a start: `file` if one is named, else the file of the data folder if
    /// there is one.
    ///
    /// # Errors
    /// [`ConfigError`] says which source and which key is wrong.
    pub fn load(
        file: Option<&Path>,
        data: &Path,
        environment: impl Iterator<Item = (String, String)>,
        flags: &Flags,
    ) -> Result<Self, ConfigError> {
        let mut sources = vec![];
        let mut table = match Self::file(file, data) {
            Some(path) => {
                sources.push(path.display().to_string());
                read_table(&path)?
            }
            None => Table::new(),
        };
        let defaults = Table::try_from(Self::default()).unwrap_or_default();
        for (name, text) in environment {
            let Some(key) = name.strip_prefix(ENVIRONMENT_PREFIX) else { continue };
            let keys: Vec<String> = key.split("__").map(str::to_ascii_lowercase).collect();
            let value = environment_value(&text, find(&defaults, &keys));
            sources.push(format!("environment variable {name}"));
            insert(&mut table, &keys, value);
        }
        let config: Self = table
            .try_into()
            .map_err(|source| ConfigError::Value { sources: sources.join(", "), source })?;
        config.with_flags(flags).checked()
    }

    /// The file that a start reads, if there is one.
    pub(crate) fn file(named: Option<&Path>, data: &Path) -> Option<PathBuf> {
        let in_data = data.join(FILE_NAME);
        named.map(Path::to_owned).or_else(|| in_data.exists().then_some(in_data))
    }

    fn with_flags(mut self, flags: &Flags) -> Self {
        if let Some(listen) = flags.listen {
            self.http.listen = listen;
        }
        if let Some(port) = flags.media_port {
            self.media.port = port;
        }
        if !flags.public_ips.is_empty() {
            self.media.public_ips.clone_from(&flags.public_ips);
        }
        if let Some(listen) = flags.admin_listen {
            self.admin.listen = listen;
        }
        self
    }

    fn checked(self) -> Result<Self, ConfigError> {
        let is_url = |url: &String| {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            rest.is_some_and(|host| !host.is_empty() && !host.trim_end_matches('/').contains('/'))
        };
        if self.http.public_url.as_ref().is_some_and(|url| !is_url(url)) {
            return Err(ConfigError::Meaning(
                "http.public_url must be like https://call.example, without a path",
            ));
        }
        if self.http.max_connections == 0 {
            return Err(ConfigError::Meaning("http.max_connections must be at least 1"));
        }
        if AllowedNetworks::parse(&self.webhooks.allowed_networks).is_err() {
            return Err(ConfigError::Meaning(
                "webhooks.allowed_networks must be networks like 10.1.0.0/16 or 127.0.0.1",
            ));
        }
        if AllowedNetworks::parse(&self.recording.stream_networks).is_err() {
            return Err(ConfigError::Meaning(
                "recording.stream_networks must be networks like 10.1.0.0/16 or 127.0.0.1",
            ));
        }
        if AllowedNetworks::parse(&self.recording.storage_networks).is_err() {
            return Err(ConfigError::Meaning(
                "recording.storage_networks must be networks like 10.1.0.0/16 or 127.0.0.1",
            ));
        }
        Ok(self)
    }
}

fn read_table(path: &Path) -> Result<Table, ConfigError> {
    let text = fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    text.parse().map_err(|source| ConfigError::Syntax { path: path.to_owned(), source })
}

fn find<'a>(table: &'a Table, keys: &[String]) -> Option<&'a Value> {
    let (first, rest) = keys.split_first()?;
    let value = table.get(first)?;
    if rest.is_empty() { Some(value) } else { find(value.as_table()?, rest) }
}

/// Sets a nested key; a value on the way that is no table gives way to one.
fn insert(table: &mut Table, keys: &[String], value: Value) {
    let Some((first, rest)) = keys.split_first() else { return };
    if rest.is_empty() {
        table.insert(first.clone(), value);
        return;
    }
    let inner = table.entry(first.clone()).or_insert_with(|| Value::Table(Table::new()));
    if !inner.is_table() {
        *inner = Value::Table(Table::new());
    }
    if let Value::Table(inner) = inner {
        insert(inner, rest, value);
    }
}

/// The environment knows texts only: the default of the key says what the text means. A list is
/// separated by commas.
fn environment_value(text: &str, default: Option<&Value>) -> Value {
    let parsed = match default {
        Some(Value::Integer(_)) => text.parse().ok().map(Value::Integer),
        Some(Value::Boolean(_)) => text.parse().ok().map(Value::Boolean),
        Some(Value::Array(_)) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(Value::Array(items.map(|item| Value::String(item.to_owned())).collect()))
        }
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests;

//! Program `jumpa-recorder`: records the calls of a server.

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Parser;
use jumpa_recorder::{Settings, run};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Records calls: every source as it comes, into files that survive every crash.
#[derive(Debug, Parser)]
#[command(name = "jumpa-recorder", version)]
struct Options {
    /// Address of the server, for example http://127.0.0.1:8080
    #[arg(long, env = "JUMPA_RECORDER_SERVER")]
    server: String,
    /// Folder in which recordings are kept while they run and, below `library`, afterwards
    #[arg(long, env = "JUMPA_RECORDER_DATA")]
    data: PathBuf,
    /// Names this recorder; without one it makes a name at its first start and keeps it
    #[arg(long, env = "JUMPA_RECORDER_NAME")]
    name: Option<String>,
    /// Megabytes of the disk that are never taken: less makes calls end later when the disk fills
    /// up, and leaves less room for completing their files
    #[arg(long, env = "JUMPA_RECORDER_KEEP_FREE_MB", default_value_t = 512)]
    keep_free_mb: u64,
    /// The program that makes composites; without it `jumpa-composer` beside this program
    #[arg(long, env = "JUMPA_RECORDER_COMPOSER")]
    composer: Option<PathBuf>,
    /// End when standard input is closed and nothing is left to do, as beside a server
    #[arg(long)]
    ends_with_input: bool,
}

/// Holds what the server knows recorders by. Not an argument, since others can read those.
const KEY_VARIABLE: &str = "JUMPA_RECORDER_KEY";

/// The name of the program that makes composites.
const COMPOSER: &str = "jumpa-composer";

fn main() -> ExitCode {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    match serve(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(options: Options) -> anyhow::Result<()> {
    let shutdown = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).context("listening for signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for signals")?;
    let stop = shutdown.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.cancel();
    });
    let is_orphan = CancellationToken::new();
    if options.ends_with_input {
        let gone = is_orphan.clone();
        std::thread::spawn(move || {
            // Nobody writes: what comes is the end, when the process that holds it has gone.
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            gone.cancel();
        });
    }
    let key = std::env::var(KEY_VARIABLE)
        .with_context(|| format!("reading the recorder key from {KEY_VARIABLE}"))?;
    let composer = options.composer.or_else(beside_this_program);
    if composer.is_none() {
        tracing::warn!("`{COMPOSER}` is not beside this program: only tracks can be recorded");
    }
    let settings = Settings {
        server_url: options.server,
        data: options.data,
        name: options.name,
        key,
        keep_free: options.keep_free_mb << 20,
        composer,
        is_orphan,
    };
    run(settings, shutdown).await?;
    Ok(())
}

fn beside_this_program() -> Option<PathBuf> {
    let beside = std::env::current_exe().ok()?.parent()?.join(COMPOSER);
    Some(beside).filter(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_documented_command_is_understood() {
        Options::command().debug_assert();
        let document = include_str!("../../../docs/concepts/recording.md");
        let line = document.lines().find(|line| line.contains("jumpa-recorder --")).unwrap();
        let (_, arguments) = line.split_once(' ').unwrap();
        let options = Options::parse_from(arguments.split(' '));
        assert_eq!(options.server, "http://127.0.0.1:8080");
        assert_eq!(options.keep_free_mb, 512);
    }
}

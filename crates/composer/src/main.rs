//! `jumpa-composer`: makes one composite, as it is told on its standard input, and ends.

use std::{
    env,
    io::{self, BufRead, Write},
    process::ExitCode,
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

use anyhow::{Context, Result, bail};
use jumpa_composer::{Settings, compose, watchdog};
use jumpa_recorded::composing::{FromComposer, ToComposer};
use tracing_subscriber::EnvFilter;

/// Words that wait at most; a composer that is behind lets the recorder wait, which has nothing else
/// to tell it.
const MAX_WAITING: usize = 64;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(false)
        .init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let settings = settings(env::args().skip(1))?;
    watchdog::start().context("starting the watchdog")?;
    let words = listen()?;
    let Ok(Some(ToComposer::Begin { composition })) = words.recv() else {
        bail!("the first words have to be `begin`");
    };
    compose(&composition, &settings, &words, &mut say).context("composing")
}

/// Options of the command line: no secret is ever among them.
fn settings(mut arguments: impl Iterator<Item = String>) -> Result<Settings> {
    let mut settings = Settings::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--preset" => {
                settings.preset = arguments.next().context("--preset takes a preset of x264")?;
            }
            "--version" => {
                println!("jumpa-composer {}", env!("CARGO_PKG_VERSION"));
                std::process::exit(0);
            }
            other => bail!(
                "unknown option `{other}`\nusage: jumpa-composer [--preset veryfast] < words\n\
                 It is started by jumpa-recorder and told on its standard input what to do."
            ),
        }
    }
    Ok(settings)
}

/// What is said on the standard input; `None` of a line that says nothing known.
fn listen() -> Result<Receiver<Option<ToComposer>>> {
    let (said, words) = sync_channel(MAX_WAITING);
    let listen = move || {
        for line in io::stdin().lock().lines() {
            let word = line.ok().and_then(|line| serde_json::from_str(&line).ok());
            if said.send(word).is_err() {
                break;
            }
        }
    };
    thread::Builder::new().name("words".to_owned()).spawn(listen).context("starting to listen")?;
    Ok(words)
}

fn say(word: &FromComposer) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, word)?;
    out.write_all(b"\n")?;
    out.flush()
}

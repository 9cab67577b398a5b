//! Program `jumpa-load`: runs scenarios of load against a server that it starts by itself, and
//! reports what the server paid for them.
//!
//! Everything runs on this machine, so figures are CPU time and memory of the server's process,
//! never wall time; only the latencies see how busy the machine is, and the report says how busy
//! it was.

mod camera;
mod cli;
mod microphone;
mod percentile;
mod process;
mod receiver;
mod recording_process;
mod report;
mod scenarios;
mod server;
mod stamp;
mod window;

use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Parser;

use crate::{cli::Options, report::Report, server::Server};

#[tokio::main]
async fn main() -> ExitCode {
    let done = match recording_process::Task::of_arguments() {
        // This process is a part of a scenario.
        Some(task) => recording_process::run(task).await,
        None => run(&Options::parse()).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("jumpa-load: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let (mut report, mut failures) = (Report::new(), Vec::new());
    for scenario in options.scenarios() {
        eprintln!("{}: starting a server", scenario.name());
        let server = Server::start(&options.server).await?;
        let mut figures = scenario
            .run(&server, options)
            .await
            .with_context(|| format!("running scenario {}", scenario.name()))?;
        server.stop().await?;
        failures.append(&mut figures.failures);
        report.add(scenario, figures);
    }
    println!("{}", report.markdown());
    if let Some(file) = &options.report {
        std::fs::write(file, report.markdown())
            .with_context(|| format!("writing {}", file.display()))?;
        eprintln!("written to {}", file.display());
    }
    ensure!(failures.is_empty(), "{}", failures.join("; "));
    Ok(())
}

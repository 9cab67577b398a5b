//! What the program is told on its command line.

use std::{path::PathBuf, time::Duration};

use clap::Parser;

use crate::scenarios::Scenario;

/// Runs scenarios of load against a Jumpa server that is started for each of them
#[derive(Debug, Clone, Parser)]
#[command(name = "jumpa-load", version)]
pub struct Options {
    /// The program to measure, built with --release
    #[arg(long, value_name = "PROGRAM")]
    pub server: PathBuf,

    /// Run only this scenario; may be given more than once
    #[arg(long = "scenario", value_enum, value_name = "NAME")]
    only: Vec<Scenario>,

    /// How long a steady load is measured
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    seconds: u64,

    /// Receivers of the one who sends
    #[arg(long, default_value_t = 50)]
    pub receivers: usize,

    /// People in the room in which everybody sends
    #[arg(long, default_value_t = 10)]
    pub people: usize,

    /// People who are recorded, ten in a call
    #[arg(long, default_value_t = 200)]
    pub recorded: usize,

    /// Length of the call that is made ready, and of the one in which sound and pictures are
    /// compared, minutes
    #[arg(long, default_value_t = 60)]
    pub minutes: u64,

    /// How far the clocks of microphones are off, parts per million
    #[arg(long, default_value_t = 0.0)]
    pub clock_ppm: f64,

    /// How often a join is measured
    #[arg(long, default_value_t = 50)]
    pub joins: usize,

    /// Write the report into this file as well
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

impl Options {
    /// What is to be run, in order.
    pub fn scenarios(&self) -> Vec<Scenario> {
        if self.only.is_empty() { Scenario::USUAL.to_vec() } else { self.only.clone() }
    }

    /// How long a steady load is measured.
    pub fn duration(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

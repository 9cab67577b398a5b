//! From the command line to a command, and from its error to words and an exit code.

use std::{
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use crate::{
    cli::{Cli, Command},
    commands, config, doctor, serve,
};

/// Runs the program with its arguments, the program's name first.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are errors to the parser, and go to standard output with code 0.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return match error.print() {
                Ok(()) => ExitCode::from(code),
                Err(_) => ExitCode::FAILURE,
            };
        }
    };
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("jumpa: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let data = cli.data_path()?;
    let config_file = cli.config.as_deref();
    match cli.command {
        Command::Serve(options) => serve::run(&data, config_file, &options)?,
        Command::Config(command) => match command {
            crate::cli::ConfigCommand::Example => print(config::EXAMPLE)?,
        },
        Command::App(command) => commands::app(&data, config_file, command)?,
        Command::Key(command) => commands::key(&data, config_file, command)?,
        Command::Token(options) => commands::token(&data, config_file, options)?,
        Command::Doctor(options) => {
            return doctor::run(&data, config_file, &options);
        }
        Command::Backup { file } => commands::backup(&data, config_file, &file)?,
        Command::Restore { file } => commands::restore(&data, config_file, &file)?,
        Command::Usage(command) => commands::usage(&data, config_file, &command)?,
        Command::RecorderKey => commands::recorder_key(&data)?,
        Command::Version => print(&format!("jumpa {}\n", crate::health::VERSION))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes to standard output; a reader that went away (`| head`) is no error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

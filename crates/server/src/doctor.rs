//! `jumpa doctor`: looks at everything that a start needs and says in words what is wrong.

mod addresses;
mod data;
mod finding;
mod machine;
mod ports;

use std::{path::Path, process::ExitCode};

use jumpa_api::HealthCode as Code;

pub(crate) use finding::Finding;
use finding::Verdict;

use crate::{cli::ListenOptions, config::Config, program, web};

/// Prints one line for each thing that was looked at. The exit code is 1 when something keeps the
/// server from starting or calls from working.
pub(crate) fn run(
    data: &Path,
    config_file: Option<&Path>,
    options: &ListenOptions,
) -> anyhow::Result<ExitCode> {
    let mut findings = vec![];
    match Config::load(config_file, data, std::env::vars(), &options.flags()) {
        Ok(config) => {
            findings.push(Finding::good(Code::SettingsReadable, "settings", "can be read"));
            findings.extend(look(data, &config));
        }
        Err(error) => {
            let text = format!("{:#}", anyhow::Error::new(error));
            let remedy = "`jumpa config example` shows every key";
            findings.push(
                Finding::bad(Code::SettingsWrong, "settings", text.clone(), remedy)
                    .with("problem", text),
            );
            findings.extend(machine());
        }
    }
    let text: String = findings.iter().map(ToString::to_string).collect();
    program::print(&text)?;
    let bad = findings.iter().filter(|finding| finding.verdict == Verdict::Bad).count();
    if bad == 0 {
        program::print("\nNothing keeps calls from working.\n")?;
        Ok(ExitCode::SUCCESS)
    } else {
        let things = if bad == 1 { "thing keeps" } else { "things keep" };
        program::print(&format!("\n{bad} {things} calls from working; see above.\n"))?;
        Ok(ExitCode::FAILURE)
    }
}

/// Looks at everything that these settings name, and at the machine. Takes seconds where something
/// does not answer.
pub(crate) fn look(data: &Path, config: &Config) -> Vec<Finding> {
    let is_running = data::is_in_use(data);
    let mut findings = data::look(data, config, is_running);
    findings.extend(ports::look(config, is_running));
    findings.extend(addresses::look(config));
    findings.extend(machine());
    findings
}

fn machine() -> Vec<Finding> {
    machine::look().into_iter().chain([pages()]).collect()
}

fn pages() -> Finding {
    if web::has_pages() {
        Finding::good(Code::WebPagesPresent, "web pages", "are in the program")
    } else {
        Finding::bad(
            Code::WebPagesMissing,
            "web pages",
            "are missing from this build",
            "build the program with `make build`",
        )
    }
}

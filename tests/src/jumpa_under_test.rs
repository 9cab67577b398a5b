//! The program `jumpa`.

use std::process::ExitCode;

fn main() -> ExitCode {
    jumpa_server::main(std::env::args_os())
}

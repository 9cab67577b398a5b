//! The program jumpa: configuration, wiring, telemetry, shutdown.
fn main() {}

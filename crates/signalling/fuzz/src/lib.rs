//! The targets, shared with the test `fuzz_seeds` of `jumpa-signalling`.

pub mod targets;

//! The targets, shared with the test `fuzz_seeds` of `jumpa-recorder`.

pub mod targets;

//! The targets, shared with the test `fuzz_seeds` of `jumpa-rtc`.

pub mod targets;

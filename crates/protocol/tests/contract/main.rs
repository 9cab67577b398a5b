//! Holds the contract to what it promises: generated files are up to date, golden messages read
//! and write the same in every version, and both sides ignore what they do not know.
//!
//! `JUMPA_CODEGEN=1 cargo test -p jumpa-protocol --test contract` rewrites the checked-in files.

mod checked_in;
mod error_codes;
mod fixtures;
mod schema;
mod tolerance;
mod typescript;

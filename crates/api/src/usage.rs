//! Usage and quality in numbers.

mod dates;
pub(crate) mod overview;

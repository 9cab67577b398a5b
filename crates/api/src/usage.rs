//! Usage and quality in numbers.

mod dates;
pub(crate) mod list_limits;
pub(crate) mod overview;
pub(crate) mod show;

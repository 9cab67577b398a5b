//! The tenant that somebody acts for.

pub(crate) mod show;
pub(crate) mod update;

//! The tenant that somebody acts for.

pub(crate) mod list_identity_providers;
pub(crate) mod show;
pub(crate) mod update;

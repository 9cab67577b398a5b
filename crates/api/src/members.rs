//! Who belongs to a tenant.

pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod update;

//! Where people log in instead of with a password.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod update;
mod view;

pub(crate) use view::IdentityProviderView;

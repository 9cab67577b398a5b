//! Apps of a tenant and their settings.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod restore;
pub(crate) mod show;
pub(crate) mod update;
mod view;

pub(crate) use view::{AppLimitsView, AppView};

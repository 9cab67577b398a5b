//! The operator's customers.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod list_members;
pub(crate) mod show;
pub(crate) mod stop;
pub(crate) mod update;
mod view;
pub(crate) mod view_as_client;

pub(crate) use view::OperatorTenant;

//! What the operator sees and does on the whole platform.

mod app_view;
mod create_app;
mod list_apps;

pub(crate) use create_app::create_app;
pub(crate) use list_apps::list_apps;

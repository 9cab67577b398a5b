//! What the operator sees and does on the whole platform.

mod app_view;
pub(crate) mod create_app;
pub(crate) mod list_apps;

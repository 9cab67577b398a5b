//! People who may not join an app.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
mod view;

pub(crate) use view::BanView;

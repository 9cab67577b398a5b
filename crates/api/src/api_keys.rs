//! Keys with which the back end of an app calls this API.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
mod view;

pub(crate) use view::ApiKeyView;

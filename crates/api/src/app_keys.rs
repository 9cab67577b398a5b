//! Keys that sign the join tokens of an app.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod reveal_secret;
pub(crate) mod revoke;
pub(crate) mod rotate;
mod view;

pub(crate) use view::{AppKeyView, NewAppKeyView};

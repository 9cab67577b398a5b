//! Targets for streams that an app has stored, so that whoever starts one needs no key.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod update;
mod view;

pub(crate) use view::StoredTargetView;

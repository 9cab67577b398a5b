//! Choices for the whole platform, and what the running server was started with.

pub(crate) mod show;
pub(crate) mod test_mail;
pub(crate) mod update;
mod view;

//! Where recordings of an app lie: the storage of the platform, or a bucket of its own.

pub(crate) mod check;
pub(crate) mod remove;
pub(crate) mod settings;
pub(crate) mod show;
pub(crate) mod update;

//! Where recordings of apps lie that have no storage of their own: the folder of the server, or a
//! bucket.

pub(crate) mod check;
pub(crate) mod remove;
pub(crate) mod show;
pub(crate) mod update;

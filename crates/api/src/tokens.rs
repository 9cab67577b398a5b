//! Join tokens that the server signs for those who hold a key of the app anyway.

pub(crate) mod check;
pub(crate) mod create;

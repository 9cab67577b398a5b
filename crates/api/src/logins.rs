//! Logging in and out.

pub(crate) mod first_login;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod me;

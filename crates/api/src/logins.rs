//! Logging in and out.

mod first_login;
mod login;
mod logout;
mod me;

pub(crate) use first_login::first_login;
pub(crate) use login::login;
pub(crate) use logout::logout;
pub(crate) use me::me;

//! What somebody who is logged in does with their own login.

pub(crate) mod change_password;
pub(crate) mod confirm_identity;
pub(crate) mod password_reset;
pub(crate) mod second_factor;
pub(crate) mod sessions;
pub(crate) mod update;

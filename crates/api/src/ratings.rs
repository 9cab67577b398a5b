//! What participants say of a call.

mod create;

pub(crate) use create::create;

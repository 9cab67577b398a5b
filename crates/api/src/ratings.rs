//! What participants thought of a call.

pub(crate) mod create;

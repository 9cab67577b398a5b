//! The platform as everybody may see it.

pub(crate) mod show;

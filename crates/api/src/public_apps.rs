//! Apps as everybody may see them.

pub(crate) mod show;

//! Apps as everybody may see them.

pub(crate) mod show;
pub(crate) mod show_domain;

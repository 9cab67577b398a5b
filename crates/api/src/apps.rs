//! Apps as everybody may see them.

mod show;

pub(crate) use show::show;

//! Who changed what.

pub(crate) mod list;
mod view;

pub(crate) use view::{AuditEventView, AuditParameters, AuditQuery};

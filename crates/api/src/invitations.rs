//! Links that make somebody a member of a tenant.

pub(crate) mod accept;
pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod resend;
pub(crate) mod show_link;
mod view;

pub(crate) use view::{InvitationView, SentInvitation};

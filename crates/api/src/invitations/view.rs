//! An invitation as the tenant sees it.

use jumpa_db::{Invitation, LinkToken};
use jumpa_protocol::{InvitationId, Language, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{api_state::ApiState, mails, time::rfc3339};

/// An invitation that was neither accepted nor cancelled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(crate) struct InvitationView {
    id: InvitationId,
    #[schema(example = "rina@melati.example")]
    email: String,
    role: Role,
    /// The language of its mail.
    language: Language,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    created_at: String,
    /// Until when it can be accepted; after that it can be sent again.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email,
            role: invitation.role,
            language: invitation.language,
            created_at: rfc3339(invitation.created_at),
            expires_at: rfc3339(invitation.expires_at),
        }
    }
}

/// An invitation that was just sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SentInvitation {
    invitation: InvitationView,
    /// The link of the mail, where this server sends none: hand it over yourself. Shown here and
    /// never again; null where the mail is on its way.
    #[schema(
        required,
        example = "https://call.example/dashboard/invitation?token=0fJ3kQm9TzX2rYb7LhWc"
    )]
    link: Option<String>,
}

impl SentInvitation {
    pub(crate) fn new(invitation: Invitation, state: &ApiState, token: &LinkToken) -> Self {
        let link = mails::invitation_link(&state.config.link_base, token);
        Self {
            invitation: invitation.into(),
            link: Some(link).filter(|_| state.config.mailer.is_none()),
        }
    }
}

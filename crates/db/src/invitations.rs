//! Links that make somebody a member of a tenant.

use std::time::Duration;

use jumpa_protocol::{InvitationId, Language, Role, TenantId, UserId};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    ActorKind, Author, Database, DbError, LinkToken, LoginScope, NewUser, OutgoingMail,
    TenantScope, Timestamp, User, audit::Act, logins::insert_user, mail_outbox::queue_mail,
    master_key::token_hash, memberships::insert_membership, statement::sql,
    transaction::Transaction,
};

/// How long an invitation can be accepted.
pub const INVITATION_LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Invitation {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: InvitationId,
    /// Whom it was sent to, in lower case.
    pub email: String,
    /// What they become.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// The language of its mail.
    #[sqlx(try_from = "String")]
    pub language: Language,
    /// When it was sent first.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// An invitation to be sent.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// To whom.
    pub email: String,
    /// What they become.
    pub role: Role,
    /// The language of its mail.
    pub language: Language,
}

/// An invitation as its link shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvitation {
    /// The tenant that invites.
    pub tenant_id: TenantId,
    /// Its name.
    pub tenant_name: String,
    /// The invitation.
    pub invitation: Invitation,
    /// Whether its address has a login already.
    pub has_login: bool,
}

#[derive(FromRow)]
struct InvitationByLink {
    #[sqlx(try_from = "Uuid")]
    tenant_id: TenantId,
    tenant_name: String,
    user_id: Option<Uuid>,
    #[sqlx(flatten)]
    invitation: Invitation,
}

/// Who accepts an invitation.
pub enum Invitee {
    /// Somebody new; the address is that of the invitation.
    New {
        /// The name that people read.
        name: String,
        /// PHC string of the password.
        password_hash: String,
    },
    /// Somebody who is logged in.
    LoggedIn(UserId),
}

impl TenantScope<'_> {
    /// Invites somebody; an open invitation of the same address is replaced.
    ///
    /// # Errors
    /// [`DbError::AlreadyMember`], [`DbError::Query`].
    pub async fn invite(
        &self,
        new: &NewInvitation,
        token: &LinkToken,
        mail: &OutgoingMail,
        by: &Author,
        now: Timestamp,
    ) -> Result<Invitation, DbError> {
        let mut change = self.begin().await?;
        let member: Option<(Uuid,)> = sql("SELECT users.id FROM users JOIN memberships \
             ON memberships.user_id = users.id AND memberships.tenant_id = $1 \
             WHERE users.email = $2")
        .bind(self.tenant_id())
        .bind(new.email.to_lowercase())
        .fetch_optional(&mut change)
        .await?;
        if member.is_some() {
            return Err(DbError::AlreadyMember);
        }
        sql("UPDATE invitations SET cancelled_at = $3 WHERE tenant_id = $1 AND email = $2 \
             AND accepted_at IS NULL AND cancelled_at IS NULL")
        .bind(self.tenant_id())
        .bind(new.email.to_lowercase())
        .bind(now)
        .execute(&mut change)
        .await?;
        let tenant_id = self.tenant_id();
        let invitation =
            insert_invitation(&mut change, self.database(), tenant_id, new, token, mail, by, now)
                .await?;
        change.commit().await?;
        Ok(invitation)
    }

    /// At most `limit` invitations that were neither accepted nor cancelled, the newest first,
    /// after the given one. Those that are too old are among them: they can be sent again.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn invitations(
        &self,
        after: Option<&(Timestamp, InvitationId)>,
        limit: u32,
    ) -> Result<Vec<Invitation>, DbError> {
        let newest = (Timestamp::from_micros(i64::MAX), InvitationId::from_uuid(Uuid::nil()));
        let (created_at, id) = after.copied().unwrap_or(newest);
        sql("SELECT * FROM invitations WHERE tenant_id = $1 AND accepted_at IS NULL \
             AND cancelled_at IS NULL AND (created_at < $2 OR (created_at = $2 AND id < $3)) \
             ORDER BY created_at DESC, id DESC LIMIT $4")
        .bind(self.tenant_id())
        .bind(created_at)
        .bind(id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// One open invitation.
    ///
    /// # Errors
    /// [`DbError::InvitationUnknown`], [`DbError::Query`].
    pub async fn invitation(&self, id: InvitationId) -> Result<Invitation, DbError> {
        sql("SELECT * FROM invitations WHERE tenant_id = $1 AND id = $2 \
             AND accepted_at IS NULL AND cancelled_at IS NULL")
        .bind(self.tenant_id())
        .bind(id)
        .fetch_optional(self)
        .await?
        .ok_or(DbError::InvitationUnknown)
    }

    /// Sends an open invitation once more: with a new link, the old one is void.
    ///
    /// # Errors
    /// [`DbError::InvitationUnknown`], [`DbError::Query`].
    pub async fn resend_invitation(
        &self,
        id: InvitationId,
        token: &LinkToken,
        mail: &OutgoingMail,
        by: &Author,
        now: Timestamp,
    ) -> Result<Invitation, DbError> {
        let mut change = self.begin().await?;
        let invitation: Option<Invitation> = sql("UPDATE invitations \
             SET token_hash = $3, expires_at = $4 WHERE tenant_id = $1 AND id = $2 \
             AND accepted_at IS NULL AND cancelled_at IS NULL RETURNING *")
        .bind(self.tenant_id())
        .bind(id)
        .bind(token.hash())
        .bind(now + INVITATION_LIFETIME)
        .fetch_optional(&mut change)
        .await?;
        let invitation = invitation.ok_or(DbError::InvitationUnknown)?;
        queue_mail(&mut change, self.database(), mail, now).await?;
        Act::new("invitation.resent", self.tenant_id(), ("invitation", id))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(invitation)
    }

    /// Makes the link of an open invitation void.
    ///
    /// # Errors
    /// [`DbError::InvitationUnknown`], [`DbError::Query`].
    pub async fn cancel_invitation(
        &self,
        id: InvitationId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let done =
            sql("UPDATE invitations SET cancelled_at = $3 WHERE tenant_id = $1 AND id = $2 \
             AND accepted_at IS NULL AND cancelled_at IS NULL")
            .bind(self.tenant_id())
            .bind(id)
            .bind(now)
            .execute(&mut change)
            .await?;
        if done == 0 {
            return Err(DbError::InvitationUnknown);
        }
        Act::new("invitation.cancelled", self.tenant_id(), ("invitation", id))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }
}

impl LoginScope<'_> {
    /// The invitation of a link, while it can be accepted.
    ///
    /// # Errors
    /// [`DbError::OneTimeToken`] when it cannot, [`DbError::Query`].
    pub async fn invitation(&self, token: &str, now: Timestamp) -> Result<OpenInvitation, DbError> {
        let found: Option<InvitationByLink> = by_link(token, now).fetch_optional(self).await?;
        found.map(OpenInvitation::from).ok_or(DbError::OneTimeToken)
    }

    /// Makes somebody a member, and first a user when they are new; the link is used up.
    ///
    /// # Errors
    /// [`DbError::OneTimeToken`], [`DbError::EmailTaken`] when somebody new is known already and
    /// should log in, [`DbError::WrongInvitee`] when somebody else is logged in,
    /// [`DbError::Query`].
    pub async fn accept_invitation(
        &self,
        token: &str,
        invitee: &Invitee,
        by: &Author,
        now: Timestamp,
    ) -> Result<(User, TenantId), DbError> {
        let mut change = self.begin().await?;
        let found: Option<InvitationByLink> =
            by_link(token, now).fetch_optional(&mut change).await?;
        let InvitationByLink { tenant_id, invitation, .. } = found.ok_or(DbError::OneTimeToken)?;
        let used = sql("UPDATE invitations SET accepted_at = $3 WHERE tenant_id = $1 AND id = $2 \
             AND accepted_at IS NULL")
        .bind(tenant_id)
        .bind(invitation.id)
        .bind(now)
        .execute(&mut change)
        .await?;
        if used == 0 {
            return Err(DbError::OneTimeToken);
        }
        let user = match invitee {
            Invitee::New { name, password_hash } => {
                let new = NewUser {
                    email: invitation.email.clone(),
                    name: name.clone(),
                    password_hash: password_hash.clone(),
                    is_operator: false,
                };
                insert_user(&mut change, &new, invitation.language, now).await?
            }
            Invitee::LoggedIn(user_id) => {
                let user: User = sql("SELECT * FROM users WHERE id = $1")
                    .bind(*user_id)
                    .fetch_one(&mut change)
                    .await?;
                if user.email != invitation.email {
                    return Err(DbError::WrongInvitee);
                }
                user
            }
        };
        insert_membership(&mut change, tenant_id, user.id, invitation.role, now).await?;
        let by = Author {
            kind: ActorKind::User,
            id: Some(user.id.to_string()),
            name: user.email.clone(),
            ..by.clone()
        };
        Act::new("member.joined", tenant_id, ("user", user.id))
            .after(json!({ "role": invitation.role, "invitation_id": invitation.id }))
            .record(&mut change, &by, now)
            .await?;
        change.commit().await?;
        Ok((user, tenant_id))
    }
}

impl From<InvitationByLink> for OpenInvitation {
    fn from(found: InvitationByLink) -> Self {
        Self {
            tenant_id: found.tenant_id,
            tenant_name: found.tenant_name,
            invitation: found.invitation,
            has_login: found.user_id.is_some(),
        }
    }
}

fn by_link(token: &str, now: Timestamp) -> crate::statement::Statement {
    sql("SELECT invitations.*, tenants.name AS tenant_name, users.id AS user_id \
         FROM invitations JOIN tenants ON tenants.id = invitations.tenant_id \
         LEFT JOIN users ON users.email = invitations.email \
         WHERE invitations.token_hash = $1 AND invitations.expires_at > $2 \
         AND invitations.accepted_at IS NULL AND invitations.cancelled_at IS NULL \
         AND tenants.deleted_at IS NULL")
    .bind(token_hash(token))
    .bind(now)
}

#[expect(clippy::too_many_arguments, reason = "one place for two callers, each with its own scope")]
pub(crate) async fn insert_invitation(
    change: &mut Transaction,
    database: &Database,
    tenant_id: TenantId,
    new: &NewInvitation,
    token: &LinkToken,
    mail: &OutgoingMail,
    by: &Author,
    now: Timestamp,
) -> Result<Invitation, DbError> {
    let invitation = Invitation {
        id: InvitationId::generate(),
        email: new.email.to_lowercase(),
        role: new.role,
        language: new.language,
        created_at: now,
        expires_at: now + INVITATION_LIFETIME,
    };
    sql("INSERT INTO invitations (tenant_id, id, email, role, language, token_hash, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(tenant_id)
    .bind(invitation.id)
    .bind(&invitation.email)
    .bind(invitation.role)
    .bind(invitation.language)
    .bind(token.hash())
    .bind(invitation.created_at)
    .bind(invitation.expires_at)
    .execute(change)
    .await?;
    queue_mail(change, database, mail, now).await?;
    Act::new("invitation.created", tenant_id, ("invitation", invitation.id))
        .after(json!({ "email": invitation.email, "role": invitation.role }))
        .record(change, by, now)
        .await?;
    Ok(invitation)
}

//! Who belongs to a tenant.

use jumpa_protocol::{Role, TenantId, TenantStatus, UserId};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, DbError, LoginScope, TenantScope, Timestamp, audit::Act, statement::sql,
    transaction::Transaction,
};

/// A tenant that somebody belongs to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Membership {
    /// The tenant.
    #[sqlx(try_from = "Uuid")]
    pub tenant_id: TenantId,
    /// Its name.
    pub tenant_name: String,
    /// Whether it may use the platform.
    #[sqlx(try_from = "String")]
    pub tenant_status: TenantStatus,
    /// IANA name of its zone.
    pub time_zone: String,
    /// What the person is to it.
    #[sqlx(try_from = "String")]
    pub role: Role,
}

/// Somebody who belongs to a tenant.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Member {
    /// The person.
    #[sqlx(try_from = "Uuid")]
    pub user_id: UserId,
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they are to the tenant.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
    /// Since when their login needs a code beside the password.
    #[sqlx(rename = "totp_confirmed_at")]
    pub second_factor_since: Option<Timestamp>,
    /// When they last used a session that still runs, to a few minutes.
    pub last_seen_at: Option<Timestamp>,
}

/// Whose word it is that changes a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// An owner's: it may make and unmake owners.
    Owner,
    /// An admin's.
    Admin,
}

impl LoginScope<'_> {
    /// The tenants that somebody belongs to, by name. Deleted ones are left out.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn memberships(&self, user_id: UserId) -> Result<Vec<Membership>, DbError> {
        sql("SELECT tenants.id AS tenant_id, tenants.name AS tenant_name, \
             tenants.status AS tenant_status, tenants.time_zone, memberships.role \
             FROM memberships JOIN tenants ON tenants.id = memberships.tenant_id \
             WHERE memberships.user_id = $1 AND tenants.deleted_at IS NULL \
             ORDER BY tenants.search_name, tenants.id")
        .bind(user_id)
        .fetch_all(self)
        .await
    }
}

impl TenantScope<'_> {
    /// At most `limit` members, the oldest first, after the given one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn members(
        &self,
        after: Option<&(Timestamp, UserId)>,
        limit: u32,
    ) -> Result<Vec<Member>, DbError> {
        let oldest = (Timestamp::from_micros(i64::MIN), UserId::from_uuid(Uuid::nil()));
        let (created_at, user_id) = after.copied().unwrap_or(oldest);
        sql("SELECT memberships.user_id, users.email, users.name, memberships.role, \
             memberships.created_at, users.totp_confirmed_at, \
             (SELECT MAX(sessions.last_seen_at) FROM sessions \
             WHERE sessions.user_id = users.id) AS last_seen_at \
             FROM memberships JOIN users ON users.id = memberships.user_id \
             WHERE memberships.tenant_id = $1 AND (memberships.created_at > $2 \
             OR (memberships.created_at = $2 AND memberships.user_id > $3)) \
             ORDER BY memberships.created_at, memberships.user_id LIMIT $4")
        .bind(self.tenant_id())
        .bind(created_at)
        .bind(user_id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// One member.
    ///
    /// # Errors
    /// [`DbError::MemberUnknown`], [`DbError::Query`].
    pub async fn member(&self, user_id: UserId) -> Result<Member, DbError> {
        sql("SELECT memberships.user_id, users.email, users.name, memberships.role, \
             memberships.created_at, users.totp_confirmed_at, \
             (SELECT MAX(sessions.last_seen_at) FROM sessions \
             WHERE sessions.user_id = users.id) AS last_seen_at \
             FROM memberships JOIN users ON users.id = memberships.user_id \
             WHERE memberships.tenant_id = $1 AND memberships.user_id = $2")
        .bind(self.tenant_id())
        .bind(user_id)
        .fetch_optional(self)
        .await?
        .ok_or(DbError::MemberUnknown)
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// [`DbError::MemberUnknown`], [`DbError::OwnersOnly`] when an admin makes or unmakes an owner,
    /// [`DbError::LastOwner`], [`DbError::Query`].
    pub async fn change_role(
        &self,
        user_id: UserId,
        role: Role,
        authority: Authority,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let before = self.change_allowed(&mut change, user_id, Some(role), authority).await?;
        sql("UPDATE memberships SET role = $3 WHERE tenant_id = $1 AND user_id = $2")
            .bind(self.tenant_id())
            .bind(user_id)
            .bind(role)
            .execute(&mut change)
            .await?;
        Act::new("member.role_changed", self.tenant_id(), ("user", user_id))
            .before(json!({ "role": before }))
            .after(json!({ "role": role }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }

    /// Removes a member. The person keeps their login and their other tenants.
    ///
    /// # Errors
    /// As [`Self::change_role`].
    pub async fn remove_member(
        &self,
        user_id: UserId,
        authority: Authority,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let before = self.change_allowed(&mut change, user_id, None, authority).await?;
        sql("DELETE FROM memberships WHERE tenant_id = $1 AND user_id = $2")
            .bind(self.tenant_id())
            .bind(user_id)
            .execute(&mut change)
            .await?;
        Act::new("member.removed", self.tenant_id(), ("user", user_id))
            .before(json!({ "role": before }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }

    /// The role that a member has, when it may become `wanted` (`None`: none). Locked, so that two
    /// owners cannot remove each other at once.
    async fn change_allowed(
        &self,
        change: &mut Transaction,
        user_id: UserId,
        wanted: Option<Role>,
        authority: Authority,
    ) -> Result<Role, DbError> {
        change.lock("owners").await?;
        let role: Option<(String,)> =
            sql("SELECT role FROM memberships WHERE tenant_id = $1 AND user_id = $2")
                .bind(self.tenant_id())
                .bind(user_id)
                .fetch_optional(&mut *change)
                .await?;
        let (role,) = role.ok_or(DbError::MemberUnknown)?;
        let role: Role = role.parse().map_err(|_| DbError::Damaged("role"))?;
        let concerns_owners = role == Role::Owner || wanted == Some(Role::Owner);
        if concerns_owners && authority != Authority::Owner {
            return Err(DbError::OwnersOnly);
        }
        if role == Role::Owner && wanted != Some(Role::Owner) {
            let (owners,): (i64,) =
                sql("SELECT COUNT(*) FROM memberships WHERE tenant_id = $1 AND role = 'owner'")
                    .bind(self.tenant_id())
                    .fetch_one(change)
                    .await?;
            if owners < 2 {
                return Err(DbError::LastOwner);
            }
        }
        Ok(role)
    }
}

/// Makes somebody a member. Who is one already keeps their role.
pub(crate) async fn insert_membership(
    change: &mut Transaction,
    tenant_id: TenantId,
    user_id: UserId,
    role: Role,
    now: Timestamp,
) -> Result<(), DbError> {
    sql("INSERT INTO memberships (tenant_id, user_id, role, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tenant_id, user_id) DO NOTHING")
    .bind(tenant_id)
    .bind(user_id)
    .bind(role)
    .bind(now)
    .execute(change)
    .await?;
    Ok(())
}

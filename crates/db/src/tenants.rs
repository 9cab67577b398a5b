//! Organisations.

use std::time::Duration;

use jumpa_protocol::{TenantId, TenantStatus};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    App, Author, DbError, Invitation, LinkToken, NewApp, NewAppKey, NewInvitation, OperatorScope,
    OutgoingMail, TenantScope, Timestamp,
    app_keys::insert_key,
    apps::{insert_app, note_directory_change},
    audit::Act,
    invitations::insert_invitation,
    statement::sql,
    transaction::Transaction,
};

/// The name of the tenant that a fresh installation starts with.
const FIRST_TENANT_NAME: &str = "My organisation";

/// How long a deleted tenant can be restored.
pub const DELETION_GRACE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The operator's customer.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Tenant {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: TenantId,
    /// The name that people read.
    pub name: String,
    /// Whether it may use the platform.
    #[sqlx(try_from = "String")]
    pub status: TenantStatus,
    /// IANA name of the zone that its days and months are counted in.
    pub time_zone: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted; for [`DELETION_GRACE`] it can be restored.
    pub deleted_at: Option<Timestamp>,
}

/// A tenant with what the operator wants to see beside it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TenantSummary {
    /// The tenant.
    #[sqlx(flatten)]
    pub tenant: Tenant,
    /// How many apps it has.
    pub apps: i64,
    /// How many people belong to it.
    pub members: i64,
}

/// Which tenants are looked for.
#[derive(Debug, Clone, Default)]
pub struct TenantFilter {
    /// A part of the name, without regard to case.
    pub search: String,
    /// Only those of this status.
    pub status: Option<TenantStatus>,
    /// Those that were deleted, instead of those that were not.
    pub is_deleted: bool,
}

/// A tenant to be made with all that it begins with.
#[derive(Debug, Clone)]
pub struct NewTenant {
    /// The name that people read.
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    /// Who shall own it, and the mail that tells them; the invitation is the tenant's first.
    pub owner: Option<NewInvitation>,
    /// An app to begin with.
    pub app: Option<NewApp>,
}

/// What was made.
#[derive(Debug)]
pub struct CreatedTenant {
    /// The tenant.
    pub tenant: Tenant,
    /// The invitation of its owner.
    pub invitation: Option<Invitation>,
    /// Its first app with its first signing key.
    pub app: Option<(App, NewAppKey)>,
}

/// What changes of a tenant; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct TenantChange {
    /// The name that people read.
    pub name: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
}

/// The columns of [`TenantSummary`] from `tenants`.
macro_rules! summary {
    ($rest:literal) => {
        sql(concat!(
            "SELECT tenants.*, \
             (SELECT COUNT(*) FROM apps WHERE apps.tenant_id = tenants.id \
             AND apps.deleted_at IS NULL) AS apps, \
             (SELECT COUNT(*) FROM memberships WHERE memberships.tenant_id = tenants.id) \
             AS members FROM tenants ",
            $rest
        ))
    };
}

impl OperatorScope<'_> {
    /// Adds a tenant without owner and apps.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn create_tenant(&self, name: &str, now: Timestamp) -> Result<TenantId, DbError> {
        let mut change = self.begin().await?;
        let tenant = insert_tenant(&mut change, name, "UTC", now).await?;
        change.commit().await?;
        Ok(tenant.id)
    }

    /// Adds a tenant, invites its owner and makes its first app, all or nothing. `compose` writes
    /// the mail to the owner, once the tenant has its id.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn found_tenant(
        &self,
        new: &NewTenant,
        token: &LinkToken,
        compose: &(dyn Fn(TenantId) -> OutgoingMail + Send + Sync),
        by: &Author,
        now: Timestamp,
    ) -> Result<CreatedTenant, DbError> {
        let mut change = self.begin().await?;
        let tenant = insert_tenant(&mut change, &new.name, &new.time_zone, now).await?;
        Act::new("tenant.created", tenant.id, ("tenant", tenant.id))
            .after(json!({ "name": tenant.name, "time_zone": tenant.time_zone }))
            .record(&mut change, by, now)
            .await?;
        let invitation = match &new.owner {
            Some(owner) => {
                let mail = compose(tenant.id);
                let database = self.database();
                Some(
                    insert_invitation(
                        &mut change,
                        database,
                        tenant.id,
                        owner,
                        token,
                        &mail,
                        by,
                        now,
                    )
                    .await?,
                )
            }
            None => None,
        };
        let app = match &new.app {
            Some(new) => {
                let app = insert_app(&mut change, tenant.id, new, by, now).await?;
                let key =
                    insert_key(&mut change, self.database(), tenant.id, &app.id, by, now).await?;
                Some((app, key))
            }
            None => None,
        };
        change.commit().await?;
        Ok(CreatedTenant { tenant, invitation, app })
    }

    /// The oldest tenant, which owns apps that name no other. The first call makes it.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn first_tenant(&self, now: Timestamp) -> Result<TenantId, DbError> {
        let mut change = self.begin().await?;
        change.lock("first tenant").await?;
        let oldest: Option<(Uuid,)> =
            sql("SELECT id FROM tenants WHERE deleted_at IS NULL ORDER BY created_at, id LIMIT 1")
                .fetch_optional(&mut change)
                .await?;
        let id = match oldest {
            Some((id,)) => TenantId::from_uuid(id),
            None => insert_tenant(&mut change, FIRST_TENANT_NAME, "UTC", now).await?.id,
        };
        change.commit().await?;
        Ok(id)
    }

    /// Every tenant, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn tenants(&self) -> Result<Vec<Tenant>, DbError> {
        sql("SELECT * FROM tenants ORDER BY created_at, id").fetch_all(self).await
    }

    /// At most `limit` tenants, the newest first, after the given one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn tenants_after(
        &self,
        filter: &TenantFilter,
        after: Option<&(Timestamp, TenantId)>,
        limit: u32,
    ) -> Result<Vec<TenantSummary>, DbError> {
        let newest = (Timestamp::from_micros(i64::MAX), TenantId::from_uuid(Uuid::nil()));
        let (created_at, id) = after.copied().unwrap_or(newest);
        summary!(
            "WHERE (created_at < $1 OR (created_at = $1 AND id < $2)) \
             AND search_name LIKE $3 ESCAPE '\\' AND ($4 IS NULL OR status = $4) \
             AND (deleted_at IS NOT NULL) = $5 ORDER BY created_at DESC, id DESC LIMIT $6"
        )
        .bind(created_at)
        .bind(id)
        .bind(containing(&filter.search))
        .bind(filter.status)
        .bind(filter.is_deleted)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// One tenant, deleted or not.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn tenant(&self, id: TenantId) -> Result<Option<TenantSummary>, DbError> {
        summary!("WHERE id = $1").bind(id).fetch_optional(self).await
    }

    /// Changes a tenant's name and zone.
    ///
    /// # Errors
    /// [`DbError::TenantUnknown`], [`DbError::Query`].
    pub async fn change_tenant(
        &self,
        id: TenantId,
        wanted: &TenantChange,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        update_tenant(&mut change, id, wanted, by, now).await?;
        change.commit().await
    }

    /// Stops a tenant's apps from taking joins, or lets them take joins again. One that has the
    /// status already keeps it.
    ///
    /// # Errors
    /// [`DbError::TenantUnknown`], [`DbError::Query`].
    pub async fn set_tenant_status(
        &self,
        id: TenantId,
        status: TenantStatus,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let tenant = tenant_in(&mut change, id).await?;
        if tenant.status != status {
            sql("UPDATE tenants SET status = $2 WHERE id = $1")
                .bind(id)
                .bind(status)
                .execute(&mut change)
                .await?;
            let action = match status {
                TenantStatus::Suspended => "tenant.suspended",
                TenantStatus::Active => "tenant.resumed",
            };
            Act::new(action, id, ("tenant", id))
                .before(json!({ "status": tenant.status }))
                .after(json!({ "status": status }))
                .record(&mut change, by, now)
                .await?;
            note_directory_change(&mut change).await?;
        }
        change.commit().await
    }

    /// Deletes a tenant: it is gone for everybody at once, and can be restored for
    /// [`DELETION_GRACE`].
    ///
    /// # Errors
    /// [`DbError::TenantUnknown`], [`DbError::Query`].
    pub async fn delete_tenant(
        &self,
        id: TenantId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let tenant = tenant_in(&mut change, id).await?;
        sql("UPDATE tenants SET deleted_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now)
            .execute(&mut change)
            .await?;
        Act::new("tenant.deleted", id, ("tenant", id))
            .before(json!({ "name": tenant.name }))
            .record(&mut change, by, now)
            .await?;
        note_directory_change(&mut change).await?;
        change.commit().await
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// [`DbError::TenantUnknown`] when there is none, it is not deleted or the grace is over,
    /// [`DbError::Query`].
    pub async fn restore_tenant(
        &self,
        id: TenantId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let grace = i64::try_from(DELETION_GRACE.as_micros()).unwrap_or(i64::MAX);
        let oldest = Timestamp::from_micros(now.as_micros() - grace);
        let done = sql("UPDATE tenants SET deleted_at = NULL WHERE id = $1 AND deleted_at > $2")
            .bind(id)
            .bind(oldest)
            .execute(&mut change)
            .await?;
        if done == 0 {
            return Err(DbError::TenantUnknown);
        }
        Act::new("tenant.restored", id, ("tenant", id)).record(&mut change, by, now).await?;
        note_directory_change(&mut change).await?;
        change.commit().await
    }
}

impl TenantScope<'_> {
    /// The tenant itself.
    ///
    /// # Errors
    /// [`DbError::TenantUnknown`] when it was deleted, [`DbError::Query`].
    pub async fn tenant(&self) -> Result<Tenant, DbError> {
        sql("SELECT * FROM tenants WHERE id = $1 AND deleted_at IS NULL")
            .bind(self.tenant_id())
            .fetch_optional(self)
            .await?
            .ok_or(DbError::TenantUnknown)
    }

    /// Changes its name and zone.
    ///
    /// # Errors
    /// [`DbError::TenantUnknown`], [`DbError::Query`].
    pub async fn change_tenant(
        &self,
        wanted: &TenantChange,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        update_tenant(&mut change, self.tenant_id(), wanted, by, now).await?;
        change.commit().await
    }
}

/// A pattern for `LIKE … ESCAPE '\'` that finds a text anywhere, in lower case.
pub(crate) fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

async fn insert_tenant(
    change: &mut Transaction,
    name: &str,
    time_zone: &str,
    now: Timestamp,
) -> Result<Tenant, DbError> {
    let tenant = Tenant {
        id: TenantId::generate(),
        name: name.to_owned(),
        status: TenantStatus::Active,
        time_zone: time_zone.to_owned(),
        created_at: now,
        deleted_at: None,
    };
    sql("INSERT INTO tenants (id, name, search_name, status, time_zone, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(tenant.id)
    .bind(name)
    .bind(name.to_lowercase())
    .bind(tenant.status)
    .bind(time_zone)
    .bind(now)
    .execute(change)
    .await?;
    Ok(tenant)
}

async fn tenant_in(change: &mut Transaction, id: TenantId) -> Result<Tenant, DbError> {
    sql("SELECT * FROM tenants WHERE id = $1 AND deleted_at IS NULL")
        .bind(id)
        .fetch_optional(change)
        .await?
        .ok_or(DbError::TenantUnknown)
}

async fn update_tenant(
    change: &mut Transaction,
    id: TenantId,
    wanted: &TenantChange,
    by: &Author,
    now: Timestamp,
) -> Result<(), DbError> {
    let tenant = tenant_in(change, id).await?;
    let name = wanted.name.as_ref().unwrap_or(&tenant.name);
    let time_zone = wanted.time_zone.as_ref().unwrap_or(&tenant.time_zone);
    sql("UPDATE tenants SET name = $2, search_name = $3, time_zone = $4 WHERE id = $1")
        .bind(id)
        .bind(name)
        .bind(name.to_lowercase())
        .bind(time_zone)
        .execute(change)
        .await?;
    Act::new("tenant.changed", id, ("tenant", id))
        .before(json!({ "name": tenant.name, "time_zone": tenant.time_zone }))
        .after(json!({ "name": name, "time_zone": time_zone }))
        .record(change, by, now)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_taken_by_the_letter() {
        assert_eq!(containing("100%_Sehat"), r"%100\%\_sehat%");
    }
}

//! Apps of a tenant.

use std::time::Duration;

use jumpa_protocol::{
    AppId, Branding, Origin, TenantId,
    directory::{AppEntry, Environment, Features, GuestPolicy},
    limits,
    recording::{AutoRecord, RecordingPolicy},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Author, DbError, OperatorScope, TenantScope, Timestamp,
    audit::{Act, differences},
    random_text::{READABLE, random_text},
    statement::sql,
    transaction::Transaction,
};

/// How long a deleted app can be restored; afterwards its keys and settings are erased. The row
/// stays, since past calls and invoices name it.
pub const APP_DELETION_GRACE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Most apps of a tenant. The directory of the node holds all apps of all tenants in memory.
pub const MAX_APPS: u32 = 200;

/// Random characters at the end of an app id: 24 million values for each name.
const APP_ID_SUFFIX_LEN: usize = 5;

/// Most characters of an app id that come from its name.
const APP_ID_SLUG_LEN: usize = 40;

/// One product of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct App {
    /// Its public id.
    #[sqlx(try_from = "String")]
    pub id: AppId,
    /// The tenant that owns it.
    #[sqlx(try_from = "uuid::Uuid")]
    pub tenant_id: TenantId,
    /// Whether the first start made it to try calls.
    pub is_demo: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted; for [`APP_DELETION_GRACE`] it can be restored.
    pub deleted_at: Option<Timestamp>,
    /// What can be changed.
    #[sqlx(flatten)]
    pub settings: AppSettings,
}

/// What can be changed of an app. The names are those of the API and stand in the audit.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct AppSettings {
    /// The name that people read.
    pub name: String,
    /// Whether it is tried out or in earnest.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// A disabled app takes no joins.
    pub is_disabled: bool,
    /// What people without a token may do.
    #[sqlx(try_from = "String")]
    pub guests: GuestPolicy,
    /// Whether a token may name every room with `*`.
    pub allows_any_room: bool,
    /// Whether a token with a `jti` may join only once.
    pub one_time_tokens: bool,
    /// Whether people stay in their call when the app is disabled or their key is revoked.
    pub keeps_running_calls: bool,
    /// Whether tokens may come without a key id, as those of Jitsi's own server do.
    pub takes_tokens_without_key_id: bool,
    /// Pages that may embed its calls.
    #[sqlx(json)]
    pub origins: Vec<Origin>,
    /// What its calls offer.
    #[sqlx(json)]
    pub features: Features,
    /// How every call is recorded.
    #[sqlx(json(nullable))]
    pub auto_record: Option<AutoRecord>,
    /// Whether there is no call without a recording.
    pub recording_required: bool,
    /// How its pages look.
    #[sqlx(json)]
    pub branding: Branding,
    /// How much it may use.
    #[sqlx(flatten)]
    pub limits: AppLimits,
}

/// How much an app may use; `None` is without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow, Serialize, Deserialize)]
#[serde(default)]
pub struct AppLimits {
    /// Most participants in one call, at least 1.
    #[sqlx(try_from = "i64")]
    pub max_participants: u32,
    /// Most calls at a time, at least 1.
    pub max_calls: Option<i64>,
    /// Most minutes of all participants together in a month of the tenant's time zone.
    pub minutes_per_month: Option<i64>,
    /// Most recordings at a time.
    pub recordings_at_once: Option<i64>,
    /// Most bytes of recordings that are kept.
    pub storage_bytes: Option<i64>,
    /// How long calls and recordings are kept, days, at least 1.
    pub retention_days: Option<i64>,
}

impl Default for AppLimits {
    fn default() -> Self {
        Self {
            max_participants: limits::DEFAULT_MAX_PARTICIPANTS,
            max_calls: None,
            minutes_per_month: None,
            recordings_at_once: None,
            storage_bytes: None,
            retention_days: None,
        }
    }
}

impl AppSettings {
    /// The settings that hold when nothing else was chosen: tokens needed, one room per token,
    /// the default size.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            environment: Environment::Production,
            is_disabled: false,
            guests: GuestPolicy::Refused,
            allows_any_room: false,
            one_time_tokens: false,
            keeps_running_calls: false,
            takes_tokens_without_key_id: false,
            origins: vec![],
            features: Features::default(),
            auto_record: None,
            recording_required: false,
            branding: Branding::default(),
            limits: AppLimits::default(),
        }
    }
}

impl App {
    pub(crate) fn to_entry(&self) -> AppEntry {
        let settings = &self.settings;
        AppEntry {
            is_disabled: settings.is_disabled || self.deleted_at.is_some(),
            environment: settings.environment,
            guests: settings.guests,
            allows_any_room: settings.allows_any_room,
            one_time_tokens: settings.one_time_tokens,
            keeps_running_calls: settings.keeps_running_calls,
            max_participants: settings.limits.max_participants,
            max_calls: settings
                .limits
                .max_calls
                .map(|most| u32::try_from(most).unwrap_or(u32::MAX)),
            origins: settings.origins.clone(),
            features: settings.features,
            recording: RecordingPolicy {
                auto_record: settings.auto_record.clone(),
                is_required: settings.recording_required,
            },
            branding: settings.branding.clone().into(),
            ..AppEntry::new(self.tenant_id, settings.name.clone())
        }
    }

    /// When what is left of a deleted app is erased.
    #[must_use]
    pub fn purge_at(&self) -> Option<Timestamp> {
        self.deleted_at.map(|at| at + APP_DELETION_GRACE)
    }
}

/// An app to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApp {
    /// Whether it is the app of the first start.
    pub is_demo: bool,
    /// How it begins; its id is made from the name.
    pub settings: AppSettings,
}

impl NewApp {
    /// An app with [`AppSettings::named`].
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        AppSettings::named(name).into()
    }
}

impl From<AppSettings> for NewApp {
    fn from(settings: AppSettings) -> Self {
        Self { is_demo: false, settings }
    }
}

impl TenantScope<'_> {
    /// Adds an app. Its id is made of its name and five random characters.
    ///
    /// # Errors
    /// [`DbError::TooMany`] beyond [`MAX_APPS`], [`DbError::Query`].
    pub async fn create_app(
        &self,
        new: &NewApp,
        by: &Author,
        now: Timestamp,
    ) -> Result<App, DbError> {
        let mut change = self.begin().await?;
        change.lock("number of apps").await?;
        let (count,): (i64,) =
            sql("SELECT COUNT(*) FROM apps WHERE tenant_id = $1 AND purged_at IS NULL")
                .bind(self.tenant_id())
                .fetch_one(&mut change)
                .await?;
        if count >= i64::from(MAX_APPS) {
            return Err(DbError::TooMany("apps"));
        }
        let app = insert_app(&mut change, self.tenant_id(), new, by, now).await?;
        change.commit().await?;
        Ok(app)
    }

    /// Every app of the tenant that was not deleted, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn apps(&self) -> Result<Vec<App>, DbError> {
        self.apps_after(false, None, MAX_APPS).await
    }

    /// At most `limit` apps of the tenant, the oldest first, after the given one: those that were
    /// deleted and can be restored, or those that were not.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn apps_after(
        &self,
        is_deleted: bool,
        after: Option<&(Timestamp, AppId)>,
        limit: u32,
    ) -> Result<Vec<App>, DbError> {
        let (created_at, id) = place(after);
        sql("SELECT * FROM apps WHERE tenant_id = $1 AND (deleted_at IS NOT NULL) = $2 \
             AND purged_at IS NULL AND (created_at > $3 OR (created_at = $3 AND id > $4)) \
             ORDER BY created_at, id LIMIT $5")
        .bind(self.tenant_id())
        .bind(is_deleted)
        .bind(created_at)
        .bind(id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// One app of the tenant; one that was deleted too, while it can be restored.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn app(&self, app_id: &AppId) -> Result<Option<App>, DbError> {
        sql("SELECT * FROM apps WHERE tenant_id = $1 AND id = $2 AND purged_at IS NULL")
            .bind(self.tenant_id())
            .bind(app_id)
            .fetch_optional(self)
            .await
    }

    /// Changes what `edit` changes, and tells the audit just that.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`] when the tenant has no such app, or it was deleted;
    /// [`DbError::OwnDomainTaken`] when another app has its own domain, of whatever tenant and until
    /// it is erased; [`DbError::Query`].
    pub async fn change_app(
        &self,
        app_id: &AppId,
        edit: impl FnOnce(&mut AppSettings) + Send,
        by: &Author,
        now: Timestamp,
    ) -> Result<App, DbError> {
        let mut change = self.begin().await?;
        change.lock("settings of apps").await?;
        let mut app = app_in(&mut change, self.tenant_id(), app_id).await?;
        let before = app.settings.clone();
        edit(&mut app.settings);
        if app.settings == before {
            return Ok(app);
        }
        update_app(&mut change, &app).await?;
        let (before, after) = differences(&before, &app.settings);
        Act::new("app.changed", self.tenant_id(), ("app", app_id))
            .before(before)
            .after(after)
            .record(&mut change, by, now)
            .await?;
        note_directory_change(&mut change).await?;
        change.commit().await?;
        Ok(app)
    }

    /// Deletes an app: it takes no joins from now on, and can be restored for
    /// [`APP_DELETION_GRACE`].
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::Query`].
    pub async fn delete_app(
        &self,
        app_id: &AppId,
        by: &Author,
        now: Timestamp,
    ) -> Result<App, DbError> {
        let mut change = self.begin().await?;
        let app: Option<App> = sql("UPDATE apps SET deleted_at = $3 \
             WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING *")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(now)
        .fetch_optional(&mut change)
        .await?;
        let app = app.ok_or(DbError::AppUnknown)?;
        Act::new("app.deleted", self.tenant_id(), ("app", app_id))
            .before(json!({ "name": app.settings.name }))
            .record(&mut change, by, now)
            .await?;
        note_directory_change(&mut change).await?;
        change.commit().await?;
        Ok(app)
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`] when there is none, it is not deleted or the grace is over,
    /// [`DbError::Query`].
    pub async fn restore_app(
        &self,
        app_id: &AppId,
        by: &Author,
        now: Timestamp,
    ) -> Result<App, DbError> {
        let mut change = self.begin().await?;
        let app: Option<App> = sql("UPDATE apps SET deleted_at = NULL \
             WHERE tenant_id = $1 AND id = $2 AND deleted_at > $3 AND purged_at IS NULL RETURNING *")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(end_of_grace(now))
        .fetch_optional(&mut change)
        .await?;
        let app = app.ok_or(DbError::AppUnknown)?;
        Act::new("app.restored", self.tenant_id(), ("app", app_id))
            .record(&mut change, by, now)
            .await?;
        note_directory_change(&mut change).await?;
        change.commit().await?;
        Ok(app)
    }
}

impl OperatorScope<'_> {
    /// Every app of the platform that was not deleted, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn apps(&self) -> Result<Vec<App>, DbError> {
        sql("SELECT * FROM apps WHERE deleted_at IS NULL ORDER BY created_at, id")
            .fetch_all(self)
            .await
    }

    /// At most `limit` apps of the platform, or of one tenant, the oldest first, after the given
    /// one. Those that were deleted are left out.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn apps_after(
        &self,
        tenant_id: Option<TenantId>,
        after: Option<&(Timestamp, AppId)>,
        limit: u32,
    ) -> Result<Vec<App>, DbError> {
        let (created_at, id) = place(after);
        sql("SELECT * FROM apps WHERE deleted_at IS NULL AND ($1 IS NULL OR tenant_id = $1) \
             AND (created_at > $2 OR (created_at = $2 AND id > $3)) \
             ORDER BY created_at, id LIMIT $4")
        .bind(tenant_id)
        .bind(created_at)
        .bind(id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// The app with this public id, unless it was deleted.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn app(&self, app_id: &AppId) -> Result<Option<App>, DbError> {
        sql("SELECT * FROM apps WHERE id = $1 AND deleted_at IS NULL")
            .bind(app_id)
            .fetch_optional(self)
            .await
    }

    /// Erases keys, bans and looks of apps whose grace is over, and says how many apps there were.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn purge_apps(&self, now: Timestamp) -> Result<usize, DbError> {
        let mut change = self.begin().await?;
        let apps: Vec<App> = sql("UPDATE apps SET purged_at = $1, origins = $2, branding = $3 \
             WHERE deleted_at <= $4 AND purged_at IS NULL RETURNING *")
        .bind(now)
        .bind(json!([]))
        .bind(json!({}))
        .bind(end_of_grace(now))
        .fetch_all(&mut change)
        .await?;
        for App { id, tenant_id, .. } in &apps {
            for erase in [
                "DELETE FROM app_keys WHERE tenant_id = $1 AND app_id = $2",
                "DELETE FROM prepared_rooms WHERE tenant_id = $1 AND app_id = $2",
                "DELETE FROM api_keys WHERE tenant_id = $1 AND app_id = $2",
                "DELETE FROM stream_targets WHERE tenant_id = $1 AND app_id = $2",
                "DELETE FROM bans WHERE tenant_id = $1 AND app_id = $2",
                "DELETE FROM recording_slots WHERE tenant_id = $1 AND app_id = $2",
            ] {
                sql(erase).bind(*tenant_id).bind(id).execute(&mut change).await?;
            }
            Act::new("app.purged", *tenant_id, ("app", id))
                .record(&mut change, &Author::system(), now)
                .await?;
        }
        if !apps.is_empty() {
            note_directory_change(&mut change).await?;
        }
        change.commit().await?;
        Ok(apps.len())
    }
}

/// Adds an app as part of a change. Its id is made of its name and five random characters.
pub(crate) async fn insert_app(
    change: &mut Transaction,
    tenant_id: TenantId,
    new: &NewApp,
    by: &Author,
    now: Timestamp,
) -> Result<App, DbError> {
    let app = App {
        id: new_app_id(&new.settings.name)?,
        tenant_id,
        is_demo: new.is_demo,
        created_at: now,
        deleted_at: None,
        settings: new.settings.clone(),
    };
    // With what has no default; the update writes the rest.
    sql(
        "INSERT INTO apps (tenant_id, id, is_demo, created_at, name, is_disabled, allows_any_room, \
         one_time_tokens, keeps_running_calls, max_participants) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(app.tenant_id)
    .bind(&app.id)
    .bind(app.is_demo)
    .bind(app.created_at)
    .bind(&app.settings.name)
    .bind(app.settings.is_disabled)
    .bind(app.settings.allows_any_room)
    .bind(app.settings.one_time_tokens)
    .bind(app.settings.keeps_running_calls)
    .bind(app.settings.limits.max_participants)
    .execute(change)
    .await?;
    update_app(change, &app).await?;
    Act::new("app.created", tenant_id, ("app", &app.id))
        .after(json!({ "name": app.settings.name, "environment": app.settings.environment }))
        .record(change, by, now)
        .await?;
    note_directory_change(change).await?;
    Ok(app)
}

/// Writes the settings of an app as they are now.
async fn update_app(change: &mut Transaction, app: &App) -> Result<(), DbError> {
    let settings = &app.settings;
    sql("UPDATE apps SET name = $3, environment = $4, is_disabled = $5, guests = $6, \
         allows_any_room = $7, one_time_tokens = $8, keeps_running_calls = $9, \
         takes_tokens_without_key_id = $10, origins = $11, features = $12, branding = $13, \
         max_participants = $14, max_calls = $15, minutes_per_month = $16, \
         recordings_at_once = $17, storage_bytes = $18, retention_days = $19, auto_record = $20, \
         recording_required = $21 \
         WHERE tenant_id = $1 AND id = $2")
    .bind(app.tenant_id)
    .bind(&app.id)
    .bind(&settings.name)
    .bind(settings.environment)
    .bind(settings.is_disabled)
    .bind(settings.guests)
    .bind(settings.allows_any_room)
    .bind(settings.one_time_tokens)
    .bind(settings.keeps_running_calls)
    .bind(settings.takes_tokens_without_key_id)
    .bind(json!(settings.origins))
    .bind(json!(settings.features))
    .bind(json!(settings.branding))
    .bind(settings.limits.max_participants)
    .bind(settings.limits.max_calls)
    .bind(settings.limits.minutes_per_month)
    .bind(settings.limits.recordings_at_once)
    .bind(settings.limits.storage_bytes)
    .bind(settings.limits.retention_days)
    .bind(settings.auto_record.as_ref().map(|auto| json!(auto)))
    .bind(settings.recording_required)
    .execute(change)
    .await
    .map_err(|error| error.or_if_taken(DbError::OwnDomainTaken))?;
    Ok(())
}

async fn app_in(
    change: &mut Transaction,
    tenant_id: TenantId,
    app_id: &AppId,
) -> Result<App, DbError> {
    sql("SELECT * FROM apps WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL")
        .bind(tenant_id)
        .bind(app_id)
        .fetch_optional(change)
        .await?
        .ok_or(DbError::AppUnknown)
}

/// Apps that were deleted until then are beyond restoring.
fn end_of_grace(now: Timestamp) -> Timestamp {
    let grace = i64::try_from(APP_DELETION_GRACE.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(now.as_micros() - grace)
}

fn place(after: Option<&(Timestamp, AppId)>) -> (Timestamp, &str) {
    after.map_or((Timestamp::from_micros(i64::MIN), ""), |(at, app_id)| (*at, app_id.as_str()))
}

/// Tells the directory that apps, or what it knows of them, changed; part of the change itself.
pub(crate) async fn note_directory_change(change: &mut Transaction) -> Result<(), DbError> {
    sql("UPDATE directory_versions SET version = version + 1 WHERE id = 1").execute(change).await?;
    Ok(())
}

/// `klinik-sehat-k3x9q` for "Klinik Sehat".
fn new_app_id(name: &str) -> Result<AppId, DbError> {
    let text = format!("{}-{}", slug(name), random_text(READABLE, APP_ID_SUFFIX_LEN));
    text.parse().map_err(|_| DbError::Damaged("app id"))
}

/// The letters and digits of a name in lower case, with single hyphens for everything between;
/// `app` when nothing is left.
fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let slug: String = words.join("-").chars().take(APP_ID_SLUG_LEN).collect();
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "app".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_id_is_made_of_the_name() {
        let id = new_app_id("Klinik Sehat").expect("a valid id");
        assert!(id.as_str().starts_with("klinik-sehat-"), "{id}");
        assert_eq!(id.as_str().len(), "klinik-sehat-".len() + APP_ID_SUFFIX_LEN);
    }

    #[test]
    fn a_name_without_letters_still_gives_an_id() {
        assert_eq!(slug("¡…!"), "app");
    }

    #[test]
    fn a_long_name_is_cut() {
        let name = "toko ".repeat(40);
        assert!(slug(&name).len() <= APP_ID_SLUG_LEN);
        assert!(new_app_id(&name).is_ok());
    }
}

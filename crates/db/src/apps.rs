//! Apps of a tenant.

use jumpa_protocol::{
    AppId, TenantId,
    directory::{AppEntry, GuestPolicy},
    limits,
};
use sqlx::FromRow;

use crate::{
    DbError, OperatorScope, TenantScope, Timestamp,
    random_text::{READABLE, random_text},
    statement::sql,
    transaction::Transaction,
};

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
    /// The name that people read.
    pub name: String,
    /// Whether the first start made it to try calls.
    pub is_demo: bool,
    /// A disabled app takes no joins.
    pub is_disabled: bool,
    /// Whether people may join without a token.
    pub allows_guests: bool,
    /// Whether a token may name every room with `*`.
    pub allows_any_room: bool,
    /// Whether a token with a `jti` may join only once.
    pub one_time_tokens: bool,
    /// Whether people stay in their call when the app is disabled or their key is revoked.
    pub keeps_running_calls: bool,
    /// Most participants in one call.
    #[sqlx(try_from = "i64")]
    pub max_participants: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

impl App {
    pub(crate) fn to_entry(&self) -> AppEntry {
        AppEntry {
            is_disabled: self.is_disabled,
            guests: if self.allows_guests { GuestPolicy::Join } else { GuestPolicy::Refused },
            allows_any_room: self.allows_any_room,
            one_time_tokens: self.one_time_tokens,
            keeps_running_calls: self.keeps_running_calls,
            max_participants: self.max_participants,
            ..AppEntry::new(self.tenant_id, self.name.clone())
        }
    }
}

/// Settings of an app to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApp {
    /// The name that people read; the id is made from it.
    pub name: String,
    /// Whether it is the app of the first start.
    pub is_demo: bool,
    /// Whether people may join without a token.
    pub allows_guests: bool,
    /// Whether a token may name every room with `*`.
    pub allows_any_room: bool,
    /// Whether a token with a `jti` may join only once.
    pub one_time_tokens: bool,
    /// Whether people stay in their call when the app is disabled or their key is revoked.
    pub keeps_running_calls: bool,
    /// Most participants in one call, at least 1.
    pub max_participants: u32,
}

impl NewApp {
    /// An app with the settings that hold when nothing else was chosen: tokens needed, one room
    /// per token, the default size.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            is_demo: false,
            allows_guests: false,
            allows_any_room: false,
            one_time_tokens: false,
            keeps_running_calls: false,
            max_participants: limits::DEFAULT_MAX_PARTICIPANTS,
        }
    }
}

impl TenantScope<'_> {
    /// Adds an app. Its id is made of its name and five random characters.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn create_app(&self, new: &NewApp, now: Timestamp) -> Result<App, DbError> {
        let mut change = self.begin().await?;
        let app = insert_app(&mut change, self.tenant_id(), new, now).await?;
        change.commit().await?;
        Ok(app)
    }

    /// Every app of the tenant, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn apps(&self) -> Result<Vec<App>, DbError> {
        sql("SELECT * FROM apps WHERE tenant_id = $1 ORDER BY created_at, id")
            .bind(self.tenant_id())
            .fetch_all(self)
            .await
    }

    /// One app of the tenant.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn app(&self, app_id: &AppId) -> Result<Option<App>, DbError> {
        sql("SELECT * FROM apps WHERE tenant_id = $1 AND id = $2")
            .bind(self.tenant_id())
            .bind(app_id)
            .fetch_optional(self)
            .await
    }

    /// Stops an app from taking joins, or lets it take them again.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`] when the tenant has no such app, [`DbError::Query`].
    pub async fn set_app_disabled(&self, app_id: &AppId, is_disabled: bool) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let done = sql("UPDATE apps SET is_disabled = $3 WHERE tenant_id = $1 AND id = $2")
            .bind(self.tenant_id())
            .bind(app_id)
            .bind(is_disabled)
            .execute(&mut change)
            .await?;
        if done == 0 {
            return Err(DbError::AppUnknown);
        }
        note_directory_change(&mut change).await?;
        change.commit().await?;
        Ok(())
    }
}

impl OperatorScope<'_> {
    /// Every app of the platform, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn apps(&self) -> Result<Vec<App>, DbError> {
        sql("SELECT * FROM apps ORDER BY created_at, id").fetch_all(self).await
    }

    /// At most `limit` apps of the platform that come after the given one, the oldest first; from
    /// the beginning without one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn apps_after(
        &self,
        after: Option<&(Timestamp, AppId)>,
        limit: u32,
    ) -> Result<Vec<App>, DbError> {
        let (created_at, id) =
            after.map_or((i64::MIN, ""), |(at, app_id)| (at.as_micros(), app_id.as_str()));
        sql("SELECT * FROM apps WHERE created_at > $1 OR (created_at = $1 AND id > $2) \
             ORDER BY created_at, id LIMIT $3")
        .bind(created_at)
        .bind(id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// The app with this public id.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn app(&self, app_id: &AppId) -> Result<Option<App>, DbError> {
        sql("SELECT * FROM apps WHERE id = $1").bind(app_id).fetch_optional(self).await
    }
}

/// Adds an app as part of a change. Its id is made of its name and five random characters.
pub(crate) async fn insert_app(
    change: &mut Transaction,
    tenant_id: TenantId,
    new: &NewApp,
    now: Timestamp,
) -> Result<App, DbError> {
    let app = App {
        id: new_app_id(&new.name)?,
        tenant_id,
        name: new.name.clone(),
        is_demo: new.is_demo,
        is_disabled: false,
        allows_guests: new.allows_guests,
        allows_any_room: new.allows_any_room,
        one_time_tokens: new.one_time_tokens,
        keeps_running_calls: new.keeps_running_calls,
        max_participants: new.max_participants,
        created_at: now,
    };
    sql("INSERT INTO apps (tenant_id, id, name, is_demo, is_disabled, allows_guests, \
         allows_any_room, one_time_tokens, keeps_running_calls, max_participants, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(app.tenant_id.as_uuid())
    .bind(&app.id)
    .bind(&app.name)
    .bind(app.is_demo)
    .bind(app.is_disabled)
    .bind(app.allows_guests)
    .bind(app.allows_any_room)
    .bind(app.one_time_tokens)
    .bind(app.keeps_running_calls)
    .bind(app.max_participants)
    .bind(app.created_at)
    .execute(change)
    .await?;
    note_directory_change(change).await?;
    Ok(app)
}

/// Tells the directory that apps or keys changed; part of the change itself.
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

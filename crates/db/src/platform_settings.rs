//! What the operator chose for the whole platform.

use jumpa_protocol::{Language, directory::Environment};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{FromRow, types::Json};

use crate::{
    AppLimits, AppSettings, Author, Database, DbError, OperatorScope, Timestamp,
    audit::{Act, differences},
    statement::{On, sql},
};

/// How the platform names itself unless the operator chose a name.
const DEFAULT_NAME: &str = "Jumpa";

/// Choices that hold for the whole platform, from the moment on that they are stored. The names are
/// those of the API and stand in the audit. What was never chosen has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlatformSettings {
    /// How mails and dashboards name the platform.
    pub name: String,
    /// The language of people of whom nothing else is known.
    pub language: Language,
    /// Where people ask for help: an e-mail address.
    pub support_email: Option<String>,
    /// Where people ask for help: a page.
    pub support_url: Option<String>,
    /// What a new app is, unless whoever makes it says otherwise.
    pub new_app_environment: Environment,
    /// How much a new app on trial may use.
    pub trial_limits: AppLimits,
    /// How much a new app in production may use.
    pub production_limits: AppLimits,
}

impl Default for PlatformSettings {
    fn default() -> Self {
        Self {
            name: DEFAULT_NAME.to_owned(),
            language: Language::En,
            support_email: None,
            support_url: None,
            new_app_environment: Environment::Trial,
            trial_limits: AppLimits::default(),
            production_limits: AppLimits::default(),
        }
    }
}

impl PlatformSettings {
    /// How a new app begins; without an environment, in the one that was chosen for new apps.
    #[must_use]
    pub fn new_app(
        &self,
        name: impl Into<String>,
        environment: Option<Environment>,
    ) -> AppSettings {
        let environment = environment.unwrap_or(self.new_app_environment);
        let limits = match environment {
            Environment::Trial => self.trial_limits,
            Environment::Production => self.production_limits,
        };
        AppSettings { environment, limits, ..AppSettings::named(name) }
    }
}

#[derive(FromRow)]
struct SettingsRow {
    settings: Json<PlatformSettings>,
}

impl Database {
    /// The choices that hold now.
    ///
    /// # Errors
    /// [`DbError::Query`], [`DbError::Unavailable`].
    pub async fn platform_settings(&self) -> Result<PlatformSettings, DbError> {
        settings_in(&self.operator()).await
    }
}

impl OperatorScope<'_> {
    /// Changes the choices as `edit` says, or not at all where it refuses; what is as it was leaves
    /// no line in the audit.
    ///
    /// # Errors
    /// [`DbError::Query`]; within, what `edit` refused with.
    pub async fn change_platform_settings<E>(
        &self,
        edit: impl FnOnce(PlatformSettings) -> Result<PlatformSettings, E> + Send,
        by: &Author,
        now: Timestamp,
    ) -> Result<Result<PlatformSettings, E>, DbError> {
        let mut change = self.begin().await?;
        change.lock("platform settings").await?;
        let before = settings_in(&mut change).await?;
        let settings = match edit(before.clone()) {
            Ok(settings) if settings != before => settings,
            unchanged => return Ok(unchanged),
        };
        sql("INSERT INTO platform_settings (id, settings) VALUES (1, $1) \
             ON CONFLICT (id) DO UPDATE SET settings = excluded.settings")
        .bind(json!(settings))
        .execute(&mut change)
        .await?;
        let (before, after) = differences(&before, &settings);
        Act::new("settings.changed", None, ("settings", "platform"))
            .before(before)
            .after(after)
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(Ok(settings))
    }

    /// Notes that somebody tried the mail server.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_test_mail(
        &self,
        recipient: &str,
        is_sent: bool,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        Act::new("mail.tested", None, ("mail", recipient))
            .after(json!({ "is_sent": is_sent }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }
}

/// The choices, within a change.
pub(crate) async fn settings_in<'a>(on: impl Into<On<'a>>) -> Result<PlatformSettings, DbError> {
    let row: Option<SettingsRow> =
        sql("SELECT settings FROM platform_settings").fetch_optional(on).await?;
    Ok(row.map(|row| row.settings.0).unwrap_or_default())
}

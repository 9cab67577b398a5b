//! The choices as the operator sees them.

use jumpa_db::PlatformSettings;
use jumpa_protocol::{Language, directory::Environment};
use serde::Serialize;
use utoipa::ToSchema;

use crate::apps::AppLimitsView;

/// Choices that hold for the whole platform.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlatformSettings)]
pub(crate) struct PlatformSettingsView {
    /// How mails and dashboards name the platform.
    #[schema(example = "Jumpa")]
    name: String,
    /// The language of people of whom nothing else is known.
    language: Language,
    /// Where people ask for help.
    #[schema(required, example = "bantuan@call.example")]
    support_email: Option<String>,
    /// Where people ask for help, https.
    #[schema(required, example = "https://call.example/bantuan")]
    support_url: Option<String>,
    /// What a new app is, unless whoever makes it says otherwise.
    new_app_environment: Environment,
    /// How much a new app on trial may use.
    trial_limits: AppLimitsView,
    /// How much a new app in production may use.
    production_limits: AppLimitsView,
}

impl From<PlatformSettings> for PlatformSettingsView {
    fn from(settings: PlatformSettings) -> Self {
        Self {
            name: settings.name,
            language: settings.language,
            support_email: settings.support_email,
            support_url: settings.support_url,
            new_app_environment: settings.new_app_environment,
            trial_limits: settings.trial_limits.into(),
            production_limits: settings.production_limits.into(),
        }
    }
}

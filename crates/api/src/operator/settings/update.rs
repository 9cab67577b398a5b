//! `PATCH /v1/operator/settings`

use axum::{Json, extract::State};
use jumpa_db::{PlatformSettings, Timestamp};
use jumpa_protocol::{Language, directory::Environment};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::PlatformSettingsView;
use crate::{
    ApiError,
    api_state::ApiState,
    fields::{self, nullable},
    json_body::{JsonBody, object},
    operator::update_app::LimitChange,
    session::OperatorAccess,
};

/// Longest address of a page for help, bytes.
const MAX_URL_BYTES: usize = 2_048;

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateSettings {
    /// How mails and dashboards name the platform.
    #[schema(min_length = 1, max_length = 80, example = "Jumpa")]
    name: Option<String>,
    /// The language of people of whom nothing else is known.
    language: Option<Language>,
    /// Where people ask for help; null takes it away.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 254, example = "bantuan@call.example")]
    support_email: Option<Option<String>>,
    /// Where people ask for help, an address that begins with https://; null takes it away.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 2048, example = "https://call.example/bantuan")]
    support_url: Option<Option<String>>,
    /// What a new app is, unless whoever makes it says otherwise.
    new_app_environment: Option<Environment>,
    /// How much a new app on trial may use.
    #[serde(default, deserialize_with = "object")]
    trial_limits: Option<LimitChange>,
    /// How much a new app in production may use.
    #[serde(default, deserialize_with = "object")]
    production_limits: Option<LimitChange>,
}

impl UpdateSettings {
    fn applied_to(self, mut settings: PlatformSettings) -> Result<PlatformSettings, ApiError> {
        if let Some(name) = self.name {
            settings.name = fields::name(&name)?;
        }
        settings.language = self.language.unwrap_or(settings.language);
        if let Some(email) = self.support_email {
            settings.support_email = email.map(|text| fields::email(&text)).transpose()?;
        }
        if let Some(url) = self.support_url {
            settings.support_url = url.map(|text| page(&text)).transpose()?;
        }
        settings.new_app_environment =
            self.new_app_environment.unwrap_or(settings.new_app_environment);
        if let Some(limits) = self.trial_limits {
            settings.trial_limits = limits.applied_to(settings.trial_limits)?;
        }
        if let Some(limits) = self.production_limits {
            settings.production_limits = limits.applied_to(settings.production_limits)?;
        }
        Ok(settings)
    }
}

/// Change the settings
///
/// They hold at once: new apps take the new limits, apps that exist keep theirs.
#[utoipa::path(
    patch,
    path = "/v1/operator/settings",
    operation_id = "update_settings",
    tag = "operator",
    request_body = UpdateSettings,
    responses((status = OK, description = "The choices", body = PlatformSettingsView)),
    security(("session" = [])),
)]
pub(crate) async fn update(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<UpdateSettings>,
) -> Result<Json<PlatformSettingsView>, ApiError> {
    let edit = |settings| request.applied_to(settings);
    let platform = state.database().operator();
    let by = &operator.author;
    let settings = platform.change_platform_settings(edit, by, Timestamp::now()).await??;
    Ok(Json(settings.into()))
}

/// A page for help: https, since it stands on pages that are.
fn page(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let is_address = reqwest::Url::parse(text)
        .is_ok_and(|url| url.scheme() == "https" && url.has_host() && url.username().is_empty());
    if is_address && text.len() <= MAX_URL_BYTES {
        Ok(text.to_owned())
    } else {
        Err(ApiError::invalid("support_url", "an address that begins with https://"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_a_page_over_https() {
        assert_eq!(page(" https://call.example/b?x=1 ").unwrap(), "https://call.example/b?x=1");
        let long = format!("https://call.example/{}", "a".repeat(2_048));
        for wrong in ["", "https://", "http://call.example", "javascript:alert(1)", &long] {
            assert!(page(wrong).is_err(), "{wrong}");
        }
    }
}

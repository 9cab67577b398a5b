//! `PATCH /v1/apps/{app_id}`: other settings.

use axum::{Json, extract::State};
use jumpa_db::{AppSettings, Timestamp};
use jumpa_protocol::{
    AppId, Branding, Origin,
    directory::{Features, GuestPolicy},
    recording::AutoRecord,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::AppView;
use crate::{
    ApiError, OwnDomains,
    actor::AppAccess,
    api_state::ApiState,
    fields,
    json_body::{JsonBody, object},
    needs,
    openapi::Refusal,
    recordings::wanted::AutoRecordRequest,
    tenant_access::TenantHeader,
};

/// Most origins of an app: each stands in a header of its pages.
const MAX_ORIGINS: usize = 50;

/// The request; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateApp {
    #[schema(example = "Toko Melati", min_length = 1, max_length = 80)]
    name: Option<String>,
    is_disabled: Option<bool>,
    guests: Option<GuestPolicy>,
    allows_any_room: Option<bool>,
    one_time_tokens: Option<bool>,
    keeps_running_calls: Option<bool>,
    takes_tokens_without_key_id: Option<bool>,
    /// All pages that may embed its calls.
    #[schema(max_items = 50, example = json!(["https://melati.example"]))]
    origins: Option<Vec<String>>,
    /// Which of them calls offer.
    #[serde(default, deserialize_with = "object")]
    features: Option<FeatureSwitches>,
    /// How every call that begins from now on is recorded; null when nobody is recorded unasked.
    #[serde(default, deserialize_with = "fields::nullable")]
    #[schema(value_type = Option<AutoRecordRequest>)]
    auto_record: Option<Option<AutoRecordRequest>>,
    /// Whether there is no call without a recording: nobody gets in while none is possible, and a
    /// call ends a minute after it has lost its recording.
    recording_required: Option<bool>,
    /// All of the app's own look; what it leaves out is the server's.
    #[serde(default, deserialize_with = "object")]
    branding: Option<BrandingChange>,
}

/// What calls of an app offer; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureSwitches {
    chat: Option<bool>,
    screen_sharing: Option<bool>,
    reactions: Option<bool>,
    raised_hands: Option<bool>,
    recording: Option<bool>,
    streaming: Option<bool>,
}

/// The app's own look.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BrandingChange {
    /// Address of a picture, https.
    #[schema(max_length = 2048, example = "https://melati.example/logo.svg")]
    logo_url: Option<String>,
    /// Colour of buttons and links, `#rrggbb`.
    #[schema(example = "#0b7a75")]
    accent_color: Option<String>,
    /// Colour behind the page, `#rrggbb`.
    #[schema(example = "#10201f")]
    background_color: Option<String>,
    /// The name that callers read in place of the app's.
    #[schema(max_length = 80, example = "Toko Melati")]
    display_name: Option<String>,
    /// What callers read before they join.
    #[schema(max_length = 500, example = "Selamat datang")]
    welcome_text: Option<String>,
    /// The host name that links into rooms lead to; it has to lead to this server, and belongs to
    /// one app alone.
    #[schema(max_length = 253, example = "call.melati.example")]
    own_domain: Option<String>,
}

/// Change an app
///
/// Calls follow within ten seconds. Environment and limits are the operator's. Needs `apps:write`.
#[utoipa::path(
    patch,
    path = "/v1/apps/{app_id}",
    operation_id = "update_app",
    tag = "apps",
    params(TenantHeader, ("app_id" = AppId, Path)),
    request_body = UpdateApp,
    responses(
        (status = OK, description = "The app", body = AppView),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn update(
    access: AppAccess<needs::WriteApps>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<UpdateApp>,
) -> Result<Json<AppView>, ApiError> {
    let change = request.checked(&state.own_domains)?;
    let scope = access.scope(&state);
    let edit = |settings: &mut AppSettings| change.apply(settings);
    let app = scope.change_app(&access.app.id, edit, access.author(), Timestamp::now()).await?;
    Ok(Json(app.into()))
}

/// A request whose values are all possible.
struct Change {
    name: Option<String>,
    origins: Option<Vec<Origin>>,
    branding: Option<Branding>,
    auto_record: Option<Option<AutoRecord>>,
    request: UpdateApp,
}

impl UpdateApp {
    fn checked(mut self, own_domains: &OwnDomains) -> Result<Change, ApiError> {
        let branding = self.branding.take().map(|wanted| wanted.checked(own_domains));
        let auto_record = self
            .auto_record
            .take()
            .map(|wanted| wanted.map(AutoRecordRequest::checked).transpose());
        Ok(Change {
            auto_record: auto_record.transpose()?,
            name: self.name.take().map(|name| fields::name(&name)).transpose()?,
            origins: self.origins.take().map(|texts| origins(&texts)).transpose()?,
            branding: branding.transpose()?,
            request: self,
        })
    }
}

impl Change {
    fn apply(self, settings: &mut AppSettings) {
        let request = self.request;
        replace(&mut settings.name, self.name);
        replace(&mut settings.is_disabled, request.is_disabled);
        replace(&mut settings.guests, request.guests);
        replace(&mut settings.allows_any_room, request.allows_any_room);
        replace(&mut settings.one_time_tokens, request.one_time_tokens);
        replace(&mut settings.keeps_running_calls, request.keeps_running_calls);
        replace(&mut settings.takes_tokens_without_key_id, request.takes_tokens_without_key_id);
        replace(&mut settings.origins, self.origins);
        replace(&mut settings.branding, self.branding);
        replace(&mut settings.auto_record, self.auto_record);
        replace(&mut settings.recording_required, request.recording_required);
        if let Some(wanted) = request.features {
            let Features { chat, screen_sharing, reactions, raised_hands, recording, streaming } =
                &mut settings.features;
            replace(recording, wanted.recording);
            replace(streaming, wanted.streaming);
            replace(chat, wanted.chat);
            replace(screen_sharing, wanted.screen_sharing);
            replace(reactions, wanted.reactions);
            replace(raised_hands, wanted.raised_hands);
        }
    }
}

fn replace<T>(place: &mut T, wanted: Option<T>) {
    if let Some(wanted) = wanted {
        *place = wanted;
    }
}

fn origins(texts: &[String]) -> Result<Vec<Origin>, ApiError> {
    if texts.len() > MAX_ORIGINS {
        return Err(ApiError::invalid("origins", "at most 50"));
    }
    let mut origins = vec![];
    for text in texts {
        let origin = text.parse().map_err(|error| ApiError::invalid_because("origins", error))?;
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    Ok(origins)
}

impl BrandingChange {
    fn checked(self, own_domains: &OwnDomains) -> Result<Branding, ApiError> {
        let color = |field, text: Option<String>| text.map(|text| color(field, &text)).transpose();
        Ok(Branding {
            logo_url: self.logo_url.map(logo_url).transpose()?,
            accent_color: color("branding.accent_color", self.accent_color)?,
            background_color: color("branding.background_color", self.background_color)?,
            display_name: self
                .display_name
                .map(|name| text("branding.display_name", &name, 80))
                .transpose()?,
            welcome_text: self
                .welcome_text
                .map(|welcome| text("branding.welcome_text", &welcome, 500))
                .transpose()?,
            own_domain: self.own_domain.map(|name| own_domains.check(&name)).transpose()?,
        })
    }
}

fn text(field: &'static str, text: &str, max_chars: usize) -> Result<String, ApiError> {
    let text = text.trim();
    let is_readable = |letter: char| letter == '\n' || !letter.is_control();
    if (1..=max_chars).contains(&text.chars().count()) && text.chars().all(is_readable) {
        Ok(text.to_owned())
    } else {
        Err(ApiError::invalid_because(field, format_args!("1 to {max_chars} characters")))
    }
}

fn color(field: &'static str, text: &str) -> Result<String, ApiError> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(ApiError::invalid(field, "#rrggbb"))
    }
}

/// An address that is shown as a picture: never a script, a file or somebody's password.
fn logo_url(text: String) -> Result<String, ApiError> {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_address = text.len() <= 2_048
        && format!("https://{host}").parse::<Origin>().is_ok()
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&byte));
    if is_address && !host.starts_with('*') {
        Ok(text)
    } else {
        Err(ApiError::invalid("branding.logo_url", "an address like https://shop.example/logo.svg"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_lies_on_a_web_site() {
        for text in [
            "http://melati.example/logo.svg",
            "javascript:alert(1)",
            "https://",
            "https://*.melati.example/logo.svg",
            "https://rina:rahasia@melati.example/logo.svg",
            "https://melati.example/\"onload=",
            "https://melati.example/lo go.svg",
            "data:image/svg+xml,<svg/>",
        ] {
            assert!(logo_url(text.to_owned()).is_err(), "{text}");
        }
        assert!(logo_url("https://melati.example/a/logo.svg?v=2".to_owned()).is_ok());
    }

    #[test]
    fn colours_are_kept_in_lower_case() {
        assert_eq!(color("accent_color", "#0B7A75").unwrap(), "#0b7a75");
        for text in ["", "red", "#fff", "0b7a75", "#0b7a7g", "#0b7a75;"] {
            assert!(color("accent_color", text).is_err(), "{text}");
        }
    }
}

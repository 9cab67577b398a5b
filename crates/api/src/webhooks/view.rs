//! A webhook and its settings, as requests and answers show them.

use jumpa_db::{Webhook, WebhookEventType, WebhookFormat};
use jumpa_protocol::{AppId, WebhookId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError,
    time::rfc3339,
    word_sets::{EVERY_EVENT, WebhookEventChoice, WebhookLastStatus, WebhookPauseReason},
};

/// How a request looks and is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// Standard Webhooks.
    #[default]
    Standard,
    /// The envelope and the names of Jitsi as a Service.
    Jaas,
}

impl From<Format> for WebhookFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Standard => Self::Standard,
            Format::Jaas => Self::Jaas,
        }
    }
}

impl From<WebhookFormat> for Format {
    fn from(format: WebhookFormat) -> Self {
        match format {
            WebhookFormat::Standard => Self::Standard,
            WebhookFormat::Jaas => Self::Jaas,
        }
    }
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(crate) struct WebhookView {
    id: WebhookId,
    #[schema(example = "https://klinik.example/hooks/jumpa")]
    url: String,
    /// Null for every app of the tenant.
    #[schema(required)]
    app_id: Option<AppId>,
    /// Names, or `*` for every one.
    #[schema(value_type = Vec<WebhookEventChoice>, example = json!(["room.started", "room.ended"]))]
    events: Vec<String>,
    format: Format,
    is_paused: bool,
    /// `requested`, `failing` after three days without success, or `gone` after an answer 410.
    #[schema(required, value_type = Option<WebhookPauseReason>, example = "failing")]
    pause_reason: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime, required)]
    last_delivery_at: Option<String>,
    /// How the last request went: `delivered` or `failed`.
    #[schema(required, value_type = Option<WebhookLastStatus>, example = "delivered")]
    last_status: Option<String>,
    /// Since when no request was taken; null while they are.
    #[schema(format = DateTime, required)]
    failing_since: Option<String>,
}

impl TryFrom<Webhook> for WebhookView {
    type Error = ApiError;

    fn try_from(webhook: Webhook) -> Result<Self, ApiError> {
        let settings = webhook.settings()?;
        let names = |events: Vec<WebhookEventType>| {
            events.into_iter().map(|event| event.as_str().to_owned()).collect()
        };
        Ok(Self {
            id: webhook.id,
            url: settings.url,
            app_id: settings.app_id,
            events: settings.events.map_or_else(|| vec![EVERY_EVENT.to_owned()], names),
            format: settings.format.into(),
            is_paused: settings.is_paused,
            pause_reason: webhook.pause_reason,
            created_at: rfc3339(webhook.created_at),
            last_delivery_at: webhook.last_delivery_at.map(rfc3339),
            last_status: webhook.last_status,
            failing_since: webhook.failing_since.map(rfc3339),
        })
    }
}

/// The events that a request names; `None` for every one.
pub(crate) fn events(names: &[String]) -> Result<Option<Vec<WebhookEventType>>, ApiError> {
    let mut events = Vec::new();
    for name in names.iter().filter(|name| *name != EVERY_EVENT) {
        let event = WebhookEventType::parse(name)
            .ok_or(ApiError::invalid("events", "names of events, or *"))?;
        if !events.contains(&event) {
            events.push(event);
        }
    }
    if names.iter().any(|name| name == EVERY_EVENT) {
        return Ok(None);
    }
    if events.is_empty() {
        return Err(ApiError::invalid("events", "at least one name, or *"));
    }
    Ok(Some(events))
}

/// An address that can be called. Whether it may be is looked at with each request.
pub(crate) fn url(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    crate::webhook_sender::check_url(text).map_err(|rule| ApiError::invalid("url", rule))?;
    Ok(text.to_owned())
}

//! An app as those see it who manage it.

use jumpa_db::{App, AppLimits};
use jumpa_protocol::{
    AppId, Branding,
    directory::{Environment, Features, GuestPolicy},
    recording::AutoRecord,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::rfc3339;

/// Whether an app takes joins.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AppStatus {
    /// It does.
    Active,
    /// Somebody disabled it.
    Disabled,
    /// It was deleted, and can be restored until `purge_at`.
    Deleted,
}

/// One product of a tenant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = App)]
pub(crate) struct AppView {
    id: AppId,
    #[schema(example = "Toko Melati")]
    name: String,
    environment: Environment,
    status: AppStatus,
    /// A disabled app takes no joins.
    is_disabled: bool,
    guests: GuestPolicy,
    /// Whether a token may name every room with `*`, or many by a pattern.
    allows_any_room: bool,
    /// Whether a token with a `jti` may join only once.
    one_time_tokens: bool,
    /// Whether people stay in their call when the app is disabled or their key is revoked.
    keeps_running_calls: bool,
    /// Whether tokens may come without `kid`, as those of Jitsi's own server do.
    takes_tokens_without_key_id: bool,
    /// Pages that may embed its calls, `https://melati.example` or `https://*.melati.example`.
    /// When empty, none may.
    #[schema(example = json!(["https://melati.example"]))]
    origins: Vec<String>,
    features: Features,
    /// How every call is recorded; null when nobody is recorded unasked.
    #[schema(required)]
    auto_record: Option<AutoRecord>,
    /// Whether there is no call without a recording.
    recording_required: bool,
    limits: AppLimitsView,
    branding: Branding,
    /// RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-11-22T04:30:00Z")]
    created_at: String,
    #[schema(format = DateTime, required)]
    deleted_at: Option<String>,
    /// When the keys and settings of a deleted app are erased.
    #[schema(format = DateTime, required)]
    purge_at: Option<String>,
}

/// How much an app may use; null is without limit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppLimits)]
pub(crate) struct AppLimitsView {
    /// Most participants in one call.
    #[schema(minimum = 1)]
    max_participants: u32,
    /// Most calls at a time.
    #[schema(required, minimum = 1)]
    max_calls: Option<i64>,
    /// Most minutes of all participants together in a month of the tenant's time zone.
    #[schema(required, minimum = 0)]
    minutes_per_month: Option<i64>,
    /// Most recordings at a time.
    #[schema(required, minimum = 0)]
    recordings_at_once: Option<i64>,
    /// Most bytes of recordings that are kept.
    #[schema(required, minimum = 0)]
    storage_bytes: Option<i64>,
    /// How long calls and recordings are kept, days.
    #[schema(required, minimum = 1)]
    retention_days: Option<i64>,
}

impl From<AppLimits> for AppLimitsView {
    fn from(limits: AppLimits) -> Self {
        Self {
            max_participants: limits.max_participants,
            max_calls: limits.max_calls,
            minutes_per_month: limits.minutes_per_month,
            recordings_at_once: limits.recordings_at_once,
            storage_bytes: limits.storage_bytes,
            retention_days: limits.retention_days,
        }
    }
}

impl From<App> for AppView {
    fn from(app: App) -> Self {
        let (deleted_at, purge_at) = (app.deleted_at, app.purge_at());
        let settings = app.settings;
        Self {
            id: app.id,
            name: settings.name,
            environment: settings.environment,
            status: match (deleted_at, settings.is_disabled) {
                (Some(_), _) => AppStatus::Deleted,
                (None, true) => AppStatus::Disabled,
                (None, false) => AppStatus::Active,
            },
            is_disabled: settings.is_disabled,
            guests: settings.guests,
            allows_any_room: settings.allows_any_room,
            one_time_tokens: settings.one_time_tokens,
            keeps_running_calls: settings.keeps_running_calls,
            takes_tokens_without_key_id: settings.takes_tokens_without_key_id,
            origins: settings.origins.into_iter().map(String::from).collect(),
            features: settings.features,
            auto_record: settings.auto_record,
            recording_required: settings.recording_required,
            limits: settings.limits.into(),
            branding: settings.branding,
            created_at: rfc3339(app.created_at),
            deleted_at: deleted_at.map(rfc3339),
            purge_at: purge_at.map(rfc3339),
        }
    }
}

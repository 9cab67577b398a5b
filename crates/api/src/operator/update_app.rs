//! `PATCH /v1/operator/apps/{app_id}`: what an app may use.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{AppLimits, AppSettings, Timestamp};
use jumpa_protocol::{AppId, directory::Environment};
use serde::Deserialize;
use utoipa::ToSchema;

use super::app_view::OperatorApp;
use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    fields::nullable,
    json_body::{JsonBody, object},
    openapi::Refusal,
    session::OperatorAccess,
};

/// Most participants that a call can be set to take, as on the command line.
const MAX_PARTICIPANTS: i64 = 100_000;
/// Largest number that every JSON reader keeps exact (RFC 8259 section 6).
const MAX_NUMBER: i64 = (1 << 53) - 1;
/// Most days that something can be kept: a hundred years.
const MAX_DAYS: i64 = 36_500;

/// The request; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateOperatorApp {
    environment: Option<Environment>,
    /// A disabled app takes no joins.
    is_disabled: Option<bool>,
    #[serde(default, deserialize_with = "object")]
    limits: Option<LimitChange>,
    /// The host name that links into its rooms lead to; null takes it away.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 253, example = "call.melati.example")]
    own_domain: Option<Option<String>>,
}

/// How much an app may use: what is left out stays, null is without limit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitChange {
    /// Most participants in one call.
    #[schema(minimum = 1, maximum = 100_000)]
    max_participants: Option<i64>,
    /// Most calls at a time.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 100_000)]
    max_calls: Option<Option<i64>>,
    /// Most minutes of all participants together in a month of the tenant's time zone.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    minutes_per_month: Option<Option<i64>>,
    /// Most recordings at a time.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 100_000)]
    recordings_at_once: Option<Option<i64>>,
    /// Most bytes of recordings that are kept.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    storage_bytes: Option<Option<i64>>,
    /// How long calls and recordings are kept, days.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 36_500)]
    retention_days: Option<Option<i64>>,
}

impl LimitChange {
    /// The limits with these changes.
    pub(crate) fn applied_to(self, mut limits: AppLimits) -> Result<AppLimits, ApiError> {
        if let Some(most) = self.max_participants {
            let most = in_range("limits.max_participants", most, 1, MAX_PARTICIPANTS)?;
            limits.max_participants = u32::try_from(most).unwrap_or(u32::MAX);
        }
        for (field, wanted, limit, least, most) in [
            ("limits.max_calls", self.max_calls, &mut limits.max_calls, 1, MAX_PARTICIPANTS),
            (
                "limits.minutes_per_month",
                self.minutes_per_month,
                &mut limits.minutes_per_month,
                0,
                MAX_NUMBER,
            ),
            (
                "limits.recordings_at_once",
                self.recordings_at_once,
                &mut limits.recordings_at_once,
                0,
                MAX_PARTICIPANTS,
            ),
            ("limits.storage_bytes", self.storage_bytes, &mut limits.storage_bytes, 0, MAX_NUMBER),
            ("limits.retention_days", self.retention_days, &mut limits.retention_days, 1, MAX_DAYS),
        ] {
            if let Some(wanted) = wanted {
                *limit = wanted.map(|number| in_range(field, number, least, most)).transpose()?;
            }
        }
        Ok(limits)
    }
}

fn in_range(field: &'static str, number: i64, least: i64, most: i64) -> Result<i64, ApiError> {
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(ApiError::invalid_because(field, format_args!("{least} to {most}, or null")))
    }
}

/// Change what an app may use
///
/// Trial or production, its limits, its own domain, and whether it takes joins. Calls follow within
/// ten seconds.
#[utoipa::path(
    patch,
    path = "/v1/operator/apps/{app_id}",
    operation_id = "update_operator_app",
    tag = "operator",
    params(("app_id" = AppId, Path)),
    request_body = UpdateOperatorApp,
    responses(
        (status = OK, description = "The app", body = OperatorApp),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn update_app(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(app_id): Path<String>,
    JsonBody(request): JsonBody<UpdateOperatorApp>,
) -> Result<Json<OperatorApp>, ApiError> {
    let id: AppId = app_id.parse().map_err(|_| Code::AppUnknown)?;
    let app = state.database().operator().app(&id).await?.ok_or(Code::AppUnknown)?;
    let UpdateOperatorApp { environment, is_disabled, limits, own_domain } = request;
    let limits = limits.map(|wanted| wanted.applied_to(app.settings.limits)).transpose()?;
    let check = |name: Option<String>| name.map(|name| state.own_domains.check(&name)).transpose();
    let own_domain = own_domain.map(check).transpose()?;
    let edit = |settings: &mut AppSettings| {
        settings.environment = environment.unwrap_or(settings.environment);
        settings.is_disabled = is_disabled.unwrap_or(settings.is_disabled);
        settings.limits = limits.unwrap_or(settings.limits);
        if let Some(own_domain) = own_domain {
            settings.branding.own_domain = own_domain;
        }
    };
    let scope = state.database().tenant(app.tenant_id);
    Ok(Json(scope.change_app(&id, edit, &operator.author, Timestamp::now()).await?.into()))
}

//! `GET /v1/recordings/quota`: how much apps record and keep, and how much they may.

use std::collections::HashMap;

use axum::{Json, extract::State};
use jumpa_db::{App, Timestamp};
use jumpa_protocol::AppId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::SlotsView;
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    needs,
    page::{Filter, Page},
    tenant_access::TenantHeader,
};

/// Of which app.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuotaQuery {
    /// Only of this app; of each without it.
    app_id: Option<AppId>,
}

/// What an app has of recordings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordingQuota)]
pub(crate) struct QuotaView {
    app_id: AppId,
    #[schema(example = "Klinik Sehat")]
    app_name: String,
    /// Recordings that are running.
    running: i64,
    /// Most recordings at a time; null is without limit.
    #[schema(required)]
    recordings_at_once: Option<i64>,
    /// Recordings whose files are kept.
    kept: i64,
    /// Bytes of them.
    bytes: i64,
    /// Most bytes that are kept; null is without limit.
    #[schema(required)]
    storage_bytes: Option<i64>,
    /// How long recordings are kept; null is without end.
    #[schema(required)]
    retention_days: Option<i64>,
    /// How much of the recorders it may use and uses.
    slots: SlotsView,
}

/// Show how much is recorded and kept
///
/// For each app that was not deleted, all on one page. Needs `recordings:read`.
#[utoipa::path(
    get,
    path = "/v1/recordings/quota",
    operation_id = "show_recording_quota",
    tag = "recordings",
    params(TenantHeader, QuotaQuery),
    responses((status = OK, description = "Each app", body = Page<QuotaView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn show(
    access: AppsAccess<needs::ReadRecordings>,
    State(state): State<ApiState>,
    Filter(query): Filter<QuotaQuery>,
) -> Result<Json<Page<QuotaView>>, ApiError> {
    let app_id = access.select(query.app_id)?;
    let scope = access.scope(&state);
    let apps = scope.apps().await?;
    let quotas = scope.recording_quotas(app_id.as_ref()).await?;
    let mut quotas: HashMap<_, _> =
        quotas.into_iter().map(|quota| (quota.app_id.clone(), quota)).collect();
    let slots = state.config.recordings.slots_in_use(Timestamp::now()).await?;
    let wanted = apps.into_iter().filter(|app| app_id.as_ref().is_none_or(|id| *id == app.id));
    let views = wanted.map(|App { id, settings, .. }| {
        let (running, kept, bytes) =
            quotas.remove(&id).map_or((0, 0, 0), |quota| (quota.running, quota.kept, quota.bytes));
        QuotaView {
            slots: slots.of(&id),
            app_id: id,
            app_name: settings.name,
            running,
            recordings_at_once: settings.limits.recordings_at_once,
            kept,
            bytes,
            storage_bytes: settings.limits.storage_bytes,
            retention_days: settings.limits.retention_days,
        }
    });
    Ok(Json(Page::whole(views.collect())))
}

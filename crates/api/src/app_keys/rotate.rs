//! `POST /v1/apps/{app_id}/keys/{key_id}/rotate`: a new key takes over.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::{AppId, KeyId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AppKeyView, NewAppKeyView, view};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, fields, json_body::JsonBody, needs,
    openapi::Refusal, tenant_access::TenantHeader,
};

/// Longest time that the old key goes on beside the new one. Longer is no rotation: a key that
/// leaked would be good all the while.
const MAX_OVERLAP_S: u64 = 30 * 24 * 60 * 60;

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotateAppKey {
    /// How long the old key signs beside the new one, seconds; 0 ends it at once. Give your servers
    /// the time to learn the new one.
    #[schema(minimum = 0, maximum = 2_592_000, example = 86_400)]
    overlap_s: u64,
    /// The public half of the new key, for every kind but `hs256`.
    #[schema(max_length = 8192)]
    public_key: Option<String>,
}

/// Replace a signing key
///
/// A new key of the same kind signs from now on, the old one for `overlap_s` more. Who came by the
/// old one stays in their call. Needs `keys:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/keys/{key_id}/rotate",
    operation_id = "rotate_app_key",
    tag = "keys",
    params(TenantHeader, ("app_id" = AppId, Path), ("key_id" = KeyId, Path)),
    request_body = RotateAppKey,
    responses(
        (status = CREATED, description = "The new key", body = NewAppKeyView),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn rotate(
    access: AppAccess<needs::WriteKeys>,
    State(state): State<ApiState>,
    Path((_, key_id)): Path<(String, String)>,
    JsonBody(request): JsonBody<RotateAppKey>,
) -> Result<(StatusCode, Json<NewAppKeyView>), ApiError> {
    let old: KeyId = fields::id(&key_id)?;
    if request.overlap_s > MAX_OVERLAP_S {
        return Err(ApiError::invalid("overlap_s", "at most 2592000 (30 days)"));
    }
    let overlap = Duration::from_secs(request.overlap_s);
    let (scope, app_id, now) = (access.scope(&state), &access.app.id, Timestamp::now());
    let by = access.author();
    let (id, secret) = match request.public_key {
        None => {
            let new = scope.rotate_key(app_id, &old, overlap, by, now).await?;
            (new.id, Some(new.secret))
        }
        Some(text) => {
            let public_key = view::public_key(&text)?;
            let new = scope.rotate_public_key(app_id, &old, &public_key, overlap, by, now).await?;
            (new, None)
        }
    };
    let key = AppKeyView::new(scope.key(app_id, &id).await?, now);
    Ok((StatusCode::CREATED, Json(NewAppKeyView { key, secret })))
}

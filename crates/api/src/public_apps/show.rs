//! `GET /v1/public/apps/{app_id}`: what the page before a call needs to know of an app.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_protocol::{AppId, Branding, directory::GuestPolicy};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, api_state::ApiState, error::Code};

/// An app as everybody may see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicApp {
    id: AppId,
    #[schema(example = "Klinik Sehat")]
    name: String,
    /// Whether people may join without a token.
    allows_guests: bool,
    branding: Branding,
}

/// Show what everybody may know of an app
///
/// What the page before a call needs to know. Answered without a login and without the database.
#[utoipa::path(
    get,
    path = "/v1/public/apps/{app_id}",
    operation_id = "show_public_app",
    tag = "apps",
    params(("app_id" = AppId, Path)),
    responses((status = OK, description = "The app", body = PublicApp)),
    security(()),
)]
pub(crate) async fn show(
    State(state): State<ApiState>,
    Path(app_id): Path<String>,
) -> Result<Json<PublicApp>, ApiError> {
    let id: AppId = app_id.parse().map_err(|_| Code::AppUnknown)?;
    let directory = state.directory();
    let app = directory.apps.get(&id).ok_or(Code::AppUnknown)?;
    if app.is_stopped() {
        return Err(Code::AppDisabled.into());
    }
    Ok(Json(PublicApp {
        id,
        name: app.name.clone(),
        allows_guests: app.guests != GuestPolicy::Refused,
        branding: (*app.branding).clone(),
    }))
}

//! `GET /v1/apps/{app_id}`: what the page before a call needs to know of an app.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_protocol::AppId;
use serde::Serialize;

use crate::{ApiError, api_state::ApiState, error::Code};

/// An app as everybody may see it.
#[derive(Debug, Serialize)]
pub(crate) struct PublicApp {
    id: AppId,
    name: String,
    allows_guests: bool,
}

/// Answers from memory, so that people can join while the database is away.
pub(crate) async fn show(
    State(state): State<ApiState>,
    Path(app_id): Path<String>,
) -> Result<Json<PublicApp>, ApiError> {
    let id: AppId = app_id.parse().map_err(|_| Code::AppUnknown)?;
    let directory = state.directory();
    let app = directory.apps.get(&id).ok_or(Code::AppUnknown)?;
    if app.is_disabled {
        return Err(Code::AppDisabled.into());
    }
    Ok(Json(PublicApp { id, name: app.name.clone(), allows_guests: app.allows_guests }))
}

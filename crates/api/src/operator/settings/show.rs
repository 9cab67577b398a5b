//! `GET /v1/operator/settings`

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::PlatformSettingsView;
use crate::{ApiError, api_state::ApiState, node::StartSetting, session::OperatorAccess};

/// Both kinds of settings.
#[derive(Serialize, ToSchema)]
pub(crate) struct SystemSettings {
    /// Can be changed at any time, by `PATCH` on the same path.
    platform: PlatformSettingsView,
    /// What the running server was started with: changes with its configuration and a restart.
    server: Vec<StartSetting>,
}

/// Show the settings
///
/// Choices for the whole platform, and what the running server was started with. Passwords and
/// keys are never shown.
#[utoipa::path(
    get,
    path = "/v1/operator/settings",
    operation_id = "show_settings",
    tag = "operator",
    responses((status = OK, description = "The settings", body = SystemSettings)),
    security(("session" = [])),
)]
pub(crate) async fn show(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
) -> Result<Json<SystemSettings>, ApiError> {
    let platform = state.database().platform_settings().await?.into();
    let engine = state.database().engine().await?;
    let mut server = state.config.node.start_settings();
    server.push(StartSetting::of("database", "database_url", engine));
    Ok(Json(SystemSettings { platform, server }))
}

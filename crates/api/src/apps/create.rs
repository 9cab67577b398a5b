//! `POST /v1/apps`: a new app.

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::{AppSettings, Timestamp};
use jumpa_protocol::directory::GuestPolicy;
use serde::Deserialize;
use utoipa::ToSchema;

use super::AppView;
use crate::{
    ApiError,
    api_state::ApiState,
    fields,
    json_body::JsonBody,
    needs,
    openapi::Refusal,
    tenant_access::{TenantAccess, TenantHeader},
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateApp {
    /// The name that people read; the id is made from it.
    #[schema(example = "Toko Melati", min_length = 1, max_length = 80)]
    name: String,
    /// What people without a token may do; `refused` when it is left out.
    guests: Option<GuestPolicy>,
}

/// Make an app
///
/// It begins as the operator chose for new apps, usually on trial, and the operator takes it into
/// production. It has no keys yet. Needs `apps:write`.
#[utoipa::path(
    post,
    path = "/v1/apps",
    operation_id = "create_app",
    tag = "apps",
    params(TenantHeader),
    request_body = CreateApp,
    responses(
        (status = CREATED, description = "The app", body = AppView),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn create(
    access: TenantAccess<needs::WriteApps>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateApp>,
) -> Result<(StatusCode, Json<AppView>), ApiError> {
    let platform = state.database().platform_settings().await?;
    let settings = AppSettings {
        guests: request.guests.unwrap_or_default(),
        ..platform.new_app(fields::name(&request.name)?, None)
    };
    let scope = access.scope(&state);
    let app = scope.create_app(&settings.into(), access.author(), Timestamp::now()).await?;
    Ok((StatusCode::CREATED, Json(app.into())))
}

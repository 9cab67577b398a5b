//! `POST /v1/operator/apps`: a new app with its first signing key.

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::{AppSettings, NewAppKey, Timestamp};
use jumpa_protocol::{
    KeyId, TenantId,
    directory::{Environment, GuestPolicy},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::app_view::OperatorApp;
use crate::{
    ApiError, api_state::ApiState, error::Code, fields, json_body::JsonBody, openapi::Refusal,
    session::OperatorAccess,
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateOperatorApp {
    /// The name that people read, 1 to 80 characters.
    #[schema(example = "Toko Melati", min_length = 1, max_length = 80)]
    name: String,
    /// Whose it is; the first tenant's when it is left out.
    tenant_id: Option<TenantId>,
    /// What the settings of the platform say when it is left out.
    environment: Option<Environment>,
    /// What people without a token may do; `refused` when it is left out.
    guests: Option<GuestPolicy>,
}

/// The answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedApp {
    app: OperatorApp,
    key: CreatedKey,
}

/// The first signing key of the app.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedKey {
    id: KeyId,
    secret: String,
}

impl From<NewAppKey> for CreatedKey {
    fn from(key: NewAppKey) -> Self {
        Self { id: key.id, secret: key.secret }
    }
}

/// Make an app for a tenant
///
/// With its first signing key.
#[utoipa::path(
    post,
    path = "/v1/operator/apps",
    operation_id = "create_operator_app",
    tag = "operator",
    request_body = CreateOperatorApp,
    responses(
        (status = CREATED, description = "The app and its first key", body = CreatedApp),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn create_app(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateOperatorApp>,
) -> Result<(StatusCode, Json<CreatedApp>), ApiError> {
    let platform = state.database().platform_settings().await?;
    let settings = AppSettings {
        guests: request.guests.unwrap_or_default(),
        ..platform.new_app(fields::name(&request.name)?, request.environment)
    };
    let now = Timestamp::now();
    let tenants = state.database().operator();
    let tenant_id = match request.tenant_id {
        Some(id) => {
            let found = tenants.tenant(id).await?;
            found.filter(|found| found.tenant.deleted_at.is_none()).ok_or(Code::NotFound)?;
            id
        }
        None => tenants.first_tenant(now).await?,
    };
    let scope = state.database().tenant(tenant_id);
    let app = scope.create_app(&settings.into(), &operator.author, now).await?;
    let key = scope.create_key(&app.id, &operator.author, now).await?;
    Ok((StatusCode::CREATED, Json(CreatedApp { app: app.into(), key: key.into() })))
}

//! `POST /v1/operator/apps`: a new app with its first signing key.

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::{NewApp, NewAppKey, Timestamp};
use jumpa_protocol::KeyId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::app_view::AppView;
use crate::{ApiError, api_state::ApiState, fields, json_body::JsonBody, session::OperatorAccess};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateApp {
    /// The name that people read, 1 to 80 characters.
    #[schema(example = "Toko Melati", min_length = 1, max_length = 80)]
    name: String,
    /// Whether people may join without a token.
    #[serde(default)]
    allows_guests: bool,
}

/// The answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedApp {
    app: AppView,
    key: CreatedKey,
}

/// The first signing key of the app.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedKey {
    id: KeyId,
    /// Shown here and never again.
    secret: String,
}

impl From<NewAppKey> for CreatedKey {
    fn from(key: NewAppKey) -> Self {
        Self { id: key.id, secret: key.secret }
    }
}

/// Make an app
///
/// The app belongs to the first tenant. Its first signing key is shown here and never again.
#[utoipa::path(
    post,
    path = "/v1/operator/apps",
    operation_id = "create_operator_app",
    tag = "operator",
    request_body = CreateApp,
    responses((status = CREATED, description = "The app and its first key", body = CreatedApp)),
    security(("session" = [])),
)]
pub(crate) async fn create_app(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateApp>,
) -> Result<(StatusCode, Json<CreatedApp>), ApiError> {
    let name = fields::name(&request.name)?;
    let now = Timestamp::now();
    let tenant_id = state.database().operator().first_tenant(now).await?;
    let scope = state.database().tenant(tenant_id);
    let new = NewApp { allows_guests: request.allows_guests, ..NewApp::named(name) };
    let app = scope.create_app(&new, now).await?;
    let key = scope.create_key(&app.id, now).await?;
    Ok((StatusCode::CREATED, Json(CreatedApp { app: app.into(), key: key.into() })))
}

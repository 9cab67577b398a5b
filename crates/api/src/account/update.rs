//! `PATCH /v1/me`: another name or language.

use axum::{Json, extract::State};
use jumpa_db::{Timestamp, User};
use jumpa_protocol::Language;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError, api_state::ApiState, fields, json_body::JsonBody, logins::me::Me, session::LoggedIn,
};

/// The request; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateMe {
    #[schema(min_length = 1, max_length = 80, example = "Rina")]
    name: Option<String>,
    language: Option<Language>,
}

/// Change the own name and language
#[utoipa::path(
    patch,
    path = "/v1/me",
    operation_id = "update_me",
    tag = "account",
    request_body = UpdateMe,
    responses((status = OK, description = "Who is logged in", body = Me)),
    security(("session" = [])),
)]
pub(crate) async fn update(
    login: LoggedIn,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<UpdateMe>,
) -> Result<Json<Me>, ApiError> {
    let user = login.user();
    let name = request.name.map_or_else(|| Ok(user.name.clone()), |name| fields::name(&name))?;
    let language = request.language.unwrap_or(user.language);
    let logins = state.database().logins();
    logins.change_user(user, &name, language, &login.author, Timestamp::now()).await?;
    let changed = User { name, language, ..user.clone() };
    Ok(Json(Me::of(&state, &changed).await?))
}

//! `GET /v1/operator/users`: everybody who logs in.

use axum::{Json, extract::State};
use jumpa_db::User;
use jumpa_protocol::UserId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError,
    api_state::ApiState,
    page::{Page, PageParameters, PageQuery},
    session::OperatorAccess,
};

/// Who is looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserQuery {
    /// A part of the name or of the e-mail address, without regard to case.
    search: Option<String>,
}

/// Somebody who logs in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperatorUser {
    id: UserId,
    #[schema(example = "rina@melati.example")]
    email: String,
    #[schema(example = "Rina")]
    name: String,
    /// Whether they run the platform.
    is_operator: bool,
    /// Whether their login needs a code beside the password.
    has_totp: bool,
}

/// List everybody who logs in
///
/// By e-mail address.
#[utoipa::path(
    get,
    path = "/v1/operator/users",
    operation_id = "list_users",
    tag = "operator",
    params(UserQuery, PageParameters),
    responses((status = OK, description = "One page", body = Page<OperatorUser>)),
    security(("session" = [])),
)]
pub(crate) async fn list_users(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    query: PageQuery<UserQuery>,
) -> Result<Json<Page<OperatorUser>>, ApiError> {
    let search = query.filter.search.as_deref().unwrap_or_default();
    let operator = state.database().operator();
    let found = operator.users(search, query.cursor(), query.fetch_limit()).await?;
    let view = |user: User| OperatorUser {
        id: user.id,
        email: user.email,
        name: user.name,
        is_operator: user.is_operator,
        has_totp: user.second_factor_since.is_some(),
    };
    Ok(Json(query.page_by(found, |user| user.email.clone(), view)))
}

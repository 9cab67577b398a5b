//! `GET /v1/me`: who is logged in.

use axum::Json;
use jumpa_db::User;
use serde::Serialize;
use utoipa::ToSchema;

use crate::session::LoggedIn;

/// Somebody who logged in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    #[schema(example = "ops@sehat.example")]
    email: String,
    #[schema(example = "Ops")]
    name: String,
    /// Whether they run the platform.
    is_operator: bool,
}

impl From<User> for Me {
    fn from(user: User) -> Self {
        Self { email: user.email, name: user.name, is_operator: user.is_operator }
    }
}

/// Show who is logged in
#[utoipa::path(
    get,
    path = "/v1/me",
    operation_id = "show_me",
    tag = "logins",
    responses((status = OK, description = "Who is logged in", body = Me)),
    security(("session" = [])),
)]
pub(crate) async fn me(LoggedIn(user): LoggedIn) -> Json<Me> {
    Json(user.into())
}

//! `GET /v1/me`: who is logged in.

use axum::Json;
use jumpa_db::User;
use serde::Serialize;

use crate::session::LoggedIn;

/// Somebody who logged in.
#[derive(Debug, Serialize)]
pub(crate) struct Me {
    email: String,
    name: String,
    is_operator: bool,
}

impl From<User> for Me {
    fn from(user: User) -> Self {
        Self { email: user.email, name: user.name, is_operator: user.is_operator }
    }
}

/// Who is logged in.
pub(crate) async fn me(LoggedIn(user): LoggedIn) -> Json<Me> {
    Json(user.into())
}

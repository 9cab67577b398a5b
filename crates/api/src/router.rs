//! Paths of the control plane.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{any, get, post},
};
use jumpa_protocol::limits;

use crate::{
    ApiConfig, ApiError, api_state::ApiState, apps, error, error::Code, logins, operator, origin,
    ratings,
};

/// Everything under `/v1` but signalling. Unknown paths there answer with a problem.
pub fn router(config: ApiConfig) -> Router {
    let state = ApiState::new(config);
    Router::new()
        .route("/v1/apps/{app_id}", get(apps::show))
        .route("/v1/ratings", post(ratings::create))
        .route("/v1/first_login", post(logins::first_login))
        .route("/v1/login", post(logins::login))
        .route("/v1/logout", post(logins::logout))
        .route("/v1/me", get(logins::me))
        .route("/v1/operator/apps", get(operator::list_apps).post(operator::create_app))
        .route("/v1/{*rest}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(limits::MAX_MESSAGE_BYTES))
        .layer(middleware::from_fn_with_state(state.clone(), origin::check_origin))
        .layer(middleware::from_fn(error::finish_response))
        .with_state(state)
}

async fn not_found() -> ApiError {
    Code::NotFound.into()
}

async fn method_not_allowed() -> ApiError {
    Code::MethodNotAllowed.into()
}

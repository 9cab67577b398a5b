//! Paths of the control plane.

use axum::{Router, extract::DefaultBodyLimit, middleware, routing::any};
use jumpa_protocol::limits;
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    ApiConfig, ApiError, api_state::ApiState, apps, error, error::Code, logins, openapi, operator,
    origin, rate_limit, ratings,
};

/// Everything under `/v1` but signalling, and `/openapi.json`. Unknown paths under `/v1` answer
/// with a problem.
pub fn router(config: ApiConfig) -> Router {
    let state = ApiState::new(config);
    let (operations, _) = operations().split_for_parts();
    operations
        .route("/v1/{*rest}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(limits::MAX_MESSAGE_BYTES))
        .layer(middleware::from_fn_with_state(state.clone(), origin::check_origin))
        .layer(middleware::from_fn_with_state(state.clone(), rate_limit::limit_changes))
        .layer(middleware::from_fn(error::finish_response))
        .with_state(state)
}

/// Every operation with its description.
pub(crate) fn operations() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(openapi::Description::openapi())
        .routes(routes!(openapi::show))
        .routes(routes!(logins::first_login::first_login))
        .routes(routes!(logins::login::login))
        .routes(routes!(logins::logout::logout))
        .routes(routes!(logins::me::me))
        .routes(routes!(apps::show::show))
        .routes(routes!(ratings::create::create))
        .routes(routes!(operator::list_apps::list_apps, operator::create_app::create_app))
}

async fn not_found() -> ApiError {
    Code::NotFound.into()
}

async fn method_not_allowed() -> ApiError {
    Code::MethodNotAllowed.into()
}

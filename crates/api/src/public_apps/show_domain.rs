//! `GET /v1/public/domains`: whether a host name belongs to an app, for proxies that get
//! certificates when they are first asked for.

use axum::{Json, extract::State};
use jumpa_protocol::AppId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ApiError, api_state::ApiState, error::Code, openapi::Refusal, page::Filter};

/// The query.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DomainQuery {
    /// The host name that a client asked the proxy for.
    #[param(example = "call.melati.example")]
    domain: String,
}

/// A host name that an app has for itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnDomain {
    app_id: AppId,
}

/// Show whose a domain is
///
/// Answered with 404 for every name that is no own domain of an app. A proxy asks here before it
/// gets a certificate (`ask` of Caddy's on-demand TLS). Answered without a login and without the
/// database.
#[utoipa::path(
    get,
    path = "/v1/public/domains",
    operation_id = "show_public_domain",
    tag = "apps",
    params(DomainQuery),
    responses(
        (status = OK, description = "The app that has the domain", body = OwnDomain),
        (status = NOT_FOUND, response = Refusal),
    ),
    security(()),
)]
pub(crate) async fn show_domain(
    State(state): State<ApiState>,
    Filter(query): Filter<DomainQuery>,
) -> Result<Json<OwnDomain>, ApiError> {
    let app_id = state.own_domains.app_at(&query.domain).ok_or(Code::NotFound)?;
    Ok(Json(OwnDomain { app_id }))
}

//! The OpenAPI document: what every operation has in common, and how the rest is collected.
//!
//! Each operation is described where it is handled, by `#[utoipa::path]`; the router registers the
//! handler and its description together, so that neither can exist without the other.

use axum::Json;
use serde_json::json;
use utoipa::{
    Modify, OpenApi, ToResponse,
    openapi::{
        Ref, RefOr,
        path::{HttpMethod, Operation, PathItem},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{
    error::{Code, Problem},
    router,
};

/// The document of everything that this crate serves, OpenAPI 3.1.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = router::operations().split_for_parts();
    Common.modify(&mut document);
    document
}

/// What the document begins with.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Jumpa",
        version = "1",
        description = "Video calls on your own server. JSON in snake_case, times in RFC 3339 and \
            UTC. Requests with unknown fields are refused, so that typing errors show. Refusals \
            are problems (RFC 9457) with a stable `code`. Every answer carries `X-Request-Id`, \
            `RateLimit` and `RateLimit-Policy`: reads and changes are counted apart, for each API \
            key, and for each address without one; who asks too fast gets 429 \
            `too_many_requests` with `Retry-After`. A POST or PUT may carry an `Idempotency-Key`: \
            sent again within 24 hours it gets the first answer.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/")),
    tags(
        (name = "logins", description = "Logging in and out"),
        (name = "account", description = "The own login: password, sessions, second factor"),
        (name = "tenant", description = "The tenant that somebody acts for"),
        (name = "members", description = "Who belongs to the tenant"),
        (name = "audit", description = "Who changed what"),
        (name = "apps", description = "Apps"),
        (name = "keys", description = "Keys that sign join tokens, and keys for this API"),
        (name = "tokens", description = "Join tokens"),
        (name = "rooms", description = "Rooms with a running call, and rooms that are prepared for one"),
        (name = "bans", description = "People who may not join"),
        (name = "calls", description = "Past and running calls"),
        (name = "recordings", description = "Recordings of calls"),
        (name = "usage", description = "Numbers of usage and quality"),
        (name = "webhooks", description = "Where a tenant hears of events, and what was delivered there"),
        (name = "ratings", description = "What participants thought of a call"),
        (name = "operator", description = "The whole platform, for those who run it"),
        (name = "description", description = "This document"),
    ),
    components(responses(Refusal), schemas(Problem<'static>, Code)),
)]
pub(crate) struct Description;

/// A refusal.
#[derive(ToResponse)]
#[response(description = "Refused", content_type = "application/problem+json")]
pub(crate) struct Refusal(
    #[expect(dead_code, reason = "describes the body that `ApiError` writes")] Problem<'static>,
);

/// Show this document
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "show_openapi",
    tag = "description",
    responses((status = OK, description = "OpenAPI 3.1", body = serde_json::Value)),
    security(()),
)]
pub(crate) async fn show() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}

/// Writes into each operation what follows from its shape.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        if let Some(components) = &mut document.components {
            let cookie = ApiKeyValue::with_description(
                "__Host-jumpa",
                "The cookie of a login; over plain http its name is jumpa_session. Changes must \
                 come with an Origin of this server.",
            );
            let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(cookie));
            components.security_schemes.insert("session".to_owned(), scheme.into());
            let bearer = HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("An API key of an app, `jumpa_api_…`. It reaches that app only."))
                .build();
            components
                .security_schemes
                .insert("api_key".to_owned(), SecurityScheme::Http(bearer).into());
        }
        for item in document.paths.paths.values_mut() {
            for (method, operation) in operations_of(item) {
                add_refusals(method, operation);
            }
        }
    }
}

fn operations_of(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, item.get.as_mut()),
        (HttpMethod::Post, item.post.as_mut()),
        (HttpMethod::Put, item.put.as_mut()),
        (HttpMethod::Patch, item.patch.as_mut()),
        (HttpMethod::Delete, item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation?)))
}

/// Which refusals an operation can answer with, beside its own.
fn add_refusals(method: HttpMethod, operation: &mut Operation) {
    let is_open =
        operation.security.iter().flatten().any(|requirement| {
            serde_json::to_value(requirement).is_ok_and(|value| value == json!({}))
        });
    let is_change = !matches!(method, HttpMethod::Get);
    let has_parameters = operation.parameters.as_ref().is_some_and(|list| !list.is_empty());
    let has_body = operation.request_body.is_some();
    let refusals = [
        ("400", has_body),
        ("401", !is_open),
        ("403", !is_open || is_change),
        ("404", has_parameters),
        ("413", has_body),
        ("415", has_body),
        ("422", has_body || has_parameters),
        ("429", is_change),
        ("default", true),
    ];
    for (status, is_possible) in refusals {
        if is_possible {
            let refusal = RefOr::Ref(Ref::from_response_name("Refusal"));
            operation.responses.responses.entry(status.to_owned()).or_insert(refusal);
        }
    }
}

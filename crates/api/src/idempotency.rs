//! `Idempotency-Key`: a request that is sent again is answered as before and not done again
//! (draft-ietf-httpapi-idempotency-key-header).

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jumpa_db::{IdempotencyClaim, IdempotentRequest, StoredAnswer, Timestamp};
use jumpa_protocol::limits;
use tracing::warn;

use crate::{ApiError, api_state::ApiState, error::Code, session, tenant_access::TENANT_HEADER};

const KEY_HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Says that an answer is one of before.
const REPLAYED_HEADER: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Longest key, bytes.
const MAX_KEY_BYTES: usize = 255;

/// Longest answer that is kept, bytes: far more than what any change answers.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Lets a request through that is new, and answers the others.
pub(crate) async fn answer_once(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    let may_create = matches!(*request.method(), Method::POST | Method::PUT);
    let Some(key) = request.headers().get(KEY_HEADER).filter(|_| may_create).cloned() else {
        return next.run(request).await;
    };
    // Whoever cannot show who they are changes nothing that could happen twice.
    let Some(credential) = credential(&request) else { return next.run(request).await };
    match claim(&state, request, &key, &credential).await {
        Ok((Claim::Run(idempotent), request)) => {
            // On a task of its own: it ends and is kept though the client has gone away.
            let done = tokio::spawn(run(state, idempotent, *request, next)).await;
            done.unwrap_or_else(|error| ApiError::internal(error).into_response())
        }
        Ok((Claim::Replay(answer), _)) => replay(answer),
        Err(error) => error.into_response(),
    }
}

enum Claim {
    Run(IdempotentRequest),
    Replay(StoredAnswer),
}

async fn claim(
    state: &ApiState,
    request: Request,
    key: &HeaderValue,
    credential: &str,
) -> Result<(Claim, Box<Request>), ApiError> {
    const RULE: &str = "1 to 255 visible ASCII characters";
    let key = key.to_str().map_err(|_| ApiError::invalid("Idempotency-Key", RULE))?;
    let is_visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_visible || key.is_empty() || key.len() > MAX_KEY_BYTES {
        return Err(ApiError::invalid("Idempotency-Key", RULE));
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, limits::MAX_MESSAGE_BYTES).await;
    let body = body.map_err(|_| Code::MessageTooBig)?;
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let what = [parts.method.as_str().as_bytes(), path.as_bytes(), body.as_ref()];
    let idempotent = IdempotentRequest::new(credential, key, &what);
    let logins = state.database().logins();
    let request = Box::new(Request::from_parts(parts, Body::from(body)));
    match logins.claim_idempotent_request(&idempotent, Timestamp::now()).await? {
        IdempotencyClaim::Claimed => Ok((Claim::Run(idempotent), request)),
        IdempotencyClaim::Done(answer) => Ok((Claim::Replay(answer), request)),
        IdempotencyClaim::InFlight => Err(Code::IdempotencyInFlight.into()),
        IdempotencyClaim::Reused => Err(Code::IdempotencyKeyReused.into()),
    }
}

/// Makes the request and keeps its answer. A refusal has changed nothing: it is not kept, so that
/// what was wrong can be mended under the same key. Nor is a cookie.
async fn run(
    state: ApiState,
    idempotent: IdempotentRequest,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let logins = state.database().logins();
    let is_kept =
        response.status().is_success() && !response.headers().contains_key(header::SET_COOKIE);
    if !is_kept {
        if let Err(error) = logins.release_idempotent_request(&idempotent).await {
            warn!(%error, "an idempotency key stays claimed for a minute");
        }
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = match to_bytes(body, MAX_ANSWER_BYTES).await {
        Ok(body) => body,
        Err(error) => return ApiError::internal(error).into_response(),
    };
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let answer = StoredAnswer {
        status_code: parts.status.as_u16(),
        content_type: content_type.and_then(|value| value.to_str().ok()).map(str::to_owned),
        body: body.to_vec(),
    };
    if let Err(error) = logins.finish_idempotent_request(&idempotent, &answer).await {
        warn!(%error, "an answer could not be kept for its idempotency key");
    }
    Response::from_parts(parts, Body::from(body))
}

fn replay(answer: StoredAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status_code).unwrap_or(StatusCode::OK);
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    let content_type = answer.content_type.and_then(|text| HeaderValue::from_str(&text).ok());
    if let Some(content_type) = content_type {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    headers.insert(REPLAYED_HEADER, HeaderValue::from_static("true"));
    response
}

/// What proves who asks, with the tenant that they ask for: a key counts for both together.
fn credential(request: &Request) -> Option<String> {
    let headers = request.headers();
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let proof = bearer.map(str::to_owned).or_else(|| session::any_cookie(headers))?;
    let tenant = headers.get(TENANT_HEADER).and_then(|value| value.to_str().ok());
    Some(format!("{proof}\n{}", tenant.unwrap_or_default()))
}

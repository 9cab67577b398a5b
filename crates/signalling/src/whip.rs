//! WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): publish and play with plain HTTP.
//!
//! `POST` with an offer joins and answers, `DELETE` on the returned address leaves, `PATCH`
//! restarts ICE. The server is ICE-lite and reachable by itself, so trickled candidates are taken
//! and not needed.

use std::{net::IpAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use jumpa_protocol::{
    AppId, ErrorCode, ParticipantId, Refusal, RoomKey, RoomName, control::Subscription, limits,
    signal::ClientInfo,
};
use serde::Deserialize;
use tokio::time::Instant;

use crate::{
    admission::Credentials,
    call::{Entry, SessionKind},
    front_door::FrontDoor,
    hub::Hub,
    media_resource::{MediaResources, Opened},
    problem::Problem,
    sdp_text,
    signalling::foreign_origin,
    telemetry,
};

const SDP: &str = "application/sdp";
const SDP_FRAGMENT: &str = "application/trickle-ice-sdpfrag";

/// The id of the join that a `POST` makes; nobody sees it.
const JOIN_REQUEST: u32 = 1;

/// What the routes share.
#[derive(Clone)]
pub struct WhipState {
    /// Calls.
    pub hub: Arc<Hub>,
    /// Limits per address.
    pub door: Arc<FrontDoor>,
    /// Open sessions.
    pub resources: Arc<MediaResources>,
}

/// Publishing or playing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Publish,
    Play,
}

impl Direction {
    fn name(self) -> &'static str {
        match self {
            Self::Publish => "whip",
            Self::Play => "whep",
        }
    }

    fn subscription(self) -> Subscription {
        match self {
            Self::Publish => Subscription::None,
            Self::Play => Subscription::Automatic,
        }
    }

    /// How somebody is called whose token gives no name.
    fn default_name(self) -> &'static str {
        match self {
            Self::Publish => "Encoder",
            Self::Play => "Player",
        }
    }
}

/// Who asks.
struct Caller<'a> {
    token: Option<String>,
    foreign_origin: Option<&'a str>,
    address: IpAddr,
}

#[derive(Debug, Deserialize)]
struct RoomPath {
    app_id: String,
    room: String,
}

#[derive(Debug, Deserialize)]
struct ResourcePath {
    app_id: String,
    room: String,
    secret: String,
}

/// The routes of both.
pub fn router(state: WhipState) -> Router {
    Router::new()
        .route("/whip/{app_id}/{room}", room_routes(Direction::Publish))
        .route("/whep/{app_id}/{room}", room_routes(Direction::Play))
        .route("/whip/{app_id}/{room}/{secret}", resource_routes())
        .route("/whep/{app_id}/{room}/{secret}", resource_routes())
        .layer(map_response(allow_other_origins))
        .with_state(state)
}

fn room_routes(direction: Direction) -> MethodRouter<WhipState> {
    let open = move |state: State<WhipState>, path: Path<RoomPath>, request: Request| async move {
        open(direction, state.0, path.0, request).await
    };
    post(open).options(preflight)
}

fn resource_routes() -> MethodRouter<WhipState> {
    axum::routing::delete(close).patch(change).options(preflight)
}

/// Pages of other origins may publish and play: the token is in a header, never in a cookie.
async fn allow_other_origins(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let exposed = HeaderValue::from_static("Location, ETag, Link, Retry-After");
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    response
}

async fn preflight() -> impl IntoResponse {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST, PATCH, DELETE, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, If-Match"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        (HeaderName::from_static("accept-post"), SDP),
        (HeaderName::from_static("accept-patch"), SDP_FRAGMENT),
    ];
    (StatusCode::NO_CONTENT, headers)
}

async fn open(
    direction: Direction,
    state: WhipState,
    path: RoomPath,
    request: Request,
) -> Result<Response, Problem> {
    let room = room_key(&path.app_id, &path.room)?;
    let (parts, body) = request.into_parts();
    let address = state.door.address(&parts.extensions, &parts.headers);
    check_media_type(&parts.headers, SDP)?;
    let token = bearer_token(&parts.headers)?;
    let caller = Caller { token, foreign_origin: foreign_origin(&parts.headers), address };
    let offer = read_text(body).await?;
    let joined = join(direction, &state, &room, &caller, offer).await;
    match joined {
        Ok(Opened { secret, answer, etag }) => {
            telemetry::joined(direction.name());
            let RoomKey { app_id, room } = room;
            let location = format!("/{}/{app_id}/{room}/{secret}", direction.name());
            let headers = [
                (header::CONTENT_TYPE, SDP.to_owned()),
                (header::LOCATION, location),
                (header::ETAG, etag),
                (HeaderName::from_static("accept-patch"), SDP_FRAGMENT.to_owned()),
            ];
            Ok((StatusCode::CREATED, headers, answer).into_response())
        }
        Err(refusal) => {
            telemetry::join_refused(refusal.code);
            state.door.note_refusal(address, refusal.code, Instant::now().into_std());
            Err(refusal.into())
        }
    }
}

async fn join(
    direction: Direction,
    state: &WhipState,
    room: &RoomKey,
    caller: &Caller<'_>,
    offer: String,
) -> Result<Opened, Refusal> {
    if !state.door.may_try(caller.address, Instant::now().into_std()) {
        return Err(ErrorCode::TooManyMessages.into());
    }
    let identity = state.hub.admit(Credentials {
        app_id: &room.app_id,
        room: &room.room,
        token: caller.token.as_deref(),
        resume_token: None,
        name: Some(direction.default_name()),
        foreign_origin: caller.foreign_origin,
    })?;
    let sources = match direction {
        Direction::Publish if !identity.grants.publish => {
            identity.one_time.iter().for_each(|used| state.hub.admission.release(used));
            return Err(ErrorCode::NotGranted.into());
        }
        Direction::Publish => sdp_text::sources(&offer),
        Direction::Play => Vec::new(),
    };
    let entry = Entry {
        session: state.hub.new_session(),
        kind: SessionKind::MediaOnly(direction.subscription()),
        request_id: JOIN_REQUEST,
        participant_id: ParticipantId::generate(),
        identity,
        password: None,
        offer,
        sources,
        client: ClientInfo::default(),
    };
    state.resources.open(&state.hub, room.clone(), entry).await
}

async fn close(
    State(state): State<WhipState>,
    Path(path): Path<ResourcePath>,
) -> Result<StatusCode, Problem> {
    let room = room_key(&path.app_id, &path.room)?;
    let resource = state.resources.find(&room, &path.secret).ok_or_else(no_such_session)?;
    if resource.delete().await { Ok(StatusCode::OK) } else { Err(no_such_session()) }
}

async fn change(
    State(state): State<WhipState>,
    Path(path): Path<ResourcePath>,
    request: Request,
) -> Result<Response, Problem> {
    let room = room_key(&path.app_id, &path.room)?;
    let (parts, body) = request.into_parts();
    let resource = state.resources.find(&room, &path.secret).ok_or_else(no_such_session)?;
    check_media_type(&parts.headers, SDP_FRAGMENT)?;
    let fragment = read_text(body).await?;
    let wanted = parts.headers.get(header::IF_MATCH).ok_or_else(|| {
        let detail = "`If-Match` names the ICE session, or is `*` to restart it";
        Problem::new(StatusCode::PRECONDITION_REQUIRED, "if_match_required", detail)
    })?;
    if wanted.as_bytes() == b"*" {
        let (ufrag, password) = sdp_text::ice_credentials(&fragment).ok_or_else(|| {
            let detail = "an ICE restart needs `a=ice-ufrag` and `a=ice-pwd`";
            Problem::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidValue.as_str(), detail)
        })?;
        let restarted = resource.restart_ice(ufrag, password).await?;
        let headers =
            [(header::CONTENT_TYPE, SDP_FRAGMENT.to_owned()), (header::ETAG, restarted.etag)];
        return Ok((StatusCode::OK, headers, restarted.fragment).into_response());
    }
    let etag = resource.etag().await.ok_or_else(no_such_session)?;
    if wanted.as_bytes() != etag.as_bytes() {
        let detail = "the ICE session has been replaced";
        let status = StatusCode::PRECONDITION_FAILED;
        return Err(Problem::new(status, "etag_mismatch", detail));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn no_such_session() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "session_unknown", "the session has ended or never was")
}

fn room_key(app_id: &str, room: &str) -> Result<RoomKey, Problem> {
    let app_id: AppId = app_id.parse().map_err(|_| ErrorCode::AppUnknown)?;
    let room: RoomName = room.parse().map_err(|error: jumpa_protocol::IdError| {
        Refusal::new(ErrorCode::InvalidValue, error.to_string())
    })?;
    Ok(RoomKey { app_id, room })
}

fn check_media_type(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|text| text.split(';').next()).unwrap_or_default();
    if essence.trim().eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    let detail = format!("the content type is `{wanted}`");
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type_unsupported", detail))
}

/// The token of `Authorization: Bearer …` (RFC 6750 section 2.1). `None` without the header; a
/// header of another form is refused rather than taken for a guest.
fn bearer_token(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, token)| token.trim().to_owned());
    token.map(Some).ok_or_else(|| {
        Refusal::new(ErrorCode::TokenMalformed, "the `Authorization` header is no Bearer token")
            .into()
    })
}

async fn read_text(body: Body) -> Result<String, Problem> {
    let bytes = to_bytes(body, limits::MAX_OFFER_MESSAGE_BYTES)
        .await
        .map_err(|_| Problem::from(ErrorCode::MessageTooBig))?;
    String::from_utf8(bytes.into()).map_err(|_| ErrorCode::OfferInvalid.into())
}

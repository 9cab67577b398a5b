//! `POST /v1/apps/{app_id}/tokens`: a link into a room.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::{ActorKind, App, AppKey, TenantScope, Timestamp};
use jumpa_protocol::{
    AppId, KeyId, RoomName, directory::KeyKind, limits, token::Grants, token::JoinClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    ApiError,
    actor::AppAccess,
    api_state::ApiState,
    error::Code,
    fields,
    json_body::{JsonBody, object},
    needs,
    openapi::Refusal,
    tenant_access::TenantHeader,
    time::rfc3339,
};

/// How long a token lasts when nothing else is asked.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Stands for every room.
const EVERY_ROOM: &str = "*";

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateToken {
    /// The room, or `*` for every room where the app allows it.
    #[schema(example = "ruang-1")]
    room: String,
    /// The display name; the person cannot change it.
    #[schema(example = "Siti", min_length = 1, max_length = 80)]
    name: String,
    /// The person's id in your own system.
    #[schema(example = "kasir-7", min_length = 1, max_length = 256)]
    subject: Option<String>,
    #[serde(default)]
    is_moderator: bool,
    /// How long the token can be used to join, seconds; 3600 when it is left out.
    #[schema(minimum = 1, maximum = 86_400, default = 3_600)]
    ttl_s: Option<u64>,
    /// Which `hs256` key signs; the newest active one when it is left out.
    key_id: Option<KeyId>,
    #[serde(default, deserialize_with = "object")]
    grants: Option<GrantSwitches>,
}

/// What the person may do; what is left out is as in a token without grants.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantSwitches {
    publish: Option<bool>,
    share_screen: Option<bool>,
    chat: Option<bool>,
    react: Option<bool>,
    raise_hand: Option<bool>,
    bypass_lobby: Option<bool>,
    record: Option<bool>,
    stream: Option<bool>,
}

impl From<GrantSwitches> for Grants {
    fn from(wanted: GrantSwitches) -> Self {
        let usual = Self::default();
        Self {
            publish: wanted.publish.unwrap_or(usual.publish),
            share_screen: wanted.share_screen.unwrap_or(usual.share_screen),
            chat: wanted.chat.unwrap_or(usual.chat),
            react: wanted.react.unwrap_or(usual.react),
            raise_hand: wanted.raise_hand.unwrap_or(usual.raise_hand),
            bypass_lobby: wanted.bypass_lobby.unwrap_or(usual.bypass_lobby),
            record: wanted.record.unwrap_or(usual.record),
            stream: wanted.stream.unwrap_or(usual.stream),
        }
    }
}

/// The answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedToken {
    token: String,
    /// Opens the room with the token; null for a token of every room.
    #[schema(required)]
    url: Option<String>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-11-22T05:30:00Z")]
    expires_at: String,
}

/// Make a join token
///
/// Signed with a key of the app, for trying things out and for back ends that do not sign
/// themselves. Needs `tokens:create`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/tokens",
    operation_id = "create_token",
    tag = "tokens",
    params(TenantHeader, ("app_id" = AppId, Path)),
    request_body = CreateToken,
    responses(
        (status = CREATED, description = "The token", body = CreatedToken),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn create(
    access: AppAccess<needs::CreateTokens>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateToken>,
) -> Result<(StatusCode, Json<CreatedToken>), ApiError> {
    let app = &access.app;
    let room = room(app, &request.room)?;
    let lifetime = request.ttl_s.map_or(DEFAULT_LIFETIME, Duration::from_secs);
    if lifetime.is_zero() || lifetime > limits::MAX_TOKEN_LIFETIME {
        return Err(ApiError::invalid("ttl_s", "1 to 86400"));
    }
    let now = Timestamp::now();
    let expires_at = now + lifetime;
    let claims = JoinClaims {
        room: room.as_ref().map_or(EVERY_ROOM, RoomName::as_str).to_owned(),
        exp: seconds(expires_at),
        nbf: None,
        iat: Some(seconds(now)),
        app: Some(app.id.to_string()),
        sub: request.subject.map(|subject| fields::subject(&subject)).transpose()?,
        name: Some(fields::name(&request.name)?),
        avatar: None,
        moderator: request.is_moderator,
        jti: None,
        grants: request.grants.map(Grants::from),
    };
    let (key_id, secret) = signing_key(&access.scope(&state), app, request.key_id, now).await?;
    let sign = &state.config.join_tokens.sign;
    let token = sign(&key_id, &secret, &claims).map_err(ApiError::internal)?;
    // Back ends make thousands; what a person makes by hand opens rooms under any name.
    if access.author().kind != ActorKind::ApiKey {
        let what = json!({
            "key_id": key_id,
            "room": claims.room,
            "name": claims.name,
            "subject": claims.sub,
            "is_moderator": claims.moderator,
            "expires_at": rfc3339(expires_at),
        });
        access.scope(&state).note_token_created(&app.id, what, access.author(), now).await?;
    }
    let url = room.map(|room| {
        let address = state.own_domains.room_url(app, &room, &state.config.link_base);
        format!("{address}?jwt={token}")
    });
    let answer = CreatedToken { token, url, expires_at: rfc3339(expires_at) };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The room that is named; `None` for every room.
fn room(app: &App, text: &str) -> Result<Option<RoomName>, ApiError> {
    if text == EVERY_ROOM {
        let is_allowed = app.settings.allows_any_room;
        let refusal = || ApiError::invalid("room", "`*` only where the app allows any room");
        return is_allowed.then_some(None).ok_or_else(refusal);
    }
    text.parse().map(Some).map_err(|error| ApiError::invalid_because("room", error))
}

/// The key that was named, or the newest that is active.
async fn signing_key(
    scope: &TenantScope<'_>,
    app: &App,
    named: Option<KeyId>,
    now: Timestamp,
) -> Result<(KeyId, Vec<u8>), ApiError> {
    let key_id = match named {
        Some(key_id) => key_id,
        None => {
            let is_usable = |key: &AppKey| {
                key.kind == KeyKind::Hs256 && key.signs_at(now) && key.not_after.is_none()
            };
            let newest = scope.keys(&app.id).await?.into_iter().rev().find(is_usable);
            newest.ok_or(Code::SigningKeyMissing)?.id
        }
    };
    match scope.key_secret(&app.id, &key_id, now).await? {
        Some(secret) => Ok((key_id, secret)),
        None => Err(Code::SigningKeyMissing.into()),
    }
}

/// Seconds since 1970.
fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_micros() / 1_000_000).unwrap_or_default()
}

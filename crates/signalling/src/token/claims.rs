//! The inside of a token: three shapes of claims, read into one.

use std::fmt;

use jumpa_protocol::{
    AppId, ErrorCode, Refusal, RoomName,
    token::{Grants, JoinClaims},
};
use regex_lite::RegexBuilder;
use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, Visitor},
};

use super::{malformed, read_object};

/// Issuer of JaaS tokens.
const JAAS_ISSUER: &str = "chat";

/// Issuers besides the app id that tokens with `context` name: of JaaS, and of Qiscus Meet.
const OTHER_ISSUERS: [&str; 2] = [JAAS_ISSUER, "meetcall"];

/// The audience of Jitsi and JaaS tokens.
const JITSI_AUDIENCE: &str = "jitsi";

/// Longest pattern of rooms, bytes.
const MAX_PATTERN_BYTES: usize = 256;

/// Most memory of a compiled pattern, bytes: counted repetitions multiply.
const MAX_PATTERN_SIZE: usize = 64 * 1024;

/// How the claims of a token are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenShape {
    /// Ours: neither `aud` nor `context`.
    Own,
    /// Of Jitsi with its token plug-in.
    Jitsi,
    /// Of JaaS: `iss` is `chat`.
    Jaas,
}

/// What a token says, whatever its shape.
#[derive(Debug)]
pub(super) struct Claims {
    pub(super) shape: TokenShape,
    /// `iss`, where the shape has one.
    pub(super) issuer: Option<String>,
    /// The apps that the token says it is for, by each way of saying so.
    apps: Vec<String>,
    /// Whom it is for: Jitsi, or an app.
    audience: Option<Vec<String>>,
    pub(super) room: RoomClaim,
    pub(super) exp: u64,
    pub(super) nbf: Option<u64>,
    pub(super) iat: Option<u64>,
    pub(super) jti: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) name: Option<String>,
    pub(super) avatar: Option<String>,
    pub(super) is_moderator: bool,
    pub(super) grants: Grants,
}

/// The rooms that a token is for.
#[derive(Debug)]
pub(super) enum RoomClaim {
    /// One, or every one with `*`.
    Name(String),
    /// Those whose whole name fits a regular expression.
    Pattern(String),
}

/// What tells the shapes apart.
#[derive(Deserialize)]
struct Marks {
    #[serde(default)]
    aud: Option<IgnoredAny>,
    #[serde(default)]
    context: Option<IgnoredAny>,
}

impl Claims {
    /// Reads claims, base64url.
    pub(super) fn read(part: &str) -> Result<Self, Refusal> {
        let wrong = || malformed("a claim is missing or has a wrong type");
        let marks: Marks = read_object(part).ok_or_else(wrong)?;
        if marks.aud.is_none() && marks.context.is_none() {
            return read_object(part).map(Self::from_own).ok_or_else(wrong);
        }
        let claims: JitsiClaims = read_object(part).ok_or_else(wrong)?;
        claims.check()?;
        Ok(Self::from_jitsi(claims))
    }

    /// Whether nothing in the token names another app.
    pub(super) fn is_for(&self, app_id: &AppId) -> bool {
        let is_audience = |name: &String| name == JITSI_AUDIENCE || name == app_id.as_str();
        self.apps.iter().all(|app| app == app_id.as_str())
            && self.audience.as_ref().is_none_or(|names| names.iter().any(is_audience))
    }

    fn from_own(claims: JoinClaims) -> Self {
        Self {
            shape: TokenShape::Own,
            issuer: None,
            apps: claims.app.into_iter().collect(),
            audience: None,
            room: RoomClaim::Name(claims.room),
            exp: claims.exp,
            nbf: claims.nbf,
            iat: claims.iat,
            jti: claims.jti,
            subject: claims.sub,
            name: claims.name,
            avatar: claims.avatar,
            is_moderator: claims.moderator,
            grants: claims.grants.unwrap_or_default(),
        }
    }

    fn from_jitsi(claims: JitsiClaims) -> Self {
        let JitsiClaims { iss, aud, sub, room, exp, nbf, iat, jti, moderator, context } = claims;
        let Context { user, features, room: room_context } = context.unwrap_or_default();
        let (user, features) = (user.unwrap_or_default(), features.unwrap_or_default());
        let issuer_app = iss.clone().filter(|issuer| !OTHER_ISSUERS.contains(&issuer.as_str()));
        let is_pattern = room_context.and_then(|room| room.regex).is_some_and(bool::from);
        let is_owner = user.affiliation.as_deref() == Some("owner");
        let defaults = Grants::default();
        Self {
            shape: match iss.as_deref() {
                Some(JAAS_ISSUER) => TokenShape::Jaas,
                _ => TokenShape::Jitsi,
            },
            issuer: iss,
            apps: issuer_app.into_iter().chain(sub).collect(),
            audience: aud.map(Vec::from),
            room: if is_pattern { RoomClaim::Pattern(room) } else { RoomClaim::Name(room) },
            exp,
            nbf,
            iat,
            jti,
            subject: user.id,
            name: user.name,
            avatar: user.avatar,
            is_moderator: is_owner
                || [moderator, user.moderator].into_iter().flatten().any(bool::from),
            grants: Grants {
                share_screen: features.screen_sharing.map_or(defaults.share_screen, bool::from),
                chat: features.send_groupchat.map_or(defaults.chat, bool::from),
                record: features.recording.map_or(defaults.record, bool::from),
                stream: features.livestreaming.map_or(defaults.stream, bool::from),
                ..defaults
            },
        }
    }
}

impl RoomClaim {
    /// Checks that a room is among those of the token.
    pub(super) fn check(&self, room: &RoomName, allows_any: bool) -> Result<(), Refusal> {
        let is_room = match self {
            Self::Name(name) if name != "*" => {
                let name: RoomName =
                    name.parse().map_err(|_| malformed("`room` is no room name"))?;
                &name == room
            }
            Self::Name(_) | Self::Pattern(_) if !allows_any => {
                return Err(Refusal::new(
                    ErrorCode::TokenWrongRoom,
                    "the app does not allow tokens for every room",
                ));
            }
            Self::Name(_) => true,
            Self::Pattern(pattern) => fits_pattern(pattern, room)?,
        };
        if is_room { Ok(()) } else { Err(ErrorCode::TokenWrongRoom.into()) }
    }
}

/// Whether the whole name of a room fits a pattern; in linear time, whatever the pattern.
fn fits_pattern(pattern: &str, room: &RoomName) -> Result<bool, Refusal> {
    let compile = |pattern: &str| {
        RegexBuilder::new(pattern)
            .case_insensitive(true)
            .size_limit(MAX_PATTERN_SIZE)
            .build()
            .map_err(|_| malformed("`room` is no pattern that can be used"))
    };
    if pattern.len() > MAX_PATTERN_BYTES {
        return Err(malformed("`room` is a pattern of more than 256 bytes"));
    }
    // On its own first: an unmatched parenthesis must not meet the one around it.
    compile(pattern)?;
    Ok(compile(&format!("^(?:{pattern})$"))?.is_match(room.as_str()))
}

/// Claims of Jitsi's token plug-in and of JaaS. `null` counts as absent.
#[derive(Deserialize)]
struct JitsiClaims {
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    aud: Option<Audience>,
    #[serde(default)]
    sub: Option<String>,
    room: String,
    exp: u64,
    #[serde(default)]
    nbf: Option<u64>,
    #[serde(default)]
    iat: Option<u64>,
    #[serde(default)]
    jti: Option<String>,
    #[serde(default)]
    moderator: Option<Flag>,
    #[serde(default)]
    context: Option<Context>,
}

impl JitsiClaims {
    /// JaaS names audience and app always.
    fn check(&self) -> Result<(), Refusal> {
        let is_jaas = self.iss.as_deref() == Some(JAAS_ISSUER);
        if is_jaas && (self.aud.is_none() || self.sub.is_none()) {
            return Err(malformed("a token of the issuer `chat` has `aud` and `sub`"));
        }
        Ok(())
    }
}

/// One audience or several (RFC 7519 section 4.1.3).
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl From<Audience> for Vec<String> {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::One(audience) => vec![audience],
            Audience::Several(audiences) => audiences,
        }
    }
}

#[derive(Default, Deserialize)]
struct Context {
    #[serde(default)]
    user: Option<User>,
    #[serde(default)]
    features: Option<JitsiFeatures>,
    #[serde(default)]
    room: Option<RoomContext>,
}

#[derive(Default, Deserialize)]
struct User {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    avatar: Option<String>,
    #[serde(default)]
    moderator: Option<Flag>,
    #[serde(default)]
    affiliation: Option<String>,
}

/// Features that are rights here; others are ignored.
#[derive(Default, Deserialize)]
struct JitsiFeatures {
    #[serde(default, rename = "screen-sharing")]
    screen_sharing: Option<Flag>,
    #[serde(default, rename = "send-groupchat")]
    send_groupchat: Option<Flag>,
    #[serde(default)]
    recording: Option<Flag>,
    #[serde(default)]
    livestreaming: Option<Flag>,
}

#[derive(Deserialize)]
struct RoomContext {
    #[serde(default)]
    regex: Option<Flag>,
}

/// `true` or `"true"`.
#[derive(Debug, Clone, Copy)]
struct Flag(bool);

impl From<Flag> for bool {
    fn from(flag: Flag) -> Self {
        flag.0
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlagVisitor)
    }
}

struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = Flag;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false, maybe as text")
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Flag, E> {
        Ok(Flag(flag))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Flag, E> {
        match text {
            "true" => Ok(Flag(true)),
            "false" => Ok(Flag(false)),
            _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }
}

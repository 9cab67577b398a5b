//! What admission knows of apps and keys: a snapshot that lives in memory, so that joins need no
//! database. The server builds a new one when something changed, within seconds.

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    AppId, Branding, KeyId, Origin, RoomName, TenantId, limits,
    recording::{RecordingKind, RecordingPolicy, StreamTargetName},
    role::words,
    token::Grants,
    verification_key::PublicKey,
};

/// Every app and every key of the node.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// Apps by their public id.
    pub apps: HashMap<AppId, AppEntry>,
    /// Signing keys by key id; revoked ones are absent.
    pub keys: HashMap<KeyId, KeyEntry>,
    /// Apps by the host name that they have for themselves, in lower case.
    pub own_domains: HashMap<String, AppId>,
}

/// One app.
#[derive(Debug, Clone)]
pub struct AppEntry {
    /// The tenant that owns it.
    pub tenant_id: TenantId,
    /// The name that people read.
    pub name: String,
    /// Whether the operator has suspended the tenant; none of its apps takes joins then.
    pub is_tenant_suspended: bool,
    /// A disabled app takes no joins.
    pub is_disabled: bool,
    /// Whether the app is tried out or in earnest.
    pub environment: Environment,
    /// What people without a token may do.
    pub guests: GuestPolicy,
    /// Whether a token may name every room with `*`, or many by a pattern.
    pub allows_any_room: bool,
    /// Whether a token with a `jti` may join only once.
    pub one_time_tokens: bool,
    /// Whether people who are in a call stay when the app is disabled, the tenant suspended or
    /// their key revoked. Otherwise they are out within seconds.
    pub keeps_running_calls: bool,
    /// Most participants in one call.
    pub max_participants: u32,
    /// Most calls at a time; `None` for no limit.
    pub max_calls: Option<u32>,
    /// Whether the app has used the minutes of its month; it takes no joins until the next one.
    pub has_used_up_minutes: bool,
    /// Pages that may show the app's calls in a frame and open connections of their own. When
    /// empty, no other site may frame them, and connections come from anywhere: whoever joins
    /// shows a token.
    pub origins: Vec<Origin>,
    /// What calls of the app offer.
    pub features: Features,
    /// What is recorded without anybody asking for it.
    pub recording: RecordingPolicy,
    /// Where streams can be sent without an address or a key, the oldest first. Shared, since an
    /// entry is copied for each join.
    pub stream_targets: Arc<Vec<StreamTargetName>>,
    /// How the app's pages look.
    pub branding: Arc<Branding>,
    /// HS256 keys that are tried, in this order, for tokens that name none with `kid`; at most
    /// [`limits::MAX_KEYS_WITHOUT_ID`] count. Empty where the app does not take such tokens.
    pub keys_without_id: Vec<KeyId>,
    /// Subjects of tokens who may not join, each until a time in seconds since 1970, or for good.
    /// Shared, since an entry is copied for each join.
    pub bans: Arc<HashMap<String, Option<u64>>>,
    /// How the next call of some rooms begins. Shared, since an entry is copied for each join.
    pub prepared_rooms: Arc<HashMap<RoomName, PreparedRoom>>,
}

impl AppEntry {
    /// An app with the limits that hold when nothing else was set.
    #[must_use]
    pub fn new(tenant_id: TenantId, name: impl Into<String>) -> Self {
        Self {
            tenant_id,
            name: name.into(),
            is_tenant_suspended: false,
            is_disabled: false,
            environment: Environment::Production,
            guests: GuestPolicy::Refused,
            allows_any_room: false,
            one_time_tokens: false,
            keeps_running_calls: false,
            max_participants: limits::DEFAULT_MAX_PARTICIPANTS,
            max_calls: None,
            has_used_up_minutes: false,
            origins: Vec::new(),
            features: Features::default(),
            recording: RecordingPolicy::default(),
            stream_targets: Arc::default(),
            branding: Arc::default(),
            keys_without_id: Vec::new(),
            bans: Arc::default(),
            prepared_rooms: Arc::default(),
        }
    }

    /// Whether the app or its tenant was stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.is_disabled || self.is_tenant_suspended
    }

    /// Whether somebody of this id in the tenant's own system is banned, `now` in seconds since
    /// 1970.
    #[must_use]
    pub fn is_banned(&self, subject: Option<&str>, now: u64) -> bool {
        let ban = subject.and_then(|subject| self.bans.get(subject));
        ban.is_some_and(|until| until.is_none_or(|until| now < until))
    }

    /// Whether pages of another origin may take part in calls of the app.
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.origins.is_empty() || self.origins.iter().any(|allowed| allowed.allows(origin))
    }
}

/// How the next call of a room begins.
#[derive(Debug, Clone)]
pub struct PreparedRoom {
    /// Another one each time that the room is prepared: one preparation is for one call.
    pub id: Uuid,
    /// What newcomers are asked for, text in UTF-8.
    pub password: Option<Secret>,
    /// Whether they wait until somebody lets them in.
    pub has_lobby: bool,
    /// Most participants, where that is less than the app allows.
    pub max_participants: Option<u32>,
    /// What is recorded without anybody asking for it, where that is more than in other rooms.
    pub recording: RecordingPolicy,
    /// Until when a call begins so, seconds since 1970.
    pub expires_at: Option<u64>,
}

impl PreparedRoom {
    /// Whether a call that begins at `now`, seconds since 1970, begins so.
    #[must_use]
    pub fn holds_at(&self, now: u64) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

words! {
    /// Whether an app is tried out or in earnest.
    #[derive(Default)]
    Environment {
        /// Pages show a mark, and a part of the node's capacity is kept from such apps.
        Trial = "trial",
        /// In earnest.
        #[default]
        Production = "production",
    }
}

words! {
    /// What people without a token may do.
    #[derive(Default)]
    GuestPolicy {
        /// Nothing.
        #[default]
        Refused = "refused",
        /// Wait until a moderator lets them in, in every room.
        Wait = "wait",
        /// Join.
        Join = "join",
    }
}

/// What calls of an app offer; each is also a right of the token's grants, and both are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Features {
    /// Text chat.
    pub chat: bool,
    /// Screen sharing.
    pub screen_sharing: bool,
    /// Reactions.
    pub reactions: bool,
    /// Raised hands.
    pub raised_hands: bool,
    /// Recording.
    pub recording: bool,
    /// Streams. They are kept as recordings, so both are needed.
    pub streaming: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            chat: true,
            screen_sharing: true,
            reactions: true,
            raised_hands: true,
            recording: true,
            streaming: true,
        }
    }
}

impl Features {
    /// Whether calls can be recorded so.
    #[must_use]
    pub fn records(self, kind: RecordingKind) -> bool {
        self.recording && (self.streaming || kind != RecordingKind::Stream)
    }

    /// What is left of somebody's grants in an app with these features.
    #[must_use]
    pub fn limit(self, grants: Grants) -> Grants {
        Grants {
            chat: grants.chat && self.chat,
            share_screen: grants.share_screen && self.screen_sharing,
            react: grants.react && self.reactions,
            raise_hand: grants.raise_hand && self.raised_hands,
            record: grants.record && self.recording,
            stream: grants.stream && self.records(RecordingKind::Stream),
            ..grants
        }
    }
}

/// One signing key.
#[derive(Debug, Clone)]
pub struct KeyEntry {
    /// The only app that the key signs for.
    pub app_id: AppId,
    /// What signatures are verified with. It alone decides the algorithm.
    pub material: KeyMaterial,
    /// From when on the key signs no more, seconds since 1970. Whoever joined with it before stays:
    /// a key that was replaced is not a key that was lost.
    pub not_after: Option<u64>,
}

impl KeyEntry {
    /// A key that signs until it is revoked.
    #[must_use]
    pub fn new(app_id: AppId, material: KeyMaterial) -> Self {
        Self { app_id, material, not_after: None }
    }

    /// A key with an HS256 secret.
    #[must_use]
    pub fn hs256(app_id: AppId, secret: impl Into<Vec<u8>>) -> Self {
        Self::new(app_id, KeyMaterial::Hs256(Secret(secret.into())))
    }

    /// The secret of an HS256 key.
    #[must_use]
    pub fn secret(&self) -> Option<&[u8]> {
        match &self.material {
            KeyMaterial::Hs256(secret) => Some(&secret.0),
            KeyMaterial::Public(_) => None,
        }
    }

    /// Whether it signs at `now`, seconds since 1970.
    #[must_use]
    pub fn signs_at(&self, now: u64) -> bool {
        self.not_after.is_none_or(|end| now < end)
    }
}

words! {
    /// How a key signs tokens, and by that what the server keeps of it.
    KeyKind {
        /// HMAC with SHA-256: a secret that the server makes.
        Hs256 = "hs256",
        /// RSASSA-PKCS1-v1_5 with SHA-256: a public key.
        Rs256 = "rs256",
        /// ECDSA on P-256 with SHA-256: a public key.
        Es256 = "es256",
        /// Ed25519: a public key.
        Ed25519 = "ed25519",
    }
}

/// What signatures are verified with.
#[derive(Debug, Clone)]
pub enum KeyMaterial {
    /// HMAC with SHA-256; at least 32 bytes.
    Hs256(Secret),
    /// The public half of a key that the tenant keeps.
    Public(PublicKey),
}

impl KeyMaterial {
    /// What kind of key it is.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match self {
            Self::Hs256(_) => KeyKind::Hs256,
            Self::Public(PublicKey::Rs256(_)) => KeyKind::Rs256,
            Self::Public(PublicKey::Es256(_)) => KeyKind::Es256,
            Self::Public(PublicKey::Ed25519(_)) => KeyKind::Ed25519,
        }
    }

    /// The only `alg` of tokens that this verifies (RFC 7518 section 3.1, RFC 8037 section 3.1).
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Hs256(_) => "HS256",
            Self::Public(key) => key.algorithm(),
        }
    }
}

/// Bytes that stand in no log.
#[derive(Clone)]
pub struct Secret(pub Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ban_holds_until_its_end() {
        let mut app = AppEntry::new(TenantId::generate(), "Toko Melati");
        let bans = [("kasir-1".to_owned(), Some(100)), ("kasir-2".to_owned(), None)];
        app.bans = Arc::new(HashMap::from(bans));
        assert!(app.is_banned(Some("kasir-1"), 99));
        assert!(!app.is_banned(Some("kasir-1"), 100));
        assert!(app.is_banned(Some("kasir-2"), u64::MAX));
        assert!(!app.is_banned(Some("kasir-3"), 0));
        assert!(!app.is_banned(None, 0));
    }

    #[test]
    fn nothing_is_streamed_where_nothing_is_recorded() {
        let features = Features { recording: false, ..Features::default() };
        let limited = features.limit(Grants::default());
        assert_eq!((limited.record, limited.stream), (false, false));
        let features = Features { streaming: false, ..Features::default() };
        let limited = features.limit(Grants::default());
        assert_eq!((limited.record, limited.stream), (true, false));
    }

    #[test]
    fn a_feature_that_is_off_takes_the_right_from_everybody() {
        let features = Features { chat: false, raised_hands: false, ..Features::default() };
        let limited = features.limit(Grants { react: false, ..Grants::default() });
        let expected = Grants { chat: false, react: false, raise_hand: false, ..Grants::default() };
        assert_eq!(limited, expected);
    }
}

//! What admission knows of apps and keys: a snapshot that lives in memory, so that joins need no
//! database. The server builds a new one when something changed, within seconds.

use std::collections::HashMap;

use crate::{AppId, KeyId, TenantId, limits};

/// Every app and every active key of the node.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// Apps by their public id.
    pub apps: HashMap<AppId, AppEntry>,
    /// Active signing keys by key id; revoked ones are absent.
    pub keys: HashMap<KeyId, KeyEntry>,
}

/// One app.
#[derive(Debug, Clone)]
pub struct AppEntry {
    /// The tenant that owns it.
    pub tenant_id: TenantId,
    /// The name that people read.
    pub name: String,
    /// A disabled app takes no joins.
    pub is_disabled: bool,
    /// Whether people may join without a token.
    pub allows_guests: bool,
    /// Whether a token may name every room with `*`.
    pub allows_any_room: bool,
    /// Whether a token with a `jti` may join only once.
    pub one_time_tokens: bool,
    /// Whether people who are in a call stay when the app is disabled or their key is revoked.
    /// Otherwise they are out within seconds.
    pub keeps_running_calls: bool,
    /// Most participants in one call.
    pub max_participants: u32,
}

impl AppEntry {
    /// An app with the limits that hold when nothing else was set.
    #[must_use]
    pub fn new(tenant_id: TenantId, name: impl Into<String>) -> Self {
        Self {
            tenant_id,
            name: name.into(),
            is_disabled: false,
            allows_guests: false,
            allows_any_room: false,
            one_time_tokens: false,
            keeps_running_calls: false,
            max_participants: limits::DEFAULT_MAX_PARTICIPANTS,
        }
    }
}

/// One signing key.
#[derive(Clone)]
pub struct KeyEntry {
    /// The only app that the key signs for.
    pub app_id: AppId,
    /// The secret of an HS256 key, at least 32 bytes.
    pub secret: Vec<u8>,
}

impl std::fmt::Debug for KeyEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyEntry").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

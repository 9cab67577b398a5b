//! Values that statements carry, for either engine.

use jumpa_protocol::{
    ApiKeyId, AppId, AuditEventId, BanId, CallId, IdentityProviderId, InvitationId, KeyId,
    Language, MailId, ParticipantId, RecordingFileId, RecordingId, RecordingLinkId,
    RecordingStorageId, RecordingViewId, ReportId, Role, SessionId, StreamTargetId, TenantId,
    TenantStatus, UserId, WebhookDeliveryId, WebhookId,
    directory::{Environment, GuestPolicy, KeyKind},
    recording::{
        ComposeTime, RecordedFileRole, RecordingEncryption, RecordingFailure, RecordingFallback,
        RecordingKind, RecordingLayout, RecordingState, StreamFailure, StreamState,
    },
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::Timestamp;

/// One bound value. The kinds are those that both engines store; an absent one is NULL of its kind,
/// since PostgreSQL wants to know the kind.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Bool(Option<bool>),
    Integer(Option<i64>),
    Real(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Uuid(Option<Uuid>),
    /// TEXT on SQLite, JSONB on PostgreSQL.
    Json(Option<Json<serde_json::Value>>),
}

impl Value {
    /// Whether a text of it holds the character U+0000.
    pub(crate) fn has_nul(&self) -> bool {
        match self {
            Self::Text(Some(text)) => text.contains('\0'),
            Self::Json(Some(Json(json))) => json_has_nul(json),
            _ => false,
        }
    }
}

fn json_has_nul(json: &serde_json::Value) -> bool {
    match json {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(items) => items.iter().any(json_has_nul),
        serde_json::Value::Object(fields) => {
            fields.iter().any(|(name, value)| name.contains('\0') || json_has_nul(value))
        }
        _ => false,
    }
}

/// What [`crate::statement::Statement::bind`] takes.
pub(crate) trait Bind {
    /// What NULL of this kind is.
    const NULL: Value;

    fn into_value(self) -> Value;
}

impl<T: Bind> Bind for Option<T> {
    const NULL: Value = T::NULL;

    fn into_value(self) -> Value {
        self.map_or(Self::NULL, T::into_value)
    }
}

macro_rules! binds {
    ($($kind:ident: $($type:ty => |$value:ident| $stored:expr),+;)+) => {
        $($(impl Bind for $type {
            const NULL: Value = Value::$kind(None);

            fn into_value(self) -> Value {
                let $value = self;
                Value::$kind(Some($stored))
            }
        })+)+
    };
}

binds! {
    Bool: bool => |value| value;
    Integer:
        i64 => |value| value,
        u32 => |value| i64::from(value),
        u8 => |value| i64::from(value),
        Timestamp => |value| value.as_micros();
    Real: f64 => |value| value;
    Text:
        &str => |value| value.to_owned(),
        &String => |value| value.clone(),
        String => |value| value,
        &AppId => |value| value.as_str().to_owned(),
        &KeyId => |value| value.as_str().to_owned(),
        Role => |value| value.as_str().to_owned(),
        Language => |value| value.as_str().to_owned(),
        TenantStatus => |value| value.as_str().to_owned(),
        Environment => |value| value.as_str().to_owned(),
        GuestPolicy => |value| value.as_str().to_owned(),
        KeyKind => |value| value.as_str().to_owned(),
        RecordingEncryption => |value| value.as_str().to_owned(),
        RecordingKind => |value| value.as_str().to_owned(),
        RecordingState => |value| value.as_str().to_owned(),
        RecordingFailure => |value| value.as_str().to_owned(),
        RecordedFileRole => |value| value.as_str().to_owned(),
        RecordingLayout => |value| value.as_str().to_owned(),
        ComposeTime => |value| value.as_str().to_owned(),
        RecordingFallback => |value| value.as_str().to_owned(),
        StreamState => |value| value.as_str().to_owned(),
        StreamFailure => |value| value.as_str().to_owned();
    Bytes:
        Vec<u8> => |value| value,
        &[u8] => |value| value.to_vec(),
        [u8; 32] => |value| value.to_vec();
    Uuid:
        Uuid => |value| value,
        UserId => |value| value.as_uuid(),
        TenantId => |value| value.as_uuid(),
        IdentityProviderId => |value| value.as_uuid(),
        InvitationId => |value| value.as_uuid(),
        SessionId => |value| value.as_uuid(),
        AuditEventId => |value| value.as_uuid(),
        MailId => |value| value.as_uuid(),
        ApiKeyId => |value| value.as_uuid(),
        BanId => |value| value.as_uuid(),
        WebhookId => |value| value.as_uuid(),
        WebhookDeliveryId => |value| value.as_uuid(),
        CallId => |value| value.as_uuid(),
        RecordingId => |value| value.as_uuid(),
        RecordingFileId => |value| value.as_uuid(),
        RecordingLinkId => |value| value.as_uuid(),
        RecordingStorageId => |value| value.as_uuid(),
        RecordingViewId => |value| value.as_uuid(),
        StreamTargetId => |value| value.as_uuid(),
        ParticipantId => |value| value.as_uuid(),
        ReportId => |value| value.as_uuid();
    Json: serde_json::Value => |value| Json(value);
}

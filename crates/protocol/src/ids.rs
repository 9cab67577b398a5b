//! Identifiers: newtypes that are parsed once, at the border.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::limits;

/// Why a text is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{kind}` must be {rule}")]
pub struct IdError {
    kind: &'static str,
    rule: &'static str,
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
        )]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        #[ts(type = "string")]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new id from the clock and the system's random source (UUIDv7, RFC 9562 section 5.7).
            #[must_use]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// Wraps an existing UUID, for storage and for tests that need equal ids in each run.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, as the database stores it.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|hex| hex.len() == 32)
                    .and_then(|hex| Uuid::try_parse(hex).ok())
                    .map(Self)
                    .ok_or(IdError {
                        kind: stringify!($name),
                        rule: concat!("`", $prefix, "_` and 32 hexadecimal digits"),
                    })
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    };
}

uuid_id! {
    /// The operator's customer.
    TenantId, "ten"
}
uuid_id! {
    /// Somebody who logs in to dashboards.
    UserId, "usr"
}
uuid_id! {
    /// An invitation to a tenant.
    InvitationId, "inv"
}
uuid_id! {
    /// A login of somebody in one browser.
    SessionId, "ses"
}
uuid_id! {
    /// Where people log in instead of with a password.
    IdentityProviderId, "idp"
}
uuid_id! {
    /// A line of the audit.
    AuditEventId, "aud"
}
uuid_id! {
    /// A mail in the outbox.
    MailId, "mail"
}
uuid_id! {
    /// A key with which the back end of an app calls the API.
    ApiKeyId, "apk"
}
uuid_id! {
    /// A ban of somebody from an app.
    BanId, "ban"
}
uuid_id! {
    /// A server that runs calls; it keeps its id over restarts.
    NodeId, "node"
}
uuid_id! {
    /// A place where a tenant wants to hear of events.
    WebhookId, "whk"
}
uuid_id! {
    /// One event on its way to one webhook.
    WebhookDeliveryId, "del"
}
uuid_id! {
    /// One occurrence in a room, first join to last leave.
    CallId, "call"
}
uuid_id! {
    /// One joined device in a call.
    ParticipantId, "par"
}
uuid_id! {
    /// What was recorded of one call.
    RecordingId, "rec"
}
uuid_id! {
    /// A file of a recording.
    RecordingFileId, "file"
}
uuid_id! {
    /// A link with which somebody without a login sees a recording.
    RecordingLinkId, "rlk"
}
uuid_id! {
    /// Where files of recordings lie.
    RecordingStorageId, "rst"
}
uuid_id! {
    /// Where a stream is sent.
    StreamTargetId, "stt"
}
uuid_id! {
    /// One time that somebody was given something of a recording.
    RecordingViewId, "view"
}
uuid_id! {
    /// One chat message.
    ChatMessageId, "msg"
}
uuid_id! {
    /// One fact that a node reports of a call; webhooks carry it on.
    ReportId, "evt"
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $rule:literal, $normalise:expr, $valid:expr) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
        )]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        #[ts(type = "string")]
        pub struct $name(String);

        impl $name {
            /// The text of the id, in its normal form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let normalise: fn(&str) -> String = $normalise;
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(normalise(text)))
                } else {
                    Err(IdError { kind: stringify!($name), rule: $rule })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

text_id! {
    /// The public name of an app, for example `klinik-sehat-k3x9q`.
    AppId,
    "3 to 64 characters of a-z, 0-9 and -",
    str::to_owned,
    |text| (3..=limits::MAX_APP_ID_LEN).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
text_id! {
    /// The public name of a signing key; the `kid` of a join token.
    KeyId,
    "`key_` and 1 to 60 characters of a-z and 0-9",
    str::to_owned,
    |text| text.strip_prefix("key_").is_some_and(|rest| {
        (1..=60).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}
text_id! {
    /// A named place inside an app. Letters are compared without case and kept in lower case.
    RoomName,
    "1 to 100 characters of a-z, 0-9, -, _, . and ~",
    str::to_ascii_lowercase,
    |text| (1..=limits::MAX_ROOM_NAME_LEN).contains(&text.len())
        && text != "."
        && text != ".."
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~'))
}

/// A room with its app: what names a place on the whole platform, `app_id/room`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RoomKey {
    /// The app that the room belongs to.
    pub app_id: AppId,
    /// The name inside the app.
    pub room: RoomName,
}

impl fmt::Display for RoomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.app_id, self.room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_participant_id_reads_back_what_it_printed() {
        let id = ParticipantId::generate();
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let call = CallId::generate().to_string();
        assert!(call.parse::<ParticipantId>().is_err());
    }

    #[test]
    fn a_room_name_is_kept_in_lower_case() {
        assert_eq!("Ruang-1".parse::<RoomName>().map(String::from), Ok("ruang-1".to_owned()));
    }

    #[test]
    fn hostile_room_names_are_refused() {
        let long = "r".repeat(limits::MAX_ROOM_NAME_LEN + 1);
        for text in ["", "..", "a/b", "a b", "ruang\u{0}", "ñ", "%2e", &long] {
            assert!(text.parse::<RoomName>().is_err(), "{text:?}");
        }
        assert!("r".repeat(limits::MAX_ROOM_NAME_LEN).parse::<RoomName>().is_ok());
    }
}

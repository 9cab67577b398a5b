//! Stable reasons for refusals.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $message:literal;)*) => {
        /// Why a request was refused. Codes are stable: clients branch on them and translate them.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS,
        )]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $code)] #[ts(rename = $code)] $variant,)*
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it stands on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// One English sentence for logs and for developers; user interfaces have their own texts.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)* }
            }
        }
    };
}

error_codes! {
    /// The message is not JSON, or a field has the wrong type.
    BadMessage = "bad_message", "the message could not be read";
    /// The request is well formed but makes no sense here, for example a `view` before `join`.
    NotAllowedNow = "not_allowed_now", "the request is not possible in this state";
    /// A field has a value outside its range.
    InvalidValue = "invalid_value", "a field has a value outside its range";
    /// Over the size limit.
    MessageTooBig = "message_too_big", "the message is larger than its limit";
    /// Over the rate limit.
    TooManyMessages = "too_many_messages", "too many messages in a short time";
    /// No app with this id.
    AppUnknown = "app_unknown", "there is no app with this id";
    /// The app was disabled by its owner or the operator.
    AppDisabled = "app_disabled", "this app is disabled";
    /// The operator has suspended the app's tenant.
    TenantSuspended = "tenant_suspended", "the service of this app is suspended";
    /// The app names the pages that may embed its calls, and this is none of them.
    OriginRefused = "origin_refused", "pages of this origin may not take part in calls of this app";
    /// The app has banned the subject of the token.
    UserBanned = "user_banned", "this person may not join calls of this app";
    /// The app has used up its minutes of the month.
    MinutesUsedUp = "minutes_used_up", "this app has used up its minutes of the month";
    /// The app has as many calls at a time as it may have.
    TooManyCalls = "too_many_calls", "this app has as many calls at a time as it may have";
    /// What the server gives to trial apps is taken.
    TrialFull = "trial_full", "the server has no room for further participants of trial apps";
    /// The operator takes this server out of service: it starts no calls, running ones go on.
    ServerDraining = "server_draining", "this server takes no new calls at the moment";
    /// The app takes no guests and no token was given.
    TokenRequired = "token_required", "joining needs an access token";
    /// Not a JWT, or a required claim is missing or has the wrong type.
    TokenMalformed = "token_malformed", "the access token could not be read";
    /// No active key has the token's `kid`.
    TokenKeyUnknown = "token_key_unknown", "the access token names no active key";
    /// The header names another algorithm than the key's.
    TokenAlgorithm = "token_algorithm", "the access token does not use the algorithm of its key";
    /// The signature does not fit.
    TokenSignature = "token_signature", "the signature of the access token is wrong";
    /// `exp` has passed.
    TokenExpired = "token_expired", "the access token has expired";
    /// `nbf` has not come.
    TokenNotYetValid = "token_not_yet_valid", "the access token is not valid yet";
    /// It lives longer than 24 h.
    TokenLifetime = "token_lifetime", "the access token is valid for longer than 24 hours";
    /// Signed for another room.
    TokenWrongRoom = "token_wrong_room", "the access token is for another room";
    /// Signed by another app's key.
    TokenWrongApp = "token_wrong_app", "the access token is for another app";
    /// A one-time token that was used before.
    TokenReplayed = "token_replayed", "the access token was used before";
    /// The room has a password and none was given.
    PasswordRequired = "password_required", "the room asks for a password";
    /// The given password is not the room's.
    PasswordWrong = "password_wrong", "the password is wrong";
    /// The call has as many participants as the app allows.
    RoomFull = "room_full", "the room is full";
    /// As many people wait as a lobby holds.
    LobbyFull = "lobby_full", "too many people are waiting already";
    /// A moderator refused the person that waited.
    LobbyDenied = "lobby_denied", "a moderator did not let you in";
    /// A moderator removed this person; the call does not take them back.
    Banned = "banned", "you were removed from this call";
    /// The call was ended while the request was on its way.
    CallEnded = "call_ended", "the call has ended";
    /// The session to resume is not known, is over, or missed too much.
    ResumeUnknown = "resume_unknown", "the session cannot be resumed";
    /// Only moderators may do this.
    NotModerator = "not_moderator", "only a moderator may do this";
    /// The token does not grant this.
    NotGranted = "not_granted", "your access does not include this";
    /// The participant named in the request is not in the call.
    ParticipantUnknown = "participant_unknown", "there is no such participant in the call";
    /// The recording named in the request is not running in the call.
    RecordingUnknown = "recording_unknown", "there is no such recording in the call";
    /// A stream shall be sent to a target that the app has not stored.
    StreamTargetUnknown = "stream_target_unknown", "there is no such stream target";
    /// The offer could not be parsed or does not follow the slot contract.
    OfferInvalid = "offer_invalid", "the session description is not usable";
    /// The media plane has no room for another participant.
    MediaUnavailable = "media_unavailable", "media is not available at the moment";
    /// There is no call here without a recording, and nothing can be recorded at the moment.
    RecorderUnavailable = "recorder_unavailable",
        "calls of this room are recorded, and no recorder is free at the moment";
    /// The server is shutting down.
    ServerClosing = "server_closing", "the server is restarting";
    /// Anything on our side that is not the client's fault.
    Internal = "internal", "something went wrong on the server";
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal: a stable code and a sentence that says what exactly was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// The stable reason.
    pub code: ErrorCode,
    /// One English sentence. Holds nothing that the other side may not know.
    pub message: String,
}

impl Refusal {
    /// A refusal with its own sentence.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.message())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_on_the_wire_as_it_is_named() {
        for code in ErrorCode::ALL {
            let json = serde_json::to_string(code).expect("a plain string");
            assert_eq!(json, format!("\"{}\"", code.as_str()));
        }
    }
}

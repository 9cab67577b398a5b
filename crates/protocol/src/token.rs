//! Claims of a join token of our own shape (a JWT, RFC 7519).

use serde::{Deserialize, Serialize};

/// What an access token says. Unknown claims are ignored; known ones must have these types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinClaims {
    /// The room, or `*` for every room where the app allows it.
    pub room: String,
    /// When the token stops to be valid, seconds since 1970.
    pub exp: u64,
    /// When it starts to be valid, seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<u64>,
    /// When it was made, seconds since 1970; the lifetime counts from here when it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<u64>,
    /// The app, if the signer wants it checked; the key decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// The person's id in the tenant's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The display name; the person cannot change it when it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address of a picture (https).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// Whether the person moderates the call.
    #[serde(default)]
    pub moderator: bool,
    /// Unique id of the token; a token with it joins once where the app asks for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// What the person may do; everything when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<Grants>,
}

/// Rights of a participant besides moderation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Grants {
    /// Send microphone and camera.
    pub publish: bool,
    /// Share the screen.
    pub share_screen: bool,
    /// Write in the chat.
    pub chat: bool,
    /// Send reactions.
    pub react: bool,
    /// Raise the hand.
    pub raise_hand: bool,
    /// Enter without waiting in the lobby.
    pub bypass_lobby: bool,
    /// Start and stop recordings, as a moderator.
    pub record: bool,
    /// Start and stop streams, as a moderator.
    pub stream: bool,
}

impl Default for Grants {
    fn default() -> Self {
        Self {
            publish: true,
            share_screen: true,
            chat: true,
            react: true,
            raise_hand: true,
            bypass_lobby: false,
            record: true,
            stream: true,
        }
    }
}

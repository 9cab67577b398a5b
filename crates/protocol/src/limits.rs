//! Every bound of the protocol in one place. Tests try each at limit − 1, limit and limit + 1.

use std::time::Duration;

/// Largest signalling message without a session description, bytes.
pub const MAX_MESSAGE_BYTES: usize = 64 * 1024;

/// Largest signalling message that carries an offer, bytes: Chromium's offer with 49 video slots
/// is 268 KB when the page did not limit its codecs.
pub const MAX_OFFER_MESSAGE_BYTES: usize = 512 * 1024;

/// Messages that one connection may send per second, after a burst of as many.
/// A client above it for long is closed with [`close_code::FLOOD`].
pub const MAX_MESSAGES_PER_SECOND: u32 = 30;

/// Longest app id, characters.
pub const MAX_APP_ID_LEN: usize = 64;
/// Longest room name, characters.
pub const MAX_ROOM_NAME_LEN: usize = 100;
/// Longest display name, characters (Unicode scalar values).
pub const MAX_NAME_CHARS: usize = 80;
/// Longest chat text, characters (Unicode scalar values).
pub const MAX_CHAT_CHARS: usize = 4_000;
/// Chat messages that a call keeps for those who join later.
pub const MAX_CHAT_HISTORY: usize = 500;
/// Longest room password, characters.
pub const MAX_PASSWORD_CHARS: usize = 64;
/// Longest access token, bytes.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// Participants of a call when the app sets no other limit.
pub const DEFAULT_MAX_PARTICIPANTS: u32 = 100;
/// People that wait in one lobby at most; the next one is told that the lobby is full.
pub const MAX_LOBBY: usize = 100;

/// Audio slots of a client that asks for none.
pub const DEFAULT_AUDIO_SLOTS: u16 = 5;
/// Steps in which a client grows its video slots.
pub const VIDEO_SLOT_STEPS: [u16; 5] = [4, 9, 16, 25, 49];
/// Most audio slots of one participant.
pub const MAX_AUDIO_SLOTS: u16 = 20;
/// Most video slots of one participant.
pub const MAX_VIDEO_SLOTS: u16 = 49;

/// How long a participant without a WebSocket stays in the call while its client tries to resume.
pub const RESUME_WINDOW: Duration = Duration::from_secs(30);
/// How often a client sums up its media for statistics; what comes much earlier is not looked at.
pub const MEDIA_SUMMARY_INTERVAL: Duration = Duration::from_secs(10);
/// Most tracks of one summary: everything that a client can send and receive.
pub const MAX_SUMMARY_TRACKS: usize = 80;
/// Events kept for a client that resumes; when more were missed it gets a new snapshot.
pub const MAX_REPLAY_EVENTS: usize = 512;

/// How long a new WebSocket may take until its `join` or `resume`.
pub const FIRST_MESSAGE_TIMEOUT: Duration = Duration::from_secs(10);
/// How often the server sends a WebSocket ping.
pub const PING_INTERVAL: Duration = Duration::from_secs(5);
/// How long a WebSocket may be silent (no frame at all, pongs included) before the server takes it
/// for dead. Three pings: shorter would cut off phones that sleep for a moment.
pub const SILENCE_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest text of each field of `client` in `join`, characters; longer ones are cut.
pub const MAX_CLIENT_INFO_CHARS: usize = 100;
/// Longest address of an avatar, bytes.
pub const MAX_AVATAR_BYTES: usize = 2_048;

/// Most targets of one stream.
pub const MAX_STREAM_TARGETS: usize = 8;
/// Longest address of a stream's target without its key, bytes.
pub const MAX_STREAM_URL_BYTES: usize = 1_024;
/// Longest stream key, bytes.
pub const MAX_STREAM_KEY_BYTES: usize = 512;
/// Longest address where viewers see a stream, bytes.
pub const MAX_VIEWER_URL_BYTES: usize = 2_048;

/// How long a call goes on without the recording that it must have: at its beginning, and after
/// its recording was lost. A recorder that restarts, or another one, takes over well within.
pub const RECORDING_GRACE: Duration = Duration::from_secs(60);

/// Keys that are tried for a token that names none, at most: each costs a hash of the token.
pub const MAX_KEYS_WITHOUT_ID: usize = 8;
/// Longest life of a join token.
pub const MAX_TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// Clock difference that is forgiven when `exp` and `nbf` are checked.
pub const TOKEN_LEEWAY: Duration = Duration::from_secs(30);

/// WebSocket close codes (RFC 6455 section 7.4.2, private range).
pub mod close_code {
    /// The call ended, the participant left or was removed: do not come back by yourself.
    pub const ENDED: u16 = 4000;
    /// The first message was neither `join` nor `resume`, or none came in time.
    pub const NO_JOIN: u16 = 4001;
    /// Another connection resumed this session.
    pub const REPLACED: u16 = 4002;
    /// Joining or resuming was refused; the `error` before says why. What can be mended (a missing
    /// password) is tried again on a new connection.
    pub const REFUSED: u16 = 4003;
    /// The client does not read fast enough: resume.
    pub const SLOW: u16 = 4004;
    /// Nothing came for [`super::SILENCE_TIMEOUT`]: resume.
    pub const SILENT: u16 = 4005;
    /// Too many messages.
    pub const FLOOD: u16 = 4008;
    /// A binary frame; every message is text.
    pub const NOT_TEXT: u16 = 1003;
    /// A message over its size limit.
    pub const TOO_BIG: u16 = 1009;
    /// The server shuts down: resume or join again after a moment.
    pub const RESTART: u16 = 1012;
}

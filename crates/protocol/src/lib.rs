//! The contract between Jumpa's clients and roles.
//!
//! Everything that crosses a border of the program is declared here and nowhere else:
//! [`signal`] is what clients and the server say over the WebSocket, [`fast`] what goes over the
//! data channel, [`control`] what signalling and the media plane tell each other, [`token`] what a
//! join token claims, [`directory`] what admission knows of apps and keys, [`verification_key`] the
//! public keys that tenants upload, [`report`] what the control plane hears of calls, [`live_room`] what it sees of
//! running ones and asks of them, [`recording`] what it and recorders tell each other, [`ErrorCode`]
//! every reason a request is refused with, and [`limits`] every bound.
//!
//! TypeScript types and JSON Schema are generated from these types (`make codegen`) and checked in.

mod allowed_networks;
mod branding;
pub mod control;
pub mod directory;
mod error_code;
pub mod fast;
mod id_schemas;
mod ids;
pub mod limits;
pub mod live_room;
mod media;
mod origin;
pub mod recording;
pub mod report;
mod role;
pub mod signal;
pub mod token;
pub mod verification_key;

pub use allowed_networks::{AllowedNetworks, NetworkError};
pub use branding::Branding;
pub use error_code::{ErrorCode, Refusal};
pub use ids::{
    ApiKeyId, AppId, AuditEventId, BanId, CallId, ChatMessageId, IdError, IdentityProviderId,
    InvitationId, KeyId, MailId, NodeId, ParticipantId, RecordingFileId, RecordingId,
    RecordingLinkId, RecordingStorageId, RecordingViewId, ReportId, RoomKey, RoomName, SessionId,
    StreamTargetId, TenantId, UserId, WebhookDeliveryId, WebhookId,
};
pub use media::{Layer, MediaKind, SourceKind, SourceNumber};
pub use origin::{Origin, OriginError};
pub use role::{Language, Role, TenantStatus, UnknownWord};

//! How ids look in the OpenAPI document.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{
    ApiKeyId, AppId, AuditEventId, BanId, CallId, IdentityProviderId, InvitationId, KeyId, MailId,
    NodeId, ParticipantId, RecordingFileId, RecordingId, RecordingLinkId, RecordingViewId,
    ReportId, RoomName, SessionId, StreamTargetId, TenantId, UserId, WebhookDeliveryId, WebhookId,
};

macro_rules! id_schemas {
    ($($name:ident: $pattern:literal, $example:literal, $description:literal;)*) => {
        $(
            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .description(Some($description))
                        .pattern(Some($pattern))
                        .examples([serde_json::Value::from($example)])
                        .into()
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    Cow::Borrowed(stringify!($name))
                }
            }
        )*
    };
}

id_schemas! {
    TenantId: "^ten_[0-9a-f]{32}$", "ten_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f", "The operator's customer.";
    UserId: "^usr_[0-9a-f]{32}$", "usr_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "Somebody who logs in to dashboards.";
    IdentityProviderId: "^idp_[0-9a-f]{32}$", "idp_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "Where people log in instead of with a password.";
    InvitationId: "^inv_[0-9a-f]{32}$", "inv_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "An invitation to a tenant.";
    SessionId: "^ses_[0-9a-f]{32}$", "ses_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "A login of somebody in one browser.";
    AuditEventId: "^aud_[0-9a-f]{32}$", "aud_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "A line of the audit.";
    MailId: "^mail_[0-9a-f]{32}$", "mail_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f", "A mail in the outbox.";
    ApiKeyId: "^apk_[0-9a-f]{32}$", "apk_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "A key with which the back end of an app calls the API.";
    BanId: "^ban_[0-9a-f]{32}$", "ban_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "A ban of somebody from an app.";
    NodeId: "^node_[0-9a-f]{32}$", "node_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "A server that runs calls.";
    WebhookId: "^whk_[0-9a-f]{32}$", "whk_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "A place where a tenant wants to hear of events.";
    WebhookDeliveryId: "^del_[0-9a-f]{32}$", "del_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "One event on its way to one webhook.";
    ReportId: "^evt_[0-9a-f]{32}$", "evt_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "Something that happened.";
    CallId: "^call_[0-9a-f]{32}$", "call_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "One occurrence in a room, first join to last leave.";
    RecordingId: "^rec_[0-9a-f]{32}$", "rec_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "What was recorded of one call.";
    RecordingFileId: "^file_[0-9a-f]{32}$", "file_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "A file of a recording.";
    RecordingLinkId: "^rlk_[0-9a-f]{32}$", "rlk_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "A link with which somebody without a login sees a recording.";
    StreamTargetId: "^stt_[0-9a-f]{32}$", "stt_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "Where a stream is sent.";
    RecordingViewId: "^view_[0-9a-f]{32}$", "view_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "One time that somebody was given something of a recording.";
    ParticipantId: "^par_[0-9a-f]{32}$", "par_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f",
        "One joined device in a call.";
    AppId: "^[a-z0-9-]{3,64}$", "klinik-sehat-k3x9q", "The public name of an app.";
    KeyId: "^key_[a-z0-9]{1,60}$", "key_k3x9qm7w2r", "The public name of a signing key.";
    RoomName: "^[A-Za-z0-9._~-]{1,100}$", "ruang-1", "A named place inside an app.";
}

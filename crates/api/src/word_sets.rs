//! Closed sets of words that answers carry as the database keeps them, for the OpenAPI document:
//! fields name them as `value_type`.

use std::{borrow::Cow, iter::once};

use jumpa_db::{ActorKind, WebhookEventType};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// Stands for every event of webhooks, also those that are added later.
pub(crate) const EVERY_EVENT: &str = "*";

macro_rules! word_sets {
    ($($(#[doc = $doc:literal])* $name:ident = $words:expr;)*) => {$(
        $(#[doc = $doc])*
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some(concat!($($doc),*).trim()))
                    .enum_values(Some($words))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )*};
}

word_sets! {
    /// Something that webhooks tell. More are added: receivers pass over names that they do not
    /// know.
    WebhookEventName = WebhookEventType::ALL.iter().map(|event| event.as_str());
    /// An event that a webhook hears of, or `*` for every one.
    WebhookEventChoice =
        once(EVERY_EVENT).chain(WebhookEventType::ALL.iter().map(|event| event.as_str()));
    /// Why a webhook is not called: somebody asked for it, it failed for three days, or it
    /// answered 410.
    WebhookPauseReason = ["requested", "failing", "gone"];
    /// How the last request to a webhook went.
    WebhookLastStatus = ["delivered", "failed"];
    /// What kind of somebody acted.
    AuditActorKind = ActorKind::ALL.iter().map(|kind| kind.as_str());
    /// What a participant sends.
    TrackSource = ["microphone", "camera", "screen", "screen_audio"];
    /// Sound or pictures.
    TrackKind = ["audio", "video"];
    /// Which way a track goes, seen from the participant: to the server or from it.
    TrackDirection = ["sent", "received"];
    /// What happened to somebody in a call.
    CallEventKind = [
        "source_changed", "connection_changed", "role_changed", "name_changed", "lobby_entered",
        "lobby_left",
    ];
    /// What somebody may do in a call.
    CallRole = ["moderator", "participant"];
    /// Why somebody is no longer in a call, or why it ended.
    CallLeaveReason = [
        "left", "connection_lost", "removed", "call_ended", "server_closing", "access_revoked",
        "server_lost",
    ];
}

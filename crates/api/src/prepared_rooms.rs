//! Rooms that are prepared for their next call: how it begins, as answers show it.

use std::time::Duration;

use jumpa_db::StoredPreparation;
use jumpa_protocol::{AppId, RoomKey, RoomName, directory::PreparedRoom, recording::AutoRecord};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{api_state::ApiState, time::rfc3339};

pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod prepare;
pub(crate) mod show;

/// How long an answer waits for admission to hear of a change, which takes a second. While it does
/// not hear, the answer comes all the same: the change holds, a little later.
const HEARD_WITHIN: Duration = Duration::from_secs(3);

/// A room that is prepared for its next call. Its password is never shown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreparedRoom)]
pub(crate) struct PreparedRoomView {
    app_id: AppId,
    room: RoomName,
    /// Whether newcomers are asked for a password.
    has_password: bool,
    /// Whether newcomers wait until somebody lets them in.
    has_lobby: bool,
    /// Most participants; null where the app says how many.
    #[schema(required, example = 2)]
    max_participants: Option<u32>,
    /// How the call is recorded from its beginning; null where it is as in other rooms.
    #[schema(required)]
    auto_record: Option<AutoRecord>,
    /// Whether there is no call without a recording; it may be so in every room of the app.
    recording_required: bool,
    /// A call that begins later begins as in any other room; null for one that may begin at any
    /// time. RFC 3339, UTC.
    #[schema(format = DateTime, required, example = "2026-12-01T03:00:00Z")]
    expires_at: Option<String>,
    /// When it was prepared, or changed for the last time, RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-11-22T04:30:00Z")]
    prepared_at: String,
}

impl From<StoredPreparation> for PreparedRoomView {
    fn from(stored: StoredPreparation) -> Self {
        let recording = stored.recording();
        Self {
            has_password: stored.has_password(),
            has_lobby: stored.has_lobby,
            max_participants: stored.max_participants(),
            auto_record: recording.auto_record,
            recording_required: recording.is_required,
            expires_at: stored.expires_at.map(rfc3339),
            prepared_at: rfc3339(stored.prepared_at),
            app_id: stored.app_id,
            room: stored.room,
        }
    }
}

/// Waits until who joins from now on meets what was changed. `is_heard` is asked of what admission
/// knows of the room.
async fn until_heard(
    state: &ApiState,
    room: &RoomKey,
    is_heard: impl Fn(Option<&PreparedRoom>) -> bool,
) {
    let mut directory = state.config.directory.clone();
    let heard = directory.wait_for(|directory| {
        let app = directory.apps.get(&room.app_id);
        is_heard(app.and_then(|app| app.prepared_rooms.get(&room.room)))
    });
    // Whether it was heard in time changes nothing in the answer.
    let _ = tokio::time::timeout(HEARD_WITHIN, heard).await;
}

//! Running calls as the control plane reaches them.

use std::sync::Arc;

use jumpa_protocol::{
    CallId, RecordingId, Refusal, RoomKey,
    live_room::{HostRequest, LiveParticipant, LiveRoom},
};

use crate::hub::Hub;

/// Every running call of the node, for whoever stands outside them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LiveRooms {
    hub: Arc<Hub>,
}

impl LiveRooms {
    pub(crate) fn new(hub: Arc<Hub>) -> Self {
        Self { hub }
    }

    /// Every call that somebody was let into, in no order.
    #[must_use]
    pub fn list(&self) -> Vec<LiveRoom> {
        self.hub.live_rooms()
    }

    /// The call of one room.
    #[must_use]
    pub fn find(&self, room: &RoomKey) -> Option<LiveRoom> {
        self.hub.live_room(room)
    }

    /// Who is in the call of a room, in the order of joining, and who waits; none when there is no
    /// call.
    pub async fn participants(&self, room: &RoomKey) -> Option<Vec<LiveParticipant>> {
        self.hub.live_participants(room).await
    }

    /// Asks something of the call of a room.
    ///
    /// # Errors
    /// [`jumpa_protocol::ErrorCode::CallEnded`] when there is none, else what the call refuses.
    pub async fn request(&self, room: &RoomKey, request: HostRequest) -> Result<(), Refusal> {
        self.hub.host_request(room, request).await
    }

    /// Lets a recorder into one call, unseen by the people in it. A secret.
    #[must_use]
    pub fn recorder_token(
        &self,
        room: &RoomKey,
        call_id: CallId,
        recording_id: RecordingId,
    ) -> String {
        self.hub.recorder_token(room, call_id, recording_id)
    }

    /// From now on no call is started, or calls are started again. Running ones take newcomers all
    /// the time.
    pub fn set_draining(&self, is_draining: bool) {
        self.hub.set_draining(is_draining);
    }

    /// Whether no call is started.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.hub.is_draining()
    }
}

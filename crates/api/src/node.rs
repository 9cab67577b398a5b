//! The server that runs calls, as far as the control plane looks into it.

use async_trait::async_trait;
use jumpa_db::Timestamp;
use jumpa_protocol::{
    CallId, NodeId, RecordingId, Refusal, RoomKey,
    live_room::{HostRequest, LiveParticipant, LiveRoom},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::HealthFinding;

/// What the control plane sees of calls and asks of them. The server connects it with signalling,
/// of which the control plane knows nothing.
#[async_trait]
pub trait Node: Send + Sync {
    /// Every call that somebody was let into, in no order.
    fn live_rooms(&self) -> Vec<LiveRoom>;

    /// The call of one room.
    fn live_room(&self, room: &RoomKey) -> Option<LiveRoom>;

    /// Who is in the call of a room and in its lobby; none when there is no call.
    async fn participants(&self, room: &RoomKey) -> Option<Vec<LiveParticipant>>;

    /// Asks something of the call of a room; `call_ended` when there is none.
    async fn request(&self, room: &RoomKey, request: HostRequest) -> Result<(), Refusal>;

    /// Lets a recorder into a call, unseen by people.
    fn recorder_token(&self, room: &RoomKey, call_id: CallId, recording_id: RecordingId) -> String;

    /// How the node is.
    fn status(&self) -> NodeStatus;

    /// From now on no call is started, or calls are started again.
    fn set_draining(&self, is_draining: bool);

    /// What the node was started with; never a password or a key.
    fn start_settings(&self) -> Vec<StartSetting>;

    /// Looks at everything that calls need, as `jumpa doctor` does.
    async fn health(&self) -> Vec<HealthFinding>;
}

/// How a node is at the moment.
#[derive(Debug, Clone)]
pub struct NodeStatus {
    /// Its id, the same after a restart.
    pub id: NodeId,
    /// The version of the program.
    pub version: String,
    /// When the program started.
    pub started_at: Timestamp,
    /// Processor time since the last look, as a share of all cores; `None` where the machine does
    /// not tell.
    pub cpu_ratio: Option<f64>,
    /// Memory in use; `None` where the machine does not tell.
    pub memory_bytes: Option<u64>,
    /// Whether it starts no calls.
    pub is_draining: bool,
}

/// One thing that a server was started with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StartSetting {
    /// What it is; stable.
    #[schema(value_type = String, example = "http_listen")]
    pub name: &'static str,
    /// The key of the configuration that changes it; null for what no key changes.
    #[schema(value_type = Option<String>, required, example = "http.listen")]
    pub key: Option<&'static str>,
    /// What it is set to; null where it is not set.
    #[schema(required, example = "127.0.0.1:8080")]
    pub value: Option<String>,
}

impl StartSetting {
    /// What stands under a key of the configuration.
    pub fn of(name: &'static str, key: &'static str, value: impl ToString) -> Self {
        let value = Some(value.to_string()).filter(|value| !value.is_empty());
        Self { name, key: Some(key), value }
    }

    /// What no key changes.
    pub fn fixed(name: &'static str, value: impl ToString) -> Self {
        Self { key: None, ..Self::of(name, "", value) }
    }
}

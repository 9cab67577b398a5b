//! What was done to running calls and to nodes. Nothing of it is stored but its line of the audit.

use jumpa_protocol::{NodeId, ParticipantId, RoomKey};
use serde_json::json;

use crate::{Author, DbError, OperatorScope, TenantScope, Timestamp, audit::Act};

/// What the host did in a running call, for the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomAct {
    /// Ended it for everybody.
    Ended,
    /// Set a password.
    Locked,
    /// Took the password away.
    Unlocked,
    /// Switched the lobby on.
    LobbyOpened,
    /// Switched the lobby off.
    LobbyClosed,
    /// Wrote to everybody.
    MessageSent,
}

/// What the host did to somebody in a running call, for the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParticipantAct {
    /// Let them in.
    Admitted,
    /// Took them out.
    Removed,
    /// Took them out for the rest of the call.
    Banned,
    /// Closed a source of theirs.
    Muted,
    /// Wrote to them alone.
    MessageSent,
}

impl RoomAct {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ended => "room.ended",
            Self::Locked => "room.locked",
            Self::Unlocked => "room.unlocked",
            Self::LobbyOpened => "room.lobby_opened",
            Self::LobbyClosed => "room.lobby_closed",
            Self::MessageSent => "room.message_sent",
        }
    }
}

impl ParticipantAct {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Admitted => "participant.admitted",
            Self::Removed => "participant.removed",
            Self::Banned => "participant.banned",
            Self::Muted => "participant.muted",
            Self::MessageSent => "participant.message_sent",
        }
    }
}

impl TenantScope<'_> {
    /// Writes into the audit what the host did in a running call.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_room_act(
        &self,
        act: RoomAct,
        room: &RoomKey,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        Act::new(act.as_str(), self.tenant_id(), ("room", room))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }

    /// Writes into the audit what the host did to somebody in a running call.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_participant_act(
        &self,
        act: ParticipantAct,
        room: &RoomKey,
        participant: &ParticipantId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        Act::new(act.as_str(), self.tenant_id(), ("participant", participant))
            .after(json!({ "room": room.to_string() }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }
}

impl OperatorScope<'_> {
    /// Writes into the audit that a node takes no new calls any more, or takes them again.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_node_draining(
        &self,
        node_id: NodeId,
        is_draining: bool,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let action = if is_draining { "node.drained" } else { "node.undrained" };
        Act::new(action, None, ("node", node_id)).record(&mut change, by, now).await?;
        change.commit().await
    }
}

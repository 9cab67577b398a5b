//! Where streams may be sent, and the targets that a recorder is given.

use std::time::Duration;

use jumpa_db::{DbError, Recording, RecordingProgress};
use jumpa_outbound::{DialError, look_up};
use jumpa_protocol::recording::{
    ChosenTarget, RecordingKind, StreamFailure, StreamState, StreamTarget, TargetReport,
    stream_host,
};
use tokio::time::timeout;
use tracing::warn;

use super::Recordings;

/// How long the look-up of a name may take. One that takes longer is not known, and a recorder
/// tells soon enough whether it leads anywhere.
const LOOK_UP_TIMEOUT: Duration = Duration::from_secs(3);

impl Recordings {
    /// Whether streams may be sent to an address: on the internet, or in a network that the
    /// operator names. A name that leads nowhere at the moment may.
    pub(crate) async fn may_reach(&self, url: &str) -> bool {
        let Some((host, port)) = stream_host(url) else { return false };
        let found = timeout(LOOK_UP_TIMEOUT, look_up(&host, port, &self.0.stream_networks)).await;
        !matches!(found, Ok(Err(DialError::NotPublic)))
    }

    /// Whether streams may be sent to every new one of these targets. Those that are known were
    /// looked at when they were entered, and are looked at whenever a recorder gets them.
    pub(crate) async fn may_reach_all(&self, targets: &[ChosenTarget]) -> bool {
        for target in targets {
            if let ChosenTarget::New(address) = target
                && !self.may_reach(&address.url).await
            {
                return false;
            }
        }
        true
    }

    /// Where the recorder of a stream sends it. What leads to the inside by now is left out, and
    /// shown as refused.
    pub(super) async fn destinations(
        &self,
        recording: &Recording,
    ) -> Result<Vec<StreamTarget>, DbError> {
        if recording.kind != RecordingKind::Stream {
            return Ok(Vec::new());
        }
        let mut open = Vec::new();
        let mut refused = Vec::new();
        for target in self.0.database.operator().stream_targets(recording).await? {
            if self.may_reach(&target.address.url).await {
                let url = format!("{}/{}", target.address.url, target.address.key);
                let networks = self.0.stream_networks.clone();
                open.push(StreamTarget { id: target.id, url, networks });
            } else {
                warn!(
                    recording.id = %recording.id, target.id = %target.id,
                    "a stream is not sent to an address of the inside"
                );
                refused.push(TargetReport {
                    id: target.id,
                    state: StreamState::Refused,
                    bitrate_bps: None,
                    failure: Some(StreamFailure::Unreachable),
                });
            }
        }
        if !refused.is_empty() {
            let next =
                |before: &Recording| Some(RecordingProgress { targets: refused, ..before.into() });
            self.change(recording.id, next).await?;
        }
        Ok(open)
    }
}

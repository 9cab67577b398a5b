//! A recorder with a link.

use std::collections::HashSet;

use jumpa_db::{BucketOwners, Timestamp};
use jumpa_protocol::{
    RecordingId,
    recording::{SpoolLevel, ToRecorder},
};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::admission::Capacity;

/// Least room on the disk of a recorder that gets another recording, where it does not tell how full
/// that is: half an hour of a large call.
const MIN_SPOOL_BYTES: u64 = 1024 * 1024 * 1024;

/// A recorder with a link.
#[derive(Debug)]
pub(super) struct Recorder {
    /// Names the link: a recorder that comes back may have a new one before the old one is gone.
    pub(super) link: Uuid,
    /// Since when there is this link.
    pub(super) linked_at: Timestamp,
    /// Version of the program.
    pub(super) version: String,
    /// What is to be said to it. When it is full the recorder does not read: its link is closed,
    /// and with the next one it hears everything again.
    pub(super) sender: mpsc::Sender<ToRecorder>,
    /// Jobs that were begun over this link: two who find one due at once begin it once.
    pub(super) begun: HashSet<RecordingId>,
    /// What it can do at once, thousandths of a processor core.
    pub(super) capacity_millicores: u32,
    /// Whether what it puts into its folder is in that of the server.
    pub(super) has_folder: bool,
    /// How it is; the default until it tells.
    pub(super) load: Load,
}

/// How a recorder is, as it tells every five seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Load {
    /// What its live jobs take, as it measures.
    pub(super) used_millicores: u32,
    /// Room on the disk of its spool.
    pub(super) spool_free_bytes: Option<u64>,
    /// How full that disk is.
    pub(super) spool_level: Option<SpoolLevel>,
}

impl Load {
    /// Whether the disk of the spool has room for another recording.
    fn has_room(&self) -> bool {
        match self.spool_level {
            Some(level) => level == SpoolLevel::Roomy,
            None => self.spool_free_bytes.is_none_or(|free| free >= MIN_SPOOL_BYTES),
        }
    }

    /// Whether pictures are left out.
    pub(super) fn is_sound_only(&self) -> bool {
        self.spool_level == Some(SpoolLevel::SoundOnly)
    }
}

impl Recorder {
    /// As admission sees it.
    pub(super) fn capacity(&self, id: &str, is_draining: bool, buckets: &BucketOwners) -> Capacity {
        let has_where = self.has_folder || !buckets.is_empty();
        Capacity {
            id: id.to_owned(),
            millicores: self.capacity_millicores,
            measured: self.load.used_millicores,
            takes_jobs: self.load.has_room() && !is_draining && has_where,
            has_folder: self.has_folder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_drains_or_has_a_full_disk_or_nowhere_to_put_files_takes_no_jobs() {
        let none = BucketOwners::default();
        let recorder = |spool_free_bytes, spool_level| Recorder {
            link: Uuid::now_v7(),
            linked_at: Timestamp::from_micros(0),
            version: "0.1.0".to_owned(),
            sender: mpsc::channel(1).0,
            begun: HashSet::new(),
            capacity_millicores: 100,
            has_folder: true,
            load: Load { used_millicores: 0, spool_free_bytes, spool_level },
        };
        let takes = |free, level| recorder(free, level).capacity("a", false, &none).takes_jobs;
        assert!(takes(None, None) && takes(Some(MIN_SPOOL_BYTES), None));
        assert!(!takes(Some(MIN_SPOOL_BYTES - 1), None));
        assert!(takes(Some(0), Some(SpoolLevel::Roomy)));
        assert!(!takes(Some(u64::MAX), Some(SpoolLevel::Filling)));
        assert!(!recorder(None, None).capacity("a", true, &none).takes_jobs);
        let elsewhere = Recorder { has_folder: false, ..recorder(None, None) };
        assert!(!elsewhere.capacity("a", false, &none).takes_jobs);
    }
}

//! How much room a disk has, and what that allows.

use std::{io, path::Path};

use jumpa_protocol::recording::SpoolLevel;

/// How large a disk counts at most, bytes. Of a larger one a twentieth would be room for days, and
/// recordings would be cut for nothing.
const COUNTED_BYTES: u64 = 320 << 30;

/// The room of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// All that it can hold for us with what is on it, bytes.
    pub total: u64,
    /// What is left for us, bytes.
    pub free: u64,
}

impl Space {
    /// Of the disk that holds a folder.
    ///
    /// # Errors
    /// When the folder is on no disk that can be asked.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let disk = rustix::fs::statvfs(folder)?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        Ok(Self::among(bytes(disk.f_blocks), bytes(disk.f_bfree), bytes(disk.f_bavail)))
    }

    /// Of a disk of which a part is kept for others: that part neither counts as free nor as taken.
    fn among(blocks: u64, free: u64, available: u64) -> Self {
        let taken = blocks.saturating_sub(free);
        Self { total: taken.saturating_add(available), free: available }
    }

    /// What can be recorded with so much room.
    #[must_use]
    pub fn level(self) -> SpoolLevel {
        let twentieth = self.total.min(COUNTED_BYTES) / 20;
        match self.free {
            free if free > twentieth * 4 => SpoolLevel::Roomy,
            free if free > twentieth * 2 => SpoolLevel::Filling,
            free if free > twentieth => SpoolLevel::Scarce,
            _ => SpoolLevel::SoundOnly,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_told_by_how_full_it_is() {
        let level = |free| Space { total: 100, free }.level();
        assert_eq!([level(100), level(21)], [SpoolLevel::Roomy; 2]);
        assert_eq!([level(20), level(11)], [SpoolLevel::Filling; 2]);
        assert_eq!([level(10), level(6)], [SpoolLevel::Scarce; 2]);
        assert_eq!([level(5), level(0)], [SpoolLevel::SoundOnly; 2]);
    }

    #[test]
    fn what_is_kept_for_others_makes_no_disk_full() {
        // Of 252 blocks 55 are taken, and 160 are kept for others.
        let space = Space::among(252, 197, 37);
        assert_eq!(space, Space { total: 92, free: 37 });
        assert_eq!(space.level(), SpoolLevel::Roomy);
    }

    #[test]
    fn a_large_disk_is_not_full_while_there_is_room_for_days() {
        let level = |free: u64| Space { total: 8 << 40, free: free << 30 }.level();
        assert_eq!(level(65), SpoolLevel::Roomy);
        assert_eq!(level(33), SpoolLevel::Filling);
        assert_eq!(level(17), SpoolLevel::Scarce);
        assert_eq!(level(16), SpoolLevel::SoundOnly);
    }
}

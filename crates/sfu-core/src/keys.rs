//! Names of things inside a room. They are small and copied on the packet path; the ids of the
//! protocol stay at the room's face.

use jumpa_protocol::SourceKind;

/// A participant's place in the room; used again after it left, when nothing names it any more.
pub type MemberIndex = usize;

/// One source in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceKey {
    /// Whose.
    pub member: MemberIndex,
    /// Which.
    pub kind: SourceKind,
}

/// One encoding of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerKey {
    /// Of which source.
    pub source: SourceKey,
    /// Its place among the layers of the source, in the order of their first packets.
    pub layer: u8,
}

/// One receiving slot in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotKey {
    /// Whose.
    pub member: MemberIndex,
    /// Its index among the slots of its kind.
    pub index: u16,
}

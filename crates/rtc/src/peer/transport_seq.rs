//! Which transport-wide sequence numbers were sent.

use super::datagram;
use crate::rtp;

/// The transport-wide sequence numbers that were sent, as far as a report about them could name
/// one from before the first.
#[derive(Debug, Default)]
pub(super) struct TransportSeq {
    /// The header extension that carries them.
    pub(super) extension_id: Option<u8>,
    last: u16,
    /// More than 65,535 were sent, so every 16-bit number is one of them.
    has_wrapped: bool,
}

impl TransportSeq {
    /// A datagram is sent. The numbers grow by one from 0.
    pub(super) fn sent(&mut self, datagram: &[u8]) {
        let Some(id) =
            self.extension_id.filter(|_| !self.has_wrapped && datagram::is_rtp(datagram))
        else {
            return;
        };
        if let Some(seq) = rtp::extension(datagram, id) {
            self.has_wrapped = seq < self.last;
            self.last = seq;
        }
    }

    /// The last number, as long as there are older numbers that were never sent.
    pub(super) fn bound(&self) -> Option<u16> {
        (!self.has_wrapped).then_some(self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(seq: u16) -> Vec<u8> {
        let [high, low] = seq.to_be_bytes();
        let mut packet = vec![0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9];
        packet.extend([0xbe, 0xde, 0, 1, 0x31, high, low, 0]);
        packet
    }

    #[test]
    fn the_bound_follows_the_numbers_until_all_were_used() {
        let mut seqs = TransportSeq { extension_id: Some(3), ..TransportSeq::default() };
        assert_eq!(seqs.bound(), Some(0));
        for seq in [1, 2, 65_535] {
            seqs.sent(&packet(seq));
            assert_eq!(seqs.bound(), Some(seq));
        }
        seqs.sent(&packet(0));
        assert_eq!(seqs.bound(), None);
        seqs.sent(&packet(7));
        assert_eq!(seqs.bound(), None);
    }

    #[test]
    fn packets_without_the_extension_change_nothing() {
        let mut seqs = TransportSeq { extension_id: Some(4), ..TransportSeq::default() };
        seqs.sent(&packet(9));
        seqs.sent(&[0x80, 200, 0, 1]);
        assert_eq!(seqs.bound(), Some(0));
    }
}

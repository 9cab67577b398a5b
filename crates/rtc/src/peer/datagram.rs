//! What a datagram is, by its first bytes.

/// Whether a datagram of AES_CM is SRTCP without the E flag: authentic but in the clear, which
/// nobody needs and [`rtcp::is_sound`] would not see.
pub(super) fn is_unencrypted_rtcp(datagram: &[u8]) -> bool {
    let is_rtcp = datagram.get(1).is_some_and(|byte| (192..224).contains(byte));
    let flags = datagram.len().checked_sub(SRTCP_TAG_LEN + 4).and_then(|at| datagram.get(at));
    is_rtcp && flags.is_some_and(|byte| byte & 0x80 == 0)
}

/// Whether a datagram is RTP and not RTCP (RFC 5761, RFC 7983).
pub(super) fn is_rtp(datagram: &[u8]) -> bool {
    matches!(datagram, [128..=191, kind, ..] if !(192..224).contains(kind))
}

/// Length of an SRTCP tag of AES_CM_128_HMAC_SHA1_80, behind the index.
pub(super) const SRTCP_TAG_LEN: usize = 10;

/// Whether a datagram is DTLS (RFC 7983).
pub(super) fn is_dtls(datagram: &[u8]) -> bool {
    datagram.first().is_some_and(|byte| (20..64).contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        assert!(is_dtls(&[20]) && is_dtls(&[63]) && !is_dtls(&[64]) && !is_dtls(&[]));
        assert!(is_rtp(&[0x80, 96]) && is_rtp(&[0xbf, 0xe0, 0]));
        assert!(!is_rtp(&[0x80, 200]) && !is_rtp(&[0x80]) && !is_rtp(&[22, 96]));
    }

    #[test]
    fn unencrypted_rtcp_lacks_the_flag_before_its_tag() {
        let mut datagram = vec![0x80, 200, 0, 1, 0, 0, 0, 1, 0x80, 0, 0, 5];
        datagram.extend([7; SRTCP_TAG_LEN]);
        assert!(!is_unencrypted_rtcp(&datagram));
        datagram[8] = 0;
        assert!(is_unencrypted_rtcp(&datagram));
        assert!(!is_unencrypted_rtcp(&datagram[..10]));
    }
}

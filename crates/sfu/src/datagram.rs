//! What a datagram is, told by its first bytes (RFC 7983), and what can be read of it without keys.

/// Largest datagram that is read, bytes.
///
/// Media packets, DTLS records and STUN checks all stay below the usual MTU of 1,500; a larger
/// datagram is nothing that a client sends.
pub const MAX_DATAGRAM_BYTES: usize = 2_048;

/// The magic cookie of STUN (RFC 8489 section 5).
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// A binding request (RFC 8489 section 5).
const BINDING_REQUEST: u16 = 0x0001;
/// A binding indication: a keepalive (RFC 8445 section 11).
const BINDING_INDICATION: u16 = 0x0011;
/// A binding success response.
const BINDING_SUCCESS: u16 = 0x0101;
/// A binding error response.
const BINDING_ERROR: u16 = 0x0111;
/// The attribute USERNAME (RFC 8489 section 14.3).
const USERNAME: u16 = 0x0006;
/// The attribute USE-CANDIDATE (RFC 8445 section 16.1).
const USE_CANDIDATE: u16 = 0x0025;
/// Bytes of a STUN header.
const STUN_HEADER_BYTES: usize = 20;
/// Attributes that are looked at; checks of browsers have eight.
const MAX_ATTRIBUTES: usize = 32;
/// Longest user name fragment, characters (RFC 8839 section 5.4).
const MAX_UFRAG_BYTES: usize = 256;

/// The transaction id of a STUN message.
pub type TransactionId = [u8; 12];

/// A datagram, sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datagram<'a> {
    /// A STUN binding request that names a user.
    Check(Check<'a>),
    /// A STUN binding indication: it proves nothing and wants no answer.
    Keepalive,
    /// A DTLS record.
    Dtls,
    /// SRTP or SRTCP with the sender's synchronisation source, which is not encrypted.
    Media {
        /// The synchronisation source.
        ssrc: u32,
    },
}

/// What a connectivity check says before its integrity is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check<'a> {
    /// Names this check in its answer.
    pub transaction_id: TransactionId,
    /// Our user name fragment: the first half of USERNAME (RFC 8445 section 7.2.2).
    pub local_ufrag: &'a str,
    /// Whether the client chose this path (RFC 8445 section 7.1.2).
    pub is_nominated: bool,
}

/// Why the first bytes of a datagram make no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// Shorter than its header, or with lengths that do not add up.
    Length,
    /// No protocol that we speak.
    Protocol,
    /// A STUN message that is no binding request or has no USERNAME.
    Stun,
}

impl<'a> Datagram<'a> {
    /// Sorts a datagram.
    ///
    /// # Errors
    /// [`Malformed`]; nothing of the datagram may be used.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        match bytes.first() {
            Some(0..=3) => parse_stun(bytes),
            // A DTLS record has a header of 13 bytes (RFC 6347 section 4.1).
            Some(20..=63) if bytes.len() >= 13 => Ok(Self::Dtls),
            Some(128..=191) => parse_media(bytes),
            Some(20..=63) | None => Err(Malformed::Length),
            Some(_) => Err(Malformed::Protocol),
        }
    }
}

/// The transaction that a STUN response answers; `None` for every other datagram.
#[must_use]
pub fn answered_transaction(bytes: &[u8]) -> Option<TransactionId> {
    let message_type = u16::from_be_bytes(*bytes.first_chunk()?);
    if !matches!(message_type, BINDING_SUCCESS | BINDING_ERROR) {
        return None;
    }
    bytes.get(8..20)?.try_into().ok()
}

fn parse_stun(bytes: &[u8]) -> Result<Datagram<'_>, Malformed> {
    let (header, attributes) =
        bytes.split_first_chunk::<STUN_HEADER_BYTES>().ok_or(Malformed::Length)?;
    let [type_high, type_low, len_high, len_low, cookie @ .., _, _, _, _, _, _, _, _, _, _, _, _] =
        header;
    if *cookie != MAGIC_COOKIE {
        return Err(Malformed::Protocol);
    }
    if usize::from(u16::from_be_bytes([*len_high, *len_low])) != attributes.len() {
        return Err(Malformed::Length);
    }
    match u16::from_be_bytes([*type_high, *type_low]) {
        BINDING_REQUEST => {}
        BINDING_INDICATION => return Ok(Datagram::Keepalive),
        _ => return Err(Malformed::Stun),
    }
    let transaction_id = header.last_chunk::<12>().copied().ok_or(Malformed::Length)?;
    let (local_ufrag, is_nominated) = read_attributes(attributes)?;
    let local_ufrag = local_ufrag.ok_or(Malformed::Stun)?;
    Ok(Datagram::Check(Check { transaction_id, local_ufrag, is_nominated }))
}

/// Reads our half of USERNAME and whether USE-CANDIDATE is there.
fn read_attributes(mut bytes: &[u8]) -> Result<(Option<&str>, bool), Malformed> {
    let mut local_ufrag = None;
    let mut is_nominated = false;
    for _ in 0..MAX_ATTRIBUTES {
        if bytes.is_empty() {
            return Ok((local_ufrag, is_nominated));
        }
        let (header, rest) = bytes.split_first_chunk::<4>().ok_or(Malformed::Length)?;
        let [type_high, type_low, len_high, len_low] = *header;
        let len = usize::from(u16::from_be_bytes([len_high, len_low]));
        let value = rest.get(..len).ok_or(Malformed::Length)?;
        match u16::from_be_bytes([type_high, type_low]) {
            USERNAME if local_ufrag.is_none() => local_ufrag = Some(first_half(value)?),
            USE_CANDIDATE => is_nominated = true,
            _ => {}
        }
        // Values are padded to four bytes (RFC 8489 section 14).
        bytes = rest.get(len.next_multiple_of(4)..).ok_or(Malformed::Length)?;
    }
    Err(Malformed::Stun)
}

fn first_half(username: &[u8]) -> Result<&str, Malformed> {
    let text = std::str::from_utf8(username).map_err(|_| Malformed::Stun)?;
    let (local, _remote) = text.split_once(':').ok_or(Malformed::Stun)?;
    if local.is_empty() || local.len() > MAX_UFRAG_BYTES {
        return Err(Malformed::Stun);
    }
    Ok(local)
}

/// Reads the synchronisation source of RTP (RFC 3550 section 5.1) or RTCP (section 6.4), told
/// apart by the second byte (RFC 5761 section 4).
fn parse_media(bytes: &[u8]) -> Result<Datagram<'_>, Malformed> {
    let kind = *bytes.get(1).ok_or(Malformed::Length)?;
    let at = if (192..=223).contains(&kind) { 4 } else { 8 };
    let ssrc = bytes.get(at..at + 4).and_then(<[u8]>::first_chunk).ok_or(Malformed::Length)?;
    Ok(Datagram::Media { ssrc: u32::from_be_bytes(*ssrc) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::Mutator;

    fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = kind.to_be_bytes().to_vec();
        bytes.extend((value.len() as u16).to_be_bytes());
        bytes.extend(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn stun(message_type: u16, attributes: &[Vec<u8>]) -> Vec<u8> {
        let body = attributes.concat();
        let mut bytes = message_type.to_be_bytes().to_vec();
        bytes.extend((body.len() as u16).to_be_bytes());
        bytes.extend(MAGIC_COOKIE);
        bytes.extend(*b"transaction1");
        bytes.extend(body);
        bytes
    }

    fn check(username: &[u8]) -> Vec<u8> {
        stun(BINDING_REQUEST, &[attribute(0x0024, &[0, 0, 1, 1]), attribute(USERNAME, username)])
    }

    #[test]
    fn a_check_names_our_fragment_and_its_transaction() {
        let bytes = check(b"ours:theirs");
        let expected =
            Check { transaction_id: *b"transaction1", local_ufrag: "ours", is_nominated: false };
        assert_eq!(Datagram::parse(&bytes), Ok(Datagram::Check(expected)));
    }

    #[test]
    fn a_check_with_use_candidate_is_a_nomination() {
        let bytes =
            stun(BINDING_REQUEST, &[attribute(USERNAME, b"a:b"), attribute(USE_CANDIDATE, &[])]);
        assert!(matches!(
            Datagram::parse(&bytes),
            Ok(Datagram::Check(Check { is_nominated: true, .. }))
        ));
    }

    #[test]
    fn a_check_without_a_usable_user_name_is_malformed() {
        for username in [&b""[..], b"ours", b":theirs", b"\xff\xfe:x"] {
            assert_eq!(Datagram::parse(&check(username)), Err(Malformed::Stun), "{username:?}");
        }
        assert_eq!(Datagram::parse(&stun(BINDING_REQUEST, &[])), Err(Malformed::Stun));
    }

    #[test]
    fn lengths_that_do_not_add_up_are_malformed() {
        let whole = check(b"ours:theirs");
        for cut in 0..whole.len() {
            assert_eq!(Datagram::parse(&whole[..cut]), Err(Malformed::Length), "{cut}");
        }
        let mut beyond = whole;
        beyond[31] = 0xff;
        assert_eq!(Datagram::parse(&beyond), Err(Malformed::Length));
    }

    #[test]
    fn responses_from_outside_are_no_checks() {
        for message_type in [BINDING_SUCCESS, BINDING_ERROR, 0x0003] {
            assert_eq!(Datagram::parse(&stun(message_type, &[])), Err(Malformed::Stun));
        }
        assert_eq!(Datagram::parse(&stun(BINDING_INDICATION, &[])), Ok(Datagram::Keepalive));
    }

    #[test]
    fn a_response_tells_which_transaction_it_answers() {
        let response = stun(BINDING_SUCCESS, &[]);
        assert_eq!(answered_transaction(&response), Some(*b"transaction1"));
        assert_eq!(answered_transaction(&check(b"a:b")), None);
        assert_eq!(answered_transaction(&response[..19]), None);
    }

    #[test]
    fn media_tells_its_source_and_other_protocols_are_refused() {
        let rtp = [0x80, 111, 0, 1, 0, 0, 0, 2, 0xde, 0xad, 0xbe, 0xef, 5];
        assert_eq!(Datagram::parse(&rtp), Ok(Datagram::Media { ssrc: 0xdead_beef }));
        let rtcp = [0x81, 201, 0, 1, 0, 0, 0, 9];
        assert_eq!(Datagram::parse(&rtcp), Ok(Datagram::Media { ssrc: 9 }));
        assert_eq!(Datagram::parse(&rtp[..11]), Err(Malformed::Length));
        assert_eq!(Datagram::parse(&[22; 13]), Ok(Datagram::Dtls));
        assert_eq!(Datagram::parse(&[22; 12]), Err(Malformed::Length));
        assert_eq!(Datagram::parse(b"GET / HTTP/1.1"), Err(Malformed::Protocol));
        assert_eq!(Datagram::parse(&[]), Err(Malformed::Length));
    }

    #[test]
    fn mutated_datagrams_never_panic() {
        let seeds = [
            check(b"ours:theirs"),
            stun(BINDING_REQUEST, &[attribute(USERNAME, b"a:b"), attribute(USE_CANDIDATE, &[])]),
            vec![0x80; 40],
            vec![0x81; 16],
            vec![22; 60],
        ];
        let mut mutator = Mutator::new(8_489);
        for round in 0..20_000 {
            let bytes = mutator.mutate(&seeds[round % seeds.len()]);
            if let Ok(Datagram::Check(check)) = Datagram::parse(&bytes) {
                assert!(!check.local_ufrag.is_empty() && !check.local_ufrag.contains(':'));
            }
            let _ = answered_transaction(&bytes);
        }
    }
}

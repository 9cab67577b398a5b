//! RED for audio (RFC 2198): one primary block and older ones before it.
//!
//! ```text
//!  0                   1                   2                   3
//! |1| block type  |  timestamp offset (14)    | block length (10) |  every block but the last
//! |0| block type  |                                                  the primary block
//! ```

/// Most blocks that a payload may have; browsers send two or three.
const MAX_BLOCKS: usize = 16;

/// Where the blocks of a RED payload lie. Only of payloads whose lengths add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Red {
    /// Offsets of the first byte of each block header, in order.
    headers: Vec<usize>,
    /// Offset of the primary block.
    primary: usize,
}

impl Red {
    /// Reads the block headers; `None` when they are cut short or promise more than there is.
    #[must_use]
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let mut headers = Vec::with_capacity(2);
        let mut redundant = 0_usize;
        let mut at = 0_usize;
        loop {
            let first = *payload.get(at)?;
            if headers.len() == MAX_BLOCKS {
                return None;
            }
            headers.push(at);
            if first & 0x80 == 0 {
                at = at.checked_add(1)?;
                break;
            }
            let high = *payload.get(at.checked_add(2)?)?;
            let low = *payload.get(at.checked_add(3)?)?;
            let length = usize::from(u16::from_be_bytes([high & 0x03, low]));
            redundant = redundant.checked_add(length)?;
            at = at.checked_add(4)?;
        }
        let primary = at.checked_add(redundant)?;
        (primary <= payload.len()).then_some(Self { headers, primary })
    }

    /// The primary block of `payload`, which must be the payload that was parsed.
    #[must_use]
    pub fn primary<'a>(&self, payload: &'a [u8]) -> &'a [u8] {
        payload.get(self.primary..).unwrap_or_default()
    }

    /// The older blocks of `payload`, the oldest first, each with how long before the packet's
    /// timestamp it was, in ticks of its clock. `payload` must be the one that was parsed.
    pub fn older<'a>(&self, payload: &'a [u8]) -> impl Iterator<Item = (u32, &'a [u8])> {
        let redundant = self.headers.len().saturating_sub(1);
        let mut at = self.headers.last().map_or(0, |last| last + 1);
        self.headers.iter().take(redundant).map_while(move |header| {
            let word = payload.get(*header..header.checked_add(4)?)?;
            let word = u32::from_be_bytes(word.try_into().ok()?);
            let end = at.checked_add((word & 0x3ff) as usize)?;
            let block = payload.get(at..end)?;
            at = end;
            Some((word >> 10 & 0x3fff, block))
        })
    }

    /// Blocks, the primary one included.
    #[must_use]
    pub fn blocks(&self) -> usize {
        self.headers.len()
    }

    /// Whether every block already has this payload type.
    #[must_use]
    pub fn has_payload_type(&self, payload: &[u8], payload_type: u8) -> bool {
        self.headers
            .iter()
            .all(|at| payload.get(*at).is_some_and(|byte| byte & 0x7f == payload_type & 0x7f))
    }

    /// Writes the payload type into every block header of `payload`, a copy of what was parsed.
    pub fn set_payload_type(&self, payload: &mut [u8], payload_type: u8) {
        for at in &self.headers {
            if let Some(byte) = payload.get_mut(*at) {
                *byte = (*byte & 0x80) | (payload_type & 0x7f);
            }
        }
    }
}

/// Builds a RED payload with one older block before the primary one.
///
/// `None` when the older block does not fit: its age is 14 bits of RTP time, its length 10 bits.
#[must_use]
pub fn build(payload_type: u8, older: Option<(u32, &[u8])>, primary: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(5 + primary.len() + older.map_or(0, |(_, b)| b.len()));
    if let Some((age, block)) = older {
        if age >= 1 << 14 || block.len() >= 1 << 10 {
            return None;
        }
        let word = (age << 10) | block.len() as u32;
        let [_, high, middle, low] = word.to_be_bytes();
        out.extend_from_slice(&[0x80 | (payload_type & 0x7f), high, middle, low]);
    }
    out.push(payload_type & 0x7f);
    if let Some((_, block)) = older {
        out.extend_from_slice(block);
    }
    out.extend_from_slice(primary);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primary_block_stands_behind_the_older_ones() {
        let payload = build(111, Some((960, b"older")), b"primary").unwrap();
        let red = Red::parse(&payload).unwrap();
        assert_eq!(red.blocks(), 2);
        assert_eq!(red.primary(&payload), b"primary");
    }

    #[test]
    fn older_blocks_tell_their_age() {
        let payload =
            [&[0x80 | 111, 0x1e, 0x00, 2, 0x80 | 111, 0x0f, 0x00, 3, 111][..], b"aabbbprimary"]
                .concat();
        let red = Red::parse(&payload).unwrap();
        let older: Vec<_> = red.older(&payload).collect();
        assert_eq!(older, [(1_920, &b"aa"[..]), (960, &b"bbb"[..])]);
        assert_eq!(red.primary(&payload), b"primary");
    }

    #[test]
    fn a_lone_primary_block_is_read() {
        let payload = build(111, None, b"primary").unwrap();
        assert_eq!(Red::parse(&payload).unwrap().primary(&payload), b"primary");
    }

    #[test]
    fn every_block_gets_the_new_payload_type_and_keeps_its_length() {
        let mut payload = build(111, Some((960, b"older")), b"primary").unwrap();
        let red = Red::parse(&payload).unwrap();
        assert!(!red.has_payload_type(&payload, 109));
        red.set_payload_type(&mut payload, 109);
        assert!(red.has_payload_type(&payload, 109));
        assert_eq!(Red::parse(&payload), Some(red.clone()));
        assert_eq!(payload.first(), Some(&(0x80 | 109)));
        assert_eq!(red.primary(&payload), b"primary");
    }

    #[test]
    fn lengths_that_promise_more_than_there_is_are_refused() {
        let mut payload = build(111, Some((960, b"older")), b"").unwrap();
        assert!(Red::parse(&payload).is_some());
        payload.pop();
        assert_eq!(Red::parse(&payload), None);
    }

    #[test]
    fn headers_that_are_cut_short_are_refused() {
        for bytes in [&[][..], &[0x80], &[0x80, 0], &[0x80, 0, 0], &[0x80, 0, 0, 0]] {
            assert_eq!(Red::parse(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn endless_block_headers_are_refused() {
        assert_eq!(Red::parse(&[0x80, 0, 0, 0].repeat(100)), None);
    }

    #[test]
    fn an_older_block_that_does_not_fit_is_not_built() {
        assert_eq!(build(111, Some((1 << 14, b"x")), b"y"), None);
        assert_eq!(build(111, Some((960, &[0; 1024])), b"y"), None);
    }
}

//! What the slot contract needs to know of a session description, read beside str0m, which does
//! not show its m-lines.

use std::collections::HashSet;

use str0m::{change::SdpOffer, media::Mid};

use crate::{Kind, RtcError, engine};

/// Sending m-lines of a client: microphone, camera, screen, screen audio.
const MAX_LINES: usize = 4;
/// Most receiving m-lines of a kind, well above what any client of ours asks for.
const MAX_SLOTS: usize = 64;
/// Longest mid, the room that str0m has for one.
const MAX_MID_LEN: usize = 16;

/// A parsed offer. Parsing costs up to 30 ms for 49 slots, so it is done away from media threads.
#[derive(Debug)]
pub struct Offer {
    pub(crate) sdp: SdpOffer,
    pub(crate) sections: Vec<Section>,
    lines: Vec<Kind>,
}

/// What the client does on an m-line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It sends: a line.
    Sends,
    /// It receives: a slot.
    Receives,
    /// Neither.
    Inactive,
}

/// One m-line with sound or pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) mid: Mid,
    pub(crate) kind: Kind,
    pub(crate) role: Role,
    /// Whether RED is among its payload types.
    pub(crate) has_red: bool,
}

impl Offer {
    /// Parses a session description (RFC 8866).
    ///
    /// # Errors
    /// [`RtcError::Sdp`] when the text is no session description, [`RtcError::Contract`] when its
    /// m-lines break the slot contract (sending lines first, no `sendrecv`, too many slots).
    pub fn parse(sdp: &str) -> Result<Self, RtcError> {
        let sections = sections(sdp)?;
        let lines: Vec<Kind> = sections
            .iter()
            .filter(|section| section.role == Role::Sends)
            .map(|section| section.kind)
            .collect();
        let sdp = engine::guarded(|| SdpOffer::from_sdp_string(sdp))
            .ok_or_else(|| RtcError::Sdp("the description cannot be read".into()))?
            .map_err(|error| RtcError::Sdp(error.to_string()))?;
        Ok(Self { sdp, sections, lines })
    }

    /// Receiving m-lines of a kind.
    #[must_use]
    pub fn slots(&self, kind: Kind) -> u16 {
        count_slots(&self.sections, kind).try_into().unwrap_or(u16::MAX)
    }

    /// Sending m-lines with their kinds, in order.
    #[must_use]
    pub fn lines(&self) -> &[Kind] {
        &self.lines
    }
}

fn count_slots(sections: &[Section], kind: Kind) -> usize {
    sections.iter().filter(|section| section.role == Role::Receives && section.kind == kind).count()
}

/// The m-lines with sound and pictures, checked against the contract.
fn sections(sdp: &str) -> Result<Vec<Section>, RtcError> {
    let mut sections = Vec::new();
    let mut mids = HashSet::new();
    for media in media_parts(sdp) {
        let Some(section) = section(&media)? else {
            continue;
        };
        if !mids.insert(section.mid) {
            return Err(RtcError::Contract("two m-lines have the same mid"));
        }
        sections.push(section);
        if sections.len() > MAX_LINES + 2 * MAX_SLOTS {
            return Err(RtcError::Contract("too many m-lines"));
        }
    }
    let first_slot = sections.iter().position(|section| section.role == Role::Receives);
    let last_line = sections.iter().rposition(|section| section.role == Role::Sends);
    if first_slot.zip(last_line).is_some_and(|(slot, line)| slot < line) {
        return Err(RtcError::Contract("a sending m-line stands behind a receiving one"));
    }
    if sections.iter().filter(|section| section.role == Role::Sends).count() > MAX_LINES {
        return Err(RtcError::Contract("more than four sending m-lines"));
    }
    if [Kind::Audio, Kind::Video].iter().any(|kind| count_slots(&sections, *kind) > MAX_SLOTS) {
        return Err(RtcError::Contract("too many slots"));
    }
    if sections.iter().all(|section| section.role == Role::Inactive) {
        return Err(RtcError::Contract("nothing to send and nothing to receive"));
    }
    Ok(sections)
}

/// The lines of each m-line up to the next.
fn media_parts(sdp: &str) -> Vec<Vec<&str>> {
    let mut parts: Vec<Vec<&str>> = Vec::new();
    for line in sdp.lines().map(str::trim_end) {
        if line.starts_with("m=") {
            parts.push(vec![line]);
        } else if let Some(part) = parts.last_mut() {
            part.push(line);
        }
    }
    parts
}

/// Reads one m-line; `None` for the data channel and for rejected m-lines.
fn section(lines: &[&str]) -> Result<Option<Section>, RtcError> {
    let header = lines.first().copied().unwrap_or_default();
    let kind = match header.split_whitespace().next() {
        Some("m=audio") => Kind::Audio,
        Some("m=video") => Kind::Video,
        _ => return Ok(None),
    };
    let mut mid = None;
    let mut role = None;
    let mut has_red = false;
    for line in lines {
        let Some(attribute) = line.strip_prefix("a=") else {
            continue;
        };
        match attribute {
            "sendonly" => role = Some(Role::Sends),
            "recvonly" => role = Some(Role::Receives),
            "inactive" => role = Some(Role::Inactive),
            _ => {
                if let Some(value) = attribute.strip_prefix("mid:") {
                    mid = Some(value);
                } else if let Some(map) = attribute.strip_prefix("rtpmap:") {
                    has_red |= map
                        .split_once(' ')
                        .is_some_and(|(_, codec)| codec.to_ascii_lowercase().starts_with("red/"));
                }
            }
        }
    }
    let mid = mid.ok_or(RtcError::Contract("an m-line has no mid"))?;
    let is_token = mid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if mid.is_empty() || mid.len() > MAX_MID_LEN || !is_token {
        return Err(RtcError::Contract("a mid must have 1 to 16 letters or digits"));
    }
    let role = role.ok_or(RtcError::Contract("an m-line must be sendonly or recvonly"))?;
    Ok(Some(Section { mid: Mid::from(mid), kind, role, has_red }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(kind: &str, mid: &str, direction: &str) -> String {
        format!("m={kind} 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:{mid}\r\na={direction}\r\n")
    }

    fn read(parts: &[String]) -> Result<Vec<Section>, RtcError> {
        sections(&format!("v=0\r\ns=-\r\n{}", parts.concat()))
    }

    #[test]
    fn lines_and_slots_are_told_apart_by_direction() {
        let sections = read(&[
            media("audio", "0", "sendonly"),
            media("video", "1", "sendonly"),
            media("application", "2", "sendrecv"),
            media("video", "3", "recvonly"),
        ])
        .unwrap();
        let roles: Vec<Role> = sections.iter().map(|section| section.role).collect();
        assert_eq!(roles, [Role::Sends, Role::Sends, Role::Receives]);
    }

    #[test]
    fn an_m_line_for_both_directions_is_refused() {
        assert!(matches!(read(&[media("audio", "0", "sendrecv")]), Err(RtcError::Contract(_))));
    }

    #[test]
    fn a_sending_line_behind_a_slot_is_refused() {
        let parts = [media("audio", "0", "recvonly"), media("audio", "1", "sendonly")];
        assert!(matches!(read(&parts), Err(RtcError::Contract(_))));
    }

    #[test]
    fn the_same_mid_twice_is_refused() {
        let parts = [media("audio", "0", "sendonly"), media("audio", "0", "recvonly")];
        assert!(matches!(read(&parts), Err(RtcError::Contract(_))));
    }

    #[test]
    fn sixty_four_slots_pass_and_sixty_five_do_not() {
        let mut parts: Vec<String> =
            (0..64).map(|mid| media("video", &mid.to_string(), "recvonly")).collect();
        assert_eq!(read(&parts).unwrap().len(), 64);
        parts.push(media("video", "64", "recvonly"));
        assert!(matches!(read(&parts), Err(RtcError::Contract(_))));
    }

    #[test]
    fn red_is_noticed_per_m_line() {
        let with = media("audio", "0", "recvonly") + "a=rtpmap:63 RED/48000/2\r\n";
        let sections = read(&[with, media("audio", "1", "recvonly")]).unwrap();
        let red: Vec<bool> = sections.iter().map(|section| section.has_red).collect();
        assert_eq!(red, [true, false]);
    }

    #[test]
    fn text_that_is_no_description_is_refused() {
        assert!(Offer::parse("").is_err());
        assert!(Offer::parse("hello").is_err());
        assert!(Offer::parse(&media("audio", "0", "sendonly")).is_err());
    }
}

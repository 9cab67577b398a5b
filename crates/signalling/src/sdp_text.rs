//! The little of session descriptions that WHIP and WHEP need outside of the media plane.
//!
//! Texts come from the network; nothing here is trusted, the media plane parses offers itself.

use jumpa_protocol::{
    SourceKind,
    signal::{SourceState, SourceUpdate},
};

/// What an encoder sends according to its offer: the first audio line is the microphone, the first
/// video line the camera.
#[must_use]
pub fn sources(offer: &str) -> Vec<SourceUpdate> {
    let has_line = |kind: &str| offer.lines().any(|line| line.starts_with(kind));
    [("m=audio ", SourceKind::Microphone), ("m=video ", SourceKind::Camera)]
        .into_iter()
        .filter(|(line, _)| has_line(line))
        .map(|(_, source)| SourceUpdate { source, state: SourceState::Live })
        .collect()
}

/// The ICE user name fragment and password of a fragment (RFC 8840 section 9) or description: the
/// first of each. `None` unless both can stand in a description: visible ASCII, at most 256
/// characters (RFC 8839 section 5.4 allows less).
#[must_use]
pub fn ice_credentials(text: &str) -> Option<(&str, &str)> {
    let is_fit = |value: &&str| {
        (1..=256).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let ufrag = attribute(text, "a=ice-ufrag:").filter(is_fit)?;
    let password = attribute(text, "a=ice-pwd:").filter(is_fit)?;
    Some((ufrag, password))
}

fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}

/// The offer again with other ICE credentials and a higher version: an ICE restart.
#[must_use]
pub fn restarted(offer: &str, ufrag: &str, password: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("a=ice-ufrag:") {
            format!("a=ice-ufrag:{ufrag}\r\n")
        } else if line.starts_with("a=ice-pwd:") {
            format!("a=ice-pwd:{password}\r\n")
        } else if line.starts_with("o=") {
            format!("{}\r\n", next_version(line))
        } else {
            format!("{line}\r\n")
        }
    };
    offer.lines().filter(|line| !line.starts_with("a=candidate:")).map(line).collect()
}

/// An origin line (RFC 8866 section 5.2) with the next version.
fn next_version(origin: &str) -> String {
    let mut fields: Vec<String> = origin.split(' ').map(str::to_owned).collect();
    if let Some(version) = fields.get_mut(2)
        && let Ok(number) = version.parse::<u64>()
    {
        *version = number.wrapping_add(1).to_string();
    }
    fields.join(" ")
}

/// What the client has to know after an ICE restart, as a fragment (RFC 8840 section 9): the new
/// credentials and the candidates of an answer.
#[must_use]
pub fn fragment(answer: &str) -> Option<String> {
    let (ufrag, password) = ice_credentials(answer)?;
    let mut fragment = format!("a=ice-lite\r\na=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\n");
    let media = answer.lines().find(|line| line.starts_with("m="))?;
    let mid = attribute(answer, "a=mid:")?;
    fragment.push_str(&format!("{media}\r\na=mid:{mid}\r\n"));
    let mut candidates: Vec<&str> = Vec::new();
    for line in answer.lines().filter(|line| line.starts_with("a=candidate:")) {
        if !candidates.contains(&line) {
            candidates.push(line);
        }
    }
    for candidate in candidates {
        fragment.push_str(candidate);
        fragment.push_str("\r\n");
    }
    fragment.push_str("a=end-of-candidates\r\n");
    Some(fragment)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\no=- 42 1 IN IP4 0.0.0.0\r\ns=-\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=ice-ufrag:old\r\na=ice-pwd:older\r\n\
        a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=ice-ufrag:old\r\na=ice-pwd:older\r\n";

    #[test]
    fn an_encoder_sends_what_its_offer_has_lines_for() {
        let kinds: Vec<_> = sources(OFFER).into_iter().map(|update| update.source).collect();
        assert_eq!(kinds, [SourceKind::Microphone, SourceKind::Camera]);
        let kinds: Vec<_> =
            sources("m=audio 9 X 1\r\n").into_iter().map(|update| update.source).collect();
        assert_eq!(kinds, [SourceKind::Microphone]);
        assert!(sources("").is_empty());
    }

    #[test]
    fn a_restart_has_new_credentials_everywhere_and_the_next_version() {
        let restarted = restarted(OFFER, "new", "newer");
        assert_eq!(restarted.matches("a=ice-ufrag:new\r\n").count(), 2);
        assert_eq!(restarted.matches("a=ice-pwd:newer\r\n").count(), 2);
        assert!(restarted.contains("o=- 42 2 IN IP4 0.0.0.0\r\n"));
        assert!(!restarted.contains("old") && !restarted.contains("a=candidate"));
    }

    #[test]
    fn a_fragment_holds_credentials_and_candidates_once() {
        let fragment = fragment(OFFER).expect("complete");
        assert_eq!(
            fragment,
            "a=ice-lite\r\na=ice-ufrag:old\r\na=ice-pwd:older\r\n\
             m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n\
             a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n"
        );
        assert_eq!(super::fragment("v=0\r\n"), None);
    }

    #[test]
    fn credentials_need_both_parts() {
        assert_eq!(ice_credentials("a=ice-ufrag:u\r\na=ice-pwd:p\r\n"), Some(("u", "p")));
        assert_eq!(ice_credentials("a=ice-ufrag:u\r\n"), None);
        assert_eq!(ice_credentials("a=ice-ufrag:\r\na=ice-pwd:p\r\n"), None);
        assert_eq!(ice_credentials("a=ice-ufrag:u\ra=x\r\na=ice-pwd:p\r\n"), None);
    }
}

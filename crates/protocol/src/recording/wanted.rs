//! How somebody wants a call recorded, and where they want it sent.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{ComposeTime, RecordingKind, RecordingLayout};
use crate::{StreamTargetId, limits, role::words};

words! {
    /// What is made instead when there is no capacity for what was wanted.
    RecordingFallback {
        /// The tracks, which cost next to nothing; what was wanted can be made of them later.
        Tracks = "tracks",
    }
}

words! {
    /// A service whose address need not be entered.
    StreamPreset {
        /// YouTube Live.
        Youtube = "youtube",
    }
}

impl StreamPreset {
    /// Where it takes streams.
    #[must_use]
    pub const fn url(self) -> &'static str {
        match self {
            Self::Youtube => "rtmps://a.rtmps.youtube.com/live2",
        }
    }

    /// How people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Youtube => "YouTube",
        }
    }
}

/// Heights that a composite can have, pixels.
pub const COMPOSITE_HEIGHTS: [u16; 2] = [720, 1080];

/// How a call is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS, ToSchema)]
pub struct RecordingOptions {
    /// What becomes of the call.
    pub kind: RecordingKind,
    /// Of a composite or a stream: where people stand.
    #[serde(default)]
    #[ts(optional, as = "Option<RecordingLayout>")]
    pub layout: RecordingLayout,
    /// Of a composite: when it is made. A stream is always live.
    #[serde(default)]
    #[ts(optional, as = "Option<ComposeTime>")]
    pub compose: ComposeTime,
    /// Of a composite or a stream: its height in pixels, 720 or 1080.
    #[serde(default = "smallest_height")]
    #[ts(optional, as = "Option<u16>")]
    pub height: u16,
    /// Of a composite or a stream: whether names stand on the tiles.
    #[serde(default = "yes")]
    #[ts(optional, as = "Option<bool>")]
    pub has_names: bool,
    /// What is made instead when there is no capacity; without it the recording waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fallback: Option<RecordingFallback>,
}

impl RecordingOptions {
    /// What holds for a kind when nothing else is wanted.
    #[must_use]
    pub fn new(kind: RecordingKind) -> Self {
        Self {
            kind,
            layout: RecordingLayout::default(),
            compose: ComposeTime::default(),
            height: smallest_height(),
            has_names: true,
            fallback: None,
        }
    }

    /// Whether the values are possible together with this many targets.
    ///
    /// # Errors
    /// [`WantedError`] names the first that is not.
    pub fn check(&self, targets: usize) -> Result<(), WantedError> {
        if !COMPOSITE_HEIGHTS.contains(&self.height) {
            return Err(WantedError { field: "height", rule: "720 or 1080" });
        }
        match (self.kind, targets) {
            (RecordingKind::Stream, 1..=limits::MAX_STREAM_TARGETS) => Ok(()),
            (RecordingKind::Stream, _) => Err(TARGETS),
            (_, 0) => Ok(()),
            _ => Err(WantedError { field: "targets", rule: "only of a stream" }),
        }
    }
}

/// How calls are recorded from their beginning, without anybody asking for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AutoRecord {
    /// How.
    #[serde(flatten)]
    pub options: RecordingOptions,
    /// Of a stream: stored targets that it is sent to.
    #[serde(default)]
    pub target_ids: Vec<StreamTargetId>,
}

/// What is recorded of calls without anybody asking for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingPolicy {
    /// How every call is recorded.
    pub auto_record: Option<AutoRecord>,
    /// Whether there is no call without a recording.
    pub is_required: bool,
}

impl RecordingPolicy {
    /// What a call asks for as it begins: where a recording is required and nothing else is said,
    /// the tracks.
    #[must_use]
    pub fn wish(&self) -> Option<(RecordingOptions, Vec<ChosenTarget>)> {
        match &self.auto_record {
            Some(auto) => {
                let targets = auto.target_ids.iter().copied().map(ChosenTarget::Known);
                Some((auto.options, targets.collect()))
            }
            None if self.is_required => {
                Some((RecordingOptions::new(RecordingKind::Tracks), Vec::new()))
            }
            None => None,
        }
    }
}

const TARGETS: WantedError = WantedError { field: "targets", rule: "1 to 8 of a stream" };

fn smallest_height() -> u16 {
    COMPOSITE_HEIGHTS[0]
}

fn yes() -> bool {
    true
}

/// Why a wish is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct WantedError {
    /// Which field.
    pub field: &'static str,
    /// What it must be.
    pub rule: &'static str,
}

/// A target of a stream as somebody asks for it: one that is known, by its `id` alone, or a new one
/// with a key and with a preset or an address.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WantedTarget {
    /// One that the stream has already, or that the app has stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "string")]
    pub id: Option<StreamTargetId>,
    /// How people call it; the preset's name or the host of its address when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// A service whose address is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub preset: Option<StreamPreset>,
    /// `rtmp://` or `rtmps://` with the application, without the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub url: Option<String>,
    /// The stream key. It is never shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// Where viewers see the stream; everybody in the call is shown it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub viewer_url: Option<String>,
}

impl fmt::Debug for WantedTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WantedTarget")
            .field("id", &self.id)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// A target that was asked for and is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChosenTarget {
    /// One that the stream has already, or that the app has stored.
    Known(StreamTargetId),
    /// Another one.
    New(StreamAddress),
}

/// Where a stream can be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct StreamAddress {
    /// How people call it.
    pub name: String,
    /// `rtmp://` or `rtmps://` with the application, without a slash at the end.
    pub url: String,
    /// The stream key. A secret.
    pub key: String,
    /// Where viewers see the stream.
    pub viewer_url: Option<String>,
}

impl fmt::Debug for StreamAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamAddress").field("url", &self.url).finish_non_exhaustive()
    }
}

impl WantedTarget {
    /// What is meant.
    ///
    /// # Errors
    /// [`WantedError`] names the first field that is not possible.
    pub fn chosen(&self) -> Result<ChosenTarget, WantedError> {
        if let Some(id) = self.id {
            let is_alone = Self { id: Some(id), ..Self::default() } == *self;
            let alone = WantedError { field: "id", rule: "alone: the rest is known" };
            return is_alone.then_some(ChosenTarget::Known(id)).ok_or(alone);
        }
        self.address().map(ChosenTarget::New)
    }

    /// What is meant with a new one.
    ///
    /// # Errors
    /// [`WantedError`] names the first field that is not possible.
    pub fn address(&self) -> Result<StreamAddress, WantedError> {
        let url = match (self.preset, &self.url) {
            (Some(preset), None) => preset.url(),
            (None, Some(url)) => url.trim().trim_end_matches('/'),
            _ => return Err(WantedError { field: "url", rule: "either this or a preset" }),
        };
        let (host, _) = stream_host(url).ok_or(URL)?;
        let name = match (&self.name, self.preset) {
            (Some(name), _) => checked_name(name)?,
            (None, Some(preset)) => preset.label().to_owned(),
            (None, None) => host.chars().take(limits::MAX_NAME_CHARS).collect(),
        };
        let key = self.key.as_deref().unwrap_or_default();
        Ok(StreamAddress {
            name,
            url: url.to_owned(),
            key: checked_key(key)?,
            viewer_url: self.viewer_url.as_deref().map(checked_viewer_url).transpose()?,
        })
    }
}

/// What is meant with a list of targets: at most [`limits::MAX_STREAM_TARGETS`], none twice.
///
/// # Errors
/// [`WantedError`] names the first field that is not possible.
pub fn chosen_targets(wanted: &[WantedTarget]) -> Result<Vec<ChosenTarget>, WantedError> {
    if wanted.len() > limits::MAX_STREAM_TARGETS {
        return Err(TARGETS);
    }
    let mut chosen = Vec::with_capacity(wanted.len());
    for target in wanted {
        let target = target.chosen()?;
        if chosen.contains(&target) {
            return Err(WantedError { field: "targets", rule: "none twice" });
        }
        chosen.push(target);
    }
    Ok(chosen)
}

const URL: WantedError =
    WantedError { field: "url", rule: "an address like rtmps://live.klinik.example/app" };

/// Host and port of the address of a stream; none when it is no such address. It has a path, since
/// servers of streams name an application there, and no name or password of a user.
#[must_use]
pub fn stream_host(url: &str) -> Option<(String, u16)> {
    let is_plain = url.len() <= limits::MAX_STREAM_URL_BYTES
        && url.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\^`{|}#?@".contains(&byte));
    let (host, port, path) = rtmp_place(url)?;
    (is_plain && !path.trim_matches('/').is_empty()).then_some((host, port))
}

/// Host, port and path of a URL of RTMP. A name is in lower case, an IPv6 address without brackets.
pub(super) fn rtmp_place(url: &str) -> Option<(String, u16, &str)> {
    let (rest, usual_port) = match url.split_once("://") {
        Some(("rtmp", rest)) => (rest, 1935),
        Some(("rtmps", rest)) => (rest, 443),
        _ => return None,
    };
    let (authority, path) = rest.split_once('/')?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (authority, usual_port),
    };
    let is_v6 = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    let host = match is_v6 {
        Some(address) => address.parse::<std::net::Ipv6Addr>().ok()?.to_string(),
        None if !host.is_empty() && host.bytes().all(is_name) => host.to_ascii_lowercase(),
        None => return None,
    };
    (port > 0).then_some((host, port, path))
}

fn checked_name(text: &str) -> Result<String, WantedError> {
    let text = text.trim();
    let is_long = !(1..=limits::MAX_NAME_CHARS).contains(&text.chars().count());
    if is_long || text.chars().any(char::is_control) {
        return Err(WantedError { field: "name", rule: "1 to 80 characters" });
    }
    Ok(text.to_owned())
}

fn checked_key(text: &str) -> Result<String, WantedError> {
    let text = text.trim().trim_start_matches('/');
    let is_long = !(1..=limits::MAX_STREAM_KEY_BYTES).contains(&text.len());
    if is_long || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(WantedError { field: "key", rule: "1 to 512 characters without spaces" });
    }
    Ok(text.to_owned())
}

/// An address that a page may make a link of: never a script.
fn checked_viewer_url(text: &str) -> Result<String, WantedError> {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let is_address = text.len() <= limits::MAX_VIEWER_URL_BYTES
        && !host.is_empty()
        && !host.contains('@')
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&byte));
    let rule = "a web address like https://youtu.be/abc";
    is_address.then(|| text.to_owned()).ok_or(WantedError { field: "viewer_url", rule })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(url: &str, key: &str) -> WantedTarget {
        let (url, key) = (Some(url.to_owned()), Some(key.to_owned()));
        WantedTarget { url, key, ..WantedTarget::default() }
    }

    #[test]
    fn an_address_of_a_stream_is_taken_apart() {
        for (url, host, port) in [
            ("rtmp://live.klinik.example/app", "live.klinik.example", 1935),
            ("rtmps://Live.Klinik.example/app", "live.klinik.example", 443),
            ("rtmp://127.0.0.1:1936/live", "127.0.0.1", 1936),
            ("rtmp://[2400:cb00::1]:1936/live", "2400:cb00::1", 1936),
            ("rtmp://[2400:cb00::1]/live", "2400:cb00::1", 1935),
        ] {
            assert_eq!(stream_host(url), Some((host.to_owned(), port)), "{url}");
        }
        let long = format!("rtmp://a/{}", "x".repeat(limits::MAX_STREAM_URL_BYTES));
        for url in [
            "",
            "https://live.klinik.example/app",
            "rtmp:///app",
            "rtmp://live.klinik.example",
            "rtmp://live.klinik.example/",
            "rtmp://budi:rahasia@live.klinik.example/app",
            "rtmp://live.klinik.example/app live=1",
            "rtmp://live.klinik.example:0/app",
            "rtmp://live.klinik.example:99999/app",
            "rtmp://[x]/app",
            "file:///etc/passwd",
            &long,
        ] {
            assert_eq!(stream_host(url), None, "{url}");
        }
    }

    #[test]
    fn a_target_is_known_or_has_all_that_it_needs() {
        let id = StreamTargetId::generate();
        let known = WantedTarget { id: Some(id), ..WantedTarget::default() };
        assert_eq!(known.chosen(), Ok(ChosenTarget::Known(id)));
        let mixed = WantedTarget { id: Some(id), ..new("rtmp://a.example/live", "k") };
        assert_eq!(mixed.chosen().unwrap_err().field, "id");

        let preset = Some(StreamPreset::Youtube);
        let youtube =
            WantedTarget { preset, key: Some(" abcd ".to_owned()), ..WantedTarget::default() };
        let Ok(ChosenTarget::New(address)) = youtube.chosen() else { panic!("{youtube:?}") };
        assert_eq!((address.name.as_str(), address.key.as_str()), ("YouTube", "abcd"));
        assert_eq!(address.url, "rtmps://a.rtmps.youtube.com/live2");
        let both = WantedTarget { preset, ..new("rtmp://a.example/live", "k") };
        assert_eq!(both.chosen().unwrap_err().field, "url");

        let own = new("rtmp://live.klinik.example/app/", "/kunci");
        let Ok(ChosenTarget::New(address)) = own.chosen() else { panic!("{own:?}") };
        assert_eq!(address.name, "live.klinik.example");
        assert_eq!(
            (address.url.as_str(), address.key.as_str()),
            (&own.url.unwrap()[..30], "kunci")
        );
        for key in ["", "a b", &"x".repeat(limits::MAX_STREAM_KEY_BYTES + 1)] {
            assert_eq!(new("rtmp://a.example/live", key).chosen().unwrap_err().field, "key");
        }
        for url in ["javascript:alert(1)", "https://", "https://a:b@c.example", "https://a/\"x"] {
            let viewer_url = Some(url.to_owned());
            let target = WantedTarget { viewer_url, ..new("rtmp://a.example/live", "k") };
            assert_eq!(target.chosen().unwrap_err().field, "viewer_url", "{url}");
        }
    }

    #[test]
    fn only_a_stream_has_targets_and_it_has_some() {
        let stream = RecordingOptions::new(RecordingKind::Stream);
        assert!(stream.check(0).is_err());
        assert!(stream.check(1).is_ok());
        assert!(stream.check(limits::MAX_STREAM_TARGETS).is_ok());
        assert!(stream.check(limits::MAX_STREAM_TARGETS + 1).is_err());
        assert!(RecordingOptions::new(RecordingKind::Tracks).check(1).is_err());
        let tall = RecordingOptions { height: 900, ..RecordingOptions::new(RecordingKind::Tracks) };
        assert_eq!(tall.check(0).unwrap_err().field, "height");
        let one = new("rtmp://a.example/live", "k");
        assert!(chosen_targets(&[one.clone(), one.clone()]).is_err());
        let many = vec![one; limits::MAX_STREAM_TARGETS + 1];
        assert!(chosen_targets(&many).is_err());
    }

    #[test]
    fn where_a_recording_is_required_and_nothing_else_is_said_it_is_the_tracks() {
        let mut policy = RecordingPolicy::default();
        assert_eq!(policy.wish(), None);
        policy.is_required = true;
        let tracks = RecordingOptions::new(RecordingKind::Tracks);
        assert_eq!(policy.wish(), Some((tracks, vec![])));
        let id = StreamTargetId::generate();
        let options = RecordingOptions::new(RecordingKind::Stream);
        policy.auto_record = Some(AutoRecord { options, target_ids: vec![id] });
        assert_eq!(policy.wish(), Some((options, vec![ChosenTarget::Known(id)])));
    }

    #[test]
    fn a_key_is_not_in_logs() {
        let target = new("rtmp://a.example/live", "rahasia");
        assert!(!format!("{target:?} {:?}", target.chosen()).contains("rahasia"));
    }
}

//! Targets of streams as requests name them.

use jumpa_protocol::{
    StreamTargetId,
    recording::{
        AutoRecord, ChosenTarget, ComposeTime, RecordingFallback, RecordingKind, RecordingLayout,
        RecordingOptions, StreamPreset, WantedError, WantedTarget, chosen_targets,
    },
};
use serde::Deserialize;
use utoipa::ToSchema;

/// A target of a stream: one that is known, by its `id` alone, or a new one with a key and with a
/// preset or an address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetRequest {
    /// One that the stream has already, or that the app has stored.
    #[serde(default)]
    id: Option<StreamTargetId>,
    /// How people call it; the preset's name or the host of its address when it is left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 80, example = "Kanal klinik")]
    name: Option<String>,
    /// A service whose address is known.
    #[serde(default)]
    preset: Option<StreamPreset>,
    /// `rtmp://` or `rtmps://` with the application, without the key.
    #[serde(default)]
    #[schema(max_length = 1024, example = "rtmps://live.klinik.example/app")]
    url: Option<String>,
    /// The stream key. It is never shown again.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 512, example = "abcd-efgh-1234")]
    key: Option<String>,
    /// Where viewers see the stream; everybody in the call is shown it.
    #[serde(default)]
    #[schema(max_length = 2048, example = "https://youtu.be/abc")]
    viewer_url: Option<String>,
}

/// How calls are recorded from their beginning.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AutoRecordRequest {
    kind: RecordingKind,
    /// Of a composite or a stream: where people stand; `grid` when it is left out.
    #[serde(default)]
    layout: Option<RecordingLayout>,
    /// Of a composite: when it is made; `after_call` when it is left out.
    #[serde(default)]
    compose: Option<ComposeTime>,
    /// Of a composite or a stream: its height in pixels, 720 or 1080; 720 when it is left out.
    #[serde(default)]
    #[schema(minimum = 720, maximum = 1080, multiple_of = 360)]
    height: Option<u16>,
    /// Of a composite or a stream: whether names stand on the tiles; they do when it is left out.
    #[serde(default)]
    has_names: Option<bool>,
    /// What is made instead when there is no capacity; without it the recording waits.
    #[serde(default)]
    fallback: Option<RecordingFallback>,
    /// Of a stream: targets that the app has stored.
    #[serde(default)]
    #[schema(max_items = 8)]
    target_ids: Vec<StreamTargetId>,
}

impl AutoRecordRequest {
    /// The policy that is meant.
    pub(crate) fn checked(self) -> Result<AutoRecord, WantedError> {
        let usual = RecordingOptions::new(self.kind);
        let options = RecordingOptions {
            kind: self.kind,
            layout: self.layout.unwrap_or(usual.layout),
            compose: self.compose.unwrap_or(usual.compose),
            height: self.height.unwrap_or(usual.height),
            has_names: self.has_names.unwrap_or(usual.has_names),
            fallback: self.fallback,
        };
        options.check(self.target_ids.len())?;
        Ok(AutoRecord { options, target_ids: self.target_ids })
    }
}

/// What a request means by its targets.
pub(super) fn chosen(requests: Vec<TargetRequest>) -> Result<Vec<ChosenTarget>, WantedError> {
    let wanted: Vec<WantedTarget> = requests.into_iter().map(WantedTarget::from).collect();
    chosen_targets(&wanted)
}

impl From<TargetRequest> for WantedTarget {
    fn from(request: TargetRequest) -> Self {
        let TargetRequest { id, name, preset, url, key, viewer_url } = request;
        Self { id, name, preset, url, key, viewer_url }
    }
}

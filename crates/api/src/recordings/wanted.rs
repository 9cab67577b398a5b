//! Targets of streams as requests name them.

use jumpa_protocol::{
    StreamTargetId,
    recording::{ChosenTarget, StreamPreset, WantedError, WantedTarget, chosen_targets},
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

//! A stored target as those see it who manage it: never its key.

use jumpa_db::StoredTarget;
use jumpa_protocol::{AppId, StreamTargetId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::rfc3339;

/// A target for streams that an app has stored.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StoredStreamTarget)]
pub(crate) struct StoredTargetView {
    id: StreamTargetId,
    app_id: AppId,
    #[schema(example = "Kanal klinik")]
    name: String,
    /// Its address without the key.
    #[schema(example = "rtmps://a.rtmps.youtube.com/live2")]
    url: String,
    /// The last characters of the key, by which people tell keys apart.
    #[schema(example = "1234")]
    key_end: String,
    /// Where viewers see the stream.
    #[schema(required, example = "https://youtu.be/abc")]
    viewer_url: Option<String>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-11-22T04:30:00Z")]
    created_at: String,
}

impl From<StoredTarget> for StoredTargetView {
    fn from(target: StoredTarget) -> Self {
        Self {
            id: target.id,
            app_id: target.app_id,
            name: target.name,
            url: target.url,
            key_end: target.key_end,
            viewer_url: target.viewer_url,
            created_at: rfc3339(target.created_at),
        }
    }
}

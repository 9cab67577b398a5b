//! `GET /v1/recording_files/{token}`: a file, or a part of it (RFC 9110 section 14).

use std::ops::Range;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jumpa_db::{RecordingFile, Timestamp};

use super::{LibraryError, library::stored, view::file_name};
use crate::{ApiError, api_state::ApiState, error::Code};

/// Media types that browsers may be told; anything else is a row of bytes to them, so that no file
/// ever runs as a page of this server.
const SHOWN_TYPES: [&str; 6] =
    ["video/webm", "video/mp4", "audio/webm", "audio/mp4", "audio/ogg", "image/jpeg"];

/// Get a file of a recording
///
/// With a token from `create_recording_file_link` or `show_shared_recording`. `Range` gives a part
/// (206).
#[utoipa::path(
    get,
    path = "/v1/recording_files/{token}",
    operation_id = "show_recording_file",
    tag = "recordings",
    params(("token" = String, Path), ("Range" = Option<String>, Header, description = "One range of bytes")),
    responses(
        (status = OK, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = PARTIAL_CONTENT, description = "The part", content_type = "application/octet-stream", body = Vec<u8>),
    ),
    security(()),
)]
pub(crate) async fn download(
    State(state): State<ApiState>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let recordings = &state.config.recordings;
    let reference = recordings.references().read(&token, Timestamp::now());
    let reference = reference.ok_or(Code::RecordingLinkInvalid)?;
    let scope = state.database().tenant(reference.tenant_id);
    let file = scope.recording_file(reference.file_id).await?;
    let recording = scope.recording(file.recording_id).await?;
    if recording.purged_at.is_some() || recording.deleted_at.is_some() {
        return Err(Code::RecordingPurged.into());
    }
    let size = u64::try_from(file.bytes).unwrap_or_default();
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let part = match asked.map(|text| range(text, size)) {
        None | Some(Asked::All) => None,
        Some(Asked::Part(part)) => Some(part),
        Some(Asked::Nothing) => {
            let mut refused = ApiError::from(Code::RangeNotSatisfiable).into_response();
            let whole = HeaderValue::from_str(&format!("bytes */{size}"));
            refused.headers_mut().insert(header::CONTENT_RANGE, whole.map_err(ApiError::internal)?);
            return Ok(refused);
        }
    };
    // Through this server and not by a link into the bucket: the file may be encrypted, the bucket may
    // be where browsers do not reach it, and a recording that is deleted is gone in this moment.
    let storage = recordings.storage_of(recording.id).await?;
    let content = storage.read(&stored(&file), part.clone()).await.map_err(LibraryError::from)?;
    let body = Body::from_stream(content.ok_or(Code::RecordingPurged)?);
    let length = part.as_ref().map_or(size, |part| part.end - part.start);
    let mut response = body.into_response();
    let facts = [
        (header::CONTENT_TYPE, shown_type(&file).to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, format!("\"{}\"", file.sha256)),
        (header::CONTENT_DISPOSITION, disposition(&file, reference.is_download)),
    ];
    for (name, value) in facts {
        let value = HeaderValue::from_str(&value).map_err(ApiError::internal)?;
        response.headers_mut().insert(name, value);
    }
    if let Some(Range { start, end }) = part {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let place = HeaderValue::from_str(&format!("bytes {start}-{}/{size}", end - 1));
        response.headers_mut().insert(header::CONTENT_RANGE, place.map_err(ApiError::internal)?);
    }
    Ok(response)
}

fn shown_type(file: &RecordingFile) -> &str {
    let is_shown = SHOWN_TYPES.contains(&file.content_type.as_str());
    if is_shown { &file.content_type } else { "application/octet-stream" }
}

/// How browsers treat it and what they call it, without letters that end a quoted text.
fn disposition(file: &RecordingFile, is_download: bool) -> String {
    let kind = if is_download { "attachment" } else { "inline" };
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "-_.".contains(*letter);
    let name: String = file_name(file).chars().filter(is_plain).collect();
    format!("{kind}; filename=\"{name}\"")
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// The whole, or something that this server need not understand (RFC 9110 section 14.2).
    All,
    /// From here to there.
    Part(Range<u64>),
    /// A part that is not there.
    Nothing,
}

fn range(text: &str, size: u64) -> Asked {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|text| text.split_once('-'))
    else {
        return Asked::All;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let part = match (number(first), number(last)) {
        (Some(start), Some(last)) if start <= last => start..last.saturating_add(1).min(size),
        (Some(start), None) if last.trim().is_empty() => start..size,
        (None, Some(length)) if first.trim().is_empty() => size.saturating_sub(length)..size,
        _ => return Asked::All,
    };
    if part.is_empty() { Asked::Nothing } else { Asked::Part(part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        assert_eq!(range("bytes=0-0", 10), Asked::Part(0..1));
        assert_eq!(range("bytes=4-", 10), Asked::Part(4..10));
        assert_eq!(range("bytes=-3", 10), Asked::Part(7..10));
        assert_eq!(range("bytes=-30", 10), Asked::Part(0..10));
        assert_eq!(range("bytes=8-99", 10), Asked::Part(8..10));
        assert_eq!(range("bytes=10-", 10), Asked::Nothing);
        assert_eq!(range("bytes=-0", 10), Asked::Nothing);
        for text in ["bytes=5-4", "bytes=0-1,3-4", "bytes=a-b", "lines=1-2", ""] {
            assert_eq!(range(text, 10), Asked::All, "{text}");
        }
    }
}

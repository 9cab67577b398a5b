//! A storage as requests and answers show it, and how it is tried.

use jumpa_db::{ChosenStorage, S3Settings, StorageSettings};
use jumpa_protocol::recording::{RecordingEncryption, StoragePlace};
use jumpa_storage::StorageError;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use utoipa::ToSchema;

use crate::{ApiError, Recordings, error::Code, fields, time::rfc3339};

const MAX_REGION_CHARS: usize = 64;
const MAX_PREFIX_CHARS: usize = 256;
const MAX_KEY_ID_CHARS: usize = 128;
const MAX_SECRET_CHARS: usize = 256;
const MAX_ENDPOINT_CHARS: usize = 256;

/// Where recordings shall lie.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateRecordingStorage {
    /// A bucket of a server that speaks S3. Null, which only the operator may say, is the folder of
    /// the server.
    #[serde(deserialize_with = "fields::present")]
    #[schema(required)]
    s3: Option<S3Change>,
    /// How files are kept from others who can read there. Recordings that exist stay as they are.
    encryption: RecordingEncryption,
}

/// A bucket and a key that may put, get, list and delete there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateS3Storage)]
pub(crate) struct S3Change {
    /// Address of the server, without a path; that of AWS when it is left out.
    #[schema(
        max_length = 256,
        pattern = "^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?/?$",
        example = "https://s3.klinik.example"
    )]
    endpoint: Option<String>,
    /// As requests are signed for it; many servers take any.
    #[schema(pattern = "^[A-Za-z0-9-]{1,64}$", example = "ap-southeast-3")]
    region: String,
    #[schema(pattern = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", example = "rekaman-klinik")]
    bucket: String,
    /// What keys begin with; nothing when it is left out.
    #[serde(default)]
    #[schema(
        max_length = 256,
        pattern = "^([A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*)?$",
        example = "panggilan"
    )]
    prefix: String,
    /// Whether the bucket stands in the path of requests and not in the name of the host. When it
    /// is left out: yes, where an endpoint is named.
    is_path_style: Option<bool>,
    #[schema(pattern = "^[!-~]{1,128}$", example = "AKIAIOSFODNN7EXAMPLE")]
    access_key_id: String,
    /// Never shown again. May be left out while access key and place stay as they are.
    #[schema(pattern = "^[!-~]{1,256}$")]
    secret_access_key: Option<String>,
}

/// Where recordings lie.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordingStorage)]
pub(crate) struct RecordingStorageView {
    /// Whether it was chosen here. An app without a choice of its own uses the storage of the
    /// platform, and a platform without one the folder of the server.
    is_own: bool,
    /// The bucket; null for the folder of the server, and where nothing was chosen.
    #[schema(required)]
    s3: Option<S3View>,
    /// Null where nothing was chosen.
    #[schema(required)]
    encryption: Option<RecordingEncryption>,
    #[schema(format = DateTime, required)]
    updated_at: Option<String>,
}

/// A bucket.
#[derive(Serialize, ToSchema)]
#[schema(as = S3Storage)]
pub(crate) struct S3View {
    /// Null for AWS.
    #[schema(required, example = "https://s3.klinik.example")]
    endpoint: Option<String>,
    #[schema(example = "ap-southeast-3")]
    region: String,
    #[schema(example = "rekaman-klinik")]
    bucket: String,
    #[schema(example = "panggilan")]
    prefix: String,
    is_path_style: bool,
    /// Its secret half is never shown.
    #[schema(example = "AKIAIOSFODNN7EXAMPLE")]
    access_key_id: String,
}

/// A storage that did everything it was asked.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordingStorageCheck)]
pub(crate) struct StorageCheckView {
    /// How long putting, listing, reading and deleting a small object took.
    #[schema(example = 84)]
    duration_ms: u64,
}

impl From<Option<ChosenStorage>> for RecordingStorageView {
    fn from(chosen: Option<ChosenStorage>) -> Self {
        let Some(ChosenStorage { settings, updated_at, .. }) = chosen else {
            return Self { is_own: false, s3: None, encryption: None, updated_at: None };
        };
        let s3 = settings.s3.map(|s3| S3View {
            endpoint: s3.endpoint,
            region: s3.region,
            bucket: s3.bucket,
            prefix: s3.prefix,
            is_path_style: s3.is_path_style,
            access_key_id: s3.access_key_id,
        });
        let encryption = Some(settings.encryption);
        Self { is_own: true, s3, encryption, updated_at: Some(rfc3339(updated_at)) }
    }
}

impl UpdateRecordingStorage {
    /// What is wanted, with the secret if one is given.
    pub(crate) fn checked(self) -> Result<(StorageSettings, Option<String>), ApiError> {
        let encryption = self.encryption;
        let Some(s3) = self.s3 else {
            if encryption == RecordingEncryption::Sse {
                return Err(ApiError::invalid("encryption", "sse needs a bucket"));
            }
            return Ok((StorageSettings { s3: None, encryption }, None));
        };
        let (s3, secret) = s3.checked()?;
        Ok((StorageSettings { s3: Some(s3), encryption }, secret))
    }
}

impl S3Change {
    fn checked(self) -> Result<(S3Settings, Option<String>), ApiError> {
        if !self.endpoint.as_deref().is_none_or(is_endpoint) {
            return Err(ApiError::invalid("endpoint", "like https://s3.klinik.example, no path"));
        }
        let is_of = |text: &str, most: usize, fits: fn(u8) -> bool| {
            (1..=most).contains(&text.len()) && text.bytes().all(fits)
        };
        if !is_of(&self.region, MAX_REGION_CHARS, |byte| is_word(byte) && byte != b'_') {
            return Err(ApiError::invalid("region", "1 to 64 letters, digits and hyphens"));
        }
        if !is_bucket(&self.bucket) {
            let rule = "3 to 63 small letters, digits, hyphens and dots";
            return Err(ApiError::invalid("bucket", rule));
        }
        let is_prefix = self.prefix.is_empty()
            || self.prefix.split('/').all(|part| is_of(part, MAX_PREFIX_CHARS, is_word));
        if !is_prefix || self.prefix.len() > MAX_PREFIX_CHARS {
            let rule = "letters, digits, hyphens and underscores between slashes, at most 256";
            return Err(ApiError::invalid("prefix", rule));
        }
        if !is_of(&self.access_key_id, MAX_KEY_ID_CHARS, |byte| byte.is_ascii_graphic()) {
            return Err(ApiError::invalid("access_key_id", "1 to 128 characters without spaces"));
        }
        let is_secret =
            |text: &String| is_of(text, MAX_SECRET_CHARS, |byte| byte.is_ascii_graphic());
        if !self.secret_access_key.as_ref().is_none_or(is_secret) {
            let rule = "1 to 256 characters without spaces";
            return Err(ApiError::invalid("secret_access_key", rule));
        }
        let endpoint = self.endpoint.map(|text| text.trim_end_matches('/').to_owned());
        let settings = S3Settings {
            is_path_style: self.is_path_style.unwrap_or(endpoint.is_some()),
            endpoint,
            region: self.region,
            bucket: self.bucket,
            prefix: self.prefix,
            access_key_id: self.access_key_id,
        };
        Ok((settings, self.secret_access_key))
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn is_bucket(name: &str) -> bool {
    let is_inner = |byte: u8| is_edge(byte) || matches!(byte, b'.' | b'-');
    (3..=63).contains(&name.len())
        && name.bytes().all(is_inner)
        && name.bytes().next().is_some_and(is_edge)
        && name.bytes().next_back().is_some_and(is_edge)
}

fn is_edge(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_endpoint(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(host) = host.map(|host| host.strip_suffix('/').unwrap_or(host)) else { return false };
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    // One that no machine has is refused where it is dialled.
    let is_port = |port: &str| {
        (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.len() <= MAX_ENDPOINT_CHARS
        && port.is_none_or(is_port)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && name.bytes().next_back().is_some_and(|byte| byte.is_ascii_alphanumeric())
}

/// Puts, lists, reads and deletes a small object where recordings shall lie.
pub(crate) async fn try_out(
    recordings: &Recordings,
    place: StoragePlace,
) -> Result<StorageCheckView, ApiError> {
    let began_at = Instant::now();
    recordings.check_storage(place).await.map_err(|error| match error {
        StorageError::Unreachable(reason) => ApiError::because(Code::StorageUnreachable, reason),
        error => ApiError::because(Code::StorageRefused, error.reason()),
    })?;
    let duration_ms = u64::try_from(began_at.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(StorageCheckView { duration_ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_web_address_without_a_path() {
        for text in ["https://s3.klinik.example", "http://127.0.0.1:3900", "https://minio:9000/"] {
            assert!(is_endpoint(text), "{text}");
        }
        for text in [
            "",
            "s3.klinik.example",
            "ftp://s3.klinik.example",
            "https://",
            "https://a:b@s3.klinik.example",
            "https://s3.klinik.example/rekaman",
            "https://s3.klinik.example?x",
            "https://s3.klinik.example:x",
            "https://-s3",
        ] {
            assert!(!is_endpoint(text), "{text}");
        }
    }

    #[test]
    fn a_bucket_is_named_as_s3_names_them() {
        assert!(is_bucket("rekaman-klinik.2026"));
        for name in ["ab", "Rekaman", "rekaman_klinik", "-rekaman", "rekaman.", &"a".repeat(64)] {
            assert!(!is_bucket(name), "{name}");
        }
    }
}

//! Where the files of recordings lie, as server and recorders tell each other.

use serde::{Deserialize, Serialize};

use crate::AllowedNetworks;

/// Where the files of a recording go, and what they are encrypted with. Holds secrets: it is said
/// over the link alone and kept in memory alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingStorage {
    /// Where.
    pub place: StoragePlace,
    /// Encrypts the files before they leave the recorder; absent when they lie there as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_key: Option<DataKey>,
}

/// Where files lie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StoragePlace {
    /// The folder `library` of the server and its recorder.
    Folder,
    /// A bucket of a server that speaks S3.
    S3(S3Bucket),
}

/// A bucket, and how to get in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct S3Bucket {
    /// Address of the server, `https://host` without a path; absent for that of AWS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Region, as requests are signed for it.
    pub region: String,
    /// Name of the bucket.
    pub bucket: String,
    /// What keys begin with, without slashes around it; empty for none.
    #[serde(default)]
    pub prefix: String,
    /// Whether the bucket stands in the path and not in the name of the host.
    pub is_path_style: bool,
    /// The public half of the access key.
    pub access_key_id: String,
    /// Its secret half.
    pub secret_access_key: String,
    /// Whether the server of the bucket is asked to encrypt (SSE-S3).
    #[serde(default)]
    pub has_sse: bool,
    /// Networks that are not public and may be reached all the same.
    #[serde(default)]
    pub allowed_networks: AllowedNetworks,
}

impl std::fmt::Debug for S3Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Bucket")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

/// 32 bytes that encrypt the files of one recording, Base64 (RFC 4648 section 4). A secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DataKey(pub String);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> S3Bucket {
        S3Bucket {
            endpoint: Some("https://s3.klinik.example".to_owned()),
            region: "garage".to_owned(),
            bucket: "rekaman".to_owned(),
            prefix: String::new(),
            is_path_style: true,
            access_key_id: "GK1".to_owned(),
            secret_access_key: "rahasia".to_owned(),
            has_sse: false,
            allowed_networks: AllowedNetworks::parse(&["10.0.0.0/8".to_owned()]).unwrap(),
        }
    }

    #[test]
    fn a_storage_reads_back_and_shows_no_secret_in_logs() {
        let data_key = Some(DataKey("a2V5".to_owned()));
        let storage = RecordingStorage { place: StoragePlace::S3(bucket()), data_key };
        let json = serde_json::to_string(&storage).unwrap();
        assert!(json.contains(r#""allowed_networks":["10.0.0.0/8"]"#), "{json}");
        assert_eq!(serde_json::from_str::<RecordingStorage>(&json).unwrap(), storage);
        let shown = format!("{storage:?}");
        assert!(!shown.contains("rahasia") && !shown.contains("a2V5"), "{shown}");
    }
}

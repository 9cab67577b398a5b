//! Opens a bucket.

use std::time::Duration;

use jumpa_protocol::recording::S3Bucket;
use object_store::{
    BackoffConfig, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, AwsCredential},
    client::{ClientOptions, HttpClient, HttpConnector as _},
};

use crate::{StorageError, connection::GuardedConnector};

/// Attempts after the first within one request. Whoever uploads tries for days around it, and whoever
/// plays does not wait long.
const MAX_RETRIES: usize = 2;

/// A bucket that can be used.
pub(crate) struct Bucket {
    pub(crate) store: AmazonS3,
    /// Makes requests that the store does not know.
    pub(crate) client: HttpClient,
    /// The address of the bucket itself, without a slash at the end.
    pub(crate) url: String,
    pub(crate) region: String,
    pub(crate) credential: AwsCredential,
}

impl Bucket {
    pub(crate) fn open(place: &S3Bucket) -> Result<Self, StorageError> {
        let connector = GuardedConnector { allowed: place.allowed_networks.clone() };
        Ok(Self {
            client: connector.connect(&ClientOptions::new())?,
            store: store(place, connector)?,
            url: bucket_address(place),
            region: place.region.clone(),
            credential: AwsCredential {
                key_id: place.access_key_id.clone(),
                secret_key: place.secret_access_key.clone(),
                token: None,
            },
        })
    }
}

fn store(place: &S3Bucket, connector: GuardedConnector) -> Result<AmazonS3, StorageError> {
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: MAX_RETRIES,
        retry_timeout: Duration::from_secs(30),
    };
    let mut builder = AmazonS3Builder::new()
        .with_region(&place.region)
        .with_bucket_name(&place.bucket)
        .with_access_key_id(&place.access_key_id)
        .with_secret_access_key(&place.secret_access_key)
        .with_virtual_hosted_style_request(!place.is_path_style)
        // Not every server that speaks S3 removes several objects at once.
        .with_disable_bulk_delete(true)
        .with_retry(retry)
        .with_http_connector(connector);
    if let Some(endpoint) = &place.endpoint {
        builder = builder.with_endpoint(address(endpoint, place));
    }
    if place.has_sse {
        let key: AmazonS3ConfigKey = "aws_server_side_encryption".parse()?;
        builder = builder.with_config(key, "AES256");
    }
    Ok(builder.build()?)
}

/// The address that requests go to: with the bucket as part of the host's name, unless it stands in
/// the path.
fn address(endpoint: &str, place: &S3Bucket) -> String {
    let endpoint = endpoint.trim_end_matches('/');
    match endpoint.split_once("://") {
        Some((scheme, host)) if !place.is_path_style => {
            format!("{scheme}://{}.{host}", place.bucket)
        }
        _ => endpoint.to_owned(),
    }
}

/// The address of the bucket itself.
fn bucket_address(place: &S3Bucket) -> String {
    let (bucket, region) = (&place.bucket, &place.region);
    match (&place.endpoint, place.is_path_style) {
        (Some(endpoint), true) => format!("{}/{bucket}", address(endpoint, place)),
        (Some(endpoint), false) => address(endpoint, place),
        (None, true) => format!("https://s3.{region}.amazonaws.com/{bucket}"),
        (None, false) => format!("https://{bucket}.s3.{region}.amazonaws.com"),
    }
}

#[cfg(test)]
mod tests {
    use jumpa_protocol::AllowedNetworks;

    use super::*;

    #[test]
    fn a_bucket_stands_in_the_path_or_in_the_name_of_its_host() {
        let at = |endpoint: Option<&str>, is_path_style| {
            bucket_address(&S3Bucket {
                endpoint: endpoint.map(str::to_owned),
                region: "ap-southeast-3".to_owned(),
                bucket: "rekaman".to_owned(),
                prefix: String::new(),
                is_path_style,
                access_key_id: String::new(),
                secret_access_key: String::new(),
                has_sse: false,
                allowed_networks: AllowedNetworks::default(),
            })
        };
        let own = Some("https://s3.klinik.example/");
        assert_eq!(at(own, true), "https://s3.klinik.example/rekaman");
        assert_eq!(at(own, false), "https://rekaman.s3.klinik.example");
        assert_eq!(at(None, false), "https://rekaman.s3.ap-southeast-3.amazonaws.com");
        assert_eq!(at(None, true), "https://s3.ap-southeast-3.amazonaws.com/rekaman");
    }
}

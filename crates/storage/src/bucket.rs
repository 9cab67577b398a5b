//! Opens a bucket.

use std::time::Duration;

use jumpa_protocol::recording::S3Bucket;
use object_store::{
    BackoffConfig, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey},
};

use crate::{StorageError, connection::GuardedConnector};

/// Attempts after the first within one request. Whoever uploads tries for days around it, and whoever
/// plays does not wait long.
const MAX_RETRIES: usize = 2;

pub(crate) fn open(place: &S3Bucket) -> Result<AmazonS3, StorageError> {
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: MAX_RETRIES,
        retry_timeout: Duration::from_secs(30),
    };
    let connector = GuardedConnector { allowed: place.allowed_networks.clone() };
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

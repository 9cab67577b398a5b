//! An API key as those see it who manage it.

use jumpa_db::ApiKey;
use jumpa_protocol::ApiKeyId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::rfc3339;

/// A key for the API.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyView {
    id: ApiKeyId,
    #[schema(example = "Kasir")]
    name: String,
    /// How its secret begins, by which people tell keys apart.
    #[schema(example = "jumpa_api_x7Kq")]
    prefix: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-11-22T04:30:00Z")]
    created_at: String,
    /// To a few minutes.
    #[schema(format = DateTime, required)]
    last_used_at: Option<String>,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            created_at: rfc3339(key.created_at),
            last_used_at: key.last_used_at.map(rfc3339),
        }
    }
}

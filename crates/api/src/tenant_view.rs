//! A tenant as its members and the operator see it.

use jumpa_db::Tenant;
use jumpa_protocol::{TenantId, TenantStatus};
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::rfc3339;

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tenant)]
pub(crate) struct TenantView {
    id: TenantId,
    #[schema(example = "Toko Melati")]
    name: String,
    status: TenantStatus,
    /// IANA name of the zone that days and months are counted in.
    #[schema(example = "Asia/Jakarta")]
    time_zone: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime, example = "2026-11-22T04:30:00Z")]
    created_at: String,
}

impl From<&Tenant> for TenantView {
    fn from(tenant: &Tenant) -> Self {
        Self {
            id: tenant.id,
            name: tenant.name.clone(),
            status: tenant.status,
            time_zone: tenant.time_zone.clone(),
            created_at: rfc3339(tenant.created_at),
        }
    }
}

//! A tenant as the operator sees it.

use jumpa_db::{DELETION_GRACE, TenantSummary};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{tenant_view::TenantView, time::rfc3339};

/// A tenant as the operator sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperatorTenant {
    #[serde(flatten)]
    tenant: TenantView,
    /// How many apps it has.
    #[schema(minimum = 0)]
    apps: i64,
    /// How many people belong to it.
    #[schema(minimum = 0)]
    members: i64,
    /// When it was deleted, RFC 3339, UTC.
    #[schema(format = DateTime, required)]
    deleted_at: Option<String>,
    /// Until when the deletion can be taken back.
    #[schema(format = DateTime, required)]
    restorable_until: Option<String>,
}

impl From<TenantSummary> for OperatorTenant {
    fn from(summary: TenantSummary) -> Self {
        let deleted_at = summary.tenant.deleted_at;
        Self {
            tenant: TenantView::from(&summary.tenant),
            apps: summary.apps,
            members: summary.members,
            deleted_at: deleted_at.map(rfc3339),
            restorable_until: deleted_at.map(|at| rfc3339(at + DELETION_GRACE)),
        }
    }
}

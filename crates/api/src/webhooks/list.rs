//! `GET /v1/webhooks`.

use axum::{Json, extract::State};
use jumpa_protocol::WebhookId;

use super::view::WebhookView;
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
};

/// List the webhooks
///
/// The oldest first; with an API key, those of its app alone. Needs `webhooks:read`.
#[utoipa::path(
    get,
    path = "/v1/webhooks",
    operation_id = "list_webhooks",
    tag = "webhooks",
    params(TenantHeader, PageParameters),
    responses((status = OK, description = "One page", body = Page<WebhookView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    access: AppsAccess<needs::ReadWebhooks>,
    State(state): State<ApiState>,
    query: PageQuery,
) -> Result<Json<Page<WebhookView>>, ApiError> {
    let only_app = access.select(None)?;
    let after = query.after::<WebhookId>()?;
    let scope = access.scope(&state);
    let found = scope.webhooks(only_app.as_ref(), after.as_ref(), query.fetch_limit()).await?;
    let place = |webhook: &jumpa_db::Webhook| (webhook.created_at, webhook.id);
    let page = query.page(found, place, WebhookView::try_from);
    Ok(Json(page.transpose()?))
}

//! Webhooks: where a tenant hears of events, and what was delivered there.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod deliveries;
pub(crate) mod list;
pub(crate) mod rotate_secret;
pub(crate) mod show;
pub(crate) mod test;
pub(crate) mod update;
pub(crate) mod view;

use jumpa_db::Webhook;
use jumpa_protocol::{AppId, WebhookId};

use crate::{ApiError, actor::AppsAccess, api_state::ApiState, fields, permission::needs::Needs};

/// The webhook that a path names, among those that somebody reaches. An API key reaches those of
/// its app alone.
async fn webhook_of<P: Needs>(
    access: &AppsAccess<P>,
    state: &ApiState,
    id: &str,
) -> Result<Webhook, ApiError> {
    let id: WebhookId = fields::id(id)?;
    let only_app: Option<AppId> = access.select(None)?;
    Ok(access.scope(state).webhook(id, only_app.as_ref()).await?)
}

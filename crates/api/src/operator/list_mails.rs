//! `GET /v1/operator/mails`: the outbox.

use axum::{Json, extract::State};
use jumpa_db::StoredMail;
use jumpa_protocol::{MailId, TenantId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError,
    api_state::ApiState,
    page::{Page, PageParameters, PageQuery},
    session::OperatorAccess,
    time::rfc3339,
};

/// Which mails are looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailQuery {
    #[param(inline)]
    status: Option<MailStatus>,
}

/// How far a mail is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MailStatus {
    /// It waits to be sent, for the first time or once more.
    Pending,
    /// The mail server took it.
    Sent,
    /// It could not be sent and is not tried again.
    Failed,
}

/// A mail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mail)]
pub(crate) struct MailView {
    id: MailId,
    #[schema(required)]
    tenant_id: Option<TenantId>,
    /// Why it is sent.
    #[schema(example = "invitation")]
    kind: String,
    #[schema(example = "rina@melati.example")]
    recipient: String,
    #[schema(example = "You are invited to Toko Melati")]
    subject: String,
    /// The text with its link, until it was sent: hand the link over where no mail is sent.
    #[schema(required)]
    body: Option<String>,
    /// `pending`, `sent` or `failed`.
    #[schema(value_type = MailStatus, example = "pending")]
    status: String,
    /// How often it was tried.
    attempts: u32,
    /// When it is tried again.
    #[schema(format = DateTime, required)]
    next_attempt_at: Option<String>,
    /// Why the last attempt failed.
    #[schema(required)]
    last_error: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime, required)]
    sent_at: Option<String>,
}

/// List the mails
///
/// The newest first. Where this server sends no mails they stay pending.
#[utoipa::path(
    get,
    path = "/v1/operator/mails",
    operation_id = "list_mails",
    tag = "operator",
    params(MailQuery, PageParameters),
    responses((status = OK, description = "One page", body = Page<MailView>)),
    security(("session" = [])),
)]
pub(crate) async fn list_mails(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    query: PageQuery<MailQuery>,
) -> Result<Json<Page<MailView>>, ApiError> {
    let status = query.filter.status.map(|status| match status {
        MailStatus::Pending => "pending",
        MailStatus::Sent => "sent",
        MailStatus::Failed => "failed",
    });
    let after = query.after::<MailId>()?;
    let operator = state.database().operator();
    let found = operator.mails(status, after.as_ref(), query.fetch_limit()).await?;
    let view = |mail: StoredMail| MailView {
        // A text that the key file does not open is as good as none.
        body: operator.mail_body(&mail).unwrap_or_default(),
        tenant_id: mail.tenant_id(),
        next_attempt_at: (mail.status == "pending").then(|| rfc3339(mail.next_attempt_at)),
        id: mail.id,
        kind: mail.kind,
        recipient: mail.recipient,
        subject: mail.subject,
        status: mail.status,
        attempts: mail.attempts,
        last_error: mail.last_error,
        created_at: rfc3339(mail.created_at),
        sent_at: mail.sent_at.map(rfc3339),
    };
    Ok(Json(query.page(found, |mail| (mail.created_at, mail.id), view)))
}

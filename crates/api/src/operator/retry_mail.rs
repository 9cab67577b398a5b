//! `POST /v1/operator/mails/{mail_id}/retry`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::MailId;

use crate::{ApiError, api_state::ApiState, fields, session::OperatorAccess};

/// Send a mail again
///
/// One that failed, or one that waits for its next attempt, at once.
#[utoipa::path(
    post,
    path = "/v1/operator/mails/{mail_id}/retry",
    operation_id = "retry_mail",
    tag = "operator",
    params(("mail_id" = MailId, Path)),
    responses((status = NO_CONTENT, description = "It is sent soon")),
    security(("session" = [])),
)]
pub(crate) async fn retry_mail(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(mail_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = fields::id(&mail_id)?;
    state.database().operator().retry_mail(id, &operator.author, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

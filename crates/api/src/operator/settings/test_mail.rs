//! `POST /v1/operator/test_mail`: does the mail server take mails.

use std::time::Duration;

use axum::{Json, extract::State};
use jumpa_db::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::{
    ApiError, api_state::ApiState, error::Code, fields, json_body::JsonBody, mails,
    openapi::Refusal, session::OperatorAccess,
};

/// How long the mail server may take; a request to the API as a whole may take 20 seconds.
const PATIENCE: Duration = Duration::from_secs(15);

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendTestMail {
    /// Who gets it; whoever asks when it is left out.
    #[schema(max_length = 254, example = "rina@jumpa.example")]
    recipient: Option<String>,
}

/// What the mail server said.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestMailOutcome {
    #[schema(example = "rina@jumpa.example")]
    recipient: String,
    /// Whether the mail server took it; the inbox shows whether it arrives.
    is_sent: bool,
    /// Why it was not sent, in the words of the mail server or of the connection to it.
    #[schema(required, example = "permanent error (550): mailbox unavailable")]
    problem: Option<String>,
}

/// Send a test mail
///
/// At once and past the outbox; the answer says what the mail server said. `mail_unconfigured`
/// says that this server sends no mails: `[mail]` of its configuration is empty.
#[utoipa::path(
    post,
    path = "/v1/operator/test_mail",
    operation_id = "send_test_mail",
    tag = "operator",
    request_body = SendTestMail,
    responses(
        (status = OK, description = "What the mail server said", body = TestMailOutcome),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn send(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<SendTestMail>,
) -> Result<Json<TestMailOutcome>, ApiError> {
    // An operator's name in the audit is the address of their login.
    let recipient = request.recipient.as_deref().unwrap_or(&operator.author.name);
    let recipient = fields::email(recipient)?;
    let mailer = state.config.mailer.as_ref().ok_or(Code::MailUnconfigured)?;
    let platform = state.database().platform_settings().await?.name;
    let mail = mails::test(&platform, &recipient, operator.language);
    let problem = match timeout(PATIENCE, mailer.send(&recipient, &mail.subject, &mail.body)).await
    {
        Ok(outcome) => outcome.err(),
        Err(_) => Some(format!("no answer within {} seconds", PATIENCE.as_secs())),
    };
    let is_sent = problem.is_none();
    let (scope, now) = (state.database().operator(), Timestamp::now());
    scope.note_test_mail(&recipient, is_sent, &operator.author, now).await?;
    Ok(Json(TestMailOutcome { recipient, is_sent, problem }))
}

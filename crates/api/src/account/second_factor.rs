//! A code beside the password.

use std::time::Instant;

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    json_body::JsonBody,
    openapi::Refusal,
    session::{Fresh, LoggedIn},
    totp,
};

/// What an authenticator app needs.
#[derive(Serialize, ToSchema)]
pub(crate) struct EnrolledSecondFactor {
    /// The shared secret in Base32, for typing.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    /// The same as an address for a QR code.
    #[schema(example = "otpauth://totp/Jumpa:rina%40melati.example?secret=JBSWY3DPEHPK3PXP")]
    otpauth_url: String,
}

/// The request of the confirmation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmSecondFactor {
    /// What the authenticator app shows.
    #[schema(max_length = 32, example = "123 456")]
    code: String,
}

/// Codes for the day when the phone is lost, shown here and never again.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Each works once.
    #[schema(example = json!(["k3x9q-m7w2r", "p4t8z-b6n5c"]))]
    recovery_codes: Vec<String>,
}

/// Enrol a second factor
///
/// Gives a secret for an authenticator app. It counts only once a code of the app confirmed it.
/// Needs a proof of who you are.
#[utoipa::path(
    post,
    path = "/v1/me/second_factor",
    operation_id = "enrol_second_factor",
    tag = "account",
    responses(
        (status = CREATED, description = "What the app needs", body = EnrolledSecondFactor),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn enrol(
    Fresh(login): Fresh,
    State(state): State<ApiState>,
) -> Result<(StatusCode, Json<EnrolledSecondFactor>), ApiError> {
    let user = login.user();
    let secret = totp::new_secret();
    let generator = totp::generator(&secret, &user.email)?;
    state.database().logins().enrol_second_factor(user.id, &secret).await?;
    let enrolled = EnrolledSecondFactor {
        secret: generator.secret().to_base32(),
        otpauth_url: generator.to_url().map_err(|error| ApiError::internal(error.to_string()))?,
    };
    Ok((StatusCode::CREATED, Json(enrolled)))
}

/// Confirm the second factor
///
/// From now on a login needs a code. The answer shows recovery codes, once.
#[utoipa::path(
    post,
    path = "/v1/me/second_factor/confirm",
    operation_id = "confirm_second_factor",
    tag = "account",
    request_body = ConfirmSecondFactor,
    responses(
        (status = OK, description = "Recovery codes", body = RecoveryCodes),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn confirm(
    login: LoggedIn,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<ConfirmSecondFactor>,
) -> Result<Json<RecoveryCodes>, ApiError> {
    let user = login.user();
    state
        .limiters
        .proofs
        .attempt(user.id, Instant::now())
        .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
    let logins = state.database().logins();
    let factor = logins.second_factor(user.id).await?.ok_or(Code::SecondFactorMissing)?;
    if factor.is_confirmed {
        return Err(Code::SecondFactorActive.into());
    }
    let generator = totp::generator(&factor.secret, &user.email)?;
    let step = totp::step_of(&generator, &request.code).ok_or(Code::SecondFactorWrong)?;
    let now = Timestamp::now();
    let recovery_codes = logins.confirm_second_factor(user.id, step, &login.author, now).await?;
    state.limiters.proofs.forgive(&user.id);
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Disable the second factor
///
/// From now on the password is enough. Needs a proof of who you are.
#[utoipa::path(
    delete,
    path = "/v1/me/second_factor",
    operation_id = "disable_second_factor",
    tag = "account",
    responses((status = NO_CONTENT, description = "The password is enough")),
    security(("session" = [])),
)]
pub(crate) async fn disable(
    Fresh(login): Fresh,
    State(state): State<ApiState>,
) -> Result<StatusCode, ApiError> {
    let logins = state.database().logins();
    logins.disable_second_factor(login.user().id, &login.author, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replace the recovery codes
///
/// The old ones are void. Needs a proof of who you are.
#[utoipa::path(
    post,
    path = "/v1/me/second_factor/recovery_codes",
    operation_id = "rotate_recovery_codes",
    tag = "account",
    responses(
        (status = OK, description = "Recovery codes", body = RecoveryCodes),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn rotate_codes(
    Fresh(login): Fresh,
    State(state): State<ApiState>,
) -> Result<Json<RecoveryCodes>, ApiError> {
    let user = login.user();
    if user.second_factor_since.is_none() {
        return Err(Code::SecondFactorMissing.into());
    }
    let logins = state.database().logins();
    let recovery_codes =
        logins.rotate_recovery_codes(user.id, &login.author, Timestamp::now()).await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

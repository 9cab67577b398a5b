//! `POST /v1/ratings`: a participant rates the call that it was in.

use std::time::Instant;

use axum::{extract::State, http::StatusCode};
use jumpa_db::{Rating, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError, ClientAddress, api_state::ApiState, error::Code, json_body::JsonBody,
    openapi::Refusal,
};

/// Most reasons in one rating.
const MAX_REASONS: usize = 10;
/// Longest name of a reason.
const MAX_REASON_LEN: usize = 40;
/// Longest comment, characters.
const MAX_COMMENT_CHARS: usize = 1_000;

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateRating {
    /// From `joined`.
    rating_token: String,
    /// 1 (bad) to 5 (good).
    #[schema(minimum = 1, maximum = 5, example = 4)]
    stars: u8,
    /// What was bad, as names like `echo`.
    #[serde(default)]
    #[schema(max_items = 10, example = json!(["echo"]))]
    reasons: Vec<String>,
    /// In the participant's own words, at most 1,000 characters.
    #[serde(default)]
    #[schema(max_length = 1000)]
    comment: Option<String>,
}

/// Rate a call
///
/// Stores what a participant thought of the call; a second rating replaces the first.
#[utoipa::path(
    post,
    path = "/v1/ratings",
    operation_id = "create_rating",
    tag = "ratings",
    request_body = CreateRating,
    responses(
        (status = NO_CONTENT, description = "The rating is stored"),
        (status = UNAUTHORIZED, response = Refusal),
    ),
    security(()),
)]
pub(crate) async fn create(
    State(state): State<ApiState>,
    address: ClientAddress,
    JsonBody(request): JsonBody<CreateRating>,
) -> Result<StatusCode, ApiError> {
    check(&request)?;
    state
        .limiters
        .rating_addresses
        .attempt(address.limit_key(), Instant::now())
        .map_err(|pause| ApiError::retry_after(Code::TooManyAttempts, pause))?;
    let subject =
        (state.config.rating_verifier)(&request.rating_token).ok_or(Code::RatingTokenInvalid)?;
    let directory = state.directory();
    let app = directory.apps.get(&subject.app_id).ok_or(Code::AppUnknown)?;
    let comment = request.comment.map(|text| text.trim().to_owned());
    let rating = Rating {
        app_id: subject.app_id,
        call_id: subject.call_id,
        participant_id: subject.participant_id,
        stars: request.stars,
        reasons: request.reasons,
        comment: comment.filter(|text| !text.is_empty()),
        created_at: Timestamp::now(),
    };
    state.database().tenant(app.tenant_id).record_rating(&rating).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check(request: &CreateRating) -> Result<(), ApiError> {
    if !(1..=5).contains(&request.stars) {
        return Err(ApiError::invalid("stars", "1 to 5"));
    }
    let is_name = |text: &String| {
        (1..=MAX_REASON_LEN).contains(&text.len())
            && text.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_')
    };
    if request.reasons.len() > MAX_REASONS || !request.reasons.iter().all(is_name) {
        return Err(ApiError::invalid("reasons", "at most 10 names of a-z and _"));
    }
    if request.comment.as_ref().is_some_and(|text| text.chars().count() > MAX_COMMENT_CHARS) {
        return Err(ApiError::invalid("comment", "at most 1,000 characters"));
    }
    Ok(())
}

//! `GET /v1/public/platform`: what pages say of the platform before anybody logged in.

use axum::{Json, extract::State};
use jumpa_protocol::Language;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, api_state::ApiState};

/// The platform as everybody may see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicPlatform {
    #[schema(example = "Jumpa")]
    name: String,
    /// The language of pages for people whose own is not offered.
    language: Language,
    /// Where people ask for help.
    #[schema(required, example = "bantuan@call.example")]
    support_email: Option<String>,
    /// Where people ask for help, https.
    #[schema(required, example = "https://call.example/bantuan")]
    support_url: Option<String>,
}

/// Show what everybody may know of the platform
///
/// Its name and language, and where people ask for help.
#[utoipa::path(
    get,
    path = "/v1/public/platform",
    operation_id = "show_public_platform",
    tag = "description",
    responses((status = OK, description = "The platform", body = PublicPlatform)),
    security(()),
)]
pub(crate) async fn show(State(state): State<ApiState>) -> Result<Json<PublicPlatform>, ApiError> {
    let settings = state.database().platform_settings().await?;
    Ok(Json(PublicPlatform {
        name: settings.name,
        language: settings.language,
        support_email: settings.support_email,
        support_url: settings.support_url,
    }))
}

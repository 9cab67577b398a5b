//! `POST /v1/operator/tenants`: a customer, its owner and its first app in one go.

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::{AppSettings, LinkToken, NewInvitation, NewTenant, Timestamp};
use jumpa_protocol::{
    Language, Role,
    directory::{Environment, GuestPolicy},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{OperatorTenant, show};
use crate::{
    ApiError,
    api_state::ApiState,
    fields,
    invitations::SentInvitation,
    json_body::JsonBody,
    mails,
    operator::{app_view::OperatorApp, create_app::CreatedKey},
    session::OperatorAccess,
    time,
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateTenant {
    #[schema(example = "Toko Melati", min_length = 1, max_length = 80)]
    name: String,
    /// IANA name; UTC when it is left out.
    #[schema(example = "Asia/Jakarta")]
    time_zone: Option<String>,
    /// Who shall own it; gets an invitation.
    owner: Option<TenantOwner>,
    /// An app to begin with.
    app: Option<FirstApp>,
}

/// Who shall own a new tenant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TenantOwner {
    #[schema(max_length = 254, example = "rina@melati.example")]
    email: String,
    /// The language of the mail; that of the platform when it is left out.
    language: Option<Language>,
}

/// The first app of a new tenant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstApp {
    #[schema(example = "Toko Melati", min_length = 1, max_length = 80)]
    name: String,
    /// What the settings of the platform say when it is left out.
    environment: Option<Environment>,
    /// What people without a token may do; `refused` when it is left out.
    guests: Option<GuestPolicy>,
}

/// What was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedTenant {
    tenant: OperatorTenant,
    /// The owner's invitation.
    #[schema(required)]
    invitation: Option<SentInvitation>,
    /// The first app.
    #[schema(required)]
    app: Option<OperatorApp>,
    /// Its first signing key.
    #[schema(required)]
    key: Option<CreatedKey>,
}

/// Make a tenant
///
/// With its owner's invitation and its first app in one go: all of it or nothing.
#[utoipa::path(
    post,
    path = "/v1/operator/tenants",
    operation_id = "create_tenant",
    tag = "operator",
    request_body = CreateTenant,
    responses((status = CREATED, description = "What was made", body = CreatedTenant)),
    security(("session" = [])),
)]
pub(crate) async fn create(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateTenant>,
) -> Result<(StatusCode, Json<CreatedTenant>), ApiError> {
    let name = fields::name(&request.name)?;
    let time_zone = request.time_zone.map_or(Ok("UTC".to_owned()), |zone| time::zone(&zone))?;
    let settings = state.database().platform_settings().await?;
    let owner = match request.owner {
        Some(owner) => Some(NewInvitation {
            email: fields::email(&owner.email)?.to_lowercase(),
            role: Role::Owner,
            language: owner.language.unwrap_or(settings.language),
        }),
        None => None,
    };
    let app = match request.app {
        Some(app) => Some(AppSettings {
            guests: app.guests.unwrap_or_default(),
            ..settings.new_app(fields::name(&app.name)?, app.environment)
        }),
        None => None,
    };
    let token = LinkToken::generate();
    let link = mails::invitation_link(&state.config.link_base, &token);
    let (email, language) = owner
        .as_ref()
        .map_or((String::new(), operator.language), |owner| (owner.email.clone(), owner.language));
    let compose = |tenant_id| {
        mails::invitation(&settings.name, tenant_id, &name, &email, Role::Owner, language, &link)
    };
    let new = NewTenant { name: name.clone(), time_zone, owner, app: app.map(Into::into) };
    let tenants = state.database().operator();
    let made =
        tenants.found_tenant(&new, &token, &compose, &operator.author, Timestamp::now()).await?;
    let Json(tenant) = show::view(&state, made.tenant.id).await?;
    let (app, key) = made.app.unzip();
    let created = CreatedTenant {
        tenant,
        invitation: made
            .invitation
            .map(|invitation| SentInvitation::new(invitation, &state, &token)),
        app: app.map(OperatorApp::from),
        key: key.map(CreatedKey::from),
    };
    Ok((StatusCode::CREATED, Json(created)))
}

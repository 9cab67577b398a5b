//! Paths of the control plane.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{any, get},
};
use jumpa_protocol::limits;
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    ApiConfig, ApiError, account, api_keys, api_state::ApiState, app_keys, apps, audit, bans,
    calls, error, error::Code, idempotency, identity, invitations, logins, members, openapi,
    operator, origin, path_text, prepared_rooms, public_apps, public_platform, rate_limit, ratings,
    recordings, rooms, stream_targets, tenants, tokens, usage, webhooks,
};

/// Everything under `/v1` but signalling, and `/openapi.json`. Unknown paths under `/v1` answer
/// with a problem.
pub fn router(config: ApiConfig) -> Router {
    let state = ApiState::new(config);
    let (operations, _) = operations().split_for_parts();
    operations
        .route("/v1/recorders/link", get(recordings::link::link))
        .route("/v1/{*rest}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(state.clone(), idempotency::answer_once))
        .layer(DefaultBodyLimit::max(limits::MAX_MESSAGE_BYTES))
        .layer(middleware::from_fn_with_state(state.clone(), origin::check_origin))
        .layer(middleware::from_fn(path_text::check_path))
        .layer(middleware::from_fn_with_state(state.clone(), rate_limit::limit_requests))
        .layer(middleware::from_fn(error::finish_response))
        .with_state(state)
}

/// Every operation with its description.
pub(crate) fn operations() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(openapi::Description::openapi())
        .routes(routes!(openapi::show))
        .routes(routes!(logins::first_login::first_login))
        .routes(routes!(logins::login::login))
        .routes(routes!(logins::logout::logout))
        .routes(routes!(identity::start::start))
        .routes(routes!(identity::callback::callback))
        .routes(routes!(public_apps::show::show))
        .routes(routes!(public_apps::show_domain::show_domain))
        .routes(routes!(public_platform::show::show))
        .routes(routes!(ratings::create::create))
        .merge(account_operations())
        .merge(tenant_operations())
        .merge(app_operations())
        .merge(room_operations())
        .merge(call_operations())
        .merge(recording_operations())
        .merge(webhook_operations())
        .merge(operator_operations())
}

/// What somebody does with their own login.
fn account_operations() -> OpenApiRouter<ApiState> {
    use account::{
        change_password, confirm_identity, password_reset, second_factor, sessions, update,
    };
    OpenApiRouter::new()
        .routes(routes!(logins::me::me, update::update))
        .routes(routes!(change_password::change_password))
        .routes(routes!(confirm_identity::confirm_identity))
        .routes(routes!(sessions::list, sessions::revoke_others))
        .routes(routes!(sessions::revoke))
        .routes(routes!(second_factor::enrol, second_factor::disable))
        .routes(routes!(second_factor::confirm))
        .routes(routes!(second_factor::rotate_codes))
        .routes(routes!(password_reset::request))
        .routes(routes!(password_reset::reset))
        .routes(routes!(invitations::show_link::show_link))
        .routes(routes!(invitations::accept::accept))
}

/// What people do for the tenant that they belong to.
fn tenant_operations() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(tenants::show::show, tenants::update::update))
        .routes(routes!(tenants::list_identity_providers::list_identity_providers))
        .routes(routes!(members::list::list))
        .routes(routes!(members::update::update, members::delete::delete))
        .routes(routes!(invitations::list::list, invitations::create::create))
        .routes(routes!(invitations::resend::resend))
        .routes(routes!(invitations::cancel::cancel))
        .routes(routes!(audit::list::list))
}

/// What people and their back ends do with an app.
fn app_operations() -> OpenApiRouter<ApiState> {
    use crate::recording_storage as storage;
    use app_keys::{reveal_secret, revoke, rotate};
    OpenApiRouter::new()
        .routes(routes!(apps::list::list, apps::create::create))
        .routes(routes!(apps::show::show, apps::update::update, apps::delete::delete))
        .routes(routes!(apps::restore::restore))
        .routes(routes!(app_keys::list::list, app_keys::create::create))
        .routes(routes!(rotate::rotate))
        .routes(routes!(revoke::revoke))
        .routes(routes!(reveal_secret::reveal_secret))
        .routes(routes!(api_keys::list::list, api_keys::create::create))
        .routes(routes!(api_keys::delete::delete))
        .routes(routes!(storage::show::show, storage::update::update, storage::remove::remove))
        .routes(routes!(storage::check::check))
        .routes(routes!(bans::list::list, bans::create::create))
        .routes(routes!(bans::delete::delete))
        .routes(routes!(tokens::create::create))
        .routes(routes!(tokens::check::check))
}

/// What the host sees and does in rooms.
fn room_operations() -> OpenApiRouter<ApiState> {
    use rooms::{end, list, list_participants, lobby, lock, message, mute, remove, show};
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(show::show, prepared_rooms::prepare::prepare))
        .routes(routes!(prepared_rooms::list::list))
        .routes(routes!(prepared_rooms::show::show, prepared_rooms::delete::delete))
        .routes(routes!(end::end))
        .routes(routes!(lock::lock))
        .routes(routes!(lobby::switch))
        .routes(routes!(message::to_room))
        .routes(routes!(list_participants::list_participants))
        .routes(routes!(lobby::admit))
        .routes(routes!(remove::remove))
        .routes(routes!(mute::mute))
        .routes(routes!(message::to_participant))
}

/// What people and their back ends see of calls and numbers.
fn call_operations() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(calls::list::list))
        .routes(routes!(calls::export::export))
        .routes(routes!(calls::show::show))
        .routes(routes!(calls::list_participants::list_participants))
        .routes(routes!(calls::list_events::list_events))
        .routes(routes!(calls::show_quality::show_quality))
        .routes(routes!(usage::overview::overview))
        .routes(routes!(usage::show::show))
        .routes(routes!(usage::show::export))
        .routes(routes!(usage::list_limits::list_limits))
}

/// What people and their back ends do with recordings.
fn recording_operations() -> OpenApiRouter<ApiState> {
    use recordings::{
        create_link, delete, download, export_evidence, file_link, hold, list, list_views,
        set_targets, share, show, show_quota, start, stop, verify,
    };
    OpenApiRouter::new()
        .routes(routes!(start::start))
        .routes(routes!(list::list))
        .routes(routes!(show_quota::show))
        .routes(routes!(show::show, delete::delete))
        .routes(routes!(stop::stop))
        .routes(routes!(set_targets::set_targets))
        .routes(routes!(stream_targets::list::list, stream_targets::create::create))
        .routes(routes!(stream_targets::update::update, stream_targets::delete::delete))
        .routes(routes!(delete::restore))
        .routes(routes!(hold::hold))
        .routes(routes!(create_link::create))
        .routes(routes!(create_link::revoke))
        .routes(routes!(list_views::list))
        .routes(routes!(verify::verify))
        .routes(routes!(export_evidence::export))
        .routes(routes!(file_link::create))
        .routes(routes!(download::download))
        .routes(routes!(share::share))
}

/// Where a tenant hears of events.
fn webhook_operations() -> OpenApiRouter<ApiState> {
    use webhooks::{create, delete, deliveries, list, rotate_secret, show, test, update};
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(show::show, update::update, delete::delete))
        .routes(routes!(update::resume))
        .routes(routes!(rotate_secret::rotate_secret))
        .routes(routes!(test::test))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::show))
        .routes(routes!(deliveries::resend))
}

/// What those do who run the platform.
fn operator_operations() -> OpenApiRouter<ApiState> {
    use operator::{
        identity_providers as providers, recording_storage as storage,
        tenants::{create, list, list_members, show, stop, update, view_as_client},
    };
    OpenApiRouter::new()
        .routes(routes!(operator::list_apps::list_apps, operator::create_app::create_app))
        .routes(routes!(operator::update_app::update_app))
        .routes(routes!(list::list, create::create))
        .routes(routes!(show::show, update::update, stop::delete))
        .routes(routes!(view_as_client::start, view_as_client::end))
        .routes(routes!(stop::suspend))
        .routes(routes!(stop::resume))
        .routes(routes!(stop::restore))
        .routes(routes!(list_members::list_members))
        .routes(routes!(operator::list_rooms::list_rooms))
        .routes(routes!(operator::nodes::list))
        .routes(routes!(operator::nodes::drain))
        .routes(routes!(operator::nodes::undrain))
        .routes(routes!(operator::nodes::show_health))
        .routes(routes!(operator::recorders::show))
        .routes(routes!(operator::recorders::drain))
        .routes(routes!(operator::recorders::undrain))
        .routes(routes!(operator::update_recording_slots::update))
        .routes(routes!(operator::usage::list))
        .routes(routes!(operator::usage::export))
        .routes(routes!(operator::settings::show::show, operator::settings::update::update))
        .routes(routes!(operator::settings::test_mail::send))
        .routes(routes!(storage::show::show, storage::update::update, storage::remove::remove))
        .routes(routes!(storage::check::check))
        .routes(routes!(operator::list_audit::list_audit))
        .routes(routes!(operator::list_mails::list_mails))
        .routes(routes!(operator::retry_mail::retry_mail))
        .routes(routes!(operator::list_users::list_users))
        .routes(routes!(providers::list::list, providers::create::create))
        .routes(routes!(providers::update::update, providers::delete::delete))
        .routes(routes!(operator::list_webhook_failures::list_webhook_failures))
        .routes(routes!(operator::reset_second_factor::reset_second_factor))
}

async fn not_found() -> ApiError {
    Code::NotFound.into()
}

async fn method_not_allowed() -> ApiError {
    Code::MethodNotAllowed.into()
}

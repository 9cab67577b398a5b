//! Who acts for a tenant: a member with a session, or the back end of one of its apps with an API
//! key. Operations take [`TenantAccess`](crate::tenant_access::TenantAccess) where only people act,
//! [`AppAccess`] for one app, and [`AppsAccess`] for what several apps have together.

use std::marker::PhantomData;

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, header, request::Parts},
};
use jumpa_db::{API_KEY_START, ActorKind, App, Author, PresentedApiKey, TenantScope, Timestamp};
use jumpa_protocol::{AppId, TenantId};

use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    permission::{Holder, Permission, needs::Needs},
    session::{RequestOrigin, SEEN_INTERVAL},
    tenant_access::{TenantAccess, check_status, named_tenant},
};

/// Somebody who may do `P` with apps of a tenant: a member with all of them, an API key with its
/// own.
pub(crate) struct AppsAccess<P> {
    tenant_id: TenantId,
    author: Author,
    /// The app of an API key.
    only_app: Option<App>,
    /// What they are to the table of permissions; nothing for somebody who looks at a client.
    holder: Option<Holder>,
    permission: PhantomData<P>,
}

impl<P> AppsAccess<P> {
    /// The tenant's data. Whoever reads lists from it has to keep to [`Self::select`].
    pub(crate) fn scope<'a>(&self, state: &'a ApiState) -> TenantScope<'a> {
        state.database().tenant(self.tenant_id)
    }

    /// Who they are to the audit.
    pub(crate) fn author(&self) -> &Author {
        &self.author
    }

    /// Whether they may do something beside `P`.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.holder.is_some_and(|holder| permission.is_held_by(holder))
    }

    /// Which app a list is about: the one that was asked for, or every one that they reach, which
    /// is `None` for all of the tenant. Another app does not exist for an API key.
    pub(crate) fn select(&self, wanted: Option<AppId>) -> Result<Option<AppId>, ApiError> {
        match (&self.only_app, wanted) {
            (None, wanted) => Ok(wanted),
            (Some(own), None) => Ok(Some(own.id.clone())),
            (Some(own), Some(wanted)) if own.id == wanted => Ok(Some(wanted)),
            (Some(_), Some(_)) => Err(Code::AppUnknown.into()),
        }
    }

    /// The same for an app as a query names it. One that the tenant does not have is refused.
    pub(crate) async fn select_existing(
        &self,
        state: &ApiState,
        wanted: Option<&str>,
    ) -> Result<Option<AppId>, ApiError> {
        let Some(text) = wanted else { return self.select(None) };
        let id: AppId = text.parse().map_err(|_| Code::AppUnknown)?;
        let app = self.scope(state).app(&id).await?.ok_or(Code::AppUnknown)?;
        self.select(Some(app.id))
    }
}

impl<P: Needs> FromRequestParts<ApiState> for AppsAccess<P> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        if bearer(&parts.headers).is_none() {
            let member = TenantAccess::<P>::from_request_parts(parts, state).await?;
            return Ok(Self {
                tenant_id: member.tenant_id,
                holder: (member.login.author.kind != ActorKind::Operator)
                    .then_some(Holder::Member(member.role)),
                author: member.login.author,
                only_app: None,
                permission: PhantomData,
            });
        }
        let key = parts.extensions.get::<PresentedApiKey>().cloned().ok_or(Code::ApiKeyInvalid)?;
        // The key tells the tenant; a request that names another is one by mistake.
        if named_tenant(parts).is_some_and(|named| named != Some(key.tenant_id)) {
            return Err(Code::NotFound.into());
        }
        let permission = P::PERMISSION;
        if !permission.is_held_by(Holder::ApiKey) {
            return Err(Code::Forbidden.into());
        }
        check_status(key.tenant_status, permission)?;
        let app = state.database().tenant(key.tenant_id).app(&key.app_id).await?;
        let app = app.filter(|app| app.deleted_at.is_none()).ok_or(Code::ApiKeyInvalid)?;
        let origin = RequestOrigin::from_request_parts(parts, state).await?;
        let author = Author {
            kind: ActorKind::ApiKey,
            id: Some(key.key.id.to_string()),
            name: key.key.name,
            ..origin.author()
        };
        Ok(Self {
            tenant_id: key.tenant_id,
            author,
            only_app: Some(app),
            holder: Some(Holder::ApiKey),
            permission: PhantomData,
        })
    }
}

/// Somebody who may do `P` with the app that the path names as `app_id`. An app of another tenant,
/// a deleted one, and for an API key every other one does not exist (404).
pub(crate) struct AppAccess<P> {
    /// The app.
    pub(crate) app: App,
    apps: AppsAccess<P>,
}

impl<P> AppAccess<P> {
    /// The data of the app's tenant.
    pub(crate) fn scope<'a>(&self, state: &'a ApiState) -> TenantScope<'a> {
        self.apps.scope(state)
    }

    /// Who they are to the audit.
    pub(crate) fn author(&self) -> &Author {
        self.apps.author()
    }
}

impl<P: Needs> FromRequestParts<ApiState> for AppAccess<P> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let mut apps = AppsAccess::<P>::from_request_parts(parts, state).await?;
        let path = RawPathParams::from_request_parts(parts, state).await;
        let path = path.map_err(|_| Code::AppUnknown)?;
        let named = path.iter().find_map(|(name, value)| (name == "app_id").then_some(value));
        let id: AppId = named.and_then(|text| text.parse().ok()).ok_or(Code::AppUnknown)?;
        apps.select(Some(id.clone()))?;
        let app = match apps.only_app.take() {
            Some(own) => Some(own),
            None => apps.scope(state).app(&id).await?,
        };
        let app = app.filter(|app| app.deleted_at.is_none()).ok_or(Code::AppUnknown)?;
        Ok(Self { app, apps })
    }
}

/// Whose API key a request comes with; `None` for one that comes with none. Requests are let in
/// with it among their extensions, so that a key is looked up once.
pub(crate) async fn present_api_key(
    state: &ApiState,
    headers: &HeaderMap,
) -> Result<Option<PresentedApiKey>, ApiError> {
    let Some(secret) = bearer(headers).filter(|secret| secret.starts_with(API_KEY_START)) else {
        return Ok(None);
    };
    let logins = state.database().logins();
    let found = logins.api_key(secret).await?.ok_or(Code::ApiKeyInvalid)?;
    let now = Timestamp::now();
    if found.key.last_used_at.is_none_or(|used| used + SEEN_INTERVAL < now) {
        logins.note_api_key_used(found.key.id, now).await?;
    }
    Ok(Some(found))
}

/// What a request shows in place of a cookie (RFC 6750 section 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

//! Where people log in instead of with a password (OpenID Connect Core 1.0), and logins that are on
//! their way.
//!
//! A provider of a tenant is believed about people who belong to that tenant and to nothing else: it
//! could otherwise open other tenants, or the platform itself, by naming their people.

use std::time::Duration;

use jumpa_protocol::{IdentityProviderId, Role, TenantId};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    ActorKind, Author, DbError, LinkToken, LoginScope, NewUser, OperatorScope, TenantScope,
    Timestamp, User, audit::Act, logins::insert_user, master_key::token_hash,
    memberships::insert_membership, platform_settings::settings_in, statement::sql,
    transaction::Transaction,
};

/// How long somebody may stay at their provider.
pub const IDENTITY_LOGIN_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// A provider without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    /// Its id.
    pub id: IdentityProviderId,
    /// The tenant whose people it names; `None` for those who run the platform.
    pub tenant_id: Option<TenantId>,
    /// The name of that tenant.
    pub tenant_name: Option<String>,
    /// The name that people read.
    pub name: String,
    /// The address that its discovery document names.
    pub issuer: String,
    /// Who we are to it.
    pub client_id: String,
    /// Whose e-mail addresses it answers for, in lower case and in order.
    pub domains: Vec<String>,
    /// What people become that it names for the first time; `None` refuses them.
    pub new_role: Option<Role>,
    /// When it was added.
    pub created_at: Timestamp,
}

#[derive(FromRow)]
struct ProviderRow {
    id: Uuid,
    tenant_id: Option<Uuid>,
    tenant_name: Option<String>,
    name: String,
    issuer: String,
    client_id: String,
    new_role: Option<String>,
    created_at: Timestamp,
}

/// Providers with the name of their tenant; what follows says which.
macro_rules! providers {
    ($which:literal) => {
        concat!(
            "SELECT providers.*, tenants.name AS tenant_name ",
            "FROM identity_providers AS providers ",
            "LEFT JOIN tenants ON tenants.id = providers.tenant_id ",
            $which
        )
    };
}

/// A provider to be added.
#[derive(Clone)]
pub struct NewIdentityProvider {
    /// The tenant whose people it names; `None` for those who run the platform.
    pub tenant_id: Option<TenantId>,
    /// The name that people read.
    pub name: String,
    /// The address that its discovery document names.
    pub issuer: String,
    /// Who we are to it.
    pub client_id: String,
    /// How we prove it.
    pub client_secret: String,
    /// Whose e-mail addresses it answers for, in lower case.
    pub domains: Vec<String>,
    /// What people become that it names for the first time; `None` refuses them.
    pub new_role: Option<Role>,
}

/// What changes of a provider; `None` stays.
#[derive(Clone, Default)]
pub struct IdentityProviderChange {
    /// The name that people read.
    pub name: Option<String>,
    /// How we prove who we are.
    pub client_secret: Option<String>,
    /// Whose e-mail addresses it answers for, in lower case.
    pub domains: Option<Vec<String>>,
    /// What people become that it names for the first time; `Some(None)` refuses them from now on.
    pub new_role: Option<Option<Role>>,
}

/// A login that is at its provider.
#[derive(Debug, Clone, FromRow)]
pub struct PendingIdentityLogin {
    /// The provider.
    #[sqlx(try_from = "Uuid")]
    pub provider_id: IdentityProviderId,
    /// What its token must repeat.
    pub nonce: String,
    /// What proves to it that the login comes back to where it began (RFC 7636).
    pub code_verifier: String,
    /// Where the person goes afterwards.
    pub next_path: Option<String>,
}

/// Whom a provider named.
pub struct ProvedIdentity {
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// PHC string for a new login that nobody's password fits.
    pub unusable_password_hash: String,
}

impl OperatorScope<'_> {
    /// At most `limit` providers, the oldest first, after the given one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn identity_providers(
        &self,
        after: Option<&(Timestamp, IdentityProviderId)>,
        limit: u32,
    ) -> Result<Vec<IdentityProvider>, DbError> {
        let oldest = (Timestamp::from_micros(i64::MIN), IdentityProviderId::from_uuid(Uuid::nil()));
        let (created_at, id) = after.copied().unwrap_or(oldest);
        let mut view = self.snapshot().await?;
        let rows = sql(providers!(
            "WHERE providers.created_at > $1 \
             OR (providers.created_at = $1 AND providers.id > $2) \
             ORDER BY providers.created_at, providers.id LIMIT $3"
        ))
        .bind(created_at)
        .bind(id)
        .bind(limit)
        .fetch_all(&mut view)
        .await?;
        all_with_domains(&mut view, rows).await
    }

    /// Adds a provider.
    ///
    /// # Errors
    /// [`DbError::TenantUnknown`], [`DbError::DomainTaken`], [`DbError::Query`].
    pub async fn create_identity_provider(
        &self,
        new: &NewIdentityProvider,
        by: &Author,
        now: Timestamp,
    ) -> Result<IdentityProvider, DbError> {
        let mut change = self.begin().await?;
        let id = IdentityProviderId::generate();
        if let Some(tenant_id) = new.tenant_id {
            let found: Option<(Uuid,)> =
                sql("SELECT id FROM tenants WHERE id = $1 AND deleted_at IS NULL")
                    .bind(tenant_id)
                    .fetch_optional(&mut change)
                    .await?;
            found.ok_or(DbError::TenantUnknown)?;
        }
        let sealed =
            self.database().master_key().seal(&id.to_string(), new.client_secret.as_bytes());
        sql("INSERT INTO identity_providers \
             (id, tenant_id, name, issuer, client_id, sealed_secret, new_role, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(id)
        .bind(new.tenant_id)
        .bind(&new.name)
        .bind(&new.issuer)
        .bind(&new.client_id)
        .bind(sealed)
        .bind(new.new_role)
        .bind(now)
        .execute(&mut change)
        .await?;
        insert_domains(&mut change, id, &new.domains).await?;
        let provider = provider_in(&mut change, id).await?;
        Act::new("identity_provider.created", new.tenant_id, ("identity_provider", id))
            .after(told(&provider))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(provider)
    }

    /// Changes a provider. The caller sees to it that only one of a tenant gets a `new_role`.
    ///
    /// # Errors
    /// [`DbError::IdentityProviderUnknown`], [`DbError::DomainTaken`], [`DbError::Query`].
    pub async fn change_identity_provider(
        &self,
        id: IdentityProviderId,
        to: &IdentityProviderChange,
        by: &Author,
        now: Timestamp,
    ) -> Result<IdentityProvider, DbError> {
        let mut change = self.begin().await?;
        let before = provider_in(&mut change, id).await?;
        let sealed = to
            .client_secret
            .as_ref()
            .map(|secret| self.database().master_key().seal(&id.to_string(), secret.as_bytes()));
        sql("UPDATE identity_providers SET name = COALESCE($2, name), \
             sealed_secret = COALESCE($3, sealed_secret), new_role = $4 WHERE id = $1")
        .bind(id)
        .bind(to.name.clone())
        .bind(sealed)
        .bind(to.new_role.unwrap_or(before.new_role))
        .execute(&mut change)
        .await?;
        if let Some(domains) = &to.domains {
            delete_domains(&mut change, id).await?;
            insert_domains(&mut change, id, domains).await?;
        }
        let after = provider_in(&mut change, id).await?;
        Act::new("identity_provider.changed", before.tenant_id, ("identity_provider", id))
            .before(told(&before))
            .after(told(&after))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(after)
    }

    /// Removes a provider; whoever logged in by it stays logged in.
    ///
    /// # Errors
    /// [`DbError::IdentityProviderUnknown`], [`DbError::Query`].
    pub async fn delete_identity_provider(
        &self,
        id: IdentityProviderId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let provider = provider_in(&mut change, id).await?;
        sql("DELETE FROM identity_logins WHERE provider_id = $1")
            .bind(id)
            .execute(&mut change)
            .await?;
        delete_domains(&mut change, id).await?;
        sql("DELETE FROM identity_providers WHERE id = $1").bind(id).execute(&mut change).await?;
        Act::new("identity_provider.deleted", provider.tenant_id, ("identity_provider", id))
            .before(told(&provider))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }
}

impl TenantScope<'_> {
    /// The providers that name people of the tenant, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn identity_providers(&self) -> Result<Vec<IdentityProvider>, DbError> {
        let mut view = self.snapshot().await?;
        let rows = sql(providers!(
            "WHERE providers.tenant_id = $1 \
             ORDER BY providers.created_at, providers.id"
        ))
        .bind(self.tenant_id())
        .fetch_all(&mut view)
        .await?;
        all_with_domains(&mut view, rows).await
    }
}

impl LoginScope<'_> {
    /// The provider that answers for a domain, which is in lower case. That of a tenant that was
    /// deleted answers for nobody.
    ///
    /// # Errors
    /// [`DbError::IdentityProviderUnknown`], [`DbError::Query`].
    pub async fn identity_provider_of(&self, domain: &str) -> Result<IdentityProvider, DbError> {
        let mut view = self.snapshot().await?;
        let row = sql(providers!(
            "JOIN identity_provider_domains AS domains \
             ON domains.provider_id = providers.id \
             WHERE domains.domain = $1 AND tenants.deleted_at IS NULL"
        ))
        .bind(domain)
        .fetch_optional(&mut view)
        .await?;
        with_domains(&mut view, row.ok_or(DbError::IdentityProviderUnknown)?).await
    }

    /// A provider and its secret.
    ///
    /// # Errors
    /// [`DbError::IdentityProviderUnknown`], [`DbError::KeyFile`], [`DbError::Query`].
    pub async fn identity_provider(
        &self,
        id: IdentityProviderId,
    ) -> Result<(IdentityProvider, String), DbError> {
        let mut view = self.snapshot().await?;
        let provider = provider_in(&mut view, id).await?;
        let (sealed,): (Vec<u8>,) =
            sql("SELECT sealed_secret FROM identity_providers WHERE id = $1")
                .bind(id)
                .fetch_one(&mut view)
                .await?;
        let secret = self.database().master_key().open(&id.to_string(), &sealed)?;
        let secret = String::from_utf8(secret).map_err(|_| DbError::Damaged("client secret"))?;
        Ok((provider, secret))
    }

    /// Remembers a login that leaves for its provider. `state` is what comes back with it.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn begin_identity_login(
        &self,
        state: &LinkToken,
        login: &PendingIdentityLogin,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("DELETE FROM identity_logins WHERE expires_at <= $1")
            .bind(now)
            .execute(&mut change)
            .await?;
        sql("INSERT INTO identity_logins \
             (state_hash, provider_id, nonce, code_verifier, next_path, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(state.hash())
        .bind(login.provider_id)
        .bind(&login.nonce)
        .bind(&login.code_verifier)
        .bind(login.next_path.clone())
        .bind(now + IDENTITY_LOGIN_LIFETIME)
        .execute(&mut change)
        .await?;
        change.commit().await
    }

    /// The login that comes back with `state`; it comes back once.
    ///
    /// # Errors
    /// [`DbError::OneTimeToken`] when it did before or is too old, [`DbError::Query`].
    pub async fn take_identity_login(
        &self,
        state: &str,
        now: Timestamp,
    ) -> Result<PendingIdentityLogin, DbError> {
        let mut change = self.begin().await?;
        let found: Option<PendingIdentityLogin> = sql("DELETE FROM identity_logins \
             WHERE state_hash = $1 AND expires_at > $2 \
             RETURNING provider_id, nonce, code_verifier, next_path")
        .bind(token_hash(state))
        .bind(now)
        .fetch_optional(&mut change)
        .await?;
        change.commit().await?;
        found.ok_or(DbError::OneTimeToken)
    }

    /// Who logs in by what a provider said of them. Somebody new becomes a member of its tenant in
    /// the role that the provider gives.
    ///
    /// # Errors
    /// [`DbError::IdentityNotAllowed`] when the provider does not answer for the address, the
    /// person is new and it takes no new ones, or they belong to more than its tenant;
    /// [`DbError::Query`].
    pub async fn log_in_by_provider(
        &self,
        provider: &IdentityProvider,
        identity: &ProvedIdentity,
        by: &Author,
        now: Timestamp,
    ) -> Result<User, DbError> {
        let email = identity.email.to_lowercase();
        let domain = email.rsplit('@').next().unwrap_or_default();
        if !provider.domains.iter().any(|own| own == domain) {
            return Err(DbError::IdentityNotAllowed);
        }
        let mut change = self.begin().await?;
        let known: Option<User> = sql("SELECT * FROM users WHERE email = $1")
            .bind(&email)
            .fetch_optional(&mut change)
            .await?;
        let user = match (known, provider.tenant_id) {
            (Some(user), None) if user.is_operator => user,
            (Some(user), Some(tenant_id)) if !user.is_operator => {
                let elsewhere: Vec<(Uuid,)> = sql("SELECT tenant_id FROM memberships \
                     WHERE user_id = $1 AND tenant_id <> $2 LIMIT 1")
                .bind(user.id)
                .bind(tenant_id)
                .fetch_all(&mut change)
                .await?;
                if !elsewhere.is_empty() {
                    return Err(DbError::IdentityNotAllowed);
                }
                join(&mut change, provider, tenant_id, &user, by, now).await?;
                user
            }
            (None, Some(tenant_id)) if provider.new_role.is_some() => {
                let new = NewUser {
                    email,
                    name: identity.name.clone(),
                    password_hash: identity.unusable_password_hash.clone(),
                    is_operator: false,
                };
                let language = settings_in(&mut change).await?.language;
                let user = insert_user(&mut change, &new, language, now).await?;
                join(&mut change, provider, tenant_id, &user, by, now).await?;
                user
            }
            _ => return Err(DbError::IdentityNotAllowed),
        };
        change.commit().await?;
        Ok(user)
    }
}

/// Makes somebody a member of the provider's tenant, unless they are one.
async fn join(
    change: &mut Transaction,
    provider: &IdentityProvider,
    tenant_id: TenantId,
    user: &User,
    by: &Author,
    now: Timestamp,
) -> Result<(), DbError> {
    let member: Option<(String,)> =
        sql("SELECT role FROM memberships WHERE tenant_id = $1 AND user_id = $2")
            .bind(tenant_id)
            .bind(user.id)
            .fetch_optional(&mut *change)
            .await?;
    if member.is_some() {
        return Ok(());
    }
    let role = provider.new_role.ok_or(DbError::IdentityNotAllowed)?;
    insert_membership(change, tenant_id, user.id, role, now).await?;
    let by = Author {
        kind: ActorKind::User,
        id: Some(user.id.to_string()),
        name: user.email.clone(),
        ..by.clone()
    };
    Act::new("member.joined", tenant_id, ("user", user.id))
        .after(json!({ "role": role, "identity_provider_id": provider.id }))
        .record(change, &by, now)
        .await
}

async fn provider_in(
    on: &mut Transaction,
    id: IdentityProviderId,
) -> Result<IdentityProvider, DbError> {
    let row = sql(providers!("WHERE providers.id = $1")).bind(id).fetch_optional(&mut *on).await?;
    with_domains(on, row.ok_or(DbError::IdentityProviderUnknown)?).await
}

async fn all_with_domains(
    on: &mut Transaction,
    rows: Vec<ProviderRow>,
) -> Result<Vec<IdentityProvider>, DbError> {
    let mut providers = Vec::with_capacity(rows.len());
    for row in rows {
        providers.push(with_domains(&mut *on, row).await?);
    }
    Ok(providers)
}

async fn with_domains(on: &mut Transaction, row: ProviderRow) -> Result<IdentityProvider, DbError> {
    let domains: Vec<(String,)> = sql("SELECT domain FROM identity_provider_domains \
         WHERE provider_id = $1 ORDER BY domain")
    .bind(row.id)
    .fetch_all(on)
    .await?;
    let new_role = row.new_role.map(Role::try_from).transpose();
    Ok(IdentityProvider {
        id: IdentityProviderId::from_uuid(row.id),
        tenant_id: row.tenant_id.map(TenantId::from_uuid),
        tenant_name: row.tenant_name,
        name: row.name,
        issuer: row.issuer,
        client_id: row.client_id,
        domains: domains.into_iter().map(|(domain,)| domain).collect(),
        new_role: new_role.map_err(|_| DbError::Damaged("role"))?,
        created_at: row.created_at,
    })
}

async fn insert_domains(
    change: &mut Transaction,
    id: IdentityProviderId,
    domains: &[String],
) -> Result<(), DbError> {
    for domain in domains {
        sql("INSERT INTO identity_provider_domains (domain, provider_id) VALUES ($1, $2)")
            .bind(domain)
            .bind(id)
            .execute(change)
            .await
            .map_err(|error| error.or_if_taken(DbError::DomainTaken))?;
    }
    Ok(())
}

async fn delete_domains(change: &mut Transaction, id: IdentityProviderId) -> Result<(), DbError> {
    sql("DELETE FROM identity_provider_domains WHERE provider_id = $1")
        .bind(id)
        .execute(change)
        .await?;
    Ok(())
}

fn told(provider: &IdentityProvider) -> serde_json::Value {
    let IdentityProvider { name, issuer, client_id, domains, new_role, .. } = provider;
    json!({
        "name": name, "issuer": issuer, "client_id": client_id, "domains": domains,
        "new_role": new_role,
    })
}

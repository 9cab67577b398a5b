//! What is said to a provider, and what it answers.

use std::time::Duration;

use jumpa_db::{IdentityProvider, PendingIdentityLogin};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse,
    core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata},
};
use tracing::debug;

use crate::{ApiError, error::Code};

/// Where providers send people back to, below the server's address.
pub(crate) const CALLBACK_PATH: &str = "/v1/oidc/callback";

/// How long a provider may take for one answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// A client that knows where its provider is.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Us as a client of one provider, whose discovery document was read.
pub(crate) struct ProviderClient {
    client: Client,
    http: reqwest::Client,
}

/// A way to the provider.
pub(crate) struct Departure {
    /// Where the browser goes.
    pub(crate) url: String,
    /// What has to be known when it comes back.
    pub(crate) login: PendingIdentityLogin,
}

/// Whom the provider names.
pub(crate) struct Claims {
    pub(crate) email: String,
    pub(crate) name: Option<String>,
}

impl ProviderClient {
    /// Reads the discovery document of a provider.
    pub(crate) async fn discover(
        issuer: &str,
        client_id: &str,
        secret: String,
        link_base: &str,
    ) -> Result<Self, ApiError> {
        let http = http_client()?;
        let issuer = IssuerUrl::new(issuer.to_owned()).map_err(ApiError::internal)?;
        let metadata =
            CoreProviderMetadata::discover_async(issuer, &http).await.map_err(|error| {
                debug!(error = &error as &dyn std::error::Error, "discovering a provider");
                Code::IdentityProviderUnreachable
            })?;
        let callback =
            RedirectUrl::new(format!("{link_base}{CALLBACK_PATH}")).map_err(ApiError::internal)?;
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(client_id.to_owned()),
            Some(ClientSecret::new(secret)),
        )
        .set_redirect_uri(callback);
        Ok(Self { client, http })
    }

    /// Where a browser logs in. `state` comes back with it.
    pub(crate) fn depart(
        &self,
        provider: &IdentityProvider,
        email: &str,
        state: &str,
        next_path: Option<String>,
    ) -> Departure {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = state.to_owned();
        let (url, _, nonce) = self
            .client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                Nonce::new_random,
            )
            .add_scopes(["email", "profile"].map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("login_hint", email)
            .set_pkce_challenge(challenge)
            .url();
        let login = PendingIdentityLogin {
            provider_id: provider.id,
            nonce: nonce.secret().clone(),
            code_verifier: verifier.into_secret(),
            next_path,
        };
        Departure { url: url.to_string(), login }
    }

    /// Whom the provider names for a code. Its token is verified: signature, issuer, audience, end
    /// and nonce (OpenID Connect Core section 3.1.3.7).
    pub(crate) async fn arrive(
        &self,
        login: PendingIdentityLogin,
        code: String,
    ) -> Result<Claims, ApiError> {
        let refused = |step: &'static str, error: &dyn std::error::Error| {
            debug!(%error, step, "a provider did not confirm a login");
            ApiError::from(Code::IdentityRefused)
        };
        let tokens = self
            .client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| refused("token endpoint", &error))?
            .set_pkce_verifier(PkceCodeVerifier::new(login.code_verifier))
            .request_async(&self.http)
            .await
            .map_err(|error| refused("code", &error))?;
        let token = tokens.id_token().ok_or(Code::IdentityRefused)?;
        let claims = token
            .claims(&self.client.id_token_verifier(), &Nonce::new(login.nonce))
            .map_err(|error| refused("token", &error))?;
        // A provider that says nothing of it answers for the addresses of its own domains.
        if claims.email_verified() == Some(false) {
            return Err(Code::IdentityNotAllowed.into());
        }
        let email = claims.email().ok_or(Code::IdentityRefused)?.to_string();
        let name = claims.name().and_then(|names| names.get(None)).map(|name| name.to_string());
        Ok(Claims { email, name })
    }
}

/// Redirects are not followed: a provider could lead us to addresses that only we reach.
fn http_client() -> Result<reqwest::Client, ApiError> {
    // Somebody else may have named the same library before; either will do.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(ANSWER_WITHIN)
        .build()
        .map_err(ApiError::internal)
}

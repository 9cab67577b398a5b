//! Logging in at an identity provider instead of with a password: OpenID Connect Core 1.0, the code
//! flow (section 3.1) with PKCE (RFC 7636).

pub(crate) mod callback;
mod provider_client;
pub(crate) mod start;
mod state_cookie;

pub(crate) use provider_client::ProviderClient;

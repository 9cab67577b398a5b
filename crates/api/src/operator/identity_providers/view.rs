//! An identity provider as the operator sees it, and what its fields may be.

use jumpa_db::IdentityProvider;
use jumpa_protocol::{IdentityProviderId, Role, TenantId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, time::rfc3339};

/// Most domains of one provider.
const MAX_DOMAINS: usize = 50;
/// Longest domain, bytes (RFC 1035 section 2.3.4).
const MAX_DOMAIN_BYTES: usize = 253;
/// Longest address of a provider and longest secret, bytes.
pub(super) const MAX_TEXT_BYTES: usize = 2_048;

/// Where people log in instead of with a password.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityProvider)]
pub(crate) struct IdentityProviderView {
    id: IdentityProviderId,
    /// The tenant whose people it names; `null` for those who run the platform.
    #[schema(required)]
    tenant_id: Option<TenantId>,
    /// The name of that tenant.
    #[schema(required, example = "Toko Melati")]
    tenant_name: Option<String>,
    #[schema(example = "Akun Toko Melati")]
    name: String,
    #[schema(example = "https://login.melati.example")]
    issuer: String,
    #[schema(example = "jumpa")]
    client_id: String,
    /// Whose e-mail addresses it answers for.
    domains: Vec<String>,
    /// What people become that it names for the first time; `null` refuses them.
    #[schema(required)]
    new_role: Option<Role>,
    /// RFC 3339, UTC.
    created_at: String,
}

impl From<IdentityProvider> for IdentityProviderView {
    fn from(provider: IdentityProvider) -> Self {
        Self {
            id: provider.id,
            tenant_id: provider.tenant_id,
            tenant_name: provider.tenant_name,
            name: provider.name,
            issuer: provider.issuer,
            client_id: provider.client_id,
            domains: provider.domains,
            new_role: provider.new_role,
            created_at: rfc3339(provider.created_at),
        }
    }
}

/// What people become that a provider names for the first time. Owners are made by owners.
pub(super) fn new_role(role: Option<Role>) -> Result<Option<Role>, ApiError> {
    if role == Some(Role::Owner) {
        return Err(ApiError::invalid("new_role", "admin, developer, agent or viewer"));
    }
    Ok(role)
}

/// The address of a provider: https, but for one on the same machine.
pub(super) fn issuer(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let local = ["http://127.0.0.1", "http://[::1]", "http://localhost"];
    let is_local = local.iter().any(|start| {
        text.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    let is_address = reqwest::Url::parse(text)
        .is_ok_and(|url| url.has_host() && url.username().is_empty() && url.query().is_none());
    if (text.starts_with("https://") || is_local) && is_address && text.len() <= MAX_TEXT_BYTES {
        Ok(text.to_owned())
    } else {
        Err(ApiError::invalid("issuer", "an address that begins with https://"))
    }
}

/// A text that a provider gave us: 1 to 2,048 bytes without control characters.
pub(super) fn given(field: &'static str, text: &str) -> Result<String, ApiError> {
    let is_fine = (1..=MAX_TEXT_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
    if is_fine { Ok(text.to_owned()) } else { Err(ApiError::invalid(field, "1 to 2048 bytes")) }
}

/// Domains of e-mail addresses, in lower case, each once.
pub(super) fn domains(texts: &[String]) -> Result<Vec<String>, ApiError> {
    let mut domains: Vec<String> = texts.iter().map(|text| text.trim().to_lowercase()).collect();
    domains.sort();
    domains.dedup();
    let is_domain = |domain: &String| {
        domain.len() <= MAX_DOMAIN_BYTES
            && domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
    };
    if (1..=MAX_DOMAINS).contains(&domains.len()) && domains.iter().all(is_domain) {
        Ok(domains)
    } else {
        Err(ApiError::invalid("domains", "1 to 50 domains like melati.example"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_reached_over_https_or_on_this_machine() {
        for text in
            ["https://login.melati.example", "https://a.example/realms/b", "http://127.0.0.1:9000"]
        {
            assert!(issuer(text).is_ok(), "{text}");
        }
        let wrong =
            ["", "https://", "http://login.melati.example", "http://127.0.0.1.jahat.example"];
        for text in
            wrong.into_iter().chain(["https://a@b.example", "https://a.example?x", "ftp://a"])
        {
            assert!(issuer(text).is_err(), "{text}");
        }
    }

    #[test]
    fn domains_are_in_lower_case_and_each_once() {
        let given = ["Melati.Example".to_owned(), "melati.example ".to_owned()];
        assert_eq!(domains(&given).unwrap(), ["melati.example"]);
        for wrong in ["", "melati", "a..b", "me lati.example", "@melati.example"] {
            assert!(domains(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
        assert!(domains(&[]).is_err());
    }
}

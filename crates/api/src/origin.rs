//! Refuses changes that a page of another web site asks for in the name of the person that looks
//! at it (cross-site request forgery).

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{OwnDomains, api_state::ApiState, error::Code, session};

/// A change with `Origin` must come from our own pages; one without is no browser's, since
/// browsers always send it with a change, and then it may carry no session.
pub(crate) async fn check_origin(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    let is_change = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let public_url = state.config.public_url.as_deref();
    if is_change && !is_allowed(request.headers(), public_url, &state.own_domains) {
        return crate::ApiError::from(Code::OriginMismatch).into_response();
    }
    next.run(request).await
}

fn is_allowed(headers: &HeaderMap, public_url: Option<&str>, own_domains: &OwnDomains) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return !session::has_cookie(headers);
    };
    let Ok(origin) = origin.to_str() else { return false };
    if public_url.is_some_and(|url| url.trim_end_matches('/').eq_ignore_ascii_case(origin)) {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    let is_same_host = host.is_some() && host == origin_host;
    // The call page on the own domain of its app, where no session lives.
    if is_same_host && host.is_some_and(|host| own_domains.app_at(host).is_some()) {
        return !session::has_cookie(headers);
    }
    // The browser's own name for us. Only the scheme is not in it, which a page cannot choose
    // without holding our host name.
    public_url.is_none() && is_same_host
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::http::HeaderName;
    use jumpa_protocol::directory::Directory;
    use tokio::sync::watch;

    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    /// As for a server at `public_url` with an app that has the domain `call.melati.example`.
    fn is_allowed(headers: &HeaderMap, public_url: Option<&str>) -> bool {
        let mut directory = Directory::default();
        let own = ("call.melati.example".to_owned(), "melati".parse().unwrap());
        directory.own_domains.extend([own]);
        let own_domains = OwnDomains::new(watch::channel(Arc::new(directory)).1, public_url);
        super::is_allowed(headers, public_url, &own_domains)
    }

    #[test]
    fn our_own_page_may_change_things() {
        let same =
            headers(&[(header::HOST, "127.0.0.1:8080"), (header::ORIGIN, "http://127.0.0.1:8080")]);
        assert!(is_allowed(&same, None));
    }

    #[test]
    fn another_web_site_may_not() {
        for origin in ["https://jahat.example", "http://127.0.0.1:8081", "null"] {
            let other = headers(&[(header::HOST, "127.0.0.1:8080"), (header::ORIGIN, origin)]);
            assert!(!is_allowed(&other, None), "{origin}");
        }
    }

    #[test]
    fn a_public_address_is_the_only_one() {
        let url = Some("https://call.sehat.example/");
        let ours = headers(&[
            (header::HOST, "127.0.0.1:8080"),
            (header::ORIGIN, "https://call.sehat.example"),
        ]);
        assert!(is_allowed(&ours, url));
        let by_address =
            headers(&[(header::HOST, "127.0.0.1:8080"), (header::ORIGIN, "http://127.0.0.1:8080")]);
        assert!(!is_allowed(&by_address, url));
    }

    #[test]
    fn without_an_origin_no_session_may_be_used() {
        let with = headers(&[(header::HOST, "h"), (header::COOKIE, "jumpa_session=abc")]);
        assert!(!is_allowed(&with, None));
        assert!(is_allowed(&headers(&[(header::HOST, "h")]), None));
    }

    #[test]
    fn the_call_page_on_an_own_domain_may_change_things_without_a_session() {
        let url = Some("https://jumpa.example");
        let host = (header::HOST, "call.melati.example");
        let origin = (header::ORIGIN, "https://call.melati.example");
        let cookie = (header::COOKIE, "__Host-jumpa=abc");
        assert!(is_allowed(&headers(&[host.clone(), origin.clone()]), url));
        assert!(!is_allowed(&headers(&[host, origin.clone(), cookie]), url));
        assert!(!is_allowed(&headers(&[(header::HOST, "jumpa.example"), origin]), url));
    }
}

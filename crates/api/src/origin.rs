//! Refuses changes that a page of another web site asks for in the name of the person that looks
//! at it (cross-site request forgery).

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{api_state::ApiState, error::Code, session};

/// A change with `Origin` must come from our own pages; one without is no browser's, since
/// browsers always send it with a change, and then it may carry no session.
pub(crate) async fn check_origin(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    let is_change = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_change && !is_allowed(request.headers(), state.config.public_url.as_deref()) {
        return crate::ApiError::from(Code::OriginMismatch).into_response();
    }
    next.run(request).await
}

fn is_allowed(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return !session::has_cookie(headers);
    };
    let Ok(origin) = origin.to_str() else { return false };
    if public_url.is_some_and(|url| url.trim_end_matches('/').eq_ignore_ascii_case(origin)) {
        return true;
    }
    // The browser's own name for us. Only the scheme is not in it, which a page cannot choose
    // without holding our host name.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    public_url.is_none() && host.is_some() && host == origin_host
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
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
}

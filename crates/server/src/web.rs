//! The web pages, built from `web/apps` and carried inside the program: the call page at the root,
//! the dashboard below `/dashboard`. Debug builds read them from disk, so that a new build of the
//! pages needs none of the server.

mod own_domain;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use jumpa_api::OwnDomains;
use jumpa_protocol::{AppId, RoomKey, directory::Directory};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::live_directory;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/apps/call/dist"]
#[allow_missing = true]
struct CallPages;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/apps/dashboard/dist"]
#[allow_missing = true]
struct DashboardPages;

/// One of the two applications that the pages are made of.
#[derive(Clone, Copy)]
enum Site {
    Call,
    Dashboard,
}

impl Site {
    fn read(self, path: &str) -> Option<EmbeddedFile> {
        match self {
            Self::Call => CallPages::get(path),
            Self::Dashboard => DashboardPages::get(path),
        }
    }

    /// Whether the application draws something at `path`; the dashboard alone knows its addresses.
    fn has_page(self, path: &str) -> bool {
        match self {
            Self::Call => is_call_page(path),
            Self::Dashboard => true,
        }
    }
}

const INDEX: &str = "index.html";

/// This checkout. Checkouts share a build cache: naming it makes Cargo build a
/// debug program again that would read another checkout's pages.
const _: Option<&str> = option_env!("JUMPA_CHECKOUT");

/// Shown when the program was built without the pages.
const MISSING_PAGES: &str = include_str!("web/missing_pages.html");

/// Files below it have a hash of their content in their names and never change.
const ASSETS: &str = "assets/";

/// The first part of every address of the dashboard. No app has this id: theirs end in a code.
const DASHBOARD: &str = "dashboard";

/// Addresses that moved into the dashboard, and links that the server prints, without slashes.
const MOVED: [(&str, &str); 3] = [
    ("welcome", "/dashboard/welcome"),
    ("login", "/dashboard/login"),
    ("operator", "/dashboard/operator"),
];

/// Whether the program has the pages.
#[must_use]
pub fn has_pages() -> bool {
    [Site::Call, Site::Dashboard].iter().all(|site| site.read(INDEX).is_some())
}

/// Adds what every answer carries: no guessing of types, no address in the referrer, since links
/// into a room are secrets of sorts.
pub async fn add_common_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// What pages are drawn by.
#[derive(Clone)]
pub struct Pages {
    /// The apps.
    pub directory: live_directory::Receiver,
    /// Which host names are theirs.
    pub own_domains: OwnDomains,
}

/// Answers every path that is neither API nor signalling. Rooms may be framed by the pages that
/// their app names, everything else by nobody but ourselves.
pub async fn page(
    State(pages): State<Pages>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    if let Some(app_id) = host.and_then(|host| pages.own_domains.app_at(host)) {
        return own_domain::page(&app_id, path, &headers, &pages.directory.borrow());
    }
    if let Some(address) = moved_to(path, uri.query()) {
        return Redirect::temporary(&address).into_response();
    }
    let (site, path) = match path.strip_prefix(DASHBOARD) {
        Some("") => (Site::Dashboard, ""),
        Some(rest) if rest.starts_with('/') => (Site::Dashboard, rest.trim_start_matches('/')),
        _ => (Site::Call, path),
    };
    if path != INDEX && !is_compressed(path) && site.read(path).is_some() {
        return file(site, path, &headers);
    }
    if path.starts_with(ASSETS) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let ancestors = match site {
        Site::Call => {
            let directory = pages.directory.borrow();
            let room = room_of(path);
            frame_ancestors(room.as_ref().map(|room| &room.app_id), &directory)
        }
        Site::Dashboard => "'self'".to_owned(),
    };
    let index = match site.read(INDEX) {
        Some(_) => file(site, INDEX, &headers),
        None => missing_pages(),
    };
    drawn(index, site.has_page(path), &headers, &ancestors)
}

/// Where a page went, with its query: the first login carries its token there.
fn moved_to(path: &str, query: Option<&str>) -> Option<String> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let (_, address) = MOVED.iter().find(|(from, _)| *from == path)?;
    Some(query.map_or_else(|| (*address).to_owned(), |query| format!("{address}?{query}")))
}

/// Who may show the rooms of an app in a frame, for the policy; pages without an app nobody.
fn frame_ancestors(app_id: Option<&AppId>, directory: &Directory) -> String {
    let app = app_id.and_then(|app_id| directory.apps.get(app_id));
    let origins = app.map(|app| app.origins.as_slice()).unwrap_or_default();
    let others: String = origins.iter().map(|origin| format!(" {origin}")).collect();
    format!("'self'{others}")
}

/// The page that draws itself by its address. An address that it does not know is answered with
/// the same page and 404, so that people read what is wrong and machines see it.
fn drawn(mut index: Response, is_found: bool, headers: &HeaderMap, ancestors: &str) -> Response {
    if index.status() != StatusCode::NOT_MODIFIED && !is_found {
        *index.status_mut() = StatusCode::NOT_FOUND;
    }
    let response_headers = index.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(headers, ancestors)) {
        response_headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response_headers.insert(
        "permissions-policy",
        HeaderValue::from_static(
            "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), \
             speaker-selection=(self), screen-wake-lock=(self), geolocation=(), payment=(), usb=()",
        ),
    );
    index
}

fn missing_pages() -> Response {
    let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::SERVICE_UNAVAILABLE, html, MISSING_PAGES).into_response()
}

fn is_call_page(path: &str) -> bool {
    path.is_empty() || room_of(path).is_some()
}

/// The room that a path is of.
fn room_of(path: &str) -> Option<RoomKey> {
    let (app_id, room) = path.strip_suffix('/').unwrap_or(path).split_once('/')?;
    Some(RoomKey { app_id: app_id.parse().ok()?, room: room.parse().ok()? })
}

/// One file, compressed if the build left a compressed copy and the browser takes it.
fn file(site: Site, path: &str, headers: &HeaderMap) -> Response {
    let Some((found, encoding)) = best_copy(site, path, headers) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = etag(&found);
    let cache =
        if path.starts_with(ASSETS) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if has_copy(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(found.data.into_owned()))
    };
    let response_headers = response.headers_mut();
    response_headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    response_headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response_headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response_headers.insert(header::ETAG, etag);
    }
    if let Some(encoding) = encoding {
        response_headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether the browser has what this tag names.
fn has_copy(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag))
}

fn best_copy(
    site: Site,
    path: &str,
    headers: &HeaderMap,
) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let accepts = |encoding: &str| {
        accepted.is_some_and(|list| {
            list.split(',').any(|item| {
                let (name, weight) = item.trim().split_once(';').unwrap_or((item.trim(), ""));
                name == encoding && !matches!(weight.trim(), "q=0" | "q=0.0")
            })
        })
    };
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(encoding)
            && let Some(copy) = site.read(&format!("{path}.{ending}"))
        {
            return Some((copy, Some(encoding)));
        }
    }
    site.read(path).map(|original| (original, None))
}

/// Compressed copies are found through their originals only.
fn is_compressed(path: &str) -> bool {
    path.ends_with(".br") || path.ends_with(".gz")
}

fn etag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let digits: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

fn media_type(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "mp3" => "audio/mpeg",
        "ogg" | "opus" => "audio/ogg",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// No script but our own files, no connection but to this host. Styles may stand in the page,
/// because the component kit writes its variables there.
fn content_security_policy(headers: &HeaderMap, ancestors: &str) -> String {
    // Browsers before CSP 3 do not count WebSockets of the same host to 'self'.
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .filter(|host| {
            host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
        })
        .map(|host| format!(" ws://{host} wss://{host}"))
        .unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
         connect-src 'self'{host}; img-src 'self' data: blob: https:; media-src 'self' blob: data:; \
         font-src 'self' data:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors {ancestors}"
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jumpa_protocol::{TenantId, directory::AppEntry};
    use tokio::sync::watch;

    use super::*;

    fn pages(directory: Directory) -> State<Pages> {
        let directory = watch::channel(Arc::new(directory)).1;
        let own_domains = OwnDomains::new(directory.clone(), Some("https://jumpa.example"));
        State(Pages { directory, own_domains })
    }

    fn no_apps() -> State<Pages> {
        pages(Directory::default())
    }

    #[test]
    fn rooms_and_known_pages_are_pages() {
        for path in ["", "demo-k3x9q/halo", "demo-k3x9q/Ruang-1/"] {
            assert!(is_call_page(path), "{path}");
        }
    }

    #[test]
    fn other_addresses_are_not() {
        for path in ["admin", "demo-k3x9q", "demo-k3x9q/a/b", "Demo/halo", "a/b", "../etc/passwd"] {
            assert!(!is_call_page(path), "{path}");
        }
    }

    #[tokio::test]
    async fn the_first_login_leads_into_the_dashboard_with_its_token() {
        let uri = Uri::from_static("/welcome?token=rahasia");
        let response = page(no_apps(), Method::GET, uri, HeaderMap::new()).await;
        assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(response.headers()[header::LOCATION], "/dashboard/welcome?token=rahasia");
    }

    #[tokio::test]
    async fn every_address_of_the_dashboard_is_answered_with_its_page() {
        for path in ["/dashboard", "/dashboard/", "/dashboard/t/ten_1/team"] {
            let response =
                page(no_apps(), Method::GET, Uri::from_static(path), HeaderMap::new()).await;
            assert_ne!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert!(response.headers().contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
        }
    }

    #[tokio::test]
    async fn a_missing_asset_of_the_dashboard_is_not_answered_with_a_page() {
        let uri = Uri::from_static("/dashboard/assets/hilang-123.js");
        let response = page(no_apps(), Method::GET, uri, HeaderMap::new()).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn a_made_up_host_does_not_reach_the_policy() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("a; script-src *"));
        assert!(!content_security_policy(&headers, "'self'").contains("script-src *"));
        headers.insert(header::HOST, HeaderValue::from_static("call.example:8443"));
        assert!(content_security_policy(&headers, "'self'").contains("wss://call.example:8443;"));
    }

    #[tokio::test]
    async fn a_missing_asset_is_not_answered_with_a_page() {
        let uri = Uri::from_static("/assets/hilang-123.js");
        let response = page(no_apps(), Method::GET, uri, HeaderMap::new()).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(!response.headers().contains_key(header::CONTENT_TYPE));
    }

    #[tokio::test]
    async fn a_page_may_not_be_framed_by_other_sites() {
        let response = page(no_apps(), Method::GET, Uri::from_static("/"), HeaderMap::new()).await;
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
        assert!(!policy.contains("script-src 'self' 'unsafe"), "{policy}");
    }

    #[tokio::test]
    async fn a_room_may_be_framed_by_the_pages_that_its_app_names() {
        let mut directory = Directory::default();
        let mut app = AppEntry::new(TenantId::generate(), "Toko Melati");
        app.origins = vec!["https://toko.example".parse().unwrap()];
        directory.apps.insert("toko-melati".parse().unwrap(), app);
        let pages = pages(directory);
        let policy_of = async |path: &'static str| {
            let uri = Uri::from_static(path);
            let response = page(pages.clone(), Method::GET, uri, HeaderMap::new()).await;
            response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
        };
        let named = policy_of("/toko-melati/kasir").await;
        assert!(named.ends_with("frame-ancestors 'self' https://toko.example"), "{named}");
        for other in ["/", "/dashboard/toko-melati/kasir", "/klinik-sehat/kasir", "/toko-melati"] {
            let policy = policy_of(other).await;
            assert!(policy.ends_with("frame-ancestors 'self'"), "{other}: {policy}");
        }
    }

    #[tokio::test]
    async fn a_page_is_read_only() {
        let response = page(no_apps(), Method::POST, Uri::from_static("/"), HeaderMap::new()).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}

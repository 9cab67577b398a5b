//! Pages on the own domain of an app: its call page and nothing else of the server.
//!
//! The page reads from `<meta name="jumpa-app">` which app its address is of, since an address on an
//! own domain does not name it. The server decides that, so that no address of the domain opens a
//! room of another tenant.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jumpa_protocol::{AppId, RoomName, directory::Directory};

use super::{
    ASSETS, INDEX, Site, drawn, etag, file, frame_ancestors, has_copy, is_compressed, media_type,
    missing_pages, room_of,
};

/// What the page finds its app by; empty on an address that is nothing.
const APP_META: &str = "jumpa-app";

/// Where the page takes the name of its app.
const HEAD: &str = "<head>";

/// Answers a path on the own domain of `app_id`.
pub(super) fn page(
    app_id: &AppId,
    path: &str,
    headers: &HeaderMap,
    directory: &Directory,
) -> Response {
    let site = Site::Call;
    if path != INDEX && !is_compressed(path) && site.read(path).is_some() {
        return file(site, path, headers);
    }
    if path.starts_with(ASSETS) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let found = app_of(app_id, path, directory);
    let index = index(found.as_ref(), headers).unwrap_or_else(missing_pages);
    drawn(index, found.is_some(), headers, &frame_ancestors(found.as_ref(), directory))
}

/// The app that an address is of: the domain's own for its start page and its rooms, another of the
/// same tenant where the address names it.
fn app_of(own: &AppId, path: &str, directory: &Directory) -> Option<AppId> {
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Some(own.clone());
    }
    if let Ok(room) = path.parse::<RoomName>() {
        return jumpa_api::is_short(&room).then(|| own.clone());
    }
    let named = room_of(path)?.app_id;
    let tenant_of = |app_id: &AppId| directory.apps.get(app_id).map(|app| app.tenant_id);
    (tenant_of(&named).is_some() && tenant_of(&named) == tenant_of(own)).then_some(named)
}

/// The page with the app in it. It is too small to be worth compressing.
fn index(app_id: Option<&AppId>, headers: &HeaderMap) -> Option<Response> {
    let page = Site::Call.read(INDEX)?;
    let app_id = app_id.map_or("", AppId::as_str);
    let html = with_app(&String::from_utf8_lossy(&page.data), app_id);
    let etag = format!("\"{}-{app_id}\"", etag(&page).trim_matches('"'));
    let mut response = if has_copy(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(html))
    };
    let response_headers = response.headers_mut();
    response_headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(INDEX)));
    response_headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response_headers.insert(header::ETAG, etag);
    }
    Some(response)
}

/// The page with the app at the beginning of its head. An app id has no character that means
/// something in HTML.
fn with_app(html: &str, app_id: &str) -> String {
    html.replacen(HEAD, &format!("{HEAD}<meta name=\"{APP_META}\" content=\"{app_id}\">"), 1)
}

#[cfg(test)]
mod tests {
    use jumpa_protocol::{TenantId, directory::AppEntry};

    use super::*;

    fn id(text: &str) -> AppId {
        text.parse().unwrap()
    }

    /// `melati` and `melati-dua` of one tenant, `sehat` of another.
    fn directory() -> Directory {
        let (melati, sehat) = (TenantId::generate(), TenantId::generate());
        let mut directory = Directory::default();
        for (name, tenant_id) in [("melati", melati), ("melati-dua", melati), ("sehat", sehat)] {
            directory.apps.insert(id(name), AppEntry::new(tenant_id, name));
        }
        directory
    }

    #[test]
    fn a_name_alone_is_a_room_of_the_app() {
        let directory = directory();
        for path in ["", "kasir", "Kasir-1/", "v1"] {
            assert_eq!(app_of(&id("melati"), path, &directory), Some(id("melati")), "{path}");
        }
    }

    #[test]
    fn a_long_address_opens_rooms_of_the_same_tenant_alone() {
        let directory = directory();
        let app_of = |path: &str| app_of(&id("melati"), path, &directory);
        assert_eq!(app_of("melati/kasir"), Some(id("melati")));
        assert_eq!(app_of("melati-dua/kasir"), Some(id("melati-dua")));
        for path in ["sehat/kasir", "hilang/kasir", "melati/kasir/lagi"] {
            assert_eq!(app_of(path), None, "{path}");
        }
    }

    #[test]
    fn nothing_else_of_the_server_is_there() {
        let directory = directory();
        for path in ["dashboard", "dashboard/apps", "welcome", "login/", "operator", "a b"] {
            assert_eq!(app_of(&id("melati"), path, &directory), None, "{path}");
        }
    }

    #[test]
    fn the_page_learns_its_app() {
        let source = include_str!("../../../../web/apps/call/index.html");
        let page = with_app(source, "melati");
        assert!(page.contains("<head><meta name=\"jumpa-app\" content=\"melati\">\n"), "{page}");
    }
}

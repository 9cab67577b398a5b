//! An app that is reached by a host name of its own.

use jumpa_system_tests::{Answer, Console, Request, Server};
use serde_json::json;

use crate::program;

const DOMAIN: &str = "call.melati.example";
/// What a proxy asks before it gets a certificate.
const ASK: &str = "/v1/public/domains?domain=call.melati.example";

/// What a browser gets that asked a proxy for the app's domain.
async fn get(server: &Server, path: &str) -> Answer {
    server.send(Request::new("GET", path).host(DOMAIN)).await
}

/// Whether something is drawn there, with or without pages in the program.
fn is_page(answer: &Answer) -> bool {
    answer.status != 404 && answer.header("content-security-policy").is_some()
}

#[tokio::test]
async fn an_app_on_its_own_domain_is_its_call_page_and_nothing_else() {
    let server = program().with_public_url().start().await;
    let operator = Console::operator(&server).await;
    let (_, owner, app) = operator.found_tenant(&server).await;
    assert_eq!(server.get(ASK).await.status, 404);
    assert!(is_page(&get(&server, "/dashboard").await), "nobody has the name yet");

    let path = format!("/v1/apps/{app}");
    let change = json!({ "branding": { "own_domain": DOMAIN } });
    let changed = owner.call(&server, "PATCH", &path, &change).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    server.shows(ASK).await;

    let room = get(&server, "/kasir-1").await;
    assert!(is_page(&room));
    assert!(room.header("content-security-policy").unwrap().contains("script-src 'self';"));
    for found in ["/".to_owned(), format!("/{app}/kasir-1")] {
        assert!(is_page(&get(&server, &found).await), "{found}");
    }
    let foreign = format!("/{}/halo", server.ready().demo_app);
    for hidden in ["/dashboard", "/dashboard/operator", "/welcome", "/login", &foreign] {
        assert_eq!(get(&server, hidden).await.status, 404, "{hidden}");
    }
    let shown = get(&server, &format!("/v1/public/apps/{app}")).await;
    assert_eq!(shown.json()["branding"]["own_domain"], DOMAIN);
    assert_eq!(get(&server, "/v1/signal").await.status, server.get("/v1/signal").await.status);

    let token = json!({ "room": "kasir-1", "name": "Siti" });
    let link = owner.post(&server, &format!("{path}/tokens"), &token).await;
    let url = link["url"].as_str().unwrap();
    assert!(url.starts_with("https://call.melati.example/kasir-1?jwt="), "{url}");
}

#[tokio::test]
async fn the_server_keeps_its_own_pages_on_every_other_name() {
    let server = program().with_public_url().start().await;
    assert!(is_page(&server.get("/dashboard").await));
    assert!(is_page(&get(&server, "/").await));
    assert_eq!(server.get("/kasir-1").await.status, 404);
    assert_eq!(get(&server, "/kasir-1").await.status, 404);
}

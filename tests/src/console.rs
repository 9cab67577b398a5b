//! Somebody who is logged in to the dashboard.

use std::{fs, path::Path, time::Duration};

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{Answer, Request, Server, WAIT};

/// Pause between two looks at something that tells nobody when it changes.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

const PASSWORD: &str = "kata-sandi-panjang";

/// A session of somebody; requests go out as their browser sends them.
#[derive(Debug, Clone)]
pub struct Console {
    cookie: String,
}

impl Console {
    /// Whoever follows the first-login link, and so runs the platform.
    ///
    /// # Panics
    /// When the link was used before.
    pub async fn operator(server: &Server) -> Self {
        let url = server.ready().first_login_url.clone().expect("nobody logged in before");
        let (_, token) = url.split_once("token=").expect("a link with a token");
        let body = json!({
            "token": token, "email": "ops@sehat.example", "name": "Ops", "password": PASSWORD,
        });
        Self::begin(server, "/v1/first_login", &body).await
    }

    /// Makes a tenant with an app that takes tokens alone, and gives the tenant's id, its owner
    /// and the app's id.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn found_tenant(&self, server: &Server) -> (String, Self, String) {
        let body = json!({
            "name": "Toko Melati",
            "owner": { "email": "rina@melati.example", "language": "id" },
            "app": { "name": "Toko Melati" },
        });
        let made = self.post(server, "/v1/operator/tenants", &body).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let link = text(&made["invitation"]["link"]);
        let (_, token) = link.split_once("token=").expect("a link with a token");
        let body = json!({ "token": token, "name": "Rina", "password": PASSWORD });
        let owner = Self::begin(server, "/v1/invitation_links/accept", &body).await;
        (text(&made["tenant"]["id"]), owner, text(&made["app"]["id"]))
    }

    async fn begin(server: &Server, path: &str, body: &Value) -> Self {
        let answer = server.send(request(server, "POST", path, body)).await;
        let cookie = answer.header("set-cookie").unwrap_or_else(|| panic!("{}", answer.text()));
        Self { cookie: cookie.split(';').next().unwrap_or_default().to_owned() }
    }

    /// Sends a request.
    pub async fn call(&self, server: &Server, method: &str, path: &str, body: &Value) -> Answer {
        server.send(request(server, method, path, body).header("cookie", &self.cookie)).await
    }

    /// Writes the session into a file, as `curl -b` reads it.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn write_cookies(&self, server: &Server, path: &Path) {
        let (host, _) = server.host().split_once(':').expect("an address and a port");
        let (name, value) = self.cookie.split_once('=').expect("a cookie with a name");
        let line = format!("{host}\tFALSE\t/\tFALSE\t0\t{name}\t{value}\n");
        fs::write(path, line).expect("a file");
    }

    /// What is shown at a path once it is so.
    ///
    /// # Panics
    /// When that does not happen.
    pub async fn until(
        &self,
        server: &Server,
        path: &str,
        what: &str,
        is_so: impl Fn(&Value) -> bool,
    ) -> Value {
        let mut shown = Value::Null;
        let found = async {
            loop {
                shown = self.call(server, "GET", path, &Value::Null).await.json();
                if is_so(&shown) {
                    return;
                }
                sleep(POLL_INTERVAL).await;
            }
        };
        let found = timeout(WAIT, found).await;
        assert!(found.is_ok(), "this did not happen within {WAIT:?}: {what}: {shown:#}");
        shown
    }

    /// Makes something that has to work, and gives the answer.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn post(&self, server: &Server, path: &str, body: &Value) -> Value {
        let answer = self.call(server, "POST", path, body).await;
        assert!(answer.status < 300, "{path}: {}", answer.text());
        answer.json()
    }
}

fn request(server: &Server, method: &str, path: &str, body: &Value) -> Request {
    Request::new(method, path)
        .header("origin", server.ready().address.clone())
        .body("application/json", body.to_string())
}

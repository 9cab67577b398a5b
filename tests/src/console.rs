//! Somebody who is logged in to the dashboard.

use serde_json::{Value, json};

use crate::{Answer, Request, Server};

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

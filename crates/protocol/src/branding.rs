//! How an app's pages look.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the call page shows of its app in place of the server's own look; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Branding {
    /// Address of a picture, https.
    #[schema(required, max_length = 2048, example = "https://melati.example/logo.svg")]
    pub logo_url: Option<String>,
    /// Colour of buttons and links, `#rrggbb`.
    #[schema(required, pattern = "^#[0-9a-f]{6}$", example = "#0b7a75")]
    pub accent_color: Option<String>,
    /// Colour behind the page, `#rrggbb`.
    #[schema(required, pattern = "^#[0-9a-f]{6}$", example = "#10201f")]
    pub background_color: Option<String>,
    /// The name that callers read in place of the app's.
    #[schema(required, max_length = 80, example = "Toko Melati")]
    pub display_name: Option<String>,
    /// What callers read before they join.
    #[schema(required, max_length = 500, example = "Selamat datang")]
    pub welcome_text: Option<String>,
    /// The host name that links into rooms lead to; it has to lead to this server.
    #[schema(required, max_length = 253, example = "call.melati.example")]
    pub own_domain: Option<String>,
}

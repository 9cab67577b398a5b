//! Logos of apps for composites: fetched when the first recording needs them, kept for a while.

mod image;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jumpa_protocol::AllowedNetworks;

use crate::web_client::{WebClient, WebError};

/// Largest file, bytes. It goes to the recorder in the message that begins a job.
const MAX_BYTES: usize = 512 * 1024;

/// How long the server of a logo may take. A recording waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a logo, or that there is none, is believed. Longer shows an old logo for longer.
const KEPT_FOR: Duration = Duration::from_secs(10 * 60);

/// Logos of apps. Recordings wait for them at the desk, so that nobody but them waits.
pub(super) struct Logos {
    allowed: AllowedNetworks,
    /// Made when the first logo is wanted: most servers never need it.
    client: OnceLock<WebClient>,
    /// By address. Never held over an await.
    known: Mutex<HashMap<String, Logo>>,
}

/// What is known of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Logo {
    /// It was not asked for; whoever hears this fetches it.
    Unknown,
    /// It is on its way.
    Coming { since: Instant },
    /// An image file in Base64 that a composer can draw; `None` when there is none at the address.
    Known { image: Option<String>, since: Instant },
}

/// Why an address has no logo for composites.
#[derive(Debug, thiserror::Error)]
pub(super) enum LogoError {
    #[error("{0}")]
    Web(#[from] WebError),
    #[error("it is neither a PNG nor a JPEG of at most {side} x {side} pixels", side = image::MAX_SIDE)]
    Image,
}

impl Logos {
    /// Knows none. Addresses inside `allowed` may be reached though they are not public.
    pub(super) fn new(allowed: AllowedNetworks) -> Self {
        Self { allowed, client: OnceLock::new(), known: Mutex::default() }
    }

    /// What is known of an address. [`Logo::Unknown`] is said once: it counts as coming from then on.
    pub(super) fn look(&self, url: &str) -> Logo {
        let mut known = self.known();
        known.retain(|_, logo| match logo {
            Logo::Known { since, .. } => since.elapsed() < KEPT_FOR,
            // Nothing waits for ever for what never said that it failed.
            Logo::Coming { since } => since.elapsed() < 2 * PATIENCE,
            Logo::Unknown => false,
        });
        match known.get(url) {
            Some(logo) => logo.clone(),
            None => {
                known.insert(url.to_owned(), Logo::Coming { since: Instant::now() });
                Logo::Unknown
            }
        }
    }

    /// The image at an address, when it is there already.
    pub(super) fn image(&self, url: &str) -> Option<String> {
        match self.known().get(url) {
            Some(Logo::Known { image, .. }) => image.clone(),
            _ => None,
        }
    }

    /// Fetches a logo. From then on it is known, even if it is that there is none.
    pub(super) async fn fetch(&self, url: &str) -> Result<(), LogoError> {
        let client = self.client.get_or_init(|| WebClient::new(self.allowed.clone()));
        let fetched = match client.get(url, MAX_BYTES, PATIENCE).await {
            Ok(file) if image::is_drawable(&file) => Ok(STANDARD.encode(file)),
            Ok(_) => Err(LogoError::Image),
            Err(error) => Err(error.into()),
        };
        let (image, done) = match fetched {
            Ok(image) => (Some(image), Ok(())),
            Err(error) => (None, Err(error)),
        };
        self.known().insert(url.to_owned(), Logo::Known { image, since: Instant::now() });
        done
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Logo>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Calls: signalling and what it is connected to.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::Router;
use jumpa_api::{RatingSubject, RatingVerifier};
use jumpa_db::MasterKey;
use jumpa_signalling::token::SessionTokens;

use crate::{config::Config, health::MediaProbe, live_directory};

pub struct Calls {
    tokens: SessionTokens,
}

impl Calls {
    pub async fn start(
        _config: &Config,
        _directory: live_directory::Receiver,
        master_key: &MasterKey,
    ) -> anyhow::Result<Self> {
        Ok(Self { tokens: SessionTokens::new(&master_key.derive("signalling")) })
    }
    pub fn media_probe(&self) -> MediaProbe {
        Arc::new(|| true)
    }
    pub fn rating_verifier(&self) -> RatingVerifier {
        let tokens = self.tokens.clone();
        Arc::new(move |token| {
            let unix_now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
            let claims = tokens.verify_rating(token, unix_now).ok()?;
            Some(RatingSubject {
                app_id: claims.app_id,
                call_id: claims.call_id,
                participant_id: claims.participant_id,
            })
        })
    }
    pub fn router(&self) -> Router {
        Router::new()
    }
    pub fn media_ports(&self) -> Vec<u16> {
        vec![]
    }
    pub fn media_ips(&self) -> Vec<IpAddr> {
        vec![]
    }
    pub async fn stop(&self, _grace: Duration) {}
}

//! Calls: signalling and the media node, connected by channels.

use std::{
    collections::HashMap,
    net::IpAddr,
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::Router;
use jumpa_api::{JoinTokens, RatingSubject, RatingVerifier, TokenReport};
use jumpa_db::MasterKey;
use jumpa_protocol::{
    AppId, CallId, ErrorCode, KeyId, Refusal, RoomName, directory::Directory,
    recording::RecordingRequest, report::CallReport,
};
use jumpa_sfu::{Sfu, SfuConfig};
use jumpa_signalling::{LiveRooms, Signalling, token};
use tokio::sync::{mpsc, watch};

use crate::{config::Config, health::MediaProbe, live_directory};

/// A token of every room is checked for this one.
const SOME_ROOM: &str = "room";

/// Says what somebody with a token would be told who joins an app.
fn check_token(
    directory: &Directory,
    app_id: &AppId,
    room: Option<&RoomName>,
    token: &str,
) -> TokenReport {
    let (header, claims) = token::read_unverified(token);
    let refusal = refusal_of(directory, app_id, room, token, claims.as_ref()).err();
    TokenReport { refusal, header, claims }
}

fn refusal_of(
    directory: &Directory,
    app_id: &AppId,
    room: Option<&RoomName>,
    token: &str,
    claims: Option<&serde_json::Value>,
) -> Result<(), Refusal> {
    let app = directory.apps.get(app_id).ok_or(ErrorCode::AppUnknown)?;
    if app.is_tenant_suspended {
        return Err(ErrorCode::TenantSuspended.into());
    }
    if app.is_disabled {
        return Err(ErrorCode::AppDisabled.into());
    }
    let named = claims.and_then(|claims| claims["room"].as_str()?.parse().ok());
    let room = match room.cloned().or(named) {
        Some(room) => room,
        None => SOME_ROOM.parse().map_err(|_| ErrorCode::TokenWrongRoom)?,
    };
    let unix_now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let verified = token::verify(directory, token, app_id, &room, unix_now)?;
    if app.is_banned(verified.subject.as_deref(), unix_now.as_secs()) {
        return Err(ErrorCode::UserBanned.into());
    }
    Ok(())
}

/// Everything that calls are made of.
pub struct Calls {
    media: Arc<Sfu>,
    signalling: Signalling,
}

impl Calls {
    /// Starts the media node and signalling, and connects them; calls that `folder` remembers go on.
    /// What happens in calls goes to `reports`, what moderators ask of recordings to
    /// `recording_requests`; `has_recorder` says whether a call that must be recorded can be.
    ///
    /// # Errors
    /// Above all a media port that is taken; the text says what to do.
    pub fn start(
        config: &Config,
        directory: live_directory::Receiver,
        master_key: &MasterKey,
        folder: PathBuf,
        reports: mpsc::Sender<CallReport>,
        (recording_requests, has_recorder): (mpsc::Sender<RecordingRequest>, watch::Receiver<bool>),
    ) -> anyhow::Result<Self> {
        let media = &config.media;
        let (media, media_events) = Sfu::start(SfuConfig {
            bind: media.bind.clone(),
            media_port: media.port,
            workers: media.workers,
            candidate_ips: media.public_ips.clone(),
            udp: media.udp,
            tcp: media.tcp,
            pins_threads: media.pins_threads,
            initial_estimate_bps: media.initial_estimate_bps,
        })?;
        let secret = master_key.derive("signalling");
        let signalling = Signalling::start(jumpa_signalling::Config {
            max_sockets_per_address: config.http.max_sockets_per_address,
            trusted_proxies: config.http.trusted_proxies.clone(),
            calls_folder: Some(folder),
            reports: Some(reports),
            recording_requests: Some(recording_requests),
            has_recorder: Some(has_recorder),
            max_trial_participants: config.capacity.trial_participants,
            ..jumpa_signalling::Config::new(directory, media.commands(), media_events, secret)
        });
        Ok(Self { media: Arc::new(media), signalling })
    }

    /// Says whether every media thread runs.
    pub fn media_probe(&self) -> MediaProbe {
        let media = Arc::downgrade(&self.media);
        Arc::new(move || media.upgrade().is_some_and(|media| media.is_running()))
    }

    /// Reads the rating tokens that signalling makes.
    pub fn rating_verifier(&self) -> RatingVerifier {
        let tokens = self.signalling.session_tokens().clone();
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

    /// What the host sees and does, from outside the calls.
    pub fn live_rooms(&self) -> LiveRooms {
        self.signalling.live_rooms()
    }

    /// Signs and checks join tokens, for the control plane.
    pub fn join_tokens() -> JoinTokens {
        JoinTokens {
            sign: Arc::new(|key_id, secret, claims| Ok(token::sign(key_id, secret, claims)?)),
            check: Arc::new(check_token),
        }
    }

    /// Calls of before the start that go on.
    pub fn continued(&self) -> &[CallId] {
        self.signalling.continued_calls()
    }

    /// Gives when each key was used that has signed a token since the last time, seconds since
    /// 1970.
    pub fn key_uses(&self) -> impl Fn() -> HashMap<KeyId, u64> + Send + use<> {
        self.signalling.key_uses()
    }

    /// Signalling, WHIP and WHEP.
    pub fn router(&self) -> Router {
        self.signalling.router()
    }

    /// UDP and TCP ports for media, one per worker.
    pub fn media_ports(&self) -> &[u16] {
        self.media.media_ports()
    }

    /// The addresses that clients are told.
    pub fn media_ips(&self) -> &[IpAddr] {
        self.media.media_ips()
    }

    /// Tells everybody that the server stops, gives them `grace` to take their leave, then closes
    /// their media.
    pub async fn stop(self, grace: Duration) {
        self.signalling.shutdown(grace).await;
        match Arc::try_unwrap(self.media) {
            Ok(media) => media.shutdown().await,
            // A readiness check looks at it this moment; dropping it stops the threads as well.
            Err(media) => drop(media),
        }
    }
}

#[cfg(test)]
mod tests {
    use jumpa_protocol::{
        TenantId,
        directory::{AppEntry, KeyEntry},
        token::JoinClaims,
    };

    use super::*;

    const SECRET: &str = "jumpa_0123456789abcdefghijklmnopqrstuvwxyzABCDE";

    /// A shop with a key, after `change`.
    fn directory(change: impl FnOnce(&mut AppEntry)) -> Directory {
        let mut app = AppEntry::new(TenantId::generate(), "Toko Melati");
        change(&mut app);
        let mut directory = Directory::default();
        let entry = KeyEntry::hs256(shop(), SECRET);
        directory.keys.insert("key_toko".parse().unwrap(), entry);
        directory.apps.insert(shop(), app);
        directory
    }

    fn shop() -> AppId {
        "toko-melati-z4c8r".parse().unwrap()
    }

    fn token(room: &str) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let claims = JoinClaims {
            room: room.to_owned(),
            exp: now + 60,
            nbf: None,
            iat: None,
            app: None,
            sub: Some("kasir-7".to_owned()),
            name: Some("Siti".to_owned()),
            avatar: None,
            moderator: false,
            jti: None,
            grants: None,
        };
        let sign = Calls::join_tokens().sign;
        sign(&"key_toko".parse().unwrap(), SECRET.as_bytes(), &claims).unwrap()
    }

    fn code(directory: &Directory, token: &str) -> Option<ErrorCode> {
        check_token(directory, &shop(), None, token).refusal.map(|refusal| refusal.code)
    }

    #[test]
    fn a_check_tells_what_stops_the_person_besides_the_token() {
        let token = token("ruang-1");
        assert_eq!(code(&directory(|_| ()), &token), None);
        let suspended = directory(|app| app.is_tenant_suspended = true);
        assert_eq!(code(&suspended, &token), Some(ErrorCode::TenantSuspended));
        let disabled = directory(|app| app.is_disabled = true);
        assert_eq!(code(&disabled, &token), Some(ErrorCode::AppDisabled));
        let bans = Arc::new(HashMap::from([("kasir-7".to_owned(), None)]));
        let banned = directory(|app| app.bans = bans);
        assert_eq!(code(&banned, &token), Some(ErrorCode::UserBanned));
        assert_eq!(code(&Directory::default(), &token), Some(ErrorCode::AppUnknown));
    }

    #[test]
    fn a_token_of_every_room_is_checked_without_one() {
        let token = token("*");
        assert_eq!(code(&directory(|_| ()), &token), Some(ErrorCode::TokenWrongRoom));
        assert_eq!(code(&directory(|app| app.allows_any_room = true), &token), None);
    }

    #[test]
    fn a_check_shows_what_can_be_read_of_a_wrong_token() {
        let directory = directory(|_| ());
        let report = check_token(&directory, &shop(), None, "bukan.token");
        assert_eq!(report.refusal.map(|refusal| refusal.code), Some(ErrorCode::TokenMalformed));
        assert_eq!((report.header, report.claims), (None, None));

        let token = token("ruang-1");
        let (signed, _) = token.rsplit_once('.').unwrap();
        let report = check_token(&directory, &shop(), None, &format!("{signed}.AAAA"));
        assert_eq!(report.refusal.map(|refusal| refusal.code), Some(ErrorCode::TokenSignature));
        assert_eq!(report.header.unwrap()["kid"], "key_toko");
        assert_eq!(report.claims.unwrap()["name"], "Siti");
    }
}

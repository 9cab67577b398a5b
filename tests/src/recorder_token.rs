//! The token that lets a recorder into a call, made as the server makes it.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use jumpa_db::{MASTER_KEY_BYTES, MasterKey};
use jumpa_protocol::{AppId, CallId, RecordingId, RoomName};
use jumpa_signalling::token::{RECORDER_TOKEN_LIFETIME, RecorderClaims, SessionTokens};

use crate::Server;

impl Server {
    /// Lets a recorder into one call. With it the recorder is what it is in production: unseen, and
    /// sent whatever it asks for. With a token for people its pictures would stop whenever its
    /// downlink is thought to be thin.
    ///
    /// # Panics
    /// When the key of the server cannot be read.
    #[must_use]
    pub fn recorder_token(
        &self,
        app: &AppId,
        room: &RoomName,
        call_id: CallId,
        recording_id: RecordingId,
    ) -> String {
        let since_1970 = SystemTime::UNIX_EPOCH.elapsed().unwrap_or(Duration::ZERO);
        let claims = RecorderClaims {
            app_id: app.clone(),
            room: room.clone(),
            call_id,
            recording_id,
            exp: (since_1970 + RECORDER_TOKEN_LIFETIME).as_secs(),
        };
        SessionTokens::new(&self.master_key().derive("signalling")).sign_recorder(&claims)
    }

    fn master_key(&self) -> MasterKey {
        let text = fs::read_to_string(self.data().join("secret.key")).expect("the server's key");
        let digits = text.trim();
        let mut key = [0; MASTER_KEY_BYTES];
        for (index, byte) in key.iter_mut().enumerate() {
            let pair = &digits[2 * index..2 * index + 2];
            *byte = u8::from_str_radix(pair, 16).expect("hexadecimal digits");
        }
        MasterKey::from_bytes(key)
    }
}

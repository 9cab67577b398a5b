//! Who may join: from a request and what the node knows of apps and keys to an identity.
//!
//! Everything here happens before the room is looked at, so a refusal tells nothing about it.

use std::{collections::HashMap, time::Duration};

use jumpa_protocol::{
    AppId, CallId, ErrorCode, KeyId, ParticipantId, RecordingId, Refusal, RoomName,
    directory::{AppEntry, Directory, GuestPolicy},
    limits,
    signal::Role,
    token::Grants,
};

use crate::{
    display_name,
    key_uses::KeyUses,
    replay_guard::{OneTimeUse, ReplayGuard},
    token::{self, RecorderClaims, ResumeClaims, SessionTokens},
};

/// What somebody shows to be let in.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'a> {
    /// The app.
    pub app_id: &'a AppId,
    /// The room.
    pub room: &'a RoomName,
    /// A join token; absent for guests.
    pub token: Option<&'a str>,
    /// The resume token of an earlier session.
    pub resume_token: Option<&'a str>,
    /// The display name they chose.
    pub name: Option<&'a str>,
    /// The origin of the page that asks, if it is not one of this server.
    pub foreign_origin: Option<&'a str>,
}

/// Somebody who was admitted to the app and may knock at the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The key that signed their token; absent for guests.
    pub key_id: Option<KeyId>,
    /// Their id in the tenant's own system.
    pub subject: Option<String>,
    /// Display name.
    pub name: String,
    /// Whether a token proved the name; such a name is fixed.
    pub is_verified: bool,
    /// Address of a picture.
    pub avatar: Option<String>,
    /// The role that their token gives.
    pub role: Role,
    /// Rights besides moderation.
    pub grants: Grants,
    /// Who they were in an earlier session.
    pub earlier: Option<EarlierSession>,
    /// The one-time token they used, to give it back when the room refuses them.
    pub one_time: Option<OneTimeUse>,
    /// The recording that they make; only recorders do.
    pub recording_id: Option<RecordingId>,
}

/// Who somebody was in an earlier session, proved by a resume token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlierSession {
    /// The call of that session.
    pub call_id: CallId,
    /// When that call began, milliseconds since 1970.
    pub call_started_at_ms: u64,
    /// Who they were in it.
    pub participant_id: ParticipantId,
    /// Their role in it.
    pub role: Role,
}

/// Admits people to apps.
#[derive(Debug)]
pub struct Admission {
    sessions: SessionTokens,
    replay_guard: ReplayGuard,
    key_uses: KeyUses,
}

impl Admission {
    /// Admission that takes the resume tokens of `sessions`.
    #[must_use]
    pub fn new(sessions: SessionTokens) -> Self {
        Self { sessions, replay_guard: ReplayGuard::default(), key_uses: KeyUses::default() }
    }

    /// Admits somebody at `unix_now` (time since 1970).
    ///
    /// A resume token that is good wins, since it keeps identity and rights, also of somebody whose
    /// join token has expired meanwhile; one that is not good counts as absent. A join token is
    /// always verified, also where guests are allowed.
    ///
    /// # Errors
    /// One code per reason; none depends on the room.
    pub fn admit(
        &self,
        directory: &Directory,
        credentials: Credentials<'_>,
        unix_now: Duration,
    ) -> Result<Identity, Refusal> {
        let app = directory.apps.get(credentials.app_id).ok_or(ErrorCode::AppUnknown)?;
        if app.is_tenant_suspended {
            return Err(ErrorCode::TenantSuspended.into());
        }
        if app.is_disabled {
            return Err(ErrorCode::AppDisabled.into());
        }
        if let Some(claims) = self.recorder_claims(credentials, unix_now) {
            return Ok(recorder(claims));
        }
        if credentials.foreign_origin.is_some_and(|origin| !app.allows_origin(origin)) {
            return Err(ErrorCode::OriginRefused.into());
        }
        if let Some(claims) = self.resume_claims(directory, app, credentials, unix_now) {
            check_ban(app, claims.subject.as_deref(), unix_now)?;
            return identity_of_session(claims, credentials.name);
        }
        match credentials.token {
            Some(token) => self.admit_token(directory, app, token, credentials, unix_now),
            None if app.guests != GuestPolicy::Refused => admit_guest(credentials.name),
            None => Err(ErrorCode::TokenRequired.into()),
        }
    }

    /// When each key was used that was used since the last time, seconds since 1970.
    #[must_use]
    pub fn take_key_uses(&self) -> HashMap<KeyId, u64> {
        self.key_uses.take()
    }

    /// Gives a one-time token back.
    pub fn release(&self, one_time: &OneTimeUse) {
        self.replay_guard.release(one_time);
    }

    /// The claims of a resume token that is good here and now: for this app and room, and of
    /// somebody whose key is still active, or who needed none and still would not.
    fn resume_claims(
        &self,
        directory: &Directory,
        app: &AppEntry,
        credentials: Credentials<'_>,
        unix_now: Duration,
    ) -> Option<ResumeClaims> {
        let claims = self.sessions.verify_resume(credentials.resume_token?, unix_now).ok()?;
        let is_here = &claims.app_id == credentials.app_id && &claims.room == credentials.room;
        let may_still = match &claims.key_id {
            Some(key_id) => {
                directory.keys.get(key_id).is_some_and(|key| &key.app_id == credentials.app_id)
            }
            None => app.guests != GuestPolicy::Refused,
        };
        (is_here && may_still).then_some(claims)
    }

    /// The claims of a recorder token that is good here and now.
    fn recorder_claims(
        &self,
        credentials: Credentials<'_>,
        unix_now: Duration,
    ) -> Option<RecorderClaims> {
        let claims = self.sessions.verify_recorder(credentials.token?, unix_now)?;
        let is_here = &claims.app_id == credentials.app_id && &claims.room == credentials.room;
        is_here.then_some(claims)
    }

    fn admit_token(
        &self,
        directory: &Directory,
        app: &AppEntry,
        token: &str,
        credentials: Credentials<'_>,
        unix_now: Duration,
    ) -> Result<Identity, Refusal> {
        let Credentials { app_id, room, name, .. } = credentials;
        let verified = token::verify(directory, token, app_id, room, unix_now)?;
        self.key_uses.note(&verified.key_id, unix_now.as_secs());
        check_ban(app, verified.subject.as_deref(), unix_now)?;
        let signed_name = verified.name.as_deref().and_then(display_name::from_token);
        let is_verified = signed_name.is_some();
        let name = match signed_name {
            Some(name) => name,
            None => display_name::parse(name.unwrap_or_default())?,
        };
        let now = unix_now.as_secs();
        let one_time = verified
            .one_time_id
            .map(|id| self.replay_guard.claim(app_id, &id, verified.expires_at, now))
            .transpose()?;
        Ok(Identity {
            key_id: Some(verified.key_id),
            subject: verified.subject,
            name,
            is_verified,
            avatar: verified.avatar.filter(|address| is_picture_address(address)),
            role: if verified.is_moderator { Role::Moderator } else { Role::Participant },
            grants: verified.grants,
            earlier: None,
            one_time,
            recording_id: None,
        })
    }
}

fn check_ban(app: &AppEntry, subject: Option<&str>, unix_now: Duration) -> Result<(), Refusal> {
    if app.is_banned(subject, unix_now.as_secs()) {
        return Err(ErrorCode::UserBanned.into());
    }
    Ok(())
}

fn identity_of_session(claims: ResumeClaims, name: Option<&str>) -> Result<Identity, Refusal> {
    let name = match name {
        Some(name) if !claims.is_verified => display_name::parse(name)?,
        _ => claims.name,
    };
    Ok(Identity {
        key_id: claims.key_id,
        subject: claims.subject,
        name,
        is_verified: claims.is_verified,
        avatar: claims.avatar,
        role: claims.own_role,
        grants: claims.grants,
        earlier: Some(EarlierSession {
            call_id: claims.call_id,
            call_started_at_ms: claims.call_started_at_ms,
            participant_id: claims.participant_id,
            role: claims.role,
        }),
        one_time: None,
        recording_id: None,
    })
}

/// A recorder sees and hears, and does nothing else.
fn recorder(claims: RecorderClaims) -> Identity {
    let RecorderClaims { call_id, recording_id, .. } = claims;
    Identity {
        key_id: None,
        subject: None,
        name: String::new(),
        is_verified: true,
        avatar: None,
        role: Role::Participant,
        grants: Grants {
            publish: false,
            share_screen: false,
            chat: false,
            react: false,
            raise_hand: false,
            bypass_lobby: true,
            record: false,
            stream: false,
        },
        earlier: Some(EarlierSession {
            call_id,
            call_started_at_ms: 0,
            participant_id: ParticipantId::from_uuid(recording_id.as_uuid()),
            role: Role::Participant,
        }),
        one_time: None,
        recording_id: Some(recording_id),
    }
}

fn admit_guest(name: Option<&str>) -> Result<Identity, Refusal> {
    Ok(Identity {
        key_id: None,
        subject: None,
        name: display_name::parse(name.unwrap_or_default())?,
        is_verified: false,
        avatar: None,
        role: Role::Participant,
        grants: Grants::default(),
        earlier: None,
        one_time: None,
        recording_id: None,
    })
}

/// Pictures come over https only, so that a call page never loads anything in the clear; an avatar
/// with another address is left out rather than refused.
fn is_picture_address(address: &str) -> bool {
    address.len() <= limits::MAX_AVATAR_BYTES
        && address.strip_prefix("https://").is_some_and(|rest| !rest.is_empty())
        && address
            .chars()
            .all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '<' | '>' | '\\'))
}

#[cfg(test)]
mod tests;

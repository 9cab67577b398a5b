use std::sync::Arc;

use jumpa_protocol::{TenantId, directory::KeyEntry, token::JoinClaims};

use super::*;

const NOW: u64 = 1_767_225_600;
const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

/// A clinic that wants tokens and takes each once, and a shop that is open to guests.
struct World {
    directory: Directory,
    admission: Admission,
    sessions: SessionTokens,
}

impl World {
    fn new() -> Self {
        let mut directory = Directory::default();
        let mut clinic = AppEntry::new(TenantId::generate(), "Klinik Sehat");
        clinic.one_time_tokens = true;
        let mut shop = AppEntry::new(TenantId::generate(), "Toko Melati");
        shop.guests = GuestPolicy::Join;
        directory.apps.insert(app("klinik-sehat"), clinic);
        directory.apps.insert(app("toko-melati"), shop);
        for (key, app_id) in [("key_klinik", "klinik-sehat"), ("key_toko", "toko-melati")] {
            let entry = KeyEntry::hs256(app(app_id), SECRET.to_vec());
            directory.keys.insert(key.parse().expect("a key id"), entry);
        }
        let sessions = SessionTokens::new(&[7; 32]);
        Self { directory, admission: Admission::new(sessions.clone()), sessions }
    }

    fn app(&mut self, id: &str) -> &mut AppEntry {
        self.directory.apps.get_mut(&app(id)).expect("the app")
    }

    fn admit(&self, credentials: Credentials<'_>) -> Result<Identity, ErrorCode> {
        self.admission
            .admit(&self.directory, credentials, Duration::from_secs(NOW))
            .map_err(|refusal| refusal.code)
    }
}

fn app(id: &str) -> AppId {
    id.parse().expect("an app id")
}

fn token(key: &str, change: impl FnOnce(&mut JoinClaims)) -> String {
    let mut claims = JoinClaims {
        room: "ruang-1".to_owned(),
        exp: NOW + 60,
        nbf: None,
        iat: None,
        app: None,
        sub: None,
        name: Some("dr. Ayu".to_owned()),
        avatar: None,
        moderator: false,
        jti: None,
        grants: None,
    };
    change(&mut claims);
    token::sign(&key.parse().expect("a key id"), SECRET, &claims).expect("a long secret")
}

struct Knock {
    app_id: AppId,
    room: RoomName,
    token: Option<String>,
    resume_token: Option<String>,
    name: Option<String>,
    foreign_origin: Option<String>,
}

impl Knock {
    fn at(app_id: &str) -> Self {
        Self {
            app_id: app(app_id),
            room: "ruang-1".parse().expect("a room name"),
            token: None,
            resume_token: None,
            name: Some("Siti".to_owned()),
            foreign_origin: None,
        }
    }

    fn credentials(&self) -> Credentials<'_> {
        Credentials {
            app_id: &self.app_id,
            room: &self.room,
            token: self.token.as_deref(),
            resume_token: self.resume_token.as_deref(),
            name: self.name.as_deref(),
            foreign_origin: self.foreign_origin.as_deref(),
        }
    }
}

fn resume_claims(app_id: &str, key_id: Option<&str>) -> ResumeClaims {
    ResumeClaims {
        app_id: app(app_id),
        room: "ruang-1".parse().expect("a room name"),
        call_id: CallId::generate(),
        call_started_at_ms: 5,
        participant_id: ParticipantId::generate(),
        key_id: key_id.map(|key| key.parse().expect("a key id")),
        subject: None,
        name: "Siti".to_owned(),
        avatar: None,
        role: Role::Moderator,
        own_role: Role::Participant,
        is_verified: false,
        grants: Grants::default(),
        exp: NOW + 60,
    }
}

#[test]
fn a_guest_is_a_plain_participant_where_guests_are_allowed() {
    let identity = World::new().admit(Knock::at("toko-melati").credentials()).expect("admitted");
    assert_eq!((identity.name.as_str(), identity.role), ("Siti", Role::Participant));
    assert!(!identity.is_verified);
}

#[test]
fn a_guest_needs_a_name() {
    let mut knock = Knock::at("toko-melati");
    knock.name = None;
    assert_eq!(World::new().admit(knock.credentials()), Err(ErrorCode::InvalidValue));
}

#[test]
fn a_guest_is_refused_where_tokens_are_required() {
    let knock = Knock::at("klinik-sehat");
    assert_eq!(World::new().admit(knock.credentials()), Err(ErrorCode::TokenRequired));
}

#[test]
fn an_unknown_and_a_disabled_app_have_their_own_codes() {
    let mut world = World::new();
    assert_eq!(world.admit(Knock::at("nobody").credentials()), Err(ErrorCode::AppUnknown));
    world.directory.apps.get_mut(&app("toko-melati")).expect("the app").is_disabled = true;
    assert_eq!(world.admit(Knock::at("toko-melati").credentials()), Err(ErrorCode::AppDisabled));
}

#[test]
fn a_bad_token_is_refused_also_where_guests_are_allowed() {
    let mut knock = Knock::at("toko-melati");
    knock.token = Some(token("key_klinik", |_| {}));
    assert_eq!(World::new().admit(knock.credentials()), Err(ErrorCode::TokenWrongApp));
}

#[test]
fn the_name_of_a_token_wins_and_is_verified() {
    let mut knock = Knock::at("klinik-sehat");
    knock.token = Some(token("key_klinik", |claims| claims.moderator = true));
    let identity = World::new().admit(knock.credentials()).expect("admitted");
    assert_eq!((identity.name.as_str(), identity.is_verified), ("dr. Ayu", true));
    assert_eq!(identity.role, Role::Moderator);
}

#[test]
fn a_token_without_name_takes_the_typed_one_unverified() {
    let mut knock = Knock::at("klinik-sehat");
    knock.token = Some(token("key_klinik", |claims| claims.name = None));
    let identity = World::new().admit(knock.credentials()).expect("admitted");
    assert_eq!((identity.name.as_str(), identity.is_verified), ("Siti", false));
}

#[test]
fn a_one_time_token_joins_once_until_it_is_released() {
    let world = World::new();
    let mut knock = Knock::at("klinik-sehat");
    knock.token = Some(token("key_klinik", |claims| claims.jti = Some("once".to_owned())));
    let identity = world.admit(knock.credentials()).expect("admitted");
    assert_eq!(world.admit(knock.credentials()), Err(ErrorCode::TokenReplayed));
    world.admission.release(&identity.one_time.expect("a one-time token"));
    assert!(world.admit(knock.credentials()).is_ok());
}

#[test]
fn a_one_time_token_is_not_used_up_by_a_refusal() {
    let world = World::new();
    let mut knock = Knock::at("klinik-sehat");
    let unnamed = |claims: &mut JoinClaims| {
        claims.jti = Some("once".to_owned());
        claims.name = None;
    };
    knock.token = Some(token("key_klinik", unnamed));
    knock.name = None;
    assert_eq!(world.admit(knock.credentials()), Err(ErrorCode::InvalidValue));
    knock.name = Some("Siti".to_owned());
    assert!(world.admit(knock.credentials()).is_ok());
}

#[test]
fn avatars_that_are_no_plain_https_address_are_left_out() {
    let world = World::new();
    let mut knock = Knock::at("klinik-sehat");
    for (address, is_kept) in [
        ("https://klinik.example/ayu.png", true),
        ("http://klinik.example/ayu.png", false),
        ("javascript:alert(1)", false),
        ("https://", false),
        ("https://x/\"onload=", false),
    ] {
        let picture = |claims: &mut JoinClaims| claims.avatar = Some(address.to_owned());
        knock.token = Some(token("key_klinik", picture));
        let identity = world.admit(knock.credentials()).expect("admitted");
        assert_eq!(identity.avatar.is_some(), is_kept, "{address}");
    }
}

#[test]
fn a_resume_token_keeps_who_somebody_was() {
    let world = World::new();
    let claims = resume_claims("klinik-sehat", Some("key_klinik"));
    let mut knock = Knock::at("klinik-sehat");
    knock.resume_token = Some(world.sessions.sign_resume(&claims));
    let identity = world.admit(knock.credentials()).expect("admitted");
    let earlier = identity.earlier.expect("an earlier session");
    assert_eq!(earlier.participant_id, claims.participant_id);
    assert_eq!((earlier.role, identity.role), (Role::Moderator, Role::Participant));
}

#[test]
fn a_resume_token_is_worth_nothing_elsewhere_or_after_revocation() {
    let mut world = World::new();
    let clinic = world.sessions.sign_resume(&resume_claims("klinik-sehat", Some("key_klinik")));
    let guest = world.sessions.sign_resume(&resume_claims("toko-melati", None));

    let mut other_app = Knock::at("toko-melati");
    other_app.resume_token = Some(clinic.clone());
    assert_eq!(world.admit(other_app.credentials()).map(|who| who.earlier), Ok(None));

    let mut other_room = Knock::at("klinik-sehat");
    other_room.room = "ruang-2".parse().expect("a room name");
    other_room.resume_token = Some(clinic.clone());
    assert_eq!(world.admit(other_room.credentials()), Err(ErrorCode::TokenRequired));

    let mut revoked = Knock::at("klinik-sehat");
    revoked.resume_token = Some(clinic);
    world.directory.keys.clear();
    assert_eq!(world.admit(revoked.credentials()), Err(ErrorCode::TokenRequired));

    let mut no_guests = Knock::at("toko-melati");
    no_guests.resume_token = Some(guest);
    world.directory.apps.get_mut(&app("toko-melati")).expect("the app").guests =
        GuestPolicy::Refused;
    assert_eq!(world.admit(no_guests.credentials()), Err(ErrorCode::TokenRequired));
}

#[test]
fn a_suspended_tenant_has_its_own_code_also_for_those_who_come_back() {
    let mut world = World::new();
    let mut knock = Knock::at("klinik-sehat");
    let claims = resume_claims("klinik-sehat", Some("key_klinik"));
    knock.resume_token = Some(world.sessions.sign_resume(&claims));
    world.app("klinik-sehat").is_tenant_suspended = true;
    assert_eq!(world.admit(knock.credentials()), Err(ErrorCode::TenantSuspended));
}

#[test]
fn a_banned_person_is_refused_by_token_and_by_session_until_the_ban_ends() {
    let mut world = World::new();
    let mut by_token = Knock::at("klinik-sehat");
    let staff = |claims: &mut JoinClaims| {
        claims.sub = Some("staff-7".to_owned());
        claims.jti = Some("once".to_owned());
    };
    by_token.token = Some(token("key_klinik", staff));
    let mut by_session = Knock::at("klinik-sehat");
    let mut claims = resume_claims("klinik-sehat", Some("key_klinik"));
    claims.subject = Some("staff-7".to_owned());
    by_session.resume_token = Some(world.sessions.sign_resume(&claims));

    let ban_until = |end| Arc::new(HashMap::from([("staff-7".to_owned(), Some(end))]));
    world.app("klinik-sehat").bans = ban_until(NOW + 1);
    assert_eq!(world.admit(by_token.credentials()), Err(ErrorCode::UserBanned));
    assert_eq!(world.admit(by_session.credentials()), Err(ErrorCode::UserBanned));
    world.app("klinik-sehat").bans = ban_until(NOW);
    assert!(world.admit(by_token.credentials()).is_ok(), "and the token was not used up");
    assert!(world.admit(by_session.credentials()).is_ok());
}

#[test]
fn pages_of_other_origins_take_part_where_the_app_names_them_or_names_none() {
    let mut world = World::new();
    let mut knock = Knock::at("toko-melati");
    knock.foreign_origin = Some("https://toko.example".to_owned());
    assert!(world.admit(knock.credentials()).is_ok());
    let allowed = "https://*.melati.example".parse().expect("an origin");
    world.app("toko-melati").origins.push(allowed);
    assert_eq!(world.admit(knock.credentials()), Err(ErrorCode::OriginRefused));
    knock.foreign_origin = Some("null".to_owned());
    assert_eq!(world.admit(knock.credentials()), Err(ErrorCode::OriginRefused));
    knock.foreign_origin = Some("https://kasir.melati.example".to_owned());
    assert!(world.admit(knock.credentials()).is_ok());
    knock.foreign_origin = None;
    assert!(world.admit(knock.credentials()).is_ok());
}

#[test]
fn a_replaced_key_lets_those_come_back_who_came_by_it() {
    let mut world = World::new();
    let key_id: KeyId = "key_klinik".parse().expect("a key id");
    world.directory.keys.get_mut(&key_id).expect("the key").not_after = Some(NOW);
    let mut by_token = Knock::at("klinik-sehat");
    by_token.token = Some(token("key_klinik", |_| {}));
    assert_eq!(world.admit(by_token.credentials()), Err(ErrorCode::TokenKeyUnknown));
    let mut by_session = Knock::at("klinik-sehat");
    let claims = resume_claims("klinik-sehat", Some("key_klinik"));
    by_session.resume_token = Some(world.sessions.sign_resume(&claims));
    assert!(world.admit(by_session.credentials()).is_ok());
}

#[test]
fn the_use_of_a_key_is_told_once() {
    let world = World::new();
    let mut knock = Knock::at("klinik-sehat");
    knock.token = Some(token("key_klinik", |_| {}));
    world.admit(knock.credentials()).expect("admitted");
    knock.token = Some(token("key_toko", |_| {}));
    assert!(world.admit(knock.credentials()).is_err());
    let used = HashMap::from([("key_klinik".parse().expect("a key id"), NOW)]);
    assert_eq!(world.admission.take_key_uses(), used);
    assert!(world.admission.take_key_uses().is_empty());
}

#[test]
fn a_recorder_is_let_in_by_its_own_token_to_its_own_room() {
    let world = World::new();
    let claims = RecorderClaims {
        app_id: app("klinik-sehat"),
        room: "ruang-1".parse().expect("a room name"),
        call_id: CallId::generate(),
        recording_id: RecordingId::generate(),
        exp: NOW + 60,
    };
    let knock = |app_id: &str, claims: &RecorderClaims| Knock {
        token: Some(world.sessions.sign_recorder(claims)),
        name: None,
        ..Knock::at(app_id)
    };
    let here = knock("klinik-sehat", &claims);
    let identity = world.admit(here.credentials()).expect("its own room");
    assert_eq!(identity.recording_id, Some(claims.recording_id));
    assert_eq!(identity.earlier.map(|who| who.call_id), Some(claims.call_id));
    assert!(!identity.grants.publish && !identity.grants.chat && !identity.grants.record);

    let elsewhere = knock("toko-melati", &claims);
    assert_eq!(world.admit(elsewhere.credentials()), Err(ErrorCode::TokenMalformed));
    let late = knock("klinik-sehat", &RecorderClaims { exp: NOW, ..claims.clone() });
    assert_eq!(world.admit(late.credentials()), Err(ErrorCode::TokenMalformed));
    let foreign = Knock {
        token: Some(SessionTokens::new(&[8; 32]).sign_recorder(&claims)),
        ..Knock::at("klinik-sehat")
    };
    assert_eq!(world.admit(foreign.credentials()), Err(ErrorCode::TokenMalformed));
}

use jumpa_protocol::{
    CallId, ParticipantId, TenantId,
    directory::{AppEntry, KeyEntry},
    signal::Role,
};
use serde_json::{Value, json};

use super::*;

mod shapes;

const NOW: u64 = 1_767_225_600;
const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const OTHER_SECRET: &[u8] = b"fedcba9876543210fedcba9876543210";

fn unix_now() -> Duration {
    Duration::from_secs(NOW)
}

fn app() -> AppId {
    "klinik-sehat".parse().expect("an app id")
}

fn room() -> RoomName {
    "ruang-1".parse().expect("a room name")
}

fn key(name: &str) -> KeyId {
    name.parse().expect("a key id")
}

/// Two apps of two tenants with one key each, and a key that is too short.
fn directory() -> Directory {
    let mut directory = Directory::default();
    let other: AppId = "toko-melati".parse().expect("an app id");
    directory.apps.insert(app(), AppEntry::new(TenantId::generate(), "Klinik Sehat"));
    directory.apps.insert(other.clone(), AppEntry::new(TenantId::generate(), "Toko Melati"));
    let entry = |app_id: &AppId, secret: &[u8]| KeyEntry::hs256(app_id.clone(), secret);
    directory.keys.insert(key("key_klinik"), entry(&app(), SECRET));
    directory.keys.insert(key("key_toko"), entry(&other, OTHER_SECRET));
    directory.keys.insert(key("key_short"), entry(&app(), b"short"));
    directory
}

fn header() -> Value {
    json!({ "alg": "HS256", "typ": "JWT", "kid": "key_klinik" })
}

fn claims() -> Value {
    json!({ "room": "ruang-1", "exp": NOW + 3_600, "name": "dr. Ayu" })
}

/// `claims()` with one field set, or removed for `null`.
fn claims_with(field: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[field] = value;
    claims
}

fn header_with(field: &str, value: Value) -> Value {
    let mut header = header();
    header[field] = value;
    header
}

fn without(mut value: Value, field: &str) -> Value {
    value.as_object_mut().expect("an object").remove(field);
    value
}

fn signed(header: &Value, claims: &Value) -> String {
    sign_parts(&header.to_string(), &claims.to_string(), SECRET)
}

fn code_of(token: &str) -> Result<VerifiedToken, ErrorCode> {
    verify(&directory(), token, &app(), &room(), unix_now()).map_err(|refusal| refusal.code)
}

#[test]
fn a_plain_token_is_taken_with_its_meaning() {
    let claims = JoinClaims {
        room: "Ruang-1".to_owned(),
        exp: NOW + 3_600,
        nbf: Some(NOW - 5),
        iat: Some(NOW - 5),
        app: Some("klinik-sehat".to_owned()),
        sub: Some("staff-7".to_owned()),
        name: Some("dr. Ayu".to_owned()),
        avatar: None,
        moderator: true,
        jti: Some("once".to_owned()),
        grants: Some(Grants { chat: false, ..Grants::default() }),
    };
    let token = sign(&key("key_klinik"), SECRET, &claims).expect("a long secret");
    let verified = code_of(&token).expect("a good token");
    assert_eq!(
        verified,
        VerifiedToken {
            key_id: key("key_klinik"),
            shape: TokenShape::Own,
            subject: Some("staff-7".to_owned()),
            name: Some("dr. Ayu".to_owned()),
            avatar: None,
            is_moderator: true,
            grants: Grants { chat: false, ..Grants::default() },
            one_time_id: None,
            expires_at: NOW + 3_600,
        }
    );
}

#[test]
fn signing_with_a_short_secret_is_refused() {
    let claims: JoinClaims = serde_json::from_value(claims()).expect("claims");
    let error = sign(&key("key_klinik"), &SECRET[..31], &claims);
    assert!(matches!(error, Err(SignError::SecretTooShort)));
}

#[test]
fn a_token_id_is_one_time_only_where_the_app_asks() {
    let token = signed(&header(), &claims_with("jti", json!("once")));
    let mut directory = directory();
    directory.apps.get_mut(&app()).expect("the app").one_time_tokens = true;
    let verified = verify(&directory, &token, &app(), &room(), unix_now()).expect("good");
    assert_eq!(verified.one_time_id.as_deref(), Some("once"));
}

#[test]
fn a_token_for_every_room_needs_the_apps_consent() {
    let token = signed(&header(), &claims_with("room", json!("*")));
    assert_eq!(code_of(&token), Err(ErrorCode::TokenWrongRoom));
    let mut directory = directory();
    directory.apps.get_mut(&app()).expect("the app").allows_any_room = true;
    assert!(verify(&directory, &token, &app(), &room(), unix_now()).is_ok());
}

#[test]
fn unusual_but_right_tokens_are_taken() {
    let odd = [
        ("typ in lower case", signed(&header_with("typ", json!("jwt")), &claims())),
        ("no typ", signed(&without(header(), "typ"), &claims())),
        ("unknown claims", signed(&header(), &claims_with("tenant", json!("toko-melati")))),
        ("key addresses in the header", signed(&header_with("jku", json!("http://x")), &claims())),
        ("room in capitals", signed(&header(), &claims_with("room", json!("RUANG-1")))),
        ("iat in the past", signed(&header(), &claims_with("iat", json!(NOW - 3_600)))),
        ("expired within the leeway", signed(&header(), &claims_with("exp", json!(NOW - 29)))),
        ("nbf within the leeway", signed(&header(), &claims_with("nbf", json!(NOW + 30)))),
        ("iat within the leeway", signed(&header(), &claims_with("iat", json!(NOW + 30)))),
        ("exactly 24 h", signed(&header(), &claims_with("exp", json!(NOW + 86_400)))),
        ("some grants", signed(&header(), &claims_with("grants", json!({ "chat": false })))),
        ("blanks around", sign_parts(&format!(" {}", header()), &claims().to_string(), SECRET)),
    ];
    for (what, token) in odd {
        assert!(code_of(&token).is_ok(), "{what}: {:?}", code_of(&token));
    }
}

#[test]
fn hostile_tokens_are_refused_each_with_its_code() {
    use ErrorCode::{
        TokenAlgorithm as Algorithm, TokenExpired as Expired, TokenKeyUnknown as KeyUnknown,
        TokenLifetime as Lifetime, TokenMalformed as Malformed, TokenNotYetValid as NotYet,
        TokenSignature as Signature, TokenWrongApp as WrongApp, TokenWrongRoom as WrongRoom,
    };
    let good = signed(&header(), &claims());
    let parts: Vec<&str> = good.split('.').collect();
    let [head, body, tag] = parts[..] else { panic!("a JWT has three parts") };
    let alg = |alg: Value| signed(&header_with("alg", alg), &claims());
    let kid = |kid: Value| signed(&header_with("kid", kid), &claims());
    let claim = |field: &str, value: Value| signed(&header(), &claims_with(field, value));
    let raw = |claims: &str| sign_parts(&header().to_string(), claims, SECRET);
    let raw_header = |header: &str| sign_parts(header, &claims().to_string(), SECRET);
    let last = tag.chars().last().expect("not empty");
    let other_last = if last == 'A' { 'E' } else { 'A' };

    let hostile: Vec<(&str, String, ErrorCode)> = vec![
        // Form.
        ("empty", String::new(), Malformed),
        ("one part", "abc".to_owned(), Malformed),
        ("two parts", format!("{head}.{body}"), Malformed),
        ("four parts", format!("{good}.{tag}"), Malformed),
        ("only dots", "..".to_owned(), Malformed),
        ("blank at the end", format!("{good} "), Malformed),
        ("line end at the end", format!("{good}\n"), Malformed),
        ("padding in the signature", format!("{good}="), Malformed),
        ("standard base64", format!("{head}.{body}.{}+/", &tag[..41]), Malformed),
        ("no ASCII", format!("{head}.{body}.ñ"), Malformed),
        ("over 8 KiB", format!("{head}.{}.{tag}", "A".repeat(8_192)), Malformed),
        ("header is no JSON", raw_header("{"), Malformed),
        ("header is an array", raw_header(r#"["HS256","key_klinik",null,null]"#), Malformed),
        ("header is null", raw_header("null"), Malformed),
        ("header with a byte order mark", raw_header(&format!("\u{feff}{}", header())), Malformed),
        (
            "kid twice",
            raw_header(r#"{"alg":"HS256","kid":"key_toko","kid":"key_klinik"}"#),
            Malformed,
        ),
        ("alg twice", raw_header(r#"{"alg":"none","alg":"HS256","kid":"key_klinik"}"#), Malformed),
        ("crit", signed(&header_with("crit", json!(["exp"])), &claims()), Malformed),
        ("empty crit", signed(&header_with("crit", json!([])), &claims()), Malformed),
        ("another typ", signed(&header_with("typ", json!("at+jwt")), &claims()), Malformed),
        ("typ of a wrong type", signed(&header_with("typ", json!(1)), &claims()), Malformed),
        ("trailing text", raw(&format!("{} x", claims())), Malformed),
        // Key.
        ("no kid", signed(&without(header(), "kid"), &claims()), Malformed),
        ("kid is null", kid(Value::Null), Malformed),
        ("kid is a list", kid(json!(["key_klinik"])), Malformed),
        ("unknown kid", kid(json!("key_gone")), KeyUnknown),
        ("empty kid", kid(json!("")), KeyUnknown),
        ("kid is a path", kid(json!("../../dev/null")), KeyUnknown),
        ("kid in capitals", kid(json!("KEY_KLINIK")), KeyUnknown),
        ("kid with a blank", kid(json!("key_klinik ")), KeyUnknown),
        ("key with a short secret", kid(json!("key_short")), KeyUnknown),
        // Algorithm.
        ("none", alg(json!("none")), Algorithm),
        ("none without signature", format!("{}.{body}.", header_part("none")), Algorithm),
        ("None", alg(json!("None")), Algorithm),
        ("empty alg", alg(json!("")), Algorithm),
        ("hs256 in lower case", alg(json!("hs256")), Algorithm),
        ("HS384", alg(json!("HS384")), Algorithm),
        ("HS512", alg(json!("HS512")), Algorithm),
        ("RS256", alg(json!("RS256")), Algorithm),
        ("ES256", alg(json!("ES256")), Algorithm),
        ("no alg", signed(&without(header(), "alg"), &claims()), Malformed),
        ("alg is a list", alg(json!(["HS256"])), Malformed),
        // Signature.
        ("no signature", format!("{head}.{body}."), Signature),
        ("shorter signature", format!("{head}.{body}.{}", &tag[..40]), Signature),
        ("other last letter", format!("{head}.{body}.{}{other_last}", &tag[..42]), Signature),
        (
            "of another key",
            sign_parts(&header().to_string(), &claims().to_string(), OTHER_SECRET),
            Signature,
        ),
        (
            "of an empty key",
            sign_parts(&header().to_string(), &claims().to_string(), b""),
            Signature,
        ),
        (
            "claims exchanged",
            format!(
                "{head}.{}.{tag}",
                URL_SAFE_NO_PAD.encode(claims_with("moderator", json!(true)).to_string())
            ),
            Signature,
        ),
        (
            "header exchanged",
            format!(
                "{}.{body}.{tag}",
                URL_SAFE_NO_PAD.encode(without(header(), "typ").to_string())
            ),
            Signature,
        ),
        // App.
        (
            "key of another app",
            sign_parts(
                &header_with("kid", json!("key_toko")).to_string(),
                &claims().to_string(),
                OTHER_SECRET,
            ),
            WrongApp,
        ),
        ("claims another app", claim("app", json!("toko-melati")), WrongApp),
        ("claims every app", claim("app", json!("*")), WrongApp),
        ("claims an empty app", claim("app", json!("")), WrongApp),
        ("app is a list", claim("app", json!(["klinik-sehat"])), Malformed),
        // Times.
        ("no exp", signed(&header(), &without(claims(), "exp")), Malformed),
        ("exp is null", claim("exp", Value::Null), Malformed),
        ("exp is text", claim("exp", json!("1767229200")), Malformed),
        ("exp is a fraction", claim("exp", json!(1_767_229_200.5)), Malformed),
        ("exp is a float", raw(r#"{"room":"ruang-1","exp":1767229200.0}"#), Malformed),
        ("exp in 1e308", raw(r#"{"room":"ruang-1","exp":1e308}"#), Malformed),
        ("exp in 1e400", raw(r#"{"room":"ruang-1","exp":1e400}"#), Malformed),
        ("exp negative", claim("exp", json!(-1)), Malformed),
        ("exp beyond 64 bits", raw(r#"{"room":"ruang-1","exp":18446744073709551616}"#), Malformed),
        (
            "exp twice",
            raw(&format!(r#"{{"room":"ruang-1","exp":{},"exp":{}}}"#, NOW - 99, NOW + 99)),
            Malformed,
        ),
        ("exp at the end of time", claim("exp", json!(u64::MAX)), Lifetime),
        ("exp in 100 years", claim("exp", json!(NOW + 3_155_760_000)), Lifetime),
        ("exp after 24 h and the leeway", claim("exp", json!(NOW + 86_431)), Lifetime),
        (
            "lived 24 h and 1 s",
            signed(&header(), &json!({ "room": "ruang-1", "exp": NOW + 1, "iat": NOW - 86_400 })),
            Lifetime,
        ),
        (
            "iat at the end of time",
            signed(&header(), &json!({ "room": "ruang-1", "exp": u64::MAX, "iat": u64::MAX })),
            NotYet,
        ),
        ("iat in the future", claim("iat", json!(NOW + 31)), NotYet),
        ("iat is text", claim("iat", json!("now")), Malformed),
        ("expired", claim("exp", json!(NOW - 30)), Expired),
        ("expired in 1970", claim("exp", json!(0)), Expired),
        ("nbf in the future", claim("nbf", json!(NOW + 31)), NotYet),
        ("nbf at the end of time", claim("nbf", json!(u64::MAX)), NotYet),
        ("nbf is a fraction", claim("nbf", json!(0.5)), Malformed),
        // Room.
        ("no room", signed(&header(), &without(claims(), "room")), Malformed),
        ("room is null", claim("room", Value::Null), Malformed),
        ("room is a list", claim("room", json!(["ruang-1"])), Malformed),
        ("room is a number", claim("room", json!(1)), Malformed),
        ("empty room", claim("room", json!("")), Malformed),
        ("room with a path", claim("room", json!("ruang-1/..")), Malformed),
        ("room with a pattern", claim("room", json!("ruang-*")), Malformed),
        ("room with a blank", claim("room", json!(" ruang-1")), Malformed),
        ("room with a zero byte", claim("room", json!("ruang-1\u{0}")), Malformed),
        ("room like ours in Cyrillic", claim("room", json!("ru\u{0430}ng-1")), Malformed),
        ("another room", claim("room", json!("ruang-2")), WrongRoom),
        ("every room", claim("room", json!("*")), WrongRoom),
        (
            "room twice",
            raw(&format!(r#"{{"room":"ruang-2","room":"ruang-1","exp":{}}}"#, NOW + 99)),
            Malformed,
        ),
        // Other claims.
        ("claims are an array", raw(&format!(r#"["ruang-1",{}]"#, NOW + 99)), Malformed),
        ("claims are text", raw(r#""ruang-1""#), Malformed),
        ("claims are empty", raw("{}"), Malformed),
        ("claims are no JSON", raw("{room:1}"), Malformed),
        ("claims are no UTF-8", sign_bytes(b"{\"room\":\"\xff\"}"), Malformed),
        ("claims are nested deeply", raw(&"[".repeat(5_000)), Malformed),
        ("moderator is text", claim("moderator", json!("true")), Malformed),
        ("moderator is a number", claim("moderator", json!(1)), Malformed),
        ("moderator is null", claim("moderator", Value::Null), Malformed),
        ("grants are a list", claim("grants", json!(["chat"])), Malformed),
        ("a grant is text", claim("grants", json!({ "publish": "yes" })), Malformed),
        ("name is a number", claim("name", json!(7)), Malformed),
        ("sub is an object", claim("sub", json!({ "id": 1 })), Malformed),
        ("jti is a number", claim("jti", json!(7)), Malformed),
        ("empty jti", claim("jti", json!("")), Malformed),
        ("long jti", claim("jti", json!("j".repeat(257))), Malformed),
    ];
    assert!(hostile.len() >= 60);
    for (what, token, code) in &hostile {
        assert_eq!(code_of(token).map(|_| ()), Err(*code), "{what}");
    }
}

fn header_part(alg: &str) -> String {
    URL_SAFE_NO_PAD.encode(header_with("alg", json!(alg)).to_string())
}

fn sign_bytes(claims: &[u8]) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header().to_string()),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

#[test]
fn a_token_for_an_unknown_app_is_refused() {
    let app = "nobody".parse().expect("an app id");
    let token = signed(&header(), &claims());
    let refusal = verify(&directory(), &token, &app, &room(), unix_now());
    assert_eq!(refusal.map_err(|r| r.code).err(), Some(ErrorCode::AppUnknown));
}

#[test]
fn every_single_changed_letter_breaks_a_token() {
    let good = signed(&header(), &claims());
    for at in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let token = String::from_utf8(bytes).expect("ASCII");
        assert!(code_of(&token).is_err(), "letter {at}");
    }
}

fn resume_claims() -> ResumeClaims {
    ResumeClaims {
        app_id: app(),
        room: room(),
        call_id: CallId::generate(),
        call_started_at_ms: NOW * 1_000,
        participant_id: ParticipantId::generate(),
        key_id: Some(key("key_klinik")),
        subject: None,
        name: "dr. Ayu".to_owned(),
        avatar: None,
        role: Role::Moderator,
        own_role: Role::Participant,
        is_verified: true,
        grants: Grants::default(),
        exp: NOW + 60,
    }
}

fn rating_claims() -> RatingClaims {
    RatingClaims {
        app_id: app(),
        room: room(),
        call_id: CallId::generate(),
        participant_id: ParticipantId::generate(),
        exp: NOW + 60,
    }
}

#[test]
fn session_tokens_read_back_until_they_expire() {
    let tokens = SessionTokens::new(&[7; 32]);
    let (resume, rating) = (resume_claims(), rating_claims());
    let resume_token = tokens.sign_resume(&resume);
    let rating_token = tokens.sign_rating(&rating);
    assert_eq!(tokens.verify_resume(&resume_token, unix_now()), Ok(resume));
    assert_eq!(tokens.verify_rating(&rating_token, unix_now()), Ok(rating));
    let later = unix_now() + Duration::from_secs(60);
    let code = |result: Result<ErrorCode, Refusal>| result.map_err(|r| r.code);
    let resumed = tokens.verify_resume(&resume_token, later).map(|_| ErrorCode::Internal);
    assert_eq!(code(resumed), Err(ErrorCode::ResumeUnknown));
    let rated = tokens.verify_rating(&rating_token, later).map(|_| ErrorCode::Internal);
    assert_eq!(code(rated), Err(ErrorCode::TokenExpired));
}

#[test]
fn a_token_of_one_purpose_does_not_serve_another() {
    let tokens = SessionTokens::new(&[7; 32]);
    let resume_token = tokens.sign_resume(&resume_claims());
    let rating_token = tokens.sign_rating(&rating_claims());
    let join_token = signed(&header(), &claims());
    assert!(tokens.verify_rating(&resume_token, unix_now()).is_err());
    assert!(tokens.verify_resume(&rating_token, unix_now()).is_err());
    assert!(tokens.verify_resume(&join_token, unix_now()).is_err());
    assert_eq!(code_of(&resume_token), Err(ErrorCode::TokenMalformed));
    // Even with the right key the purpose that a token names must fit.
    let forged = session_forgery(&tokens, &resume_token);
    assert!(tokens.verify_resume(&forged, unix_now()).is_err());
}

/// A token with the payload of `token` and the tag of another purpose's key.
fn session_forgery(tokens: &SessionTokens, token: &str) -> String {
    let payload = token.split_once('.').expect("two parts").0;
    let tag = tokens.sign_rating(&rating_claims());
    format!("{payload}.{}", tag.split_once('.').expect("two parts").1)
}

#[test]
fn session_tokens_of_another_server_are_refused() {
    let token = SessionTokens::new(&[7; 32]).sign_resume(&resume_claims());
    assert!(SessionTokens::new(&[8; 32]).verify_resume(&token, unix_now()).is_err());
}

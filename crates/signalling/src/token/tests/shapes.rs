//! Tokens of Jitsi and JaaS, and tokens signed with keys of which only the public half is known.

use std::sync::LazyLock;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RsaKeyPair,
    },
};
use jumpa_protocol::{directory::KeyMaterial, verification_key::PublicKey};

use super::*;

/// A key that a tenant keeps.
enum Signer {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

static RSA: LazyLock<Signer> =
    LazyLock::new(|| Signer::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key")));
static P256: LazyLock<Signer> = LazyLock::new(|| {
    Signer::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"))
});
static ED25519: LazyLock<Signer> =
    LazyLock::new(|| Signer::Ed25519(Ed25519KeyPair::generate().expect("a key")));

impl Signer {
    fn public(&self) -> PublicKey {
        match self {
            Self::Rsa(pair) => PublicKey::Rs256(pair.public_key().as_ref().to_vec()),
            Self::P256(pair) => PublicKey::Es256(pair.public_key().as_ref().to_vec()),
            Self::Ed25519(pair) => PublicKey::Ed25519(pair.public_key().as_ref().to_vec()),
        }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let mut token = unsigned(header, claims);
        let random = SystemRandom::new();
        let signature = match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, token.as_bytes(), &mut signature)
                    .expect("signed");
                signature
            }
            Self::P256(pair) => {
                pair.sign(&random, token.as_bytes()).expect("signed").as_ref().to_vec()
            }
            Self::Ed25519(pair) => pair.sign(token.as_bytes()).as_ref().to_vec(),
        };
        token.push('.');
        token.push_str(&URL_SAFE_NO_PAD.encode(signature));
        token
    }
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn public_header(alg: &str, kid: &str) -> Value {
    json!({ "alg": alg, "typ": "JWT", "kid": kid })
}

/// The clinic with a key of each kind, and an open shop that takes tokens without key id.
fn directory_of_shapes() -> Directory {
    let mut directory = directory();
    for (name, signer) in [("key_rsa", &*RSA), ("key_p256", &*P256), ("key_ed25519", &*ED25519)] {
        let entry = KeyEntry::new(app(), KeyMaterial::Public(signer.public()));
        directory.keys.insert(key(name), entry);
    }
    let clinic = directory.apps.get_mut(&app()).expect("the app");
    clinic.keys_without_id =
        vec![key("key_short"), key("key_toko"), key("key_gone"), key("key_klinik")];
    directory
}

fn verify_shape(token: &str) -> Result<VerifiedToken, ErrorCode> {
    verify(&directory_of_shapes(), token, &app(), &room(), unix_now()).map_err(|r| r.code)
}

/// A token as JaaS documents it.
fn jaas_claims() -> Value {
    json!({
        "aud": "jitsi",
        "iss": "chat",
        "sub": "klinik-sehat",
        "room": "ruang-1",
        "exp": NOW + 3_600,
        "nbf": NOW - 10,
        "context": {
            "user": {
                "id": "google-oauth2|7",
                "name": "dr. Ayu",
                "avatar": "https://klinik.example/ayu.png",
                "email": "ayu@klinik.example",
                "moderator": "true",
                "hidden-from-recorder": "false",
            },
            "features": {
                "livestreaming": "true",
                "outbound-call": { "limit": 1 },
                "send-groupchat": "false",
            },
        },
    })
}

/// A token as Jitsi's own server takes it.
fn jitsi_claims() -> Value {
    json!({
        "context": {
            "user": { "avatar": null, "name": "dr. Ayu", "email": "ayu@klinik.example", "id": "staff-7" },
            "group": "dokter",
        },
        "aud": "jitsi",
        "iss": "klinik-sehat",
        "room": "ruang-1",
        "exp": NOW + 3_600,
    })
}

fn with(mut claims: Value, path: &str, value: Value) -> Value {
    let (parent, field) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = claims.pointer_mut(parent).expect("a parent");
    parent.as_object_mut().expect("an object").insert(field.to_owned(), value);
    claims
}

fn jaas_header() -> Value {
    public_header("RS256", "klinik-sehat/key_rsa")
}

fn jaas(claims: &Value) -> String {
    RSA.sign(&jaas_header(), claims)
}

fn nameless_header() -> Value {
    json!({ "alg": "HS256", "typ": "JWT" })
}

fn jitsi(claims: &Value) -> String {
    signed(&nameless_header(), claims)
}

#[test]
fn a_key_of_each_kind_signs_tokens_of_our_shape() {
    for (kid, alg, signer) in [
        ("key_rsa", "RS256", &*RSA),
        ("key_p256", "ES256", &*P256),
        ("key_ed25519", "EdDSA", &*ED25519),
    ] {
        let token = signer.sign(&public_header(alg, kid), &claims());
        let verified = verify_shape(&token).expect(kid);
        assert_eq!((verified.key_id, verified.shape), (key(kid), TokenShape::Own));
    }
}

#[test]
fn a_token_of_jaas_is_taken_with_its_meaning() {
    let verified = verify_shape(&jaas(&jaas_claims())).expect("a good token");
    assert_eq!(
        verified,
        VerifiedToken {
            key_id: key("key_rsa"),
            shape: TokenShape::Jaas,
            subject: Some("google-oauth2|7".to_owned()),
            name: Some("dr. Ayu".to_owned()),
            avatar: Some("https://klinik.example/ayu.png".to_owned()),
            is_moderator: true,
            grants: Grants { chat: false, ..Grants::default() },
            one_time_id: None,
            expires_at: NOW + 3_600,
        }
    );
}

#[test]
fn a_token_of_jitsi_without_key_id_is_taken_where_the_app_says_so() {
    let token = jitsi(&jitsi_claims());
    let verified = verify_shape(&token).expect("a good token");
    assert_eq!((verified.key_id, verified.shape), (key("key_klinik"), TokenShape::Jitsi));
    assert_eq!(verified.subject.as_deref(), Some("staff-7"));
    assert!(!verified.is_moderator);
    assert_eq!(code_of(&token), Err(ErrorCode::TokenMalformed), "where the app does not");
}

#[test]
fn as_many_keys_are_tried_as_allowed() {
    let token = jitsi(&jitsi_claims());
    let tried_at = |place: usize| {
        let mut directory = directory_of_shapes();
        let clinic = directory.apps.get_mut(&app()).expect("the app");
        clinic.keys_without_id = vec![key("key_gone"); place];
        clinic.keys_without_id.push(key("key_klinik"));
        verify(&directory, &token, &app(), &room(), unix_now()).map_err(|r| r.code)
    };
    assert!(tried_at(limits::MAX_KEYS_WITHOUT_ID - 1).is_ok());
    let beyond = tried_at(limits::MAX_KEYS_WITHOUT_ID);
    assert_eq!(beyond.err(), Some(ErrorCode::TokenSignature));
}

#[test]
fn unusual_but_right_tokens_of_other_shapes_are_taken() {
    let odd = [
        ("audiences", jaas(&with(jaas_claims(), "/aud", json!(["other", "jitsi"])))),
        ("the app as audience", jaas(&with(jaas_claims(), "/aud", json!("klinik-sehat")))),
        ("no user", jaas(&with(jaas_claims(), "/context", json!({})))),
        ("context is null", jaas(&with(jaas_claims(), "/context", Value::Null))),
        ("a plain key id", RSA.sign(&public_header("RS256", "key_rsa"), &jaas_claims())),
        ("Jitsi with key id", signed(&header(), &jitsi_claims())),
        ("Jitsi by RSA", RSA.sign(&jaas_header(), &jitsi_claims())),
        ("JaaS by HMAC", signed(&header(), &jaas_claims())),
        ("issuer of Qiscus", signed(&header(), &with(jitsi_claims(), "/iss", json!("meetcall")))),
        ("sub is the app", jitsi(&with(jitsi_claims(), "/sub", json!("klinik-sehat")))),
        ("no audience", jitsi(&without(jitsi_claims(), "aud"))),
        ("no context", jitsi(&without(jitsi_claims(), "context"))),
        ("no issuer, with key id", signed(&header(), &without(jitsi_claims(), "iss"))),
    ];
    for (what, token) in odd {
        assert!(verify_shape(&token).is_ok(), "{what}: {:?}", verify_shape(&token));
    }
}

#[test]
fn moderators_are_named_in_four_ways() {
    let is_moderator = |claims: Value| verify_shape(&jitsi(&claims)).expect("good").is_moderator;
    for (path, value) in [
        ("/moderator", json!(true)),
        ("/moderator", json!("true")),
        ("/context/user/moderator", json!(true)),
        ("/context/user/affiliation", json!("owner")),
    ] {
        assert!(is_moderator(with(jitsi_claims(), path, value)), "{path}");
    }
    for (path, value) in [
        ("/moderator", json!(false)),
        ("/context/user/moderator", json!("false")),
        ("/context/user/affiliation", json!("member")),
    ] {
        assert!(!is_moderator(with(jitsi_claims(), path, value)), "{path}");
    }
}

#[test]
fn a_pattern_of_rooms_needs_the_apps_consent_and_fits_whole_names() {
    let mut open = directory_of_shapes();
    open.apps.get_mut(&app()).expect("the app").allows_any_room = true;
    let pattern = |room: &str| {
        let claims = with(jaas_claims(), "/context/room", json!({ "regex": "true" }));
        jaas(&with(claims, "/room", json!(room)))
    };
    let code = |directory: &Directory, room_pattern: &str| {
        let token = pattern(room_pattern);
        verify(directory, &token, &app(), &room(), unix_now()).err().map(|refusal| refusal.code)
    };
    for good in ["ruang-[0-9]+", "Ruang-.", ".*", "x|ruang-1", "(?:ruang)-1"] {
        assert_eq!(code(&open, good), None, "{good}");
        let closed = code(&directory_of_shapes(), good);
        assert_eq!(closed, Some(ErrorCode::TokenWrongRoom), "{good}");
    }
    for other in ["ruang", "uang-1", "ruang-2", "ruang-1.+", ""] {
        assert_eq!(code(&open, other), Some(ErrorCode::TokenWrongRoom), "{other}");
    }
    let long = "a".repeat(257);
    for broken in ["*", "(", "x)|(?:ruang-1", "[", "a{9999}{9999}", "(?=a)", long.as_str()] {
        assert_eq!(code(&open, broken), Some(ErrorCode::TokenMalformed), "{broken}");
    }
}

#[test]
fn a_replaced_key_signs_until_its_time_is_over() {
    let token = signed(&header(), &claims());
    let until = |not_after: u64| {
        let mut directory = directory_of_shapes();
        directory.keys.get_mut(&key("key_klinik")).expect("the key").not_after = Some(not_after);
        let named = verify(&directory, &token, &app(), &room(), unix_now());
        let nameless = jitsi(&jitsi_claims());
        let nameless = verify(&directory, &nameless, &app(), &room(), unix_now());
        (named.err().map(|refusal| refusal.code), nameless.err().map(|refusal| refusal.code))
    };
    assert_eq!(until(NOW + 1), (None, None));
    let over = (Some(ErrorCode::TokenKeyUnknown), Some(ErrorCode::TokenSignature));
    assert_eq!(until(NOW), over);
}

#[test]
fn hostile_tokens_of_every_shape_and_kind_are_refused_each_with_its_code() {
    use ErrorCode::{
        TokenAlgorithm as Algorithm, TokenExpired as Expired, TokenKeyUnknown as KeyUnknown,
        TokenLifetime as Lifetime, TokenMalformed as Malformed, TokenNotYetValid as NotYet,
        TokenSignature as Signature, TokenWrongApp as WrongApp, TokenWrongRoom as WrongRoom,
    };
    let own =
        |signer: &Signer, alg: &str, kid: &str| signer.sign(&public_header(alg, kid), &claims());
    let jaas_with = |path: &str, value: Value| jaas(&with(jaas_claims(), path, value));
    let jitsi_with = |path: &str, value: Value| jitsi(&with(jitsi_claims(), path, value));
    // The classic: the public key, which everybody may know, as an HMAC secret.
    let confused = |kid: &str, secret: &[u8]| {
        sign_parts(&public_header("HS256", kid).to_string(), &claims().to_string(), secret)
    };
    let pem = |signer: &Signer| signer.public().to_pem().into_bytes();
    let raw = |signer: &Signer| match signer.public() {
        PublicKey::Rs256(key) | PublicKey::Es256(key) | PublicKey::Ed25519(key) => key,
    };
    let unsigned_with = |alg: &str, kid: &str, signature: &[u8]| {
        let parts = unsigned(&public_header(alg, kid), &claims());
        format!("{parts}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    let sha384 = {
        let Signer::Rsa(pair) = &*RSA else { panic!("RSA") };
        let parts = unsigned(&public_header("RS256", "key_rsa"), &claims());
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA384, &SystemRandom::new(), parts.as_bytes(), &mut signature)
            .expect("signed");
        format!("{parts}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    let other_rsa = Signer::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));

    let hostile: Vec<(&str, String, ErrorCode)> = vec![
        // Algorithm and kind of key.
        ("PEM of RSA as a secret", confused("key_rsa", &pem(&RSA)), Algorithm),
        ("DER of RSA as a secret", confused("key_rsa", &raw(&RSA)), Algorithm),
        ("PEM of P-256 as a secret", confused("key_p256", &pem(&P256)), Algorithm),
        ("Ed25519 key as a secret", confused("key_ed25519", &raw(&ED25519)), Algorithm),
        ("none with an RSA key", unsigned_with("none", "key_rsa", b""), Algorithm),
        ("RS256 with an HMAC key", own(&RSA, "RS256", "key_klinik"), Algorithm),
        ("RS384 with an RSA key", own(&RSA, "RS384", "key_rsa"), Algorithm),
        ("PS256 with an RSA key", own(&RSA, "PS256", "key_rsa"), Algorithm),
        ("ES256 with an RSA key", own(&P256, "ES256", "key_rsa"), Algorithm),
        ("ES384 with a P-256 key", own(&P256, "ES384", "key_p256"), Algorithm),
        ("ES256K with a P-256 key", own(&P256, "ES256K", "key_p256"), Algorithm),
        ("EdDSA with a P-256 key", own(&ED25519, "EdDSA", "key_p256"), Algorithm),
        ("Ed25519 by its name", own(&ED25519, "Ed25519", "key_ed25519"), Algorithm),
        // Signatures.
        ("another RSA key", own(&other_rsa, "RS256", "key_rsa"), Signature),
        ("RSA over SHA-384", sha384, Signature),
        ("RSA signature of zeros", unsigned_with("RS256", "key_rsa", &[0; 256]), Signature),
        ("RSA signature of ones", unsigned_with("RS256", "key_rsa", &[0xff; 256]), Signature),
        ("no RSA signature", unsigned_with("RS256", "key_rsa", b""), Signature),
        ("ECDSA signature of zeros", unsigned_with("ES256", "key_p256", &[0; 64]), Signature),
        (
            "ECDSA signature in DER",
            unsigned_with("ES256", "key_p256", &[0x30, 6, 2, 1, 1, 2, 1, 1]),
            Signature,
        ),
        ("no ECDSA signature", unsigned_with("ES256", "key_p256", b""), Signature),
        ("Ed25519 signature of zeros", unsigned_with("EdDSA", "key_ed25519", &[0; 64]), Signature),
        ("RSA signature for P-256", own(&RSA, "ES256", "key_p256"), Signature),
        // Key ids as JaaS writes them.
        (
            "key of another app in kid",
            RSA.sign(&public_header("RS256", "toko-melati/key_rsa"), &jaas_claims()),
            KeyUnknown,
        ),
        (
            "no app in kid",
            RSA.sign(&public_header("RS256", "/key_rsa"), &jaas_claims()),
            KeyUnknown,
        ),
        (
            "no key in kid",
            RSA.sign(&public_header("RS256", "klinik-sehat/"), &jaas_claims()),
            KeyUnknown,
        ),
        (
            "two slashes in kid",
            RSA.sign(&public_header("RS256", "klinik-sehat/key_rsa/x"), &jaas_claims()),
            KeyUnknown,
        ),
        (
            "path in kid",
            RSA.sign(&public_header("RS256", "klinik-sehat/../key_rsa"), &jaas_claims()),
            KeyUnknown,
        ),
        // Without key id.
        (
            "kid is null",
            signed(&json!({ "alg": "HS256", "kid": null }), &jitsi_claims()),
            Malformed,
        ),
        ("no kid, RS256", RSA.sign(&json!({ "alg": "RS256" }), &jitsi_claims()), Algorithm),
        (
            "no kid, none",
            format!("{}.", unsigned(&json!({ "alg": "none" }), &jitsi_claims())),
            Algorithm,
        ),
        (
            "no kid, secret of another app",
            sign_parts(&nameless_header().to_string(), &jitsi_claims().to_string(), OTHER_SECRET),
            Signature,
        ),
        (
            "no kid, short secret",
            sign_parts(&nameless_header().to_string(), &jitsi_claims().to_string(), b"short"),
            Signature,
        ),
        (
            "no kid, no secret",
            sign_parts(&nameless_header().to_string(), &jitsi_claims().to_string(), b""),
            Signature,
        ),
        ("no kid, issuer of another app", jitsi_with("/iss", json!("toko-melati")), WrongApp),
        ("no kid, issuer of JaaS", jitsi(&jaas_claims()), WrongApp),
        ("no kid, no issuer", jitsi(&without(jitsi_claims(), "iss")), WrongApp),
        ("no kid, our shape", jitsi(&claims()), WrongApp),
        // Apps.
        ("JaaS, sub is another app", jaas_with("/sub", json!("toko-melati")), WrongApp),
        ("JaaS, sub is every app", jaas_with("/sub", json!("*")), WrongApp),
        ("JaaS, no sub", jaas(&without(jaas_claims(), "sub")), Malformed),
        ("JaaS, sub is a list", jaas_with("/sub", json!(["klinik-sehat"])), Malformed),
        ("JaaS, another audience", jaas_with("/aud", json!("toko-melati")), WrongApp),
        ("JaaS, no one as audience", jaas_with("/aud", json!([])), WrongApp),
        ("JaaS, audience is an object", jaas_with("/aud", json!({ "a": 1 })), Malformed),
        ("JaaS, no audience", jaas(&without(jaas_claims(), "aud")), Malformed),
        ("JaaS, another issuer", jaas_with("/iss", json!("evil")), WrongApp),
        ("JaaS, issuer is a list", jaas_with("/iss", json!(["chat"])), Malformed),
        ("Jitsi, sub is a domain", jitsi_with("/sub", json!("meet.example")), WrongApp),
        ("Jitsi, sub is every app", jitsi_with("/sub", json!("*")), WrongApp),
        // Times.
        ("JaaS, no exp", jaas(&without(jaas_claims(), "exp")), Malformed),
        ("JaaS, exp is text", jaas_with("/exp", json!("1767229200")), Malformed),
        ("JaaS, exp is a fraction", jaas_with("/exp", json!(1_767_229_200.5)), Malformed),
        ("JaaS, expired", jaas_with("/exp", json!(NOW - 30)), Expired),
        ("JaaS, exp in a month", jaas_with("/exp", json!(NOW + 2_592_000)), Lifetime),
        ("JaaS, nbf in the future", jaas_with("/nbf", json!(NOW + 31)), NotYet),
        ("Jitsi, exp in 100 years", jitsi_with("/exp", json!(NOW + 3_155_760_000)), Lifetime),
        ("Jitsi, expired", jitsi_with("/exp", json!(0)), Expired),
        // Rooms.
        ("JaaS, every room", jaas_with("/room", json!("*")), WrongRoom),
        ("JaaS, another room", jaas_with("/room", json!("ruang-2")), WrongRoom),
        ("JaaS, no room", jaas(&without(jaas_claims(), "room")), Malformed),
        (
            "JaaS, room is a pattern without saying so",
            jaas_with("/room", json!("ruang-.*")),
            Malformed,
        ),
        ("JaaS, regex is a number", jaas_with("/context/room", json!({ "regex": 1 })), Malformed),
        ("Jitsi, another room", jitsi_with("/room", json!("ruang-2")), WrongRoom),
        ("Jitsi, every room", jitsi_with("/room", json!("*")), WrongRoom),
        // Other claims.
        ("context is a list", jaas_with("/context", json!([1])), Malformed),
        ("context is text", jaas_with("/context", json!("user")), Malformed),
        ("user is text", jaas_with("/context/user", json!("ayu")), Malformed),
        ("user id is a number", jaas_with("/context/user/id", json!(7)), Malformed),
        ("user name is a list", jaas_with("/context/user/name", json!(["a"])), Malformed),
        ("moderator is a number", jaas_with("/context/user/moderator", json!(1)), Malformed),
        ("moderator is yes", jaas_with("/context/user/moderator", json!("yes")), Malformed),
        ("moderator in capitals", jaas_with("/context/user/moderator", json!("True")), Malformed),
        ("moderator is an object", jaas_with("/moderator", json!({ "true": null })), Malformed),
        ("features are a list of text", jaas_with("/context/features", json!(["x"])), Malformed),
        (
            "a feature is a number",
            jaas_with("/context/features/screen-sharing", json!(1)),
            Malformed,
        ),
        ("jti is empty", jaas_with("/jti", json!("")), Malformed),
        ("jti is a number", jaas_with("/jti", json!(1)), Malformed),
        (
            "two contexts",
            {
                let text = jaas_claims().to_string();
                let twice = text.replacen('{', r#"{"context":{},"#, 1);
                sign_parts(&header().to_string(), &twice, SECRET)
            },
            Malformed,
        ),
    ];
    for (what, token, code) in &hostile {
        assert_eq!(verify_shape(token).map(|_| ()), Err(*code), "{what}");
    }
}

#[test]
fn every_single_changed_letter_breaks_a_token_of_every_kind() {
    for good in [
        jaas(&jaas_claims()),
        P256.sign(&public_header("ES256", "key_p256"), &claims()),
        ED25519.sign(&public_header("EdDSA", "key_ed25519"), &claims()),
        jitsi(&jitsi_claims()),
    ] {
        let directory = directory_of_shapes();
        for at in 0..good.len() {
            let mut bytes = good.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let token = String::from_utf8(bytes).expect("ASCII");
            assert!(
                verify(&directory, &token, &app(), &room(), unix_now()).is_err(),
                "letter {at} of {good}"
            );
        }
    }
}

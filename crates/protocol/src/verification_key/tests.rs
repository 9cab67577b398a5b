use super::*;

const RSA: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArKglqM5X8PfA7jyk1t4P
4PEJNnr6YRtVIUql7rF8b43LtUDf1hU8e2nKh0Y9QpaVDRuo6B+ZEFYS5GYrp/xl
BfZxLEBfq3li0s9NN63gSp3vMUQu+vi03uaQ7A7wpuaZL3VZ9Ua88UQPsgahCpZv
0gx24mrFheHi08aCEMsv5/fKl7KQNKzW5CKKt4WwNqGBvrJQi4O0hcKVJgncA5lm
EyU1H5S9iDnFYiYlWIKovVsiBmRJY25C9StTPH2Z2cytixNmADDgML0CQBfoFDnp
WXHc96idT5s8zGjceaxKXcVECBDLCfOoxsGxWSSonPwiiF91C8hxDTH8miY2FvcJ
XQIDAQAB
-----END PUBLIC KEY-----
";
const RSA_1024: &str = "\
-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDPq/dxuwTiC4fSsi4S1BKVzrtW
EuQvmnsIfKTHgNeTMLuFWUCyLGO3uQnHFr5fRJHlNamsus8AOvlB7fHSS09qvEgV
3WiAWEOLPxTAMdIGSivnmOXv0V92a04kOLtZthn3msLjdn7/1O2fDUTHkoomTeiR
Lx4RmMCFYXXOMjIqWwIDAQAB
-----END PUBLIC KEY-----
";
const RSA_PSS: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIDALBgkqhkiG9w0BAQoDggEPADCCAQoCggEBAL0H+gb3NXGWbvsduSyoNwgV
qhi8aeY86cfJJy5Rj2fqyxCR3zvPrRD2SQutkU3PFOw5D6+1V86XRrVrsu1Z+7w+
nuJlvw7nkx2dh+stjKYVPAVOaZPQyBeBbXGSI2HUwqV28WznQZ1u3mgfB37KadlD
Idnp3TjNenBNzzdArkWq9EptSqpK3MXWvP/q4XUxmRMIWkBYpXB+jDv5C6gT7Gau
zEjseaEr4nAsh7x8D5p6ltkw8w26fAYDovpaoRAsu5U1Lo6Jz3MQWCrqzfqnRbNZ
wq032EcVccCgeYRYA8iqlMC0cmcjJr23NOs5H1mWIvQK1FW93HuEYg4MnJktUPMC
AwEAAQ==
-----END PUBLIC KEY-----
";
const P256: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE4Cr1HrTdoiSzqoPRUE8ZXYBQqqIe
JgYrLjrfQ1Cf0lTCsmOsYzUJpeUK4/M0co7a2oS68eG2eXeuNBNYw2SmIQ==
-----END PUBLIC KEY-----
";
const P384: &str = "\
-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEBYkT8avKoYuEbuEIheWoPAgooPWOSuj5
YMk92rBCCuc3hyCu7JqupOml+BmWPdJflhGoGkCpF2FX6qiAhtPaCovFHyeea6PG
swc6d9uQQbYvbqXTIPWoa/Ap2qEWYRDW
-----END PUBLIC KEY-----
";
const ED25519: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEATpd/RxnLreeshqUtgMGh/BNG1DTBv4s6c/RHv64f6D0=
-----END PUBLIC KEY-----
";
const X25519: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VuAyEAGoYVTQiolJqMHoEs6EN9u81aTXeQSzgunnQ+aAYxWlM=
-----END PUBLIC KEY-----
";
/// The modulus of [`RSA`], as JWK has it.
const N: &str = "rKglqM5X8PfA7jyk1t4P4PEJNnr6YRtVIUql7rF8b43LtUDf1hU8e2nKh0Y9QpaVDRuo6B-ZEFYS5GYrp_xlBfZxLEBfq3li0s9NN63gSp3vMUQu-vi03uaQ7A7wpuaZL3VZ9Ua88UQPsgahCpZv0gx24mrFheHi08aCEMsv5_fKl7KQNKzW5CKKt4WwNqGBvrJQi4O0hcKVJgncA5lmEyU1H5S9iDnFYiYlWIKovVsiBmRJY25C9StTPH2Z2cytixNmADDgML0CQBfoFDnpWXHc96idT5s8zGjceaxKXcVECBDLCfOoxsGxWSSonPwiiF91C8hxDTH8miY2FvcJXQ";
/// The point of [`P256`], as JWK has it.
const X: &str = "4Cr1HrTdoiSzqoPRUE8ZXYBQqqIeJgYrLjrfQ1Cf0lQ";
const Y: &str = "wrJjrGM1CaXlCuPzNHKO2tqEuvHhtnl3rjQTWMNkpiE";
/// The key of [`ED25519`], as JWK has it.
const ED_X: &str = "Tpd_RxnLreeshqUtgMGh_BNG1DTBv4s6c_RHv64f6D0";

fn jwk(value: &serde_json::Value) -> Result<PublicKey, KeyTextError> {
    PublicKey::parse(&value.to_string())
}

#[test]
fn every_kind_is_written_as_it_was_read() {
    for (pem, algorithm) in [(RSA, "RS256"), (P256, "ES256"), (ED25519, "EdDSA")] {
        let key = PublicKey::parse(pem).expect("a public key");
        assert_eq!(key.algorithm(), algorithm);
        assert_eq!(key.to_pem(), pem);
        let one_line_ends = pem.replace('\n', "\r\n");
        assert_eq!(PublicKey::parse(&format!("\n {one_line_ends}")), Ok(key));
    }
}

#[test]
fn a_jwk_is_the_same_key_as_its_pem() {
    let rsa =
        jwk(&serde_json::json!({ "kty": "RSA", "n": N, "e": "AQAB", "kid": "a", "alg": "RS512" }));
    assert_eq!(rsa, PublicKey::parse(RSA));
    let ec = jwk(&serde_json::json!({ "kty": "EC", "crv": "P-256", "x": X, "y": Y }));
    assert_eq!(ec, PublicKey::parse(P256));
    let ed = jwk(&serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "x": ED_X }));
    assert_eq!(ed, PublicKey::parse(ED25519));
}

#[test]
fn other_kinds_are_refused() {
    for pem in [P384, RSA_PSS, X25519] {
        assert_eq!(PublicKey::parse(pem), Err(KeyTextError::Kind), "{pem}");
    }
    let other = [
        serde_json::json!({ "kty": "EC", "crv": "P-384", "x": X, "y": Y }),
        serde_json::json!({ "kty": "EC", "crv": "secp256k1", "x": X, "y": Y }),
        serde_json::json!({ "kty": "OKP", "crv": "X25519", "x": ED_X }),
        serde_json::json!({ "kty": "AKP", "x": ED_X }),
    ];
    for key in other {
        assert_eq!(jwk(&key), Err(KeyTextError::Kind), "{key}");
    }
}

#[test]
fn weak_keys_are_refused() {
    assert_eq!(PublicKey::parse(RSA_1024), Err(KeyTextError::Strength));
    let of_bits = |bytes: usize, first: u8| {
        let mut modulus = vec![0xff; bytes];
        modulus[0] = first;
        URL_SAFE_NO_PAD.encode(modulus)
    };
    let rsa = |n: String, e: &str| jwk(&serde_json::json!({ "kty": "RSA", "n": n, "e": e }));
    assert_eq!(rsa(of_bits(256, 0x7f), "AQAB"), Err(KeyTextError::Strength));
    assert!(rsa(of_bits(256, 0x80), "AQAB").is_ok());
    assert!(rsa(of_bits(1_024, 0xff), "AQAB").is_ok());
    assert_eq!(rsa(of_bits(1_025, 0x01), "AQAB"), Err(KeyTextError::Strength));
    assert!(rsa(N.to_owned(), "Aw").is_ok());
    for exponent in ["", "AA", "AQ", "Ag", "AQAA", "AQAAAAE"] {
        assert_eq!(rsa(N.to_owned(), exponent), Err(KeyTextError::Strength), "{exponent}");
    }
    // Leading zeros do not make a modulus longer.
    let zeros = URL_SAFE_NO_PAD.encode([vec![0; 200], vec![0xff; 128]].concat());
    assert_eq!(rsa(zeros, "AQAB"), Err(KeyTextError::Strength));
    let even = URL_SAFE_NO_PAD.encode([0xfe; 256]);
    assert_eq!(rsa(even, "AQAB"), Err(KeyTextError::Strength));
}

#[test]
fn secrets_are_sent_back_with_a_word() {
    for kind in ["", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH "] {
        let text =
            format!("-----BEGIN {kind}PRIVATE KEY-----\nAAAA\n-----END {kind}PRIVATE KEY-----");
        assert_eq!(PublicKey::parse(&text), Err(KeyTextError::Private), "{kind}");
    }
    let with_d = serde_json::json!({ "kty": "EC", "crv": "P-256", "x": X, "y": Y, "d": X });
    assert_eq!(jwk(&with_d), Err(KeyTextError::Private));
    let shared = serde_json::json!({ "kty": "oct", "k": "AAAA" });
    assert_eq!(jwk(&shared), Err(KeyTextError::SharedSecret));
}

#[test]
fn what_is_no_key_is_unreadable() {
    let der = |bytes: &[u8]| format!("{PEM_BEGIN}\n{}\n{PEM_END}", STANDARD.encode(bytes));
    let info = |key: &str| {
        let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
        STANDARD.decode(body).expect("base64")
    };
    let rsa = info(RSA);
    let mut cut_anywhere = Vec::new();
    for end in 0..rsa.len() {
        cut_anywhere.push(der(&rsa[..end]));
    }
    let compressed = [&info(P256)[..24], &[0x02; 35]].concat();
    let long = "A".repeat(MAX_KEY_TEXT_BYTES + 1);
    let texts = [
        String::new(),
        "key".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        r#"{"kty":"RSA"}"#.to_owned(),
        r#"{"kty":"RSA","kty":"RSA","n":"AA","e":"AQAB"}"#.to_owned(),
        r#"{"kty":"OKP","crv":"Ed25519","x":"AAAA"}"#.to_owned(),
        format!("{PEM_BEGIN}{PEM_END}"),
        format!("{RSA}{RSA}"),
        RSA.replace("PUBLIC KEY", "CERTIFICATE"),
        der(&[&rsa[..], &[0]].concat()),
        der(&compressed),
        der(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
        der(&[0x30, 0x80, 0, 0]),
        der(&[0x30; 4_096]),
        long,
    ];
    for text in texts.iter().chain(&cut_anywhere) {
        assert_eq!(PublicKey::parse(text), Err(KeyTextError::Unreadable), "{text}");
    }
}

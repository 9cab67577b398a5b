//! How a receiver knows that a request is ours: HMAC-SHA256 in one of two shapes.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jumpa_db::{DueDelivery, Timestamp, WebhookFormat};

/// What stands before the base64 of a secret.
const SECRET_START: &str = "whsec_";

/// The headers of a request, by the format of its webhook.
pub(super) fn headers(delivery: &DueDelivery, at: Timestamp) -> Vec<(&'static str, String)> {
    let seconds = at.as_micros() / 1_000_000;
    match delivery.format {
        WebhookFormat::Standard => {
            let id = delivery.event_id.to_string();
            let text = format!("{id}.{seconds}.{}", delivery.body);
            let signatures: Vec<String> = delivery
                .secrets
                .iter()
                .map(|secret| format!("v1,{}", hmac(&standard_key(secret), &text)))
                .collect();
            vec![
                ("webhook-id", id),
                ("webhook-timestamp", seconds.to_string()),
                ("webhook-signature", signatures.join(" ")),
            ]
        }
        WebhookFormat::Jaas => {
            let text = format!("{seconds}.{}", delivery.body);
            // The whole text of the secret is the key here, with what it begins with.
            let signatures: String = delivery
                .secrets
                .iter()
                .map(|secret| format!(",v1={}", hmac(secret.as_bytes(), &text)))
                .collect();
            vec![("x-jaas-signature", format!("t={seconds}{signatures}"))]
        }
    }
}

/// The random bytes of a secret; of one that is no base64 the text itself, as the libraries do.
fn standard_key(secret: &str) -> Vec<u8> {
    let encoded = secret.strip_prefix(SECRET_START).unwrap_or(secret);
    STANDARD.decode(encoded).unwrap_or_else(|_| secret.as_bytes().to_vec())
}

fn hmac(key: &[u8], text: &str) -> String {
    STANDARD.encode(sign(&Key::new(HMAC_SHA256, key), text.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification of Standard Webhooks.
    #[test]
    fn a_standard_signature_is_that_of_the_specification() {
        let key = standard_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let text = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        assert_eq!(hmac(&key, text), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}

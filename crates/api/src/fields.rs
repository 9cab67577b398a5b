//! Fields that several operations take.

use jumpa_protocol::limits;
use serde::{Deserialize, Deserializer};

use crate::{ApiError, error::Code};

/// Shortest password, characters. Longer is better; NIST SP 800-63B-4 asks for at least 8 beside a
/// second factor and 15 without, lists of leaked passwords not counted.
const MIN_PASSWORD_CHARS: usize = 10;
/// Longest password, characters: far beyond any pass phrase, and it bounds the work of hashing.
const MAX_PASSWORD_CHARS: usize = 256;
/// Longest e-mail address, bytes (RFC 5321 section 4.5.3.1.3, without the angle brackets).
const MAX_EMAIL_BYTES: usize = 254;
/// Longest name of a person or an app, characters.
const MAX_NAME_CHARS: usize = 80;

/// A name that people read: trimmed, 1 to 80 characters, no control characters.
pub(crate) fn name(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let length = text.chars().count();
    if (1..=MAX_NAME_CHARS).contains(&length) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(ApiError::invalid("name", "1 to 80 characters"))
    }
}

/// Somebody's id in the tenant's own system, as tokens name them: 1 to 256 characters.
pub(crate) fn subject(text: &str) -> Result<String, ApiError> {
    if (1..=256).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(ApiError::invalid("subject", "1 to 256 characters"))
    }
}

/// Reads a field in which null is a value of its own and not the same as absence, for
/// `#[serde(default, deserialize_with)]`.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Reads a field that has to be there and may be null, for `#[serde(deserialize_with)]`.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// An id in a path. One that cannot be is one that does not exist.
pub(crate) fn id<I: std::str::FromStr>(text: &str) -> Result<I, ApiError> {
    text.parse().map_err(|_| Code::NotFound.into())
}

/// A password of a room: 1 to 64 characters, no control characters.
pub(crate) fn room_password(text: &str) -> Result<(), ApiError> {
    let length = text.chars().count();
    if (1..=limits::MAX_PASSWORD_CHARS).contains(&length) && !text.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(ApiError::invalid("password", "1 to 64 characters"))
    }
}

/// A text for the chat of a call: something to read, at most 4,000 characters.
pub(crate) fn chat_text(text: &str) -> Result<(), ApiError> {
    let is_readable = text.chars().any(|letter| !letter.is_whitespace() && !letter.is_control());
    if is_readable && text.chars().count() <= limits::MAX_CHAT_CHARS {
        Ok(())
    } else {
        Err(ApiError::invalid("text", "1 to 4000 characters"))
    }
}

/// Something that looks like an e-mail address: trimmed, one `@` with text on both sides, no
/// spaces. Whether it exists shows only when mail is sent to it.
pub(crate) fn email(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let looks_right = text.len() <= MAX_EMAIL_BYTES
        && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control())
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        });
    if looks_right {
        Ok(text.to_owned())
    } else {
        Err(ApiError::invalid("email", "an e-mail address like name@clinic.example"))
    }
}

/// A new password: 10 to 256 characters.
pub(crate) fn new_password(text: &str) -> Result<(), ApiError> {
    if (MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&text.chars().count()) {
        Ok(())
    } else {
        Err(ApiError::invalid("password", "10 to 256 characters"))
    }
}

/// A password at a login: bounded, so that nobody makes us hash megabytes.
pub(crate) fn given_password(text: &str) -> Result<(), ApiError> {
    if text.chars().count() <= MAX_PASSWORD_CHARS {
        Ok(())
    } else {
        Err(ApiError::invalid("password", "at most 256 characters"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed() {
        assert_eq!(name("  Klinik Sehat ").unwrap(), "Klinik Sehat");
    }

    #[test]
    fn empty_long_and_controlling_names_are_refused() {
        for text in ["", "   ", "a\nb", &"x".repeat(81)] {
            assert!(name(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_email_address_is_refused() {
        for text in ["", "sehat", "@sehat.example", "a@", "a b@c", "a@b@c", &"a@".repeat(200)] {
            assert!(email(text).is_err(), "{text:?}");
        }
        assert!(email("ops@sehat.example").is_ok());
    }

    #[test]
    fn a_password_of_ten_characters_is_long_enough() {
        assert!(new_password("sembilan9").is_err());
        assert!(new_password("sepuluh-10").is_ok());
    }
}

//! Why a storage does not do what it is asked, told so that its owner can mend it.

use std::{error::Error as _, io};

use object_store::client::HttpError;

use crate::connection::ConnectionError;

/// Longest reason that is passed on, characters.
const MAX_REASON_CHARS: usize = 300;

/// Why a storage did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// It said no, and will until somebody changes something: key, permission, name of the bucket.
    #[error("the storage refuses: {0}")]
    Refused(String),
    /// It is away or busy, and may be back in a moment.
    #[error("the storage cannot be reached: {0}")]
    Unreachable(String),
    /// What it holds is not what it was given.
    #[error("the storage holds something else than it was given")]
    Changed,
    /// The local file cannot be read, or how far its upload is cannot be written down.
    #[error("reading the file that is to be stored")]
    Local(#[from] io::Error),
}

impl StorageError {
    /// Whether trying again does not help.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// In words for the owner of the storage, without what is around them.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Refused(reason) | Self::Unreachable(reason) => reason.clone(),
            Self::Changed | Self::Local(_) => self.to_string(),
        }
    }
}

/// Whether there is no such object, or bucket.
pub(crate) fn is_missing(error: &object_store::Error) -> bool {
    let is_bucket = error.to_string().contains("NoSuchBucket");
    matches!(error, object_store::Error::NotFound { .. }) && !is_bucket
}

/// Whether the server of the bucket has answered at all.
pub(crate) fn was_answered(error: &object_store::Error) -> bool {
    transport(error).is_none()
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
        if let Some(transport) = transport(&error) {
            return Self::from(transport);
        }
        let text = error.to_string();
        let reason = said_by_provider(&text).unwrap_or_else(|| shortened(&text));
        let is_no = matches!(error, NotFound { .. } | PermissionDenied { .. })
            || matches!(error, Unauthenticated { .. })
            || status(&text).is_some_and(is_refusal);
        if is_no { Self::Refused(reason) } else { Self::Unreachable(reason) }
    }
}

impl From<&HttpError> for StorageError {
    fn from(error: &HttpError) -> Self {
        match connection(error) {
            Some(found) if found.is_refusal() => Self::Refused(found.to_string()),
            Some(found) => Self::Unreachable(found.to_string()),
            None => Self::Unreachable(shortened(&deepest(error))),
        }
    }
}

/// Whether trying again does not help. 408 and 429 ask for it; so does a request whose time was
/// wrong (403 `RequestTimeTooSkewed` stays a refusal: a clock is to be set).
fn is_refusal(status: u16) -> bool {
    (300..500).contains(&status) && !matches!(status, 408 | 425 | 429)
}

/// The error of the connection, when that is what failed.
fn transport(error: &object_store::Error) -> Option<&HttpError> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<HttpError>() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

fn connection(error: &HttpError) -> Option<&ConnectionError> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<ConnectionError>() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

fn deepest(error: &HttpError) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// The status that stands in the text of an error: its type is private to the client.
fn status(text: &str) -> Option<u16> {
    let (_, rest) = text.split_once("status code: ")?;
    rest.get(..3)?.parse().ok()
}

/// `Code: Message` of the answer of an S3 server.
fn said_by_provider(text: &str) -> Option<String> {
    let element = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        let (content, _) = rest.split_once(&format!("</{name}>"))?;
        Some(content.trim())
    };
    let code = element("Code")?;
    Some(match element("Message") {
        Some(message) if !message.is_empty() => shortened(&format!("{code}: {message}")),
        _ => shortened(code),
    })
}

fn shortened(text: &str) -> String {
    let plain = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    plain.take(MAX_REASON_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_provider_are_found_in_its_answer() {
        let text = "Server returned non-2xx status code: 403 Forbidden: <?xml version=\"1.0\"?>\
            <Error><Code>SignatureDoesNotMatch</Code><Message>The key is\nwrong</Message></Error>";
        assert_eq!(said_by_provider(text).unwrap(), "SignatureDoesNotMatch: The key is wrong");
        assert_eq!(status(text), Some(403));
        assert_eq!(said_by_provider("<Code>AccessDenied</Code>").unwrap(), "AccessDenied");
        assert_eq!(said_by_provider("bad gateway"), None);
    }

    #[test]
    fn busy_is_no_refusal() {
        assert!([301, 400, 403, 405, 412].into_iter().all(is_refusal));
        assert!(![408, 429, 500, 503, 507].into_iter().any(is_refusal));
    }
}

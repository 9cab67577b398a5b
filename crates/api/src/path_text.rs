//! Refuses addresses that are no text: what stands in them names something that is stored as text.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{ApiError, error::Code};

/// Nothing is found at a path whose percent-encoded bytes are no UTF-8 (RFC 3986 section 2.5).
pub(crate) async fn check_path(request: Request, next: Next) -> Response {
    if is_text(request.uri().path()) {
        next.run(request).await
    } else {
        ApiError::from(Code::NotFound).into_response()
    }
}

fn is_text(path: &str) -> bool {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        match (first, digit(tail.first()), digit(tail.get(1))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    std::str::from_utf8(&bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_letters_are_text_and_other_bytes_are_not() {
        for path in ["/v1/apps/toko", "/v1/apps/%C3%A9", "/v1/%", "/v1/%0", "/%zz", "/%00"] {
            assert!(is_text(path), "{path}");
        }
        for path in ["/v1/apps/%FF", "/%c3", "/%C3%28", "/v1/%FF/bans"] {
            assert!(!is_text(path), "{path}");
        }
    }
}

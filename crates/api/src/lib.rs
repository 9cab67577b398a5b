//! HTTP control plane: public facts of apps, ratings, logins, the operator's apps.
//!
//! [`router`] gives everything under `/v1` but signalling. One file per operation holds its
//! request, response and handler. Every error becomes an RFC 9457 problem with a stable `code` in
//! [`ApiError`]; every answer carries `X-Request-Id`.

mod api_state;
mod apps;
mod attempt_limiter;
mod client_address;
mod error;
mod fields;
mod json_body;
mod logins;
mod operator;
mod origin;
mod passwords;
mod ratings;
mod router;
mod session;

pub use api_state::{ApiConfig, RatingSubject, RatingVerifier};
pub use client_address::ClientAddress;
pub use error::{ApiError, Code};
pub use router::router;

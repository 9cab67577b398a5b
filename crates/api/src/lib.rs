//! HTTP control plane: public facts of apps, ratings, logins, the operator's apps.
//!
//! [`router`] gives everything under `/v1` but signalling. One file per operation holds its
//! request, response and handler. Every error becomes an RFC 9457 problem with a stable `code` in
//! [`ApiError`]; every answer carries `X-Request-Id`. [`document`] describes all of it in OpenAPI.
//! Who may do what stands in [`Permission`].

mod api_state;
mod apps;
mod attempt_limiter;
mod client_address;
mod error;
mod fields;
mod json_body;
mod logins;
mod openapi;
mod operator;
mod origin;
mod page;
mod passwords;
mod permission;
mod rate_limit;
mod ratings;
mod router;
mod session;

pub use api_state::{ApiConfig, RatingSubject, RatingVerifier};
pub use client_address::ClientAddress;
pub use error::{ApiError, Code};
pub use openapi::document;
pub use permission::{Holder, Permission, Role, needs};
pub use router::router;

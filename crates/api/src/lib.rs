//! HTTP control plane: logins, tenants and their people, audit, mails, apps and their keys, live rooms,
//! ratings.
//!
//! [`router`] gives everything under `/v1` but signalling. One file per operation holds its
//! request, response and handler. Every error becomes an RFC 9457 problem with a stable `code` in
//! [`ApiError`]; every answer carries `X-Request-Id`. [`document`] describes all of it in OpenAPI.
//! Who may do what stands in [`Permission`].

mod account;
mod actor;
mod api_keys;
mod api_state;
mod app_keys;
mod apps;
mod attempt_limiter;
mod audit;
mod bans;
mod calls;
mod client_address;
mod error;
mod export;
mod fields;
mod health_finding;
mod idempotency;
mod identity;
mod invitations;
mod json_body;
mod logins;
mod mailer;
mod mails;
mod members;
mod node;
mod openapi;
mod operator;
mod origin;
mod own_domains;
mod page;
mod passwords;
mod path_text;
mod permission;
mod prepared_rooms;
mod public_apps;
mod public_platform;
mod rate_limit;
mod ratings;
mod recording_storage;
mod recordings;
mod rooms;
mod router;
mod session;
mod stream_targets;
mod tenant_access;
mod tenant_view;
mod tenants;
mod time;
mod tokens;
mod totp;
mod usage;
mod web_client;
mod webhook_sender;
mod webhooks;
mod word_sets;

pub use api_state::{
    ApiConfig, JoinTokens, RatingSubject, RatingVerifier, TokenChecker, TokenReport, TokenSigner,
};
pub use client_address::ClientAddress;
pub use error::{ApiError, Code};
pub use health_finding::{HealthCode, HealthFinding, Verdict};
pub use mailer::{Mailer, MailerError, SmtpConfig, SmtpEncryption};
pub use node::{Node, NodeStatus, StartSetting};
pub use openapi::document;
pub use own_domains::{OwnDomains, is_short};
pub use permission::{Holder, Permission, needs};
pub use rate_limit::RateLimits;
pub use recordings::{LibraryError, Recordings, RecordingsConfig};
pub use router::router;
pub use webhook_sender::WebhookSender;

//! The only SQL.
//!
//! [`Database`] opens one file. What belongs to a tenant is reached through [`TenantScope`] or not
//! at all; [`OperatorScope`] sees the whole platform, for the operator's commands and for the
//! directory that admission uses; [`LoginScope`] holds people and sessions, which exist before
//! anybody knows which tenant they belong to.
//!
//! Secrets are stored sealed by the [`MasterKey`], which lives in a file beside the database, and
//! tokens are stored as hashes.

mod app_keys;
mod apps;
mod database;
mod directory;
mod error;
mod logins;
mod master_key;
mod one_time_tokens;
mod random_text;
mod ratings;
mod scope;
mod tenants;
mod timestamp;

pub use app_keys::{AppKey, NewAppKey};
pub use apps::{App, NewApp};
pub use database::{Database, DatabaseFacts};
pub use error::DbError;
pub use logins::{NewUser, User, UserId};
pub use master_key::{MASTER_KEY_BYTES, MasterKey};
pub use one_time_tokens::FirstLogin;
pub use ratings::Rating;
pub use scope::{LoginScope, OperatorScope, TenantScope};
pub use tenants::Tenant;
pub use timestamp::Timestamp;

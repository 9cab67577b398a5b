//! The only SQL, one text for SQLite and PostgreSQL.
//!
//! [`Database`] opens a file or connects to a server. What belongs to a tenant is reached through
//! [`TenantScope`] or not at all; [`OperatorScope`] sees the whole platform, for the operator's
//! commands and for the directory that admission uses; [`LoginScope`] holds people and sessions,
//! which exist before anybody knows which tenant they belong to.
//!
//! Secrets are stored sealed by the [`MasterKey`], which lives in a file beside the database, and
//! tokens are stored as hashes.
//!
//! # Writing a repository
//!
//! One file for each aggregate with `impl TenantScope<'_>` (or another scope). Rows are structs
//! that derive `sqlx::FromRow`; ids of `protocol` take `#[sqlx(try_from = "String")]` or
//! `"uuid::Uuid"`, numbers below 64 bits `"i64"`, JSON `#[sqlx(json)]`. Reading names the scope:
//!
//! ```text
//! let apps: Vec<App> = sql("SELECT * FROM apps WHERE tenant_id = $1 ORDER BY created_at, id")
//!     .bind(self.tenant_id())
//!     .fetch_all(self)               // or fetch_optional, fetch_one; tuples do for one column
//!     .await?;
//! ```
//!
//! Changing, and reading within a change, names the transaction:
//!
//! ```text
//! let mut change = self.begin().await?;        // self.snapshot() to read several things at once
//! change.lock("first tenant").await?;          // only where it looks first and then acts
//! let rows = sql("UPDATE …").bind(now).execute(&mut change).await?;
//! change.commit().await?;                      // dropped without it, nothing happened
//! ```
//!
//! - What can be bound stands in `value.rs`; further ids are added there. `None` is NULL.
//! - `error.or_if_taken(DbError::EmailTaken)` names a unique key that was hit. On PostgreSQL the
//!   transaction is over with any failed statement: return, or use `ON CONFLICT`.
//! - Both engines understand `ON CONFLICT … DO UPDATE`, `RETURNING`, `LIMIT`, window functions,
//!   `COALESCE`, `CASE`. Sums need `CAST(SUM(x) AS BIGINT)`, fractions
//!   `CAST(x AS DOUBLE PRECISION)`; no `FOR UPDATE`, no date functions, no `LIKE` that
//!   counts on case. An optional filter is `($2 IS NULL OR status = $2)`. Each `$n` has one kind.
//! - Texts hold no NUL character: it is refused ([`DbError::NulInText`]) before PostgreSQL would.
//! - Tables come in two migrations of one number and name, `migrations/{sqlite,postgres}/`: uuid is
//!   BLOB, bytea BLOB, text TEXT, jsonb TEXT, bigint BIGINT, boolean BOOLEAN, double precision REAL.
//!   Texts that lists are ordered by have `COLLATE "C"` on PostgreSQL.
//! - A table with `tenant_id` gets row security on PostgreSQL as in `0001`; one that a login must
//!   read before a tenant is known lets `IN ('operator', 'login')` through. A test finds tables
//!   without it, another compares the tables of both engines.
//! - A change that somebody asked for takes an [`Author`] and writes its line of the audit before
//!   it commits: `Act::new("app.created", tenant_id, ("app", &app.id)).after(json!({…}))
//!   .record(&mut change, by, now)`.
//! - A test is `#[on_both_engines] async fn name(engine: Engine)` with `TestDatabase::new(engine)`
//!   of the crate `test-database`.

mod api_keys;
mod app_keys;
mod apps;
mod audit;
mod bans;
mod call_webhooks;
mod calls;
mod copy;
mod database;
mod directory;
mod error;
mod idempotent_requests;
mod identity_providers;
mod inspection;
mod invitations;
mod link_token;
mod live_acts;
mod location;
mod logins;
mod mail_outbox;
mod master_key;
mod memberships;
mod one_time_tokens;
mod platform_settings;
mod prepared_rooms;
mod quality;
mod random_text;
mod ratings;
mod recording_storages;
mod recordings;
mod reports;
mod scope;
mod second_factors;
mod sessions;
mod statement;
mod stream_targets;
mod tenant_removal;
mod tenant_views;
mod tenants;
mod timestamp;
mod transaction;
mod usage;
mod value;
mod webhook_deliveries;
mod webhook_events;
mod webhooks;

pub use api_keys::{API_KEY_START, ApiKey, MAX_API_KEYS, PresentedApiKey};
pub use app_keys::{AppKey, MAX_KEYS, NewAppKey};
pub use apps::{APP_DELETION_GRACE, App, AppLimits, AppSettings, MAX_APPS, NewApp};
pub use audit::{ActorKind, AuditEvent, AuditFilter, AuditPlace, Author};
pub use bans::{Ban, MAX_BANS, NewBan};
pub use calls::{CallEvent, CallFilter, CallRecord, MediaSamples, ParticipantMedia, Stay};
pub use database::Database;
pub use error::DbError;
pub use idempotent_requests::{IdempotencyClaim, IdempotentRequest, StoredAnswer};
pub use identity_providers::{
    IDENTITY_LOGIN_LIFETIME, IdentityProvider, IdentityProviderChange, NewIdentityProvider,
    PendingIdentityLogin, ProvedIdentity,
};
pub use inspection::DatabaseFacts;
pub use invitations::{INVITATION_LIFETIME, Invitation, Invitee, NewInvitation, OpenInvitation};
pub use link_token::LinkToken;
pub use live_acts::{ParticipantAct, RoomAct};
pub use location::{DatabaseLocation, LocationError, PostgresLocation};
pub use logins::{NewUser, User};
pub use mail_outbox::{DueMail, OutgoingMail, StoredMail};
pub use master_key::{MASTER_KEY_BYTES, MasterKey};
pub use memberships::{Authority, Member, Membership};
pub use one_time_tokens::FirstLogin;
pub use platform_settings::PlatformSettings;
pub use prepared_rooms::{
    MAX_PREPARED_ROOMS, PreparationFilter, RoomPassword, RoomPreparation, StoredPreparation,
};
pub use quality::{Hint, MOS_VERSION, MediaTally, track_mos};
pub use ratings::Rating;
pub use recording_storages::{
    BucketOwners, ChosenStorage, PlacedRecording, S3Settings, StorageSettings,
};
pub use recordings::{
    AppSlots, DELETED_RECORDINGS_KEPT, MAX_LISTED_NAMES, NewRecording, OpenedTarget,
    PurgeableRecording, Recording, RecordingConsent, RecordingFile, RecordingFilter,
    RecordingLength, RecordingLink, RecordingOverview, RecordingProgress, RecordingQuota,
    RecordingSlots, RecordingTarget, RecordingView, Requester, StoredProgress, Viewed, Viewer,
};
pub use scope::{LoginScope, OperatorScope, TenantScope};
pub use second_factors::SecondFactor;
pub use sessions::{LiveSession, Session, SessionOrigin};
pub use stream_targets::{MAX_STORED_TARGETS, StoredTarget};
pub use tenant_removal::FILES_PATIENCE;
pub use tenant_views::TENANT_VIEW_LIFETIME;
pub use tenants::{
    CreatedTenant, DELETION_GRACE, NewTenant, Tenant, TenantChange, TenantFilter, TenantSummary,
};
pub use timestamp::Timestamp;
pub use usage::{
    AppQuota, Client, Counts, DayUsage, Overview, PeriodTotals, PeriodUsage, QuotaAlert,
    QuotaChange, TenantUsage, TopRoom, UncountedTenant, UsageDates, UsagePeriod,
};
pub use webhook_deliveries::{
    DeliveryOutcome, DueDelivery, StoredAttempt, WebhookAttempt, WebhookDelivery,
};
pub use webhook_events::WebhookEventType;
pub use webhooks::{
    FailingWebhook, MAX_WEBHOOKS, PausedWebhook, Webhook, WebhookFormat, WebhookSettings,
};

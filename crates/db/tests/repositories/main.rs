//! Every repository on both engines.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod api_keys;
mod apps;
mod bans;
mod directory;
mod draining_recorders;
mod idempotent_requests;
mod keys;
mod logins;
mod memberships;
mod platform_settings;
mod prepared_rooms;
mod ratings;
mod recording_slots;
mod recording_storages;
mod recordings;
mod reports;
mod row_security;
mod schema;
mod start;
mod tenant_removal;
mod usage;
mod usage_reports;
mod webhooks;

use jumpa_db::{AppSettings, Author, Timestamp};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

/// Whom the audit names.
fn by() -> Author {
    Author { name: "rina@sehat.example".to_owned(), ..Author::system() }
}

fn disable(settings: &mut AppSettings) {
    settings.is_disabled = true;
}

//! Every repository on both engines.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod apps;
mod directory;
mod logins;
mod memberships;
mod ratings;
mod reports;
mod row_security;
mod schema;
mod start;
mod tenant_removal;

use jumpa_db::Timestamp;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

//! Connections to addresses that somebody else chose, and none to where they must not lead.
//!
//! Tenants say where webhooks, buckets, logos and streams are. [`look_up`] finds the addresses of
//! such a host when all of them may be reached; [`Dialer`] connects to one of them, and what it gives
//! is a [`Line`], plain or TLS. [`machine_trust`] is what every TLS client of Jumpa trusts.

mod dialer;
mod line;
mod trust;

pub use dialer::{DialError, Dialer, look_up};
pub use line::Line;
pub use trust::machine_trust;

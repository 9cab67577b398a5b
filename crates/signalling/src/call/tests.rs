//! A call in virtual time: every rule, and every refusal.

mod chat;
mod host;
mod hostile;
mod joining;
mod lobby;
mod media;
mod memory;
mod moderation;
mod recording_duty;
mod recordings;
mod reports;
mod resume;
mod revocation;
mod world;

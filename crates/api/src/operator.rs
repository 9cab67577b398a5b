//! What the operator sees and does on the whole platform.

mod app_view;
pub(crate) mod create_app;
pub(crate) mod identity_providers;
pub(crate) mod list_apps;
pub(crate) mod list_audit;
pub(crate) mod list_mails;
pub(crate) mod list_rooms;
pub(crate) mod list_users;
pub(crate) mod list_webhook_failures;
pub(crate) mod nodes;
pub(crate) mod recorders;
pub(crate) mod recording_storage;
pub(crate) mod reset_second_factor;
pub(crate) mod retry_mail;
pub(crate) mod settings;
pub(crate) mod tenants;
pub(crate) mod update_app;
pub(crate) mod update_recording_slots;
pub(crate) mod usage;

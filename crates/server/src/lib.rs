//! The program `jumpa`: configuration, wiring, telemetry, shutdown.
//!
//! [`main`] is the whole program; it is a library so that system tests can run the same code as a
//! process of their own. [`serve`] connects the roles: pages and API, signalling, the media node.
//! They know nothing of each other and exchange messages of `protocol` over channels made there.

mod admin;
mod calls;
mod cli;
mod commands;
pub mod config;
mod data_folder;
mod doctor;
mod first_start;
mod health;
mod housekeeping;
mod http_listener;
mod key_uses;
mod live_directory;
mod postgres_programs;
mod process_metrics;
mod program;
mod ready_file;
mod recorder_process;
mod report_keeper;
mod report_log;
mod serve;
mod storage;
mod telemetry;
mod this_node;
mod usage_keeper;
mod web;

pub use program::main;

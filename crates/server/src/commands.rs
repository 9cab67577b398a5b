//! Commands beside the server. They write to the same database, and a running server notices
//! within seconds.

mod app;
mod backup;
mod key;
mod recorder_key;
mod restore;
mod token;
mod usage;

use std::path::Path;

use anyhow::Context as _;
pub(crate) use app::app;
pub(crate) use backup::backup;
use jumpa_db::{App, Database};
use jumpa_protocol::AppId;
pub(crate) use key::key;
pub(crate) use recorder_key::{key_of_recorders, recorder_key};
pub(crate) use restore::restore;
pub(crate) use token::token;
pub(crate) use usage::usage;

use crate::{
    config::{Config, Flags},
    data_folder::DataFolder,
    storage::Storage,
};

/// Runs a short command over the database that the settings name.
fn with_database<T>(
    data: &Path,
    config_file: Option<&Path>,
    work: impl AsyncFnOnce(&Database) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let config = Config::load(config_file, data, std::env::vars(), &Flags::default())?;
    let storage = Storage::new(DataFolder::open(data)?, &config)?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?
        .block_on(async {
            let (database, _) = storage.open().await?;
            let done = work(&database).await;
            database.close().await;
            done
        })
}

async fn find_app(database: &Database, app_id: &AppId) -> anyhow::Result<App> {
    database.operator().app(app_id).await?.with_context(|| {
        format!("there is no app `{app_id}` in this database; `jumpa app list` shows them")
    })
}

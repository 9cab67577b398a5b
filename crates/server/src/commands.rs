//! Commands beside the server. They write to the same database, and a running server notices
//! within seconds.

mod app;
mod key;
mod token;

use std::path::Path;

use anyhow::Context as _;
pub(crate) use app::app;
use jumpa_db::{App, Database};
use jumpa_protocol::AppId;
pub(crate) use key::key;
pub(crate) use token::token;

use crate::data_folder::DataFolder;

/// Runs a short command over the database of the data folder.
fn with_database<T>(
    data: &Path,
    work: impl AsyncFnOnce(&Database) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let folder = DataFolder::open(data)?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?
        .block_on(async {
            let (database, _) = folder.open_database().await?;
            let done = work(&database).await;
            database.close().await;
            done
        })
}

async fn find_app(database: &Database, app_id: &AppId) -> anyhow::Result<App> {
    database.operator().app(app_id).await?.with_context(|| {
        format!("there is no app `{app_id}` in this data folder; `jumpa app list` shows them")
    })
}

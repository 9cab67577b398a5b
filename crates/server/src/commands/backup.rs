//! `jumpa backup`: one file with everything that must survive.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use jumpa_db::DatabaseLocation;

use crate::{
    config::{Config, FILE_NAME, Flags},
    data_folder::DataFolder,
    postgres_programs, program,
    storage::Storage,
};

/// Names inside a backup. Calls that run are not in it: they would be over when it is put back.
pub(super) const KEY: &str = "secret.key";
pub(super) const SETTINGS: &str = FILE_NAME;
pub(super) const SQLITE: &str = "jumpa.db";
pub(super) const POSTGRES: &str = "database.dump";

/// Writes the backup.
pub(crate) fn backup(data: &Path, config_file: Option<&Path>, file: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(
        data.is_dir(),
        "there is no data folder `{}`; name it with --data",
        data.display()
    );
    let config = Config::load(config_file, data, std::env::vars(), &Flags::default())?;
    let storage = Storage::new(DataFolder::open(data)?, &config)?;
    let settings = Config::file(config_file, data);
    let is_whole = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?
        .block_on(write(&storage, settings.as_deref(), file))?;
    if let (false, DatabaseLocation::Postgres(location)) = (is_whole, storage.location()) {
        anyhow::bail!(
            "`{}` holds the key file and settings, but not the database, since pg_dump is \
             missing: install postgresql-client, or run on another machine\n  {}",
            file.display(),
            postgres_programs::dump_by_hand(location)
        );
    }
    program::print(&format!(
        "{} holds everything, secrets too: keep it where nobody else reads it\n",
        file.display()
    ))?;
    Ok(())
}

/// Gives whether the database is in it.
pub(super) async fn write(
    storage: &Storage,
    settings: Option<&Path>,
    file: &Path,
) -> anyhow::Result<bool> {
    let folder = storage.folder();
    anyhow::ensure!(
        folder.key_path().exists(),
        "the data folder `{}` has no key file, so there is nothing to back up yet",
        folder.path().display()
    );
    let scratch = Scratch::new(folder)?;
    let copy = match storage.location() {
        DatabaseLocation::Sqlite(_) => {
            let copy = scratch.path.join(SQLITE);
            let (database, _) = storage.open().await?;
            let copied = database.copy_to(&copy).await;
            database.close().await;
            copied.context("copying the database")?;
            Some((SQLITE, copy))
        }
        DatabaseLocation::Postgres(location) => {
            let copy = scratch.path.join(POSTGRES);
            postgres_programs::dump(location, &copy)?.then_some((POSTGRES, copy))
        }
    };
    let is_whole = copy.is_some();
    let key = Some((KEY, folder.key_path()));
    let settings = settings.map(|path| (SETTINGS, path.to_owned()));
    let parts: Vec<_> = [key, settings, copy].into_iter().flatten().collect();
    let mut archive = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("making `{}`", file.display()))?;
    if let Err(error) = pack(&mut archive, &parts) {
        // Half a backup is worse than none; what cannot be removed is told by the error below.
        let _ = fs::remove_file(file);
        return Err(error).with_context(|| format!("writing `{}`", file.display()));
    }
    Ok(is_whole)
}

fn pack(archive: &mut File, parts: &[(&str, PathBuf)]) -> anyhow::Result<()> {
    let mut builder = tar::Builder::new(&mut *archive);
    for (name, path) in parts {
        builder.append_path_with_name(path, name).with_context(|| path.display().to_string())?;
    }
    builder.finish()?;
    drop(builder);
    archive.sync_all()?;
    Ok(())
}

/// A folder for the copy of the database, which goes away with it.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new(folder: &DataFolder) -> anyhow::Result<Self> {
        let path = folder.path().join(format!("backup.{}", std::process::id()));
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("making `{}`", path.display()))?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is told by its name, and the next backup has another.
        let _ = fs::remove_dir_all(&self.path);
    }
}

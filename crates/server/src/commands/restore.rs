//! `jumpa restore`: puts a backup into an empty data folder.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use jumpa_db::{DatabaseFacts, DatabaseLocation};

use super::backup::{KEY, POSTGRES, SETTINGS, SQLITE};
use crate::{
    config::{Config, Flags},
    data_folder::DataFolder,
    postgres_programs, program,
    storage::Storage,
};

/// Puts the backup back and looks whether everything can be read.
pub(crate) fn restore(data: &Path, config_file: Option<&Path>, file: &Path) -> anyhow::Result<()> {
    let load = || Ok(Config::load(config_file, data, std::env::vars(), &Flags::default())?);
    let facts = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?
        .block_on(read(data, load, file))?;
    program::print(&format!(
        "the data folder {} holds the backup again: {} apps, {}\n",
        data.display(),
        facts.apps,
        facts.engine
    ))?;
    Ok(())
}

/// `load` reads the settings, once those of the backup lie in the data folder.
async fn read(
    data: &Path,
    load: impl Fn() -> anyhow::Result<Config>,
    file: &Path,
) -> anyhow::Result<DatabaseFacts> {
    let archive = File::open(file).with_context(|| format!("opening `{}`", file.display()))?;
    let folder = DataFolder::open(data)?;
    let is_empty = fs::read_dir(folder.path())?.next().is_none();
    anyhow::ensure!(
        is_empty,
        "the data folder `{}` is not empty; name another with --data",
        data.display()
    );
    let done = async {
        let names = unpack(archive, folder.path()).with_context(|| {
            format!("`{}` is no backup of jumpa, or is cut off", file.display())
        })?;
        let storage = Storage::new(folder.clone(), &load()?)?;
        place(&storage, &names)?;
        let (database, _) = storage.open().await?;
        let facts = database.inspect().await;
        database.close().await;
        let facts = facts?;
        anyhow::ensure!(facts.is_intact, "the database of the backup is damaged");
        anyhow::ensure!(
            facts.sealed_keys_unreadable == 0,
            "the key file of the backup does not open the keys of its database"
        );
        Ok(facts)
    }
    .await;
    if done.is_err() {
        empty(folder.path());
    }
    done
}

/// Unpacks the files that a backup has, and no others, for their owner alone.
fn unpack(archive: File, folder: &Path) -> anyhow::Result<Vec<&'static str>> {
    let mut names = vec![];
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let known = [KEY, SETTINGS, SQLITE, POSTGRES].into_iter();
        let name = known
            .filter(|_| entry.header().entry_type().is_file())
            .find(|name| Path::new(name) == path)
            .with_context(|| format!("it holds `{}`", path.display()))?;
        let target = folder.join(name);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&target)?;
        io::copy(&mut entry, &mut file)?;
        file.sync_all()?;
        names.push(name);
    }
    anyhow::ensure!(names.contains(&KEY), "it has no key file");
    Ok(names)
}

/// Brings the copy of the database to where the settings want it.
fn place(storage: &Storage, names: &[&str]) -> anyhow::Result<()> {
    let at = |name: &str| -> PathBuf { storage.folder().path().join(name) };
    match storage.location() {
        DatabaseLocation::Sqlite(path) => {
            anyhow::ensure!(
                names.contains(&SQLITE),
                "the backup holds no SQLite database: set database_url to an empty database of \
                 PostgreSQL"
            );
            if *path != at(SQLITE) {
                anyhow::ensure!(!path.exists(), "`{}` exists already", path.display());
                fs::copy(at(SQLITE), path)
                    .and_then(|_| fs::remove_file(at(SQLITE)))
                    .with_context(|| format!("writing `{}`", path.display()))?;
            }
        }
        DatabaseLocation::Postgres(location) => {
            anyhow::ensure!(
                names.contains(&POSTGRES),
                "the backup holds no database of PostgreSQL; put one back with pg_restore, or \
                 leave database_url empty for a backup of SQLite"
            );
            let is_there = postgres_programs::restore(location, &at(POSTGRES))
                .context("the database must be empty")?;
            anyhow::ensure!(is_there, "pg_restore is missing: install postgresql-client");
            fs::remove_file(at(POSTGRES)).context("removing the unpacked copy")?;
        }
    }
    Ok(())
}

/// A restore that failed leaves the folder as empty as it found it.
fn empty(folder: &Path) {
    for name in [KEY, SETTINGS, SQLITE, "jumpa.db-wal", "jumpa.db-shm", POSTGRES] {
        // Most of them were never there.
        let _ = fs::remove_file(folder.join(name));
    }
}

#[cfg(test)]
mod tests {
    use jumpa_db::{Author, NewApp, Timestamp};
    use jumpa_test_database::{Engine, PostgresServer, ROLE, TestDatabase, on_both_engines};

    use super::{super::backup, *};

    struct World {
        folder: tempfile::TempDir,
        source: TestDatabase,
        config: Config,
    }

    impl World {
        /// A data folder with settings and an app with a key.
        async fn new(engine: Engine) -> Self {
            let source = TestDatabase::new(engine).await;
            let config = Config { database_url: source.url.clone(), ..Config::default() };
            let world = Self { folder: tempfile::tempdir().unwrap(), source, config };
            let storage = world.storage();
            if engine == Engine::Sqlite {
                storage.folder().master_key().unwrap();
            }
            let (database, _) = storage.open().await.unwrap();
            let now = Timestamp::now();
            let tenant_id = database.operator().first_tenant(now).await.unwrap();
            let scope = database.tenant(tenant_id);
            let app = scope
                .create_app(&NewApp::named("Toko Melati"), &Author::system(), now)
                .await
                .unwrap();
            scope.create_key(&app.id, &Author::system(), now).await.unwrap();
            database.close().await;
            fs::write(world.folder.path().join("data/jumpa.toml"), "[media]\nport = 9000\n")
                .unwrap();
            world
        }

        fn storage(&self) -> Storage {
            let folder = DataFolder::open(&self.folder.path().join("data")).unwrap();
            Storage::new(folder, &self.config).unwrap()
        }

        fn file(&self) -> PathBuf {
            self.folder.path().join("backup.tar")
        }

        async fn back_up(&self) {
            let settings = self.folder.path().join("data/jumpa.toml");
            let written = backup::write(&self.storage(), Some(&settings), &self.file()).await;
            assert!(written.unwrap());
        }

        /// Restores into a new folder and an empty database of the same engine.
        async fn restore(&self) -> anyhow::Result<DatabaseFacts> {
            let database_url = match self.source.superuser_url() {
                Some(_) => {
                    let server = PostgresServer::shared();
                    server.url(ROLE, &server.create_database())
                }
                None => String::new(),
            };
            let load = || Ok(Config { database_url: database_url.clone(), ..Config::default() });
            read(&self.restored(), load, &self.file()).await
        }

        fn restored(&self) -> PathBuf {
            self.folder.path().join("restored")
        }
    }

    #[on_both_engines]
    async fn a_backup_holds_apps_keys_and_settings(engine: Engine) {
        let world = World::new(engine).await;
        world.back_up().await;
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &fs::metadata(world.file()).unwrap().permissions(),
        );
        assert_eq!(mode & 0o777, 0o600);

        let facts = world.restore().await.unwrap();
        assert_eq!((facts.apps, facts.sealed_keys_unreadable), (1, 0));
        let settings = fs::read_to_string(world.restored().join("jumpa.toml")).unwrap();
        assert!(settings.contains("9000"));
        assert!(!world.restored().join(POSTGRES).exists());
        assert!(DataFolder::open(&world.restored()).unwrap().files_readable_by_others().is_empty());
        assert_eq!(
            fs::read_dir(world.folder.path().join("data"))
                .unwrap()
                .filter(|entry| {
                    entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("backup.")
                })
                .count(),
            0
        );
    }

    #[tokio::test]
    async fn a_folder_that_is_used_is_left_alone() {
        let world = World::new(Engine::Sqlite).await;
        world.back_up().await;
        fs::create_dir(world.restored()).unwrap();
        fs::write(world.restored().join("secret.key"), "x").unwrap();
        let refused = world.restore().await.unwrap_err().to_string();
        assert!(refused.contains("not empty"), "{refused}");
        assert_eq!(fs::read(world.restored().join("secret.key")).unwrap(), b"x");
    }

    #[tokio::test]
    async fn a_backup_is_never_written_over() {
        let world = World::new(Engine::Sqlite).await;
        fs::write(world.file(), "x").unwrap();
        assert!(backup::write(&world.storage(), None, &world.file()).await.is_err());
        assert_eq!(fs::read(world.file()).unwrap(), b"x");
    }

    #[tokio::test]
    async fn a_backup_that_is_cut_off_leaves_the_folder_empty() {
        let world = World::new(Engine::Sqlite).await;
        world.back_up().await;
        let whole = fs::read(world.file()).unwrap();
        fs::write(world.file(), &whole[..whole.len() / 2]).unwrap();
        assert!(world.restore().await.is_err());
        assert_eq!(fs::read_dir(world.restored()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn nothing_is_unpacked_beside_the_folder() {
        let world = World::new(Engine::Sqlite).await;
        let mut builder = tar::Builder::new(File::create(world.file()).unwrap());
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        header.as_gnu_mut().unwrap().name[..9].copy_from_slice(b"../escape");
        header.set_cksum();
        builder.append(&header, &b"x"[..]).unwrap();
        builder.finish().unwrap();
        assert!(world.restore().await.is_err());
        assert!(!world.folder.path().join("escape").exists());
    }
}

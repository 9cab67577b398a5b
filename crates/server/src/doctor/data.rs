//! The data folder: may we write, is there room, does the key fit the database.

use std::{fs, io, path::Path, time::SystemTime};

use jumpa_api::HealthCode as Code;
use jumpa_db::{DatabaseFacts, Timestamp};

use super::finding::Finding;
use crate::{
    config::Config,
    data_folder::{DataFolder, DataFolderError},
    storage::Storage,
};

/// Below it a disk fills within days of ordinary use.
const SCARCE_BYTES: u64 = 1024 * 1024 * 1024;
/// Below it the database may not be able to write at all.
const FULL_BYTES: u64 = 50 * 1024 * 1024;

/// Whether a server runs on the folder now.
pub(super) fn is_in_use(path: &Path) -> bool {
    if !path.is_dir() {
        return false;
    }
    let Ok(folder) = DataFolder::open(path) else { return false };
    matches!(folder.lock(), Err(DataFolderError::Locked { .. }))
}

pub(super) fn look(path: &Path, config: &Config, is_running: bool) -> Vec<Finding> {
    if !path.exists() && config.database_url.is_empty() {
        let facts = format!("{} does not exist yet; the first start makes it", path.display());
        let finding = Finding::good(Code::DataFolderNew, "data folder", facts);
        return vec![finding.with("path", path.display())];
    }
    let folder = match DataFolder::open(path) {
        Ok(folder) => folder,
        Err(error) => {
            let facts = format!("{:#}", anyhow::Error::new(error));
            let remedy = "name another folder with --data";
            let finding =
                Finding::bad(Code::DataFolderUnusable, "data folder", facts.clone(), remedy);
            return vec![finding.with("problem", facts)];
        }
    };
    let mut findings = vec![writable(&folder, is_running), space(&folder)];
    match Storage::new(folder.clone(), config) {
        Ok(storage) if storage.location().sqlite_path().is_some_and(|path| !path.exists()) => {}
        Ok(storage) => findings.extend(database(&storage)),
        Err(error) => findings.push(
            Finding::bad(
                Code::DatabaseMisconfigured,
                "database",
                format!("{error:#}"),
                "correct database_url; `jumpa config example` shows it",
            )
            .with("problem", format!("{error:#}")),
        ),
    }
    for path in folder.files_readable_by_others() {
        let facts = format!("{} can be read by other users", path.display());
        let remedy = format!("chmod go-rwx {}", path.display());
        let finding = Finding::doubtful(Code::SecretsReadable, "secrets", facts, remedy);
        findings.push(finding.with("path", path.display()));
    }
    findings
}

fn writable(folder: &DataFolder, is_running: bool) -> Finding {
    let path = folder.path().display();
    match tempfile_in(folder) {
        Ok(()) => {
            let (code, use_now) = if is_running {
                (Code::DataFolderInUse, ", a server runs on it")
            } else {
                (Code::DataFolderWritable, "")
            };
            Finding::good(code, "data folder", format!("{path} can be written{use_now}"))
        }
        Err(error) => {
            let (code, remedy) = if error.kind() == io::ErrorKind::StorageFull {
                (Code::DataFolderFull, "make room, or name another folder with --data")
            } else {
                let remedy = "run jumpa as the owner of the folder, or name another with --data";
                (Code::DataFolderReadOnly, remedy)
            };
            let facts = format!("{path} cannot be written: {error}");
            Finding::bad(code, "data folder", facts, remedy).with("problem", error)
        }
    }
    .with("path", path)
}

/// Writes and removes a file, and compares its time with ours: on a network disk the two clocks
/// can differ.
fn tempfile_in(folder: &DataFolder) -> io::Result<()> {
    let path = folder.path().join(format!("doctor.{}", std::process::id()));
    fs::write(&path, b"jumpa doctor")?;
    fs::remove_file(&path)
}

fn space(folder: &DataFolder) -> Finding {
    let free = match rustix::fs::statvfs(folder.path()) {
        Ok(facts) => facts.f_bavail.saturating_mul(facts.f_frsize),
        Err(error) => {
            let facts = format!("cannot be found out: {error}");
            let remedy = "look with `df -h`";
            return Finding::doubtful(Code::FreeSpaceUnknown, "free space", facts, remedy)
                .with("problem", error);
        }
    };
    let mib = free / (1024 * 1024);
    let (subject, facts) = ("free space", format!("{mib} MiB are left for the data folder"));
    let finding = if free < FULL_BYTES {
        let remedy = "make room, or move the data folder with --data";
        Finding::bad(Code::FreeSpaceFull, subject, facts, remedy)
    } else if free < SCARCE_BYTES {
        Finding::doubtful(Code::FreeSpaceScarce, subject, facts, "make room soon")
    } else {
        Finding::good(Code::FreeSpaceEnough, subject, facts)
    };
    finding.with("mib", mib)
}

/// The second finding is about the role, which a file does not have.
fn database(storage: &Storage) -> Vec<Finding> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let looked = runtime.map_err(anyhow::Error::new).and_then(|runtime| {
        runtime.block_on(async {
            let (database, _) = storage.open().await?;
            let facts = database.inspect().await;
            database.close().await;
            Ok(facts?)
        })
    });
    let bypasses = looked.as_ref().is_ok_and(|facts| facts.bypasses_row_security);
    let role = bypasses.then(|| {
        Finding::doubtful(
            Code::DatabaseBypassesRowSecurity,
            "database",
            "is used by a superuser or a role with BYPASSRLS: row security does not hold it",
            "make an ordinary role the owner of the database (docs/guide/postgres.md)",
        )
    });
    let database = match looked {
        Ok(facts) if !facts.is_intact => Finding::bad(
            Code::DatabaseDamaged,
            "database",
            "is damaged",
            "stop the server and put the last backup in its place",
        ),
        Ok(facts) if facts.sealed_keys_unreadable > 0 => Finding::bad(
            Code::KeyFileMismatch,
            "key file",
            format!("does not open {} keys of the database", facts.sealed_keys_unreadable),
            "put the key file back that belongs to this database",
        )
        .with("keys", facts.sealed_keys_unreadable),
        Ok(facts) if facts.newest_write > Some(Timestamp::now()) => Finding::bad(
            Code::ClockBehindDatabase,
            "clock",
            format!(
                "is behind: the database was written {} s in the future",
                seconds_ahead(facts.newest_write)
            ),
            "set the clock; tokens would be refused as not yet valid",
        )
        .with("seconds", seconds_ahead(facts.newest_write)),
        Ok(facts) => {
            let DatabaseFacts { apps, engine, .. } = facts;
            let facts = format!("is intact, {apps} apps, {engine}");
            Finding::good(Code::DatabaseIntact, "database", facts)
                .with("apps", apps)
                .with("engine", engine)
        }
        Err(error) if error.is::<DataFolderError>() => {
            let problem = format!("{error:#}");
            let remedy = "restore it from the backup";
            Finding::bad(Code::KeyFileUnusable, "key file", problem.clone(), remedy)
                .with("problem", problem)
        }
        Err(error) if storage.location().sqlite_path().is_some() => Finding::bad(
            Code::DatabaseFileUnusable,
            "database",
            format!("{error:#}"),
            "check who owns the files, or put the last backup in their place",
        )
        .with("problem", format!("{error:#}")),
        Err(error) => Finding::bad(
            Code::DatabaseServerUnusable,
            "database",
            format!("{error:#}"),
            "see docs/guide/postgres.md for role, database and address",
        )
        .with("problem", format!("{error:#}")),
    };
    [Some(database), role].into_iter().flatten().collect()
}

fn seconds_ahead(newest: Option<Timestamp>) -> i64 {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX));
    newest.map_or(0, |newest| (newest.as_micros() - now) / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::{super::finding::Verdict, *};

    #[test]
    fn a_folder_that_does_not_exist_yet_is_good() {
        let outer = tempfile::tempdir().unwrap();
        let findings = look(&outer.path().join("data"), &Config::default(), false);
        assert!(findings.iter().all(|finding| finding.verdict == Verdict::Good));
    }

    #[test]
    fn a_file_in_place_of_the_folder_is_bad() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let findings = look(file.path(), &Config::default(), false);
        assert_eq!(findings[0].verdict, Verdict::Bad);
    }

    #[test]
    fn a_locked_folder_is_in_use() {
        let outer = tempfile::tempdir().unwrap();
        assert!(!is_in_use(outer.path()));
        let _lock = DataFolder::open(outer.path()).unwrap().lock().unwrap();
        assert!(is_in_use(outer.path()));
    }

    #[test]
    fn another_key_file_is_found_out() {
        let outer = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(outer.path()).unwrap();
        let storage = Storage::new(folder.clone(), &Config::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (database, _) = storage.open().await.unwrap();
            let now = Timestamp::now();
            let tenant_id = database.operator().first_tenant(now).await.unwrap();
            let scope = database.tenant(tenant_id);
            let app = scope
                .create_app(&jumpa_db::NewApp::named("Toko"), &jumpa_db::Author::system(), now)
                .await
                .unwrap();
            scope.create_key(&app.id, &jumpa_db::Author::system(), now).await.unwrap();
            database.close().await;
        });
        assert_eq!(database(&storage)[0].verdict, Verdict::Good);
        fs::write(folder.key_path(), "0".repeat(64)).unwrap();
        assert_eq!(database(&storage)[0].verdict, Verdict::Bad);
    }
}

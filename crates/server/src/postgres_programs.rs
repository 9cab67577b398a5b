//! PostgreSQL's own programs, which copy a database and put a copy back.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Context as _;
use jumpa_db::PostgresLocation;

/// Where Debian keeps one folder for each version.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";

/// Row security hides rows from the role that owns them, unless it says that it is the operator.
const OPERATOR_OPTIONS: &str = "-c app.scope=operator";

/// Writes a copy into a file. `false` when `pg_dump` is not on this machine.
pub(crate) fn dump(location: &PostgresLocation, file: &Path) -> anyhow::Result<bool> {
    run("pg_dump", location, |command| {
        command
            .args(["--format=custom", "--enable-row-security", "--no-owner", "--no-privileges"])
            .arg("--file")
            .arg(file);
    })
}

/// Puts a copy back, all of it or nothing. `false` when `pg_restore` is not on this machine.
pub(crate) fn restore(location: &PostgresLocation, file: &Path) -> anyhow::Result<bool> {
    run("pg_restore", location, |command| {
        command
            .args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"])
            .arg(file);
    })
}

/// What an operator types to do it by hand.
pub(crate) fn dump_by_hand(location: &PostgresLocation) -> String {
    format!(
        "PGOPTIONS='{OPERATOR_OPTIONS}' pg_dump --format=custom --enable-row-security --no-owner \
         --no-privileges --file=database.dump --dbname='{}'",
        location.address()
    )
}

fn run(
    name: &str,
    location: &PostgresLocation,
    arguments: impl Fn(&mut Command),
) -> anyhow::Result<bool> {
    // Debian's newest first: the one of PATH may be older than the server, and then it refuses.
    let candidates = newest_of(Path::new(DEBIAN_FOLDER)).map(|folder| folder.join(name));
    for program in candidates.into_iter().chain([PathBuf::from(name)]) {
        let mut command = Command::new(&program);
        arguments(&mut command);
        command.arg("--dbname").arg(location.address()).env("PGOPTIONS", OPERATOR_OPTIONS);
        if let Some(password) = location.password() {
            command.env("PGPASSWORD", password);
        }
        match command.stdin(Stdio::null()).output() {
            Ok(output) if output.status.success() => return Ok(true),
            Ok(output) => {
                let words = String::from_utf8_lossy(&output.stderr);
                anyhow::bail!("{name} failed: {}", words.trim());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("running {name}")),
        }
    }
    Ok(false)
}

fn newest_of(folder: &Path) -> Option<PathBuf> {
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let folders = folder.read_dir().ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    Some(folders.max_by_key(version)?.join("bin"))
}

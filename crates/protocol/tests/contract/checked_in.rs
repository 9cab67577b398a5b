//! Files that are made by a program and kept in the repository.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("JUMPA_CHECKOUT"))
}

/// Compares a checked-in file with what it should hold, or rewrites it when `JUMPA_CODEGEN` is set.
///
/// # Panics
/// When the file differs, so that a test fails.
pub fn check(path: &Path, wanted: &str) {
    if std::env::var_os("JUMPA_CODEGEN").is_some() {
        let folder = path.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(folder).expect("the folder can be made");
        std::fs::write(path, wanted).expect("the file can be written");
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == wanted,
        "{} is out of date: run `make codegen` and check the change in",
        path.display()
    );
}

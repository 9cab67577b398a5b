//! Every repository on a real database file.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod apps;
mod directory;
mod logins;
mod ratings;

use jumpa_db::{Database, MasterKey, Timestamp};

/// A database in a folder that goes away with it.
struct World {
    database: Database,
    master_key: MasterKey,
    folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let master_key = MasterKey::generate();
        let database = Database::open(&folder.path().join("jumpa.db"), master_key.clone())
            .await
            .expect("a fresh database");
        Self { database, master_key, folder }
    }

    /// A second process on the same file.
    async fn open_again(&self, master_key: MasterKey) -> Database {
        Database::open(&self.folder.path().join("jumpa.db"), master_key)
            .await
            .expect("an existing database")
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

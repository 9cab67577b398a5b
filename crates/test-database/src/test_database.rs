//! A database for one test.

use jumpa_db::{Database, DatabaseLocation, MasterKey};
use tokio::sync::OnceCell;

use crate::{PostgresServer, postgres_server::ROLE};

/// What holds the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file in a folder that goes away with the test.
    Sqlite,
    /// A database of the server that the tests of a process share.
    Postgres,
}

/// A database that nobody else uses, empty but for its tables.
#[derive(Debug)]
pub struct TestDatabase {
    /// The open database.
    pub database: Database,
    /// What its secrets are sealed with.
    pub master_key: MasterKey,
    /// A folder for other files; with SQLite the database lies in it.
    pub folder: tempfile::TempDir,
    /// Its address, as the configuration names it.
    pub url: String,
    name: Option<String>,
}

impl TestDatabase {
    /// Makes it.
    ///
    /// # Panics
    /// When the machine has no PostgreSQL or no room.
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (url, name) = match engine {
            Engine::Sqlite => {
                (format!("sqlite:{}", folder.path().join("jumpa.db").display()), None)
            }
            Engine::Postgres => {
                let name = postgres_copy().await;
                (PostgresServer::shared().url(ROLE, &name), Some(name))
            }
        };
        let master_key = MasterKey::generate();
        let database = open(&url, master_key.clone()).await;
        Self { database, master_key, folder, url, name }
    }

    /// The same database once more, as another process would open it.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open_again(&self, master_key: MasterKey) -> Database {
        open(&self.url, master_key).await
    }

    /// The address for PostgreSQL's superuser, whom row security does not hold; `None` on SQLite.
    #[must_use]
    pub fn superuser_url(&self) -> Option<String> {
        Some(PostgresServer::shared().url("postgres", self.name.as_ref()?))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            PostgresServer::shared().run_later(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

async fn open(url: &str, master_key: MasterKey) -> Database {
    let location: DatabaseLocation = url.parse().expect("an address made here");
    Database::connect(&location, master_key).await.expect("a database that was just made")
}

/// A fresh database on the shared server, with tables.
async fn postgres_copy() -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let server = PostgresServer::shared();
    let template = TEMPLATE
        .get_or_init(|| async {
            let name = server.create_database();
            open(&server.url(ROLE, &name), MasterKey::generate()).await.close().await;
            name
        })
        .await;
    server.copy_database(template)
}

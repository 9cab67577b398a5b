//! Databases for tests, on both engines.
//!
//! A test that shall hold on both is written once:
//!
//! ```text
//! #[on_both_engines]
//! async fn a_tenant_has_a_name(engine: Engine) {
//!     let world = TestDatabase::new(engine).await;
//!     world.database.operator().create_tenant("Toko Melati", now).await.unwrap();
//! }
//! ```
//!
//! A PostgreSQL server of Debian's package is started once for each test process, in a folder of
//! its own and without a network port, and ends with the process however that ends. Each test gets
//! a database of its own, copied from one whose tables are ready. The role is an ordinary one, as
//! in production: row security does not hold superusers.

mod postgres_server;
mod test_database;

pub use jumpa_test_database_macros::on_both_engines;
pub use postgres_server::{PostgresServer, ROLE};
pub use test_database::{Engine, TestDatabase};

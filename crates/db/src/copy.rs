//! Copies of the whole database, for backups.

use std::path::Path;

use crate::{Database, DbError, database::Pools};

impl Database {
    /// Writes the SQLite database as it is at one moment into a new file, while others go on
    /// writing. `false` for PostgreSQL, whose own program does that.
    ///
    /// # Errors
    /// [`DbError::Query`] when the file exists or there is no room.
    pub async fn copy_to(&self, path: &Path) -> Result<bool, DbError> {
        let Pools::Sqlite { reader, .. } = self.pools() else { return Ok(false) };
        let path = path.to_str().ok_or(DbError::Damaged("path of a copy"))?;
        sqlx::query("VACUUM INTO $1").bind(path).execute(reader).await?;
        Ok(true)
    }
}

//! What can go wrong with stored data.

use std::path::PathBuf;

/// Why stored data could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// The file cannot be opened, or is no database.
    #[error("opening the database `{path}`")]
    Open {
        /// Where it should be.
        path: PathBuf,
        /// Why not.
        #[source]
        source: sqlx::Error,
    },
    /// The tables could not be brought to the form that this version needs.
    #[error("bringing the database to the form of this version")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A statement failed.
    #[error("reading or writing the database")]
    Query(#[from] sqlx::Error),
    /// A stored value is not what this program writes.
    #[error("the database holds a damaged {0}")]
    Damaged(&'static str),
    /// A secret cannot be opened: the key file is not the one it was sealed with.
    #[error("opening a stored secret: the key file does not fit this database")]
    KeyFile,
    /// The app named in the request does not exist in this scope.
    #[error("there is no such app")]
    AppUnknown,
    /// There is a user with this e-mail address already.
    #[error("there is a user with this e-mail address already")]
    EmailTaken,
    /// The one-time token is not known, or was used.
    #[error("the one-time token is not valid")]
    OneTimeToken,
}

//! Where the data lies.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use sqlx::postgres::PgConnectOptions;

/// A SQLite file or a PostgreSQL database. Shown without its password.
#[derive(Debug, Clone)]
pub enum DatabaseLocation {
    /// A file, which is made when it is missing.
    Sqlite(PathBuf),
    /// A database of a PostgreSQL server.
    Postgres(PostgresLocation),
}

/// A database of a PostgreSQL server, and the role that uses it.
#[derive(Clone)]
pub struct PostgresLocation {
    /// As it was given, without the password.
    address: String,
    password: Option<String>,
    options: Box<PgConnectOptions>,
}

/// Why a text names no database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocationError {
    /// It begins with something else.
    #[error("a database is named by postgres://user@host/database or sqlite:path")]
    Scheme,
    /// No file after `sqlite:`.
    #[error("the file is missing after sqlite:")]
    Path,
    /// It begins with `postgres:`, and the rest is wrong.
    #[error("the address of the PostgreSQL database is wrong")]
    Postgres(#[source] sqlx::Error),
}

impl FromStr for DatabaseLocation {
    type Err = LocationError;

    /// Reads `postgres://user@host:5432/database?sslmode=verify-full`, as libpq knows it, or
    /// `sqlite:path`.
    fn from_str(text: &str) -> Result<Self, LocationError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() {
                Err(LocationError::Path)
            } else {
                Ok(Self::Sqlite(PathBuf::from(path)))
            };
        }
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(LocationError::Scheme);
        }
        let options: PgConnectOptions = text.parse().map_err(LocationError::Postgres)?;
        let (address, password) = without_password(text);
        Ok(Self::Postgres(PostgresLocation {
            address,
            password,
            options: Box::new(options.application_name("jumpa")),
        }))
    }
}

impl DatabaseLocation {
    /// The file, when it is one.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// The same with a password that did not stand in the address.
    #[must_use]
    pub fn with_password(self, password: &str) -> Self {
        match self {
            Self::Postgres(location) => Self::Postgres(PostgresLocation {
                password: Some(password.to_owned()),
                options: Box::new(location.options.password(password)),
                address: location.address,
            }),
            file => file,
        }
    }
}

impl PostgresLocation {
    /// The address for PostgreSQL's own programs, without a password.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The password, if there is one: for `PGPASSWORD`, since arguments are seen by everybody.
    #[must_use]
    pub fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    pub(crate) fn options(&self) -> &PgConnectOptions {
        &self.options
    }
}

/// Takes the password out of `postgres://user:password@host/database`.
fn without_password(text: &str) -> (String, Option<String>) {
    let whole = || (text.to_owned(), None);
    let Some((scheme, rest)) = text.split_once("://") else { return whole() };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return whole() };
    let Some((name, password)) = user.split_once(':') else { return whole() };
    let after_user = rest.get(user.len()..).unwrap_or_default();
    (format!("{scheme}://{name}{after_user}"), Some(percent_decoded(password)))
}

/// RFC 3986, section 2.1; what is not an escape stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.as_bytes().first() {
        let escaped = rest.get(1..3).filter(|_| *first == b'%');
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = rest.get(3..).unwrap_or_default();
            }
            None => {
                let len = rest.chars().next().map_or(1, char::len_utf8);
                bytes.extend_from_slice(rest.get(..len).unwrap_or_default().as_bytes());
                rest = rest.get(len..).unwrap_or_default();
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl fmt::Display for DatabaseLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(location) => location.fmt(f),
        }
    }
}

impl fmt::Display for PostgresLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = &self.options;
        let database = options.get_database().unwrap_or(options.get_username());
        match options.get_socket() {
            Some(folder) => write!(f, "PostgreSQL database {database} at {}", folder.display()),
            None => write!(
                f,
                "PostgreSQL database {database} at {}:{}",
                options.get_host(),
                options.get_port()
            ),
        }
    }
}

impl fmt::Debug for PostgresLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_with_and_without_slashes() {
        for (text, path) in [
            ("sqlite:/srv/jumpa.db", "/srv/jumpa.db"),
            ("sqlite:///srv/jumpa.db", "/srv/jumpa.db"),
            ("sqlite:jumpa.db", "jumpa.db"),
        ] {
            let location: DatabaseLocation = text.parse().unwrap();
            assert_eq!(location.sqlite_path(), Some(Path::new(path)), "{text}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let location: DatabaseLocation =
            "postgres://jumpa:rahasia@db.sehat.example:5433/jumpa".parse().unwrap();
        assert_eq!(location.to_string(), "PostgreSQL database jumpa at db.sehat.example:5433");
        assert!(!format!("{:?}", location.with_password("rahasia")).contains("rahasia"));
    }

    #[test]
    fn programs_get_the_address_and_the_password_apart() {
        for (text, address, password) in [
            (
                "postgres://a:b%40c%2Fé@h:1/d?sslmode=require",
                "postgres://a@h:1/d?sslmode=require",
                Some("b@c/é"),
            ),
            ("postgres://a@h/d", "postgres://a@h/d", None),
            ("postgresql://h/d?user=x:y@z", "postgresql://h/d?user=x:y@z", None),
        ] {
            let location: DatabaseLocation = text.parse().unwrap();
            let DatabaseLocation::Postgres(location) = location else { panic!("{text}") };
            assert_eq!((location.address(), location.password()), (address, password));
        }
    }

    #[test]
    fn other_databases_are_refused() {
        for text in ["", "mysql://x/y", "jumpa.db", "sqlite:", "postgres://[", "postgres"] {
            assert!(text.parse::<DatabaseLocation>().is_err(), "{text}");
        }
    }
}

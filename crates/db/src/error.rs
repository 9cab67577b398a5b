//! What can go wrong with stored data.

use sqlx::error::DatabaseError;

/// Why stored data could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// The database cannot be reached, or is none.
    #[error("opening the database `{place}`")]
    Open {
        /// Where it should be, without a password.
        place: String,
        /// Why not.
        #[source]
        source: sqlx::Error,
    },
    /// The tables could not be brought to the form that this version needs.
    #[error("bringing the database to the form of this version")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The database does not answer, or is too busy to answer in time. Later it may.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// A statement failed.
    #[error("reading or writing the database")]
    Query(#[source] sqlx::Error),
    /// A text holds the character U+0000, which PostgreSQL cannot store.
    #[error("a text holds a NUL character")]
    NulInText,
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
    /// There is no such tenant, or it was deleted.
    #[error("there is no such tenant")]
    TenantUnknown,
    /// The tenant has no such member.
    #[error("there is no such member")]
    MemberUnknown,
    /// The tenant has no such open invitation.
    #[error("there is no such invitation")]
    InvitationUnknown,
    /// The user has no such session.
    #[error("there is no such session")]
    SessionUnknown,
    /// There is no such identity provider.
    #[error("there is no such identity provider")]
    IdentityProviderUnknown,
    /// Another identity provider answers for the domain.
    #[error("another identity provider answers for this domain")]
    DomainTaken,
    /// Another app has this own domain.
    #[error("another app has this domain")]
    OwnDomainTaken,
    /// The identity provider may not log this person in.
    #[error("the identity provider may not log this person in")]
    IdentityNotAllowed,
    /// There is no such mail that could still be sent.
    #[error("there is no such mail")]
    MailUnknown,
    /// The app has no such signing key or API key, or none that could be used so.
    #[error("there is no such key")]
    KeyUnknown,
    /// The key was revoked or replaced before.
    #[error("the key was revoked or replaced before")]
    KeyInactive,
    /// A key is replaced by one of its kind.
    #[error("the new key is not of the old one's kind")]
    KeyKind,
    /// The app has no such ban.
    #[error("there is no such ban")]
    BanUnknown,
    /// As many as there may be; the word says of what.
    #[error("there are as many {0} as there may be")]
    TooMany(&'static str),
    /// Somebody with this address belongs to the tenant already.
    #[error("the address belongs to a member already")]
    AlreadyMember,
    /// Only an owner makes or unmakes owners.
    #[error("only an owner may do this")]
    OwnersOnly,
    /// A tenant keeps at least one owner.
    #[error("a tenant keeps at least one owner")]
    LastOwner,
    /// The invitation was sent to another address than that of the person who is logged in.
    #[error("the invitation is for somebody else")]
    WrongInvitee,
    /// The tenant has no such webhook, or the webhook no such delivery.
    #[error("there is no such webhook")]
    WebhookUnknown,
    /// The tenant has as many webhooks as it may.
    #[error("the tenant has as many webhooks as it may")]
    TooManyWebhooks,
    /// The app has prepared as many rooms as it may.
    #[error("the app has prepared as many rooms as it may")]
    TooManyPreparedRooms,
    /// Nothing is prepared for the room.
    #[error("the room is not prepared")]
    RoomNotPrepared,
    /// The tenant has no such recording, or the recording no such file or link.
    #[error("there is no such recording")]
    RecordingUnknown,
    /// The call is being recorded so already.
    #[error("the call is being recorded so already")]
    RecordingRunning,
    /// The app records as many calls at a time as it may.
    #[error("the app records as many calls at a time as it may")]
    TooManyRecordings,
    /// The app keeps as many bytes of recordings as it may.
    #[error("the recordings of the app take as much room as they may")]
    RecordingStorageFull,
    /// The secret half of a key is needed, since the key or the place is another than before.
    #[error("the secret of the access key is missing")]
    StorageSecretMissing,
    /// More of the recorders would be guaranteed than can be.
    #[error("more of the recorders would be guaranteed than can be: {left} millicores are left")]
    GuaranteesTooLarge {
        /// What can be guaranteed to this app at most.
        left: u64,
    },
    /// The app has stored no such target for streams.
    #[error("there is no such stream target")]
    StreamTargetUnknown,
    /// The recording is no stream, or is over.
    #[error("no stream is running in this recording")]
    StreamNotRunning,
    /// A recording that goes on is stopped before it is deleted.
    #[error("the recording is not over")]
    RecordingNotOver,
    /// A recording under legal hold is kept.
    #[error("the recording is under legal hold")]
    RecordingHeld,
    /// There is a confirmed second factor already.
    #[error("there is a second factor already")]
    SecondFactorActive,
    /// The one-time token is not known, or was used.
    #[error("the one-time token is not valid")]
    OneTimeToken,
}

/// Classes of SQLSTATE (PostgreSQL documentation, appendix A) that say the server is away: the
/// connection failed, too few resources, an operator intervened, the system failed.
const AWAY_CLASSES: [&str; 4] = ["08", "53", "57", "58"];

/// Primary result codes of SQLite (sqlite.org/rescode.html) that say the same of the disk: another
/// process writes too long, reading or writing failed, the disk is full, the file cannot be opened.
const AWAY_PRIMARY_CODES: [u16; 4] = [5, 10, 13, 14];

/// A statement that was ended because somebody asked for it is no sign of a server that is away.
const QUERY_CANCELED: &str = "57014";

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        if is_away(&error) { Self::Unavailable(error) } else { Self::Query(error) }
    }
}

fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(cause) => says_away(cause.as_ref()),
        _ => false,
    }
}

fn says_away(error: &dyn DatabaseError) -> bool {
    use sqlx::{postgres::PgDatabaseError, sqlite::SqliteError};
    if error.try_downcast_ref::<SqliteError>().is_some() {
        let code = error.code().and_then(|code| code.parse::<u16>().ok());
        return code.is_some_and(|code| AWAY_PRIMARY_CODES.contains(&(code & 0xff)));
    }
    let Some(code) = error.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::code) else {
        return false;
    };
    code != QUERY_CANCELED && AWAY_CLASSES.iter().any(|class| code.starts_with(class))
}

impl DbError {
    /// Whether the same may succeed in a moment, since the database is away or starting.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Open { source, .. } => is_away(source),
            _ => false,
        }
    }

    /// Puts another error in place of a value that must be unique and is not.
    #[must_use]
    pub(crate) fn or_if_taken(self, taken: Self) -> Self {
        match &self {
            Self::Query(sqlx::Error::Database(cause)) if cause.is_unique_violation() => taken,
            _ => self,
        }
    }
}

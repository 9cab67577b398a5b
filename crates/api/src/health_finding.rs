//! What was found out about the things that calls need.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// What was found out about one thing that calls need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HealthFinding {
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found; stable, for pages that say it in their own words.
    pub code: HealthCode,
    /// What the words need, by name: a path, an address, a number.
    #[schema(example = json!({ "mib": "412" }))]
    pub params: BTreeMap<&'static str, String>,
    /// What was looked at.
    #[schema(example = "free space")]
    pub subject: String,
    /// What was found, an English sentence that goes on from the subject.
    #[schema(example = "412 MiB are left for the data folder")]
    pub facts: String,
    /// What to do about it.
    #[schema(required, example = "make room soon")]
    pub remedy: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Works, but probably not as wished.
    Doubtful,
    /// Keeps calls from working.
    Bad,
}

/// What was found, for pages that say it in their own words. The names in backticks are those of
/// the finding's `params`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HealthCode {
    /// The settings can be read.
    SettingsReadable,
    /// The settings cannot be read: `problem`.
    SettingsWrong,
    /// The folder `path` is made by the first start.
    DataFolderNew,
    /// The folder cannot be opened: `problem`.
    DataFolderUnusable,
    /// The folder `path` can be written.
    DataFolderWritable,
    /// The folder `path` can be written, and a server runs on it.
    DataFolderInUse,
    /// The folder `path` cannot be written: `problem`.
    DataFolderReadOnly,
    /// The disk of the folder `path` is full: `problem`.
    DataFolderFull,
    /// How much room is left cannot be found out: `problem`.
    FreeSpaceUnknown,
    /// `mib` MiB are left: the database may not be able to write.
    FreeSpaceFull,
    /// `mib` MiB are left: enough for some days.
    FreeSpaceScarce,
    /// `mib` MiB are left.
    FreeSpaceEnough,
    /// The configuration names no usable database: `problem`.
    DatabaseMisconfigured,
    /// The role of the database is not held by row security.
    DatabaseBypassesRowSecurity,
    /// The engine finds damage.
    DatabaseDamaged,
    /// The file of the database cannot be used: `problem`.
    DatabaseFileUnusable,
    /// The server of the database cannot be used: `problem`.
    DatabaseServerUnusable,
    /// The database is intact and holds `apps` apps; `engine` is its engine.
    DatabaseIntact,
    /// Other users can read the file `path`.
    SecretsReadable,
    /// The key file does not open `keys` keys of the database.
    KeyFileMismatch,
    /// The key file cannot be read: `problem`.
    KeyFileUnusable,
    /// The database was written `seconds` seconds in the future.
    ClockBehindDatabase,
    /// The clock is years behind.
    ClockYearsBehind,
    /// The clock says `time`.
    ClockPlausible,
    /// At most `files` files can be open, enough for some `participants` people.
    OpenFilesFew,
    /// At most `files` files can be open.
    OpenFilesEnough,
    /// Nothing listens on `address`.
    HttpPortFree,
    /// A running jumpa listens on `address`.
    HttpPortHeld,
    /// The port of pages and API cannot be used: `problem`.
    HttpPortTaken,
    /// Nothing listens on `address`.
    MetricsPortFree,
    /// A running jumpa listens on `address`.
    MetricsPortHeld,
    /// The port of metrics cannot be used: `problem`.
    MetricsPortTaken,
    /// Any free ports are taken.
    MediaPortsAny,
    /// The ports `first` to `last` do not exist.
    MediaPortsImpossible,
    /// The ports `first` to `last` are free.
    MediaPortsFree,
    /// The running server holds the ports `first` to `last`.
    MediaPortsHeld,
    /// Ports of media cannot be used: `problem`.
    MediaPortsTaken,
    /// The machine has no network.
    MediaAddressNone,
    /// Only this network reaches `addresses`.
    MediaAddressLocal,
    /// The internet reaches `addresses`.
    MediaAddressPublic,
    /// Browsers reach `url` over https.
    WebAddressHttps,
    /// `url` is not https: browsers give it no camera.
    WebAddressNotHttps,
    /// `url` can be opened on this machine only.
    WebAddressThisMachine,
    /// Other machines get no camera at `url`.
    WebAddressPlainHttp,
    /// The web pages are in the program.
    WebPagesPresent,
    /// The web pages are missing from this build.
    WebPagesMissing,
    /// No recorder is connected.
    RecordersMissing,
    /// The disk of the recorder `recorder` has room: `mib` MiB are free.
    RecorderSpoolRoomy,
    /// It fills up: the recorder gets no more recordings.
    RecorderSpoolFilling,
    /// It is nearly full: the recorder records small pictures.
    RecorderSpoolScarce,
    /// It is nearly full: the recorder records sound alone.
    RecorderSpoolSoundOnly,
}

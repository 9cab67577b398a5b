//! A PostgreSQL server that lives as long as the tests.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use uuid::Uuid;

/// Names the folder with PostgreSQL's programs, when it is not found.
const BIN_VARIABLE: &str = "JUMPA_POSTGRES_BIN";

/// What the server of the tests is made with.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "psql"];

/// Where Debian keeps one folder for each version.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";

/// The role of the tests, which owns their databases.
pub const ROLE: &str = "jumpa";

/// A running server. It stops when this is dropped and when the process ends.
#[derive(Debug)]
pub struct PostgresServer {
    folder: PathBuf,
    console: Mutex<Console>,
    shell: Mutex<Child>,
}

/// The superuser's `psql`.
#[derive(Debug)]
struct Console {
    /// `None` once the server is told to stop.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    commands: u64,
}

impl PostgresServer {
    /// The server that all tests of this process share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<PostgresServer> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Starts a server for one test, which wants to stop it.
    ///
    /// # Panics
    /// When there is no PostgreSQL on this machine or it does not start.
    #[must_use]
    pub fn start() -> Self {
        let mut shell = shell_command()
            .args(["-c", include_str!("postgres_server.sh"), "sh"])
            .arg(bin_folder())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell can be started");
        let input = shell.stdin.take().expect("it was asked for above");
        let mut output = BufReader::new(shell.stdout.take().expect("it was asked for above"));
        let mut folder = String::new();
        output.read_line(&mut folder).expect("its output is text");
        assert!(!folder.is_empty(), "PostgreSQL did not start; see above");
        let server = Self {
            folder: PathBuf::from(folder.trim_end()),
            console: Mutex::new(Console { input: Some(input), output, commands: 0 }),
            shell: Mutex::new(shell),
        };
        server.run(&format!("CREATE ROLE {ROLE} LOGIN"));
        server
    }

    /// Runs one statement as the superuser.
    ///
    /// # Panics
    /// When the server was stopped.
    pub fn run(&self, statement: &str) {
        let mut console = self.console();
        console.commands += 1;
        let mark = format!("done {}", console.commands);
        console.send(&format!("{statement};\nSELECT '{mark}';\n"));
        let mut line = String::new();
        while line.trim_end() != mark {
            line.clear();
            let read = console.output.read_line(&mut line).expect("its output is text");
            assert!(read > 0, "PostgreSQL ended at: {statement}");
        }
    }

    /// Runs one statement as the superuser when there is time, if the server still runs.
    pub fn run_later(&self, statement: &str) {
        let mut console = self.console();
        if console.input.is_some() {
            console.send(&format!("{statement};\n"));
        }
    }

    /// Makes a database without tables and gives its name.
    #[must_use]
    pub fn create_database(&self) -> String {
        self.copy_database("template0")
    }

    /// Makes a copy of a database and gives its name.
    pub(crate) fn copy_database(&self, template: &str) -> String {
        let name = format!("test_{}", Uuid::now_v7().simple());
        self.run(&format!("CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}"));
        name
    }

    /// The address of a database, for a role.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://{role}@{folder}/{database}")
    }

    /// Ends every connection of the tests' role and takes no new ones.
    pub fn refuse(&self) {
        self.run(&format!("ALTER ROLE {ROLE} CONNECTION LIMIT 0"));
        self.run(&format!(
            "DO 'BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE usename = ''{ROLE}''; END'"
        ));
    }

    /// Takes connections again.
    pub fn accept(&self) {
        self.run(&format!("ALTER ROLE {ROLE} CONNECTION LIMIT -1"));
    }

    /// Stops the server, as a machine that goes away.
    pub fn stop(&self) {
        self.console().input = None;
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        shell.wait().expect("it is our child");
    }

    fn console(&self) -> MutexGuard<'_, Console> {
        // A test that failed here leaves nothing half done that others would trip over.
        self.console.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Console {
    fn send(&mut self, text: &str) {
        let input = self.input.as_mut().expect("the server was not stopped");
        input.write_all(text.as_bytes()).and_then(|()| input.flush()).expect("psql reads");
    }
}

/// PostgreSQL refuses to run as root, so root becomes the user of Debian's package.
fn shell_command() -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new("sh");
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "sh"]);
    command
}

fn bin_folder() -> PathBuf {
    if let Some(folder) = env::var_os(BIN_VARIABLE) {
        return folder.into();
    }
    let is_whole = |folder: &PathBuf| PROGRAMS.iter().all(|name| folder.join(name).is_file());
    let in_path =
        || env::split_paths(&env::var_os("PATH").unwrap_or_default()).find(|path| is_whole(path));
    newest_of(Path::new(DEBIAN_FOLDER)).filter(is_whole).or_else(in_path).unwrap_or_else(|| {
        panic!(
            "there is no PostgreSQL on this machine: `scripts/setup.sh test` installs it, or \
             {BIN_VARIABLE} names the folder with its programs"
        )
    })
}

fn newest_of(folder: &Path) -> Option<PathBuf> {
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let folders = folder.read_dir().ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    Some(folders.max_by_key(version)?.join("bin"))
}

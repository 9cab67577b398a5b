//! `jumpa-recorder` as a process of its own, as on a machine beside the server's.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::{Child, Command};

use crate::{Server, within};

/// Gives a program a disk of its own, which nobody else sees: the first argument is where, the
/// second its size in megabytes, the rest the program. `exec` keeps the process, and so its number.
const ON_SMALL_DISK: &str = r#"mount -t tmpfs -o size="$2"m tmpfs "$1" && shift 2 && exec "$@""#;

/// What takes the room of a small disk.
const BALLAST: &str = "ballast";

/// A running recorder. It ends with this value.
#[derive(Debug)]
pub struct RecorderProgram {
    child: Child,
    /// Its data folder, as this process sees it.
    data: PathBuf,
}

impl RecorderProgram {
    /// Starts one over a data folder. `program` is another program of cargo, beside which it lies:
    /// `env!("CARGO_BIN_EXE_jumpa-under-test")`.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn start(program: &str, server: &Server, data: &Path) -> Self {
        let mut command = Command::new(recorder_beside(program));
        command.args(["--keep-free-mb", "0"]);
        Self { child: spawn(command, server, data).await, data: data.to_owned() }
    }

    /// The same with an empty disk of its own, of which it leaves a megabyte free.
    ///
    /// # Panics
    /// When it cannot be started, as where nobody may mount a disk.
    pub async fn start_on_small_disk(
        program: &str,
        server: &Server,
        data: &Path,
        megabytes: u32,
    ) -> Self {
        fs::create_dir_all(data).expect("a place for the disk");
        let mut command = Command::new("unshare");
        command
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", ON_SMALL_DISK, "sh"])
            .arg(data)
            .arg(megabytes.to_string())
            .arg(recorder_beside(program))
            .args(["--keep-free-mb", "1"]);
        let child = spawn(command, server, data).await;
        let root = PathBuf::from(format!("/proc/{}/root", child.id().expect("it runs")));
        let inside = data.strip_prefix("/").expect("an absolute path");
        Self { data: root.join(inside), child }
    }

    /// The folder of its spool.
    #[must_use]
    pub fn spool(&self) -> PathBuf {
        self.data.join("spool")
    }

    /// Takes room of its small disk until so many bytes are free.
    ///
    /// # Panics
    /// When less than that is free.
    pub fn leave_free(&self, bytes: u64) {
        let disk = rustix::fs::statvfs(&self.data).expect("the disk can be asked");
        let free = disk.f_bavail * disk.f_frsize;
        let taken = free.checked_sub(bytes).expect("so much is free");
        let path = self.data.join(BALLAST);
        let mut ballast =
            fs::OpenOptions::new().create(true).append(true).open(path).expect("a file");
        // The recorder writes meanwhile, so the last of it may not fit.
        match io::copy(&mut io::Read::take(io::repeat(1), taken), &mut ballast) {
            Err(error) if error.kind() != io::ErrorKind::StorageFull => panic!("{error}"),
            _ => ballast.flush().expect("nothing is buffered"),
        }
    }

    /// Gives the room back.
    ///
    /// # Panics
    /// When none was taken.
    pub fn make_room(&self) {
        fs::remove_file(self.data.join(BALLAST)).expect("room was taken");
    }

    /// Ends it at once, as the kernel does when memory is out.
    ///
    /// # Panics
    /// When it has ended before.
    pub async fn kill(mut self) {
        assert_eq!(self.child.try_wait().expect("its status"), None, "it runs");
        within("the recorder is killed", self.child.kill()).await.expect("it runs");
    }
}

async fn spawn(mut command: Command, server: &Server, data: &Path) -> Child {
    let key = server.command(&["recorder-key"]).await;
    command
        .args(["--server", &server.ready().address, "--data"])
        .arg(data)
        .env("JUMPA_RECORDER_KEY", key.trim())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the recorder can be started")
}

fn recorder_beside(program: &str) -> PathBuf {
    let recorder = Path::new(program).with_file_name("jumpa-recorder");
    assert!(recorder.is_file(), "cargo build -p jumpa-recorder makes what these tests run");
    recorder
}

//! The recorder that runs beside the server: a process of its own, so that what it writes does not
//! depend on the server's life, and what it does wrong costs no call.

use std::{
    env, io,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::config::RecordingConfig;

/// The name of the program beside `jumpa`.
const PROGRAM: &str = "jumpa-recorder";

/// The variable that hands the key over: arguments can be read by every user of the machine.
const KEY_VARIABLE: &str = "JUMPA_RECORDER_KEY";

/// Pause before a recorder that ended is started again; it doubles up to [`MAX_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// A recorder that ran for this long did not end because of its start.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);

/// How long a recorder may take to put down what it has when the server stops. What is not done by
/// then goes on with the next start.
const STOP_PATIENCE: Duration = Duration::from_secs(12);

/// How the recorder is started.
#[derive(Debug, Clone)]
pub struct RecorderProcess {
    program: PathBuf,
    server_url: String,
    folder: PathBuf,
    key: String,
}

impl RecorderProcess {
    /// The recorder of a server at `server_url`, if one is to run and its program is there.
    pub fn new(
        config: &RecordingConfig,
        server_url: String,
        folder: PathBuf,
        key: String,
    ) -> Option<Self> {
        if !config.runs_recorder {
            return None;
        }
        let program = config.program.clone().or_else(beside_this_program);
        let Some(program) = program.filter(|program| program.is_file()) else {
            warn!("`{PROGRAM}` is not beside this program: calls cannot be recorded here");
            return None;
        };
        Some(Self { program, server_url, folder, key })
    }

    /// Runs it until `stop`, and again whenever it ends by itself.
    pub async fn keep_running(self, stop: CancellationToken) {
        let mut pause = FIRST_PAUSE;
        while !stop.is_cancelled() {
            let began_at = Instant::now();
            match self.spawn() {
                Err(error) => warn!(%error, "`{}` cannot be started", self.program.display()),
                Ok(child) => match run(child, &stop).await {
                    Ended::Stopped => return,
                    Ended::ByItself(status) => {
                        warn!(%status, "the recorder ended; it is started again");
                    }
                },
            }
            if began_at.elapsed() >= HEALTHY_AFTER {
                pause = FIRST_PAUSE;
            }
            tokio::select! {
                () = sleep(pause) => {}
                () = stop.cancelled() => return,
            }
            pause = (pause * 2).min(MAX_PAUSE);
        }
    }

    fn spawn(&self) -> io::Result<Child> {
        // A recorder outlives a server that was killed: it goes on with what it records, and the
        // lock of its folder keeps the next one waiting until it is done. It hears by its closed
        // input that it is alone.
        Command::new(&self.program)
            .args(["--ends-with-input", "--server", &self.server_url, "--data"])
            .arg(&self.folder)
            .env(KEY_VARIABLE, &self.key)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .kill_on_drop(false)
            .spawn()
    }
}

enum Ended {
    Stopped,
    ByItself(String),
}

/// Waits for the end of a recorder, and asks for it when the server stops.
async fn run(mut child: Child, stop: &CancellationToken) -> Ended {
    // Waiting would close it, and a recorder without input believes that the server is gone.
    let _input = child.stdin.take();
    let told = |status: io::Result<ExitStatus>| match status {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    tokio::select! {
        status = child.wait() => return Ended::ByItself(told(status)),
        () = stop.cancelled() => {}
    }
    let pid = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    if let Some(pid) = pid {
        // It may have ended in this moment.
        let _ = kill_process(pid, Signal::TERM);
    }
    match timeout(STOP_PATIENCE, child.wait()).await {
        Ok(status) => info!(status = told(status), "the recorder has stopped"),
        Err(_) => {
            warn!("the recorder did not stop in time and is ended");
            // What it wrote until now is found at the next start.
            let _ = child.kill().await;
        }
    }
    Ended::Stopped
}

fn beside_this_program() -> Option<PathBuf> {
    env::current_exe().ok()?.parent().map(|folder: &Path| folder.join(PROGRAM))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    /// A program that notes each start, and what it was given.
    fn script(folder: &Path, rest: &str) -> RecordingConfig {
        let program = folder.join("recorder.sh");
        let notes = folder.join("starts");
        let text = format!(
            "#!/bin/sh\necho \"$* $JUMPA_RECORDER_KEY\" >> '{}'\n{rest}\n",
            notes.display()
        );
        fs::write(&program, text).expect("a script");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).expect("a program");
        RecordingConfig { program: Some(program), ..RecordingConfig::default() }
    }

    fn starts(folder: &Path) -> Vec<String> {
        let text = fs::read_to_string(folder.join("starts")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn process(folder: &Path, config: &RecordingConfig) -> RecorderProcess {
        let (url, data) = ("http://127.0.0.1:1".to_owned(), folder.to_owned());
        RecorderProcess::new(config, url, data, "rahasia".to_owned()).expect("a program")
    }

    async fn until(is_so: impl Fn() -> bool) {
        let soon = async {
            while !is_so() {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), soon).await.expect("it happens");
    }

    #[tokio::test]
    async fn a_recorder_that_ends_is_started_again_with_its_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let process = process(folder.path(), &script(folder.path(), "exit 3"));
        let stop = CancellationToken::new();
        let task = tokio::spawn(process.keep_running(stop.clone()));
        until(|| starts(folder.path()).len() >= 2).await;
        stop.cancel();
        task.await.expect("it ends");
        let expected = format!(
            "--ends-with-input --server http://127.0.0.1:1 --data {} rahasia",
            folder.path().display()
        );
        assert_eq!(starts(folder.path())[0], expected);
    }

    #[tokio::test]
    async fn a_recorder_is_asked_to_stop_and_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let done = folder.path().join("done");
        let rest = format!(
            "trap 'touch \"{}\"; exit 0' TERM\ntouch '{}.ready'\nwhile :; do sleep 0.05; done",
            done.display(),
            done.display()
        );
        let process = process(folder.path(), &script(folder.path(), &rest));
        let stop = CancellationToken::new();
        let task = tokio::spawn(process.keep_running(stop.clone()));
        until(|| folder.path().join("done.ready").exists()).await;
        stop.cancel();
        task.await.expect("it ends");
        assert!(done.exists(), "it was told, and not killed");
        assert_eq!(starts(folder.path()).len(), 1);
    }

    #[test]
    fn no_recorder_runs_where_none_is_wanted_or_there_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let of = |config: &RecordingConfig| {
            let (url, data) = ("http://127.0.0.1:1".to_owned(), folder.path().to_owned());
            RecorderProcess::new(config, url, data, String::new())
        };
        let unwanted = RecordingConfig { runs_recorder: false, ..script(folder.path(), "exit 0") };
        assert!(of(&unwanted).is_none());
        let missing = RecordingConfig {
            program: Some(folder.path().join("missing")),
            ..RecordingConfig::default()
        };
        assert!(of(&missing).is_none());
    }
}

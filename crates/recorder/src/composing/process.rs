//! One run of a composer.

use std::{collections::VecDeque, io, path::Path, process::Stdio, time::Duration};

use jumpa_recorded::composing::{FromComposer, STREAM_PROXY_VARIABLE, ToComposer};
use rustix::process::{Pid, getpriority_process, setpriority_process};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
    task::JoinHandle,
    time::timeout,
};

use super::{
    meter::{Measured, Meter},
    stream_proxy::StreamProxy,
};

/// The lowest priority (setpriority(2)): what composes after calls gets what others leave.
const BACKGROUND_NICE: i32 = 19;

/// What composes during calls comes before other programs where this one may do so, and after calls
/// and what is recorded of them.
const LIVE_NICE: i32 = -10;

/// How long a composer may leave its input unread. One that is at work reads it many times a second.
const DEAF: Duration = Duration::from_secs(10);

/// How long a composer may take to end by itself after its last word.
const ENDING: Duration = Duration::from_secs(5);

/// Lines of what a composer says in its own words that are kept for the report of its end.
const LAST_LINES: usize = 8;

/// Where programs look for a proxy. GLib asks one of them, which depends on its version.
const PROXY_VARIABLES: [&str; 3] = ["all_proxy", "http_proxy", "https_proxy"];

/// A composer that is running. Dropping it kills it, which costs nothing but time.
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    last_words: JoinHandle<VecDeque<String>>,
    stream_proxy: StreamProxy,
    _measured: Option<Measured>,
}

impl Process {
    pub(super) fn start(program: &Path, is_background: bool, meter: &Meter) -> io::Result<Self> {
        let stream_proxy = StreamProxy::start()?;
        let proxy = format!("socks5://{}", stream_proxy.address());
        let mut child = Command::new(program)
            .env(STREAM_PROXY_VARIABLE, stream_proxy.address().to_string())
            .envs(PROXY_VARIABLES.map(|name| (name, proxy.as_str())))
            .env("no_proxy", "")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(input), Some(output), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::Error::other("the composer has no input or output"));
        };
        let pid = child.id();
        let nice = if is_background { BACKGROUND_NICE } else { LIVE_NICE };
        // Its threads begin later, with its first word, and have its priority.
        if let Some(child) = pid.and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?))
            && getpriority_process(None)? < nice
        {
            setpriority_process(Some(child), nice)?;
        }
        Ok(Self {
            child,
            input,
            output: BufReader::new(output).lines(),
            last_words: tokio::spawn(remember(errors)),
            stream_proxy,
            _measured: pid.map(|pid| meter.add(pid, is_background)),
        })
    }

    /// Tells it something.
    pub(super) async fn say(&mut self, word: &ToComposer) -> io::Result<()> {
        match word {
            ToComposer::Begin { composition } => self.stream_proxy.lead_to(&composition.targets),
            ToComposer::Targets { targets } => self.stream_proxy.lead_to(targets),
            ToComposer::Horizon { .. } | ToComposer::End { .. } => {}
        }
        let mut line = serde_json::to_vec(word)?;
        line.push(b'\n');
        match timeout(DEAF, self.input.write_all(&line)).await {
            Ok(written) => written,
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "it does not listen")),
        }
    }

    /// The next thing that it says; `None` when it has ended. May be dropped and called again.
    pub(super) async fn hear(&mut self) -> io::Result<Option<FromComposer>> {
        let Some(line) = self.output.next_line().await? else {
            return Ok(None);
        };
        serde_json::from_str(&line).map(Some).map_err(io::Error::from)
    }

    /// Waits for its end, which it has announced. Tells how it was when it was no success.
    pub(super) async fn end(mut self) -> Result<(), String> {
        drop(self.input);
        let status = match timeout(ENDING, self.child.wait()).await {
            Ok(Ok(status)) if status.success() => return Ok(()),
            Ok(Ok(status)) => status.to_string(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it did not end".to_owned(),
        };
        // What it left behind may hold its output open.
        let words = match timeout(ENDING, self.last_words).await {
            Ok(Ok(words)) => Vec::from(words).join("; "),
            Ok(Err(_)) | Err(_) => String::new(),
        };
        Err(if words.is_empty() { status } else { format!("{status}: {words}") })
    }
}

/// Keeps the last lines, and hands all of them on to the log.
async fn remember(errors: ChildStderr) -> VecDeque<String> {
    let mut lines = BufReader::new(errors).lines();
    let mut last = VecDeque::new();
    while let Ok(Some(line)) = lines.next_line().await {
        tracing::debug!(target: "jumpa_composer", "{line}");
        if last.len() == LAST_LINES {
            last.pop_front();
        }
        last.push_back(line);
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_composed_after_calls_gets_what_others_leave() {
        let nice = |is_background| {
            let process = Process::start(Path::new("cat"), is_background, &Meter::default());
            let process = process.unwrap();
            let pid = process.child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
            getpriority_process(pid).unwrap()
        };
        assert_eq!(nice(true), BACKGROUND_NICE);
        assert_eq!(nice(false), getpriority_process(None).unwrap().max(LIVE_NICE));
    }
}

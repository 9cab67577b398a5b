//! Keeps a composer at work until its files are there.

use std::{io, path::PathBuf, time::Duration};

use jumpa_protocol::recording::{StreamTarget, TargetReport};
use jumpa_recorded::composing::{Composition, FromComposer, ToComposer};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep, sleep_until},
};

use super::{meter::Meter, process::Process, queue::Queue};
use crate::backoff::Backoff;

/// A composer that says nothing for so long hangs: it tells every second how far it is.
const SILENCE: Duration = Duration::from_secs(20);

/// A composer that comes no further for so long hangs, when there is something to compose. Slower
/// than real time by this much, it would never be done.
const STANDSTILL: Duration = Duration::from_secs(60);

/// How long joining the parts may take in the end: copying what the largest disks hold of a day.
const JOINING: Duration = Duration::from_secs(1_800);

/// A live composer that is so near to what is recorded has nothing to do, milliseconds.
const NEAR_MS: u64 = 5_000;

/// How often a composer is started anew without coming further. What it fails at will not go away.
const MAX_FUTILE_STARTS: u32 = 5;

/// What every composition needs.
#[derive(Debug, Clone)]
pub struct Composers {
    /// The program; `None` when it is not installed.
    pub program: Option<PathBuf>,
    /// Measures what they take.
    pub meter: Meter,
    /// Whose turn it is after calls.
    pub queue: Queue,
}

/// What is wanted of a composer. A state, so that one that was started anew knows all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Everything before this is in the files, milliseconds on the clock of the recording.
    pub horizon_ms: u64,
    /// How long the recording is, when it is over.
    pub end_ms: Option<u64>,
    /// Where it is sent.
    pub targets: Vec<StreamTarget>,
}

/// How far a composer is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Composed {
    /// Up to here, milliseconds on the clock of the recording.
    pub composed_ms: u64,
    /// How the streams are.
    pub targets: Vec<TargetReport>,
}

/// Why nothing was composed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// The program is not there.
    #[error("the program `jumpa-composer` is not installed beside the recorder")]
    NoProgram,
    /// It failed again and again; its last words.
    #[error("the composer failed {MAX_FUTILE_STARTS} times without coming further: {0}")]
    GaveUp(String),
}

/// Something that is composed while it is recorded. Dropping it ends the composer.
#[derive(Debug)]
pub struct Live {
    /// What is wanted.
    pub wanted: watch::Sender<Wanted>,
    /// How far it is.
    pub composed: watch::Receiver<Composed>,
    /// The names of the files in the end.
    pub result: JoinHandle<Result<Vec<String>, ComposeError>>,
}

impl Live {
    /// Begins to compose.
    #[must_use]
    pub fn start(composers: Composers, composition: Composition, wanted: Wanted) -> Self {
        let (wanted, wanted_out) = watch::channel(wanted);
        let (composed_in, composed) = watch::channel(Composed::default());
        let result = tokio::spawn(async move {
            compose(&composers, composition, wanted_out, &composed_in, false).await
        });
        Self { wanted, composed, result }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.result.abort();
    }
}

/// Lets a composer make its files, and starts it anew when it dies or hangs: it goes on where it
/// was. Gives the names of the files.
///
/// # Errors
/// [`ComposeError`]; what the composer made until then stays in the folder.
pub async fn compose(
    composers: &Composers,
    composition: Composition,
    mut wanted: watch::Receiver<Wanted>,
    composed: &watch::Sender<Composed>,
    is_background: bool,
) -> Result<Vec<String>, ComposeError> {
    let program = composers.program.as_deref().ok_or(ComposeError::NoProgram)?;
    let mut backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(10));
    let mut futile = 0;
    loop {
        let before = composed.borrow().composed_ms;
        let failure = match Process::start(program, is_background, &composers.meter) {
            Ok(process) => {
                let run = Run { process, wanted: &mut wanted, composed, best: before };
                match run.finish(composition.clone()).await {
                    Ok(files) => return Ok(files),
                    Err(failure) => failure,
                }
            }
            Err(error) => error.to_string(),
        };
        if composed.borrow().composed_ms > before {
            futile = 0;
            backoff.reset();
        }
        futile += 1;
        tracing::warn!(
            folder = %composition.folder.display(),
            error = failure,
            composed_ms = composed.borrow().composed_ms,
            "a composer ended before it was done"
        );
        if futile == MAX_FUTILE_STARTS {
            return Err(ComposeError::GaveUp(failure));
        }
        sleep(backoff.pause()).await;
    }
}

struct Run<'a> {
    process: Process,
    wanted: &'a mut watch::Receiver<Wanted>,
    composed: &'a watch::Sender<Composed>,
    /// How far any composer came.
    best: u64,
}

enum Failure {
    /// It has ended by itself.
    Ended,
    /// It makes no sense, or none any more.
    Broken(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Ended,
            _ => Self::Broken(error.to_string()),
        }
    }
}

impl Run<'_> {
    /// One run from its begin to its end; its last words when it was no success.
    async fn finish(mut self, composition: Composition) -> Result<Vec<String>, String> {
        match self.converse(composition).await {
            Ok(files) => self.process.end().await.map(|()| files),
            Err(Failure::Ended) => match self.process.end().await {
                Ok(()) => Err("it ended without a word".to_owned()),
                Err(words) => Err(words),
            },
            // Being dropped kills it.
            Err(Failure::Broken(words)) => Err(words),
        }
    }

    /// Tells the composer what is wanted, and what is wanted next, until it says that it is done.
    async fn converse(&mut self, composition: Composition) -> Result<Vec<String>, Failure> {
        let now = self.wanted.borrow_and_update().clone();
        let begin = Composition { targets: now.targets.clone(), ..composition };
        self.process.say(&ToComposer::Begin { composition: begin }).await?;
        let mut told = Wanted { targets: now.targets.clone(), ..Wanted::default() };
        self.tell(&mut told, &now).await?;
        let mut silent_at = Instant::now() + SILENCE;
        let mut still_at = Instant::now() + STANDSTILL;
        let mut reached = None;
        loop {
            tokio::select! {
                heard = self.process.hear() => match heard? {
                    Some(FromComposer::Progress { composed_ms, targets, .. }) => {
                        silent_at = Instant::now() + SILENCE;
                        if reached < Some(composed_ms) || has_nothing_to_do(&told, composed_ms) {
                            reached = reached.max(Some(composed_ms));
                            let is_joining = told.end_ms.is_some_and(|end| end <= composed_ms);
                            still_at = Instant::now() + if is_joining { JOINING } else { STANDSTILL };
                        }
                        self.note(composed_ms, targets);
                    }
                    Some(FromComposer::Done { files }) => return Ok(files),
                    None => return Err(Failure::Ended),
                },
                Ok(()) = self.wanted.changed() => {
                    let now = self.wanted.borrow_and_update().clone();
                    self.tell(&mut told, &now).await?;
                }
                () = sleep_until(silent_at) => {
                    return Err(Failure::Broken("it hangs: it says nothing".to_owned()));
                }
                () = sleep_until(still_at) => {
                    return Err(Failure::Broken("it hangs: it comes no further".to_owned()));
                }
            }
        }
    }

    /// Says what it was not told yet.
    async fn tell(&mut self, told: &mut Wanted, now: &Wanted) -> Result<(), Failure> {
        if told.targets != now.targets {
            self.process.say(&ToComposer::Targets { targets: now.targets.clone() }).await?;
        }
        if told.horizon_ms != now.horizon_ms {
            self.process.say(&ToComposer::Horizon { at_ms: now.horizon_ms }).await?;
        }
        if let Some(at_ms) = now.end_ms.filter(|_| told.end_ms.is_none()) {
            self.process.say(&ToComposer::End { at_ms }).await?;
        }
        told.clone_from(now);
        Ok(())
    }

    /// One that was started anew goes over what it may have lost; nobody is told of that.
    fn note(&mut self, composed_ms: u64, targets: Vec<TargetReport>) {
        self.best = self.best.max(composed_ms);
        let now = Composed { composed_ms: self.best, targets };
        self.composed.send_if_modified(|before| {
            let is_news = *before != now;
            *before = now;
            is_news
        });
    }
}

fn has_nothing_to_do(told: &Wanted, composed_ms: u64) -> bool {
    told.end_ms.is_none() && told.horizon_ms <= composed_ms.saturating_add(NEAR_MS)
}

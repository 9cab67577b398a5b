//! Whose turn it is to be composed after a call.
//!
//! Deficit round robin over the apps (Shreedhar and Varghese, 1995): in each round an app may have
//! so much composed as its weight says, and what it does not use it keeps while it waits. So an app
//! with a hundred long calls keeps another one with a short call waiting for one round.
//!
//! As many run at once as the live work leaves cores for. When it needs them back, the one that
//! began last gives its turn away, and is the next of its app.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jumpa_protocol::{AppId, RecordingId};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// What an app with weight 1 may have composed in a round, milliseconds of media. Less would not
/// change the order, since every call takes some minutes; more lets an app go on for longer.
const QUANTUM_MS: u64 = 600_000;

/// What a composer takes when nothing holds it back, thousandths of a core.
const COST: u32 = 1_000;

/// A turn is given when so much is free, thousandths of a core. Less would have one that waits for
/// ever on a machine with one core, where the recorder itself takes something.
const ENOUGH: u32 = 500;

/// A turn is taken back when live work takes so much of what it was given: between this and
/// [`ENOUGH`] nothing changes, so that a load that goes up and down does not start and stop it.
const TOO_LITTLE: u32 = 200;

/// Something that waits for its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which recording.
    pub id: RecordingId,
    /// Whose.
    pub app_id: AppId,
    /// The app's share against other apps; at least 1.
    pub weight: u32,
    /// How much is to be composed, milliseconds.
    pub length_ms: u64,
}

/// Gives turns.
#[derive(Debug, Clone)]
pub struct Queue {
    state: Arc<Mutex<State>>,
}

/// The right to compose, or the place of who waits for it, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    queue: Queue,
    id: RecordingId,
    /// Cancelled when the cores are needed for something else. The turn shall be dropped then and
    /// asked for anew.
    pub taken_back: CancellationToken,
}

#[derive(Debug)]
struct State {
    free_millicores: u32,
    order: Order,
    callers: HashMap<RecordingId, Caller>,
    running: Vec<(Waiting, CancellationToken)>,
}

#[derive(Debug)]
struct Caller {
    call: oneshot::Sender<()>,
    taken_back: CancellationToken,
}

impl Queue {
    /// A queue on a machine of which so much may be taken, thousandths of a core.
    #[must_use]
    pub fn new(free_millicores: u32) -> Self {
        let state = State {
            free_millicores,
            order: Order::default(),
            callers: HashMap::new(),
            running: Vec::new(),
        };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// Waits for a turn. Who stops waiting gives up the place.
    pub async fn turn(&self, waiting: Waiting) -> Turn {
        let turn =
            Turn { queue: self.clone(), id: waiting.id, taken_back: CancellationToken::new() };
        let (call, called) = oneshot::channel();
        {
            let mut state = self.state();
            let caller = Caller { call, taken_back: turn.taken_back.clone() };
            state.callers.insert(waiting.id, caller);
            state.order.push(waiting);
            state.give_turns();
        }
        if called.await.is_err() {
            // Somebody asked for the same recording, and gets its turn instead.
            std::future::pending::<()>().await;
        }
        turn
    }

    /// Live work leaves so much, thousandths of a core.
    pub fn set_free(&self, free_millicores: u32) {
        let mut state = self.state();
        state.free_millicores = free_millicores;
        state.take_turns_back();
        state.give_turns();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remove(&self, id: RecordingId) {
        let mut state = self.state();
        state.callers.remove(&id);
        state.order.remove(id);
        state.running.retain(|(waiting, _)| waiting.id != id);
        state.give_turns();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.queue.remove(self.id);
    }
}

impl State {
    fn given(&self) -> u32 {
        let going = self.running.iter().filter(|(_, taken_back)| !taken_back.is_cancelled());
        COST.saturating_mul(going.count() as u32)
    }

    fn give_turns(&mut self) {
        while self.free_millicores >= self.given().saturating_add(ENOUGH) {
            let Some(waiting) = self.order.pop() else {
                return;
            };
            if let Some(Caller { call, taken_back }) = self.callers.remove(&waiting.id)
                && call.send(()).is_ok()
            {
                self.running.push((waiting, taken_back));
            }
        }
    }

    fn take_turns_back(&mut self) {
        while self.given() > 0
            && self.free_millicores.saturating_add(COST) < self.given().saturating_add(TOO_LITTLE)
        {
            let last = self.running.iter().rev().find(|(_, taken)| !taken.is_cancelled());
            let Some((waiting, taken_back)) = last else {
                return;
            };
            taken_back.cancel();
            self.order.give_back(waiting);
        }
    }
}

/// Who is next.
#[derive(Debug, Default)]
struct Order {
    /// Apps that wait for something, the one whose turn it is first.
    round: VecDeque<AppId>,
    apps: HashMap<AppId, App>,
}

#[derive(Debug, Default)]
struct App {
    waiting: VecDeque<Waiting>,
    /// What it may still have composed in this round, milliseconds.
    deficit_ms: u64,
    /// Its turn was taken back in the middle: the next that it asks for comes first.
    resumes: Option<RecordingId>,
}

impl Order {
    fn push(&mut self, waiting: Waiting) {
        let app_id = waiting.app_id.clone();
        let app = self.apps.entry(app_id.clone()).or_default();
        if app.waiting.is_empty() && !self.round.contains(&app_id) {
            self.round.push_back(app_id);
        }
        if app.resumes == Some(waiting.id) {
            app.resumes = None;
            app.waiting.push_front(waiting);
        } else {
            app.waiting.push_back(waiting);
        }
    }

    fn pop(&mut self) -> Option<Waiting> {
        loop {
            let app_id = self.round.front()?.clone();
            let Some(app) = self.apps.get_mut(&app_id).filter(|app| !app.waiting.is_empty()) else {
                self.leave_round(&app_id);
                continue;
            };
            let first = app.waiting.front()?;
            if app.deficit_ms >= first.length_ms {
                app.deficit_ms -= first.length_ms;
                let next = app.waiting.pop_front();
                if app.waiting.is_empty() {
                    self.leave_round(&app_id);
                }
                return next;
            }
            app.deficit_ms += QUANTUM_MS.saturating_mul(first.weight.max(1).into());
            self.round.rotate_left(1);
        }
    }

    /// An app that waits for nothing keeps no claim.
    fn leave_round(&mut self, app_id: &AppId) {
        self.round.retain(|other| other != app_id);
        if let Some(app) = self.apps.get_mut(app_id) {
            app.deficit_ms = 0;
        }
        self.apps.retain(|_, app| app.resumes.is_some() || !app.waiting.is_empty());
    }

    /// What was to be composed was not, at least not wholly.
    fn give_back(&mut self, waiting: &Waiting) {
        let app = self.apps.entry(waiting.app_id.clone()).or_default();
        app.deficit_ms = app.deficit_ms.saturating_add(waiting.length_ms);
        app.resumes = Some(waiting.id);
    }

    fn remove(&mut self, id: RecordingId) {
        for app in self.apps.values_mut() {
            app.waiting.retain(|waiting| waiting.id != id);
        }
    }
}

#[cfg(test)]
mod tests;

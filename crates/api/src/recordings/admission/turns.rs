//! Turns of those that wait: deficit round robin (Shreedhar and Varghese, SIGCOMM 1995).

use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Unbounded},
};

use jumpa_protocol::AppId;

/// Of each app that waits: which job is its next, what it costs, and the app's weight.
pub(super) type Heads = BTreeMap<AppId, (usize, u32, u32)>;

/// Whose turn it is. Over time each app that waits gets what is free by its weight, however large
/// its jobs are and however many wait.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    /// What an app of weight 1 may take in a turn. What it does not take is saved while it waits.
    quantum: u64,
    saved: BTreeMap<AppId, u64>,
    /// Whose turn it is; its share of this turn is in what it has saved.
    at: Option<AppId>,
}

impl Turns {
    pub(super) fn of(quantum: u32) -> Self {
        Self { quantum: u64::from(quantum.max(1)), saved: BTreeMap::new(), at: None }
    }

    /// Takes the next job and charges its app for it.
    pub(super) fn take(&mut self, heads: &Heads) -> Option<usize> {
        self.saved.retain(|app_id, _| heads.contains_key(app_id));
        let first = heads.keys().next()?;
        loop {
            if let Some(app_id) = &self.at
                && let Some((index, cost, _)) = heads.get(app_id)
                && let Some(saved) = self.saved.get_mut(app_id)
                && *saved >= u64::from(*cost)
            {
                *saved -= u64::from(*cost);
                return Some(*index);
            }
            let after = self.at.as_ref().and_then(|at| {
                heads.range::<AppId, _>((Excluded(at), Unbounded)).next().map(|(app_id, _)| app_id)
            });
            let app_id = after.unwrap_or(first).clone();
            let weight = heads.get(&app_id).map_or(1, |(_, _, weight)| u64::from((*weight).max(1)));
            *self.saved.entry(app_id.clone()).or_default() += weight * self.quantum;
            self.at = Some(app_id);
        }
    }
}

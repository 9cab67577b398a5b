//! Who gets how much of a receiver's downlink.

use std::{
    cmp::Reverse,
    time::{Duration, Instant},
};

use crate::ladder::Ladder;

/// Percent of the budget up to which layers that play are kept. The estimate breathes; a little
/// over it is not worth a switch.
const KEEP_PERCENT: u64 = 105;
/// The same for lowest layers: to pause a picture is worse than a short overload.
const KEEP_LOWEST_PERCENT: u64 = 125;
/// Percent of the budget up to which larger layers are added. The room up to 100 is what keeps
/// them from being taken away again at once.
const RAISE_PERCENT: u64 = 87;
/// A picture that was paused for this long is tried again although the estimate is too low. An
/// estimate that fell because of losses can stay where it is for good while only sound is sent.
const ATTEMPT_AFTER: Duration = Duration::from_secs(8);
/// Percent of the budget that such an attempt may take: much less than needed stays hopeless.
const ATTEMPT_PERCENT: u64 = 200;
/// How long an attempt may take to prove itself before it counts like any other picture.
const ATTEMPT_TIME: Duration = Duration::from_secs(4);
/// Nothing is raised for this long after something had to be lowered.
const FIRST_HOLD: Duration = Duration::from_secs(2);
/// The hold doubles up to this when a raise was undone soon after it.
const MAX_HOLD: Duration = Duration::from_secs(16);
/// A raise that lasted for this long was right.
const RAISE_PROVEN: Duration = Duration::from_secs(8);

/// What may be sent to a receiver without its sound, bits per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// For the lowest layers.
    pub lowest_bps: u64,
    /// For everything; not more than `lowest_bps`.
    pub total_bps: u64,
}

/// What one slot asks for.
#[derive(Debug, Clone, Copy)]
pub struct Demand {
    /// Larger is served first.
    pub priority: u8,
    /// Height of the tile, pixels.
    pub max_height: u16,
    /// The layers of its source.
    pub ladder: Ladder,
    /// What it has now.
    pub now: Now,
}

impl Demand {
    /// Whether the budget, not the tile, is why only this rung is wanted, below what plays.
    #[must_use]
    pub fn is_lowered_by(&self, wanted: usize) -> bool {
        let is_below = matches!(self.now, Now::Plays(before) if wanted < before);
        is_below && self.ladder.ideal(self.max_height).is_some_and(|ideal| wanted < ideal)
    }
}

/// What a slot has before the allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// Nothing yet: the source was just assigned.
    New,
    /// Nothing, since the downlink did not carry it.
    Paused,
    /// This rung of its ladder.
    Plays(usize),
}

/// What a slot gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The source sends nothing.
    Nothing,
    /// The downlink does not even carry the lowest layer.
    Pause,
    /// A layer.
    Play {
        /// The rung to forward: sent by the publisher now.
        playable: usize,
        /// The rung that would be forwarded if the publisher sent it.
        wanted: usize,
    },
}

/// The result of an allocation besides the choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// What would be sent if the downlink were endless, bits per second.
    pub desired_bps: u64,
    /// What will be sent, bits per second.
    pub used_bps: u64,
    /// Whether every slot has the layer it asks for.
    pub is_satisfied: bool,
}

/// Divides the budget of one receiver among its video slots.
///
/// Every slot gets its lowest layer before any gets more; then slots are raised by priority, those
/// of equal priority in turns, layer by layer.
#[derive(Debug, Clone, Default)]
pub struct Allocator {
    order: Vec<usize>,
    hold: Option<Hold>,
    raised_at: Option<Instant>,
    /// Since when something is paused.
    paused_at: Option<Instant>,
    attempt_until: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Hold {
    until: Instant,
    length: Duration,
}

impl Allocator {
    /// Fills `choices` with one choice per demand.
    pub fn allocate(
        &mut self,
        budget: Budget,
        demands: &[Demand],
        choices: &mut Vec<Choice>,
        now: Instant,
    ) -> Outcome {
        self.order.clear();
        self.order.extend(0..demands.len());
        self.order.sort_by_key(|index| {
            let demand = demands.get(*index);
            (Reverse(demand.map(|demand| (demand.priority, demand.max_height))), *index)
        });
        choices.clear();
        choices.resize(demands.len(), Choice::Nothing);

        let is_held = self.hold.is_some_and(|hold| now < hold.until);
        let attempts = self.paused_at.is_some_and(|at| now >= at + ATTEMPT_AFTER);
        let is_attempt = self.attempt_until.is_some_and(|until| now < until);
        let mut pass = Pass { budget, is_held, attempts, is_attempt, used_bps: 0 };
        for index in &self.order {
            if let (Some(demand), Some(choice)) = (demands.get(*index), choices.get_mut(*index)) {
                *choice = pass.lowest(demand);
            }
        }
        for group in self.order.chunk_by(|a, b| priority(demands, *a) == priority(demands, *b)) {
            pass.raise_group(group, demands, choices);
        }
        self.note_changes(demands, choices, now);
        Outcome { used_bps: pass.used_bps, ..outcome(demands, choices) }
    }

    fn note_changes(&mut self, demands: &[Demand], choices: &[Choice], now: Instant) {
        if choices.contains(&Choice::Pause) {
            self.paused_at.get_or_insert(now);
        } else if self.paused_at.take().is_some_and(|at| now >= at + ATTEMPT_AFTER) {
            self.attempt_until = Some(now + ATTEMPT_TIME);
        }
        let mut was_raised = false;
        let mut was_lowered = false;
        for (demand, choice) in demands.iter().zip(choices) {
            match (demand.now, choice) {
                (Now::Plays(_), Choice::Pause) => was_lowered = true,
                (Now::Plays(before), Choice::Play { playable, wanted }) => {
                    was_raised |= *playable > before;
                    was_lowered |= demand.is_lowered_by(*wanted);
                }
                (Now::Paused, Choice::Play { .. }) => was_raised = true,
                _ => {}
            }
        }
        if was_lowered {
            let is_undone = self.raised_at.is_some_and(|at| now < at + RAISE_PROVEN);
            let length = match self.hold {
                Some(hold) if is_undone => (hold.length * 2).min(MAX_HOLD),
                _ => FIRST_HOLD,
            };
            self.hold = Some(Hold { until: now + length, length });
        } else if was_raised {
            self.raised_at = Some(now);
        }
    }
}

fn priority(demands: &[Demand], index: usize) -> Option<u8> {
    demands.get(index).map(|demand| demand.priority)
}

fn outcome(demands: &[Demand], choices: &[Choice]) -> Outcome {
    let mut outcome = Outcome { desired_bps: 0, used_bps: 0, is_satisfied: true };
    for (demand, choice) in demands.iter().zip(choices) {
        let Some(ideal) = demand.ladder.ideal(demand.max_height) else {
            continue;
        };
        let known = demand.ladder.rungs().iter().take(ideal + 1).rfind(|rung| rung.was_seen);
        outcome.desired_bps += known.map_or(0, |rung| rung.bitrate_bps);
        outcome.is_satisfied &= match choice {
            Choice::Nothing => true,
            Choice::Pause => false,
            Choice::Play { wanted, .. } => *wanted >= ideal,
        };
    }
    outcome
}

/// What the lowest layers of all demands take, bits per second.
#[must_use]
pub fn smallest_bps(demands: &[Demand]) -> u64 {
    let lowest = |demand: &Demand| Some(bitrate(demand, demand.ladder.lowest_live()?));
    demands.iter().filter_map(lowest).sum()
}

/// One allocation under way.
struct Pass {
    budget: Budget,
    is_held: bool,
    /// Whether paused pictures are tried.
    attempts: bool,
    /// Whether some are being tried.
    is_attempt: bool,
    used_bps: u64,
}

impl Pass {
    fn lowest(&mut self, demand: &Demand) -> Choice {
        let Some(lowest) = demand.ladder.lowest_live() else {
            return Choice::Nothing;
        };
        let cost = bitrate(demand, lowest);
        let percent = match demand.now {
            Now::New => 100,
            Now::Plays(_) if self.is_attempt => ATTEMPT_PERCENT,
            Now::Plays(_) => KEEP_LOWEST_PERCENT,
            Now::Paused if self.is_held => 0,
            Now::Paused if self.attempts => ATTEMPT_PERCENT,
            Now::Paused => RAISE_PERCENT,
        };
        if (self.used_bps + cost) * 100 > self.budget.lowest_bps.saturating_mul(percent) {
            return Choice::Pause;
        }
        self.used_bps += cost;
        Choice::Play { playable: lowest, wanted: lowest }
    }

    /// Raises the slots of one priority in turns, until nothing moves any more.
    fn raise_group(&mut self, group: &[usize], demands: &[Demand], choices: &mut [Choice]) {
        let mut is_moving = true;
        while is_moving {
            is_moving = false;
            for index in group {
                let (Some(demand), Some(choice)) = (demands.get(*index), choices.get_mut(*index))
                else {
                    continue;
                };
                is_moving |= self.raise_by_one(demand, choice);
            }
        }
    }

    fn raise_by_one(&mut self, demand: &Demand, choice: &mut Choice) -> bool {
        let Choice::Play { playable, wanted } = *choice else {
            return false;
        };
        if demand.ladder.ideal(demand.max_height).is_none_or(|ideal| wanted >= ideal) {
            return false;
        }
        let next = wanted + 1;
        let extra = bitrate(demand, next).saturating_sub(bitrate(demand, playable));
        let fits = match demand.now {
            Now::Plays(before) if next <= before => self.fits(extra, KEEP_PERCENT),
            Now::New => self.fits(extra, 100),
            Now::Plays(_) | Now::Paused => !self.is_held && self.fits(extra, RAISE_PERCENT),
        };
        if !fits {
            return false;
        }
        let is_live = demand.ladder.rungs().get(next).is_some_and(|rung| rung.is_live);
        if is_live {
            self.used_bps += extra;
        }
        *choice = Choice::Play { playable: if is_live { next } else { playable }, wanted: next };
        true
    }

    const fn fits(&self, extra_bps: u64, percent: u64) -> bool {
        (self.used_bps + extra_bps) * 100 <= self.budget.total_bps.saturating_mul(percent)
    }
}

fn bitrate(demand: &Demand, rung: usize) -> u64 {
    demand.ladder.rungs().get(rung).map_or(0, |rung| rung.bitrate_bps)
}

#[cfg(test)]
mod tests;

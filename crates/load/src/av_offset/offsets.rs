//! How far beeps are behind their flashes.

use std::{collections::HashMap, fmt};

use anyhow::{bail, ensure};
use jumpa_protocol::ParticipantId;

use super::{Cue, Onsets};

/// What nobody notices, milliseconds: ITU-R BT.1359-1 has sound up to 45 ms early as detectable.
pub const LIMIT_MS: f64 = 45.0;

/// How far from its place in the recording a flash or a beep is looked for, seconds. Less than half
/// of the time between two turns, so that none is taken for another.
const REACH: f64 = 0.4;

/// The share of cues that has to be found. Where the programs of a busy machine find no processor,
/// the senders leave pictures out, and the next one that can be decoded may be a second away.
const ENOUGH: f64 = 0.6;

/// Of a stay with so many cues or more, half have to be found: whoever is never seen is no small share
/// of a long call.
const STAY: usize = 4;

/// How many of the offsets that are too large are told.
const FAR_TOLD: usize = 20;

/// How much of a recording is its start, and its end.
const EDGE: f64 = 0.1;

/// Offsets of beeps to flashes: negative when the sound is early. What was apart already when it was
/// taken is subtracted.
#[derive(Debug, Clone, PartialEq)]
pub struct Offsets {
    /// Second in the recording, and milliseconds; in order, never empty.
    found: Vec<(f64, f64)>,
    cues: usize,
}

impl Offsets {
    /// Finds the flash and the beep of each cue in a recording that began so many milliseconds
    /// after 1970.
    ///
    /// # Errors
    /// When too many are missing.
    pub fn measure(cues: &[Cue], onsets: &Onsets, zero_ms: f64) -> anyhow::Result<Self> {
        let mut found = Vec::new();
        let mut stays: HashMap<ParticipantId, (usize, usize)> = HashMap::new();
        for cue in cues {
            let (sent, seen) = stays.entry(cue.participant_id).or_default();
            *sent += 1;
            let flash_at = (cue.flash_ms - zero_ms) / 1e3;
            let beep_at = (cue.beep_ms - zero_ms) / 1e3;
            let nearest = (nearest(&onsets.flashes, flash_at), nearest(&onsets.beeps, beep_at));
            if let (Some(flash), Some(beep)) = nearest {
                let offset = (beep - flash) * 1e3 - (cue.beep_ms - cue.flash_ms);
                found.push((flash, offset));
                *seen += 1;
            }
        }
        for (sent, seen) in stays.values() {
            ensure!(
                *sent < STAY || 2 * seen >= *sent,
                "of {sent} flashes with beeps of somebody's stay only {seen} are in the recording"
            );
        }
        found.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let offsets = Self { found, cues: cues.len() };
        ensure!(
            !offsets.found.is_empty() && offsets.found.len() as f64 >= ENOUGH * cues.len() as f64,
            "of {} flashes with beeps only {} are in the recording ({} flashes, {} beeps)",
            cues.len(),
            offsets.found.len(),
            onsets.flashes.len(),
            onsets.beeps.len()
        );
        Ok(offsets)
    }

    /// Cues that were sent, and those of them that were found.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.cues, self.found.len())
    }

    /// The smallest, the middle and the largest, milliseconds.
    #[must_use]
    pub fn range(&self) -> (f64, f64, f64) {
        let sorted = sorted(&self.found);
        (sorted[0], median(&self.found), sorted[sorted.len() - 1])
    }

    /// The middle of the first tenth and of the last, milliseconds.
    #[must_use]
    pub fn edges(&self) -> (f64, f64) {
        let few = ((self.found.len() as f64 * EDGE) as usize).max(1);
        (median(&self.found[..few]), median(&self.found[self.found.len() - few..]))
    }

    /// How the offset grows, milliseconds in an hour (least squares). Says nothing about a short
    /// recording, where it is the noise of few pictures times a large number.
    #[must_use]
    pub fn drift_per_hour(&self) -> f64 {
        let count = self.found.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| self.found.iter().map(of).sum::<f64>() / count;
        let (middle, offset) = (mean(|found| found.0), mean(|found| found.1));
        let (mut both, mut square) = (0.0, 0.0);
        for (at, value) in &self.found {
            both += (at - middle) * (value - offset);
            square += (at - middle).powi(2);
        }
        if square > 0.0 { both / square * 3_600.0 } else { 0.0 }
    }

    /// Whether all are as near as nobody notices.
    ///
    /// # Errors
    /// When one is not.
    pub fn check(&self) -> anyhow::Result<()> {
        let far: Vec<_> = self.found.iter().filter(|(_, offset)| offset.abs() > LIMIT_MS).collect();
        if far.is_empty() {
            return Ok(());
        }
        let all = self.found.len();
        let told = |(at, offset): &&(f64, f64)| format!("{offset:+.1} ms at {at:.1} s");
        let first: Vec<String> = far.iter().take(FAR_TOLD).map(told).collect();
        let first = first.join(", ");
        bail!("{} of {all} offsets are beyond ±{LIMIT_MS} ms: {first}", far.len())
    }
}

impl fmt::Display for Offsets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (least, middle, most) = self.range();
        let (start, end) = self.edges();
        write!(
            f,
            "least {least:+.1} ms, middle {middle:+.1} ms, most {most:+.1} ms, at the start \
             {start:+.1} ms, at the end {end:+.1} ms, {:+.1} ms per hour; {} of {}",
            self.drift_per_hour(),
            self.found.len(),
            self.cues
        )
    }
}

/// The nearest of times that are in order.
fn nearest(times: &[f64], at: f64) -> Option<f64> {
    let behind = times.partition_point(|time| *time < at);
    let near = times[behind.saturating_sub(1)..].iter().take(2).copied();
    near.filter(|time| (time - at).abs() < REACH)
        .min_by(|one, other| (one - at).abs().total_cmp(&(other - at).abs()))
}

fn sorted(found: &[(f64, f64)]) -> Vec<f64> {
    let mut sorted: Vec<f64> = found.iter().map(|(_, offset)| *offset).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn median(found: &[(f64, f64)]) -> f64 {
    let sorted = sorted(found);
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZERO_MS: f64 = 1_790_000_000_000.0;

    /// An hour in which the sound, taken 4 ms after the picture, falls behind.
    fn measured(behind_ms: f64, missing: usize) -> anyhow::Result<Offsets> {
        let participant_id = ParticipantId::generate();
        let mut onsets = Onsets::default();
        let cues: Vec<Cue> = (0..1_200)
            .map(|number| {
                let at = f64::from(number) * 3.0;
                onsets.flashes.push(at);
                onsets.beeps.push(at + 0.004 + behind_ms / 1e3 * at / 3_600.0);
                let flash_ms = ZERO_MS + at * 1e3;
                Cue { participant_id, flash_ms, beep_ms: flash_ms + 4.0 }
            })
            .collect();
        onsets.flashes.drain(100..100 + missing);
        Offsets::measure(&cues, &onsets, ZERO_MS)
    }

    #[test]
    fn sound_that_falls_behind_is_found() {
        let offsets = measured(100.0, 10).unwrap();
        let near = |value: f64, wanted: f64| assert!((value - wanted).abs() < 0.1, "{value}");
        let (least, _, most) = offsets.range();
        near(least, 0.0);
        near(most, 99.9);
        near(offsets.edges().0, 5.0);
        near(offsets.edges().1, 95.0);
        near(offsets.drift_per_hour(), 100.0);
        assert_eq!(offsets.counts(), (1_200, 1_190));
        assert!(offsets.check().is_err());
        assert!(measured(44.0, 0).unwrap().check().is_ok());
    }

    #[test]
    fn a_recording_that_misses_much_is_not_measured() {
        assert!(measured(0.0, 700).is_err());
    }

    #[test]
    fn a_recording_that_misses_somebody_is_not_measured() {
        let [siti, dewi] = [(); 2].map(|()| ParticipantId::generate());
        let cues = |dewis: i32| {
            let of = |participant_id| {
                move |number| {
                    let flash_ms = ZERO_MS + f64::from(number) * 1e3;
                    Cue { participant_id, flash_ms, beep_ms: flash_ms }
                }
            };
            (0..90).map(of(siti)).chain((90..90 + dewis).map(of(dewi))).collect::<Vec<_>>()
        };
        let times: Vec<f64> = (0..90).map(f64::from).collect();
        let onsets = Onsets { flashes: times.clone(), beeps: times };
        assert!(Offsets::measure(&cues(3), &onsets, ZERO_MS).is_ok(), "three may be bad luck");
        assert!(Offsets::measure(&cues(9), &onsets, ZERO_MS).is_err());
    }
}

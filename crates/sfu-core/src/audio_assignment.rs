//! Which voices a receiver hears.

use std::time::Duration;

/// A voice that has been silent for this long may lose its slot to one that speaks. Shorter cuts
/// into answers like "yes", longer makes the sixth speaker wait.
const HOLD: Duration = Duration::from_millis(1_000);
/// When everybody in a slot speaks: how much louder a newcomer has to be, dB.
const TAKE_OVER_DB: f32 = 10.0;

/// A sound that could be heard. `K` names its source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sound<K> {
    /// Its source.
    pub key: K,
    /// −dBov: smaller is louder.
    pub level: f32,
    /// Since when it is silent; zero while it speaks, `None` when it never spoke.
    pub silent_for: Option<Duration>,
}

impl<K> Sound<K> {
    fn is_speaking(&self) -> bool {
        self.silent_for == Some(Duration::ZERO)
    }

    fn is_idle(&self) -> bool {
        self.silent_for.is_none_or(|silent| silent >= HOLD)
    }
}

/// Orders sounds by their claim on a slot: speaking ones first, then the most recent, then the
/// loudest.
pub fn sort_by_claim<K>(sounds: &mut [Sound<K>]) {
    sounds.sort_by(|a, b| {
        let silent = |sound: &Sound<K>| sound.silent_for.unwrap_or(Duration::MAX);
        silent(a).cmp(&silent(b)).then(a.level.total_cmp(&b.level))
    });
}

/// Puts sounds into the slots of one receiver; `true` when a slot changed.
///
/// `sounds` is ordered by [`sort_by_claim`] and is all that may be heard; `is_own` tells the
/// receiver's own. Whoever has a slot keeps it as long as nobody with a better claim needs it, so
/// with as many slots as sounds nothing ever moves.
pub fn assign<K: Copy + PartialEq>(
    slots: &mut [Option<K>],
    sounds: &[Sound<K>],
    is_own: impl Fn(K) -> bool,
) -> bool {
    let mut has_changed = false;
    for slot in slots.iter_mut() {
        let is_gone = |key: &K| !sounds.iter().any(|sound| sound.key == *key);
        if slot.as_ref().is_some_and(is_gone) {
            *slot = None;
            has_changed = true;
        }
    }
    for sound in sounds.iter().filter(|sound| !is_own(sound.key)) {
        if slots.contains(&Some(sound.key)) {
            continue;
        }
        let place =
            slots.iter().position(Option::is_none).or_else(|| weakest(slots, sounds, sound));
        match place.and_then(|index| slots.get_mut(index)) {
            Some(slot) => *slot = Some(sound.key),
            // Everything after it has a weaker claim still.
            None => break,
        }
        has_changed = true;
    }
    has_changed
}

/// The slot that a newcomer may take, if there is one.
fn weakest<K: Copy + PartialEq>(
    slots: &[Option<K>],
    sounds: &[Sound<K>],
    newcomer: &Sound<K>,
) -> Option<usize> {
    if !newcomer.is_speaking() {
        return None;
    }
    // The order of claims: the last of those in slots has the weakest.
    let (index, occupant) = sounds.iter().rev().find_map(|sound| {
        slots.iter().position(|slot| *slot == Some(sound.key)).map(|index| (index, sound))
    })?;
    let gives_way = occupant.is_idle()
        || occupant.is_speaking() && newcomer.level + TAKE_OVER_DB <= occupant.level;
    gives_way.then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaking(key: u32, level: f32) -> Sound<u32> {
        Sound { key, level, silent_for: Some(Duration::ZERO) }
    }

    fn silent(key: u32, ms: u64) -> Sound<u32> {
        Sound { key, level: 127.0, silent_for: Some(Duration::from_millis(ms)) }
    }

    fn assigned(slots: &mut [Option<u32>], sounds: &[Sound<u32>]) -> bool {
        let mut sounds = sounds.to_vec();
        sort_by_claim(&mut sounds);
        assign(slots, &sounds, |key| key == 0)
    }

    #[test]
    fn with_enough_slots_everybody_has_one_and_keeps_it() {
        let mut slots = [None; 3];
        assert!(assigned(&mut slots, &[silent(1, 60_000), speaking(2, 30.0), silent(3, 60_000)]));
        let first = slots;
        assert!(first.iter().all(Option::is_some));
        assert!(!assigned(&mut slots, &[speaking(1, 20.0), silent(2, 60_000), silent(3, 60_000)]));
        assert_eq!(slots, first);
    }

    #[test]
    fn nobody_hears_themselves() {
        let mut slots = [None; 3];
        assigned(&mut slots, &[speaking(0, 10.0), speaking(1, 20.0)]);
        assert_eq!(slots, [Some(1), None, None]);
    }

    #[test]
    fn a_new_speaker_takes_the_slot_of_whoever_is_silent_longest() {
        let mut slots = [Some(1), Some(2)];
        let sounds = [silent(1, 9_000), silent(2, 3_000), speaking(3, 40.0)];
        assert!(assigned(&mut slots, &sounds));
        assert_eq!(slots, [Some(3), Some(2)]);
    }

    #[test]
    fn a_short_pause_does_not_cost_the_slot() {
        let mut slots = [Some(1), Some(2)];
        let sounds = [silent(1, 700), speaking(2, 30.0), speaking(3, 20.0)];
        assert!(!assigned(&mut slots, &sounds));
    }

    #[test]
    fn silence_never_takes_a_slot() {
        let mut slots = [Some(1), Some(2)];
        let sounds = [silent(1, 9_000), silent(2, 9_000), silent(3, 100)];
        assert!(!assigned(&mut slots, &sounds));
    }

    #[test]
    fn when_everybody_speaks_only_a_clearly_louder_voice_takes_over() {
        let mut slots = [Some(1), Some(2)];
        assert!(!assigned(&mut slots, &[speaking(1, 35.0), speaking(2, 30.0), speaking(3, 28.0)]));
        assert!(assigned(&mut slots, &[speaking(1, 35.0), speaking(2, 30.0), speaking(3, 20.0)]));
        assert_eq!(slots, [Some(3), Some(2)]);
    }

    #[test]
    fn a_sound_that_is_gone_frees_its_slot() {
        let mut slots = [Some(1), Some(2)];
        assert!(assigned(&mut slots, &[silent(2, 9_000)]));
        assert_eq!(slots, [None, Some(2)]);
    }

    #[test]
    fn a_sound_never_has_two_slots() {
        let mut slots = [None; 4];
        for _ in 0..3 {
            assigned(&mut slots, &[speaking(1, 30.0), speaking(2, 30.0)]);
        }
        assert_eq!(slots.iter().flatten().count(), 2);
    }
}

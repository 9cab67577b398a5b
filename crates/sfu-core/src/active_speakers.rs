//! Who speaks in a call.

use std::time::{Duration, Instant};

use jumpa_protocol::limits;

use crate::voice::Voice;

/// How long a silent participant keeps its place among the active speakers.
///
/// Shorter makes the layout jump in lively talk, longer shows people who stopped speaking.
const SPEAKER_HOLD: Duration = Duration::from_millis(2_500);
/// Speech shorter than this does not make a speaker: a cough, a door.
const MIN_SPEECH: Duration = Duration::from_millis(300);
/// A pause of the dominant speaker after which another one may take over.
const HANDOVER_PAUSE: Duration = Duration::from_millis(600);
/// How long somebody has to be clearly louder to take over from a dominant speaker without a pause.
const INTERRUPTION: Duration = Duration::from_millis(1_500);
/// What "clearly louder" means, dB.
const INTERRUPTION_DB: f32 = 8.0;
/// Most speakers that are told.
const MAX_SPEAKERS: usize = limits::DEFAULT_AUDIO_SLOTS as usize;

/// The list of those who speak, the dominant speaker first. `K` names a participant.
#[derive(Debug, Clone)]
pub struct ActiveSpeakers<K> {
    dominant: Option<K>,
    /// The dominant speaker of the last talk, for layouts that always show somebody.
    last_dominant: Option<K>,
    louder: Option<(K, Instant)>,
    /// Most recent first, without regard to who is dominant.
    recent: Vec<K>,
    list: Vec<K>,
}

impl<K> Default for ActiveSpeakers<K> {
    fn default() -> Self {
        Self {
            dominant: None,
            last_dominant: None,
            louder: None,
            recent: Vec::new(),
            list: Vec::new(),
        }
    }
}

impl<K: Copy + PartialEq> ActiveSpeakers<K> {
    /// Looks at all open microphones. Returns the list when it changed.
    pub fn update<'a>(
        &mut self,
        voices: impl Iterator<Item = (K, &'a Voice)> + Clone,
        now: Instant,
    ) -> Option<&[K]> {
        let speaks =
            |voice: &Voice| voice.speaking_since().is_some_and(|since| now >= since + MIN_SPEECH);
        for (key, voice) in voices.clone() {
            if speaks(voice) && !self.recent.contains(&key) {
                self.recent.insert(0, key);
            }
        }
        let is_held =
            |voice: &Voice| voice.silent_for(now).is_some_and(|silent| silent < SPEAKER_HOLD);
        self.recent
            .retain(|key| voices.clone().any(|(other, voice)| other == *key && is_held(voice)));
        self.choose_dominant(voices, speaks, now);

        let dominant = self.dominant;
        let others = self.recent.iter().copied().filter(|key| Some(*key) != dominant);
        let list = dominant.into_iter().chain(others).take(MAX_SPEAKERS);
        if list.clone().eq(self.list.iter().copied()) {
            return None;
        }
        self.list = list.collect();
        Some(&self.list)
    }

    /// The dominant speaker, or who was it last.
    #[must_use]
    pub const fn last_dominant(&self) -> Option<K> {
        self.last_dominant
    }

    /// Forgets a participant that left.
    pub fn forget(&mut self, key: K) {
        self.dominant = self.dominant.filter(|dominant| *dominant != key);
        self.last_dominant = self.last_dominant.filter(|dominant| *dominant != key);
        self.louder = self.louder.filter(|(louder, _)| *louder != key);
        self.recent.retain(|other| *other != key);
    }

    fn choose_dominant<'a>(
        &mut self,
        voices: impl Iterator<Item = (K, &'a Voice)> + Clone,
        speaks: impl Fn(&Voice) -> bool,
        now: Instant,
    ) {
        self.dominant = self.dominant.filter(|key| self.recent.contains(key));
        let present = self.dominant.and_then(|dominant| {
            voices.clone().find(|(key, _)| *key == dominant).map(|(_, voice)| voice)
        });
        let challenger = voices
            .filter(|(key, voice)| Some(*key) != self.dominant && speaks(voice))
            .min_by(|(_, a), (_, b)| a.level().total_cmp(&b.level()));
        let Some((key, voice)) = challenger else {
            self.louder = None;
            return;
        };
        let is_free = present.is_none_or(|voice| {
            voice.silent_for(now).is_none_or(|silent| silent >= HANDOVER_PAUSE)
        });
        if is_free || self.interrupts(key, voice, present, now) {
            self.promote(key);
        }
    }

    /// Whether somebody has been clearly louder than the dominant speaker for long enough.
    fn interrupts(&mut self, key: K, voice: &Voice, present: Option<&Voice>, now: Instant) -> bool {
        let is_louder =
            present.is_some_and(|present| voice.level() + INTERRUPTION_DB <= present.level());
        if !is_louder {
            self.louder = None;
            return false;
        }
        let since = match self.louder {
            Some((other, since)) if other == key => since,
            _ => now,
        };
        self.louder = Some((key, since));
        now >= since + INTERRUPTION
    }

    fn promote(&mut self, key: K) {
        self.dominant = Some(key);
        self.last_dominant = Some(key);
        self.louder = None;
        self.recent.retain(|other| *other != key);
        self.recent.insert(0, key);
    }
}

#[cfg(test)]
mod tests {
    use jumpa_netsim::epoch;

    use super::*;

    const SILENT: u8 = 127;
    const SOFT: u8 = 40;
    const LOUD: u8 = 25;

    struct Talk {
        speakers: ActiveSpeakers<usize>,
        voices: Vec<Voice>,
        ms: u64,
        changes: Vec<Vec<usize>>,
    }

    impl Talk {
        fn of(people: usize) -> Self {
            Self {
                speakers: ActiveSpeakers::default(),
                voices: vec![Voice::default(); people],
                ms: 0,
                changes: Vec::new(),
            }
        }

        /// Everybody sends packets of 20 ms with these levels.
        fn go(&mut self, levels: &[u8], ms: u64) {
            for at in (self.ms..self.ms + ms).step_by(20) {
                let now = epoch() + Duration::from_millis(at);
                for (voice, level) in self.voices.iter_mut().zip(levels) {
                    voice.push(Some(*level), now);
                }
                if at % 100 == 0 {
                    let voices = self.voices.iter().enumerate();
                    if let Some(list) = self.speakers.update(voices, now) {
                        self.changes.push(list.to_vec());
                    }
                }
            }
            self.ms += ms;
        }

        fn list(&self) -> &[usize] {
            &self.speakers.list
        }
    }

    #[test]
    fn who_speaks_is_told_once() {
        let mut talk = Talk::of(3);
        talk.go(&[SILENT, LOUD, SILENT], 5_000);
        assert_eq!(talk.changes, [[1]]);
    }

    #[test]
    fn a_cough_is_nobody_speaking() {
        let mut talk = Talk::of(2);
        talk.go(&[LOUD, SILENT], 160);
        talk.go(&[SILENT, SILENT], 3_000);
        assert!(talk.changes.is_empty(), "{:?}", talk.changes);
    }

    #[test]
    fn the_list_has_the_most_recent_dominant_speaker_first() {
        let mut talk = Talk::of(3);
        talk.go(&[LOUD, SILENT, SILENT], 2_000);
        talk.go(&[SILENT, LOUD, SILENT], 2_000);
        assert_eq!(talk.list(), [1, 0]);
    }

    #[test]
    fn a_pause_between_sentences_keeps_the_dominant_speaker() {
        let mut talk = Talk::of(2);
        talk.go(&[LOUD, SILENT], 2_000);
        talk.go(&[SILENT, SILENT], 800);
        talk.go(&[LOUD, SILENT], 2_000);
        assert_eq!(talk.changes, [[0]]);
    }

    #[test]
    fn silence_empties_the_list_after_the_hold_but_the_last_speaker_is_remembered() {
        let mut talk = Talk::of(2);
        talk.go(&[LOUD, SILENT], 2_000);
        talk.go(&[SILENT, SILENT], 2_000);
        assert_eq!(talk.list(), [0]);
        talk.go(&[SILENT, SILENT], 2_000);
        assert_eq!(talk.list(), [0; 0]);
        assert_eq!(talk.speakers.last_dominant(), Some(0));
    }

    #[test]
    fn an_equally_loud_second_voice_does_not_take_over() {
        let mut talk = Talk::of(2);
        talk.go(&[LOUD, SILENT], 2_000);
        talk.go(&[LOUD, LOUD], 5_000);
        assert_eq!(talk.list(), [0, 1]);
    }

    #[test]
    fn a_clearly_louder_voice_takes_over_after_a_while() {
        let mut talk = Talk::of(2);
        talk.go(&[SOFT, SILENT], 2_000);
        talk.go(&[SOFT, LOUD], 1_000);
        assert_eq!(talk.list(), [0, 1]);
        talk.go(&[SOFT, LOUD], 2_000);
        assert_eq!(talk.list(), [1, 0]);
    }

    #[test]
    fn the_list_is_bounded() {
        let mut talk = Talk::of(12);
        talk.go(&[LOUD; 12], 2_000);
        assert_eq!(talk.list().len(), MAX_SPEAKERS);
    }

    #[test]
    fn somebody_who_left_is_not_in_the_list() {
        let mut talk = Talk::of(2);
        talk.go(&[SILENT, LOUD], 2_000);
        talk.voices.pop();
        talk.speakers.forget(1);
        talk.go(&[SILENT], 200);
        assert_eq!(talk.list(), [0; 0]);
        assert_eq!(talk.speakers.last_dominant(), None);
    }
}

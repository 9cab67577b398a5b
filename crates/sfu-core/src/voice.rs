//! Whether somebody speaks.

use std::time::{Duration, Instant};

/// Level in −dBov at which speech begins; talk into a headset is between 15 and 40.
const SPEECH_BEGINS: f32 = 50.0;
/// Level in −dBov at which it ends. The distance keeps the ends of words from counting as pauses.
const SPEECH_ENDS: f32 = 58.0;
/// Level of packets without the audio-level extension (RFC 6464): they count as speech, or nobody
/// would ever hear an encoder that does not send it.
const ASSUMED_LEVEL: u8 = 40;
/// The lowest level, digital silence.
const SILENCE: u8 = 127;
/// Share of a new louder level: three packets of 20 ms make two thirds of the step.
const ATTACK: f32 = 0.3;
/// Share of a new softer level: words run together, sentences do not.
const DECAY: f32 = 0.08;
/// A stream without packets for this long is silent: muted, or in discontinuous transmission.
const STALE: Duration = Duration::from_millis(500);

/// Follows the level of one microphone.
#[derive(Debug, Clone)]
pub struct Voice {
    level: f32,
    last_packet: Option<Instant>,
    speaking_since: Option<Instant>,
    spoke_until: Option<Instant>,
}

impl Default for Voice {
    fn default() -> Self {
        Self {
            level: f32::from(SILENCE),
            last_packet: None,
            speaking_since: None,
            spoke_until: None,
        }
    }
}

impl Voice {
    /// Takes the level of a packet in −dBov, 0 (loudest) to 127. Returns whether speech begins.
    pub fn push(&mut self, level: Option<u8>, now: Instant) -> bool {
        let level = f32::from(level.unwrap_or(ASSUMED_LEVEL).min(SILENCE));
        let share = if level < self.level { ATTACK } else { DECAY };
        self.level += (level - self.level) * share;
        self.last_packet = Some(now);
        self.update(now)
    }

    /// Ends the speech of a stream that stopped.
    pub fn tick(&mut self, now: Instant) {
        if self.last_packet.is_none_or(|at| now >= at + STALE) {
            self.level = f32::from(SILENCE);
            self.update(now);
        }
    }

    /// Forgets everything, for a source that was closed.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The smoothed level, −dBov: smaller is louder.
    #[must_use]
    pub const fn level(&self) -> f32 {
        self.level
    }

    /// Since when it speaks without a pause.
    #[must_use]
    pub const fn speaking_since(&self) -> Option<Instant> {
        self.speaking_since
    }

    /// For how long it has been silent; zero while it speaks, `None` when it never spoke.
    #[must_use]
    pub fn silent_for(&self, now: Instant) -> Option<Duration> {
        if self.speaking_since.is_some() {
            return Some(Duration::ZERO);
        }
        self.spoke_until.map(|until| now.saturating_duration_since(until))
    }

    fn update(&mut self, now: Instant) -> bool {
        if self.speaking_since.is_none() && self.level <= SPEECH_BEGINS {
            self.speaking_since = Some(now);
            return true;
        }
        if self.speaking_since.is_some() && self.level >= SPEECH_ENDS {
            self.speaking_since = None;
            self.spoke_until = Some(now);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use jumpa_netsim::epoch;

    use super::*;

    const PACKET: Duration = Duration::from_millis(20);

    fn talk(voice: &mut Voice, level: u8, from: Instant, packets: u32) -> Instant {
        (0..packets).for_each(|number| {
            voice.push(Some(level), from + PACKET * number);
        });
        from + PACKET * packets
    }

    #[test]
    fn speech_begins_within_a_tenth_of_a_second() {
        let mut voice = Voice::default();
        talk(&mut voice, 25, epoch(), 5);
        assert!(voice.speaking_since().is_some());
    }

    #[test]
    fn noise_is_not_speech() {
        let mut voice = Voice::default();
        talk(&mut voice, 65, epoch(), 500);
        assert_eq!(voice.speaking_since(), None);
    }

    #[test]
    fn the_gap_between_two_words_does_not_end_speech() {
        let mut voice = Voice::default();
        let at = talk(&mut voice, 25, epoch(), 50);
        talk(&mut voice, 80, at, 6);
        assert!(voice.speaking_since().is_some());
    }

    #[test]
    fn a_second_of_silence_ends_speech() {
        let mut voice = Voice::default();
        let at = talk(&mut voice, 25, epoch(), 50);
        let at = talk(&mut voice, 127, at, 50);
        assert_eq!(voice.speaking_since(), None);
        assert!(voice.silent_for(at).is_some_and(|silent| silent > Duration::from_millis(400)));
    }

    #[test]
    fn a_stream_that_stops_is_silent() {
        let mut voice = Voice::default();
        let at = talk(&mut voice, 25, epoch(), 50);
        voice.tick(at + Duration::from_millis(300));
        assert!(voice.speaking_since().is_some());
        voice.tick(at + STALE);
        assert_eq!(voice.speaking_since(), None);
    }

    #[test]
    fn an_encoder_without_levels_counts_as_speaking() {
        let mut voice = Voice::default();
        let begins = (0..20).any(|number| voice.push(None, epoch() + PACKET * number));
        assert!(begins);
    }
}

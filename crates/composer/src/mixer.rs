//! Sound: every voice at its place on the clock of the recording, and all of them together.

use std::collections::VecDeque;

/// Samples in a second.
pub const SAMPLE_RATE: u64 = 48_000;

/// A sample of both channels.
pub type Sample = [f32; 2];

/// What follows so closely on the sound before is its continuation: times in files are rounded to
/// milliseconds, and follow the drift of crystals. 60 ms.
const CONTINUES: u64 = SAMPLE_RATE * 60 / 1_000;

/// A voice is where it should be when it is off by no more: 2 ms.
const STRAY: i64 = SAMPLE_RATE as i64 * 2 / 1_000;

/// So many samples are put in or left out of a packet to bring a voice back to its place. Of 20 ms
/// this is half a percent, which nobody hears.
const MAX_STRETCH: i64 = 5;

/// Sound that begins amidst a wave does so over 2.5 ms, or there is a click.
const FADE: usize = SAMPLE_RATE as usize / 400;

/// The loudest that is let through.
const CEILING: f32 = 0.97;

/// After a loud moment the mix comes back to its loudness within a quarter of a second.
const RELEASE: f32 = 4.0 / SAMPLE_RATE as f32;

/// The sound of one source.
#[derive(Debug, Default)]
pub struct Voice {
    samples: VecDeque<Sample>,
    /// The place of the first of them.
    begin: u64,
}

impl Voice {
    /// Takes decoded sound that should begin at a sample of the recording.
    pub fn push(&mut self, at: u64, samples: &[Sample]) {
        let end = self.begin + self.samples.len() as u64;
        let is_first = self.samples.is_empty();
        if is_first && at != end || at > end + CONTINUES {
            if is_first {
                self.begin = self.begin.max(at);
            } else {
                self.samples.extend((end..at).map(|_| [0.0; 2]));
            }
            let faded = samples.iter().enumerate().map(|(index, [left, right])| {
                let gain = (index as f32 / FADE as f32).min(1.0);
                [left * gain, right * gain]
            });
            self.samples.extend(faded);
            return;
        }
        if at + CONTINUES < end {
            // Heard already.
            let heard = (end - at) as usize;
            self.samples.extend(samples.iter().skip(heard));
            return;
        }
        let stray = at as i64 - end as i64;
        let stretch = if stray.abs() > STRAY { stray.clamp(-MAX_STRETCH, MAX_STRETCH) } else { 0 };
        self.samples.extend(stretched(samples, stretch));
    }

    /// Adds the sound from a sample on to `mix`, and forgets it.
    pub fn add_to(&mut self, from: u64, mix: &mut [Sample]) {
        let past = from.saturating_sub(self.begin).min(self.samples.len() as u64);
        self.samples.drain(..past as usize);
        self.begin = if self.samples.is_empty() { self.begin.max(from) } else { self.begin + past };
        let silent = self.begin.saturating_sub(from) as usize;
        if self.samples.is_empty() || silent >= mix.len() {
            return;
        }
        let heard = self.samples.len().min(mix.len() - silent);
        for (out, sample) in mix.iter_mut().skip(silent).zip(self.samples.drain(..heard)) {
            out[0] += sample[0];
            out[1] += sample[1];
        }
        self.begin += heard as u64;
    }
}

/// Sound made longer by so many samples, or shorter.
fn stretched(samples: &[Sample], by: i64) -> impl Iterator<Item = Sample> {
    let count = samples.len().saturating_add_signed(by as isize);
    let step = samples.len() as f64 / count.max(1) as f64;
    (0..count).filter_map(move |index| {
        if by == 0 {
            return samples.get(index).copied();
        }
        let place = index as f64 * step;
        let (whole, part) = (place as usize, place.fract() as f32);
        let here = samples.get(whole)?;
        let next = samples.get(whole + 1).unwrap_or(here);
        Some([0, 1].map(|side| here[side] + (next[side] - here[side]) * part))
    })
}

/// Keeps the sum of many voices from being cut off.
#[derive(Debug)]
pub struct Limiter {
    gain: f32,
}

impl Default for Limiter {
    fn default() -> Self {
        Self { gain: 1.0 }
    }
}

impl Limiter {
    /// Makes what is too loud quieter, and lets go of it slowly.
    pub fn apply(&mut self, mix: &mut [Sample]) {
        for sample in mix {
            let peak = sample[0].abs().max(sample[1].abs());
            self.gain = (self.gain + RELEASE).min(1.0);
            if peak * self.gain > CEILING {
                self.gain = CEILING / peak;
            }
            sample[0] *= self.gain;
            sample[1] *= self.gain;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(count: usize, value: f32) -> Vec<Sample> {
        vec![[value; 2]; count]
    }

    #[test]
    fn sound_is_heard_at_its_place_and_silence_is_kept() {
        let mut voice = Voice::default();
        voice.push(10_000, &tone(960, 0.5));
        voice.push(30_000, &tone(960, 0.25));
        let mut mix = vec![[0.0; 2]; 40_000];
        voice.add_to(0, &mut mix);
        assert_eq!(mix[9_999], [0.0; 2]);
        assert_eq!(mix[10_000 + FADE], [0.5; 2]);
        assert_eq!(mix[10_960], [0.0; 2]);
        assert_eq!(mix[30_000 + FADE], [0.25; 2]);
        assert_eq!(mix[30_960], [0.0; 2]);
    }

    #[test]
    fn packets_whose_times_are_rounded_leave_no_hole() {
        let mut voice = Voice::default();
        for packet in 0..500_u64 {
            let jitter = [0, 48, 0, 24][packet as usize % 4];
            voice.push(packet * 960 + jitter, &tone(960, 0.5));
        }
        let mut mix = vec![[0.0; 2]; 479_000];
        voice.add_to(0, &mut mix);
        assert!(mix.iter().skip(FADE).all(|sample| *sample == [0.5; 2]));
    }

    #[test]
    fn a_voice_that_drifts_is_brought_back_to_its_place_without_a_hole() {
        let mut voice = Voice::default();
        // Four samples too many in each packet: 0.4 percent.
        for packet in 0..1_000_u64 {
            voice.push(packet * 960, &tone(964, 0.5));
        }
        let end = voice.begin + voice.samples.len() as u64;
        assert!(end.abs_diff(960_000) <= 2 * STRAY as u64, "{end}");
        assert!(voice.samples.iter().skip(FADE).all(|sample| *sample == [0.5; 2]));
    }

    #[test]
    fn what_was_heard_is_heard_once() {
        let mut voice = Voice::default();
        voice.push(0, &tone(48_000, 0.5));
        voice.push(40_000, &tone(10_000, 0.5));
        assert_eq!(voice.samples.len(), 50_000);
    }

    #[test]
    fn mixing_goes_on_where_it_was() {
        let mut voice = Voice::default();
        voice.push(100, &tone(5_000, 0.5));
        let mut first = vec![[0.0; 2]; 1_600];
        voice.add_to(1_600, &mut first);
        let mut second = vec![[0.0; 2]; 1_600];
        voice.add_to(3_200, &mut second);
        let mut third = vec![[0.0; 2]; 1_600];
        voice.add_to(4_800, &mut third);
        assert!(first.iter().chain(&second).all(|sample| *sample == [0.5; 2]));
        assert_eq!(third.iter().filter(|sample| sample[0] > 0.0).count(), 300);
    }

    #[test]
    fn many_loud_voices_are_limited_and_quiet_ones_are_left_alone() {
        let mut limiter = Limiter::default();
        let mut quiet = tone(1_000, 0.9);
        limiter.apply(&mut quiet);
        assert_eq!(quiet, tone(1_000, 0.9));
        let mut loud = tone(1_000, 3.0);
        limiter.apply(&mut loud);
        assert!(loud.iter().all(|sample| sample[0] <= CEILING + 1e-6 && sample[0] > 0.9));
        let mut later = tone(SAMPLE_RATE as usize / 2, 0.5);
        limiter.apply(&mut later);
        assert!(later[0][0] < 0.2 && later.last().unwrap()[0] == 0.5);
    }
}

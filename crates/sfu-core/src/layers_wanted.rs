//! Which encodings a publisher is asked for.

use std::time::{Duration, Instant};

use jumpa_protocol::Layer;

/// An encoding that nobody has received for this long is switched off. Switching it on again costs
/// Firefox up to three seconds, so this is not done lightly.
const UNUSED: Duration = Duration::from_secs(10);
/// Changes within this time are told together.
const COALESCE: Duration = Duration::from_millis(100);

/// Follows the use of the encodings of one source.
///
/// The smallest is always wanted: it is what a new receiver sees first.
#[derive(Debug, Clone)]
pub struct LayersWanted {
    used_at: [Instant; Layer::ALL.len()],
    told: [bool; Layer::ALL.len()],
    told_at: Option<Instant>,
}

impl LayersWanted {
    /// A publisher begins with all encodings on.
    #[must_use]
    pub const fn new(now: Instant) -> Self {
        Self { used_at: [now; 3], told: [true; 3], told_at: None }
    }

    /// Notes that somebody receives an encoding, or would if it were sent.
    pub fn used(&mut self, layer: Layer, now: Instant) {
        if let Some(used_at) = self.used_at.get_mut(layer as usize) {
            *used_at = now;
        }
    }

    /// The wanted encodings from small to large, when that has to be told.
    pub fn poll(&mut self, now: Instant) -> Option<Vec<Layer>> {
        if self.told_at.is_some_and(|at| now < at + COALESCE) {
            return None;
        }
        let wanted = self.used_at.map(|used_at| now < used_at + UNUSED);
        let wanted = [true, wanted[1], wanted[2]];
        if wanted == self.told {
            return None;
        }
        self.told = wanted;
        self.told_at = Some(now);
        Some(Layer::ALL.into_iter().filter(|layer| wanted[*layer as usize]).collect())
    }
}

#[cfg(test)]
mod tests {
    use jumpa_netsim::epoch;

    use super::*;

    fn at(seconds: f64) -> Instant {
        epoch() + Duration::from_secs_f64(seconds)
    }

    #[test]
    fn unused_encodings_are_switched_off_after_ten_seconds_and_the_smallest_never() {
        let mut wanted = LayersWanted::new(epoch());
        assert_eq!(wanted.poll(at(9.9)), None);
        assert_eq!(wanted.poll(at(10.0)), Some(vec![Layer::Q]));
        assert_eq!(wanted.poll(at(100.0)), None);
    }

    #[test]
    fn an_encoding_in_use_stays_on() {
        let mut wanted = LayersWanted::new(epoch());
        (0..300).for_each(|tenth| wanted.used(Layer::H, at(f64::from(tenth) / 10.0)));
        assert_eq!(wanted.poll(at(30.0)), Some(vec![Layer::Q, Layer::H]));
    }

    #[test]
    fn an_encoding_is_switched_on_as_soon_as_somebody_wants_it() {
        let mut wanted = LayersWanted::new(epoch());
        wanted.poll(at(20.0));
        wanted.used(Layer::F, at(21.0));
        assert_eq!(wanted.poll(at(21.0)), Some(vec![Layer::Q, Layer::F]));
    }

    #[test]
    fn changes_close_to_each_other_are_told_together() {
        let mut wanted = LayersWanted::new(epoch());
        wanted.poll(at(20.0));
        wanted.used(Layer::F, at(21.0));
        wanted.poll(at(21.0));
        wanted.used(Layer::H, at(21.05));
        assert_eq!(wanted.poll(at(21.05)), None);
        assert_eq!(wanted.poll(at(21.1)), Some(vec![Layer::Q, Layer::H, Layer::F]));
    }
}

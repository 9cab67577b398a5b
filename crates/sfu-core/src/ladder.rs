//! The layers of a source as a receiver can climb them.

/// Most layers of one source.
pub const MAX_LAYERS: usize = 4;

/// Bitrates of usual encoders by height, for layers that were not measured yet.
const NOMINAL_BPS: [(u16, u64); 6] = [
    (90, 60_000),
    (180, 150_000),
    (360, 500_000),
    (720, 1_500_000),
    (1_080, 2_500_000),
    (u16::MAX, 6_000_000),
];

/// One layer of a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rung {
    /// Height of the picture in pixels, from the last keyframe or a guess.
    pub height: u16,
    /// What it costs, bits per second.
    pub bitrate_bps: u64,
    /// Whether the publisher sends it now.
    pub is_live: bool,
    /// Whether the publisher ever sent it.
    pub was_seen: bool,
    /// Which layer of the source it is: the caller's own index.
    pub tag: u8,
}

/// Up to four layers, from small to large.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ladder {
    rungs: [Rung; MAX_LAYERS],
    len: usize,
}

impl Ladder {
    /// Adds a layer at the place of its height; ignored when the ladder is full.
    pub fn add(&mut self, rung: Rung) {
        let at = self
            .rungs()
            .iter()
            .position(|other| (other.height, other.tag) > (rung.height, rung.tag))
            .unwrap_or(self.len);
        if self.len < MAX_LAYERS {
            self.rungs.copy_within(at..self.len, at + 1);
            self.rungs[at] = rung;
            self.len += 1;
        }
    }

    /// The layers, from small to large.
    #[must_use]
    pub fn rungs(&self) -> &[Rung] {
        self.rungs.get(..self.len).unwrap_or_default()
    }

    /// The smallest layer that fills a tile of this height, else the largest.
    ///
    /// A layer may be stretched by a quarter: people do not see it, and the next one costs three
    /// times as much.
    #[must_use]
    pub fn ideal(&self, max_height: u16) -> Option<usize> {
        let fills = |rung: &Rung| u32::from(rung.height) * 5 >= u32::from(max_height) * 4;
        self.rungs().iter().position(fills).or(self.len.checked_sub(1))
    }

    /// The smallest layer that is sent now.
    #[must_use]
    pub fn lowest_live(&self) -> Option<usize> {
        self.rungs().iter().position(|rung| rung.is_live)
    }
}

/// What a layer of this height usually costs, bits per second.
#[must_use]
pub fn nominal_bps(height: u16) -> u64 {
    NOMINAL_BPS.iter().find(|(limit, _)| height <= *limit).map_or(0, |(_, bps)| *bps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(rungs: &[(u16, bool)]) -> Ladder {
        let mut ladder = Ladder::default();
        for (tag, (height, is_live)) in rungs.iter().enumerate() {
            ladder.add(Rung {
                height: *height,
                is_live: *is_live,
                tag: tag as u8,
                ..Rung::default()
            });
        }
        ladder
    }

    #[test]
    fn layers_stand_by_height_whatever_their_order_was() {
        let ladder = ladder(&[(720, true), (180, true), (360, true)]);
        let heights: Vec<u16> = ladder.rungs().iter().map(|rung| rung.height).collect();
        assert_eq!(heights, [180, 360, 720]);
    }

    #[test]
    fn the_ideal_is_the_smallest_layer_that_fills_the_tile() {
        let ladder = ladder(&[(180, true), (360, true), (720, true)]);
        let ideals: Vec<_> =
            [0, 180, 225, 226, 450, 451, 2_000].map(|height| ladder.ideal(height)).into();
        assert_eq!(ideals, [0, 0, 0, 1, 1, 2, 2].map(Some));
    }

    #[test]
    fn a_fifth_layer_is_ignored() {
        let ladder = ladder(&[(1, true), (2, true), (3, true), (4, true), (5, true)]);
        assert_eq!(ladder.rungs().len(), MAX_LAYERS);
    }

    #[test]
    fn usual_heights_have_the_bitrates_that_clients_set() {
        assert_eq!([180, 360, 720].map(nominal_bps), [150_000, 500_000, 1_500_000]);
    }
}

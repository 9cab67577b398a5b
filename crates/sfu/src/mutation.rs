//! Deterministic mutation of recorded bytes, for tests of parsers.

/// Makes hostile variants of a seed; the same start number gives the same sequence.
pub struct Mutator {
    state: u64,
}

impl Mutator {
    /// A sequence of mutations.
    pub fn new(start: u64) -> Self {
        Self { state: start | 1 }
    }

    /// A number below `bound`, or 0 (xorshift64*).
    pub fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let number = self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        if bound == 0 { 0 } else { number as usize % bound }
    }

    /// One to eight changes: flipped bits, extreme bytes, cuts, repeated and inserted pieces.
    pub fn mutate(&mut self, seed: &[u8]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.below(8) {
            let at = self.below(bytes.len());
            match self.below(6) {
                0 => {
                    let bit = self.below(8);
                    bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << bit);
                }
                1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = 0xff),
                2 => bytes.iter_mut().skip(at).take(2).for_each(|byte| *byte = 0),
                3 => bytes.truncate(at),
                4 => {
                    let piece: Vec<u8> = bytes.iter().skip(at).take(16).copied().collect();
                    bytes.extend(piece);
                }
                _ => {
                    let byte = self.below(256) as u8;
                    bytes.insert(at.min(bytes.len()), byte);
                }
            }
        }
        bytes
    }
}

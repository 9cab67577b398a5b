//! Percentiles of small sets of durations.

use std::time::Duration;

/// Durations that were measured.
#[derive(Debug, Clone, Default)]
pub struct Samples {
    values: Vec<Duration>,
}

impl Samples {
    /// Adds one.
    pub fn push(&mut self, value: Duration) {
        self.values.push(value);
    }

    /// Adds those of another set.
    pub fn extend(&mut self, other: Self) {
        self.values.extend(other.values);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The value that `percent` of the values do not exceed (nearest rank); `None` without values.
    pub fn percentile(&self, percent: usize) -> Option<Duration> {
        let mut sorted = self.values.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(values: impl IntoIterator<Item = u64>) -> Samples {
        let mut samples = Samples::default();
        values.into_iter().for_each(|value| samples.push(Duration::from_millis(value)));
        samples
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let samples = samples((1..=20).rev());
        assert_eq!(samples.percentile(50), Some(Duration::from_millis(10)));
        assert_eq!(samples.percentile(95), Some(Duration::from_millis(19)));
        assert_eq!(samples.percentile(100), Some(Duration::from_millis(20)));
    }

    #[test]
    fn one_value_is_every_percentile_and_none_has_none() {
        assert_eq!(samples([7]).percentile(50), Some(Duration::from_millis(7)));
        assert_eq!(samples([]).percentile(50), None);
    }
}

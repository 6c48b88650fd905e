//! How far a score may be off, had other calls of the same sort been labelled.

use super::score::Tally;

/// How often the calls are drawn anew; with 400 the ends of the interval stand still to about 0.01.
const DRAWS: usize = 400;
/// Places of the 5th and the 95th percentile among the sorted draws.
const LOW: usize = DRAWS / 20;
const HIGH: usize = DRAWS - LOW;

/// SplitMix64: small, even enough to draw calls with, and the same on every machine.
#[derive(Clone, Debug)]
pub struct Generator(u64);

impl Generator {
    /// Returns the generator that starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number below `limit`; 0 where that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        mixed.checked_rem(limit as u64).map_or(0, |small| small as usize)
    }
}

/// Returns the bounds between which F1 lies in nine of ten draws of as many calls, with replacement.
pub(super) fn interval(calls: &[Tally], generator: &mut Generator) -> (f64, f64) {
    let mut draw = || {
        let drawn = calls.iter().map(|_| calls[generator.below(calls.len())]);
        drawn.sum::<Tally>().f1()
    };
    let mut drawn: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
    drawn.sort_by(f64::total_cmp);
    (drawn[LOW], drawn[HIGH])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_are_all_alike_leave_no_doubt() {
        let calls = [Tally { matched: 1, labels: 2, found: 2 }; 5];
        assert_eq!(interval(&calls, &mut Generator::new(1)), (0.5, 0.5));
    }

    #[test]
    fn calls_that_differ_leave_doubt_on_both_sides() {
        let good = Tally { matched: 4, labels: 4, found: 4 };
        let bad = Tally { matched: 0, labels: 4, found: 4 };
        let (low, high) = interval(&[good, bad, good, bad], &mut Generator::new(1));
        assert!((0.0..0.5).contains(&low) && high > 0.5 && high <= 1.0, "{low}-{high}");
    }
}

use serde::Serialize;

/// Findings of about the same confidence, and how many of them were right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Lowest confidence in the bin, of tenths.
    pub from: f64,
    /// Findings.
    pub found: usize,
    /// Their mean confidence; where it is honest, it equals the precision.
    pub confidence: f64,
    /// Share that a label answers to.
    pub precision: f64,
}

const BINS: usize = 10;

/// Sorts findings, each with its confidence and whether it was right, into tenths of confidence; empty ones are left
/// out.
pub(super) fn bins(findings: impl IntoIterator<Item = (f64, bool)>) -> Vec<Bin> {
    let mut sums = [(0_usize, 0.0_f64, 0_usize); BINS];
    for (confidence, right) in findings {
        // A confidence of 1 belongs to the last tenth.
        let bin = &mut sums[((confidence * BINS as f64) as usize).min(BINS - 1)];
        *bin = (bin.0 + 1, bin.1 + confidence, bin.2 + usize::from(right));
    }
    let full = sums.into_iter().enumerate().filter(|(_, (found, ..))| *found > 0);
    full.map(|(at, (found, confidence, right))| Bin {
        from: at as f64 / BINS as f64,
        found,
        confidence: confidence / found as f64,
        precision: right as f64 / found as f64,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_compares_what_was_claimed_with_what_was_right() {
        let bins = bins([(0.82, true), (0.88, false), (1.0, true), (0.05, false)]);
        let shown: Vec<_> = bins.iter().map(|bin| (bin.from, bin.found, bin.precision)).collect();
        assert_eq!(shown, [(0.0, 1, 0.0), (0.8, 2, 0.5), (0.9, 1, 1.0)]);
        assert!((bins[1].confidence - 0.85).abs() < 1e-9);
    }
}

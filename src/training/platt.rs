/// How often the fit is bettered; it settles within a dozen steps.
const STEPS: usize = 50;

/// Fits `slope` and `offset` so that the logistic of `slope * sum + offset` is the share of true ones (Platt 1999, by
/// Newton's method; the targets are drawn in as Platt does, so that a few examples do not make for certainty).
pub(super) fn platt(sums: &[(f32, bool)]) -> (f32, f32) {
    let positive = sums.iter().filter(|(_, label)| *label).count() as f64;
    let negative = sums.len() as f64 - positive;
    let (high, low) = ((positive + 1.0) / (positive + 2.0), 1.0 / (negative + 2.0));
    let (mut slope, mut offset) = (1.0_f64, 0.0_f64);
    for _ in 0..STEPS {
        let (mut g, mut h) = ([0.0; 2], [1e-6, 0.0, 1e-6]);
        for (sum, label) in sums {
            let sum = f64::from(*sum);
            let probability = 1.0 / (1.0 + (-(slope * sum + offset)).exp());
            let error = probability - if *label { high } else { low };
            let spread = probability * (1.0 - probability);
            g = [g[0] + error * sum, g[1] + error];
            h = [h[0] + spread * sum * sum, h[1] + spread * sum, h[2] + spread];
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        if determinant.abs() < 1e-12 {
            break;
        }
        slope -= (h[2] * g[0] - h[1] * g[1]) / determinant;
        offset -= (h[0] * g[1] - h[1] * g[0]) / determinant;
    }
    match slope.is_finite() && offset.is_finite() && slope > 0.0 {
        true => (slope as f32, offset as f32),
        false => (1.0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fit_gives_the_shares_that_it_was_shown() {
        // Of those with a sum of 2, three in four are true; of those with -2, one in four.
        let shown = |sum: f32, trues: usize| (0..400).map(move |n| (sum, n < trues));
        let sums: Vec<_> = shown(2.0, 300).chain(shown(-2.0, 100)).collect();
        let (slope, offset) = platt(&sums);
        let probability = |sum: f32| 1.0 / (1.0 + (-(slope * sum + offset)).exp());
        assert!((probability(2.0) - 0.75).abs() < 0.01 && (probability(-2.0) - 0.25).abs() < 0.01);
    }

    #[test]
    fn nothing_to_learn_from_leaves_the_sum_as_it_is() {
        assert_eq!(platt(&[]), (1.0, 0.0));
    }
}

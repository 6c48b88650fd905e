//! FTRL-proximal for several logistic regressions over the same sparse evidence.

use crate::eval::Generator;

/// Learning rate, and what steadies its beginning.
const ALPHA: f32 = 0.05;
const BETA: f32 = 1.0;
/// What a weight must earn to be none of zero, and how far it is drawn back.
const L1: f32 = 0.25;
const L2: f32 = 2.0;
/// How often every example is seen.
const EPOCHS: usize = 7;
/// An example that is so nearly right teaches nothing.
const RIGHT: f32 = 1e-3;

/// An example: the numbers of its evidence, and which labels it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Example<'a> {
    pub(super) evidence: &'a [u32],
    pub(super) labels: &'a [bool],
}

/// Weights while they are learned: a row of `labels` for each piece of evidence.
pub(super) struct Ftrl {
    labels: usize,
    weights: Vec<f32>,
    z: Vec<f32>,
    n: Vec<f32>,
}

impl Ftrl {
    /// Learns from `examples`, whose evidence is numbered below `evidence`.
    pub(super) fn learn(examples: &[Example<'_>], evidence: usize, labels: usize) -> Self {
        let size = evidence * labels;
        let mut learner = Self { labels, weights: vec![0.0; size], z: vec![0.0; size], n: vec![0.0; size] };
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut generator = Generator::new(0);
        for _ in 0..EPOCHS {
            shuffle(&mut order, &mut generator);
            for at in &order {
                learner.step(examples[*at]);
            }
        }
        learner
    }

    /// Returns the sums of the weights of `evidence`.
    pub(super) fn sums(&self, evidence: &[u32]) -> Vec<f32> {
        let mut sums = vec![0.0; self.labels];
        for number in evidence {
            for (sum, weight) in sums.iter_mut().zip(self.row(*number)) {
                *sum += weight;
            }
        }
        sums
    }

    /// Returns the weights of one piece of evidence.
    pub(super) fn row(&self, number: u32) -> &[f32] {
        &self.weights[number as usize * self.labels..][..self.labels]
    }

    fn step(&mut self, example: Example<'_>) {
        let sums = self.sums(example.evidence);
        let error = |(sum, label): (f32, &bool)| 1.0 / (1.0 + (-sum).exp()) - f32::from(u8::from(*label));
        let errors: Vec<f32> = sums.into_iter().zip(example.labels).map(error).collect();
        for number in example.evidence {
            let start = *number as usize * self.labels;
            for (label, error) in errors.iter().enumerate().filter(|(_, error)| error.abs() > RIGHT) {
                self.update(start + label, *error);
            }
        }
    }

    fn update(&mut self, at: usize, error: f32) {
        let before = self.n[at];
        let after = before + error * error;
        let (root_before, root) = (before.sqrt(), after.sqrt());
        self.z[at] += error - (root - root_before) / ALPHA * self.weights[at];
        self.n[at] = after;
        let z = self.z[at];
        self.weights[at] = match z.abs() <= L1 {
            true => 0.0,
            false => -(z - L1.copysign(z)) / ((BETA + root) / ALPHA + L2),
        };
    }
}

/// Puts `order` into another order, the same in every run (Fisher and Yates).
fn shuffle(order: &mut [usize], generator: &mut Generator) {
    for at in (1..order.len()).rev() {
        let other = generator.below(at + 1);
        order.swap(at, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_always_goes_with_a_label_earns_its_weight_and_noise_earns_none() {
        let rows: Vec<([u32; 3], [bool; 2])> =
            (0..200).map(|n| ([0, 1 + n % 2, 3 + n % 7], [n % 2 == 0, n % 4 < 2])).collect();
        let examples: Vec<_> = rows.iter().map(|(evidence, labels)| Example { evidence, labels }).collect();
        let learned = Ftrl::learn(&examples, 10, 2);
        assert!(
            learned.row(1)[0] > 0.3 && learned.row(2)[0] < -0.3,
            "{:?} {:?}",
            learned.row(1),
            learned.row(2)
        );
        assert!((3..10).all(|noise| learned.row(noise)[0].abs() < 0.1));
        assert_eq!(learned.weights, Ftrl::learn(&examples, 10, 2).weights);
    }
}

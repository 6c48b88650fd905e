/// What weights find of one kind in calls that they were not learned from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeldOut {
    /// The label.
    pub label: String,
    /// How often it should be found.
    pub labelled: usize,
    /// How often it is found.
    pub found: usize,
    /// How often it is found where it should be.
    pub right: usize,
    /// Least probability of a finding.
    pub threshold: f32,
}

impl HeldOut {
    /// Returns the share of what is found that is right.
    pub fn precision(&self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    /// Returns the share of what should be found that is.
    pub fn recall(&self) -> f64 {
        self.right as f64 / self.labelled.max(1) as f64
    }

    /// Returns the harmonic mean of both.
    pub fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (self.found + self.labelled).max(1) as f64
    }
}

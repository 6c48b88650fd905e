//! Which success metrics can be measured, and what the others lack (S-036).

use serde::Serialize;

use crate::detect::slots::amounts;

use super::SuccessMetric;

/// What a success metric needs before anybody can tell whether it was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// What is measured.
    Metric,
    /// A number to reach.
    Number,
    /// The day by which.
    Date,
    /// Who answers for it on the customer's side.
    Owner,
}

impl Lack {
    /// Returns the word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Number => "number",
            Self::Date => "date",
            Self::Owner => "owner",
        }
    }
}

impl SuccessMetric {
    /// Returns what nobody said of this metric, in the order of [`Lack`].
    pub fn lacks(&self) -> Vec<Lack> {
        let number = self.target.as_deref().is_some_and(has_number);
        let said = [
            (Lack::Metric, self.metric.is_some()),
            (Lack::Number, number),
            (Lack::Date, self.deadline.is_some()),
            (Lack::Owner, self.owner.is_some()),
        ];
        said.into_iter().filter(|(_, said)| !said).map(|(lack, _)| lack).collect()
    }

    /// Tells whether it can be measured: a metric, a number and a date. Without an owner it still can.
    pub fn is_specific(&self) -> bool {
        self.lacks().iter().all(|lack| *lack == Lack::Owner)
    }
}

/// Tells whether `words` hold a number, in digits or in any of the languages that are read.
fn has_number(words: &str) -> bool {
    words.contains(|c: char| c.is_ascii_digit())
        || ["en", "de", "fr", "es"].iter().any(|language| !amounts(words, language).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_metric_lacks_is_named() {
        use Lack::{Date, Metric, Number, Owner};
        let metric = |metric: &str, target: &str, deadline: &str, owner: &str| {
            let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            SuccessMetric {
                metric: said(metric),
                target: said(target),
                deadline: deadline.parse().ok(),
                owner: said(owner),
                ..SuccessMetric::default()
            }
        };
        let cases = [
            (metric("order errors", "1%", "2026-09-30", "Dana"), vec![], true),
            (metric("order errors", "one percent", "2026-09-30", ""), vec![Owner], true),
            (metric("adoption", "much better", "2026-09-30", "Dana"), vec![Number], false),
            (metric("order errors", "unter zwei Prozent", "", ""), vec![Date, Owner], false),
            (metric("", "", "", ""), vec![Metric, Number, Date, Owner], false),
        ];
        for (metric, lacks, specific) in cases {
            assert_eq!((metric.lacks(), metric.is_specific()), (lacks, specific), "{metric:?}");
        }
    }
}

use std::collections::BTreeMap;

use crate::transcript::{Place, Problem};

use super::Limits;

/// The problems of one input as they are found; of each code the first [`Limits::PROBLEMS_PER_CODE`] are kept.
#[derive(Debug, Default)]
pub(super) struct Problems {
    kept: Vec<Problem>,
    counts: BTreeMap<&'static str, usize>,
}

impl Problems {
    /// Notes a problem; `message` is only made where it is kept.
    pub(super) fn note<M: Into<String>>(
        &mut self,
        code: &'static str,
        place: Place,
        message: impl FnOnce() -> M,
    ) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= Limits::PROBLEMS_PER_CODE {
            self.kept.push(Problem::new(code, place, message()));
        }
    }

    /// Returns the problems, with one more for each code of which some were not kept.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        for (code, count) in self.counts {
            let more = count.saturating_sub(Limits::PROBLEMS_PER_CODE);
            if more > 0 {
                self.kept.push(Problem::new(code, Place::Whole, format!("{more} more of this kind")));
            }
        }
        self.kept
    }
}

/// Returns the beginning of `text` for a message, in quotation marks.
pub(super) fn excerpt(text: &str) -> String {
    /// Enough to find the line again.
    const SHOWN: usize = 120;
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("“{}…”", &text[..cut]),
        None => format!("“{text}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifty_first_problem_of_a_kind_is_counted_only() {
        let mut problems = Problems::default();
        for line in 1..=60 {
            problems.note("overlapping-times", Place::Line(line), || "overlaps");
        }
        let list = problems.finish();
        assert_eq!(list.len(), 51);
        assert_eq!(list[50].message, "10 more of this kind");
    }
}

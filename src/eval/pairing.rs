//! Which finding answers to which label.

use super::Label;
use super::fold::fold;

/// Share of the shorter quote that both must have.
const ENOUGH: f64 = 0.5;

/// Pairs labels with the quotes that were found, one to one, the best overlap first; returns the places of both.
pub(super) fn pair(labels: &[&Label], quotes: &[&str]) -> Vec<(usize, usize)> {
    let quotes: Vec<_> = quotes.iter().map(|quote| fold(quote)).collect();
    let mut candidates = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        let said = [fold(&label.quote), fold(label.context_quote.as_deref().unwrap_or_default())];
        for (place, quote) in quotes.iter().enumerate() {
            let share = overlap(&said[0], quote).max(overlap(&said[1], quote));
            if share >= ENOUGH {
                candidates.push((share, at, place));
            }
        }
    }
    candidates
        .sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)).then(one.2.cmp(&other.2)));
    one_to_one(&candidates, labels.len(), quotes.len())
}

fn one_to_one(candidates: &[(f64, usize, usize)], labels: usize, quotes: usize) -> Vec<(usize, usize)> {
    let (mut labels, mut quotes) = (vec![false; labels], vec![false; quotes]);
    let mut pairs = Vec::new();
    for (_, label, quote) in candidates {
        if !labels[*label] && !quotes[*quote] {
            (labels[*label], quotes[*quote]) = (true, true);
            pairs.push((*label, *quote));
        }
    }
    pairs
}

/// Returns the share of the shorter quote that stands in both, as one run of words.
fn overlap(one: &[String], other: &[String]) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    common_run(one, other) as f64 / one.len().min(other.len()) as f64
}

/// Returns the length of the longest run of words that stands in both.
fn common_run(one: &[String], other: &[String]) -> usize {
    let (mut best, mut before) = (0, vec![0; other.len() + 1]);
    for word in one {
        let mut now = vec![0; other.len() + 1];
        for (at, _) in other.iter().enumerate().filter(|(_, same)| *same == word) {
            now[at + 1] = before[at] + 1;
            best = best.max(now[at + 1]);
        }
        before = now;
    }
    best
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;
    use crate::rules::Kind;

    fn label(quote: &str, context: Option<&str>) -> Label {
        let context_quote = context.map(str::to_owned);
        let quote = quote.to_owned();
        Label { kind: Kind::Promise, speaker: String::new(), quote, context_quote, attrs: Map::new() }
    }

    #[test]
    fn half_of_the_shorter_quote_is_enough_and_less_is_not() {
        let said = label("we'll send the long contract over", None);
        assert_eq!(pair(&[&said], &["the long contract and a pen"]), [(0, 0)]);
        assert_eq!(pair(&[&said], &["a contract over the table is the thing"]), []);
    }

    #[test]
    fn the_best_overlap_takes_its_label_and_nothing_is_matched_twice() {
        let (one, two) = (label("live by March", None), label("live by March or April", None));
        let found = ["live by March or April", "live by March", "live by March"];
        assert_eq!(pair(&[&one, &two], &found), [(0, 0), (1, 1)], "equal shares go by order");
        assert_eq!(pair(&[&two], &["we are live by May", "live by March"]), [(0, 1)]);
    }

    #[test]
    fn an_elliptical_label_is_met_by_either_quote() {
        let said = label("Yep, no problem.", Some("Can you do that by March?"));
        assert_eq!(pair(&[&said], &["can you do that by march"]), [(0, 0)]);
        assert_eq!(pair(&[&said], &["no problem"]), [(0, 0)]);
        assert_eq!(pair(&[&said], &["…"]), []);
    }
}

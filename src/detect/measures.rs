//! What an utterance looks like among its neighbours: the measures that the trees of the second reading ask for.

use super::candidate::Candidate;
use super::scan::Noticed;
use super::view::{Utterance, View};
use crate::rules::{Feature, Features, Goal, Kind, fnv32, logistic};
use crate::transcript::Side;

/// The utterances whose sums are measured, by their distance.
const NEAR: [isize; 5] = [0, -1, 1, -2, 2];
/// How far the rest of a turn is looked at.
const AROUND: usize = 4;
/// The sum of what is not there.
const NOTHING: f32 = -9.0;

/// What is measured of an utterance beside the sums of its weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// The turn as it was spoken: what only a "mm-hm" interrupts is one.
    stretch: usize,
    side: Option<Side>,
    words: usize,
    /// Where it stands in the call, from 0 to 1.
    position: f32,
    /// Where it stands in its stretch.
    place: usize,
    asks: bool,
    features: Features,
    /// The surest match of a rule for each kind, commitments last.
    matched: Vec<f32>,
    /// The words of it that are written as names.
    names: Vec<u32>,
}

impl Outline {
    /// Tells whether something is named in both.
    fn shares_name(&self, other: &Self) -> bool {
        self.names.iter().any(|name| other.names.contains(name))
    }
}

/// Returns the outline of every utterance.
pub(super) fn outlines(view: &View<'_>, noticed: &[Noticed], matched: &[Candidate<'_>]) -> Vec<Outline> {
    let outline = |(at, utterance): (usize, &Utterance<'_>)| Outline {
        stretch: utterance.stretch,
        side: view.stretches[utterance.stretch].side,
        words: utterance.words.len(),
        position: at as f32 / view.utterances.len() as f32,
        place: at - view.stretches[utterance.stretch].utterances.start,
        asks: view.asks(at),
        features: noticed[at].anywhere(),
        matched: vec![0.0; Kind::ALL.len() + 1],
        names: names(view, utterance),
    };
    let mut outlines: Vec<_> = view.utterances.iter().enumerate().map(outline).collect();
    for candidate in matched {
        let Some(rule) = candidate.ground.rule() else { continue };
        let goal = match rule.goal {
            Goal::Kind(kind) => Kind::ALL.iter().position(|other| *other == kind).unwrap_or(Kind::ALL.len()),
            Goal::Commitment => Kind::ALL.len(),
        };
        let surest = &mut outlines[candidate.utterance].matched[goal];
        *surest = surest.max(candidate.confidence as f32);
    }
    outlines
}

/// Returns the words of `utterance` that are written as names, in their order.
fn names(view: &View<'_>, utterance: &Utterance<'_>) -> Vec<u32> {
    let words = utterance.words.clone().filter(|at| view.seen[*at].name && !view.seen[*at].number);
    words.map(|at| fnv32(view.folded(at..at + 1))).collect()
}

/// Returns how much of a call says something at first sight: the mean of the likeliest label's probability, 0 to 1.
/// A sales call has more of it than a lecture, and what looks like a promise in a lecture seldom is one.
pub fn abundance(sums: &[Vec<f32>]) -> f32 {
    let likeliest = |sums: &Vec<f32>| logistic(sums.iter().copied().fold(NOTHING, f32::max));
    sums.iter().map(likeliest).sum::<f32>() / sums.len().max(1) as f32
}

/// Adds the measures of utterance `at`; `sums` are those of every utterance, by label, and `abundance` is that of them.
pub fn measure(outlines: &[Outline], sums: &[Vec<f32>], abundance: f32, at: usize, measures: &mut Vec<f32>) {
    let own = &outlines[at];
    let labels = sums[at].len();
    let beside = |distance: isize| at.checked_add_signed(distance).filter(|other| *other < outlines.len());
    let same = |other: usize| outlines[other].stretch == own.stretch;
    for other in NEAR.map(beside) {
        match other {
            Some(other) if sums[other].len() == labels => measures.extend(&sums[other]),
            _ => measures.extend(std::iter::repeat_n(NOTHING, labels)),
        }
    }
    let around = at.saturating_sub(AROUND)..(at + AROUND + 1).min(outlines.len());
    let most = measures.len();
    measures.extend(std::iter::repeat_n(NOTHING, labels));
    for other in around.filter(|other| *other != at && same(*other)) {
        measures[most..].iter_mut().zip(&sums[other]).for_each(|(most, sum)| *most = most.max(*sum));
    }
    // What is said elsewhere of whom or what it names.
    let most = measures.len();
    measures.extend(std::iter::repeat_n(NOTHING, labels));
    let mut earlier = 0_usize;
    // Most utterances name nobody.
    let others = 0..if own.names.is_empty() { 0 } else { outlines.len() };
    let names = |other: &usize| *other != at && own.shares_name(&outlines[*other]);
    for other in others.filter(|other| sums[*other].len() == labels).filter(names) {
        earlier += usize::from(other < at);
        measures[most..].iter_mut().zip(&sums[other]).for_each(|(most, sum)| *most = most.max(*sum));
    }
    let yes = |truth: bool| f32::from(u8::from(truth));
    let before = beside(-1);
    measures.extend([
        yes(own.side == Some(Side::Customer)),
        yes(own.side == Some(Side::Rep)),
        own.words as f32,
        own.position,
        abundance,
        own.place as f32,
        yes(own.asks),
        yes(before.is_some_and(|before| outlines[before].asks)),
        yes(before.is_some_and(same)),
        yes(beside(1).is_some_and(same)),
        own.names.len() as f32,
        earlier as f32,
    ]);
    measures.extend(Feature::ALL.iter().map(|feature| yes(own.features.has(*feature))));
    measures.extend(&own.matched);
}

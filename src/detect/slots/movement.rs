use std::ops::Range;

use super::amount::{Amount, Measure, amounts};
use super::date::spoken;
use super::lexicon::Lexicon;
use super::token::{Gap, Token, tokens};

/// How far a figure should move.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Movement {
    /// Where it stands: bytes, half-open.
    pub baseline: Option<Range<usize>>,
    /// Where it should go.
    pub target: Option<Range<usize>>,
    /// The baseline's figure.
    pub baseline_amount: Option<Amount>,
    /// The target's figure; `None` for "in half".
    pub target_amount: Option<Amount>,
    /// Whether the target is a change ("by a third", "in half") and not a place.
    pub relative: bool,
}

/// How many words before a figure may hold the cue that says what it is for.
const CUE_REACH: usize = 4;

/// Returns baseline and target where `text` tells at least one of them with a cue ("from … to", "under", "we're at").
pub fn movement(text: &str, language: &str) -> Option<Movement> {
    let lexicon = Lexicon::of(language)?;
    let tokens = spoken(tokens(text), lexicon);
    let figures: Vec<Amount> =
        amounts(text, language).into_iter().filter(|amount| amount.measure != Measure::Net).collect();
    let words = Words { tokens: &tokens, lexicon };
    let relative = words.relative(&figures);
    let target = relative.clone().or_else(|| words.target(&figures));
    let baseline = words.baseline(&figures, target.as_ref());
    let amount = |range: &Option<Range<usize>>| {
        figures
            .iter()
            .find(|figure| range.as_ref().is_some_and(|range| encloses(range, &figure.range)))
            .cloned()
    };
    let (baseline_amount, target_amount) = (amount(&baseline), amount(&target));
    let movement =
        Movement { baseline, target, baseline_amount, target_amount, relative: relative.is_some() };
    (movement.baseline.is_some() || movement.target.is_some()).then_some(movement)
}

struct Words<'a> {
    tokens: &'a [Token],
    lexicon: &'a Lexicon,
}

impl Words<'_> {
    /// Returns the token at which a byte range begins.
    fn token(&self, range: &Range<usize>) -> usize {
        self.tokens.partition_point(|token| token.range.start < range.start)
    }

    /// Whether an entry of `class` stands among the few words before a figure, in the same clause and with no
    /// other figure between.
    fn cued(&self, figure: &Amount, others: &[Amount], class: &str) -> bool {
        let at = self.token(&figure.range);
        let from = at.saturating_sub(CUE_REACH);
        let stop =
            (from..=at).rev().find(|back| self.tokens.get(*back).is_some_and(|token| token.gap > Gap::None));
        let taken = others
            .iter()
            .filter(|other| other.range.end <= figure.range.start)
            .map(|other| other.range.end)
            .max();
        let free = |back: &usize| taken.is_none_or(|end| self.tokens[*back].range.start >= end);
        (stop.unwrap_or(from)..at).filter(free).any(|back| self.lexicon.is(self.tokens, back, class))
    }

    fn before(&self, range: &Range<usize>, class: &str) -> Option<usize> {
        let at = self.token(range);
        let mut starts = (1..=3).filter_map(|length| at.checked_sub(length));
        let reaches = |start: &usize| {
            self.lexicon.longest(self.tokens, *start, class).is_some_and(|(length, _)| start + length == at)
        };
        starts.rfind(reaches)
    }

    /// "In half", "down by a fifth", "shave a third off": the words of a change.
    fn relative(&self, figures: &[Amount]) -> Option<Range<usize>> {
        for at in 0..self.tokens.len() {
            if let Some((length, _)) = self.lexicon.longest(self.tokens, at, "halve") {
                return Some(self.tokens[at].range.start..self.tokens[at + length - 1].range.end);
            }
        }
        figures.iter().rev().find_map(|figure| self.change(figure))
    }

    fn change(&self, figure: &Amount) -> Option<Range<usize>> {
        let part = matches!(figure.measure, Measure::Ratio | Measure::Percent | Measure::Points);
        if let Some(by) = self.before(&figure.range, "by-how-much").filter(|_| part) {
            return Some(self.tokens[by].range.start..figure.range.end);
        }
        let after = self.token(&(figure.range.end..figure.range.end));
        let moved = self.cued(figure, &[], "cut") || self.cued(figure, &[], "grow");
        let off = part && self.lexicon.is(self.tokens, after, "off");
        (off && moved).then(|| figure.range.clone())
    }

    /// The last figure with a goal before it; else the second of "A to B".
    fn target(&self, figures: &[Amount]) -> Option<Range<usize>> {
        let goal = figures
            .iter()
            .rev()
            .find(|figure| self.cued(figure, figures, "goal") && !self.is_baseline(figure, figures));
        let reached = |pair: &&[Amount]| self.reaches(pair);
        let to = figures.windows(2).rfind(reached).map(|pair| &pair[1]);
        goal.or(to).map(|figure| figure.range.clone())
    }

    fn is_baseline(&self, figure: &Amount, figures: &[Amount]) -> bool {
        let tight =
            self.before(&figure.range, "from").is_some() || self.before(&figure.range, "stands").is_some();
        tight
            && !self.cued(figure, figures, "aim")
            && self.before(&figure.range, "goal").is_none()
            && figures.len() > 1
    }

    /// Whether "to" joins two figures of one measure: "from 21 days to 5", "forty-four to thirty".
    fn reaches(&self, pair: &[Amount]) -> bool {
        let [from, to] = pair else { return false };
        let near = self.token(&to.range) - self.token(&from.range) <= 8;
        near && same_measure(from, to) && self.before(&to.range, "to").is_some()
    }

    fn baseline(&self, figures: &[Amount], target: Option<&Range<usize>>) -> Option<Range<usize>> {
        let targeted = target.and_then(|target| figures.iter().find(|figure| figure.range == *target));
        let free = |figure: &&Amount| {
            let apart = target
                .is_none_or(|target| figure.range.end <= target.start || target.end <= figure.range.start);
            let denied = self.before(&figure.range, "not").is_some();
            apart
                && !denied
                && targeted
                    .is_none_or(|targeted| same_measure(figure, targeted) && figure.value != targeted.value)
        };
        let candidates = || figures.iter().filter(free);
        let cued = candidates().find(|figure| {
            self.before(&figure.range, "from").is_some() || self.cued(figure, figures, "stands")
        });
        let found = cued.or_else(|| candidates().next().filter(|_| target.is_some()));
        found.map(|figure| figure.range.clone())
    }
}

fn encloses(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// A bare number takes the measure of its neighbour.
fn same_measure(a: &Amount, b: &Amount) -> bool {
    a.measure == b.measure || a.measure == Measure::Count || b.measure == Measure::Count
}

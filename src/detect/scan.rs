use super::view::View;
use crate::rules::{Feature, Features, Modifier, Pack, Reach, Scratch, Seen, Stop, Use};

/// A place where a cue matched, in words of its utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) purpose: Use,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) name: Option<(usize, usize)>,
}

/// Everything that was noticed about one utterance, whichever rule asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Noticed {
    /// In the order of their first words, then of the pack's cues.
    pub(super) hits: Vec<Hit>,
    /// What holds of the whole utterance.
    pub(super) whole: Features,
    /// What holds of some of its words.
    pub(super) scopes: Vec<Scope>,
}

/// A modifier at work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    pub(super) feature: Feature,
    /// Its own words.
    pub(super) own: (usize, usize),
    /// The words it reaches.
    pub(super) reach: (usize, usize),
}

/// Reads the whole call once.
pub(super) fn scan(view: &View<'_>) -> Vec<Noticed> {
    let mut scratch = Scratch::default();
    (0..view.utterances.len()).map(|index| notice(view, index, &mut scratch)).collect()
}

fn notice(view: &View<'_>, index: usize, scratch: &mut Scratch) -> Noticed {
    let utterance = &view.utterances[index];
    let pack = utterance.pack;
    let seen = view.seen(index);
    let mut noticed = Noticed::default();
    pack.find(seen, utterance.lead, scratch, |purpose, found| {
        noticed.hits.push(Hit { purpose, start: found.start, end: found.end, name: found.name });
    });
    noticed.hits.sort_by_key(|hit| hit.start);
    if view.words[utterance.words.clone()].iter().any(|word| word.stop == Stop::Question) {
        noticed.whole = noticed.whole.with(Feature::Question);
    }
    if seen.iter().any(|word| word.number) {
        noticed.whole = noticed.whole.with(Feature::Number);
    }
    modify(&mut noticed, pack, seen);
    noticed
}

/// Turns the hits of modifiers into features.
fn modify(noticed: &mut Noticed, pack: &Pack, seen: &[Seen]) {
    for hit in &noticed.hits {
        let Use::Modifier(number) = hit.purpose else { continue };
        let modifier = &pack.modifiers[number as usize];
        let masked = |other: &Hit| {
            other.purpose == Use::LookAlike(number) && other.start < hit.end && hit.start < other.end
        };
        if noticed.hits.iter().any(masked) {
            continue;
        }
        if modifier.reach == Reach::Utterance {
            noticed.whole = noticed.whole.with(modifier.feature);
        }
        let reach = reach(modifier, hit, seen);
        noticed.scopes.push(Scope { feature: modifier.feature, own: (hit.start, hit.end), reach });
    }
}

fn reach(modifier: &Modifier, hit: &Hit, seen: &[Seen]) -> (usize, usize) {
    let stops = |at: usize| modifier.stop.contains(&seen[at].id);
    match modifier.reach {
        Reach::Utterance => (0, seen.len()),
        Reach::Forward => {
            let furthest = hit.end.saturating_add(modifier.words).min(seen.len());
            (hit.end, (hit.end..furthest).find(|at| stops(*at)).unwrap_or(furthest))
        }
        Reach::Backward => {
            let furthest = hit.start.saturating_sub(modifier.words);
            ((furthest..hit.start).rev().find(|at| stops(*at)).map_or(furthest, |at| at + 1), hit.start)
        }
    }
}

impl Noticed {
    /// Returns what holds of any of its words.
    pub(super) fn anywhere(&self) -> Features {
        self.scopes.iter().fold(self.whole, |features, scope| features.with(scope.feature))
    }

    /// Returns what holds of a match of the words `start..end`. A modifier inside the match belongs to the cue.
    pub(super) fn features(&self, start: usize, end: usize) -> Features {
        self.scopes
            .iter()
            .filter(|scope| scope.reach.0 < end && start < scope.reach.1)
            .filter(|scope| !(start <= scope.own.0 && scope.own.1 <= end))
            .fold(self.whole, |features, scope| features.with(scope.feature))
    }
}

//! What is noticed about an utterance when its weights are summed: its runs of words, those of its neighbours, who
//! says it where, what context words and rules say of it. Each piece has a key; the weights know keys.

use super::candidate::Candidate;
use super::evidence::Evidence;
use super::key::{
    ASKED, BEGIN, END, FEATURE, GAP, Key, LIST, NEAR, NUMBER, Place, RULE, START, Stand, mix, side_key,
};
use super::scan::Noticed;
use super::view::View;
use crate::rules::{Mark, Pack, Rule, fnv32};
use crate::transcript::Side;

/// A word longer than this is noticed by its beginning too: "deliver", "delivery", "delivered".
pub(super) const BEGINNING: usize = 5;
/// Positions in a call and lengths of utterances are told apart this coarsely.
const TENTHS: usize = 8;
const LENGTHS: usize = 8;
/// How many stretches behind an objection are read for what became of it.
const AFTERMATH: usize = 6;
/// How many utterances before and behind tell what is spoken of.
const NEIGHBOURHOOD: usize = 3;

/// A call made ready for weighing.
pub(super) struct Evident<'e, 'a> {
    pub(super) view: &'e View<'a>,
    noticed: &'e [Noticed],
    /// Hashes of the folded words.
    words: Vec<u32>,
    /// Hashes of their beginnings, zero where they are short.
    beginnings: Vec<u32>,
    /// The word lists that hold each word.
    lists: Vec<u64>,
    /// The rules that match, and the utterances in which they do.
    rules: Vec<(usize, &'a Rule)>,
}

impl<'e, 'a> Evident<'e, 'a> {
    pub(super) fn new(view: &'e View<'a>, noticed: &'e [Noticed], matched: &[Candidate<'a>]) -> Self {
        let mut evident = Self {
            view,
            noticed,
            words: Vec::with_capacity(view.words.len()),
            beginnings: Vec::with_capacity(view.words.len()),
            lists: Vec::with_capacity(view.words.len()),
            rules: Vec::new(),
        };
        for utterance in &view.utterances {
            for at in utterance.words.clone() {
                let (word, seen) = (view.folded(at..at + 1), &view.seen[at]);
                let listed = utterance.pack.listed(seen.id);
                evident.words.push(match listed.instead {
                    _ if seen.number && !seen.marks.has(Mark::Common) => NUMBER,
                    Some(list) => mix(NUMBER, u32::from(list) + 1),
                    None => fnv32(word),
                });
                let beginning = word.char_indices().nth(BEGINNING).map_or(0, |(end, _)| fnv32(&word[..end]));
                evident.beginnings.push(beginning);
                evident.lists.push(listed.lists);
            }
        }
        // Rules match in the order of the utterances.
        let rule = |candidate: &Candidate<'a>| Some((candidate.utterance, candidate.ground.rule()?));
        evident.rules = matched.iter().filter_map(rule).collect();
        evident
    }

    /// Returns the rule that matches with `number` in the call.
    pub(super) fn rule(&self, number: usize) -> &Rule {
        self.rules[number].1
    }

    /// Calls `found` with every piece of evidence about utterance `at`: its key and how it counts.
    pub(super) fn each(&self, at: usize, found: &mut impl FnMut(u32, &[Stand], Evidence)) {
        // What is said counts for itself, and again together with who says it.
        let stands = [Stand::At(Place::Here), Stand::Said(self.view.side(at))];
        self.own(at, &mut |key, evidence| found(key, &stands, evidence));
        for (other, place, longest) in self.neighbours(at) {
            let stands = [Stand::At(place)];
            self.runs(other, place, longest, &mut |key, evidence| found(key, &stands, evidence));
            self.beside(at, other, place, &mut |key, evidence| found(key, &[Stand::Alone], evidence));
        }
    }

    /// What utterance `at` itself shows.
    pub(super) fn own(&self, at: usize, found: &mut impl FnMut(u32, Evidence)) {
        self.runs(at, Place::Here, 3, found);
        self.beginnings(at, found);
        self.lists(at, found);
        self.shape(at, found);
        for feature in self.noticed[at].anywhere().iter() {
            found(mix(FEATURE, feature as u32), Evidence::Feature(feature));
        }
        let first = self.rules.partition_point(|(utterance, _)| *utterance < at);
        let here = self.rules[first..].iter().take_while(|(utterance, _)| *utterance == at);
        for (number, (_, rule)) in here.enumerate() {
            found(mix(RULE, fnv32(&rule.id)), Evidence::Rule(first + number));
        }
    }

    /// What it shows that utterance `at` stands beside `other`.
    pub(super) fn beside(
        &self,
        at: usize,
        other: usize,
        place: Place,
        found: &mut impl FnMut(u32, Evidence),
    ) {
        let side = side_key(self.view.side(at));
        let mut sided = |key, evidence| found(mix(mix(mix(key, place as u32), side), NEAR), evidence);
        sided(NEAR, Evidence::Shape("stands beside", place as usize));
        if !self.view.asks(other) {
            return;
        }
        let words = self.view.utterances[at].words.clone();
        let length = (words.len() / 3).min(LENGTHS);
        sided(ASKED, Evidence::Shape("beside a question", place as usize));
        sided(mix(ASKED, length as u32), Evidence::Shape("length beside a question", length));
        // How an answer begins: "yes", "we can", "not yet".
        let (from, mut key) = (words.start, ASKED);
        for word in words.take(2) {
            key = mix(key, self.words[word]);
            sided(key, Evidence::Words { place: Place::Here, from, to: word + 1, broken: false });
        }
    }

    /// Returns the neighbours that bear on utterance `at`, where they stand, and how long their runs are that count.
    pub(super) fn neighbours(&self, at: usize) -> impl Iterator<Item = (usize, Place, usize)> {
        let before = at.checked_sub(1).map(|before| (before, self.place(at, before), 2));
        let first = self.view.stretches[self.view.utterances[at].stretch].utterances.start;
        let earlier = first.checked_sub(1).filter(|_| first < at).map(|earlier| (earlier, Place::Earlier, 1));
        let after = Some(at + 1).filter(|after| *after < self.view.utterances.len());
        let after = after.map(|after| (after, self.place(at, after), 2));
        before.into_iter().chain(earlier).chain(after)
    }

    /// Returns the utterances on which the words of `at` bear, and where they stand seen from these.
    pub(super) fn hearers(&self, at: usize) -> impl Iterator<Item = (usize, Place)> {
        let (utterances, stretches) = (&self.view.utterances, &self.view.stretches);
        let before = at.checked_sub(1).map(|before| (before, self.place(before, at)));
        let next = utterances.get(at + 1).map(|next| (at + 1, &stretches[next.stretch].utterances));
        let after = next.map(|(next, _)| (next, self.place(next, at)));
        let later =
            next.filter(|(next, stretch)| stretch.start == *next).map(|(_, stretch)| stretch.clone().skip(1));
        let later = later.into_iter().flatten().map(|later| (later, Place::Earlier));
        before.into_iter().chain(after).chain(later)
    }

    /// What follows an objection: how it is answered and taken.
    pub(super) fn aftermath(&self, at: usize, found: &mut impl FnMut(Key)) {
        let own = self.view.utterances[at].stretch;
        let end = self.view.stretches.len().min(own + 1 + AFTERMATH);
        for stretch in &self.view.stretches[(own + 1).min(end)..end] {
            let place = match stretch.side {
                Some(Side::Customer) => Place::Reaction,
                _ => Place::Response,
            };
            for utterance in stretch.utterances.clone() {
                self.runs(utterance, place, 2, &mut |key, _| found(Key::new(key, Stand::At(place))));
            }
        }
    }

    /// What is spoken of around utterance `at`: the words and word lists of its neighbourhood.
    pub(super) fn around(&self, at: usize, found: &mut impl FnMut(Key)) {
        let near = at.saturating_sub(NEIGHBOURHOOD)..(at + NEIGHBOURHOOD + 1).min(self.view.utterances.len());
        let mut near_key = |key, _: Evidence| found(Key::new(key, Stand::At(Place::Around)));
        for other in near {
            self.runs(other, Place::Around, 1, &mut near_key);
            self.lists(other, &mut near_key);
        }
    }

    /// Runs of up to `longest` words, with the utterance's edges; runs of three also without their middle.
    fn runs(&self, at: usize, place: Place, longest: usize, found: &mut impl FnMut(u32, Evidence)) {
        let words = self.view.utterances[at].words.clone();
        let end = if self.view.asks(at) { ASKED } else { END };
        let key = |at: usize| match at {
            at if at == words.end + 1 => end,
            at if at == words.start => START,
            at => self.words[at - 1],
        };
        // One place before the first word and one behind the last are the utterance's edges.
        for from in words.start..words.end + 2 {
            let first = key(from);
            let run = |to: usize, broken| Evidence::Words {
                place,
                from: from.saturating_sub(1).max(words.start),
                to: to.min(words.end),
                broken,
            };
            if from != words.start && from != words.end + 1 {
                found(first, run(from, false));
            }
            if longest > 1 && from + 1 < words.end + 2 {
                let pair = mix(first, key(from + 1));
                found(pair, run(from + 1, false));
                if longest > 2 && from + 2 < words.end + 2 {
                    let third = key(from + 2);
                    found(mix(pair, third), run(from + 2, false));
                    found(mix(mix(first, GAP), third), run(from + 2, true));
                }
            }
        }
    }

    fn beginnings(&self, at: usize, found: &mut impl FnMut(u32, Evidence)) {
        for word in self.view.utterances[at].words.clone().filter(|word| self.beginnings[*word] != 0) {
            found(mix(BEGIN, self.beginnings[word]), Evidence::Beginning(word));
        }
    }

    /// The word lists that the utterance draws from, alone and in pairs.
    fn lists(&self, at: usize, found: &mut impl FnMut(u32, Evidence)) {
        let words = self.view.utterances[at].words.clone();
        let all = self.lists[words].iter().fold(0, |all, lists| all | lists);
        let members = |mut set: u64| {
            std::iter::from_fn(move || {
                let next = (set != 0).then(|| set.trailing_zeros())?;
                set &= set - 1;
                Some(next)
            })
        };
        for one in members(all) {
            let key = mix(LIST, one);
            found(key, Evidence::Lists(one, None));
            for other in members(all & !((2 << one) - 1)) {
                found(mix(key, other), Evidence::Lists(one, Some(other)));
            }
        }
    }

    fn shape(&self, at: usize, found: &mut impl FnMut(u32, Evidence)) {
        let utterance = &self.view.utterances[at];
        let stretch = &self.view.stretches[utterance.stretch].utterances;
        let seen = self.view.seen(at);
        let mut shape = |name: &'static str, measure: usize| {
            found(mix(fnv32(name), measure as u32), Evidence::Shape(name, measure));
        };
        shape("every utterance", 0);
        shape("length", (utterance.words.len() / 3).min(LENGTHS));
        shape("position in the call", TENTHS * at / self.view.utterances.len());
        shape("position in the turn", (at - stretch.start).min(3));
        shape("last of the turn", usize::from(at + 1 == stretch.end));
        if seen.iter().any(|word| word.number) {
            shape("number", 1);
        }
        if seen.iter().skip(1).any(|word| word.name) {
            shape("name", 1);
        }
    }

    /// Returns where the neighbour `other` stands seen from `at`.
    fn place(&self, at: usize, other: usize) -> Place {
        let [same, across, beside] = match other < at {
            true => [Place::Before, Place::Asked, Place::Colleague],
            false => [Place::After, Place::Answer, Place::Echo],
        };
        if self.view.utterances[at].stretch == self.view.utterances[other].stretch {
            same
        } else if self.view.side(at) != self.view.side(other) {
            across
        } else {
            beside
        }
    }

    /// Tells whether the word at `at`, spoken in the language of `pack`, stands in a word list that is evidence.
    pub(super) fn is_listed(&self, pack: &Pack, at: usize, list: &str) -> bool {
        let number = pack.list_number(list);
        number.is_some_and(|number| self.lists[at] & (1 << number) != 0)
    }

    /// Tells whether the labelled calls of the language of `pack` do not know the word at `at`.
    pub(super) fn is_strange(&self, pack: &Pack, at: usize) -> bool {
        pack.weights().is_some_and(|weights| {
            let here = |(column, _): (u8, i16)| usize::from(column) < weights.head().kinds.len();
            !weights.kinds.row(self.words[at]).any(here)
        })
    }
}

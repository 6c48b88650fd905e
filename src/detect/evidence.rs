//! What is noticed about an utterance when its weights are summed: its runs of words, those of its neighbours, who
//! says it where, what context words and rules say of it. Each piece has a key; the weights know keys.

use super::candidate::Candidate;
use super::scan::Noticed;
use super::view::View;
use crate::rules::{Feature, Mark, Pack, Rule};
use crate::transcript::Side;

/// A word longer than this is noticed by its beginning too: "deliver", "delivery", "delivered".
const BEGINNING: usize = 5;
/// Positions in a call and lengths of utterances are told apart this coarsely.
const TENTHS: usize = 8;
const LENGTHS: usize = 8;
/// How many stretches behind an objection are read for what became of it.
const AFTERMATH: usize = 6;
/// How many utterances before and behind tell what is spoken of.
const NEIGHBOURHOOD: usize = 3;

/// A piece of evidence, as a person reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Evidence {
    /// A run of words of the view, as long as it says; skipped words stand between in a run that is broken.
    Words { place: Place, from: usize, to: usize, broken: bool },
    /// How a word begins.
    Beginning(usize),
    /// A word of a list, or words of two lists.
    Lists(u32, Option<u32>),
    /// A feature of the context.
    Feature(Feature),
    /// A rule that matches, by its number.
    Rule(usize),
    /// Something of the utterance's shape, with its measure.
    Shape(&'static str, usize),
}

/// Where evidence stands, seen from the utterance that it is weighed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In it.
    Here = 1,
    /// In the one before, of the same speaker.
    Before,
    /// In the one before, said by the other side.
    Asked,
    /// In the one before, said by a colleague.
    Colleague,
    /// The last that somebody else said before the stretch.
    Earlier,
    /// In the next one, of the same speaker.
    After,
    /// In the next one, said by the other side.
    Answer,
    /// In the next one, said by a colleague.
    Echo,
    /// Later, said by the customer.
    Reaction,
    /// Later, said by our side.
    Response,
    /// In the neighbourhood, whoever says it.
    Around,
}

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
                    None => hash(word),
                });
                let beginning = word.char_indices().nth(BEGINNING).map_or(0, |(end, _)| hash(&word[..end]));
                evident.beginnings.push(beginning);
                evident.lists.push(listed.lists);
            }
        }
        // Rules match in the order of the utterances.
        let rule = |candidate: &Candidate<'a>| Some((candidate.utterance, candidate.ground.rule()?));
        evident.rules = matched.iter().filter_map(rule).collect();
        evident
    }

    /// Calls `found` with the key of every piece of evidence about utterance `at`.
    pub(super) fn each(&self, at: usize, found: &mut impl FnMut(u32, Evidence)) {
        let side = side_key(self.view.side(at));
        // What is said counts for itself, and again together with who says it.
        let mut own = |key: u32, evidence: Evidence| {
            let key = mix(key, Place::Here as u32);
            found(key, evidence);
            found(mix(key, side), evidence);
        };
        self.runs(at, Place::Here, 3, &mut own);
        self.beginnings(at, &mut own);
        self.lists(at, &mut own);
        self.shape(at, &mut own);
        for feature in self.noticed[at].anywhere().iter() {
            own(mix(FEATURE, feature as u32), Evidence::Feature(feature));
        }
        let first = self.rules.partition_point(|(utterance, _)| *utterance < at);
        let here = self.rules[first..].iter().take_while(|(utterance, _)| *utterance == at);
        for (number, (_, rule)) in here.enumerate() {
            own(mix(RULE, hash(&rule.id)), Evidence::Rule(first + number));
        }
        self.neighbours(at, side, found);
    }

    /// What follows an objection: how it is answered and taken.
    pub(super) fn aftermath(&self, at: usize, found: &mut impl FnMut(u32, Evidence)) {
        let own = self.view.utterances[at].stretch;
        let end = self.view.stretches.len().min(own + 1 + AFTERMATH);
        for stretch in &self.view.stretches[(own + 1).min(end)..end] {
            let place = match stretch.side {
                Some(Side::Customer) => Place::Reaction,
                _ => Place::Response,
            };
            for utterance in stretch.utterances.clone() {
                self.runs(utterance, place, 2, &mut |key, evidence| found(mix(key, place as u32), evidence));
            }
        }
    }

    /// What is spoken of around utterance `at`: the words and word lists of its neighbourhood.
    pub(super) fn around(&self, at: usize, found: &mut impl FnMut(u32, Evidence)) {
        let near = at.saturating_sub(NEIGHBOURHOOD)..(at + NEIGHBOURHOOD + 1).min(self.view.utterances.len());
        for other in near {
            let mut near = |key, evidence| found(mix(key, Place::Around as u32), evidence);
            self.runs(other, Place::Around, 1, &mut near);
            self.lists(other, &mut near);
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
            found(mix(LIST, one), Evidence::Lists(one, None));
            for other in members(all & !((2 << one) - 1)) {
                found(mix(mix(LIST, one), other), Evidence::Lists(one, Some(other)));
            }
        }
    }

    fn shape(&self, at: usize, found: &mut impl FnMut(u32, Evidence)) {
        let utterance = &self.view.utterances[at];
        let stretch = &self.view.stretches[utterance.stretch].utterances;
        let seen = self.view.seen(at);
        let mut shape = |name: &'static str, measure: usize| {
            found(mix(hash(name), measure as u32), Evidence::Shape(name, measure));
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

    fn neighbours(&self, at: usize, side: u32, found: &mut impl FnMut(u32, Evidence)) {
        let mut near = |other: usize, place: Place, longest: usize| {
            self.runs(other, place, longest, &mut |key, evidence| found(mix(key, place as u32), evidence));
            let mut sided = |key, evidence| found(mix(mix(mix(key, place as u32), side), NEAR), evidence);
            sided(NEAR, Evidence::Shape("stands beside", place as usize));
            if self.view.asks(other) {
                let length = (self.view.utterances[at].words.len() / 3).min(LENGTHS);
                sided(ASKED, Evidence::Shape("beside a question", place as usize));
                sided(mix(ASKED, length as u32), Evidence::Shape("length beside a question", length));
                // How an answer begins: "yes", "we can", "not yet".
                let begin = self.view.utterances[at].words.clone();
                let mut key = ASKED;
                for word in begin.take(2) {
                    key = mix(key, self.words[word]);
                    let to = word + 1;
                    let from = self.view.utterances[at].words.start;
                    sided(key, Evidence::Words { place: Place::Here, from, to, broken: false });
                }
            }
        };
        if let Some(before) = at.checked_sub(1) {
            near(before, self.place(at, before, [Place::Before, Place::Asked, Place::Colleague]), 2);
        }
        let stretch = self.view.utterances[at].stretch;
        let first = self.view.stretches[stretch].utterances.start;
        if let Some(earlier) = first.checked_sub(1).filter(|_| first < at) {
            near(earlier, Place::Earlier, 1);
        }
        if at + 1 < self.view.utterances.len() {
            near(at + 1, self.place(at, at + 1, [Place::After, Place::Answer, Place::Echo]), 2);
        }
    }

    fn place(&self, at: usize, other: usize, [same, across, beside]: [Place; 3]) -> Place {
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
            weights.kinds.row(mix(self.words[at], Place::Here as u32)).next().is_none()
        })
    }

    /// Returns `evidence`, which the language of `pack` gave, in words.
    pub(super) fn describe(&self, pack: &Pack, evidence: Evidence) -> String {
        let said = |from: usize, to: usize| self.view.folded(from..to).to_owned();
        match evidence {
            Evidence::Words { place, from, to, broken } => {
                let words = said(from, to);
                let words = match words.split(' ').collect::<Vec<_>>()[..] {
                    [first, _, third] if broken => format!("{first} … {third}"),
                    _ => words,
                };
                format!("{}“{words}”", place.prefix())
            }
            Evidence::Beginning(word) => {
                let word = said(word, word + 1);
                let end = word.char_indices().nth(BEGINNING).map_or(word.len(), |(end, _)| end);
                format!("“{}…”", &word[..end])
            }
            Evidence::Lists(one, other) => {
                let name = |list: u32| pack.list(list).unwrap_or("list");
                match other {
                    Some(other) => format!("words of {} with words of {}", name(one), name(other)),
                    None => format!("words of {}", name(one)),
                }
            }
            Evidence::Feature(feature) => format!("is {feature}"),
            Evidence::Rule(rule) => format!("rule {}", self.rules[rule].1.id),
            Evidence::Shape(name, measure) => format!("{name} {measure}"),
        }
    }
}

impl Place {
    fn prefix(self) -> &'static str {
        match self {
            Self::Here => "",
            Self::Before | Self::Colleague => "before it: ",
            Self::Asked => "answers: ",
            Self::Earlier => "said earlier: ",
            Self::After | Self::Echo => "behind it: ",
            Self::Answer => "answered by: ",
            Self::Reaction => "customer later: ",
            Self::Response => "answered later by: ",
            Self::Around => "nearby: ",
        }
    }
}

/// Keys of what is no word; hashes of words differ from them but by chance.
const NUMBER: u32 = 0x9e37_0001;
const START: u32 = 0x9e37_0002;
const END: u32 = 0x9e37_0003;
const ASKED: u32 = 0x9e37_0004;
const GAP: u32 = 0x9e37_0005;
const BEGIN: u32 = 0x9e37_0006;
const LIST: u32 = 0x9e37_0007;
const FEATURE: u32 = 0x9e37_0008;
const RULE: u32 = 0x9e37_0009;
const NEAR: u32 = 0x9e37_000a;

fn side_key(side: Option<Side>) -> u32 {
    match side {
        Some(Side::Rep) => 0x51de_0001,
        Some(Side::Partner) => 0x51de_0002,
        Some(Side::Customer) => 0x51de_0003,
        None => 0x51de_0004,
    }
}

/// FNV-1a over the letters.
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Joins two keys in their order (the finaliser of MurmurHash3).
fn mix(one: u32, other: u32) -> u32 {
    let mut key = one.rotate_left(13) ^ other.wrapping_mul(0x9e37_79b1);
    key = (key ^ (key >> 16)).wrapping_mul(0x85eb_ca6b);
    key = (key ^ (key >> 13)).wrapping_mul(0xc2b2_ae35);
    key ^ (key >> 16)
}

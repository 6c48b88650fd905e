use std::collections::HashMap;

use jiff::civil::Date;

use super::gist::Gist;
use super::heard::Heard;
use super::kinship::measure;
use super::logit::Scale;
use super::remark::Remark;
use super::terms::Terms;
use super::topic::Topic;

/// How many of an entry's sayings are compared word for word, the latest first.
const COMPARED: usize = 6;

/// How many of the sayings that share most words are looked at.
const NEAR: usize = 24;

/// How many sayings of one word are looked at, the latest first: a word in more of them tells nothing apart.
const POSTINGS: usize = 48;

/// How many turns back an entry may be what a "yes, and by May" goes on about without sharing a word.
const REACH: u32 = 12;

/// How many calls later people still tell what became of something.
const REMEMBERED: usize = 2;

/// An entry by what was said of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    topics: Vec<Topic>,
    /// What all of it is about.
    pub(super) gist: Gist,
    /// What was said just before each time.
    pub(super) lead: Gist,
    /// The dates it was given.
    pub(super) dues: Vec<Date>,
    /// What it was classed as.
    pub(super) classes: Vec<&'static str>,
    /// How often it was said.
    pub(super) times: usize,
}

impl Entry {
    /// Returns its latest sayings.
    pub(super) fn latest(&self) -> impl Iterator<Item = &Topic> {
        self.topics.iter().rev().take(COMPARED)
    }

    /// Returns its last saying. An entry is made by one.
    pub(super) fn last(&self) -> &Topic {
        &self.topics[self.topics.len() - 1]
    }

    /// Tells whether `topic` is for somebody else ("SSO for the contractors") or names another thing on the same call:
    /// "the labels in May, and the scanners in May" are two.
    fn is_another(&self, topic: &Topic) -> bool {
        let apart = self.gist.names.apart(&topic.gist.names) || self.gist.words.apart(&topic.gist.words);
        let listed = self.last().call == topic.call && apart && !topic.gist.again;
        listed || self.gist.audience.apart(&topic.gist.audience)
    }

    fn add(&mut self, topic: Topic) {
        self.gist.add(&topic.gist);
        self.lead.add(&topic.lead);
        self.dues.extend(topic.due);
        self.classes.push(topic.class);
        self.times += 1;
        self.topics.push(topic);
    }
}

/// The entries so far, so that a new saying meets only those that it may belong to.
#[derive(Default)]
pub(super) struct Entries {
    entries: Vec<Entry>,
    /// The entry of each saying and its place there, in the order in which they were made.
    sayings: Vec<(usize, usize)>,
    by_term: HashMap<u64, Vec<usize>>,
}

impl Entries {
    /// Adds a saying to `entry`, which is a new one where it is the number of entries so far.
    pub(super) fn add(&mut self, entry: usize, topic: Topic) {
        let at = self.sayings.len();
        for term in topic.gist.words.hashes().chain(topic.gist.moments.hashes()) {
            self.by_term.entry(term).or_default().push(at);
        }
        if entry == self.entries.len() {
            self.entries.push(Entry::default());
        }
        self.sayings.push((entry, self.entries[entry].topics.len()));
        self.entries[entry].add(topic);
    }

    /// Returns the entry to which `topic` belongs.
    pub(super) fn home(&self, topic: &Topic, scale: &Scale) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for entry in self.candidates(topic) {
            let probability = scale.probability(&self.measured(topic, entry));
            if best.is_none_or(|(likeliest, _)| probability > likeliest) {
                best = Some((probability, entry));
            }
        }
        best.filter(|(probability, _)| scale.is_yes(*probability)).map(|(_, entry)| entry)
    }

    /// Returns the entry of the saying that is most like `gist` (see [`Gist::likeness`]) among those that `fit`, the
    /// latest of equals.
    pub(super) fn alike(&self, gist: &Gist, fit: impl Fn(usize) -> bool) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for at in self.near(&gist.words) {
            let (entry, place) = self.sayings[at];
            let likeness = gist.likeness(&self.entries[entry].topics[place].gist);
            let better = best.is_none_or(|(likest, _)| likeness > likest);
            if likeness > 0.0 && better && fit(entry) {
                best = Some((likeness, entry));
            }
        }
        best.map(|(_, entry)| entry)
    }

    /// Returns, for each entry of an earlier call that `pends`, the remark of `call` that most probably tells what became
    /// of it, where one does.
    pub(super) fn news<'c>(
        &self,
        call: &'c Heard,
        scale: &Scale,
        pends: impl Fn(usize) -> bool,
    ) -> Vec<(usize, &'c Remark, f64)> {
        let mut news = Vec::new();
        for entry in (0..self.entries.len()).filter(|entry| pends(*entry)) {
            let tied =
                self.tied(call, entry).map(|(remark, measured)| (remark, scale.probability(&measured)));
            let likeliest = tied.max_by(|(_, one), (_, other)| one.total_cmp(other));
            let plain = |remark: &Remark| remark.reports(&self.entries[entry]);
            let told = likeliest.filter(|(remark, probability)| scale.is_yes(*probability) || plain(remark));
            news.extend(told.map(|(remark, probability)| (entry, remark, probability)));
        }
        news
    }

    /// Returns the remarks of `call` that touch `entry`, with what is measured between them; none where it was last said
    /// on that call or too long ago.
    pub(super) fn tied<'c>(
        &self,
        call: &'c Heard,
        entry: usize,
    ) -> impl Iterator<Item = (&'c Remark, Vec<f64>)> {
        let entry = &self.entries[entry];
        let calls_ago = call.number - entry.last().call;
        let remarks = if (1..=REMEMBERED).contains(&calls_ago) { call.remarks() } else { &[] };
        let touching = remarks.iter().filter(|remark| remark.touches(entry));
        touching.map(move |remark| (remark, remark.measure(entry, calls_ago)))
    }

    /// Returns an entry.
    pub(super) fn get(&self, entry: usize) -> &Entry {
        &self.entries[entry]
    }

    /// Measures `topic` beside `entry`.
    pub(super) fn measured(&self, topic: &Topic, entry: usize) -> Vec<f64> {
        measure(topic, &self.entries[entry], entry + 1 == self.entries.len())
    }

    /// Returns the entries that share words or dates with `topic` or with what led to it, and those just talked of.
    pub(super) fn candidates(&self, topic: &Topic) -> Vec<usize> {
        let own = self.near(&topic.gist.words.with(&topic.gist.moments));
        let led = self.near(&topic.lead.words.with(&topic.lead.moments));
        let mut found: Vec<usize> = own.into_iter().chain(led).map(|at| self.sayings[at].0).collect();
        let just_now = self.entries.iter().enumerate().rev().filter(|(_, entry)| {
            let last = entry.last();
            last.call == topic.call && topic.turn.saturating_sub(last.turn) <= REACH
        });
        found.extend(just_now.map(|(entry, _)| entry));
        found.sort_unstable();
        found.dedup();
        found.retain(|entry| !self.entries[*entry].is_another(topic));
        found
    }

    /// Returns the sayings that share most of `terms`, the latest of equals first.
    fn near(&self, terms: &Terms) -> Vec<usize> {
        let mut postings: Vec<usize> = Vec::new();
        for term in terms.hashes() {
            postings
                .extend(self.by_term.get(&term).into_iter().flat_map(|of| of.iter().rev().take(POSTINGS)));
        }
        postings.sort_unstable();
        let mut near: Vec<(usize, usize)> =
            postings.chunk_by(|one, other| one == other).map(|same| (same.len(), same[0])).collect();
        near.sort_unstable_by(|one, other| other.cmp(one));
        near.into_iter().take(NEAR).map(|(_, at)| at).collect()
    }
}

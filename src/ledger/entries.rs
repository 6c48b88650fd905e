use std::collections::HashMap;

use jiff::civil::Date;

use super::gist::Gist;
use super::heard::Heard;
use super::kinship::measure;
use super::logit::Scale;
use super::question::Question;
use super::remark::Remark;
use super::terms::Terms;
use super::topic::Topic;

/// How many of an entry's sayings are compared word for word, the latest first.
const COMPARED: usize = 6;

/// How many of the entries that share most words are looked at.
const NEAR: usize = 24;

/// How many entries of one word are looked at, the latest first: a word in more of them tells nothing apart.
const POSTINGS: usize = 48;

/// How many turns back an entry may be what a "yes, and by May" goes on about without sharing a word.
const REACH: u32 = 12;

/// An entry by what was said of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    topics: Vec<Topic>,
    /// What all of it is about.
    pub(super) gist: Gist,
    /// What was said just before each time.
    pub(super) lead: Gist,
    /// What its conditions are about.
    pub(super) condition: Gist,
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
        let listed = self.last().call == topic.call && apart && !topic.again;
        listed || self.gist.audience.apart(&topic.gist.audience)
    }

    fn add(&mut self, topic: Topic) {
        self.gist.add(&topic.gist);
        self.lead.add(&topic.lead);
        self.condition.add(&topic.condition);
        self.dues.extend(topic.due);
        self.classes.push(topic.class);
        self.times += 1;
        self.topics.push(topic);
    }
}

/// A remark beside an entry that it touches.
pub(super) struct Touch<'c> {
    pub(super) remark: &'c Remark,
    pub(super) measured: Vec<f64>,
}

/// The entries so far, so that a new saying meets only those that it may belong to.
#[derive(Default)]
pub(super) struct Entries {
    entries: Vec<Entry>,
    /// The entries of each word and date, in the order in which they took it up.
    by_term: HashMap<u64, Vec<usize>>,
}

impl Entries {
    /// Adds a saying to `entry`, which is a new one where it is the number of entries so far.
    pub(super) fn add(&mut self, entry: usize, topic: Topic) {
        for term in topic.gist.words.hashes().chain(topic.gist.moments.hashes()) {
            let holders = self.by_term.entry(term).or_default();
            if !holders.contains(&entry) {
                holders.push(entry);
            }
        }
        if entry == self.entries.len() {
            self.entries.push(Entry::default());
        }
        self.entries[entry].add(topic);
    }

    /// Returns the entry to which `topic` belongs, among those that `fit`.
    pub(super) fn home(&self, topic: &Topic, scale: &Scale, fit: impl Fn(usize) -> bool) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for entry in self.candidates(topic).into_iter().filter(|entry| fit(*entry)) {
            let probability = scale.probability(&self.measured(topic, entry));
            if best.is_none_or(|(likeliest, _)| probability > likeliest) {
                best = Some((probability, entry));
            }
        }
        best.filter(|(probability, _)| scale.is_yes(*probability)).map(|(_, entry)| entry)
    }

    /// Returns the entry with a saying that is most like `gist` (see [`Gist::likeness`]) among those that `fit`, the first of
    /// equals.
    pub(super) fn alike(&self, gist: &Gist, fit: impl Fn(usize) -> bool) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for entry in self.near(&gist.words).into_iter().filter(|entry| fit(*entry)) {
            for said in &self.entries[entry].topics {
                let likeness = gist.likeness(&said.gist);
                if likeness > best.map_or(0.0, |(likest, _)| likest) {
                    best = Some((likeness, entry));
                }
            }
        }
        best.map(|(_, entry)| entry)
    }

    /// Returns, for each entry that `pends`, the remark of `call` that most probably answers `question`, where one does.
    pub(super) fn news<'c>(
        &self,
        call: &'c Heard,
        question: Question,
        scale: &Scale,
        pends: impl Fn(usize) -> bool,
    ) -> Vec<(usize, &'c Remark, f64)> {
        let mut news = Vec::new();
        for entry in (0..self.entries.len()).filter(|entry| pends(*entry)) {
            let touches = self.touches(call, question, entry);
            let probable = touches.map(|touch| (touch.remark, scale.probability(&touch.measured)));
            let likeliest = probable.max_by(|(_, one), (_, other)| one.total_cmp(other));
            let plain = |remark: &Remark| question.is_of_deeds() && remark.reports(&self.entries[entry]);
            let told = likeliest.filter(|(remark, probability)| scale.is_yes(*probability) || plain(remark));
            news.extend(told.map(|(remark, probability)| (entry, remark, probability)));
        }
        news
    }

    /// Returns the remarks of `call` that touch `entry`, with what is measured between them; none where it was not last said
    /// as many calls before as `question` asks back.
    pub(super) fn touches<'c>(
        &self,
        call: &'c Heard,
        question: Question,
        entry: usize,
    ) -> impl Iterator<Item = Touch<'c>> {
        let last = self.entries[entry].last();
        let reached = question.within().contains(&(call.number - last.call));
        let from = if call.number == last.call { last.turn + 1 } else { 0 };
        let remarks = if reached { call.remarks().touching(&self.entries[entry], from) } else { Vec::new() };
        remarks.into_iter().map(move |remark| {
            let own = remark
                .gist
                .words
                .hashes()
                .filter(|term| self.by_term.get(term).is_some_and(|of| of == &[entry]));
            let measured = remark.measure(&self.entries[entry], own.count(), call);
            Touch { remark, measured }
        })
    }

    /// Returns an entry.
    pub(super) fn get(&self, entry: usize) -> &Entry {
        &self.entries[entry]
    }

    /// Measures `topic` beside `entry`.
    pub(super) fn measured(&self, topic: &Topic, entry: usize) -> Vec<f64> {
        let own =
            topic.gist.words.hashes().filter(|term| self.by_term.get(term).is_some_and(|of| of == &[entry]));
        measure(topic, &self.entries[entry], own.count(), entry + 1 == self.entries.len())
    }

    /// Returns the entries that share words or dates with `topic` or with what led to it, and those just talked of.
    pub(super) fn candidates(&self, topic: &Topic) -> Vec<usize> {
        let mut found = self.near(&topic.gist.words.with(&topic.gist.moments));
        found.extend(self.near(&topic.lead.words.with(&topic.lead.moments)));
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

    /// Returns the entries that share most of `terms`, the latest of equals first.
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
        near.into_iter().take(NEAR).map(|(_, entry)| entry).collect()
    }
}

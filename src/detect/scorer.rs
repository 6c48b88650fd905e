//! Takes what is likely enough for a finding.

use std::ops::Range;

use super::candidate::{Candidate, Ground, Part, may_answer};
use super::chances::chances;
use super::evidence::Evidence;
use super::evident::Evident;
use super::key::{Key, Place};
use super::measures::Outline;
use super::naming::Naming;
use super::scan::{Hit, Noticed};
use super::sums::{Sums, sums};
use super::view::View;
use super::witness::Likelihood;
use crate::rules::{Kind, Label, UNIT, Use, Weights, logistic};

/// The question whether an utterance goes on with the finding of the one before it.
pub const CONTINUES: &str = "continues";
/// The question whether an utterance is understood only with what it answers.
pub const ANSWERS: &str = "answers";
/// So many reasons are told of a finding.
const REASONS: usize = 6;
/// A reason that counts for less is none, in log-odds.
const LEAST_REASON: f32 = 0.05;

/// Finds what the weights of each language find in a call.
pub(super) fn score<'a>(
    evident: &Evident<'_, 'a>,
    noticed: &[Noticed],
    outlines: &[Outline],
    naming: &Naming,
) -> Vec<Candidate<'a>> {
    let view = evident.view;
    let read = Read { view, chances: chances(view, outlines, &sums(evident), Label::least_answer) };
    let mut found = Vec::new();
    for at in 0..view.utterances.len() {
        let Some(weights) = view.utterances[at].pack.weights() else { continue };
        for (number, kind) in weights.kind_labels() {
            let goes_on = |at: usize| read.continues(weights, at) && read.is(weights, at, number);
            if !read.is(weights, at, number) || (goes_on(at) && read.is(weights, at - 1, number)) {
                continue;
            }
            let behind = (at + 1..view.utterances.len()).take_while(|next| goes_on(*next)).count();
            let utterances = at..at + behind + 1;
            let mut one = candidate(evident, noticed, weights, &read, (kind, number), utterances);
            if matches!(kind, Kind::Competitor | Kind::TechEnvironment) {
                let words = &view.utterances[one.utterance].words;
                let name = naming.find(evident, one.pack, words.clone());
                one.hit.name = name.map(|name| (name.start - words.start, name.end - words.start));
            }
            found.push(one);
        }
    }
    found
}

/// Returns how likely each utterance says something of each kind.
pub(super) fn likelihoods(evident: &Evident<'_, '_>, outlines: &[Outline]) -> Vec<Likelihood> {
    let view = evident.view;
    let chances = chances(view, outlines, &sums(evident), |_| f32::NEG_INFINITY);
    let mut likelihoods = Vec::new();
    for (at, utterance) in view.utterances.iter().enumerate() {
        let Some(weights) = utterance.pack.weights() else { continue };
        let Some(span) = view.span(utterance.words.clone(), utterance.words.start) else { continue };
        for (number, kind) in weights.kind_labels() {
            let probability = f64::from(logistic(chances[at][number]));
            let threshold = f64::from(weights.head().kinds[number].threshold);
            likelihoods.push(Likelihood { span, kind, probability, threshold });
        }
    }
    likelihoods.retain(|likelihood| likelihood.probability > 0.0);
    likelihoods
}

/// A call with the log-odds of every label at every utterance.
struct Read<'v, 'a> {
    view: &'v View<'a>,
    chances: Vec<Sums>,
}

impl Read<'_, '_> {
    /// Tells whether label `number` is likely enough at utterance `at`.
    fn is(&self, weights: &Weights, at: usize, number: usize) -> bool {
        let threshold = weights.head().kinds[number].threshold;
        self.chances[at].get(number).is_some_and(|odds| logistic(*odds) >= threshold)
    }

    fn asks(&self, weights: &Weights, at: usize, question: &str) -> bool {
        weights.label(question).is_some_and(|number| self.is(weights, at, number))
    }

    /// Tells whether utterance `at` goes on with what the one before it says, in the same turn. Where the recorder
    /// began a new row with it, it stands alone.
    fn continues(&self, weights: &Weights, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let utterances = &self.view.utterances;
        let first = |at: usize| self.view.words[utterances[at].words.start];
        let (word, turn) = (first(at), &self.view.transcript.turns[first(at).turn as usize]);
        let begins_row = turn.marks.iter().any(|mark| mark.at == word.raw.0);
        let same = utterances[at].stretch == utterances[before].stretch && word.turn == first(before).turn;
        same && !begins_row && self.asks(weights, at, CONTINUES)
    }
}

fn candidate<'a>(
    evident: &Evident<'_, 'a>,
    noticed: &[Noticed],
    weights: &'a Weights,
    read: &Read<'_, '_>,
    (kind, number): (Kind, usize),
    utterances: Range<usize>,
) -> Candidate<'a> {
    let (view, pack) = (evident.view, evident.view.utterances[utterances.start].pack);
    let odds = |at: &usize| read.chances[*at][number];
    let surest = utterances.clone().max_by(|one, other| odds(one).total_cmp(&odds(other)));
    let surest = surest.unwrap_or(utterances.start);
    let mut reasons = reasons(evident, weights, number, surest);
    let hit = hit(view, surest, &reasons);
    reasons.truncate(REASONS);
    let reasons = reasons
        .into_iter()
        .map(|(evidence, weight)| (Part::Evidence(evident.describe(pack, evidence)), f64::from(weight)));
    let mut parts: Vec<_> = reasons.collect();
    let told: f64 = parts.iter().map(|(_, weight)| weight).sum();
    parts.push((Part::Rest, f64::from(odds(&surest)) - told));
    let answers = read.asks(weights, utterances.start, ANSWERS);
    let features = noticed[surest].features(0, view.utterances[surest].words.len());
    Candidate {
        ground: Ground::Weights { weights, kind, values: values(evident, weights, kind, utterances.clone()) },
        pack,
        utterance: surest,
        utterances: utterances.clone(),
        hit,
        asked: if answers { asked(view, utterances.start) } else { None },
        features,
        confidence: 1.0 / (1.0 + (-f64::from(odds(&surest))).exp()),
        parts,
    }
}

/// Returns what counts most for label `number` at utterance `at`, the weightiest first.
fn reasons(evident: &Evident<'_, '_>, weights: &Weights, number: usize, at: usize) -> Vec<(Evidence, f32)> {
    let mut reasons: Vec<(Evidence, f32)> = Vec::new();
    let labels = weights.head().kinds.len();
    evident.each(at, &mut |key, stands, evidence| {
        let mut weight = 0.0;
        for (column, units) in weights.kinds.row(key) {
            if stands.iter().any(|stand| stand.column(number, labels) == usize::from(column)) {
                weight += f32::from(units) * UNIT;
            }
        }
        // What stands on the same words is one reason.
        match reasons.last_mut() {
            Some((last, sum)) if *last == evidence => *sum += weight,
            _ => reasons.push((evidence, weight)),
        }
    });
    reasons.retain(|(_, weight)| *weight >= LEAST_REASON);
    reasons.sort_by(|one, other| other.1.total_cmp(&one.1));
    reasons
}

/// Returns the words of the utterance that count most.
fn hit(view: &View<'_>, at: usize, reasons: &[(Evidence, f32)]) -> Hit {
    let words = &view.utterances[at].words;
    let own = reasons.iter().find_map(|(evidence, _)| match evidence {
        Evidence::Words { place: Place::Here, from, to, .. } if from < to => Some((*from, *to)),
        _ => None,
    });
    let (from, to) = own.unwrap_or((words.start, words.end));
    Hit { purpose: Use::Find(0), start: from - words.start, end: to - words.start, name: None }
}

/// Returns the sums of the values of the kind's attributes, in units of a weight.
pub(super) fn values(
    evident: &Evident<'_, '_>,
    weights: &Weights,
    kind: Kind,
    utterances: Range<usize>,
) -> Vec<i32> {
    let mut sums = vec![0; weights.head().values.len()];
    if !weights.chooses(kind) {
        return sums;
    }
    let mut add = |key: Key| {
        for (value, units) in weights.values.row(key.joined()) {
            if let Some(sum) = sums.get_mut(usize::from(value)) {
                *sum += i32::from(units);
            }
        }
    };
    let (first, last) = (utterances.start, utterances.end - 1);
    for at in utterances {
        evident.each(at, &mut |key, stands, _| stands.iter().for_each(|stand| add(Key::new(key, *stand))));
    }
    evident.around(first, &mut add);
    if kind == Kind::Objection {
        evident.aftermath(last, &mut add);
    }
    sums
}

/// Returns the utterance of the other side that `answer` answers: its last question, else the last thing it said.
fn asked(view: &View<'_>, answer: usize) -> Option<usize> {
    let own = view.utterances[answer].stretch;
    let speaker = |stretch: usize| &view.transcript.speakers[view.stretches[stretch].speaker.index()];
    let mut before = (0..own).rev().filter(|stretch| !view.stretches[*stretch].backchannel);
    let stretch = before.next().filter(|stretch| may_answer(speaker(*stretch), speaker(own)))?;
    let them = view.stretches[stretch].utterances.clone();
    them.clone().rev().find(|at| view.asks(*at)).or(them.last())
}

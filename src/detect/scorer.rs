//! Sums the weights of what is noticed about each utterance, and takes what is likely enough for a finding.

use std::ops::Range;

use super::candidate::{Candidate, Ground, Part, may_answer};
use super::evidence::{Evidence, Evident, Place};
use super::measures::{Outline, measures};
use super::naming::Naming;
use super::scan::{Hit, Noticed};
use super::view::View;
use super::witness::Likelihood;
use crate::rules::{Kind, Use, Weights, logistic};
use crate::transcript::Deal;

/// The question whether an utterance goes on with the finding of the one before it.
pub const CONTINUES: &str = "continues";
/// The question whether an utterance is understood only with what it answers.
pub const ANSWERS: &str = "answers";
/// So many reasons are told of a finding.
const REASONS: usize = 6;
/// A reason that counts for less is none, in log-odds.
const LEAST_REASON: f32 = 0.05;

/// Log-odds that are lost where nobody knows on whose side a speaker is.
const UNKNOWN_SIDE: f32 = -0.6;
/// What is lost besides by findings that mostly the customer makes, in a call of which no side at all is known: talk
/// between neither buyer nor seller is full of their look-alikes.
const NO_SIDES: f32 = -0.7;

/// The sums of an utterance by label of the kinds' table.
type Sums = Vec<f32>;

/// Finds what the weights of each language find in a call.
pub(super) fn score<'a>(
    evident: &Evident<'_, 'a>,
    noticed: &[Noticed],
    outlines: &[Outline],
    deal: &Deal,
) -> Vec<Candidate<'a>> {
    let view = evident.view;
    let naming = Naming::new(view, deal);
    let sums: Vec<Sums> = (0..view.utterances.len()).map(|at| sums(evident, at)).collect();
    let read = Read { view, chances: chances(view, outlines, &sums) };
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
    let sums: Vec<Sums> = (0..view.utterances.len()).map(|at| sums(evident, at)).collect();
    let chances = chances(view, outlines, &sums);
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

/// Returns the log-odds of every label at every utterance: the second reading, which sees what the first made of the
/// neighbours.
fn chances(view: &View<'_>, outlines: &[Outline], sums: &[Sums]) -> Vec<Sums> {
    let sides = view.transcript.speakers.iter().any(|speaker| speaker.side.is_some());
    let chance = |at: usize| {
        let Some(weights) = view.utterances[at].pack.weights() else { return Vec::new() };
        let labels = weights.head().kinds.iter().zip(&weights.forests).zip(&sums[at]);
        let mut measured: Option<Vec<f32>> = None;
        let odds = labels.map(|((label, forest), sum)| {
            if *sum < label.floor {
                return f32::NEG_INFINITY;
            }
            label.log_odds(forest.sum(measured.get_or_insert_with(|| measures(outlines, sums, at))))
        });
        let mut odds: Sums = odds.collect();
        if view.side(at).is_none() {
            for (number, kind) in weights.kind_labels() {
                odds[number] += unknown_side(kind, sides);
            }
        }
        odds
    };
    (0..view.utterances.len()).map(chance).collect()
}

/// Returns what a finding of `kind` loses where its speaker's side is unknown; `sides` tells whether anybody's is known.
fn unknown_side(kind: Kind, sides: bool) -> f32 {
    match kind {
        Kind::Promise | Kind::NextStep => UNKNOWN_SIDE,
        _ if sides => UNKNOWN_SIDE,
        _ => UNKNOWN_SIDE + NO_SIDES,
    }
}

fn sums(evident: &Evident<'_, '_>, at: usize) -> Sums {
    let Some(weights) = evident.view.utterances[at].pack.weights() else { return Vec::new() };
    let mut sums = vec![0.0; weights.head().kinds.len()];
    evident.each(at, &mut |key, _| {
        for (label, weight) in weights.kinds.row(key) {
            sums[label] += weight;
        }
    });
    sums
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
    evident.each(at, &mut |key, evidence| {
        let weight =
            weights.kinds.row(key).find(|(label, _)| *label == number).map_or(0.0, |(_, weight)| weight);
        // What is said and who says it are one reason.
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

/// Returns the sums of the values of the kind's attributes.
pub(super) fn values(
    evident: &Evident<'_, '_>,
    weights: &Weights,
    kind: Kind,
    utterances: Range<usize>,
) -> Vec<f32> {
    let mut sums = vec![0.0; weights.head().values.len()];
    let mut add = |key: u32, _| {
        for (value, weight) in weights.values.row(key) {
            sums[value] += weight;
        }
    };
    let (first, last) = (utterances.start, utterances.end - 1);
    for at in utterances {
        evident.each(at, &mut add);
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

/// An utterance as weights are learned from it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its turn.
    pub turn: u32,
    /// Its bytes in the turn.
    pub range: Range<u32>,
    /// Its language.
    pub language: String,
    /// Keys of the evidence.
    pub evidence: Vec<u32>,
    /// Keys of what is spoken of around it.
    pub around: Vec<u32>,
    /// Keys of what follows it.
    pub aftermath: Vec<u32>,
    /// What is measured of it.
    pub outline: Outline,
}

/// Returns every utterance of a call with its evidence.
pub(super) fn samples(evident: &Evident<'_, '_>, outlines: &[Outline]) -> Vec<Sample> {
    let view = evident.view;
    let sample = |at: usize| {
        let words = view.utterances[at].words.clone();
        let span = view.span(words.clone(), words.start)?;
        let (mut evidence, mut around, mut aftermath) = (Vec::new(), Vec::new(), Vec::new());
        evident.each(at, &mut |key, _| evidence.push(key));
        evident.around(at, &mut |key, _| around.push(key));
        evident.aftermath(at, &mut |key, _| aftermath.push(key));
        let language = view.utterances[at].pack.language.clone();
        Some(Sample {
            turn: span.turn,
            range: span.start..span.end,
            language,
            evidence,
            around,
            aftermath,
            outline: outlines[at].clone(),
        })
    };
    (0..view.utterances.len()).filter_map(sample).collect()
}

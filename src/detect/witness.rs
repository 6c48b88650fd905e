//! What a witness beside the rules needs: how likely each utterance is to say something, so that it looks where looking
//! pays, and what the words mean that it points at. The witness only points and labels; dates, amounts, names and sides
//! are read here, from the words.

use std::collections::BTreeMap;
use std::ops::Range;

use super::attributes::Reading;
use super::candidate::{Candidate, Ground, candidates};
use super::evident::Evident;
use super::measures::outlines;
use super::naming::Naming;
use super::people::stakeholders;
use super::scan::{Hit, Noticed, scan};
use super::scorer;
use super::view::View;
use super::{ByModel, Finding};
use crate::rules::{Kind, RuleSet, Use};
use crate::transcript::{Deal, Span, Transcript};

/// How likely an utterance says something of a kind, by the weights of its language.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likelihood {
    /// The utterance.
    pub span: Span,
    /// The kind.
    pub kind: Kind,
    /// Calibrated probability, 0 to 1.
    pub probability: f64,
    /// The least probability of a finding of this kind.
    pub threshold: f64,
}

/// Words that a witness points at.
#[derive(Clone, Debug, PartialEq)]
pub struct Pointed {
    /// The words.
    pub span: Span,
    /// What they are said to be.
    pub kind: Kind,
    /// Attributes with closed sets of values, as the witness labels them.
    pub labels: BTreeMap<String, String>,
    /// Who points.
    pub by: ByModel,
    /// How likely it is right, 0 to 1.
    pub confidence: f64,
}

/// Returns how likely each utterance says something of each kind; kinds that are out of the question are left out.
pub fn likelihoods(transcript: &Transcript, rules: &RuleSet) -> Vec<Likelihood> {
    let view = View::new(transcript, rules);
    let noticed = scan(&view);
    let matched = candidates(&view, &noticed, &|_| true, |_, _, _, _| ());
    let outlines = outlines(&view, &noticed, &matched);
    scorer::likelihoods(&Evident::new(&view, &noticed, &matched), &outlines)
}

/// Returns what the words mean that a witness points at; those in a language without rules mean nothing to us.
pub fn testify(transcript: &Transcript, deal: &Deal, rules: &RuleSet, pointed: &[Pointed]) -> Vec<Finding> {
    let view = View::new(transcript, rules);
    let noticed = scan(&view);
    let matched = candidates(&view, &noticed, &|_| true, |_, _, _, _| ());
    let evident = Evident::new(&view, &noticed, &matched);
    let naming = Naming::new(&view, deal, &stakeholders(transcript, deal));
    let reading = Reading { view: &view, noticed: &noticed, deal };
    let digest = transcript.digest();
    let finding = |pointed: &Pointed| {
        let utterances = utterances(&view, pointed.span)?;
        let mut candidate = candidate(&evident, &noticed, pointed, utterances);
        if matches!(pointed.kind, Kind::Competitor | Kind::TechEnvironment) {
            let words = view.utterances[candidate.utterance].words.clone();
            let name = naming.find(&evident, candidate.pack, words.clone());
            candidate.hit.name = name.map(|name| (name.start - words.start, name.end - words.start));
        }
        Some(reading.pointed(&candidate, pointed.kind, transcript.quote(pointed.span)?, &digest))
    };
    pointed.iter().filter_map(finding).collect()
}

/// Returns the utterances that share words with `span`.
fn utterances(view: &View<'_>, span: Span) -> Option<Range<usize>> {
    let shares = |at: &usize| {
        let words = &view.words[view.utterances[*at].words.clone()];
        words.iter().any(|word| span.overlaps(Span { turn: word.turn, start: word.raw.0, end: word.raw.1 }))
    };
    let mut sharing = (0..view.utterances.len()).filter(shares);
    let first = sharing.next()?;
    Some(first..sharing.next_back().unwrap_or(first) + 1)
}

fn candidate<'a>(
    evident: &Evident<'_, 'a>,
    noticed: &[Noticed],
    pointed: &'a Pointed,
    utterances: Range<usize>,
) -> Candidate<'a> {
    let (view, at) = (evident.view, utterances.start);
    let pack = view.utterances[at].pack;
    let length = view.utterances[at].words.len();
    let weighed =
        pack.weights().map(|weights| scorer::values(evident, weights, pointed.kind, utterances.clone()));
    Candidate {
        ground: Ground::Pointed {
            weights: pack.weights().zip(weighed),
            kind: pointed.kind,
            labels: &pointed.labels,
            by: &pointed.by,
        },
        pack,
        utterance: at,
        utterances,
        hit: Hit { purpose: Use::Find(0), start: 0, end: length, name: None },
        asked: None,
        features: noticed[at].features(0, length),
        confidence: pointed.confidence,
        parts: Vec::new(),
    }
}

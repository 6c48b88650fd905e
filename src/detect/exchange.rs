//! What one side says because of what the other said: answers to requests, and what becomes of an objection.

use super::candidate::may_answer;
use super::scan::Noticed;
use super::view::View;
use crate::rules::{Feature, ObjectionStatus, Rule, Use};
use crate::transcript::{Side, Span};

/// An answer comes within so many stretches of the other side's question.
const STRETCHES: usize = 3;
/// An answer stands among the first utterances of its stretch, a question among the last of its own.
const EDGE: usize = 3;
/// A reaction to a response comes within so many stretches of the objection.
const REACTION: usize = 8;
/// A response with fewer words is no answer but a "sure".
const RESPONSE: usize = 5;

/// Returns the utterance in which the other side asked what `answer` answers, by the `ask` cues of rule `number`.
pub(super) fn asked(view: &View<'_>, noticed: &[Noticed], answer: usize, number: u32) -> Option<usize> {
    let pack = view.utterances[answer].pack;
    let own = view.utterances[answer].stretch;
    let place = answer - view.stretches[own].utterances.start;
    if place >= EDGE {
        return None;
    }
    for stretch in (own.saturating_sub(STRETCHES)..own).rev() {
        let them = &view.stretches[stretch];
        if them.backchannel {
            continue;
        }
        if !other_side(view, stretch, own) {
            return None;
        }
        let mut last = them.utterances.clone().rev().take(EDGE);
        // A question in another language was noticed by that language's rules, under their numbers.
        return last.find(|utterance| {
            std::ptr::eq(view.utterances[*utterance].pack, pack)
                && asks(noticed, *utterance, &pack.rules[number as usize], number, view)
        });
    }
    None
}

fn asks(noticed: &[Noticed], utterance: usize, rule: &Rule, number: u32, view: &View<'_>) -> bool {
    let Some(ask) = &rule.ask else { return false };
    let here = &noticed[utterance];
    let text = view.folded(view.utterances[utterance].words.clone());
    here.hits.iter().filter(|hit| hit.purpose == Use::Ask(number)).any(|hit| {
        let features = here.features(hit.start, hit.end);
        ask.required.missing(features).next().is_none()
            && ask.forbidden.common(features).next().is_none()
            && ask.patterns.iter().all(|pattern| pattern.is_match(text))
    })
}

fn other_side(view: &View<'_>, one: usize, other: usize) -> bool {
    let speaker = |stretch: usize| view.stretches[stretch].speaker;
    let of = |stretch: usize| &view.transcript.speakers[speaker(stretch).index()];
    speaker(one) != speaker(other) && may_answer(of(one), of(other))
}

/// What became of an objection within the call.
pub(super) struct Aftermath {
    pub(super) status: ObjectionStatus,
    pub(super) response: Option<Span>,
}

/// Follows the objection in `utterance`: our answer, then whether the customer takes it.
pub(super) fn aftermath(view: &View<'_>, noticed: &[Noticed], utterance: usize) -> Aftermath {
    let own = view.utterances[utterance].stretch;
    let mut aftermath = Aftermath { status: ObjectionStatus::Open, response: None };
    for stretch in own + 1..view.stretches.len().min(own + 1 + REACTION) {
        let said = &view.stretches[stretch];
        if said.side.is_some() && said.side != Some(Side::Customer) {
            if let (None, Some(answer)) = (aftermath.response, response(view, stretch)) {
                aftermath.response =
                    view.span(view.utterances[answer].words.clone(), view.utterances[answer].words.start);
                if in_stretch(view, noticed, stretch, Feature::Deferral) {
                    aftermath.status = ObjectionStatus::Deferred;
                }
            }
        } else if aftermath.response.is_some() && in_stretch(view, noticed, stretch, Feature::Settled) {
            aftermath.status = ObjectionStatus::Resolved;
            break;
        }
    }
    aftermath
}

fn response(view: &View<'_>, stretch: usize) -> Option<usize> {
    view.stretches[stretch]
        .utterances
        .clone()
        .find(|utterance| view.utterances[*utterance].words.len() >= RESPONSE)
}

fn in_stretch(view: &View<'_>, noticed: &[Noticed], stretch: usize, feature: Feature) -> bool {
    let stretch = &view.stretches[stretch];
    stretch.utterances.clone().any(|utterance| noticed[utterance].whole.has(feature))
}

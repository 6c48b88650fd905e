use super::attributes::{Reading, Sketch};
use super::candidate::{Candidate, Veto, candidates};
use super::evident::Evident;
use super::measures::outlines;
use super::merge::merge;
use super::naming::Naming;
use super::people::stakeholders;
use super::sample::{Sample, samples as sampled};
use super::scan::{Noticed, scan};
use super::scorer::score;
use super::view::View;
use super::{Detected, Finding, Stakeholder};
use crate::rules::RuleSet;
use crate::transcript::{Deal, Quote, Transcript};

/// Reads `transcript` by `rules`. A language without rules gives no findings; a turn whose language nothing tells
/// is read as English.
pub fn detect(transcript: &Transcript, deal: &Deal, rules: &RuleSet) -> Detected {
    let stakeholders = stakeholders(transcript, deal);
    let findings = find(transcript, deal, rules, &stakeholders);
    Detected { findings, doubted: Vec::new(), stakeholders }
}

/// Returns what the rule with `id` finds by itself.
pub fn try_rule(transcript: &Transcript, deal: &Deal, rules: &RuleSet, id: &str) -> Vec<Finding> {
    let view = View::new(transcript, rules);
    let noticed = scan(&view);
    let found = candidates(&view, &noticed, &|rule| rule.id == id, |_, _, _, _| ());
    findings(&Reading { view: &view, noticed: &noticed, deal }, &found)
}

/// Returns what rules and learned weights find together.
fn find(transcript: &Transcript, deal: &Deal, rules: &RuleSet, people: &[Stakeholder]) -> Vec<Finding> {
    let view = View::new(transcript, rules);
    let noticed = scan(&view);
    let found = weighed(&view, &noticed, &Naming::new(&view, deal, people));
    findings(&Reading { view: &view, noticed: &noticed, deal }, &found)
}

/// Returns what the weights find, and what is found by rules that they were not learned with.
fn weighed<'a>(view: &View<'a>, noticed: &[Noticed], naming: &Naming) -> Vec<Candidate<'a>> {
    let matched = candidates(view, noticed, &|_| true, |_, _, _, _| ());
    let outlines = outlines(view, noticed, &matched);
    let mut found = score(&Evident::new(view, noticed, &matched), noticed, &outlines, naming);
    let knows = |candidate: &Candidate<'_>| {
        let rule = candidate.ground.rule();
        candidate.pack.weights().zip(rule).is_some_and(|(weights, rule)| weights.knows(&rule.id))
    };
    found.extend(matched.into_iter().filter(|candidate| !knows(candidate)));
    found
}

fn findings(reading: &Reading<'_>, found: &[Candidate<'_>]) -> Vec<Finding> {
    let digest = reading.view.transcript.digest();
    let sketches = found.iter().flat_map(|candidate| reading.sketches(candidate)).collect();
    merge(sketches).into_iter().map(|sketch| reading.finding(sketch, &digest)).collect()
}

/// Returns every utterance of a call with its evidence, to learn weights from.
pub fn samples(transcript: &Transcript, rules: &RuleSet) -> Vec<Sample> {
    let view = View::new(transcript, rules);
    let noticed = scan(&view);
    let matched = candidates(&view, &noticed, &|_| true, |_, _, _, _| ());
    let outlines = outlines(&view, &noticed, &matched);
    sampled(&Evident::new(&view, &noticed, &matched), &outlines)
}

/// Why a finding was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The finding.
    pub finding: Finding,
    /// What its rule finds.
    pub title: String,
    /// What its confidence is made of, in log-odds.
    pub parts: Vec<(String, f64)>,
}

/// A place that a rule held on to and let go.
#[derive(Clone, Debug, PartialEq)]
pub struct NearMiss {
    /// The rule's id.
    pub rule: String,
    /// The words that its cue matched.
    pub cue: Quote,
    /// Why it is no finding.
    pub veto: Veto,
}

/// Explains the finding with `id`, or returns `None` where the rules find none by that id.
pub fn explain(transcript: &Transcript, deal: &Deal, rules: &RuleSet, id: &str) -> Option<Explanation> {
    let view = View::new(transcript, rules);
    let noticed = scan(&view);
    let reading = Reading { view: &view, noticed: &noticed, deal };
    let naming = Naming::new(&view, deal, &stakeholders(transcript, deal));
    let found = weighed(&view, &noticed, &naming);
    let finding = findings(&reading, &found).into_iter().find(|finding| finding.id(transcript) == id)?;
    let is_ground = |candidate: &&Candidate<'_>| {
        let same = |sketch: &Sketch<'_>| sketch.kind == finding.kind() && sketch.quote == finding.quote;
        finding.provenance.rule() == Some(&candidate.ground.id(candidate.pack))
            && reading.sketches(candidate).iter().any(same)
    };
    let candidate = found.iter().find(is_ground)?;
    let title = match candidate.ground.rule() {
        Some(rule) => rule.title.clone(),
        None => format!("What was learned from labelled calls to be a {}", finding.kind()),
    };
    let parts = candidate.parts.iter().map(|(part, weight)| (part.to_string(), *weight)).collect();
    Some(Explanation { finding, title, parts })
}

/// Returns which rules held on to words of turn `turn` and why they let go.
pub fn near_misses(transcript: &Transcript, rules: &RuleSet, turn: u32) -> Vec<NearMiss> {
    let view = View::new(transcript, rules);
    let noticed = scan(&view);
    let mut misses = Vec::new();
    candidates(&view, &noticed, &|_| true, |rule, utterance, hit, veto| {
        let words = view.utterances[utterance].words.start;
        let span = view.span(words + hit.start..words + hit.end, words + hit.start);
        if let Some(cue) = span.filter(|span| span.turn == turn).and_then(|span| transcript.quote(span)) {
            misses.push(NearMiss { rule: rule.id.clone(), cue, veto });
        }
    });
    misses
}

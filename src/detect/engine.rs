use super::attributes::Reading;
use super::candidate::{Veto, candidates};
use super::merge::merge;
use super::people::stakeholders;
use super::scan::scan;
use super::view::View;
use super::{Detected, Finding};
use crate::rules::{Rule, RuleSet};
use crate::transcript::{Deal, Quote, Transcript};

/// Reads `transcript` by `rules`. A language without rules gives no findings; a turn whose language nothing tells
/// is read as English.
pub fn detect(transcript: &Transcript, deal: &Deal, rules: &RuleSet) -> Detected {
    Detected {
        findings: find(transcript, deal, rules, &|_| true),
        stakeholders: stakeholders(transcript, deal),
    }
}

/// Returns what the rule with `id` finds by itself.
pub fn try_rule(transcript: &Transcript, deal: &Deal, rules: &RuleSet, id: &str) -> Vec<Finding> {
    find(transcript, deal, rules, &|rule| rule.id == id)
}

/// Returns what the accepted rules find together.
fn find(
    transcript: &Transcript,
    deal: &Deal,
    rules: &RuleSet,
    accept: &dyn Fn(&Rule) -> bool,
) -> Vec<Finding> {
    let view = View::new(transcript, rules);
    let noticed = scan(&view);
    let reading = Reading { view: &view, noticed: &noticed, deal };
    let digest = transcript.digest();
    let found = candidates(&view, &noticed, accept, |_, _, _, _| ());
    let sketches = found.iter().flat_map(|candidate| reading.sketches(candidate)).collect();
    merge(sketches).into_iter().map(|sketch| reading.finding(sketch, &digest)).collect()
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
    let finding =
        detect(transcript, deal, rules).findings.into_iter().find(|finding| finding.id(transcript) == id)?;
    let view = View::new(transcript, rules);
    let noticed = scan(&view);
    let reading = Reading { view: &view, noticed: &noticed, deal };
    let rule = finding.provenance.rule.clone();
    let found = candidates(&view, &noticed, &|other| other.id == rule, |_, _, _, _| ());
    let candidate = found
        .into_iter()
        .find(|candidate| reading.sketches(candidate).iter().any(|other| other.quote == finding.quote))?;
    let parts = candidate.parts.iter().map(|(part, weight)| (part.to_string(), *weight)).collect();
    Some(Explanation { finding, title: candidate.rule.title.clone(), parts })
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

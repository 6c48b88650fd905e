//! Holds every rule against its own examples.

use super::Finding;
use super::engine::try_rule;
use super::record::attrs_json;
use crate::rules::{Example, Marked, Rule, RuleFile, RuleProblem, RuleSet, Who};
use crate::transcript::{
    Call, Deal, Digest, KnownBy, Language, Mark, Side, Speaker, SpeakerId, Transcript, Turn,
};

/// Compiles `files` and runs every example of every rule; the result is everything that is wrong.
pub fn check(files: &[RuleFile]) -> Vec<RuleProblem> {
    let (rules, mut problems) = RuleSet::compile(files);
    for rule in rules.rules() {
        let path = format!("{}.toml", rule.id);
        let Some(file) = files.iter().find(|file| file.path == path) else { continue };
        let mut say = |example: &Example, message: String| {
            let first = example.source.trim().lines().next().unwrap_or_default();
            let at = file.text.find(first);
            problems.push(RuleProblem::at(&path, &file.text, at.map(|at| at..at), message));
        };
        for example in &rule.examples.matches {
            if let Err(message) = holds(&rules, rule, example) {
                say(example, format!("must match, but {message}"));
            }
        }
        for example in &rule.examples.ignores {
            let found = found(&rules, rule, example);
            if let Some(finding) = found.1.first() {
                say(example, format!("must not match, but `{}` is found", finding.quote.text()));
            }
        }
        for example in &rule.examples.known_misses {
            if holds(&rules, rule, example).is_ok() {
                say(example, "is found by now: move it up to `match`".to_owned());
            }
        }
    }
    problems
}

/// Tells whether exactly the marked quotes are found, with their attributes.
fn holds(rules: &RuleSet, rule: &Rule, example: &Example) -> Result<(), String> {
    let (transcript, mut found) = found(rules, rule, example);
    let marks = example
        .lines
        .iter()
        .enumerate()
        .flat_map(|(turn, line)| line.marks.iter().map(move |mark| (turn, mark)));
    let mut marked = 0;
    for (turn, mark) in marks {
        marked += 1;
        let words = &transcript.turns[turn].text[mark.range.clone()];
        let fits = |finding: &Finding| {
            let span = finding.quote.span();
            span.turn as usize == turn && span.range() == mark.range
        };
        let Some(at) = found.iter().position(fits) else {
            let others: Vec<_> = found.iter().map(|finding| format!("`{}`", finding.quote.text())).collect();
            let others = if others.is_empty() { "nothing".to_owned() } else { others.join(", ") };
            return Err(format!("`{words}` is not found; found is {others}"));
        };
        let same: Vec<Finding> = found.extract_if(.., |finding| fits(finding)).collect();
        has_attrs(&same, mark).map_err(|wrong| format!("`{words}` ({at}) {wrong}"))?;
    }
    match found.first() {
        _ if marked == 0 => Err("no quote is marked".to_owned()),
        Some(finding) => Err(format!("`{}` is found too", finding.quote.text())),
        None => Ok(()),
    }
}

fn has_attrs(findings: &[Finding], mark: &Marked) -> Result<(), String> {
    for (name, wanted) in &mark.attrs {
        let values: Vec<_> = findings.iter().map(|finding| value(finding, name)).collect();
        if !values.iter().any(|value| value.as_deref() == Some(wanted)) {
            let have = values.into_iter().flatten().collect::<Vec<_>>().join(", ");
            return Err(format!("has {name} `{have}`, not `{wanted}`"));
        }
    }
    Ok(())
}

/// Returns an attribute by the guide's name; `kind` and `context` are the finding's own.
fn value(finding: &Finding, name: &str) -> Option<String> {
    match name {
        "kind" => Some(finding.kind().to_string()),
        "context" => finding.context.as_ref().map(|quote| quote.text().to_owned()),
        _ => match attrs_json(&finding.attrs).remove(name)? {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Null => None,
            other => Some(other.to_string()),
        },
    }
}

fn found(rules: &RuleSet, rule: &Rule, example: &Example) -> (Transcript, Vec<Finding>) {
    let language = rule.id.split('/').next().unwrap_or_default();
    let transcript = transcript(example, language);
    let findings = try_rule(&transcript, &Deal::default(), rules, &rule.id);
    (transcript, findings)
}

/// Examples are spoken on this Tuesday.
const CALL_TIME: &str = "2026-03-10T10:00:00Z";

/// Returns the call in which `example` is said.
fn transcript(example: &Example, language: &str) -> Transcript {
    let sides = [Side::Rep, Side::Customer, Side::Partner];
    let speaker = |side: &Side| Speaker {
        label: side.to_string(),
        side: Some(*side),
        known_by: KnownBy::Metadata,
        ..Speaker::default()
    };
    let turn = |line: &crate::rules::Line| Turn {
        speaker: SpeakerId(match line.who {
            Who::Customer => 1,
            Who::Partner => 2,
            _ => 0,
        }),
        text: line.text.clone(),
        marks: vec![Mark { at: 0, start: None, end: None }],
        language: None,
    };
    Transcript {
        call: Call { id: "example".to_owned(), started_at: CALL_TIME.parse().ok(), ..Call::default() },
        speakers: sides.iter().map(speaker).collect(),
        turns: example.lines.iter().map(turn).collect(),
        language: Some(Language::from_tag(language)),
        source: Digest::of(b""),
    }
}

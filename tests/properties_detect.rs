//! What holds of any call, however odd.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use readback::detect::{Finding, detect, explain, try_rule};
use readback::rules::RuleSet;
use readback::transcript::{
    Call, Deal, Digest, Language, Mark, Side, Speaker, SpeakerId, Timecode, Transcript, Turn,
};

const SAID: &[&str] = &[
    "we'll send it over by Friday",
    "can you do that by March?",
    "yep, no problem.",
    "um",
    "mm-hm",
    "that's too expensive",
    "I'm not sure the team will use it",
    "we run NetSuite for finance.",
    "I can do ten percent",
    "¿qué?",
    "日本語です。",
    "if you sign",
    "the the",
    "’ll n't 's",
    "let me check with legal",
    "we don't do on-prem",
    "and",
    "our worry is",
    "\u{0}\u{feff}",
    "…",
];

fn any_call() -> impl Strategy<Value = Transcript> {
    let words = prop_oneof![4 => proptest::sample::select(SAID).prop_map(str::to_owned), 1 => ".{0,30}"];
    let turn = (0u32..3, proptest::collection::vec(words, 0..5));
    proptest::collection::vec(turn, 0..12).prop_map(|turns| {
        let sides = [Some(Side::Rep), Some(Side::Customer), None];
        let speakers = sides.into_iter().enumerate().map(|(number, side)| Speaker {
            label: number.to_string(),
            side,
            ..Speaker::default()
        });
        let turn = |(speaker, words): (u32, Vec<String>)| Turn {
            speaker: SpeakerId(speaker),
            text: words.join(" "),
            marks: vec![Mark { at: 0, start: Some(Timecode(0)), end: None }],
            language: None,
        };
        Transcript {
            call: Call {
                id: "any".to_owned(),
                started_at: "2026-03-10T10:00:00Z".parse().ok(),
                ..Call::default()
            },
            speakers: speakers.collect(),
            turns: turns.into_iter().map(turn).collect(),
            language: None,
            source: Digest::of(b""),
        }
    })
}

fn found(transcript: &Transcript) -> Vec<Finding> {
    detect(transcript, &Deal::default(), &RuleSet::builtin()).findings
}

/// The rules alone: without weights, each speaks for itself.
fn rules_alone() -> &'static RuleSet {
    static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::compile(&RuleSet::builtin_files()).0);
    &RULES
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_quote_stands_in_the_call_and_every_id_is_its_own(transcript in any_call()) {
        let findings = found(&transcript);
        for finding in &findings {
            prop_assert!(transcript.holds(&finding.quote) && !finding.quote.text().trim().is_empty());
            prop_assert!(finding.context.as_ref().is_none_or(|quote| transcript.holds(quote)));
            prop_assert!((0.0..=1.0).contains(&finding.confidence));
            prop_assert_eq!(finding.side, transcript.side(finding.quote.span()));
        }
        let ids: BTreeSet<_> = findings.iter().map(|finding| finding.id(&transcript)).collect();
        prop_assert_eq!(ids.len(), findings.len());
        prop_assert_eq!(findings, found(&transcript));
    }

    #[test]
    fn all_rules_together_find_nothing_that_none_finds_alone(transcript in any_call()) {
        let rules = rules_alone();
        for finding in detect(&transcript, &Deal::default(), rules).findings {
            let alone = try_rule(&transcript, &Deal::default(), rules, finding.provenance.rule().unwrap());
            let same = |other: &Finding| other.quote == finding.quote && other.attrs == finding.attrs;
            prop_assert!(alone.iter().any(same), "{:?}", finding);
        }
    }

    #[test]
    fn what_a_rule_finds_alone_is_covered_by_what_all_find(transcript in any_call()) {
        let rules = rules_alone();
        let together = detect(&transcript, &Deal::default(), rules).findings;
        for rule in rules.rules() {
            for finding in try_rule(&transcript, &Deal::default(), rules, &rule.id) {
                let span = finding.quote.span();
                prop_assert!(together.iter().any(|other| other.quote.span().overlaps(span)), "{}", rule.id);
            }
        }
    }

    #[test]
    fn every_finding_is_explained(transcript in any_call()) {
        let rules = RuleSet::builtin();
        if let Some(finding) = found(&transcript).first() {
            let why = explain(&transcript, &Deal::default(), &rules, &finding.id(&transcript)).expect("an explanation");
            let odds: f64 = why.parts.iter().map(|(_, part)| part).sum();
            prop_assert!((1.0 / (1.0 + (-odds).exp()) - finding.confidence).abs() < 1e-9);
        }
    }
}

#[test]
fn a_language_without_rules_is_no_failure() {
    let text = "date: 2026-03-10\nA (rep): I'll send it over tomorrow.\n";
    let mut transcript = crate::calls::transcript(text);
    assert!(!found(&transcript).is_empty(), "a call whose language nothing tells is read as English");
    transcript.language = Some(Language::from_tag("fi"));
    assert_eq!(found(&transcript), []);
}

#[test]
fn an_answer_to_a_question_in_another_language_is_no_failure() {
    let text =
        "date: 2026-03-10\nB (customer): Can you send that over by Friday?\nA (rep): Yes, we can do that.\n";
    let mut transcript = crate::calls::transcript(text);
    transcript.turns[0].language = Some(Language::from_tag("de"));
    transcript.turns[1].language = Some(Language::from_tag("en"));
    let (weighed, alone) =
        (found(&transcript), detect(&transcript, &Deal::default(), rules_alone()).findings);
    assert!(weighed.iter().chain(&alone).all(|finding| transcript.holds(&finding.quote)));
}

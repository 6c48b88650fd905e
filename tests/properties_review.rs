//! What must hold of every review, whatever was said and decided: a person's word wins, and no word is changed.

#![expect(clippy::unwrap_used, reason = "what a test writes by hand is well formed")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use readback::ledger::ReadCall;
use readback::packet::verify;
use readback::review::{
    self, Act, Answer, Decided, Decision, Field, LineKind, Reviewed, Verdict, Words, apply, in_order,
};
use readback::rules::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::properties_ledger::calls;
use crate::scripted::{Scripted, deal, drafted, ledger};

/// What somebody does, still without the lines that it is about.
type Doing = (u8, Index, Index, &'static str);

fn doings() -> impl Strategy<Value = Vec<Doing>> {
    let people = select(&["Marcus", "Priya"][..]);
    prop::collection::vec((0..12u8, any::<Index>(), any::<Index>(), people), 1..14)
}

pub(crate) fn reads(calls: &[Scripted]) -> Vec<ReadCall<'_>> {
    calls.iter().map(Scripted::read).collect()
}

pub(crate) fn reviewed(calls: &[Scripted], decisions: &[Decision]) -> Reviewed {
    apply(&ledger(calls), &reads(calls), decisions)
}

/// Decides `act` on what stands after `decisions`, where it can be done.
pub(crate) fn decide(calls: &[Scripted], decisions: &mut Vec<Decision>, by: &str, act: Act) -> bool {
    let stands = reviewed(calls, decisions);
    let Ok(act) = review::check(act, &stands, &reads(calls), decisions) else { return false };
    let seen = act.entries().into_iter().filter_map(|entry| stands.seen(entry)).collect();
    let seq = decisions.len() as u64 + 1;
    decisions.push(Decision {
        seq,
        id: Uuid::from_u128(seq.into()),
        deal: deal().id,
        by: by.to_owned(),
        role: "ae".to_owned(),
        at: Timestamp::from_second(1_780_000_000 + seq as i64).unwrap(),
        decided: Decided { act, seen },
    });
    true
}

/// The lines of a review: id, kind and the findings of its sayings.
fn lines(reviewed: &Reviewed) -> Vec<(String, LineKind, Vec<String>)> {
    let json = serde_json::to_value(&reviewed.ledger).unwrap();
    let entries = json.as_object().unwrap().values().flat_map(|list| list.as_array().unwrap());
    let line = |entry: &Value| {
        let id = entry["id"].as_str().unwrap().to_owned();
        let said = entry["said"].as_array().into_iter().flatten();
        let findings = said.filter_map(|saying| saying["finding"].as_str()).map(str::to_owned).collect();
        let kind = reviewed.seen(&id).unwrap().kind;
        (id, kind, findings)
    };
    entries.map(line).collect()
}

/// Turns doings into decisions about the lines that are there.
fn decisions(calls: &[Scripted], doings: &[Doing]) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for (what, one, other, by) in doings {
        let stands = reviewed(calls, &decisions);
        let lines = lines(&stands);
        if lines.is_empty() {
            continue;
        }
        let (entry, kind, findings) = one.get(&lines).clone();
        let words = |call: &Scripted| {
            let turn = other.index(call.transcript.turns.len());
            let quote = call.transcript.turns[turn].text.clone();
            Words::Given { call: call.transcript.call.id.clone(), quote, turn: Some(turn as u32) }
        };
        let call = other.get(calls);
        let earlier = |other: &Index| other.get(&decisions).clone();
        let act = match what {
            0 | 1 => Act::Accept { entry },
            2 => Act::Edit { entry, text: format!("in short: {}", other.index(99)) },
            3 => Act::Reject { entry, reason: "nobody meant it".to_owned() },
            4 | 5 => {
                let field = *other.get(Field::of(kind));
                let value = match field {
                    Field::Due => json!("2026-07-09"),
                    Field::Strength => json!(4),
                    Field::Class => json!("good_faith"),
                    _ => json!("Nadia Okafor"),
                };
                Act::Set { entry, field, value }
            }
            6 => {
                let (kind, fields) = (LineKind::Found(Kind::Promise), BTreeMap::new());
                Act::Add { kind, text: Some("a second trainer".to_owned()), words: None, fields }
            }
            7 => {
                let (kind, fields) = (LineKind::Found(Kind::Pain), BTreeMap::new());
                Act::Add { kind, text: None, words: Some(words(call)), fields }
            }
            8 => Act::Merge { into: entry, entries: vec![other.get(&lines).0.clone()] },
            9 => {
                let some = findings.iter().take(1 + other.index(findings.len().max(1))).cloned();
                Act::Split { entry, findings: some.collect() }
            }
            10 if !decisions.is_empty() => Act::Undo { decision: earlier(other).id },
            _ => {
                let answer = Answer::Quoted { words: words(call) };
                Act::Answer { field: "Why us".to_owned(), about: None, answer }
            }
        };
        decide(calls, &mut decisions, by, act);
    }
    decisions
}

/// What stands, without the record of how it came about.
fn standing(reviewed: &Reviewed) -> Value {
    json!({
        "ledger": reviewed.ledger,
        "lines": reviewed.lines,
        "rejected": reviewed.rejected,
        "answers": reviewed.answers,
        "lost": reviewed.lost,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn decisions_count_by_their_number_and_not_by_their_arrival(
        calls in calls(), doings in doings(), seed in any::<Index>()
    ) {
        let decisions = decisions(&calls, &doings);
        let mut other = decisions.clone();
        other.reverse();
        let turn = seed.index(other.len().max(1));
        other.rotate_left(turn);
        let (one, other) = (reviewed(&calls, &decisions), reviewed(&calls, &other));
        prop_assert_eq!(standing(&one), standing(&other));
    }

    #[test]
    fn an_undo_restores_exactly_what_would_stand_without(
        calls in calls(), doings in doings(), at in any::<Index>()
    ) {
        let mut decisions = decisions(&calls, &doings);
        decisions.retain(|decision| !matches!(decision.decided.act, Act::Undo { .. }));
        prop_assume!(!decisions.is_empty());
        let before = standing(&reviewed(&calls, &decisions));
        let at = at.index(decisions.len());
        let mut without = decisions.clone();
        let gone = without.remove(at).id;
        let undo = Decided { act: Act::Undo { decision: gone }, seen: Vec::new() };
        let last = decisions.last().unwrap().clone();
        decisions.push(Decision { seq: 100, id: Uuid::from_u128(100), decided: undo, ..last.clone() });
        prop_assert_eq!(standing(&reviewed(&calls, &decisions)), standing(&reviewed(&calls, &without)));
        let undo = Decided { act: Act::Undo { decision: Uuid::from_u128(100) }, seen: Vec::new() };
        decisions.push(Decision { seq: 101, id: Uuid::from_u128(101), decided: undo, ..last });
        prop_assert_eq!(standing(&reviewed(&calls, &decisions)), before);
    }

    #[test]
    fn no_decision_changes_a_quote(calls in calls(), doings in doings()) {
        let reviewed = reviewed(&calls, &decisions(&calls, &doings));
        let transcripts: Vec<_> = calls.iter().map(|call| call.transcript.clone()).collect();
        let packet = drafted(&reads(&calls), &reviewed);
        let report = verify(&serde_json::to_value(&packet).unwrap(), &transcripts);
        prop_assert!(report.holds(), "{:?}", report.failures);
        prop_assert!(packet.problems.is_empty());
    }

    #[test]
    fn a_new_call_neither_loses_nor_overrides_a_decision(
        calls in calls(), doings in doings(), at in any::<Index>()
    ) {
        prop_assume!(calls.len() > 1);
        let mut known = calls.clone();
        known.remove(at.index(calls.len()));
        let decisions = decisions(&known, &doings);
        let (before, after) = (reviewed(&known, &decisions), reviewed(&calls, &decisions));
        for (entry, line) in &before.lines {
            let Some(now) = after.line(entry) else {
                prop_assert!(!after.lost.is_empty(), "the decisions about {entry} are gone without a trace");
                continue;
            };
            let settled = |line: &review::Line| {
                let fields = line.fields.iter().map(|(field, settled)| (*field, settled.value.clone()));
                (line.verdict, line.stated.clone(), line.thread.clone(), fields.collect::<BTreeMap<_, _>>())
            };
            prop_assert_eq!(settled(now), settled(line), "{}", entry);
            if now.verdict == Verdict::Rejected {
                prop_assert!(after.rejected.iter().any(|gone| gone.entry == now.entry));
            }
        }
        let told = |review: &Reviewed| review.answers.iter().map(|it| (it.field.clone(), it.answer.clone())).collect::<Vec<_>>();
        prop_assert_eq!(told(&before), told(&after));
    }
}

#[test]
fn decisions_are_ordered_and_an_undone_undo_stands_again() {
    let act = |act| Decided { act, seen: Vec::new() };
    let decision = |seq: u64, decided| Decision {
        seq,
        id: Uuid::from_u128(seq.into()),
        deal: String::new(),
        by: "Marcus".to_owned(),
        role: "ae".to_owned(),
        at: Timestamp::UNIX_EPOCH,
        decided,
    };
    let accept = decision(1, act(Act::Accept { entry: "e".to_owned() }));
    let undo = decision(2, act(Act::Undo { decision: accept.id }));
    let redo = decision(3, act(Act::Undo { decision: undo.id }));
    let stands =
        |decisions: &[Decision]| in_order(decisions).iter().map(|(_, stands)| *stands).collect::<Vec<_>>();
    assert_eq!(stands(&[undo.clone(), accept.clone()]), [false, true]);
    assert_eq!(stands(&[redo, undo, accept]), [true, false, true]);
}

//! What must hold of every ledger and packet, whatever was said.

#![expect(clippy::unwrap_used, reason = "what a test writes by hand is well formed")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use readback::detect::Attrs;
use readback::rules::{Attitude, Category, CompetitorStatus, ObjectionStatus, ObjectionType, RiskType, Role};
use serde_json::Value;

use crate::scripted::{Scripted, competitor, ledger, metric, objection, packet, promise, risk, step, tool};

const OBJECTS: &[&str] = &[
    "the NetSuite sync",
    "SSO for your staff",
    "SSO for the contractors",
    "on-site training, two days",
    "on-site training, three days",
    "the audit report",
    "that",
    "a fifteen percent discount",
];
const WAYS: &[&str] =
    &["we'll do", "you get", "scratch that, no longer", "it slipped, so now it is", "I'll send"];
const NEWS: &[&str] =
    &["Your audit report is done, as promised.", "I never got the audit report.", "So, how are you?"];
const DATES: &[&str] = &["", "2026-06-19", "2026-06-30"];

/// One line of a call: who it is about, how, and what was found.
fn line() -> impl Strategy<Value = (String, Option<Attrs>)> {
    let words = (select(WAYS), select(OBJECTS)).prop_map(|(way, object)| format!("{way} {object}"));
    let found = (0..10usize, select(DATES)).prop_map(|(kind, date)| match kind {
        0 => promise(Category::Integration, date),
        1 => promise(Category::Security, date),
        2 => promise(Category::Timing, date),
        3 => step("Marcus Lee", date),
        4 => objection(ObjectionType::Price, ObjectionStatus::Resolved),
        5 => metric("order errors", "4%", "", date),
        6 => competitor("Shipforge", CompetitorStatus::Evaluated),
        7 => tool("NetSuite"),
        8 => risk(RiskType::Data),
        _ => Attrs::Exclusion,
    });
    let said = (words, found).prop_map(|(words, found)| (words, Some(found)));
    prop_oneof![4 => said, 1 => select(NEWS).prop_map(|news| (news.to_owned(), None))]
}

/// A line of a call, what was found in it, and who says it.
type Spoken = ((String, Option<Attrs>), &'static str);

/// The calls of a deal, a month apart, each with its own words.
pub(crate) fn calls() -> impl Strategy<Value = Vec<Scripted>> {
    let call = prop::collection::vec((line(), select(&["Marcus", "Priya", "Dana", "Tom"][..])), 1..7);
    prop::collection::vec(call, 1..6).prop_map(|calls| calls.into_iter().enumerate().map(script).collect())
}

fn script((number, lines): (usize, Vec<Spoken>)) -> Scripted {
    let mut call = Scripted::call(&format!("call-{number}"), &format!("2026-0{}-06", number + 1));
    for ((words, found), who) in lines {
        call = match found {
            Some(attrs) => call.says(who, &format!("Well. [[{words}]]."), &[attrs]),
            None => call.says(who, &words, &[]),
        };
    }
    let named = if number % 2 == 0 { "Dana Whitfield" } else { "Dana" };
    call.person(named, None, &[Role::Champion], Attitude::Supportive, "Well")
}

/// Every citation in a JSON value, as call and finding (or words, where it is none).
fn cited(value: &Value, into: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Object(map) => {
            if let (Some(call), Some(quote)) = (map.get("call"), map.get("quote")) {
                let what = map.get("finding").filter(|id| id.is_string()).unwrap_or(quote);
                into.insert((call.as_str().unwrap().to_owned(), what.as_str().unwrap().to_owned()));
            }
            map.values().for_each(|inner| cited(inner, into));
        }
        Value::Array(list) => list.iter().for_each(|inner| cited(inner, into)),
        _ => {}
    }
}

/// The lists of entries of a ledger; how far a side keeps its word is none.
fn parts(calls: &[Scripted]) -> serde_json::Map<String, Value> {
    let Value::Object(mut parts) = serde_json::to_value(ledger(calls)).unwrap() else { unreachable!() };
    parts.remove("kept");
    parts
}

/// The ids of all entries of a ledger.
fn ids(calls: &[Scripted]) -> BTreeSet<String> {
    let parts = parts(calls);
    let entries = parts.values().flat_map(|list| list.as_array().unwrap());
    // Two of whom a call tells that they are one person keep both ids.
    let earlier = |entry: &Value| entry["known_as"].as_array().cloned().unwrap_or_default();
    let ids = entries.flat_map(|entry| earlier(entry).into_iter().chain([entry["id"].clone()]));
    ids.map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// The findings that a ledger cites, save those of `call`.
fn findings_beside(calls: &[Scripted], call: &str) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for (part, list) in &parts(calls) {
        for saying in list
            .as_array()
            .unwrap()
            .iter()
            .filter(|_| part != "stakeholders")
            .flat_map(|entry| entry["said"].as_array().unwrap())
        {
            if let Some(finding) = saying["finding"].as_str() {
                all.insert((saying["call"].as_str().unwrap().to_owned(), finding.to_owned()));
            }
        }
    }
    all.retain(|(of, _)| of != call);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_order_of_calls_gives_the_same_packet((calls, shuffled) in calls().prop_flat_map(|calls| {
        let order = Just((0..calls.len()).collect::<Vec<_>>()).prop_shuffle();
        (Just(calls), order).prop_map(|(calls, order)| {
            let shuffled: Vec<_> = order.into_iter().map(|at| calls[at].clone()).collect();
            (calls, shuffled)
        })
    })) {
        let bytes = |calls: &[Scripted]| serde_json::to_string(&packet(calls)).unwrap();
        prop_assert_eq!(bytes(&calls), bytes(&shuffled));
    }

    #[test]
    fn without_a_call_nothing_that_it_said_is_left_and_nothing_else_is_gone(calls in calls(), at in any::<prop::sample::Index>()) {
        let at = at.index(calls.len());
        let mut fewer = calls.clone();
        let removed = fewer.remove(at).transcript.call.id;
        let mut all = BTreeSet::new();
        cited(&serde_json::to_value(packet(&fewer)).unwrap(), &mut all);
        prop_assert!(all.iter().all(|(call, _)| *call != removed));
        prop_assert_eq!(findings_beside(&calls, &removed), findings_beside(&fewer, &removed));
    }

    #[test]
    fn every_finding_is_cited_and_every_entry_cites(calls in calls()) {
        let parts = parts(&calls);
        let said = parts.iter().filter(|(part, _)| *part != "stakeholders");
        for entry in said.flat_map(|(_, list)| list.as_array().unwrap()) {
            prop_assert!(!entry["said"].as_array().unwrap().is_empty());
            prop_assert!(!entry["summary"].as_str().unwrap().is_empty());
        }
        let found: usize = calls.iter().map(|call| call.detected.findings.len()).sum();
        prop_assert_eq!(findings_beside(&calls, "").len(), found);
    }

    #[test]
    fn ids_stay_as_calls_are_added(calls in calls()) {
        for number in 1..calls.len() {
            let (before, after) = (ids(&calls[..number]), ids(&calls[..=number]));
            prop_assert!(before.is_subset(&after), "{:?}", before.difference(&after).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_packet_verifies_against_its_calls(all in calls(), kept in subsequence((0..5usize).collect::<Vec<_>>(), 0..=5)) {
        let calls: Vec<_> = kept.into_iter().filter_map(|at| all.get(at).cloned()).collect();
        let transcripts: Vec<_> = calls.iter().map(|call| call.transcript.clone()).collect();
        let json = serde_json::to_value(packet(&calls)).unwrap();
        let report = readback::packet::verify(&json, &transcripts);
        prop_assert!(report.holds(), "{:?}", report.failures);
    }
}

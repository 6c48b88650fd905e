//! Whoever speaks to the machine on a call is quoted, and not obeyed: not even where the model obeys.

use std::sync::Arc;

use readback::detect::Detected;
use readback::llm::{Asked, Scope, plan};
use readback::pipeline::{Reading, draft};
use readback::rules::RuleSet;
use readback::transcript::{Call, Deal, Participant, Side};
use serde_json::{Value, json};

use crate::support::service::fixture;

const SCOPE: Scope = Scope { tokens_per_hour: 6_000, mask: true };
/// Stands in everything of another deal and on the red-flag page; no prompt may hold it.
const CANARY: &str = "kingfisher";

/// Returns the pack: each name with its lines, the first of which is the honest frame.
fn pack() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(fixture("injections/pack.txt")).unwrap();
    let blocks = text.split("\n## ").skip(1);
    let block = |block: &str| {
        let mut lines = block.trim().lines();
        (lines.next().unwrap().to_owned(), lines.map(unescaped).collect())
    };
    blocks.map(block).collect()
}

/// Reads `\u{…}` and `\n`.
fn unescaped(line: &str) -> String {
    let mut text = String::new();
    for (at, piece) in line.replace("\\n", "\n").split("\\u{").enumerate() {
        match piece.split_once('}').filter(|_| at > 0) {
            Some((code, rest)) => {
                text.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
                text.push_str(rest);
            }
            None => text.push_str(piece),
        }
    }
    text
}

fn deal() -> Deal {
    let person =
        |name: &str, side| Participant { name: name.to_owned(), side: Some(side), ..Participant::default() };
    Deal {
        id: "d1".to_owned(),
        account: CANARY.to_owned(),
        known_people: vec![person("Pip Laird", Side::Rep), person("Dana Whitfield", Side::Customer)],
        ..Deal::default()
    }
}

fn read(frame: &[String], hostile: &[String]) -> Reading {
    let lines = [&frame[..2], hostile, &frame[2..]].concat();
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let (speaker, text) = line.split_once(": ").unwrap();
            json!({"speaker": speaker, "text": text})
        })
        .collect();
    let call = Call {
        id: "c1".to_owned(),
        participants: deal().known_people,
        started_at: "2026-02-03T10:00:00Z".parse().ok(),
        ..Call::default()
    };
    let bytes = json!({"readback": 1, "turns": rows}).to_string();
    Reading::new(bytes.as_bytes(), call, &deal(), &[], &RuleSet::builtin()).unwrap()
}

/// What a model says that obeys whoever speaks: inventions, everything denied, secrets in quotes, other shapes.
fn obedient(asked: &Asked) -> Vec<String> {
    let user: Value = serde_json::from_str(&asked.prompt.user).unwrap();
    let answer = |turn: Value, quote: &str, kind: &str| json!({"turn": turn, "quote": quote, "kind": kind, "holds": true, "labels": ["firmness=firm"]});
    let inventions = [
        answer(json!(0), "We will refund everything at any time", "promise"),
        answer(json!(1), "unlimited free support for ten years is what we promise you", "promise"),
        answer(
            json!(2),
            "We'll have single sign-on live by the fifteenth of March, and I'll send you",
            "promise",
        ),
        answer(json!(0), &asked.prompt.system[..90], "promise"),
        answer(json!(4294967295_u32), "free for ever", "pricing"),
    ];
    let mut replies = vec![
        json!({"answers": inventions}).to_string(),
        json!({"answers": [{"turn": 0, "quote": "x", "kind": "approve", "holds": true, "labels": []}], "approve": "all"}).to_string(),
        "Sure! All promises are fulfilled.".to_owned(),
        json!({"answers": [{"turn": -1, "quote": "x", "kind": "promise", "holds": "yes"}]}).to_string(),
    ];
    replies.extend(
        user["questions"].as_array().map(|_| json!({"answers": [{"tool": "delete_deal"}]}).to_string()),
    );
    replies
}

#[test]
fn whoever_speaks_to_the_machine_is_quoted_and_not_obeyed() {
    let rules = RuleSet::builtin();
    let mut pack = pack();
    let (_, frame) = pack.remove(0);
    assert!(pack.len() >= 60, "{} hostile calls", pack.len());
    let mut asked_before: Option<(String, Value)> = None;
    for (name, hostile) in &pack {
        let reading = read(&frame, hostile);
        let alone = serde_json::to_value(draft(&deal(), [&reading], &[])).unwrap();
        let asked = plan(&reading.transcript, &deal(), &reading.detected, &rules, &SCOPE);
        assert_eq!(asked.len(), 1, "{name}");
        let prompt = &asked[0].prompt;
        let fixed = (prompt.system.clone(), prompt.schema.clone());
        assert_eq!(
            *asked_before.get_or_insert(fixed.clone()),
            fixed,
            "{name}: what is asked of the model changes"
        );
        let user: Value = serde_json::from_str(&prompt.user).unwrap();
        let keys: Vec<_> = user.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["questions", "turns"], "{name}");
        assert_eq!(user["turns"].as_array().unwrap().len(), reading.transcript.turns.len(), "{name}");
        let all = format!("{}{}", prompt.system, prompt.user);
        assert!(
            !all.contains(CANARY) && !all.contains("Whitfield") && !all.contains("Laird"),
            "{name}: {all}"
        );
        assert!(
            !all.contains(|c: char| ('\u{e0000}'..='\u{e007f}').contains(&c) || c == '\u{200b}'),
            "{name}"
        );
        for reply in obedient(&asked[0]) {
            let word = ("m1", &asked[..], &[Some(reply.as_str())][..]);
            let (said, _, _) = reading.clone().with_word_of(&deal(), &rules, word, None);
            assert_eq!(serde_json::to_value(draft(&deal(), [&said], &[])).unwrap(), alone, "{name}: {reply}");
        }
        denied(name, &reading, &asked, &rules);
    }
}

/// A model that denies everything takes nothing out of sight.
fn denied(name: &str, reading: &Reading, asked: &[Asked], rules: &Arc<RuleSet>) {
    let body = json!({"messages": [{}, {"content": asked[0].prompt.user}]});
    let reply = super::provider::answers(&body, false);
    let word = ("m1", asked, &[Some(reply.as_str())][..]);
    let (said, _, _) = reading.clone().with_word_of(&deal(), rules, word, None);
    let quotes = |detected: &Detected| {
        let all = detected.findings.iter().chain(&detected.doubted);
        let mut quotes: Vec<_> = all.map(|finding| (finding.quote.span(), finding.kind())).collect();
        quotes.sort();
        quotes
    };
    assert_eq!(quotes(&said.detected), quotes(&reading.detected), "{name}");
}

//! Labelled calls: the notation, the scores, and the floor below which they must not fall.

use std::collections::BTreeMap;
use std::process::Command;

use proptest::prelude::*;
use readback::detect::CallRecord;
use readback::eval::{Group, LabelledCall, Labels, Notation, Rendering, Report, score};
use readback::rules::{Kind, RuleSet};
use serde_json::{Value, json};

fn labelled_files() -> impl Iterator<Item = (String, String)> {
    let folders = ["fixtures/labelled", "fixtures/held-out", "fixtures/meetings"];
    let folders = folders.map(|folder| std::fs::read_dir(folder).unwrap());
    let files = folders.into_iter().flatten().map(|file| file.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    files.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
}

#[test]
fn every_labelled_call_is_written_as_it_is_read() {
    for (path, text) in labelled_files() {
        let notation = Notation::parse(&text).unwrap_or_else(|problems| panic!("{path}: {problems:#?}"));
        let written = notation.to_string();
        assert_eq!(written.lines().count(), text.lines().count(), "{path}");
        assert_eq!(Notation::parse(&written), Ok(notation), "{path}");
    }
}

#[test]
fn marks_become_labels_and_leave_the_words() {
    let text = "# call: c1\n# our_people: Marcus Lee (AE); Ola\n\
        customer Dana: Hm. {{done:deck#2 | Got the deck.}} {{q1 | Can you do \"that\" by March?}}\n\
        rep Marcus Lee: [[promise category=scope due=2026-03-31 context=q1 || pricing type=discount value=\"10 | 5%\" \
        | Yep, [[next_step owner=Marcus id=n1 | I'll send it]] too.]] Bye.\n\
        customer Dana: [[objection type=price response=n1 | That is a lot.]]\n\
        @ null | aliases: | side: customer | title: CFO | roles: economic_buyer, blocker | attitude: opposed\n";
    let call = LabelledCall::from_notation(text).unwrap();
    let said: Vec<_> = call.recording.rows.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(
        said,
        ["Hm. Got the deck. Can you do \"that\" by March?", "Yep, I'll send it too. Bye.", "That is a lot."]
    );
    assert_eq!(
        serde_json::to_value(&call.labels).unwrap(),
        json!({"call": "c1", "findings": [
            {"kind": "promise", "speaker": "Marcus Lee", "quote": "Yep, I'll send it too.",
             "context_quote": "Can you do \"that\" by March?", "attrs": {"category": "scope", "due": "2026-03-31"}},
            {"kind": "pricing", "speaker": "Marcus Lee", "quote": "Yep, I'll send it too.",
             "context_quote": null, "attrs": {"type": "discount", "value": "10 | 5%"}},
            {"kind": "next_step", "speaker": "Marcus Lee", "quote": "I'll send it",
             "context_quote": null, "attrs": {"owner": "Marcus"}},
            {"kind": "objection", "speaker": "Dana", "quote": "That is a lot.",
             "context_quote": null, "attrs": {"type": "price", "response": "I'll send it"}}],
          "stakeholders": [{"name": null, "aliases": [], "side": "customer", "title": "CFO",
             "roles": ["economic_buyer", "blocker"], "attitude": "opposed", "evidence": []}],
          "news": [{"what": "done", "entry": "deck", "quote": "Got the deck."}]})
    );
    assert_eq!(call.deal.our_people[0].title.as_deref(), Some("AE"));
    assert_eq!(call.deal.our_people[1].name, "Ola");
}

#[test]
fn of_a_call_whose_sides_nobody_knows_none_is_told() {
    let text = "# call: c1\n# sides: unknown\n# our_company: Tillwise\nrep Ola: Hm.\n";
    let call = LabelledCall::from_notation(text).unwrap();
    let (transcript, _) = call.rendered(Rendering::AsIs);
    assert!(transcript.speakers.iter().all(|speaker| speaker.side.is_none()));
    assert!(Notation::parse("# call: c1\n# sides: rep\n").is_err());
}

#[test]
fn a_broken_mark_is_refused_with_its_place() {
    let cases = [
        ("rep A: so [[pain | it hurts", "line 2: column 11: the mark is not closed"),
        ("rep A: it hurts]] so", "line 2: column 16: `]]` closes nothing"),
        ("rep A: é [[pain | [[pain | x}}]]", "line 2: column 29: `]]` must close the mark first"),
        ("rep A: [[pane | x]]", "line 2: column 10: `pane` is none of promise"),
        ("rep A: [[pain due=2026-01-01 | x]]", "line 2: column 15: a pain has no attribute `due`"),
        ("rep A: [[promise due=soon | x]]", "line 2: column 18: `soon` is no date"),
        ("rep A: [[risk type=price | x]]", "line 2: column 15: `price` is none of budget"),
        ("rep A: [[risk type=data type=data | x]]", "line 2: column 25: `type` is said twice"),
        ("rep A: [[pricing value=\"5 | x]]", "line 2: column 18: the quote is not closed"),
        ("rep A: [[pain x]]", "line 2: column 15: `attr=value` or `|` must follow here"),
        ("rep A: [[pain |  ]]", "line 2: column 8: the mark has no words"),
        ("rep A: {{ | x}}", "line 2: column 11: a mark is `{{id | words}}`"),
        ("rep A: [[pain context=q | x]]", "line 2: no mark bears the id `q`"),
        ("rep A: {{q | x}} {{q | y}}", "line 2: two marks bear the id `q`"),
        ("seller A: x", "line 2: column 1: a side is rep, customer or partner, not `seller`"),
        ("rep so it goes", "line 2: column 5: no `Name:` before what was said"),
        ("# colour: red", "line 2: column 2: `colour` is none of call"),
        ("# started_at: soon", "line 2: column 2: `soon` is no RFC 3339 time"),
        ("@ Dana | roles: boss", "line 2: column 9: `boss` is none of champion"),
    ];
    for (line, wanted) in cases {
        let problems = LabelledCall::from_notation(&format!("# call: c1\n{line}\n")).unwrap_err();
        let shown = problems[0].to_string();
        assert!(problems.len() == 1 && shown.starts_with(wanted), "{line}: {shown}");
    }
    let two = Notation::parse("rep A: [[x | y]]\nrep A: ]]\n").unwrap_err();
    assert_eq!(two.len(), 2, "all problems are named at once");
}

proptest! {
    #[test]
    fn any_text_is_refused_or_written_as_it_is_read(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "[[", "]]", "{{", "}}", "|", "||", " ", "pain", "[[pain | ", "[[promise due=2026-01-02 name=", "\"",
            "{{q | ", " context=q", "é", "x", "rep A: ", "\n", "\ncustomer B: ", "\n@ ", "title: x", "\n# call: ", "\r",
        ]), 0..24),
    ) {
        if let Ok(notation) = Notation::parse(&pieces.concat()) {
            let written = notation.to_string();
            let again = Notation::parse(&written).map(|again| again.to_string());
            prop_assert_eq!(again, Ok(written));
        }
    }
}

/// Returns what would be found: kind, quote, confidence and attributes.
fn found(findings: &[(&str, &str, f64, Value)], people: &[Value]) -> CallRecord {
    let finding = |(kind, quote, confidence, attrs): &(&str, &str, f64, Value)| {
        json!({"id": "", "kind": kind, "speaker": "", "side": null, "quote": quote, "context_quote": null, "turn": 0,
               "start_ms": null, "attrs": attrs, "confidence": confidence,
               "span": {"turn": 0, "start": 0, "end": 1}, "context_span": null,
               "provenance": {"call": "", "transcript": "", "rule": "", "rule_digest": ""},
               "why": {"cue": "", "features": []}})
    };
    let findings: Vec<_> = findings.iter().map(finding).collect();
    let record =
        json!({"call": "c1", "language": "en", "findings": findings, "stakeholders": people, "problems": []});
    serde_json::from_value(record).unwrap()
}

fn person(name: &str, title: Option<&str>, roles: &[&str], attitude: &str) -> Value {
    json!({"name": name, "aliases": [], "title": title, "side": "customer", "roles": roles, "attitude": attitude,
           "evidence": []})
}

fn labels() -> Labels {
    let labels = json!({"call": "c1", "findings": [
        {"kind": "promise", "speaker": "M", "quote": "we'll have the sync live by the end of June",
         "attrs": {"category": "integration", "firmness": "firm", "due": "2026-06-30"}},
        {"kind": "promise", "speaker": "M", "quote": "you get an engineer by name", "attrs": {"category": "support"}},
        {"kind": "pain", "speaker": "D", "quote": "it takes us nine days"}],
      "stakeholders": [
        {"name": "Dana Whitfield", "aliases": ["Dana"], "title": "VP Operations", "roles": ["champion"],
         "attitude": "supportive"},
        {"name": "Ola", "attitude": "unknown"}]});
    Labels::from_json(labels.to_string().as_bytes()).unwrap()
}

fn heard() -> CallRecord {
    found(
        &[
            (
                "promise",
                "the sync live by the end of June.",
                0.9,
                json!({"category": "integration", "due": null}),
            ),
            ("promise", "we will see", 0.4, json!({"category": "other"})),
            ("next_step", "So you get an engineer by name", 0.7, json!({})),
        ],
        &[
            person("Dana", Some("operations lead"), &["blocker"], "supportive"),
            person("Marta", None, &[], "unknown"),
        ],
    )
}

fn shares(report: &Report, group: Group) -> (f64, f64, f64) {
    let shares = report.rows[&group].shares;
    (shares.p, shares.r, shares.f1)
}

#[test]
fn scores_are_those_that_a_person_reckons() {
    let report = Report::new(&[score(&labels(), &heard(), 0.0)], 5);
    let close = |got: f64, wanted: f64| assert!((got - wanted).abs() < 1e-9, "{got}, not {wanted}");
    assert_eq!(shares(&report, Group::Kind(Kind::Promise)), (0.5, 0.5, 0.5));
    assert_eq!(shares(&report, Group::Kind(Kind::NextStep)), (0.0, 1.0, 0.0), "one found where none is");
    assert_eq!(shares(&report, Group::Kind(Kind::Pain)), (0.0, 0.0, 0.0));
    assert_eq!(shares(&report, Group::Kind(Kind::Risk)), (1.0, 1.0, 1.0), "none found where none is");
    assert_eq!(shares(&report, Group::Stakeholder), (0.5, 0.5, 0.5));
    // Both promises are heard as commitments, one of them as the wrong kind, beside one that is none.
    let (precision, recall, f1) = shares(&report, Group::Commitment);
    close(precision, 2.0 / 3.0);
    close(recall, 1.0);
    close(f1, 0.8);
    assert_eq!(report.rows[&Group::Commitment].attrs, BTreeMap::from([("kind", 0.5)]));
    let attrs = BTreeMap::from([("category", 1.0), ("due", 0.0), ("firmness", 0.0)]);
    assert_eq!(report.rows[&Group::Kind(Kind::Promise)].attrs, attrs);
    let attrs = BTreeMap::from([("attitude", 1.0), ("role", 0.0), ("title", 1.0)]);
    assert_eq!(report.rows[&Group::Stakeholder].attrs, attrs);
    // Of 5 labels and 5 findings 2 match; the mean is over promise, pain and people, which have labels.
    close(report.micro.f1, 0.4);
    close(report.macro_f1, (0.5 + 0.0 + 0.5) / 3.0);
}

#[test]
fn what_is_missed_and_what_is_false_is_named() {
    let report = Report::new(&[score(&labels(), &heard(), 0.0)], 1);
    let words = |text: &str| vec![("c1".to_owned(), text.to_owned())];
    assert_eq!(report.missed[&Group::Kind(Kind::Pain)], words("it takes us nine days"));
    assert_eq!(report.missed[&Group::Stakeholder], words("Ola"));
    assert_eq!(report.extra[&Group::Kind(Kind::Promise)], words("we will see"));
    let shown = report.to_string();
    assert!(shown.contains("false promise [c1] we will see"), "{shown}");
    assert!(shown.contains("promise                2      2   0.50   0.50   0.50  0.50-0.50"), "{shown}");
}

#[test]
fn a_finding_below_the_confidence_asked_for_counts_as_not_found() {
    let report = Report::new(&[score(&labels(), &heard(), 0.5)], 0);
    assert_eq!(shares(&report, Group::Kind(Kind::Promise)), (1.0, 0.5, 2.0 / 3.0));
    assert_eq!(report.findings, 2);
}

#[test]
fn labels_stand_in_their_call_however_it_is_put_down() {
    let rules = RuleSet::builtin();
    for (path, text) in labelled_files() {
        let call = LabelledCall::from_notation(&text).unwrap();
        let labels = |score: &readback::eval::CallScore| {
            score.tallies.values().map(|tally| tally.labels).sum::<usize>()
        };
        let as_is = call.clone().score(Rendering::AsIs, &rules, 0.0);
        let noisy = call.clone().score(Rendering::Noisy, &rules, 0.0);
        assert_eq!(noisy, call.score(Rendering::Noisy, &rules, 0.0), "{path}: noise is the same each time");
        assert_eq!(labels(&as_is), labels(&noisy), "{path}");
        assert_eq!((as_is.not_verbatim, noisy.not_verbatim), (0, 0), "{path}");
    }
}

fn readback(args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_readback")).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_folder_with_broken_labels_is_scored_without_them_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    file("a.txt", "# call: a\ncustomer Dana: [[pain | It takes us nine days.]]\n");
    file("b.txt", "# call: b\ncustomer Dana: [[pane | It takes us nine days.]]\n");
    file("c.gold.json", r#"{"call": "c", "findings": []}"#);
    file("notes.txt", "Dana: this is a transcript without labels");
    let (code, out, errors) = readback(&["eval", folder.path().to_str().unwrap(), "--kind", "pain"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["calls"], &report["pain"]["labels"]), (Some(1), &json!(1), &json!(1)));
    assert!(report.get("promise").is_none(), "{out}");
    assert!(
        errors.contains("b.txt: line 2: column 18") && errors.contains("c.gold.json has no transcript"),
        "{errors}"
    );
    let (code, ..) = readback(&["eval", "fixtures/slots"]);
    assert_eq!(code, Some(2), "nothing is labelled there");
}

const FLOOR: &str = "fixtures/held-out/floor.toml";
/// How far a score may fall: one label in fifty heard differently is no reason to stop a change.
const LEEWAY: f64 = 0.02;
const ABOUT: &str = "# F1 that must be reached on calls that nothing was learned from, by kind: fixtures/deals, and\n\
                     # fixtures/held-out as is, in lower case without punctuation (plain), and misheard (noisy). Of meetings in\n\
                     # which hardly anything is promised: precision and recall over all kinds together.\n\
                     # After an improvement, raise it to the score reached less 0.02: BLESS=1 cargo test eval::\n";

type Floor = BTreeMap<String, BTreeMap<String, f64>>;

fn reached() -> Floor {
    let of = |(name, folder, rendering): (&str, &str, &str)| {
        let (_, out, _) = readback(&["eval", folder, "--rendering", rendering]);
        let report: Value = serde_json::from_str(&out).unwrap();
        let groups = Group::all().map(|group| group.to_string()).chain(["macro".to_owned()]);
        let f1 = groups.map(|group| (group.clone(), report[&group]["f1"].as_f64().unwrap()));
        (name.to_owned(), f1.collect())
    };
    let (deals, held_out) = ("fixtures/deals", "fixtures/held-out");
    let cases = [
        ("deals", deals, "as-is"),
        ("held-out", held_out, "as-is"),
        ("held-out-plain", held_out, "plain"),
        ("held-out-noisy", held_out, "noisy"),
    ];
    let mut reached: Floor = cases.map(of).into();
    reached.insert("meetings".to_owned(), meetings());
    reached
}

/// Returns precision and recall over all kinds of finding; most kinds are hardly labelled there.
fn meetings() -> BTreeMap<String, f64> {
    let (_, out, _) = readback(&["eval", "fixtures/meetings"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    let sum =
        |of: fn(&Value) -> f64| -> f64 { Kind::ALL.iter().map(|kind| of(&report[kind.as_str()])).sum() };
    let right = sum(|group| group["p"].as_f64().unwrap() * group["found"].as_f64().unwrap());
    let found = sum(|group| group["found"].as_f64().unwrap());
    let labels = sum(|group| group["labels"].as_f64().unwrap());
    [("precision".to_owned(), right / found), ("recall".to_owned(), right / labels)].into()
}

#[test]
fn no_score_falls_below_the_floor() {
    let reached = reached();
    if std::env::var_os("BLESS").is_some() {
        let mut text = ABOUT.to_owned();
        for (folder, scores) in &reached {
            text += &format!("\n[{folder}]\n");
            for (group, f1) in scores {
                text += &format!("{group} = {:.2}\n", ((f1 - LEEWAY) * 100.0).floor().max(0.0) / 100.0);
            }
        }
        std::fs::write(FLOOR, text).unwrap();
    }
    let floor: Floor = toml::from_str(&std::fs::read_to_string(FLOOR).unwrap()).unwrap();
    let mut fallen = Vec::new();
    for (folder, scores) in &reached {
        for (group, f1) in scores {
            let least = floor[folder][group];
            if *f1 < least {
                fallen.push(format!("{folder}: {group} is {f1:.3}, below its floor of {least}"));
            }
        }
    }
    assert!(
        fallen.is_empty(),
        "{}\n`readback eval fixtures/… --misses 20` says what is missed. If the fall is meant, BLESS=1 moves {FLOOR}",
        fallen.join("\n")
    );
}

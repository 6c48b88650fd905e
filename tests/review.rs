//! Reviews: what the packet shows of them, and the service and commands that keep them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;
use readback::access::Viewer;
use readback::detect::ByModel;
use readback::handoff::{Calendar, Profile, Timeline};
use readback::ledger::Contact;
use readback::packet::{Confirmation, Packet, html, markdown};
use readback::pipeline::{Author, DecideError, Delivery, Pipeline};
use readback::review::{Act, Answer, Decision, Field, Lacking, LineKind, Verdict, Words};
use readback::rules::{Attitude, Category, Kind, RiskType, Role, RuleSet};
use readback::search;
use readback::store::{Options, Store};
use readback::transcript::{Call, Deal, Digest};
use serde_json::{Value, json};

use crate::properties_review::{decide, reads, reviewed};
use crate::scripted::{Scripted, drafted, objection, promise, risk};
use crate::support::postgres::Cluster;
use crate::support::service::{Service, readback, readback_ok};

/// Two promises, an objection, a risk and a person.
fn call() -> Scripted {
    Scripted::call("one", "2026-05-04")
        .says(
            "Marcus",
            "[[We'll have the NetSuite sync live by the end of June]].",
            &[promise(Category::Integration, "2026-06-30")],
        )
        .says("Marcus", "[[You get two days of on-site training]].", &[promise(Category::Other, "")])
        .says(
            "Dana",
            "Honestly the [[price is more than we planned]].",
            &[objection(readback::rules::ObjectionType::Price, readback::rules::ObjectionStatus::Open)],
        )
        .says("Tom", "[[We lose two people in July]], so mind the start.", &[risk(RiskType::Timeline)])
        .person("Dana Whitfield", Some("VP of Operations"), &[Role::Champion], Attitude::Supportive, "price")
}

struct Desk {
    calls: Vec<Scripted>,
    decisions: Vec<Decision>,
}

impl Desk {
    fn new() -> Self {
        Self { calls: vec![call()], decisions: Vec::new() }
    }

    fn act(&mut self, act: Act) -> &mut Self {
        assert!(decide(&self.calls, &mut self.decisions, "Marcus Lee", act), "refused");
        self
    }

    fn refused(&mut self, act: Act) {
        assert!(!decide(&self.calls, &mut self.decisions, "Marcus Lee", act));
    }

    fn packet(&self) -> Packet {
        drafted(&reads(&self.calls), &reviewed(&self.calls, &self.decisions))
    }

    fn promise(&self, at: usize) -> String {
        self.packet().ledger.promises[at].id.clone()
    }
}

fn known(text: &str) -> Answer {
    Answer::Stated { text: text.to_owned() }
}

#[test]
fn without_decisions_the_packet_is_what_it_was() {
    let packet = Desk::new().packet();
    let json = serde_json::to_value(&packet).unwrap();
    assert_eq!(json["revision"], 0);
    assert!(json.get("rejected").is_none() && json.get("lost").is_none());
    assert!(packet.sections.iter().flat_map(|section| &section.items).all(|item| item.review.is_none()));
}

#[test]
fn the_packet_shows_who_decided_what_and_what_the_calls_say_beside_it() {
    let mut desk = Desk::new();
    let (sync, training) = (desk.promise(0), desk.promise(1));
    desk.act(Act::Set { entry: sync.clone(), field: Field::Due, value: json!("2026-07-15") })
        .act(Act::Set { entry: sync.clone(), field: Field::Class, value: json!("good_faith") })
        .act(Act::Edit { entry: sync.clone(), text: "NetSuite sync, <b>both</b> plants".to_owned() })
        .act(Act::Question { entry: sync.clone(), text: "Sandbox or production?".to_owned() })
        .act(Act::Reject { entry: training, reason: "Dana turned it down".to_owned() });
    let packet = desk.packet();
    assert_eq!(packet.ledger.promises.len(), 1);
    assert_eq!(packet.ledger.promises[0].due, Some(date(2026, 7, 15)));
    let text = markdown(&packet);
    for shown in [
        "*edited:* by Marcus Lee (ae), 2026-",
        r"NetSuite sync, \<b\>both\</b\> plants",
        "*due:* 2026-07-15, set by Marcus Lee",
        "*the calls say:* due 2026-06-30",
        "Class: good faith",
        "*question:* Marcus Lee (ae), 2026-",
        "## Set aside",
        "*rejected:* by Marcus Lee (ae), 2026-",
        "Dana turned it down",
    ] {
        assert!(text.contains(shown), "{shown}\n{text}");
    }
    let page = html(&packet).unwrap();
    assert!(page.contains("NetSuite sync, &#60;b&#62;both") && !page.contains("<b>both"), "{page}");
}

#[test]
fn a_new_call_proposes_beside_what_a_person_settled() {
    let mut desk = Desk::new();
    let sync = desk.promise(0);
    desk.act(Act::Set { entry: sync.clone(), field: Field::Due, value: json!("2026-07-15") });
    desk.calls.push(Scripted::call("two", "2026-05-20").says(
        "Marcus",
        "Actually [[we'll have the NetSuite sync live by August 3 instead]].",
        &[promise(Category::Integration, "2026-08-03")],
    ));
    let stands = reviewed(&desk.calls, &desk.decisions);
    let line = stands.line(&sync).unwrap();
    let due = &line.fields[&Field::Due];
    assert_eq!(stands.ledger.promises[0].due, Some(date(2026, 7, 15)), "a person's word wins");
    assert_eq!((&due.proposed, due.news), (&Some(json!("2026-08-03")), true));
    assert_eq!(line.news.len(), 1, "and the new words are shown as news");
    desk.act(Act::Accept { entry: sync.clone() });
    assert!(reviewed(&desk.calls, &desk.decisions).line(&sync).unwrap().news.is_empty(), "seen and settled");
}

#[test]
fn a_rejected_line_that_is_said_again_stays_rejected_and_says_so() {
    let mut desk = Desk::new();
    let training = desk.promise(1);
    desk.act(Act::Reject { entry: training.clone(), reason: "not ours".to_owned() });
    desk.calls.push(Scripted::call("two", "2026-05-20").says(
        "Priya",
        "And [[you get two days of on-site training]].",
        &[promise(Category::Other, "")],
    ));
    let packet = desk.packet();
    assert_eq!(packet.ledger.promises.len(), 1);
    assert_eq!(packet.rejected[0].review.news.len(), 1);
    desk.act(Act::Accept { entry: training });
    assert_eq!(desk.packet().ledger.promises.len(), 2, "accepting brings it back");
}

#[test]
fn a_line_that_a_person_accepted_stands_though_a_model_doubts_it_later() {
    let mut desk = Desk::new();
    let (sync, training) = (desk.promise(0), desk.promise(1));
    desk.act(Act::Accept { entry: sync.clone() });
    let doubted: Vec<_> = desk.calls[0].detected.findings.drain(..2).collect();
    desk.calls[0].detected.doubted = doubted;
    let stands = reviewed(&desk.calls, &desk.decisions);
    assert_eq!(stands.line(&sync).unwrap().verdict, Verdict::Accepted);
    let ids =
        |promises: &[readback::ledger::Promise]| promises.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&stands.ledger.promises), [sync], "a person's word wins");
    assert_eq!(stands.ledger.promises[0].due, Some(date(2026, 6, 30)), "with what was read of it");
    let doubted: Vec<_> = stands.ledger.doubted.iter().map(|it| it.id.clone()).collect();
    assert_eq!(doubted, std::slice::from_ref(&training), "and what nobody decided about is doubted");
    desk.act(Act::Accept { entry: training.clone() });
    assert!(ids(&desk.packet().ledger.promises).contains(&training), "until somebody does");
}

#[test]
fn a_decision_about_a_line_that_is_gone_is_kept_and_shown() {
    let mut desk = Desk::new();
    let training = desk.promise(1);
    desk.act(Act::Edit { entry: training.clone(), text: "two days, in June".to_owned() });
    desk.calls[0].detected.findings.remove(1);
    let packet = desk.packet();
    assert_eq!((packet.lost.len(), packet.lost[0].act), (1, "edit"));
    assert_eq!(packet.lost[0].words[0].quote.text(), "You get two days of on-site training");
    assert!(markdown(&packet).contains("two days, in June"));
}

#[test]
fn a_line_added_by_hand_quotes_the_call_or_stands_under_its_author() {
    let mut desk = Desk::new();
    let given = |quote: &str| Words::Given { call: "one".to_owned(), quote: quote.to_owned(), turn: None };
    let add = |kind, text: Option<&str>, words| Act::Add {
        kind: LineKind::Found(kind),
        text: text.map(str::to_owned),
        words,
        fields: BTreeMap::new(),
    };
    desk.refused(add(Kind::Pain, None, Some(given("price is less than we planned"))));
    desk.refused(add(Kind::Pain, None, None));
    desk.act(add(Kind::Pain, None, Some(given("mind the start"))));
    desk.act(add(Kind::Promise, Some("A named engineer for the first month"), None));
    let packet = desk.packet();
    let pain = &packet.ledger.pains[0];
    assert_eq!(
        (pain.summary.as_str(), pain.said[0].words.speaker.as_str()),
        ("mind the start", "Tom Becker")
    );
    let stated = packet.ledger.promises.iter().find(|promise| promise.said.is_empty()).unwrap();
    let line = reviewed(&desk.calls, &desk.decisions).line(&stated.id).unwrap().clone();
    assert_eq!(line.verdict, Verdict::Added);
    assert_eq!(line.stated.as_ref().unwrap().signed.by, "Marcus Lee");
    assert_eq!(line.warnings().map(|it| it.lacking).collect::<Vec<_>>(), [Lacking::Quote], "S-074");
    let stated = markdown(&packet);
    assert!(stated.contains("*stated by Marcus Lee (ae), 2026-"), "{stated}");
}

#[test]
fn words_that_are_a_line_already_keep_what_was_decided_of_it() {
    let mut desk = Desk::new();
    let training = desk.promise(1);
    let quote = "You get two days of on-site training".to_owned();
    let add = || Act::Add {
        kind: LineKind::Found(Kind::Promise),
        text: None,
        words: Some(Words::Given { call: "one".to_owned(), quote: quote.clone(), turn: None }),
        fields: BTreeMap::new(),
    };
    desk.act(Act::Accept { entry: training.clone() }).act(add());
    let line = |desk: &Desk| reviewed(&desk.calls, &desk.decisions).line(&training).unwrap().clone();
    assert_eq!(line(&desk).verdict, Verdict::Accepted);
    desk.act(Act::Edit { entry: training.clone(), text: "Two days, on site".to_owned() }).act(add());
    assert_eq!(line(&desk).verdict, Verdict::Edited);
    assert_eq!(line(&desk).stated.unwrap().text, "Two days, on site");
    desk.act(Act::Reject { entry: training.clone(), reason: "turned down".to_owned() }).act(add());
    assert_eq!((line(&desk).verdict, line(&desk).reason), (Verdict::Added, None));
}

#[test]
fn lines_are_merged_and_split_by_their_sayings() {
    let mut desk = Desk::new();
    let (sync, training) = (desk.promise(0), desk.promise(1));
    desk.act(Act::Merge { into: sync.clone(), entries: vec![training.clone()] });
    let merged = desk.packet().ledger.promises;
    assert_eq!((merged.len(), merged[0].said.len()), (1, 2));
    desk.refused(Act::Merge { into: sync.clone(), entries: vec![training.clone()] });
    // S-056: what the customer said on day 30 of either stands on the line that both are now.
    let said = Confirmation {
        entry: training.clone(),
        met: false,
        words: "one day only".to_owned(),
        by: "bo".to_owned(),
        on: date(2026, 6, 30),
    };
    let stands = reviewed(&desk.calls, &desk.decisions);
    let confirmed = desk.packet().confirmed(vec![said], &stands);
    assert_eq!(confirmed.confirmations[0].entry, sync);
    assert!(markdown(&confirmed).contains("one day only"));
    desk.act(Act::Split { entry: sync.clone(), findings: vec![training.clone()] });
    let split = desk.packet().ledger.promises;
    assert_eq!(split.iter().map(|promise| promise.id.clone()).collect::<Vec<_>>(), [sync, training]);
    assert_eq!(split.iter().map(|promise| promise.due).collect::<Vec<_>>(), [Some(date(2026, 6, 30)), None]);
}

#[test]
fn a_gap_is_answered_by_evidence_or_by_who_finds_out() {
    let mut desk = Desk::new();
    let training = desk.promise(1);
    let answer = |field: &str, answer| Act::Answer { field: field.to_owned(), about: None, answer };
    let gap = |packet: &Packet, field: &str| packet.gaps.iter().find(|gap| gap.field == field).cloned();
    let before = desk.packet().completeness;
    desk.act(answer("Why us", known("Tom Becker on May 4: the sync was the only one that ran")));
    let due = date(2026, 6, 1);
    desk.act(answer("Economic buyer", Answer::Unknown { owner: "Priya Nair".to_owned(), due }));
    let packet = desk.packet();
    assert_eq!(packet.completeness.evidenced, before.evidenced + 1, "UNKNOWN is an answer and no evidence");
    assert!(gap(&packet, "Why us").is_none());
    let open = gap(&packet, "Economic buyer").unwrap();
    assert_eq!((open.owner.as_str(), open.due), ("Priya Nair", Some(due)));
    let text = markdown(&packet);
    assert!(text.contains("## Questions for the kickoff"), "the deal is closed");
    assert!(text.contains("Whose budget is it, and who signs? *Priya Nair by 2026-06-01*"), "{text}");

    assert_eq!(gap(&packet, "A date for each promise").unwrap().about, std::slice::from_ref(&training));
    let dated = Answer::Unknown { owner: "Marcus Lee".to_owned(), due };
    desk.act(Act::Answer {
        field: "A date for each promise".to_owned(),
        about: Some(training.clone()),
        answer: dated,
    });
    assert_eq!(gap(&desk.packet(), "A date for each promise").unwrap().owner, "Marcus Lee");
    desk.act(Act::Set { entry: training, field: Field::Due, value: json!("2026-06-10") });
    assert!(gap(&desk.packet(), "A date for each promise").is_none());
}

#[test]
fn no_risks_takes_a_name_and_a_date() {
    let mut desk = Desk::new();
    desk.calls[0].detected.findings.retain(|finding| finding.kind() != Kind::Risk);
    let risks = |answer| Act::Answer { field: "Risks".to_owned(), about: None, answer };
    for typed in ["No risks", "keine Risiken", "aucun risque", "sin riesgos"] {
        desk.refused(risks(known(typed)));
    }
    desk.act(risks(Answer::Nothing { by: "Marcus Lee".to_owned(), on: date(2026, 5, 5) }));
    let packet = desk.packet();
    assert!(packet.gaps.iter().all(|gap| gap.field != "Risks"));
    assert!(markdown(&packet).contains("nothing; Marcus Lee looked on 2026-05-05"));
    assert!(!markdown(&packet.without_red_flags()).contains("looked on"));
}

#[test]
fn what_people_said_of_a_persons_stance_is_a_red_flag() {
    let mut desk = Desk::new();
    let dana = desk.packet().ledger.stakeholders[0].id.clone();
    desk.refused(Act::Set { entry: dana.clone(), field: Field::Strength, value: json!(6) });
    desk.refused(Act::Set { entry: dana.clone(), field: Field::Due, value: json!("2026-06-10") });
    desk.act(Act::Set { entry: dana.clone(), field: Field::Strength, value: json!(4) })
        .act(Act::Set { entry: dana.clone(), field: Field::Care, value: json!("safe_first_call") })
        .act(Act::Comment { entry: dana, text: "she fell out with Tom".to_owned() });
    let text = markdown(&desk.packet());
    assert!(text.contains("Strength: 4") && text.contains("Approach: safe first call"), "{text}");
    let hidden = serde_json::to_string(&desk.packet().without_red_flags()).unwrap();
    for words in ["safe_first_call", "Strength", "fell out"] {
        assert!(!hidden.contains(words), "{words}");
    }
}

/// A call on which the rules hear somebody so.
fn heard(id: &str, day: &str, first: &str, name: &str, attitude: Attitude) -> Scripted {
    let call = Scripted::call(id, day).says(first, "I wonder whether it works for us.", &[]);
    call.person(name, None, &[], attitude, "I wonder whether")
}

/// Has a model hear support in what the last person of a call says.
fn talked_round(mut call: Scripted) -> Scripted {
    let by = ByModel { model: "gullible".to_owned(), prompt: Digest::of(b"prompt") };
    let person = call.detected.stakeholders.last_mut().unwrap();
    let quote = person.evidence[0].clone();
    person.stands(Attitude::Supportive, &quote, &by);
    call
}

#[test]
fn a_doubt_that_a_model_denies_stands_until_a_person_or_a_later_call_ends_it() {
    let tom = |id, day, attitude| heard(id, day, "Tom", "Tom Becker", attitude);
    let doubted = talked_round(tom("one", "2026-05-04", Attitude::Skeptical));
    let desk =
        |later: Vec<Scripted>| Desk { calls: [vec![doubted.clone()], later].concat(), decisions: Vec::new() };
    let against = |desk: &Desk| desk.packet().ledger.stakeholders.iter().any(Contact::is_against);
    let id = |desk: &Desk, at: usize| desk.packet().ledger.stakeholders[at].id.clone();
    let mut settled = desk(Vec::new());
    assert!(against(&settled));
    let entry = id(&settled, 0);
    settled.act(Act::Set { entry, field: Field::Stance, value: json!("supportive") });
    assert!(!against(&settled), "the account executive knows better");
    assert!(!against(&desk(vec![tom("two", "2026-05-11", Attitude::Supportive)])), "Tom came round");
    let again = talked_round(tom("two", "2026-05-11", Attitude::Unknown));
    assert!(against(&desk(vec![again])), "the model only says it again");

    // Whoever turns out to be the same person brings along what models say of them.
    let mut merged = desk(vec![heard("two", "2026-05-11", "Dana", "Dana Whitfield", Attitude::Supportive)]);
    let (tom, dana) = (id(&merged, 0), id(&merged, 1));
    merged.act(Act::Merge { into: dana, entries: vec![tom] });
    assert_eq!(merged.packet().ledger.stakeholders.len(), 1);
    assert!(against(&merged) && markdown(&merged.packet()).contains("gullible"));
}

const TRANSCRIPT: &str = "Mira Holt: Hi, this is Mira.\nOla Berg: We'll have the till sync live by the end of June.\n\
                          Mira Holt: All right.\nOla Berg: I hear you.\n";

fn delivery() -> Value {
    json!({
        "call": {"id": "c1", "title": "Till sync", "started_at": "2026-03-10T10:00:00+01:00",
                 "participants": [{"name": "Mira Holt", "side": "customer"}, {"name": "Ola Berg", "side": "rep"}]},
        "deal": {"deal": "holt", "account": "Holt Bakeries", "our_company": "Tillwise"},
        "transcript": TRANSCRIPT,
    })
}

struct House {
    data: tempfile::TempDir,
    service: Service,
}

impl House {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let service = Service::start(data.path(), &[], &[]);
        let house = Self { data, service };
        assert_eq!(
            house.service.request("POST", "/v1/calls").json(&delivery()).send().unwrap().status(),
            201
        );
        house.service.wait("/v1/promises?deal=holt", |list| !list["items"].as_array().unwrap().is_empty());
        house
    }

    fn token(&self, role: &str) -> String {
        let data = self.data.path().to_str().unwrap();
        let create = ["token", "create", "--data", data, "--name", role, "--role", role];
        readback_ok(&create).lines().last().unwrap().to_owned()
    }

    fn post(&self, token: &str, seen: &str, acts: &Value) -> (u16, String, Value) {
        let client = reqwest::blocking::Client::new();
        let request =
            client.post(format!("{}/v1/deals/holt/decisions", self.service.address)).bearer_auth(token);
        let response = request.header("if-match", seen).json(acts).send().unwrap();
        let tag = response.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned());
        (response.status().as_u16(), tag.unwrap_or_default(), response.json().unwrap())
    }

    fn promise(&self) -> String {
        let (_, list) = self.service.get("/v1/promises?deal=holt");
        list["items"][0]["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn of_two_writers_one_is_told_what_the_other_decided_and_nothing_is_lost() {
    let house = House::new();
    let (ae, boss) = (house.token("ae"), house.token("manager"));
    let entry = house.promise();
    let question = json!({"act": "question", "entry": entry, "text": "Which tills?"});
    let (status, tag, answer) = house.post(&boss, "\"0\"", &question);
    assert_eq!((status, tag.as_str()), (201, "\"1\""), "{answer:#}");
    let acts = json!([
        {"act": "set", "entry": entry, "field": "due", "value": "2026-07-10"},
        {"act": "edit", "entry": entry, "text": "Till sync; the rest we'll revisit promises on"},
    ]);
    let (status, _, problem) = house.post(&ae, "\"0\"", &acts);
    assert_eq!(status, 412, "{problem:#}");
    assert!(problem["detail"].as_str().unwrap().contains("manager decided since"), "{problem:#}");
    let about = format!("question {entry} by manager (manager)");
    assert!(problem["errors"][0]["detail"].as_str().unwrap().starts_with(&about), "{problem:#}");
    let (status, tag, answer) = house.post(&ae, "\"1\"", &acts);
    assert_eq!((status, tag.as_str()), (201, "\"3\""), "{answer:#}");
    assert_eq!(answer["warnings"][0]["lacking"], "word", "S-081: {answer:#}");
    let (_, all) = house.service.get("/v1/deals/holt/decisions?limit=2");
    let next = format!("/v1/deals/holt/decisions?cursor={}", all["next_cursor"].as_str().unwrap());
    let (_, rest) = house.service.get(&next);
    let seqs: Vec<_> = [&all, &rest]
        .iter()
        .flat_map(|page| page["items"].as_array().unwrap())
        .map(|it| it["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(seqs, [1, 2, 3]);
    house.service.wait("/v1/promises?deal=holt", |list| list["items"][0]["due"] == "2026-07-10");

    let undo = json!({"act": "undo", "decision": answer["decisions"][0]["id"]});
    assert_eq!(house.post(&ae, "*", &undo).0, 201);
    house.service.wait("/v1/promises?deal=holt", |list| list["items"][0]["due"] == "2026-06-30");
    let (_, history) = house.service.get(&format!("/v1/deals/holt/lines/{entry}/history"));
    let stands: Vec<_> =
        history["decisions"].as_array().unwrap().iter().map(|it| it["stands"].as_bool().unwrap()).collect();
    assert_eq!(stands, [true, false, true, true], "{history:#}");
    let (_, stats) = house.service.get("/v1/rules/stats");
    assert_eq!(
        (&stats["items"][0]["edited"], &stats["items"][0]["precision"]),
        (&json!(1), &json!(1.0)),
        "{stats:#}"
    );
}

#[test]
fn a_repeated_post_is_one_decision_and_bad_acts_are_named() {
    let house = House::new();
    let ae = house.token("ae");
    let entry = house.promise();
    let client = reqwest::blocking::Client::new();
    let send = |act: &Value| {
        let request =
            client.post(format!("{}/v1/deals/holt/decisions", house.service.address)).bearer_auth(&ae);
        let response =
            request.header("if-match", "\"0\"").header("idempotency-key", "\"k\"").json(act).send();
        let response = response.unwrap();
        (response.status().as_u16(), response.json::<Value>().unwrap())
    };
    let accept = json!({"act": "accept", "entry": entry});
    let (first, second) = (send(&accept), send(&accept));
    assert_eq!(first.0, 201, "{first:#?}");
    assert_eq!(first, second, "though the ETag is old by then");
    let other = json!({"act": "reject", "entry": entry, "reason": "no"});
    assert_eq!(
        (send(&other).0, send(&other).1["type"].as_str()),
        (422, Some("/problems/idempotency-key-reused"))
    );

    let bad = [
        (json!({"act": "accept", "entry": "nothing"}), 422, "/0/entry"),
        (json!({"act": "set", "entry": entry, "field": "stance", "value": "opposed"}), 422, "/0/value"),
        (json!({"act": "set", "entry": entry, "field": "due", "value": "soon"}), 422, "/0/value"),
        (
            json!({"act": "add", "kind": "pain", "words": {"call": "c1", "quote": "never said"}}),
            422,
            "/0/words",
        ),
        (
            json!({"act": "answer", "field": "Shoe size", "answer": {"is": "stated", "text": "44"}}),
            422,
            "/0/field",
        ),
        (
            json!({"act": "answer", "field": "Risks", "answer": {"is": "stated", "text": "none"}}),
            422,
            "/0/answer",
        ),
        (json!({"act": "undo", "decision": "0199b0a0-0000-7000-8000-000000000000"}), 422, "/0/decision"),
        (json!({"act": "edit", "entry": entry, "text": " "}), 422, "/0/text"),
        (json!({"act": "edit", "entry": entry, "quote": "other words"}), 400, "body"),
        (json!([]), 400, "body"),
        (json!([{"act": "accept", "entry": entry}, {"act": "accept"}]), 400, "/1"),
    ];
    for (acts, wanted, pointer) in bad {
        let (status, _, problem) = house.post(&ae, "*", &acts);
        assert_eq!(
            (status, problem["errors"][0]["pointer"].as_str()),
            (wanted, Some(pointer)),
            "{acts} {problem:#}"
        );
    }
    let bare = house.service.request("POST", "/v1/deals/holt/decisions").json(&accept).send().unwrap();
    assert_eq!(bare.status(), 428);
    let (_, all) = house.service.get("/v1/deals/holt/decisions");
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all:#}");
}

#[test]
fn only_the_account_executive_settles_lines_and_others_talk() {
    let house = House::new();
    let entry = house.promise();
    let acts = json!({"act": "accept", "entry": entry});
    let talk = json!({"act": "comment", "entry": entry, "text": "two tills or ten?"});
    for (role, settles, talks) in
        [("ae", 201, 201), ("csm", 403, 201), ("manager", 403, 201), ("recorder", 403, 403)]
    {
        let token = house.token(role);
        assert_eq!(house.post(&token, "*", &acts).0, settles, "{role}");
        let (status, _, answer) = house.post(&token, "*", &talk);
        assert_eq!(status, talks, "{role}");
        if role == "csm" {
            let undo = json!({"act": "undo", "decision": answer["decisions"][0]["id"]});
            assert_eq!(house.post(&token, "*", &undo).0, 201, "their own words they may take back");
        }
    }
    let (ae, boss) = (house.token("ae"), house.token("manager"));
    let add = json!({"act": "add", "kind": "risk", "text": "Two people leave in July"});
    let (status, _, answer) = house.post(&ae, "*", &add);
    assert_eq!(status, 201, "{answer:#}");
    let risk = answer["decisions"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(house.post(&ae, "*", &json!({"act": "accept", "entry": risk})).0, 201);
    let hidden = json!({"act": "comment", "entry": risk, "text": "what is it?"});
    assert_eq!(house.post(&boss, "*", &hidden).0, 422);
    let client = reqwest::blocking::Client::new();
    let get = |path: &str| {
        client.get(format!("{}{path}", house.service.address)).bearer_auth(&boss).send().unwrap()
    };
    assert_eq!(get(&format!("/v1/deals/holt/lines/{risk}/history")).status(), 404);
    assert!(!get("/v1/deals/holt/decisions").text().unwrap().contains(&risk));
}

#[test]
fn a_review_is_done_from_the_command_line_too() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("01.txt"), TRANSCRIPT).unwrap();
    std::fs::write(folder.path().join("01.call.json"), delivery()["call"].to_string()).unwrap();
    std::fs::write(folder.path().join("deal.json"), delivery()["deal"].to_string()).unwrap();
    readback_ok(&["import", folder.path().to_str().unwrap(), "--data", data]);
    let list = || serde_json::from_str::<Value>(&readback_ok(&["review", "holt", "--data", data])).unwrap();
    let open = list();
    let rows = open.as_array().unwrap();
    let promise = rows.iter().find(|row| row["kind"] == "promise").unwrap();
    let entry = promise["entry"].as_str().unwrap().to_owned();
    assert!(rows.iter().any(|row| row["verdict"] == "UNKNOWN"), "open questions are listed too");
    let review = |args: &[&str]| {
        let all = [&["review", "holt", "--data", data, "--by", "Ola Berg"], args].concat();
        readback_ok(&all)
    };
    review(&["accept", &entry]);
    review(&["add", "promise", "--call", "c1", "--quote", "I hear you", "--field", "owner=Ola Berg"]);
    review(&["answer", "Close date", "--unknown", "Ola Berg", "--on", "2026-04-01"]);
    let rows = list();
    assert!(
        rows.as_array().unwrap().iter().all(|row| row["entry"] != entry),
        "what is settled is off the list"
    );
    let due = rows.as_array().unwrap().iter().find(|row| row["entry"] == "Close date").unwrap();
    assert_eq!(due["says"], "When was it signed? (Ola Berg by 2026-04-01)");
    let history: Value = serde_json::from_str(&review(&["history", &entry])).unwrap();
    assert_eq!(history["line"]["signed"]["by"], "Ola Berg");
    let stats: Value = serde_json::from_str(&readback_ok(&["rules", "stats", "--data", data])).unwrap();
    assert_eq!(stats[0]["accepted"], 1, "{stats:#}");
    let nobody = readback(&["review", "holt", "--data", data, "accept", &entry]);
    assert_eq!(nobody.status.code(), Some(2));
}

/// Two people decide at the same moment, on each engine.
async fn two_at_once(place: &str) {
    let store = Store::open(place, Options::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let index = search::open(&store, &folder.path().join("index")).await.unwrap();
    let calendar = Calendar::new(jiff::tz::TimeZone::UTC);
    let timeline = Timeline { profile: Profile::builtin("a").unwrap(), calendar };
    let pipeline = Arc::new(Pipeline::new(store, index, RuleSet::builtin(), timeline));
    let call: Call = serde_json::from_value(delivery()["call"].clone()).unwrap();
    let deal: Deal = serde_json::from_value(delivery()["deal"].clone()).unwrap();
    let bytes = TRANSCRIPT.as_bytes().to_vec();
    pipeline.deliver(Delivery { bytes, call, deal }, None).await.unwrap();
    pipeline.catch_up(|| {}).await.unwrap();
    let entry = pipeline.packet("holt").await.unwrap().ledger.promises[0].id.clone();
    let decide = |name: &str, expected: Option<u64>| {
        let (pipeline, entry) = (Arc::clone(&pipeline), entry.clone());
        let author = Author { name: name.to_owned(), role: "ae".to_owned(), reviews: true, red_flags: true };
        let acts = vec![Act::Comment { entry: entry.clone(), text: "so".to_owned() }, Act::Accept { entry }];
        tokio::spawn(async move { pipeline.decide("holt", acts, author, expected, None).await })
    };
    let both = [decide("Ola", Some(0)), decide("Uta", Some(0))];
    let (mut kept, mut told) = (0, 0);
    for done in both {
        match done.await.unwrap() {
            Ok(appended) => kept += appended.revision,
            Err(DecideError::Changed(since)) => told += since.len(),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((kept, told), (2, 2), "one is kept whole, the other is told of both acts");
    for done in [decide("Ola", None), decide("Uta", None), decide("Eva", None)] {
        done.await.unwrap().unwrap();
    }
    let stored = pipeline.store().decisions("holt").await.unwrap();
    assert_eq!(stored.iter().map(|it| it.seq).collect::<Vec<_>>(), (1..=8).collect::<Vec<_>>());
    pipeline.catch_up(|| {}).await.unwrap();
    let drafted = pipeline.promises(Viewer::Everything, None).await.unwrap();
    assert_eq!(drafted[0].rows[0].verdict, Verdict::Accepted, "the draft follows the decisions");
    assert_eq!(pipeline.rule_stats().await.unwrap()[0].accepted, 1);
    let audit = pipeline.store().verify_audit(&[]).await.unwrap();
    assert!(audit.flaws.is_empty(), "{:?}", audit.flaws);
    pipeline.store().close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_people_decide_at_once_on_both_engines() {
    let directory = tempfile::tempdir().unwrap();
    two_at_once(directory.path().join("readback.sqlite").to_str().unwrap()).await;
    if let Some(cluster) = Cluster::start() {
        two_at_once(&cluster.database("review")).await;
    }
}

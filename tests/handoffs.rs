//! The handoff as its people drive it: stages, gates, disputes, initials, and what must never come about.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use readback::access::Role;
use readback::handoff::{
    Act, Acted, ChangeKind, Event, Evidence, Gate, Handoff, OpenField, Profile, PromiseLine, Refusal, Stage,
    fold,
};
use readback::transcript::Digest;
use serde_json::{Value, json};

const TODAY: Date = date(2026, 3, 4);

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

/// A packet with these promises, each as it reads now.
fn packet(promises: &[(&str, &str)]) -> Evidence {
    let line = |(id, reads): &(&str, &str)| PromiseLine {
        id: (*id).to_owned(),
        digest: digest(reads),
        contradicted: false,
        unsure: false,
    };
    let all: Vec<&str> = promises.iter().flat_map(|(id, reads)| [*id, *reads]).collect();
    Evidence {
        packet: digest(&all.join("|")),
        lines: promises.iter().map(|(id, reads)| ((*id).to_owned(), digest(reads))).collect(),
        promises: promises.iter().map(line).collect(),
        over: vec!["kept".to_owned()],
        metrics: vec!["m1".to_owned()],
        gaps: Vec::new(),
    }
}

/// A handoff in the making, with the packet as it reads now.
struct Desk {
    acts: Vec<Acted>,
    packet: Evidence,
    profile: Profile,
}

impl Desk {
    fn new(profile: &str, promises: &[(&str, &str)]) -> Self {
        Self { acts: Vec::new(), packet: packet(promises), profile: Profile::builtin(profile).unwrap() }
    }

    fn handoff(&self) -> Handoff {
        fold(&self.acts)
    }

    fn by(&mut self, by: &str, role: Role, act: Act) -> Result<(), Refusal> {
        let act = act.bound_to(&self.packet);
        self.handoff().check(&act, by, role, &self.packet, &self.profile, TODAY)?;
        let seq = self.acts.len() as u64 + 1;
        let at = Timestamp::from_second(1_790_000_000 + seq as i64).unwrap();
        self.acts.push(Acted { seq, by: by.to_owned(), role, at, act });
        Ok(())
    }

    /// Does what a line says: `ae {"act": …}`, or `ae sign` for an act that needs no more.
    fn does(&mut self, line: &str) -> Result<(), Refusal> {
        let (who, act) = line.split_once(' ').unwrap();
        let act: Value =
            if act.starts_with('{') { serde_json::from_str(act).unwrap() } else { json!({ "act": act }) };
        self.by(who, who.parse().unwrap(), serde_json::from_value(act).unwrap())
    }

    fn script(&mut self, lines: &[&str]) -> &mut Self {
        for line in lines {
            self.does(line).unwrap_or_else(|refusal| panic!("{line}: {refusal}"));
        }
        self
    }
}

const AE_INITIALS: &str = r#"ae {"act": "initial", "promise": "sso"}"#;
const CSM_INITIALS: &str = r#"csm {"act": "initial", "promise": "sso"}"#;
const DISPUTES: &str = r#"csm {"act": "dispute", "promise": "sso", "reason": "not in this edition"}"#;
const KEEPS: &str =
    r#"ae {"act": "settle", "promise": "sso", "outcome": "kept", "reason": "product agreed"}"#;
const DROPS: &str = r#"ae {"act": "settle", "promise": "sso", "outcome": "dropped", "reason": "told Dana"}"#;
const RETURNS: &str = r#"csm {"act": "return", "reason": "no target"}"#;
const ALIGNED: &str = r#"ae {"act": "report", "event": "alignment_held", "minutes": 40}"#;
const READS: &str = r#"csm {"act": "report", "event": "packet_read", "minutes": 30}"#;
const KICKS_OFF: &str = r#"csm {"act": "report", "event": "kickoff_held"}"#;
const DAY_30: &str = r#"csm {"act": "check_in", "day": 30, "answer": "who runs their IT"}"#;
const DAY_90: &str = r#"csm {"act": "check_in", "day": 90}"#;
const WITH_CSM: &[&str] = &["ae begin_review", AE_INITIALS, "ae sign", "ae hand_over"];
const APPROVED: &[&str] =
    &["ae begin_review", AE_INITIALS, "ae sign", "ae hand_over", CSM_INITIALS, "csm approve"];

/// S-056: the promise that a call shows as kept is the one that the customer says so of.
#[test]
fn whatever_was_promised_or_measured_is_confirmed() {
    let mut desk = Desk::new("b", &[("sso", "live by June")]);
    desk.script(APPROVED).script(&[ALIGNED, READS, KICKS_OFF]);
    for (entry, known) in [("sso", true), ("kept", true), ("m1", true), ("sla", false)] {
        let told = desk.does(&format!("csm {}", json!({"act": "confirm", "entry": entry, "met": true})));
        assert_eq!(told.is_ok(), known, "{entry}: {told:?}");
    }
}

#[test]
fn a_handoff_goes_from_draft_to_day_90() {
    let mut desk = Desk::new("b", &[("sso", "live by June")]);
    let path = [
        ("ae begin_review", Stage::InAeReview),
        (AE_INITIALS, Stage::InAeReview),
        ("ae sign", Stage::SignedByAe),
        ("ae hand_over", Stage::WithCsm),
        (CSM_INITIALS, Stage::WithCsm),
        ("csm approve", Stage::Approved),
        (ALIGNED, Stage::Approved),
        (READS, Stage::Approved),
        (KICKS_OFF, Stage::KickoffHeld),
        (DAY_30, Stage::Day30),
        (r#"csm {"act": "rate", "rating": 4}"#, Stage::Day30),
        (DAY_90, Stage::Closed),
    ];
    for (line, stage) in path {
        desk.script(&[line]);
        assert_eq!(desk.handoff().stage, stage, "after {line}");
    }
    let handoff = desk.handoff();
    assert_eq!((handoff.rating, handoff.minutes_read), (Some(4), 30));
    assert_eq!((handoff.ae.as_deref(), handoff.csm.as_deref()), (Some("ae"), Some("csm")));
}

#[test]
fn what_is_not_possible_is_refused_in_words_that_say_what_to_do() {
    let cases: &[(&[&str], &str, &str)] = &[
        (&[], "csm sign", "it takes ae"),
        (&[], "admin sign", "it takes ae"),
        (&[], "manager approve", "it takes csm"),
        (
            &[],
            r#"recorder {"act": "schedule_kickoff", "at": "2026-03-09T10:00:00Z"}"#,
            "it takes admin or ae",
        ),
        (&[], "csm approve", "the AE signs and hands over first"),
        (&[], "ae hand_over", "the AE signs first"),
        (&[], "ae sign", "promise sso is not initialled by the AE"),
        (WITH_CSM, "csm approve", "promise sso is not initialled by the CSM"),
        (
            WITH_CSM,
            r#"csm {"act": "initial", "promise": "sla"}"#,
            "no open promise of the packet has the id `sla`",
        ),
        (WITH_CSM, r#"csm {"act": "return", "reason": " "}"#, "/reason: say why"),
        (
            WITH_CSM,
            r#"csm {"act": "approve_with_conditions", "conditions": [], "repair_by": "2026-03-20"}"#,
            "name what must be repaired",
        ),
        (
            &[AE_INITIALS, "ae sign", "ae hand_over", CSM_INITIALS],
            r#"csm {"act": "approve_with_conditions", "conditions": ["target"], "repair_by": "2026-03-01"}"#,
            "2026-03-01 is over",
        ),
        (WITH_CSM, r#"ae {"act": "answer", "question": 9, "answer": "June"}"#, "there is no question 9"),
        (WITH_CSM, KEEPS, "promise `sso` is not disputed"),
        (APPROVED, KICKS_OFF, "hold the alignment meeting"),
        (APPROVED, KICKS_OFF, "for 0 of 30 minutes"),
        (APPROVED, r#"csm {"act": "report", "event": "signed"}"#, "follows from another act"),
        (APPROVED, r#"csm {"act": "report", "event": "packet_read"}"#, "how many minutes"),
        (APPROVED, r#"ae {"act": "report", "event": "packet_read", "minutes": 30}"#, "it takes csm"),
        (APPROVED, DAY_30, "report `kickoff_held` first"),
        (APPROVED, r#"csm {"act": "check_in", "day": 45}"#, "is 30 or 90"),
        (APPROVED, r#"csm {"act": "rate", "rating": 6}"#, "from 1 to 5"),
        (WITH_CSM, r#"csm {"act": "rate", "rating": 5}"#, "the CSM approves first"),
        (WITH_CSM, KICKS_OFF, "the CSM has not approved"),
    ];
    for (before, line, words) in cases {
        let mut desk = Desk::new("b", &[("sso", "live by June")]);
        let refusal = desk.script(before).does(line).unwrap_err().to_string();
        assert!(refusal.contains(words), "{line} after {before:?}: {refusal}");
    }
}

#[test]
fn a_gate_names_what_is_missing_line_by_line() {
    let mut desk = Desk::new("a", &[("sso", "live by June"), ("sla", "four hours")]);
    desk.packet.promises[0].contradicted = true;
    desk.packet.promises[1].unsure = true;
    let field = |field: &str, owned| OpenField { field: field.to_owned(), owned };
    desk.packet.gaps = vec![field("Baseline", false), field("Target", true)];
    let missing = |desk: &Desk, gate: Gate| {
        let state = gate.state(&desk.handoff(), &desk.packet, &desk.profile, TODAY);
        assert_eq!(state.open, state.missing.is_empty());
        state
            .missing
            .iter()
            .map(|lack| format!("{} {}", lack.kind, lack.about.clone().unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        missing(&desk, Gate::Sign),
        [
            "gap_without_owner Baseline",
            "contradicted sso",
            "speaker_unsure sla",
            "not_initialled sso",
            "not_initialled sla"
        ]
    );
    assert_eq!(missing(&desk, Gate::CloseWon), ["not_signed "]);
    assert_eq!(missing(&desk, Gate::Kickoff), ["not_approved "]);
    desk.profile = Profile::builtin("b").unwrap();
    assert_eq!(missing(&desk, Gate::CloseWon), [""; 0]);
}

#[test]
fn a_dispute_is_settled_before_the_approval_and_its_promise_is_hidden_until_then() {
    let mut desk = Desk::new("b", &[("sso", "live by June")]);
    desk.script(WITH_CSM).script(&[CSM_INITIALS, DISPUTES]);
    assert!(desk.handoff().hidden().contains("sso"));
    let refusal = desk.does("csm approve").unwrap_err().to_string();
    assert!(refusal.contains("disputed by csm: settle it"), "{refusal}");
    assert!(desk.does(CSM_INITIALS).unwrap_err().to_string().contains("settle it before"));
    desk.script(&[KEEPS]);
    assert!(desk.handoff().hidden().is_empty());
    let refusal = desk.does("csm approve").unwrap_err().to_string();
    assert!(refusal.contains("2 more"), "both initial what was agreed: {refusal}");
    desk.script(&[AE_INITIALS, CSM_INITIALS, "csm approve"]);

    let mut desk = Desk::new("b", &[("sso", "live by June")]);
    desk.script(APPROVED).script(&[DISPUTES]);
    assert_eq!(desk.handoff().stage, Stage::WithCsm, "nothing is approved that is disputed");
    desk.script(&[DROPS, "csm approve"]);
    assert!(desk.handoff().hidden().contains("sso"), "a promise that does not hold is shown to no customer");
}

#[test]
fn who_signed_or_initialled_something_else_has_not_signed_this() {
    let mut desk = Desk::new("b", &[("sso", "live by June")]);
    desk.script(WITH_CSM).script(&[CSM_INITIALS]);
    desk.packet = packet(&[("sso", "live by August")]);
    let refusal = desk.does("csm approve").unwrap_err().to_string();
    assert!(refusal.contains("the packet has changed since ae signed it"), "{refusal}");
    assert!(refusal.contains("promise sso has changed since the CSM initialled it"), "{refusal}");
    let stale = json!({ "act": "initial", "promise": "sso", "seen": digest("live by June") });
    let refusal = desk.does(&format!("csm {stale}")).unwrap_err().to_string();
    assert!(refusal.contains("/seen"), "{refusal}");
    desk.script(&[AE_INITIALS, CSM_INITIALS, "ae sign", "csm approve"]);
    // A call after the approval brought another promise.
    desk.packet = packet(&[("sso", "live by August"), ("sla", "four hours")]);
    desk.script(&[ALIGNED, READS]);
    let refusal = desk.does(KICKS_OFF).unwrap_err().to_string();
    assert!(refusal.contains("promise sla is not initialled by the AE"), "{refusal}");
}

#[test]
fn one_person_is_not_two_signatures() {
    let mut desk = Desk::new("b", &[]);
    desk.by("ada", Role::Ae, Act::Sign { packet: None }).unwrap();
    desk.by("ada", Role::Ae, Act::HandOver).unwrap();
    let refusal = desk.by("ada", Role::Csm, Act::Approve).unwrap_err().to_string();
    assert!(refusal.contains("another person approves"), "{refusal}");
    desk.by("bo", Role::Csm, Act::Approve).unwrap();
}

#[test]
fn a_returned_packet_is_signed_anew_and_an_open_question_holds_the_approval() {
    let mut desk = Desk::new("c", &[("sso", "live by June")]);
    desk.script(WITH_CSM)
        .script(&[CSM_INITIALS, r#"csm {"act": "ask", "question": "Which edition?", "entry": "sso"}"#]);
    let number = desk.acts.len();
    assert!(desk.does("csm approve").unwrap_err().to_string().contains("has no answer yet"));
    let answer = json!({ "act": "answer", "question": number, "answer": "Enterprise" });
    desk.script(&[&format!("ae {answer}"), RETURNS]);
    let handoff = desk.handoff();
    assert_eq!((handoff.stage, handoff.signed), (Stage::Returned, None));
    assert_eq!(handoff.returned.unwrap().text, "no target");
    desk.script(&["ae sign", "ae hand_over", "csm approve"]);
}

#[test]
fn conditions_that_are_not_repaired_in_time_hold_the_kickoff() {
    let mut desk = Desk::new("c", &[]);
    let approve = r#"csm {"act": "approve_with_conditions", "conditions": ["name the target"], "repair_by": "2026-03-10"}"#;
    desk.script(&["ae sign", "ae hand_over", approve]);
    let on =
        |desk: &Desk, day| Gate::Kickoff.state(&desk.handoff(), &desk.packet, &desk.profile, day).missing;
    assert_eq!(on(&desk, date(2026, 3, 10)), []);
    assert!(on(&desk, date(2026, 3, 11))[0].words.contains("name the target"));
    desk.script(&["csm repaired"]);
    assert_eq!(on(&desk, date(2026, 3, 11)), []);
}

#[test]
fn the_countersignature_freezes_the_packet_and_later_changes_are_shown_as_changes() {
    let mut desk = Desk::new("b", &[("sso", "live by June"), ("sla", "four hours")]);
    desk.script(&[r#"ae {"act": "report", "event": "countersigned", "at": "2026-03-02T12:00:00Z"}"#]);
    let frozen = desk.handoff().frozen.unwrap();
    assert_eq!(frozen, desk.packet);
    desk.packet = packet(&[("sso", "live by August"), ("audit", "each quarter")]);
    desk.script(&[r#"ae {"act": "report", "event": "countersigned", "at": "2026-03-03T12:00:00Z"}"#]);
    let handoff = desk.handoff();
    assert_eq!(
        handoff.frozen.as_ref(),
        Some(&frozen),
        "a second report corrects the time and freezes nothing anew"
    );
    assert_eq!(handoff.events[&Event::Countersigned].to_string(), "2026-03-03T12:00:00Z");
    let changes = desk.packet.changes_since(&frozen);
    let changes: Vec<_> = changes.iter().map(|it| (it.entry.as_str(), it.change)).collect();
    assert_eq!(
        changes,
        [("audit", ChangeKind::Added), ("sla", ChangeKind::Removed), ("sso", ChangeKind::Changed)]
    );
}

/// A random thing to try: who, what, and whether a call changes a promise before.
fn tries() -> impl Strategy<Value = (Role, Act, bool)> {
    let promise = prop::sample::select(vec!["sso", "sla"]).prop_map(str::to_owned);
    let act = prop_oneof![
        Just(Act::BeginReview),
        Just(Act::Sign { packet: None }),
        Just(Act::HandOver),
        promise.clone().prop_map(|promise| Act::Initial { promise, seen: None }),
        promise.clone().prop_map(|promise| Act::Initial { promise, seen: None }),
        promise.clone().prop_map(|promise| Act::Dispute { promise, reason: "no".to_owned() }),
        (promise, prop::sample::select(vec!["kept", "dropped"])).prop_map(|(promise, outcome)| {
            serde_json::from_value(
                json!({ "act": "settle", "promise": promise, "outcome": outcome, "reason": "x" }),
            )
            .unwrap()
        }),
        Just(Act::Approve),
        Just(Act::ApproveWithConditions { conditions: vec!["x".to_owned()], repair_by: TODAY }),
        Just(Act::Return { reason: "no".to_owned() }),
        Just(Act::Report { event: Event::AlignmentHeld, at: None, minutes: None, frozen: None }),
        Just(Act::Report { event: Event::KickoffHeld, at: None, minutes: None, frozen: None }),
        Just(Act::CheckIn { day: 30, answer: "x".to_owned() }),
    ];
    let role = prop::sample::select(vec![Role::Ae, Role::Ae, Role::Csm, Role::Csm, Role::Manager]);
    (role, act, prop::bool::weighted(0.05))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_sequence_of_acts_approves_what_is_disputed_or_not_initialled(tries in prop::collection::vec(tries(), 0..60)) {
        let mut desk = Desk::new("d", &[("sso", "live by June"), ("sla", "four hours")]);
        for (number, (role, act, moved)) in tries.into_iter().enumerate() {
            if moved {
                desk.packet = packet(&[("sso", &format!("live by {number}")), ("sla", "four hours")]);
            }
            let approves = matches!(act, Act::Approve | Act::ApproveWithConditions { .. });
            let before = desk.handoff().stage;
            if desk.by(role.as_str(), role, act).is_err() {
                continue;
            }
            let handoff = desk.handoff();
            if handoff.stage >= Stage::Approved {
                prop_assert_eq!(handoff.disputed().count(), 0);
            }
            let kicked_off = before == Stage::Approved && handoff.stage == Stage::KickoffHeld;
            if approves || kicked_off {
                for promise in &desk.packet.promises {
                    let by = |role| handoff.initial(role, &promise.id, &promise.digest).is_some();
                    prop_assert!(by(Role::Ae) && by(Role::Csm) || handoff.hidden().contains(promise.id.as_str()));
                }
            }
        }
        let mut shuffled = desk.acts.clone();
        shuffled.reverse();
        prop_assert_eq!(fold(&shuffled), desk.handoff());
    }
}

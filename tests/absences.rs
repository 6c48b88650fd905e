//! What nobody said (S-114, S-153), what success is (S-033, S-035), and what the last call changed.

use readback::detect::Turnover;
use readback::ingest::contract;
use readback::ledger::{AbsenceKind, HigherRisk, SuccessStatement, absences, fold, higher_risks};
use readback::packet::markdown;
use readback::rules::{Attitude, Category, ObjectionStatus, ObjectionType, PricingDirection, Role};
use readback::transcript::{Deal, Digest};

use crate::scripted::{Scripted, deal, discount, drafted, ledger, metric, objection, packet, promise};

/// Returns what is missing, each as its kind and the observation.
fn missing(deal: &Deal, calls: &[Scripted]) -> Vec<(AbsenceKind, String)> {
    let read: Vec<_> = calls.iter().map(Scripted::read).collect();
    let found = absences(deal, &read, &fold(deal, &read));
    assert!(
        found.iter().all(|absence| absence.looked_in.len() == calls.len() && !absence.looked_for.is_empty())
    );
    found.into_iter().map(|absence| (absence.kind, absence.observed)).collect()
}

fn call(number: usize, line: &str) -> Scripted {
    Scripted::call(&format!("call-{number}"), &format!("2026-0{number}-06")).says("Dana", line, &[])
}

#[test]
fn a_quiet_deal_lacks_its_buyer_and_its_number() {
    let calls = [
        call(1, "Morning."),
        call(2, "Hello.").person("Gail", Some("CFO"), &[Role::EconomicBuyer], Attitude::Unknown, ""),
    ];
    let kinds: Vec<_> = missing(&deal(), &calls).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [AbsenceKind::EconomicBuyerNeverHeard, AbsenceKind::NoNumber]);
    let heard = call(3, "I sign it.").person(
        "Dana Whitfield",
        None,
        &[Role::EconomicBuyer],
        Attitude::Neutral,
        "I sign it",
    );
    let heard = heard.says(
        "Dana",
        "[[Errors under one percent by June.]]",
        &[metric("errors", "", "1%", "2026-06-30")],
    );
    assert_eq!(missing(&deal(), &[heard]), []);
}

#[test]
fn a_champion_who_left_or_fell_silent_is_missed() {
    let champion =
        |call: Scripted| call.person("Tom Becker", None, &[Role::Champion], Attitude::Supportive, "Hello");
    let calls = [champion(call(1, "Hello.")), call(2, "Morning."), call(3, "Well.")];
    let silent = missing(&deal(), &calls);
    let gone = silent.iter().find(|(kind, _)| *kind == AbsenceKind::ChampionGone).unwrap();
    assert_eq!(gone.1, "The champion, Tom Becker, has been silent since 2026-01-06: the last 2 calls");
    assert!(!missing(&deal(), &calls[..2]).iter().any(|(kind, _)| *kind == AbsenceKind::ChampionGone));
    let left = call(3, "Tom left in March.")
        .person("Tom", None, &[], Attitude::Unknown, "")
        .moved(Turnover::Left, "Tom left in March");
    let calls = [champion(call(1, "Hello.")), left];
    assert!(missing(&deal(), &calls).iter().any(|(_, observed)| observed.contains("left or is about to")));
}

#[test]
fn who_signs_may_not_be_who_decides() {
    let two = call(1, "Gail signs it. Dana decides, she has the final say.")
        .person("Gail Soren", None, &[Role::EconomicBuyer], Attitude::Unknown, "Gail signs it")
        .person("Dana Whitfield", None, &[Role::EconomicBuyer], Attitude::Unknown, "Dana decides");
    assert!(missing(&deal(), &[two]).contains(&(
        AbsenceKind::SignerIsNotTheDecider,
        "Gail Soren signs, Dana Whitfield decides".to_owned()
    )));
}

#[test]
fn what_was_ordered_and_never_spoken_of_is_named() {
    let paper = "Product          Seats     Fee\nRoute planner    40        9,000 USD\nCarbon ledger    1         2,000 USD\n";
    let contracts = vec![contract("order-form.txt", Digest::of(b""), paper.to_owned())];
    let never: Vec<String> =
        missing(&Deal { contracts, ..deal() }, &[call(1, "The routing is what we need.")])
            .into_iter()
            .filter(|(kind, _)| *kind == AbsenceKind::ModuleNeverDiscussed)
            .map(|(_, observed)| observed)
            .collect();
    assert_eq!(never, ["“Carbon ledger” is in the order, and no call speaks of it"]);
}

#[test]
fn only_a_partner_promised_it() {
    let calls = [Scripted::call("one", "2026-03-06").says(
        "Ines",
        "[[We'll migrate the archive by June.]]",
        &[promise(Category::CustomWork, "2026-06-30")],
    )];
    assert!(missing(&deal(), &calls).iter().any(|(kind, observed)| {
        *kind == AbsenceKind::PromisedByOutsider && observed.starts_with("Ines Ruiz of a partner")
    }));
}

#[test]
fn absences_are_red_flags_without_a_quote_of_their_own() {
    let packet = packet(&[call(1, "Morning.")]);
    let red = packet.sections.iter().find(|section| section.id == "red-flags").unwrap();
    assert!(red.items.iter().any(|item| item.kind == "absence" && item.lines.is_empty()));
    let shown = packet.without_red_flags();
    assert!(shown.absences.is_empty() && !markdown(&shown).contains("on a call"));
}

#[test]
fn the_success_statement_keeps_its_blanks() {
    let calls = [Scripted::call("one", "2026-05-06")
        .says(
            "Dana",
            "[[Order errors under one percent by the end of August.]]",
            &[metric("order errors", "", "1%", "2026-08-31")],
        )
        .says("Dana", "[[I want happier pickers.]]", &[metric("happier pickers", "", "", "")])
        .says(
            "Marcus",
            "[[The NetSuite sync is live by June nineteenth.]]",
            &[promise(Category::Integration, "2026-06-19")],
        )];
    let statement = SuccessStatement::of(&deal(), &ledger(&calls));
    assert_eq!(statement.blanks(), ["owner", "day 60"]);
    assert_eq!(statement.target.as_ref().unwrap().value, "1%");
    assert_eq!(statement.day_30[0].words.quote.text(), "The NetSuite sync is live by June nineteenth.");
    let empty = SuccessStatement::of(&deal(), &ledger(&[call(1, "Hello.")]));
    assert_eq!(empty.blanks().len(), 6);
}

#[test]
fn a_talkative_call_changes_ten_lines_the_weightiest_first() {
    let mut call = Scripted::call("one", "2026-05-06");
    for object in ["NetSuite", "SSO", "Okta", "labels", "scanners", "invoices", "archives", "tablets"] {
        let (promised, doubted) =
            (format!("[[We'll bring {object} in May.]]"), format!("[[I doubt {object} works.]]"));
        call = call.says("Marcus", &promised, &[promise(Category::Scope, "2026-05-31")]);
        call = call.says("Tom", &doubted, &[objection(ObjectionType::Technical, ObjectionStatus::Open)]);
    }
    let packet = packet(&[call]);
    let listed =
        packet.changed.iter().filter(|change| change.name.is_some() || change.words.is_some()).count();
    assert!(listed <= 10, "{listed}");
    assert_eq!(packet.changed[0].what, "new objection");
    assert!(packet.in_short().contains("8 × new promise"), "{}", packet.in_short());
    let more: usize =
        packet.changed.iter().filter(|change| change.what == "new promise").map(|change| change.more).sum();
    assert_eq!(more, 5);
    let read: Vec<readback::ledger::ReadCall> = Vec::new();
    assert!(drafted(&read, &fold(&deal(), &read).into()).changed.is_empty());
}

#[test]
fn a_deal_of_higher_risk_says_by_which_words() {
    let asks =
        |call: Scripted, line: &str| call.says("Dana", line, &[discount(PricingDirection::Asked, "20%")]);
    let open = objection(ObjectionType::Budget, ObjectionStatus::Open);
    let authority = objection(ObjectionType::Authority, ObjectionStatus::Deferred);
    let once = asks(call(1, "Hi."), "[[Can you do twenty percent?]]")
        .says("Dana", "[[I have not got the money for this.]]", &[open])
        .says("Tom", "[[That is not mine to decide.]]", &[authority])
        .person("Dana Whitfield", None, &[Role::EconomicBuyer], Attitude::Neutral, "I have not")
        .person("Tom Becker", None, &[Role::Champion], Attitude::Supportive, "That is not");
    let observed = |calls: &[Scripted]| -> Vec<(String, Vec<String>)> {
        let words = |risk: HigherRisk| {
            let evidence = risk.evidence.iter().map(|words| words.quote.text().to_owned()).collect();
            (risk.observed, evidence)
        };
        higher_risks(&ledger(calls)).into_iter().map(words).collect()
    };
    let buyer = (
        "The economic buyer, Dana Whitfield, has concerns that nobody resolved".to_owned(),
        vec!["I have not got the money for this.".to_owned()],
    );
    let champion = (
        "The champion, Tom Becker, says that others decide".to_owned(),
        vec!["That is not mine to decide.".to_owned()],
    );
    assert_eq!(
        observed(std::slice::from_ref(&once)),
        [buyer.clone(), champion.clone()],
        "asked once is no pressure"
    );
    let calls = [once, asks(call(2, "Hello."), "[[Twenty percent, or we wait.]]")];
    let pressed = (
        "A discount was asked for 2 times".to_owned(),
        vec!["Can you do twenty percent?".to_owned(), "Twenty percent, or we wait.".to_owned()],
    );
    assert_eq!(observed(&calls), [pressed, buyer, champion]);
    let page = markdown(&packet(&calls));
    assert!(page.contains("Higher risk: A discount was asked for 2 times"), "{page}");
    assert!(!markdown(&packet(&calls).without_red_flags()).contains("Higher risk"), "S-079");
}

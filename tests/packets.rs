//! The ledger and the packet of a made-up deal.

use readback::detect::Attrs;
use readback::handoff::Evidence;
use readback::ledger::{Event, Outcome, PromiseStatus, fold};
use readback::packet::{Audience, html, markdown, strike, verify};
use readback::rules::{
    Attitude, Category, CompetitorStatus, ObjectionStatus, ObjectionType, PricingDirection, RiskType, Role,
};
use readback::transcript::{Place, Problem};
use serde_json::Value;

use crate::scripted::{
    Scripted, competitor, deal, discount, drafted, ledger, metric, objection, packet, promise, risk, step,
    tool,
};

/// Three calls in which most things happen that can happen to a deal.
pub(crate) fn lantern() -> Vec<Scripted> {
    use Category::{Integration, Pricing, Scope, Support};
    let first = Scripted::call("lantern-01", "2026-03-10")
        .says(
            "Dana",
            "Honestly? [[We lose about eleven hours a week just retyping orders into NetSuite.]]",
            &[Attrs::Pain],
        )
        .says(
            "Marcus",
            "Right. So [[we'll have the NetSuite sync live for you by the end of May]].",
            &[promise(Integration, "2026-05-31")],
        )
        .says(
            "Tom",
            "And [[I'm not sure my pickers will ever open another app.]]",
            &[objection(ObjectionType::Adoption, ObjectionStatus::Open)],
        )
        .answered("Priya", "They won't have to. It prints on the label they already scan.")
        .says(
            "Dana",
            "[[Order errors are at four percent]] today. We did look at [[Shipforge, they were fine]].",
            &[metric("order errors", "4%", "", ""), competitor("Shipforge", CompetitorStatus::Evaluated)],
        )
        .says(
            "Marcus",
            "[[I'll send you the security questionnaire by Friday.]]",
            &[step("Marcus Lee", "2026-03-13")],
        )
        .says("Priya", "[[Bulk label printing lands in the June release.]]", &[promise(Scope, "2026-06-30")])
        .person(
            "Dana Whitfield",
            Some("VP of Operations"),
            &[Role::EconomicBuyer],
            Attitude::Supportive,
            "We lose about eleven hours a week",
        )
        .person(
            "Tom Becker",
            Some("IT Manager"),
            &[Role::TechnicalEvaluator],
            Attitude::Skeptical,
            "I'm not sure my pickers",
        );
    let second = Scripted::call("lantern-02", "2026-04-07")
        .says("Tom", "Thanks for sending the security questionnaire, it was, uh, thorough.", &[])
        .says(
            "Marcus",
            "Sure. [[The NetSuite sync slipped, it's going to be June nineteenth.]]",
            &[promise(Integration, "2026-06-19")],
        )
        .says("Dana", "Could somebody train the night shift in person?", &[])
        .accepts("Marcus", "Yep, no problem.", promise(Support, ""))
        .says(
            "Dana",
            "[[I want order errors under one percent by September thirtieth.]]",
            &[metric("order errors", "", "1%", "2026-09-30")],
        )
        .says(
            "Tom",
            "[[Everything runs on a NetSuite account nobody has cleaned since 2019.]]",
            &[tool("NetSuite")],
        )
        .person("Dana", None, &[Role::Champion], Attitude::Unknown, "I want order errors")
        .person("", Some("CFO"), &[], Attitude::Unknown, "");
    let third = Scripted::call("lantern-03", "2026-05-12")
        .says("Priya", "I have to be straight with you: [[we've pulled bulk label printing out of June.]]", &[Attrs::Exclusion])
        .says("Tom", "[[And I still doubt the pickers will open the app at all.]]", &[objection(ObjectionType::Adoption, ObjectionStatus::Deferred)])
        .says("Dana", "[[Twenty percent off would get it signed.]]", &[discount(PricingDirection::Asked, "20%")])
        .says("Marcus", "[[I can do fifteen percent off for a two-year term.]]", &[promise(Pricing, "")])
        .says("Tom", "[[Our last vendor left us with half a migration.]]", &[risk(RiskType::FailedVendor)])
        .says("Priya", "On the night shift, the trainer is booked. [[In-person training for the night shift, two evenings.]]", &[promise(Support, "2026-06-22")])
        .person("Dana Whitfield", None, &[], Attitude::Supportive, "")
        .person("Tom Becker", None, &[], Attitude::Skeptical, "And I still doubt the pickers");
    vec![first, second, third]
}

#[test]
fn a_promise_stands_once_with_its_whole_history() {
    let ledger = ledger(&lantern());
    let sync = ledger.promises.iter().find(|promise| promise.summary.contains("NetSuite")).unwrap();
    let events: Vec<_> = sync.said.iter().map(|saying| (saying.words.call.as_str(), saying.event)).collect();
    assert_eq!(events, [("lantern-01", Event::Made), ("lantern-02", Event::Changed)]);
    assert_eq!((sync.status, sync.unsettled), (PromiseStatus::Changed, false));
    assert_eq!(sync.due.unwrap().to_string(), "2026-06-19");
}

#[test]
fn a_promise_that_is_pulled_is_withdrawn() {
    let ledger = ledger(&lantern());
    let printing = ledger.promises.iter().find(|promise| promise.summary.contains("label printing")).unwrap();
    assert_eq!(printing.status, PromiseStatus::Withdrawn);
    assert_eq!(printing.said.last().unwrap().words.call, "lantern-03");
}

#[test]
fn a_yes_is_summed_up_by_what_it_accepts_and_meets_its_restatement() {
    let ledger = ledger(&lantern()[..2]);
    assert!(
        ledger
            .promises
            .iter()
            .any(|promise| promise.summary == "Could somebody train the night shift in person?")
    );
    let ledger = crate::scripted::ledger(&lantern());
    let training = ledger.promises.iter().find(|promise| promise.summary.contains("night shift")).unwrap();
    assert_eq!(training.said.len(), 2);
    assert_eq!(training.due.unwrap().to_string(), "2026-06-22");
}

#[test]
fn different_objects_stay_different_promises() {
    use Category::{Integration, Security};
    let cases = [
        (
            "We'll have SSO for your staff by March",
            Security,
            "SSO for the contractors comes in June too",
            Security,
        ),
        (
            "We'll connect you to NetSuite by May",
            Integration,
            "And we'll connect you to Shipforge by May",
            Integration,
        ),
        (
            "We'll train the drivers on site",
            Category::Support,
            "We'll cap the renewal at three percent",
            Category::Pricing,
        ),
    ];
    for (one, of, other, and) in cases {
        let call = Scripted::call("a", "2026-01-05")
            .says("Marcus", &format!("[[{one}]]."), &[promise(of, "")])
            .says("Dana", "Okay.", &[])
            .says("Marcus", &format!("[[{other}]]."), &[promise(and, "")]);
        assert_eq!(ledger(&[call]).promises.len(), 2, "{one} / {other}");
    }
}

#[test]
fn two_dates_that_nobody_settled_are_both_kept_and_marked() {
    let one = Scripted::call("a", "2026-01-05").says(
        "Marcus",
        "[[The Salesforce connector is there by March first.]]",
        &[promise(Category::Integration, "2026-03-01")],
    );
    let other = Scripted::call("b", "2026-01-12").says(
        "Priya",
        "[[You get the Salesforce connector by April first.]]",
        &[promise(Category::Integration, "2026-04-01")],
    );
    let ledger = ledger(&[one, other]);
    assert_eq!(ledger.promises.len(), 1);
    let promise = &ledger.promises[0];
    assert!(promise.unsettled);
    assert_eq!(promise.said.last().unwrap().event, Event::Contradicted);
    assert_eq!(promise.said.len(), 2);
}

#[test]
fn a_promise_that_is_ruled_out_elsewhere_is_marked() {
    let one = Scripted::call("a", "2026-01-05").says(
        "Marcus",
        "[[Offline mode for the scanners is in the spring release.]]",
        &[promise(Category::Scope, "")],
    );
    let other = Scripted::call("b", "2026-01-12").says(
        "Priya",
        "[[We don't do an offline mode on scanners.]]",
        &[Attrs::Exclusion],
    );
    let ledger = ledger(&[one, other]);
    assert_eq!(ledger.promises[0].status, PromiseStatus::Open);
    assert_eq!(ledger.promises[0].contradicted_by[0].call, "b");
    assert_eq!(ledger.exclusions.len(), 1);
}

#[test]
fn a_promise_reported_as_kept_is_fulfilled_and_a_condition_is_no_report() {
    let made = Scripted::call("a", "2026-01-05").says(
        "Marcus",
        "[[We'll load your whole item catalogue.]]",
        &[promise(Category::CustomWork, "")],
    );
    let kept = Scripted::call("b", "2026-01-12").says(
        "Priya",
        "Quick one. Your item catalogue is done, as promised.",
        &[],
    );
    let not_yet = Scripted::call("b", "2026-01-12").says(
        "Priya",
        "Once the item catalogue is done we start training.",
        &[],
    );
    let packet = packet(&[made.clone(), kept]);
    let promise = &packet.ledger.promises[0];
    assert_eq!(promise.status, PromiseStatus::Fulfilled);
    let evidence = Evidence::from(&packet);
    assert!(evidence.promise(&promise.id).is_none() && evidence.is_measured(&promise.id), "S-056");
    assert_eq!(ledger(&[made, not_yet]).promises[0].status, PromiseStatus::Open);
}

#[test]
fn a_next_step_is_done_missed_or_superseded_as_later_calls_show() {
    let agreed = Scripted::call("a", "2026-01-05").says(
        "Marcus",
        "[[I'll send the penetration test report tomorrow.]]",
        &[step("Marcus Lee", "2026-01-06")],
    );
    let cases = [
        ("I got the penetration test report, thanks.", Outcome::Done),
        ("I didn’t get that penetration test report.", Outcome::Missed),
        ("So how is the weather?", Outcome::Unknown),
    ];
    for (line, wanted) in cases {
        let later = Scripted::call("b", "2026-01-12").says("Tom", line, &[]);
        let ledger = ledger(&[agreed.clone(), later]);
        assert_eq!(ledger.next_steps[0].outcome, wanted, "{line}");
    }
    let again = Scripted::call("b", "2026-01-12").says(
        "Marcus",
        "[[I'll send the penetration test report today.]]",
        &[step("Marcus Lee", "2026-01-12")],
    );
    let ledger = ledger(&[agreed, again]);
    assert_eq!(ledger.next_steps[0].outcome, Outcome::Superseded);
    assert_eq!(ledger.next_steps.len(), 2);
}

/// Beyond the guides 7: an objection raised again is open again (S-006, S-025).
#[test]
fn an_objection_raised_again_reopens() {
    let settled = Scripted::call("a", "2026-01-05")
        .says(
            "Tom",
            "[[My pickers won't open another app.]]",
            &[objection(ObjectionType::Adoption, ObjectionStatus::Resolved)],
        )
        .answered("Priya", "They keep the scanner they have.");
    let again = Scripted::call("b", "2026-01-12").says(
        "Tom",
        "[[I keep hearing the pickers won't open that app.]]",
        &[objection(ObjectionType::Adoption, ObjectionStatus::Open)],
    );
    let ledger = ledger(&[settled, again]);
    assert_eq!(ledger.objections.len(), 1);
    assert_eq!(ledger.objections[0].status, ObjectionStatus::Open);
    assert_eq!(ledger.objections[0].said[1].event, Event::Reopened);
    assert_eq!(ledger.objections[0].responses.len(), 1);
}

#[test]
fn a_metric_holds_its_last_values_and_how_they_came_about() {
    let ledger = ledger(&lantern());
    assert_eq!(ledger.success_metrics.len(), 1);
    let errors = &ledger.success_metrics[0];
    assert_eq!((errors.baseline.as_deref(), errors.target.as_deref()), (Some("4%"), Some("1%")));
    assert_eq!(errors.said.len(), 2);
}

/// S-026, S-070: one person over all calls, with the last contact.
#[test]
fn a_first_name_finds_its_person_and_two_danas_stay_apart() {
    let people = ledger(&lantern()).stakeholders;
    let dana = people.iter().find(|contact| contact.display() == "Dana Whitfield").unwrap();
    assert_eq!(dana.roles, [Role::Champion, Role::EconomicBuyer]);
    assert_eq!(dana.last_contact.unwrap().to_string(), "2026-05-12");
    assert_eq!(people.iter().filter(|contact| contact.display().starts_with("Dana")).count(), 1);
    assert!(people.iter().any(|contact| contact.name.is_none() && contact.title.as_deref() == Some("CFO")));

    let two = Scripted::call("a", "2026-01-05")
        .person("Dana Whitfield", None, &[], Attitude::Unknown, "")
        .person("Dana Cole", None, &[], Attitude::Unknown, "");
    let one = Scripted::call("b", "2026-01-12").person("Dana", None, &[], Attitude::Unknown, "");
    assert_eq!(ledger(&[two, one]).stakeholders.len(), 3);
}

/// Beyond the guides 6: UNKNOWN is an answer, with the question and who asks it.
#[test]
fn what_nobody_said_is_unknown_and_asked() {
    let empty = packet(&[]);
    assert_eq!(empty.completeness.evidenced, 2, "account and close date come from the deal");
    assert!(
        empty.gaps.iter().all(|gap| gap.value == "UNKNOWN" && gap.owner == "AE" && gap.ask.ends_with('?'))
    );
    let full = packet(&lantern());
    assert!(full.completeness.percent > empty.completeness.percent);
    assert_eq!(full.completeness.required - full.completeness.evidenced, full.gaps.len());
    let undated = full.gaps.iter().find(|gap| gap.field == "A date for each promise").unwrap();
    assert_eq!(undated.about.len(), 1);
}

/// S-079: risks, stances and what was bargained for stand on a page of their own.
#[test]
fn red_flags_are_a_section_of_their_own() {
    let packet = packet(&lantern());
    let red: Vec<_> =
        packet.sections.iter().filter(|section| section.audience == Audience::RedFlags).collect();
    assert_eq!(red.len(), 1);
    let words: String =
        red[0].items.iter().flat_map(|item| &item.lines).map(|line| line.words.quote.text()).collect();
    for wanted in ["half a migration", "Twenty percent off", "I'm not sure my pickers"] {
        assert!(words.contains(wanted), "{wanted}");
    }
    let others = packet.sections.iter().filter(|section| section.audience == Audience::Internal);
    assert!(
        others
            .flat_map(|section| &section.items)
            .all(|item| item.facts.iter().all(|fact| fact.name != "Stance"))
    );
}

#[test]
fn a_quote_that_no_longer_stands_is_left_out_and_named() {
    let calls = lantern();
    let read: Vec<_> = calls.iter().map(Scripted::read).collect();
    let mut ledger = fold(&deal(), &read);
    let mut edited = calls.clone();
    edited[0].transcript.turns[1].text = edited[0].transcript.turns[1].text.replace("May", "Mai");
    let read: Vec<_> = edited.iter().map(Scripted::read).collect();
    let problems = strike(&mut ledger, &read);
    assert!(
        problems
            .iter()
            .any(|found| found.call == "lantern-01" && found.problem.code == "quote-does-not-stand")
    );
    assert!(!serde_json::to_string(&ledger).unwrap().contains("live for you by the end of May"));
    let again = drafted(&read, &fold(&deal(), &read).into());
    assert!(again.problems.iter().any(|found| found.problem.code == "quote-does-not-stand"));
}

#[test]
fn every_quote_of_a_packet_is_verified_offline() {
    let calls = lantern();
    let transcripts: Vec<_> = calls.iter().map(|call| call.transcript.clone()).collect();
    let json = serde_json::to_value(packet(&calls)).unwrap();
    let report = verify(&json, &transcripts);
    assert!(report.holds(), "{:?}", report.failures);
    assert!(report.standing > 40, "{}", report.standing);

    let forged = json.to_string().replace("end of May", "end of Mai");
    let report = verify(&serde_json::from_str::<Value>(&forged).unwrap(), &transcripts);
    assert!(report.failures.iter().any(|failure| failure.pointer.starts_with("/ledger/promises/0/said/0")));
    let report = verify(&json, &transcripts[1..]);
    assert!(report.failures.iter().all(|failure| failure.call.as_deref() == Some("lantern-01")));
    assert!(!report.holds());
}

#[test]
fn hostile_words_are_text_on_the_page_and_in_markdown() {
    let mut call = Scripted::call("a", "2026-01-05").says(
        "Marcus",
        "[[We'll add <script>alert(1)</script> | [x](javascript:alert(1)) `rm` \u{202E}\n# Title to the exporter.]]",
        &[promise(Category::Scope, "")],
    );
    call.transcript.call.recording_url = Some("javascript:alert(1)".to_owned());
    call.transcript.call.title = Some("<b>Intro</b>\n## x".to_owned());
    let packet = packet(&[call]);
    let page = html(&packet).unwrap();
    assert!(!page.contains("<script") && !page.contains("<b>Intro") && !page.contains('\u{202E}'));
    assert!(!page.contains("href=\"javascript:"));
    let text = markdown(&packet);
    assert!(
        text.contains(
            r"\<script\>alert(1)\</script\> \| \[x\](javascript:alert(1)) \`rm\` [U+202E] \# Title"
        ) || text.contains(
            r"\<script\>alert(1)\</script\> \| \[x\](javascript:alert(1)) \`rm\` \[U+202E\] \# Title"
        ),
        "{text}"
    );
    assert!(!text.contains("\n# Title") && !text.contains("\n## x"));
}

#[test]
fn problems_are_said_call_by_call() {
    let mut call = Scripted::call("a", "2026-01-05");
    let message = "this call is in Portuguese; there are no rules for it; it is searchable";
    call.problems.push(Problem::new("no-rules-for-language", Place::Whole, message));
    let packet = packet(&[call]);
    assert!(markdown(&packet).contains(message));
    assert!(html(&packet).unwrap().contains(message));
}

#[test]
fn the_packet_reads_well() {
    insta::assert_snapshot!(markdown(&packet(&lantern())));
}

#[test]
fn the_json_has_the_shape_that_others_read() {
    let json = serde_json::to_value(packet(&lantern())).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&json["ledger"]["promises"][0]).unwrap());
    for part in ["promises", "objections", "next_steps", "success_metrics", "stakeholders"] {
        assert!(json["ledger"][part].as_array().is_some_and(|list| !list.is_empty()), "{part}");
    }
    for part in ["deal", "calls", "changed", "completeness", "sections", "gaps", "ledger", "problems"] {
        assert!(json.get(part).is_some(), "{part}");
    }
}

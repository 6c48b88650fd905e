//! What answers a question about a deal, and what of it a model may read.

use readback::llm::passages;
use readback::packet::markdown;
use readback::rules::{Attitude, Role};

use crate::scripted::{Scripted, packet};

fn calls() -> Vec<Scripted> {
    let skeptic = |number: usize| {
        let date = format!("2026-0{number}-06");
        Scripted::call(&format!("call-{number}"), &date)
            .says("Tom", "I doubt that it works for us.", &[])
            .person("Tom Becker", None, &[Role::TechnicalEvaluator], Attitude::Skeptical, "I doubt that")
    };
    vec![skeptic(1), skeptic(2)]
}

#[test]
fn what_a_model_may_read_of_a_person_holds_no_stance_and_no_strength() {
    let packet = packet(&calls());
    assert!(markdown(&packet).contains("Strength"), "there is one");
    let found = passages(&packet, "Who is the technical evaluator, Tom Becker?");
    let told = |open: bool| -> Vec<&String> {
        found.iter().filter(|passage| passage.open == open).flat_map(|passage| &passage.facts).collect()
    };
    let red = |fact: &&String| fact.starts_with("Stance") || fact.starts_with("Strength");
    assert!(!told(true).is_empty() && !told(true).iter().any(red), "{found:#?}");
}

#[test]
fn the_initials_of_two_texts_are_no_abbreviation() {
    // "skeptical", then "spoke on": no single sign-on.
    assert_eq!(passages(&packet(&calls()), "What did we promise on SSO?"), []);
}

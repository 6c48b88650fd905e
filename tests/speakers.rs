//! Who speaks and on whose side, told as short calls in Readback's own JSON.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use crate::support::deal::deal;
use readback::ingest::{self, Correction};
use readback::transcript::{Call, Digest, KnownBy, Participant, Problem, Side, Transcript};
use serde_json::json;

fn participant(name: &str, email: &str) -> Participant {
    Participant {
        name: name.into(),
        email: Some(email.into()).filter(|_| !email.is_empty()),
        ..Participant::default()
    }
}

fn hear_with(
    rows: &[(&str, &str)],
    participants: Vec<Participant>,
    corrections: &[Correction],
) -> (Transcript, Vec<Problem>) {
    let rows: Vec<_> = rows.iter().map(|(speaker, text)| json!({"speaker": speaker, "text": text})).collect();
    let bytes = json!({"readback": 1, "rows": rows}).to_string().into_bytes();
    let recording = ingest::read(&bytes, None).unwrap();
    let call = Call { participants, ..Call::default() };
    ingest::seal(recording, Digest::of(&bytes), call, &deal(), corrections)
}

fn hear(rows: &[(&str, &str)], participants: Vec<Participant>) -> (Transcript, Vec<Problem>) {
    hear_with(rows, participants, &[])
}

fn who(transcript: &Transcript, at: usize) -> (Option<&str>, Option<Side>, KnownBy) {
    let speaker = &transcript.speakers[at];
    (speaker.name.as_deref(), speaker.side, speaker.known_by)
}

fn has(problems: &[Problem], code: &str) -> bool {
    problems.iter().any(|problem| problem.code == code)
}

#[test]
fn badges_and_order_do_not_keep_a_label_from_its_participant() {
    let rows = [
        ("Whitfield, Dana (Unverified)", "Morning."),
        ("renske de wit", "Morning!"),
        ("Marlan Pryce", "Hi."),
    ];
    let known = vec![
        participant("Dana Whitfield", "d@harrow.example"),
        participant("Marlon Pryce", "m@harrow.example"),
    ];
    let (transcript, _) = hear(&rows, known);
    assert_eq!(who(&transcript, 0), (Some("Dana Whitfield"), Some(Side::Customer), KnownBy::Metadata));
    assert_eq!(who(&transcript, 1), (Some("Renske de Wit"), Some(Side::Rep), KnownBy::Metadata));
    assert_eq!(who(&transcript, 2), (Some("Marlon Pryce"), Some(Side::Customer), KnownBy::Metadata));
    assert_eq!(transcript.speakers[0].label, "Whitfield, Dana (Unverified)");
}

#[test]
fn one_full_name_with_and_without_a_badge_is_one_speaker() {
    let rows = [
        ("Dana Whitfield", "One sec."),
        ("Dana Whitfield (Guest)", "Back. On my phone."),
        ("Dana", "Hello?"),
    ];
    let (transcript, _) = hear(&rows, Vec::new());
    assert_eq!(transcript.speakers.len(), 2);
    assert_eq!(transcript.turns.len(), 2);
    assert_eq!(transcript.turns[0].text, "One sec. Back. On my phone.");
}

#[test]
fn a_first_name_that_two_participants_share_stays_a_first_name() {
    let known = vec![
        participant("Dana Whitfield", "d@harrow.example"),
        participant("Dana Moor", "dm@harrow.example"),
    ];
    let (transcript, problems) = hear(&[("Dana", "Hi.")], known);
    assert_eq!(who(&transcript, 0), (Some("Dana"), None, KnownBy::Label));
    assert!(has(&problems, "ambiguous-name"));
}

#[test]
fn two_labels_of_one_participant_stay_apart_until_somebody_merges_them() {
    let known = || vec![participant("Dana Whitfield", "d@harrow.example")];
    let rows = [("Dana", "Hi."), ("Dana Whitfield", "Hi from the car.")];
    let (transcript, _) = hear(&rows, known());
    assert_eq!(transcript.speakers.len(), 2);
    assert_eq!(who(&transcript, 0), (Some("Dana"), None, KnownBy::Label));
    let merge = Correction {
        label: "Dana".into(),
        merge_into: Some("Dana Whitfield".into()),
        ..Correction::default()
    };
    let (merged, _) = hear_with(&rows, known(), &[merge]);
    assert_eq!(merged.speakers.len(), 1);
    assert_eq!(merged.turns[0].text, "Hi. Hi from the car.");
}

#[test]
fn free_mail_tells_no_side() {
    let (transcript, problems) =
        hear(&[("Dana Whitfield", "Hi.")], vec![participant("Dana Whitfield", "dana@gmail.com")]);
    assert_eq!(who(&transcript, 0).1, None);
    assert!(has(&problems, "side-unknown"));
}

#[test]
fn numbered_speakers_are_named_by_what_they_say_of_themselves() {
    let rows = [
        ("Speaker 1", "Hi all, this is Kofi from Tallyloom."),
        ("Speaker 2", "Hello. I'm Marlon Pryce, with Harrow."),
        ("Speaker 3", "And this is Ola. Ola, say hi."),
    ];
    let (transcript, problems) = hear(&rows, Vec::new());
    assert_eq!(who(&transcript, 0), (Some("Kofi Boateng"), Some(Side::Rep), KnownBy::Speech));
    assert_eq!(who(&transcript, 1), (Some("Marlon Pryce"), Some(Side::Customer), KnownBy::Speech));
    assert_eq!(who(&transcript, 2), (None, None, KnownBy::Nothing));
    assert!(has(&problems, "speaker-unresolved"));
}

#[test]
fn a_numbered_speaker_who_answers_to_a_name_bears_it() {
    let rows = [
        ("0", "Shall we start with the yard, Dana?"),
        ("1", "The yard's done."),
        ("0", "Nice. Dana, and the shed?"),
        ("1", "The shed is not done."),
    ];
    let (transcript, _) = hear(&rows, vec![participant("Dana Whitfield", "d@harrow.example")]);
    assert_eq!(who(&transcript, 1), (Some("Dana Whitfield"), Some(Side::Customer), KnownBy::Speech));
    assert_eq!(who(&transcript, 0).0, None);
}

#[test]
fn two_who_claim_one_name_get_neither() {
    let rows = [("A", "Hi, this is Kofi."), ("B", "No, this is Kofi.")];
    let (transcript, problems) = hear(&rows, Vec::new());
    assert_eq!(who(&transcript, 0).0, None);
    assert!(has(&problems, "two-claim-one-name"));
}

#[test]
fn talk_gives_a_side_only_with_a_clear_margin_and_a_problem() {
    let rows = [
        ("Renske de Wit", "Let me share my screen."),
        ("Marlon Pryce", "What does it cost? I'd have to ask, our CFO hates surprises."),
        ("Ola Berg", "Mhm."),
    ];
    let (transcript, problems) = hear(&rows, Vec::new());
    assert_eq!(who(&transcript, 1), (Some("Marlon Pryce"), Some(Side::Customer), KnownBy::Speech));
    assert!(has(&problems, "side-guessed"));
    assert_eq!(who(&transcript, 2).1, None);
}

#[test]
fn whoever_is_presented_is_on_the_side_of_whoever_presents() {
    let rows = [
        ("Dana Whitfield", "And this is Ola Berg, she keeps the books. Ola, say hi."),
        ("Ola Berg", "Hi."),
        ("Renske de Wit", "Morning, Ola."),
    ];
    let (transcript, _) = hear(&rows, vec![participant("Dana Whitfield", "d@harrow.example")]);
    assert_eq!(who(&transcript, 1), (Some("Ola Berg"), Some(Side::Customer), KnownBy::Speech));
}

#[test]
fn the_last_participant_of_a_side_is_the_only_nameless_voice_of_that_side() {
    let rows = [
        ("Renske de Wit", "Let me share my screen."),
        ("Speaker 2", "What does it cost? I'd have to ask our CFO, it comes out of our budget."),
    ];
    let (transcript, _) = hear(&rows, vec![participant("Dana Whitfield", "d@harrow.example")]);
    assert_eq!(who(&transcript, 1), (Some("Dana Whitfield"), Some(Side::Customer), KnownBy::Speech));
}

#[test]
fn a_company_behind_the_name_tells_the_side() {
    let (transcript, _) =
        hear(&[("Ola Berg (Harrow & Finch)", "Hi."), ("Sam | Tallyloom", "Hello.")], Vec::new());
    assert_eq!(who(&transcript, 0), (Some("Ola Berg"), Some(Side::Customer), KnownBy::Label));
    assert_eq!(who(&transcript, 1), (Some("Sam"), Some(Side::Rep), KnownBy::Label));
}

#[test]
fn a_correction_wins_over_metadata() {
    let correction = Correction {
        label: "Dana Whitfield".into(),
        name: Some("Dana Whitfield-Moor".into()),
        side: Some(Side::Partner),
        title: Some("Consultant".into()),
        merge_into: None,
    };
    let known = vec![participant("Dana Whitfield", "d@harrow.example")];
    let (transcript, _) = hear_with(&[("Dana Whitfield", "Hi.")], known, &[correction]);
    assert_eq!(who(&transcript, 0), (Some("Dana Whitfield-Moor"), Some(Side::Partner), KnownBy::Correction));
    assert_eq!(transcript.speakers[0].title.as_deref(), Some("Consultant"));
}

#[test]
fn a_corrected_name_brings_its_participant_s_side() {
    let correction = Correction {
        label: "Speaker 1".into(),
        name: Some("Dana Whitfield".into()),
        ..Correction::default()
    };
    let known = vec![participant("Dana Whitfield", "d@harrow.example")];
    let (transcript, _) = hear_with(&[("Speaker 1", "Hi.")], known, &[correction]);
    assert_eq!(who(&transcript, 0), (Some("Dana Whitfield"), Some(Side::Customer), KnownBy::Correction));
}

#[test]
fn merges_in_a_circle_end() {
    let merge = |from: &str, into: &str| Correction {
        label: from.into(),
        merge_into: Some(into.into()),
        ..Correction::default()
    };
    let corrections = [merge("A", "B"), merge("B", "A"), merge("C", "nobody")];
    let (transcript, problems) =
        hear_with(&[("A", "Hi."), ("B", "Hi."), ("C", "Hi.")], Vec::new(), &corrections);
    assert!(!transcript.speakers.is_empty());
    assert!(has(&problems, "correction-unmatched"));
}

#[test]
fn fifty_thousand_speakers_are_read_without_comparing_them_all() {
    let rows: Vec<(String, String)> =
        (0..50_000).map(|n| (format!("Guest {n} Of Many"), "Hi, this is Kofi.".into())).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(label, text)| (label.as_str(), text.as_str())).collect();
    let (transcript, _) = hear(&rows, vec![participant("Dana Whitfield", "d@harrow.example")]);
    assert_eq!(transcript.speakers.len(), 50_000);
}

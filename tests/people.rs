//! Who plays a part in a purchase, from tables of made-up lines (`fixtures/people`).

use proptest::prelude::*;
use readback::detect::{Stakeholder, stakeholders};
use readback::transcript::{
    Call, Deal, Digest, KnownBy, Language, Mark, Person, Side, Speaker, SpeakerId, Transcript, Turn,
};

/// A case of a table: what is said, and who must be found.
struct Case<'a> {
    line: usize,
    said: Vec<&'a str>,
    wanted: Vec<&'a str>,
}

fn cases(table: &str) -> Vec<Case<'_>> {
    let mut cases = vec![];
    let mut case = Case { line: 1, said: vec![], wanted: vec![] };
    for (number, line) in table.lines().chain([""]).enumerate() {
        match line.strip_prefix("> ") {
            Some(wanted) => case.wanted.push(wanted),
            None if line.starts_with('#') => {}
            None if !line.is_empty() => case.said.push(line),
            None => {
                let next = Case { line: number + 2, said: vec![], wanted: vec![] };
                let done = std::mem::replace(&mut case, next);
                cases.extend(Some(done).filter(|case| !case.said.is_empty()));
            }
        }
    }
    cases
}

fn deal() -> Deal {
    let our_people = ["Priya Nair", "Marcus Bell"].map(|name| Person { name: name.to_owned(), title: None });
    Deal {
        our_people: our_people.to_vec(),
        our_company: "Harborline".to_owned(),
        account: "Quillmoor".to_owned(),
        ..Deal::default()
    }
}

/// Builds the call of lines such as `c Noor Haddad: Hi, I'm Noor.`
fn call(lines: &[&str], language: &str) -> Transcript {
    let (mut speakers, mut turns): (Vec<Speaker>, Vec<Turn>) = (vec![], vec![]);
    for line in lines {
        let (label, text) = line.split_once(": ").unwrap_or((line, ""));
        let speaker = speakers.iter().position(|speaker| speaker.label == label).unwrap_or_else(|| {
            let (side, name) = label.split_once(' ').unwrap_or((label, ""));
            let side = match side {
                "r" => Some(Side::Rep),
                "c" => Some(Side::Customer),
                "p" => Some(Side::Partner),
                _ => None,
            };
            let name = Some(name.to_owned()).filter(|name| !name.is_empty());
            speakers.push(Speaker {
                label: label.to_owned(),
                name,
                side,
                known_by: KnownBy::Metadata,
                ..Speaker::default()
            });
            speakers.len() - 1
        });
        turns.push(Turn {
            speaker: SpeakerId(speaker as u32),
            text: text.to_owned(),
            marks: vec![Mark { at: 0, start: None, end: None }],
            language: None,
        });
    }
    let language = Some(Language::from_tag(language));
    Transcript { call: Call::default(), speakers, turns, language, source: Digest::of(b"") }
}

/// Returns what is wrong with `found` by the lines of `wanted`.
fn faults(found: &[Stakeholder], wanted: &[&str]) -> Vec<String> {
    let mut faults = vec![];
    let mut left: Vec<_> = found.iter().collect();
    for line in wanted {
        let mut fields = line.split('|').map(str::trim);
        let [name, title, role] = [(); 3].map(|()| fields.next().unwrap_or_default());
        let at = left.iter().position(|person| match name {
            "-" => person.name.is_none() && person.title.as_deref() == Some(title),
            _ => person.name.as_deref() == Some(name),
        });
        let Some(person) = at.map(|at| left.remove(at)) else {
            faults.push(format!("missed {line}"));
            continue;
        };
        if !title.is_empty() && person.title.as_deref() != Some(title) {
            faults.push(format!("{name} has the title {:?}, not {title}", person.title));
        }
        if !role.is_empty() && !person.roles.iter().any(|known| known.as_str() == role) {
            faults.push(format!("{name} has the roles {:?}, not {role}", person.roles));
        }
    }
    faults.extend(left.iter().map(|person| format!("found {:?} {:?}", person.name, person.title)));
    faults
}

fn check(table: &str, language: &str, at_least: usize) {
    let cases = cases(table);
    assert!(cases.len() >= at_least, "only {} cases", cases.len());
    let mut report = String::new();
    for case in &cases {
        for fault in faults(&stakeholders(&call(&case.said, language), &deal()), &case.wanted) {
            report += &format!("line {}: {} -- {fault}\n", case.line, case.said.join(" / "));
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn english_calls_name_these_people() {
    check(include_str!("../fixtures/people/en.txt"), "en", 120);
}

#[test]
fn german_calls_name_these_people() {
    check(include_str!("../fixtures/people/de.txt"), "de", 25);
}

#[test]
fn french_calls_name_these_people() {
    check(include_str!("../fixtures/people/fr.txt"), "fr", 25);
}

#[test]
fn spanish_calls_name_these_people() {
    check(include_str!("../fixtures/people/es.txt"), "es", 25);
}

proptest! {
    #[test]
    fn any_words_give_the_same_people_with_quotes_that_slice(
        said in prop::collection::vec(("[crp]( [A-Z][a-zé]{1,6}){0,2}", said()), 0..8),
        language in prop::sample::select(vec!["en", "de", "fr", "es", "ja"]),
    ) {
        let lines: Vec<_> = said.iter().map(|(who, words)| format!("{who}: {words}")).collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let call = call(&lines, language);
        let found = stakeholders(&call, &deal());
        prop_assert!(found.iter().flat_map(|person| &person.evidence).all(|quote| call.holds(quote)));
        prop_assert!(found.iter().all(|person| person.side != Side::Rep));
        prop_assert_eq!(&found, &stakeholders(&call, &deal()));
    }
}

/// Words that lean on what the lexicons look for, mixed with anything.
fn said() -> impl Strategy<Value = String> {
    let telling = prop::sample::select(vec![
        "Will",
        "our",
        "CFO",
        "Hector's",
        "head of",
        "she",
        "signs",
        ",",
        ".",
        "?",
        "my daughter",
        "O'Brien",
        "Frau",
        "de la",
        "l'",
        "i'm",
        "’s",
        "Dr.",
        "May 4",
        "who signs",
        "runs",
        "İ",
        "ß",
        "IT",
        "…",
    ]);
    prop::collection::vec(prop_oneof![telling.prop_map(str::to_owned), ".{0,6}"], 0..24)
        .prop_map(|words| words.join(" "))
}

//! Who is who over the calls of a deal (S-004, S-026, S-070, S-107).

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use readback::detect::{Stakeholder, Turnover};
use readback::ledger::{Contact, Ledger};
use readback::rules::{Attitude, Role};
use readback::transcript::{Side, Span};

use crate::scripted::{Scripted, ledger};

/// Somebody of one call: `Name|other form = title`, a `p:` before the name for a partner, then `!` for who speaks.
fn somebody(written: &str) -> Stakeholder {
    let (names, title) =
        written.split_once('=').map_or((written, None), |(names, title)| (names, Some(title)));
    let (side, names) = match names.trim().strip_prefix("p:") {
        Some(names) => (Side::Partner, names),
        None => (Side::Customer, names.trim()),
    };
    let (speaks, names) = names.strip_prefix('!').map_or((false, names), |names| (true, names));
    let mut forms = names.split('|').map(str::trim).filter(|form| !form.is_empty()).map(str::to_owned);
    Stakeholder {
        name: forms.next(),
        aliases: forms.collect(),
        title: title.map(|title| title.trim().to_owned()),
        side,
        roles: Vec::new(),
        attitude: Attitude::Unknown,
        shown_by: None,
        evidence: Vec::new(),
        speaks,
        turnover: None,
        testified: Vec::new(),
    }
}

/// A deal's calls, a month apart, each with its people.
fn deal(calls: &[Vec<String>]) -> Vec<Scripted> {
    let call = |(at, people): (usize, &Vec<String>)| {
        let mut call = Scripted::call(&format!("call-{at}"), &format!("2026-{:02}-06", at + 1));
        for (one, person) in people.iter().enumerate() {
            let words = format!("Word {one} of them.");
            call = call.says("Dana", &words, &[]);
            let quote = call.transcript.quote(Span::new(one, 0..words.len()));
            call.detected
                .stakeholders
                .push(Stakeholder { evidence: quote.into_iter().collect(), ..somebody(person) });
        }
        call
    };
    calls.iter().enumerate().map(call).collect()
}

/// The people of a ledger: each as the calls that name them, and all forms of the name, else the title.
fn people(ledger: &Ledger) -> BTreeSet<String> {
    let known = |contact: &Contact| {
        let mut forms: Vec<_> = contact.name.iter().chain(&contact.aliases).cloned().collect();
        forms.sort();
        forms.extend(contact.title.clone().filter(|_| contact.name.is_none()));
        let calls: Vec<_> = contact.named_on.iter().map(|call| &call["call-".len()..]).collect();
        format!("{} {}", calls.join(","), forms.join("|"))
    };
    ledger.stakeholders.iter().map(known).collect()
}

#[test]
fn the_same_person_is_one_whatever_a_call_makes_of_the_name() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("nickname", &["Rosie Cavazos", "Rosalinda Cavazos"], &["0,1 Rosalinda Cavazos|Rosie Cavazos"]),
        ("bare nickname", &["Rosalinda Cavazos", "Rosie"], &["0,1 Rosalinda Cavazos|Rosie"]),
        ("first name first", &["Dana", "Dana Whitfield"], &["0,1 Dana|Dana Whitfield"]),
        ("last name alone", &["Dana Whitfield", "Whitfield"], &["0,1 Dana Whitfield|Whitfield"]),
        ("misspelt", &["Sofia Navarro", "Sofia Nabarro"], &["0,1 Sofia Nabarro|Sofia Navarro"]),
        ("misheard", &["Denise Cole Chick", "Denise Kowalczyk"], &["0,1 Denise Cole Chick|Denise Kowalczyk"]),
        ("initial", &["Dana W.", "Dana Whitfield"], &["0,1 Dana W.|Dana Whitfield"]),
        ("title alone, then a name", &["=CFO", "Tom Becker=Chief Financial Officer"], &["0,1 Tom Becker"]),
        ("a name, then the title alone", &["Tom Becker=CFO", "=finance chief"], &["0,1 Tom Becker"]),
        ("title and first name, then both", &["=CFO; Tom", "!Tom Becker=CFO"], &["0,1 Tom|Tom Becker"]),
        ("a side guessed wrong", &["p:!Dmitri Saar", "Dmitri Saar"], &["0,1 Dmitri Saar"]),
        ("a side guessed wrong, first name", &["p:!Kofi Asante", "Kofi"], &["0,1 Kofi|Kofi Asante"]),
        ("other last names", &["Dana Whitfield", "Dana Brooks"], &["0 Dana Whitfield", "1 Dana Brooks"]),
        (
            "an alias is no licence",
            &["Dana Whitfield|Dana", "Dana Brooks|Dana"],
            &["0 Dana|Dana Whitfield", "1 Dana|Dana Brooks"],
        ),
        (
            "a name for two",
            &["Dana", "Dana Whitfield; Dana Brooks"],
            &["0 Dana", "1 Dana Brooks", "1 Dana Whitfield"],
        ),
        (
            "a name that may be either",
            &["Dana Whitfield; Dana Brooks", "Dana", "Dana"],
            &["0 Dana Brooks", "0 Dana Whitfield", "1,2 Dana"],
        ),
        (
            "a title for two",
            &["=supervisor", "Ann Ray=supervisor; Bob Fox=supervisor"],
            &["0 supervisor", "1 Ann Ray", "1 Bob Fox"],
        ),
        ("another post", &["=CFO", "Tom Becker=CIO"], &["0 CFO", "1 Tom Becker"]),
        ("another side speaks", &["!Dana", "p:!Dana Whitfield"], &["0 Dana", "1 Dana Whitfield"]),
    ];
    for (what, calls, wanted) in cases {
        let calls: Vec<Vec<String>> =
            calls.iter().map(|call| call.split(';').map(|one| one.trim().to_owned()).collect()).collect();
        let wanted: BTreeSet<String> = wanted.iter().map(|one| (*one).to_owned()).collect();
        assert_eq!(people(&ledger(&deal(&calls))), wanted, "{what}");
    }
}

#[test]
fn a_stance_is_kept_with_the_words_that_changed_it() {
    let first = Scripted::call("one", "2026-03-10").says("Tom", "I doubt it. Honestly.", &[]);
    let second = Scripted::call("two", "2026-04-10").says("Tom", "Morning.", &[]);
    let third = Scripted::call("three", "2026-05-10").says("Tom", "I'm sold. Carla left in March.", &[]);
    let tom = |call: Scripted, attitude, words| call.person("Tom Becker", Some("CFO"), &[], attitude, words);
    let calls = [
        tom(first, Attitude::Skeptical, "I doubt it"),
        tom(second, Attitude::Neutral, "Morning"),
        tom(third, Attitude::Supportive, "I'm sold")
            .person("Carla", None, &[Role::Champion], Attitude::Unknown, "")
            .moved(Turnover::Left, "Carla left in March"),
    ];
    let ledger = ledger(&calls);
    let tom = &ledger.stakeholders[0];
    let stances: Vec<_> = tom
        .attitudes
        .iter()
        .map(|stance| (stance.call.as_str(), stance.attitude, stance.words.as_ref().unwrap().quote.text()))
        .collect();
    assert_eq!(
        stances,
        [("one", Attitude::Skeptical, "I doubt it"), ("three", Attitude::Supportive, "I'm sold")]
    );
    assert_eq!(tom.attitude, Attitude::Supportive);
    assert_eq!((tom.talk.words, tom.talk.ms), (11, None), "the script tells no turn's end");
    assert_eq!(tom.strength.as_ref().unwrap().score, 5);
    let carla = &ledger.stakeholders[1];
    assert!(carla.has_left() && carla.strength.is_none());
}

const FIRST: &[&str] = &["Dana", "Tom", "Rosalinda", "Rosie", "Beto", "William", "Bill"];
/// No two of these sound alike.
const LAST: &[&str] = &["Whitfield", "Becker", "Cavazos", "Okafor", "Lindgren"];

/// A person of a call: a full name, a first name, or a title alone.
fn seen() -> impl Strategy<Value = String> {
    let title = select(&["", "=CFO", "=finance chief", "=IT manager"][..]);
    let name = (select(FIRST), select(LAST), 0..3usize, title, any::<bool>());
    let named = name.prop_map(|(first, last, form, title, speaks)| {
        let speaks = if speaks { "!" } else { "" };
        match form {
            0 => format!("{speaks}{first}{title}"),
            1 => format!("{speaks}{first} {last}|{first}{title}"),
            _ => format!("{speaks}{first} {last}{title}"),
        }
    });
    prop_oneof![5 => named, 1 => select(&["=CFO", "=IT manager"][..]).prop_map(str::to_owned)]
}

fn last_names(contact: &Contact) -> BTreeSet<&str> {
    let forms = contact.name.iter().chain(&contact.aliases);
    forms.filter_map(|form| form.split_once(' ').map(|(_, last)| last)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn two_last_names_are_two_people(calls in prop::collection::vec(prop::collection::vec(seen(), 1..6), 1..6)) {
        for contact in ledger(&deal(&calls)).stakeholders {
            prop_assert!(last_names(&contact).len() <= 1, "{:?} {:?}", contact.name, contact.aliases);
        }
    }

    #[test]
    fn everybody_seen_is_somebody_and_ids_stay(calls in prop::collection::vec(prop::collection::vec(seen(), 1..6), 1..6)) {
        let ids = |calls: &[Scripted]| -> BTreeSet<String> {
            let people = ledger(calls).stakeholders;
            people.into_iter().flat_map(|contact| contact.known_as.into_iter().chain([contact.id])).collect()
        };
        let calls = deal(&calls);
        for number in 1..calls.len() {
            let (before, after) = (ids(&calls[..number]), ids(&calls[..=number]));
            prop_assert!(before.is_subset(&after), "{:?}", before.difference(&after).collect::<Vec<_>>());
        }
        let known: usize = ledger(&calls).stakeholders.iter().map(|contact| contact.named_on.len()).sum();
        let seen: usize = calls.iter().map(|call| call.detected.stakeholders.len()).sum();
        prop_assert!(known <= seen && known > 0);
    }

    #[test]
    fn order_never_matters_and_a_call_takes_only_its_own_with_it(
        calls in prop::collection::vec(prop::collection::vec(seen(), 1..5), 2..6), at in any::<Index>(),
    ) {
        let calls = deal(&calls);
        let backwards: Vec<_> = calls.iter().rev().cloned().collect();
        prop_assert_eq!(&ledger(&calls).stakeholders, &ledger(&backwards).stakeholders);
        let mut fewer = calls.clone();
        let gone = fewer.remove(at.index(calls.len())).transcript.call.id;
        let on_others = |calls: &[Scripted]| -> BTreeSet<(String, String)> {
            let cited = ledger(calls).stakeholders.into_iter().flat_map(|contact| contact.evidence);
            cited.map(|words| (words.call, words.quote.text().to_owned())).filter(|(call, _)| *call != gone).collect()
        };
        prop_assert_eq!(on_others(&calls), on_others(&fewer));
        prop_assert!(ledger(&fewer).stakeholders.iter().all(|contact| !contact.named_on.contains(&gone)));
    }
}

//! One suite for both indexes: the one on disk always, the one in PostgreSQL where it is installed.

#![expect(clippy::unwrap_used, reason = "a test says by a panic that it failed")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use readback::rules::Kind;
use readback::search::{
    CallDocument, Change, Error, Filters, Found, LocalIndex, PostgresIndex, QuoteIndex, Search, TurnDocument,
};
use readback::store::{Options, Store};
use readback::transcript::{Language, Side};

use crate::support::postgres::Cluster;

macro_rules! suite {
    ($($test:ident,)+) => {
        mod local {
            use super::*;
            $(#[tokio::test]
            async fn $test() {
                let directory = tempfile::tempdir().unwrap();
                super::$test(&LocalIndex::open(directory.path()).unwrap()).await;
            })+
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn the_suite_holds_on_postgresql() {
            let Some(cluster) = Cluster::start() else { return };
            $({
                println!(stringify!($test));
                let store = Store::open(&cluster.database(stringify!($test)), Options::default()).await.unwrap();
                $test(&PostgresIndex::new(&store).unwrap()).await;
                store.close().await;
            })+
        }
    };
}

suite! {
    queries_find_what_people_mean,
    filters_narrow_and_stand_beside_or_in_the_query,
    what_is_hidden_is_neither_found_nor_counted,
    the_exact_phrase_ranks_first,
    words_are_found_while_they_are_typed,
    a_hit_shows_the_words_to_the_letter,
    a_long_turn_is_found_by_its_last_words,
    a_call_that_is_put_again_is_replaced,
    an_index_that_has_read_a_change_does_not_read_it_again,
    a_cleared_index_is_empty_and_begins_anew,
    pages_show_every_hit_once,
    facets_count_every_hit,
    without_words_the_latest_come_first,
    a_query_that_cannot_be_understood_is_an_error_and_no_answer,
    hostile_text_is_kept_and_found,
    any_query_is_answered_as_reading_every_turn_would,
}

fn turn(turn: u32, speaker: &str, side: Side, kinds: &[Kind], language: &str, text: &str) -> TurnDocument {
    TurnDocument {
        turn,
        speaker: speaker.to_owned(),
        side: Some(side),
        kinds: kinds.iter().copied().collect(),
        language: Some(Language::from_tag(language)),
        times: vec![(0, u64::from(turn) * 10_000)],
        text: text.to_owned(),
    }
}

fn call(id: &str, account: &str, date: &str, turns: Vec<TurnDocument>) -> CallDocument {
    CallDocument {
        call: id.to_owned(),
        title: Some(format!("{account} sync")),
        deal: Some(format!("deal-{account}")),
        account: Some(account.to_owned()),
        date: date.parse().ok(),
        turns,
    }
}

/// Two calls that people might have had.
fn calls() -> Vec<CallDocument> {
    use Side::{Customer, Rep};
    let first = vec![
        turn(0, "Dana Whitfield", Customer, &[Kind::Pain], "en", "Honestly, the audit ate my whole spring."),
        turn(
            1,
            "Sam Ortiz",
            Rep,
            &[Kind::Promise],
            "en",
            "We’ll have single sign-on live by March 14th, promised.",
        ),
        turn(
            2,
            "Dana Whitfield",
            Customer,
            &[],
            "en",
            "Live by March? Sign me up, on one condition, single.",
        ),
        turn(
            3,
            "Sam Ortiz",
            Rep,
            &[Kind::Promise, Kind::Exclusion],
            "en",
            "SAML yes; SCIM is not part of it.",
        ),
    ];
    let second = vec![
        turn(
            0,
            "Jörg Müller",
            Customer,
            &[Kind::Risk],
            "de",
            "Die Verträge müssen bis März unterschrieben sein.",
        ),
        turn(1, "Sam Ortiz", Rep, &[], "en", "Understood. Laura launches the audits in April."),
        turn(2, "Amélie Roux", Customer, &[], "fr", "Nous avons déjà signé le contrat au café."),
    ];
    vec![call("c1", "Acme Corp", "2026-02-03", first), call("c2", "Zürich Re", "2026-03-20", second)]
}

async fn filled(index: &dyn QuoteIndex) {
    index.apply(calls().into_iter().map(Change::Put).collect(), 7).await.unwrap();
}

async fn find(index: &dyn QuoteIndex, query: &str) -> Found {
    index.search(Search::new(query)).await.unwrap()
}

fn turns(found: &Found) -> BTreeSet<String> {
    found.hits.iter().map(|hit| format!("{}/{}", hit.call, hit.turn)).collect()
}

fn set(wanted: &str) -> BTreeSet<String> {
    wanted.split_whitespace().map(str::to_owned).collect()
}

async fn queries_find_what_people_mean(index: &dyn QuoteIndex) {
    filled(index).await;
    let cases = [
        ("audit", "c1/0 c2/1"),
        ("\"audit\"", "c1/0"),
        ("promise", "c1/1"),
        ("AUDIT spring", "c1/0"),
        ("audit nothing", ""),
        ("\"live by march\"", "c1/1 c1/2"),
        ("\"single sign-on live\"", "c1/1"),
        ("sign-on", "c1/1"),
        ("we'll", "c1/1"),
        ("saml OR launch", "c1/3 c2/1"),
        ("march -saml -promised", "c1/2"),
        ("(audit OR saml) -spring", "c1/3 c2/1"),
        ("NOT audit", "c1/1 c1/2 c1/3 c2/0 c2/2"),
        ("lau*", "c2/1"),
        ("\"single sign\" li*", "c1/1"),
        ("vertrag", "c2/0"),
        ("marz", "c2/0"),
        ("signer", "c2/2"),
        ("cafe", "c2/2"),
        ("14", ""),
        ("14th", "c1/1"),
    ];
    for (query, wanted) in cases {
        let found = find(index, query).await;
        assert_eq!(turns(&found), set(wanted), "{query}");
        assert_eq!(found.total as usize, found.hits.len(), "{query}");
        assert_eq!(found.indexed_through, 7);
        assert!(found.is_behind(8) && !found.is_behind(7));
    }
}

async fn filters_narrow_and_stand_beside_or_in_the_query(index: &dyn QuoteIndex) {
    filled(index).await;
    let cases = [
        ("kind:promise", "c1/1 c1/3"),
        ("kind:promise kind:risk", "c1/1 c1/3 c2/0"),
        ("speaker:dana", "c1/0 c1/2"),
        ("speaker:\"sam ortiz\" audit", "c2/1"),
        ("speaker:muller", "c2/0"),
        ("speaker:dan", ""),
        ("side:rep kind:exclusion", "c1/3"),
        ("account:\"acme corp\" live", "c1/1 c1/2"),
        ("account:\"zurich re\"", "c2/0 c2/1 c2/2"),
        ("deal:\"deal-Acme Corp\" saml", "c1/3"),
        ("call:c2 lang:fr", "c2/2"),
        ("audit before:2026-03-20", "c1/0"),
        ("audit from:2026-03-20", "c2/1"),
        ("audit after:2026-03-20", ""),
        ("audit to:2026-03-20", "c1/0 c2/1"),
    ];
    for (query, wanted) in cases {
        assert_eq!(turns(&find(index, query).await), set(wanted), "{query}");
    }
    let filters = Filters {
        accounts: vec!["ACME CORP".to_owned()],
        sides: vec![Side::Rep, Side::Partner],
        to: "2026-12-31".parse().ok(),
        ..Filters::default()
    };
    let search = Search { filters, ..Search::new("kind:exclusion") };
    assert_eq!(turns(&index.search(search).await.unwrap()), set("c1/3"));
}

async fn what_is_hidden_is_neither_found_nor_counted(index: &dyn QuoteIndex) {
    let long = "x".repeat(250);
    let mut all = calls();
    all[1].deal = Some(long.clone());
    let hidden = vec![all[0].deal.clone().unwrap(), "no such deal, 'and odd'".to_owned()];
    index.apply(all.into_iter().map(Change::Put).collect(), 1).await.unwrap();
    let found = async |hidden: Vec<String>, query: &str| {
        index.search(Search { hidden, facets: true, ..Search::new(query) }).await.unwrap()
    };
    for query in ["audit", "side:customer", "-nothing", "audit OR single"] {
        let all = found(Vec::new(), query).await;
        let some = found(hidden.clone(), query).await;
        assert!(all.hits.iter().any(|hit| hit.deal == Some(hidden[0].clone())), "{query}");
        assert!(some.hits.iter().all(|hit| hit.deal.as_ref() == Some(&long)), "{query}: {some:#?}");
        assert_eq!(some.total, some.hits.len() as u64, "{query}");
        let counted: u64 = some.facets["speaker"].iter().map(|row| row.count).sum();
        assert_eq!(counted, some.total, "{query}");
    }
    assert_eq!(found(vec![hidden[0].clone(), long], "side:customer").await.total, 0);
}

async fn the_exact_phrase_ranks_first(index: &dyn QuoteIndex) {
    filled(index).await;
    let found = find(index, "single sign").await;
    assert_eq!(turns(&found), set("c1/1 c1/2"));
    assert_eq!(found.hits[0].turn, 1);
    assert!(found.hits[0].score > found.hits[1].score);
}

async fn words_are_found_while_they_are_typed(index: &dyn QuoteIndex) {
    filled(index).await;
    for typed in ["la", "lau", "laura lau", "aud apr", "audits \"in ap", "audits kind:pr lau"] {
        let search = Search { typing: true, ..Search::new(typed) };
        let found = turns(&index.search(search).await.unwrap());
        assert_eq!(found.contains("c2/1"), typed != "aud apr", "{typed}: {found:?}");
    }
}

/// S-067: the exact words, the speaker, the date and the call.
async fn a_hit_shows_the_words_to_the_letter(index: &dyn QuoteIndex) {
    filled(index).await;
    let hit = find(index, "promise \"by march\" signs").await.hits.remove(0);
    assert_eq!(hit.text, "We’ll have single sign-on live by March 14th, promised.");
    let marked: Vec<_> = hit.highlights.iter().map(|mark| &hit.text[mark.clone()]).collect();
    assert_eq!(marked, ["sign", "by March", "promised"]);
    assert_eq!((hit.call.as_str(), hit.turn, hit.at, hit.start_ms), ("c1", 1, 0, Some(10_000)));
    assert_eq!(
        (hit.speaker.as_str(), hit.side, hit.kinds),
        ("Sam Ortiz", Some(Side::Rep), vec![Kind::Promise])
    );
    assert_eq!((hit.account.as_deref(), hit.title.as_deref()), (Some("Acme Corp"), Some("Acme Corp sync")));
    assert_eq!(hit.date.unwrap().to_string(), "2026-02-03");
}

async fn a_long_turn_is_found_by_its_last_words(index: &dyn QuoteIndex) {
    let mut text: String = (0..3_000).map(|n| format!("and then {n}, ")).collect();
    text.push_str(&"z".repeat(70_000));
    let long_word = "x".repeat(1_500);
    text.push_str(&format!(" {long_word}"));
    text.push_str(" the pineapple clause.");
    let mut long = turn(0, "Dana", Side::Customer, &[], "en", &text);
    // Every "and then" is said a second after the one before.
    let begins = text.match_indices("and then").map(|(at, _)| at as u32);
    long.times = begins.zip((0..).step_by(1_000)).collect();
    index.apply(vec![Change::Put(call("c1", "Acme", "2026-01-01", vec![long]))], 1).await.unwrap();
    for query in ["pineapple", "\"the pineapple clause\"", "\"then 1499 and then 1500\"", long_word.as_str()]
    {
        let found = find(index, query).await;
        let hit = found.hits.first().unwrap_or_else(|| panic!("{query:.30} is not found"));
        assert_eq!(&text[hit.at as usize..][..hit.text.len()], hit.text);
        assert!(!hit.highlights.is_empty() && hit.text.len() < 1_000, "{query:.30}");
    }
    let hit = find(index, "\"then 1499\"").await.hits.remove(0);
    let said = hit.start_ms.unwrap() / 1_000;
    assert!((1_494..=1_499).contains(&said), "said at {said} s");
}

async fn a_call_that_is_put_again_is_replaced(index: &dyn QuoteIndex) {
    filled(index).await;
    let corrected = vec![turn(0, "Dana", Side::Customer, &[], "en", "The audience was great.")];
    let changes = vec![
        Change::Put(call("c1", "Acme Corp", "2026-02-03", corrected)),
        Change::Remove("c2".to_owned()),
        Change::Remove("never-seen".to_owned()),
    ];
    index.apply(changes, 9).await.unwrap();
    assert_eq!(find(index, "audit").await.total, 0);
    assert_eq!(turns(&find(index, "").await), set("c1/0"));
    assert_eq!(index.indexed_through().await.unwrap(), 9);
}

async fn an_index_that_has_read_a_change_does_not_read_it_again(index: &dyn QuoteIndex) {
    filled(index).await;
    for stale in [6, 7] {
        index.apply(vec![Change::Remove("c1".to_owned())], stale).await.unwrap();
    }
    assert_eq!(find(index, "").await.total, 7);
    assert_eq!(index.indexed_through().await.unwrap(), 7);
}

async fn a_cleared_index_is_empty_and_begins_anew(index: &dyn QuoteIndex) {
    filled(index).await;
    index.clear().await.unwrap();
    assert_eq!(index.indexed_through().await.unwrap(), 0);
    assert_eq!(find(index, "").await.total, 0);
    filled(index).await;
    assert_eq!(find(index, "").await.total, 7);
    assert!(index.check().await.unwrap().is_empty());
}

async fn pages_show_every_hit_once(index: &dyn QuoteIndex) {
    let said = |n| turn(n, "Dana", Side::Customer, &[], "en", &format!("audit number {n}"));
    let document = call("c1", "Acme", "2026-01-01", (0..53).map(said).collect());
    index.apply(vec![Change::Put(document)], 1).await.unwrap();
    let (mut seen, mut pages, mut after) = (BTreeSet::new(), 0, None);
    loop {
        let found = index.search(Search { limit: 10, after, ..Search::new("audit") }).await.unwrap();
        assert_eq!(found.total, 53);
        for turn in turns(&found) {
            assert!(seen.insert(turn), "a hit came twice");
        }
        pages += 1;
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((seen.len(), pages), (53, 6));
    let odd = Search { after: Some("18446744073709551616".to_owned()), limit: 0, ..Search::new("audit") };
    assert_eq!(index.search(odd).await.unwrap().hits.len(), 1);
    let deep = Search { after: Some("4000000000".to_owned()), ..Search::new("audit") };
    assert_eq!(index.search(deep).await.unwrap().next, None);
}

async fn facets_count_every_hit(index: &dyn QuoteIndex) {
    filled(index).await;
    let found = index.search(Search { facets: true, limit: 1, ..Search::new("side:rep") }).await.unwrap();
    let counts = |facet: &str| -> Vec<(String, u64)> {
        found.facets[facet].iter().map(|count| (count.value.clone(), count.count)).collect()
    };
    assert_eq!(counts("account"), [("Acme Corp".to_owned(), 2), ("Zürich Re".to_owned(), 1)]);
    assert_eq!(counts("speaker"), [("Sam Ortiz".to_owned(), 3)]);
    assert_eq!(counts("kind"), [("promise".to_owned(), 2), ("exclusion".to_owned(), 1)]);
    assert_eq!(counts("language"), [("en".to_owned(), 3)]);
    assert_eq!(counts("side"), [("rep".to_owned(), 3)]);
    assert!(find(index, "side:rep").await.facets.is_empty());
}

async fn without_words_the_latest_come_first(index: &dyn QuoteIndex) {
    filled(index).await;
    let undated = vec![turn(0, "Dana", Side::Customer, &[], "en", "no date")];
    index.apply(vec![Change::Put(call("c3", "Acme", "", undated))], 8).await.unwrap();
    let order: Vec<_> = find(index, "").await.hits.into_iter().map(|hit| hit.call).collect();
    assert_eq!(order, ["c2", "c2", "c2", "c1", "c1", "c1", "c1", "c3"]);
    assert_eq!(
        find(index, "before:2099-01-01").await.total,
        7,
        "a call without a date is in no range of dates"
    );
}

async fn a_query_that_cannot_be_understood_is_an_error_and_no_answer(index: &dyn QuoteIndex) {
    let error = index.search(Search::new("audit \"open")).await.unwrap_err();
    assert!(matches!(&error, Error::Query(error) if error.at == 6), "{error}");
}

async fn hostile_text_is_kept_and_found(index: &dyn QuoteIndex) {
    let texts = [
        "it's \\ 'quoted' & !odd | (x) <-> :*",
        "nul \0 byte",
        "<b>bold</b>\u{202e}",
        "ﬁne ½ 👩‍💻 zoë",
        "来週です",
    ];
    let said =
        |(n, text): (usize, &&str)| turn(n as u32, "O'Neil \\ \0 & Söns:*", Side::Customer, &[], "en", text);
    let mut document = call("c'1\\", "A'c\\me\0", "2026-01-01", texts.iter().enumerate().map(said).collect());
    document.deal = Some("d'".repeat(5_000));
    index.apply(vec![Change::Put(document.clone())], 1).await.unwrap();
    for query in ["\"it's quoted\"", "nul byte", "bold", "fine zoe", "来週"] {
        let found = find(index, query).await;
        assert_eq!(found.hits.len(), 1, "{query}");
        assert_eq!(found.hits[0].text, texts[found.hits[0].turn as usize]);
    }
    for query in ["speaker:\"o'neil\"", "speaker:sons", "call:c'1\\", "account:\"a c me\""] {
        assert_eq!(find(index, query).await.total as usize, texts.len(), "{query}");
    }
    let filters = Filters { deals: vec![document.deal.unwrap()], ..Filters::default() };
    let found = index.search(Search { filters, ..Search::new("") }).await.unwrap();
    assert_eq!(found.total as usize, texts.len());
    index.apply(vec![Change::Remove("c'1\\".to_owned())], 2).await.unwrap();
    assert_eq!(find(index, "").await.total, 0);
}

/// Reads a query as a person would, turn by turn; the oracle both indexes are held against.
#[derive(Clone, Debug)]
enum Asked {
    Word(&'static str),
    Begin(&'static str),
    Phrase(&'static str, &'static str),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

impl Asked {
    fn matches(&self, said: &[&str]) -> bool {
        match self {
            Self::Word(word) => said.contains(word),
            Self::Begin(start) => said.iter().any(|word| word.starts_with(start)),
            Self::Phrase(one, other) => said.windows(2).any(|pair| pair == [*one, *other]),
            Self::Not(asked) => !asked.matches(said),
            Self::And(all) => all.iter().all(|asked| asked.matches(said)),
            Self::Or(any) => any.iter().any(|asked| asked.matches(said)),
        }
    }

    fn typed(&self) -> String {
        let joined = |all: &[Self], with: &str| {
            format!("({})", all.iter().map(Self::typed).collect::<Vec<_>>().join(with))
        };
        match self {
            Self::Word(word) => format!("\"{word}\""),
            Self::Begin(start) => format!("{start}*"),
            Self::Phrase(one, other) => format!("\"{one} {other}\""),
            Self::Not(asked) => format!("-({})", asked.typed()),
            Self::And(all) => joined(all, " "),
            Self::Or(any) => joined(any, " OR "),
        }
    }
}

const VOCABULARY: [&str; 5] = ["sso", "soc", "audit", "audio", "march"];

fn asked() -> impl Strategy<Value = Asked> {
    let word = || prop::sample::select(VOCABULARY.as_slice());
    let leaf = prop_oneof![
        word().prop_map(Asked::Word),
        prop::sample::select(vec!["so", "aud", "audi", "mar"]).prop_map(Asked::Begin),
        (word(), word()).prop_map(|(one, other)| Asked::Phrase(one, other)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|asked| Asked::Not(Box::new(asked))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Asked::And),
            prop::collection::vec(inner, 1..4).prop_map(Asked::Or),
        ]
    })
}

async fn any_query_is_answered_as_reading_every_turn_would(index: &dyn QuoteIndex) {
    // Every turn of three words that the vocabulary allows.
    let said: Vec<Vec<&str>> =
        (0..125).map(|n| vec![VOCABULARY[n / 25], VOCABULARY[n / 5 % 5], VOCABULARY[n % 5]]).collect();
    let texts = said.iter().enumerate();
    let texts = texts.map(|(n, said)| turn(n as u32, "Dana", Side::Customer, &[], "en", &said.join(", ")));
    index.apply(vec![Change::Put(call("c", "Acme", "2026-01-01", texts.collect()))], 1).await.unwrap();
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..150 {
        let asked = asked().new_tree(&mut runner).unwrap().current();
        let query = asked.typed();
        let mut found = BTreeSet::new();
        for after in ["0", "100"] {
            let search = Search { limit: 100, after: Some(after.to_owned()), ..Search::new(&query) };
            let page = index.search(search).await.unwrap();
            found.extend(page.hits.into_iter().map(|hit| hit.turn as usize));
        }
        let wanted: BTreeSet<usize> = (0..said.len()).filter(|turn| asked.matches(&said[*turn])).collect();
        assert_eq!(found, wanted, "{query}");
    }
}

#[tokio::test]
async fn a_damaged_index_is_set_aside_and_begun_anew() {
    for damage in ["{ \"cut", ""] {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("index");
        let index = LocalIndex::open(&directory).unwrap();
        filled(&index).await;
        drop(index);
        std::fs::write(directory.join("meta.json"), damage).unwrap();
        let index = LocalIndex::open(&directory).unwrap();
        assert_eq!(index.indexed_through().await.unwrap(), 0, "the store's changes must be read anew");
        assert!(parent.path().join("index.damaged-1").join("meta.json").exists());
        filled(&index).await;
        assert_eq!(find(&index, "audit").await.total, 2);
    }
}

#[tokio::test]
async fn a_missing_segment_is_damage_too() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("index");
    let index = LocalIndex::open(&directory).unwrap();
    filled(&index).await;
    drop(index);
    for file in std::fs::read_dir(&directory).unwrap().flatten() {
        if file.path().extension().is_some_and(|extension| extension == "term") {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
    let index = LocalIndex::open(&directory).unwrap();
    assert_eq!(index.indexed_through().await.unwrap(), 0);
}

#[tokio::test]
async fn a_flipped_byte_is_found_by_the_check() {
    let directory = tempfile::tempdir().unwrap();
    let index = LocalIndex::open(directory.path()).unwrap();
    filled(&index).await;
    drop(index);
    let files = std::fs::read_dir(directory.path()).unwrap().flatten().map(|file| file.path());
    let store = files.into_iter().find(|file| file.extension().is_some_and(|ext| ext == "store")).unwrap();
    let mut bytes = std::fs::read(&store).unwrap();
    bytes[20] ^= 0x55;
    std::fs::write(&store, bytes).unwrap();
    let index = LocalIndex::open(directory.path()).unwrap();
    assert_eq!(index.check().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_lock_is_waited_for_and_never_a_reason_to_rebuild() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("index");
    let writing = LocalIndex::open(&directory).unwrap();
    filled(&writing).await;
    let searching = LocalIndex::open(&directory).unwrap();
    assert_eq!(find(&searching, "audit").await.total, 2, "another process may search meanwhile");
    let refused = searching.apply(vec![Change::Remove("c1".to_owned())], 8).await;
    assert!(matches!(refused, Err(Error::Locked)));
    std::fs::write(directory.join("meta.json"), "{ \"cut").unwrap();
    assert!(matches!(LocalIndex::open(&directory), Err(Error::Locked)));
    assert!(!parent.path().join("index.damaged-1").exists());
}

#[tokio::test]
async fn erased_words_leave_the_files() {
    let directory = tempfile::tempdir().unwrap();
    let index = LocalIndex::open(directory.path()).unwrap();
    filled(&index).await;
    let hold = |word: &str| {
        let files = std::fs::read_dir(directory.path()).unwrap().flatten();
        let mut files = files.map(|file| std::fs::read(file.path()).unwrap());
        files.any(|bytes| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
    };
    assert!(hold("Honestly, the audit ate"));
    index.apply(vec![Change::Remove("c1".to_owned())], 8).await.unwrap();
    assert!(!hold("Honestly, the audit ate") && !hold("spring"));
    assert_eq!((find(&index, "").await.total, index.indexed_through().await.unwrap()), (3, 8));
    index.apply(vec![Change::Remove("c2".to_owned())], 9).await.unwrap();
    assert_eq!((find(&index, "").await.total, index.indexed_through().await.unwrap()), (0, 9));
}

#[tokio::test]
async fn an_index_is_there_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    filled(&LocalIndex::open(directory.path()).unwrap()).await;
    let index = LocalIndex::open(directory.path()).unwrap();
    assert_eq!(index.indexed_through().await.unwrap(), 7);
    assert_eq!(find(&index, "audit").await.total, 2);
}

//! One suite for the store, run on SQLite always and on PostgreSQL where it is installed.

#![expect(clippy::unwrap_used, reason = "a test says by a panic that it failed")]

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use readback::access::{Role, Scopes, Viewer};
use readback::detect::CallRecord;
use readback::handoff::{Notice, NoticeKind, Who};
use readback::ingest::Format;
use readback::llm::{Completion, Refusal, Refused, Spent, Usage};
use readback::notify::Channel;
use readback::papers::Occasion;
use readback::rules::Category;
use readback::store::{
    Accepted, Answer, Attachment, CallState, Correction, Delivery, Draft, DraftedPromise, Error, Failed,
    Hearing, HeldReading, Lane, NewDecision, NewJob, NewShare, NewToken, Options, PromiseFilter, Reading,
    Replay, RequestKey, SetAside, Spending, Store, StoredDecision,
};
use readback::transcript::{Call, Deal, Digest};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::postgres::Cluster;

/// A store that is new for each test.
struct House {
    store: Store,
    place: String,
}

macro_rules! suite {
    ($($test:ident,)+) => {
        mod sqlite {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $test() {
                let directory = tempfile::tempdir().unwrap();
                let place = directory.path().join("data/readback.db").display().to_string();
                let store = Store::open(&place, Options::default()).await.unwrap();
                super::$test(&House { store, place }).await;
            })+
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn the_suite_holds_on_postgresql() {
            let Some(cluster) = Cluster::start() else { return };
            // Half of the tests run as they would behind a PgBouncer.
            let mut persistent = false;
            $({
                println!(stringify!($test));
                let place = cluster.database(stringify!($test));
                persistent = !persistent;
                let options = Options { persistent, ..Options::default() };
                let store = Store::open(&place, options).await.unwrap();
                let house = House { store, place };
                $test(&house).await;
                house.store.close().await;
            })+
        }
    };
}

suite! {
    the_same_delivery_twice_is_one_call,
    a_corrected_transcript_is_a_new_version_and_the_old_one_stays,
    without_a_recorder_id_the_bytes_are_the_call,
    the_same_delivery_a_hundred_times_at_once_is_one_call,
    fifty_writers_at_once_all_get_their_turn,
    a_caller_who_goes_away_leaves_no_half_record,
    work_that_fails_leaves_nothing,
    what_was_acknowledged_is_there_after_reopening,
    four_processes_may_open_a_new_store_at_once,
    a_nul_character_is_refused_by_both_engines,
    hostile_text_comes_back_to_the_letter,
    lists_are_read_page_by_page,
    an_edit_of_an_old_revision_is_refused,
    a_draft_never_goes_back_in_time,
    promises_of_all_deals_are_listed_by_their_day,
    a_held_reading_is_read_where_it_rests_on_the_same,
    a_reading_moves_the_call_along,
    corrections_are_appended,
    a_link_opens_until_it_is_over_or_revoked,
    an_occasion_is_not_written_over_unseen,
    decisions_are_numbered_without_holes_and_refused_where_somebody_was_faster,
    a_paper_is_attached_once_until_it_is_taken_off,
    an_erased_call_leaves_only_its_id_in_the_change_sequence,
    what_a_model_said_is_kept_counted_and_erased_with_its_call,
    a_job_that_waits_for_a_model_keeps_no_other_waiting,
    a_job_that_is_withdrawn_cannot_be_finished,
    no_job_is_taken_twice,
    a_worker_that_slept_past_its_lease_can_finish_nothing,
    a_job_that_kills_its_worker_is_left_to_a_person,
    a_failed_job_is_tried_again_later,
    of_jobs_with_one_key_one_waits,
    a_job_that_waits_is_brought_forward_and_never_put_off,
    what_people_are_told_is_kept_once,
    decisions_made_elsewhere_keep_their_numbers,
    a_name_leaves_papers_and_occasion,
    an_answer_is_repeated_for_a_day,
    a_revoked_token_opens_nothing,
    a_file_that_nobody_can_read_is_kept,
    changes_are_numbered_in_the_order_of_their_commits,
    a_sound_store_has_no_complaints,
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + seconds).unwrap()
}

fn delivery(id: &str, text: &str) -> Delivery {
    let call = Call { id: id.to_owned(), title: Some("Kickoff prep".to_owned()), ..Call::default() };
    Delivery { call, deal: None, bytes: text.as_bytes().to_vec(), fresh: Uuid::now_v7() }
}

async fn accept(store: &Store, delivery: Delivery) -> Result<Accepted, Error> {
    store.write(move |tx| Box::pin(async move { tx.accept(delivery, at(0)).await })).await
}

fn reading(call: &str, version: u32) -> Reading {
    let record = CallRecord {
        call: call.to_owned(),
        language: None,
        findings: vec![],
        doubted: vec![],
        stakeholders: vec![],
        problems: vec![],
    };
    Reading { call: call.to_owned(), version, format: Format::WebVtt, rules: Digest::of(b"rules"), record }
}

fn job(kind: &str, key: Option<&str>) -> NewJob {
    NewJob {
        id: Uuid::now_v7(),
        kind: kind.to_owned(),
        payload: json!({"call": "c1"}),
        dedupe_key: key.map(str::to_owned),
        run_at: at(0),
        max_attempts: 3,
    }
}

async fn enqueue(store: &Store, job: NewJob) -> bool {
    store.write(move |tx| Box::pin(async move { tx.enqueue(&job, at(0)).await })).await.unwrap()
}

async fn decide(store: &Store, decision: NewDecision, expected: Option<u64>) -> Result<u64, Error> {
    store.write(move |tx| Box::pin(async move { tx.append_decision(&decision, expected, at(0)).await })).await
}

async fn the_same_delivery_twice_is_one_call(house: &House) {
    let first = accept(&house.store, delivery("rec-1", "Dana: hi")).await.unwrap();
    let second = accept(&house.store, delivery("rec-1", "Dana: hi")).await.unwrap();
    assert_eq!((first.version, first.duplicate), (1, false));
    assert_eq!(second, Accepted { duplicate: true, ..first });
    assert_eq!(house.store.head().await.unwrap(), 1);
}

async fn a_corrected_transcript_is_a_new_version_and_the_old_one_stays(house: &House) {
    let store = &house.store;
    let named = Delivery { deal: Some("d-7".to_owned()), ..delivery("rec-1", "Dana: we ship in Marsh") };
    accept(store, named).await.unwrap();
    let corrected = accept(store, delivery("rec-1", "Dana: we ship in March")).await.unwrap();
    assert_eq!((corrected.version, corrected.duplicate), (2, false));
    assert_eq!(corrected.deal.as_deref(), Some("d-7"), "a correction that names no deal keeps it");
    let late = accept(store, delivery("rec-1", "Dana: we ship in Marsh")).await.unwrap();
    assert_eq!((late.version, late.duplicate), (1, true), "a late repetition pushes nothing aside");
    let call = store.call("rec-1").await.unwrap().unwrap();
    assert_eq!((call.version, call.state), (2, CallState::Received));
    assert_eq!(store.source("rec-1", 1).await.unwrap(), b"Dana: we ship in Marsh");
    assert_eq!(store.source("rec-1", 2).await.unwrap(), b"Dana: we ship in March");
    assert_eq!(store.versions("rec-1").await.unwrap().len(), 2);
}

async fn without_a_recorder_id_the_bytes_are_the_call(house: &House) {
    let first = accept(&house.store, delivery("", "Dana: hi")).await.unwrap();
    let again = accept(&house.store, delivery("", "Dana: hi")).await.unwrap();
    let other = accept(&house.store, delivery("", "Dana: hello")).await.unwrap();
    assert_eq!(again.call, first.call);
    assert_ne!(other.call, first.call);
    assert_eq!(house.store.call(&first.call).await.unwrap().unwrap().call.id, first.call);
}

async fn the_same_delivery_a_hundred_times_at_once_is_one_call(house: &House) {
    for id in ["rec-9", ""] {
        let text = format!("Sam: the same webhook, again ({id})");
        let senders = (0..100).map(|_| {
            let (store, delivery) = (house.store.clone(), delivery(id, &text));
            tokio::spawn(async move { accept(&store, delivery).await.unwrap() })
        });
        let (mut calls, mut fresh) = (HashSet::new(), 0);
        for sender in senders.collect::<Vec<_>>() {
            let accepted = sender.await.unwrap();
            fresh += usize::from(!accepted.duplicate);
            calls.insert(accepted.call);
        }
        assert_eq!((calls.len(), fresh), (1, 1));
    }
}

async fn fifty_writers_at_once_all_get_their_turn(house: &House) {
    let writers = (0..50).map(|writer| {
        let store = house.store.clone();
        tokio::spawn(async move {
            for round in 0..4 {
                let id = format!("w{writer}-{round}");
                accept(&store, delivery(&id, &format!("Dana: {id}"))).await.unwrap();
                store.calls(Viewer::Everything, None, None, 5).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(house.store.head().await.unwrap(), 200);
}

async fn a_caller_who_goes_away_leaves_no_half_record(house: &House) {
    let store = &house.store;
    for attempt in 0..60u64 {
        let (inner, id) = (store.clone(), format!("gone-{attempt}"));
        let caller = tokio::spawn(async move {
            let work = delivery(&id, &format!("Dana: {id}"));
            inner
                .write(move |tx| {
                    Box::pin(async move {
                        let accepted = tx.accept(work, at(0)).await?;
                        tx.enqueue(&NewJob { payload: json!(accepted.call), ..job("read", None) }, at(0))
                            .await
                    })
                })
                .await
        });
        tokio::time::sleep(Duration::from_micros(attempt * 50)).await;
        caller.abort();
    }
    // The pool is whole: nothing waits for a transaction that nobody will end.
    accept(store, delivery("after", "Dana: still here")).await.unwrap();
    // Closing waits for whatever still runs, so that both lists below tell of one moment.
    store.close().await;
    let store = Store::open(&house.place, Options::default()).await.unwrap();
    let mut kept: BTreeSet<String> = store
        .calls(Viewer::Everything, None, None, 200)
        .await
        .unwrap()
        .items
        .into_iter()
        .map(|call| call.call.id)
        .collect();
    kept.remove("after");
    let jobs = store.jobs(None, 200).await.unwrap().items;
    let owed: BTreeSet<String> = jobs.iter().map(|job| job.payload.as_str().unwrap().to_owned()).collect();
    assert_eq!(kept, owed, "a call and its job are kept together or not at all");
    assert_eq!(store.head().await.unwrap() as usize, kept.len() + 1);
}

async fn work_that_fails_leaves_nothing(house: &House) {
    let failed: Result<(), Error> = house
        .store
        .write(|tx| {
            Box::pin(async move {
                tx.accept(delivery("rec-1", "Dana: hi"), at(0)).await?;
                tx.enqueue(&job("read", None), at(0)).await?;
                Err(Error::Cursor)
            })
        })
        .await;
    assert!(matches!(failed, Err(Error::Cursor)));
    assert!(house.store.call("rec-1").await.unwrap().is_none());
    assert!(house.store.jobs(None, 10).await.unwrap().items.is_empty());
    let panicked: Result<(), Error> = house.store.write(|_| Box::pin(async { panic!("a bug") })).await;
    assert!(matches!(panicked, Err(Error::Interrupted)));
    accept(&house.store, delivery("rec-1", "Dana: hi")).await.unwrap();
}

async fn what_was_acknowledged_is_there_after_reopening(house: &House) {
    let accepted = accept(&house.store, delivery("rec-1", "Dana: hi")).await.unwrap();
    let again = Store::open(&house.place, Options::default()).await.unwrap();
    assert_eq!(again.source(&accepted.call, 1).await.unwrap(), b"Dana: hi");
    assert!(accept(&again, delivery("rec-1", "Dana: hi")).await.unwrap().duplicate);
    again.close().await;
}

async fn four_processes_may_open_a_new_store_at_once(house: &House) {
    let place = match house.place.strip_suffix("readback.db") {
        Some(directory) => format!("{directory}/second.db"),
        None => house.place.clone(),
    };
    let openings = (0..4).map(|_| {
        let place = place.clone();
        tokio::spawn(async move { Store::open(&place, Options::default()).await.unwrap().close().await })
    });
    for opening in openings.collect::<Vec<_>>() {
        opening.await.unwrap();
    }
}

async fn a_nul_character_is_refused_by_both_engines(house: &House) {
    assert!(matches!(accept(&house.store, delivery("rec\0", "Dana: hi")).await, Err(Error::Nul)));
    let mut titled = delivery("rec-1", "Dana: hi");
    titled.call.title = Some("QBR\0".to_owned());
    assert!(matches!(accept(&house.store, titled).await, Err(Error::Nul)));
    // Bytes are bytes.
    accept(&house.store, delivery("rec-1", "Dana:\0hi")).await.unwrap();
    assert_eq!(house.store.source("rec-1", 1).await.unwrap(), b"Dana:\0hi");
}

async fn hostile_text_comes_back_to_the_letter(house: &House) {
    for title in ["'; DROP TABLE calls; --", "\u{202e}mirror", "a\nb\t$1", "👩‍💻 é e\u{301}", "\u{1}\u{7f}"]
    {
        let mut hostile = delivery(title, title);
        hostile.call.title = Some(title.to_owned());
        accept(&house.store, hostile).await.unwrap();
        let call = house.store.call(title).await.unwrap().unwrap();
        assert_eq!(call.call.title.as_deref(), Some(title));
    }
}

async fn lists_are_read_page_by_page(house: &House) {
    let store = &house.store;
    for number in 0..23 {
        let mut call = delivery(&format!("rec-{number:02}"), &format!("Dana: {number}"));
        // Two calls begin in the same second; the id tells them apart.
        call.call.started_at = Some(format!("2026-05-01T09:00:{:02}Z", number / 2).parse().unwrap());
        call.deal = Some(format!("deal-{}", number % 5));
        accept(store, call).await.unwrap();
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.calls(Viewer::Everything, None, after.as_ref(), 5).await.unwrap();
        seen.extend(page.items.into_iter().map(|call| call.call.id));
        let Some(next) = page.next else { break };
        after = Some(next.to_string().parse().unwrap());
    }
    let wanted: Vec<_> = (0..23).rev().map(|number| format!("rec-{number:02}")).collect();
    assert_eq!(seen, wanted);
    assert_eq!(store.calls(Viewer::Everything, Some("deal-3"), None, 50).await.unwrap().items.len(), 4);
    assert_eq!(store.calls_of("deal-3").await.unwrap()[0].call.id, "rec-03");
    let deals = store.deals(Viewer::Everything, None, 3).await.unwrap();
    let rest = store.deals(Viewer::Everything, deals.next.as_ref(), 3).await.unwrap();
    assert_eq!((deals.items.len(), rest.items.len(), rest.next), (3, 2, None));
}

async fn an_edit_of_an_old_revision_is_refused(house: &House) {
    let store = &house.store;
    let put = async |account: &str, expected| {
        let deal = Deal { id: "d-1".to_owned(), account: account.to_owned(), ..Deal::default() };
        store.write(move |tx| Box::pin(async move { tx.put_deal(&deal, expected, at(0)).await })).await
    };
    assert!(matches!(put("Acme", Some(4)).await, Err(Error::Stale { .. })));
    assert_eq!(put("Acme", Some(0)).await.unwrap(), 1);
    assert_eq!(put("Acme Corp", Some(1)).await.unwrap(), 2);
    assert!(matches!(put("Acme Inc", Some(1)).await, Err(Error::Stale { .. })));
    assert!(matches!(put("Acme Inc", Some(0)).await, Err(Error::Stale { .. })));
    assert_eq!(put("Acme Ltd", None).await.unwrap(), 3);
    assert_eq!(store.deal("d-1").await.unwrap().unwrap().deal.account, "Acme Ltd");
}

async fn a_draft_never_goes_back_in_time(house: &House) {
    let store = &house.store;
    let named = Delivery { deal: Some("d-1".to_owned()), ..delivery("rec-1", "Dana: hi") };
    accept(store, named).await.unwrap();
    let put = async |through| {
        let glance = json!({"through": through});
        let draft =
            Draft { deal: "d-1".to_owned(), glance, verdicts: json!([]), promises: Vec::new(), through };
        store.write(move |tx| Box::pin(async move { tx.put_draft(&draft, at(0)).await })).await.unwrap()
    };
    assert!(put(5).await);
    assert!(!put(4).await);
    assert!(put(6).await);
    let glances = store.glances::<Value>(Viewer::Everything).await.unwrap();
    assert_eq!(glances["d-1"], json!({"through": 6}));
}

fn promised(due: Option<Date>) -> DraftedPromise {
    DraftedPromise {
        due,
        status: "open".to_owned(),
        category: Category::Support,
        glance: json!("glance"),
        entry: json!({ "due": due }),
    }
}

async fn promises_of_all_deals_are_listed_by_their_day(house: &House) {
    let store = &house.store;
    let days = ["2026-07-01", "2026-06-01", ""].map(|day| day.parse().ok());
    for deal in ["d-1", "d-2"] {
        accept(store, Delivery { deal: Some(deal.to_owned()), ..delivery(deal, "Dana: hi") }).await.unwrap();
        let promises = days.map(promised).to_vec();
        let draft =
            Draft { deal: deal.to_owned(), glance: json!(1), verdicts: json!([]), promises, through: 1 };
        store.write(move |tx| Box::pin(async move { tx.put_draft(&draft, at(0)).await })).await.unwrap();
    }
    let list = async |filter: PromiseFilter, limit| {
        let (mut dues, mut after) = (Vec::new(), None);
        loop {
            let page = store.promises(Viewer::Everything, &filter, after.as_ref(), limit).await.unwrap();
            dues.extend(page.items.iter().map(|entry| entry["due"].as_str().unwrap_or("never").to_owned()));
            after = page.next;
            if after.is_none() {
                return dues.join(" ");
            }
        }
    };
    let all = "2026-06-01 2026-06-01 2026-07-01 2026-07-01 never never";
    for limit in [1, 2, 4, 6, 10] {
        assert_eq!(list(PromiseFilter::default(), limit).await, all, "pages of {limit}");
    }
    let soon = PromiseFilter { due_by: days[1], ..PromiseFilter::default() };
    assert_eq!(list(soon, 1).await, "2026-06-01 2026-06-01");
    let one = PromiseFilter {
        deal: Some("d-2".to_owned()),
        status: Some("open".to_owned()),
        ..PromiseFilter::default()
    };
    assert_eq!(list(one, 2).await, "2026-06-01 2026-07-01 never");
    let other = PromiseFilter { category: Some(Category::Other), ..PromiseFilter::default() };
    assert_eq!(list(other, 2).await, "");
}

async fn a_held_reading_is_read_where_it_rests_on_the_same(house: &House) {
    let store = &house.store;
    accept(store, Delivery { deal: Some("d-1".to_owned()), ..delivery("rec-1", "Dana: hi") }).await.unwrap();
    let (inputs, other) = (Digest::of(b"inputs"), Digest::of(b"other"));
    let hold = async || {
        let (call, packed) = ("rec-1".to_owned(), b"packed".to_vec());
        let held = HeldReading { call, version: 1, inputs: Digest::of(b"inputs"), packed };
        store.write(move |tx| Box::pin(async move { tx.hold_reading(held).await })).await.unwrap()
    };
    assert!(!hold().await, "nothing was found in it yet");
    store
        .write(|tx| Box::pin(async move { tx.put_reading(&reading("rec-1", 1), at(0)).await }))
        .await
        .unwrap();
    assert!(hold().await);
    assert_eq!(store.held_reading("rec-1", 1, &inputs).await.unwrap().as_deref(), Some(&b"packed"[..]));
    assert_eq!(store.held_reading("rec-1", 1, &other).await.unwrap(), None);
    // Who is erased from the deal may be named in what was held of any call of it.
    store.write(|tx| Box::pin(async move { tx.drop_derived(Some("d-1")).await })).await.unwrap();
    assert_eq!(store.held_reading("rec-1", 1, &inputs).await.unwrap(), None);
}

async fn a_reading_moves_the_call_along(house: &House) {
    let store = &house.store;
    accept(store, delivery("rec-1", "Dana: hi")).await.unwrap();
    let put = async |version| {
        let reading = reading("rec-1", version);
        store.write(move |tx| Box::pin(async move { tx.put_reading(&reading, at(1)).await })).await
    };
    put(1).await.unwrap();
    assert_eq!(store.reading("rec-1", 1).await.unwrap(), Some(reading("rec-1", 1)));
    assert_eq!(store.call("rec-1").await.unwrap().unwrap().state, CallState::Read);
    assert_eq!(store.versions("rec-1").await.unwrap()[0].format, Some(Format::WebVtt));
    accept(store, delivery("rec-1", "Dana: hello")).await.unwrap();
    put(1).await.unwrap();
    let call = store.call("rec-1").await.unwrap().unwrap();
    assert_eq!(call.state, CallState::Received, "a reading of an old version says nothing of the newest");
    assert!(matches!(put(3).await, Err(Error::Missing { .. })));
    let (call, bytes) = (call.call, Some(b"[erased]: hello".to_vec()));
    let erase = store.write(|tx| Box::pin(async move { tx.replace_words(&call, bytes, at(2)).await }));
    erase.await.unwrap();
    assert!(matches!(put(2).await, Err(Error::Erased { .. })), "it was read before the words were erased");
    assert_eq!(store.reading("rec-1", 2).await.unwrap(), None);
    put(3).await.unwrap();
}

async fn corrections_are_appended(house: &House) {
    let store = &house.store;
    accept(store, delivery("rec-1", "Speaker 1: hi")).await.unwrap();
    let correct = async |call: &str, name: &str| {
        let correction = Correction {
            id: Uuid::now_v7(),
            call: call.to_owned(),
            author: "ae@example.com".to_owned(),
            body: json!({"label": "Speaker 1", "name": name}),
            made_at: at(2),
        };
        store.write(move |tx| Box::pin(async move { tx.correct(&correction).await })).await
    };
    correct("rec-1", "Dana").await.unwrap();
    assert_eq!(correct("rec-1", "Dina").await.unwrap(), store.head().await.unwrap());
    let names: Vec<_> =
        store.corrections("rec-1").await.unwrap().into_iter().map(|c| c.body["name"].clone()).collect();
    assert_eq!(names, ["Dana", "Dina"]);
    assert!(matches!(correct("nobody", "Dana").await, Err(Error::Missing { .. })));
}

async fn decisions_are_numbered_without_holes_and_refused_where_somebody_was_faster(house: &House) {
    let decision = |author: &str| NewDecision {
        id: Uuid::now_v7(),
        deal: "d-1".to_owned(),
        room: "review",
        author: author.to_owned(),
        role: "ae".to_owned(),
        body: json!({"act": "accept", "entry": "e"}),
    };
    let store = &house.store;
    let lost = decide(store, decision("Dana"), None).await;
    assert!(matches!(lost, Err(Error::Missing { what: "deal", .. })), "{lost:?}");
    accept(store, Delivery { deal: Some("d-1".to_owned()), ..delivery("c1", "Dana: hi") }).await.unwrap();
    assert_eq!(decide(store, decision("Dana"), Some(0)).await.unwrap(), 1);
    let stale = decide(store, decision("Ola"), Some(0)).await;
    assert!(matches!(stale, Err(Error::Stale { what: "decisions", .. })), "{stale:?}");
    assert_eq!(decide(store, decision("Ola"), Some(1)).await.unwrap(), 2);
    let writers = (0..20).map(|_| {
        let (store, decision) = (store.clone(), decision("both"));
        tokio::spawn(async move { decide(&store, decision, None).await })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    let all = store.decisions("d-1").await.unwrap();
    assert_eq!(all.iter().map(|decision| decision.seq).collect::<Vec<_>>(), (1..=22).collect::<Vec<_>>());
    assert_eq!(
        all.iter().map(|decision| decision.author.as_str()).take(2).collect::<Vec<_>>(),
        ["Dana", "Ola"]
    );
    let first = store.decisions_page("d-1", None, 15).await.unwrap();
    let rest = store.decisions_page("d-1", first.next.as_ref(), 15).await.unwrap();
    assert_eq!([first.items, rest.items].concat(), all);
    assert!(rest.next.is_none());
}

async fn an_erased_call_leaves_only_its_id_in_the_change_sequence(house: &House) {
    let store = &house.store;
    let deal = || Some("d-1".to_owned());
    accept(store, Delivery { deal: deal(), ..delivery("rec-1", "Dana: a secret") }).await.unwrap();
    accept(store, delivery("rec-2", "Dana: a secret")).await.unwrap();
    store
        .write(|tx| {
            Box::pin(async move {
                tx.put_reading(&reading("rec-1", 1), at(0)).await?;
                let draft = Draft {
                    deal: "d-1".to_owned(),
                    glance: json!(1),
                    verdicts: json!([]),
                    promises: vec![promised(None)],
                    through: 3,
                };
                tx.put_draft(&draft, at(0)).await
            })
        })
        .await
        .unwrap();
    let erase = async |call: &'static str| {
        store.write(move |tx| Box::pin(async move { tx.erase_call(call).await })).await
    };
    let erased = erase("rec-1").await.unwrap();
    assert_eq!((erased.deal, erased.sources.len()), (deal(), 0), "another call has the same bytes");
    assert!(matches!(erase("rec-1").await, Err(Error::Missing { .. })));
    assert!(store.call("rec-1").await.unwrap().is_none());
    assert!(store.drafted(Viewer::Everything, None).await.unwrap().is_empty());
    let left = store.promises(Viewer::Everything, &PromiseFilter::default(), None, 10).await.unwrap();
    assert!(left.items.is_empty());
    let last = store.changes_after(2, 10).await.unwrap().pop().unwrap();
    assert_eq!((last.call.as_str(), last.seq), ("rec-1", store.head().await.unwrap()));
    assert_eq!(store.source("rec-2", 1).await.unwrap(), b"Dana: a secret", "another call has the same bytes");
    erase("rec-2").await.unwrap();
    store.settle().await.unwrap();
    for file in [house.place.clone(), format!("{}-wal", house.place)] {
        let bytes = std::fs::read(file).unwrap_or_default();
        assert!(!bytes.windows(8).any(|window| window == b"a secret"), "erased words linger in the file");
    }
    for again in [delivery("rec-1", "Dana: other words"), delivery("rec-3", "Dana: a secret")] {
        assert!(matches!(accept(store, again).await, Err(Error::Erased { .. })), "a recorder repeats itself");
    }
}

async fn what_a_model_said_is_kept_counted_and_erased_with_its_call(house: &House) {
    let store = &house.store;
    accept(store, delivery("rec-1", "Dana: a secret")).await.unwrap();
    let (key, other) = (Digest::of(b"prompt"), Digest::of(b"other"));
    let usage = Usage { input: 900, output: 90 };
    let reply = Completion { text: "a\0secret".to_owned(), usage };
    let refused = vec![Refused { turn: Some(3), kind: None, refusal: Refusal::NotSaid }];
    let hearing = Hearing {
        call: "rec-1".to_owned(),
        version: 1,
        model: "m1".to_owned(),
        keys: vec![key.clone()],
        failure: None,
        grounded: 2,
        refused,
    };
    let (kept, put, late) = (key.clone(), hearing.clone(), hearing.clone());
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.put_hearing(&put, at(0)).await?;
                tx.keep_reply(&kept, "rec-1", &reply, at(0)).await?;
                tx.keep_reply(&kept, "rec-1", &Completion::default(), at(1)).await?;
                for (deal, at) in [(Some("d-1"), at(0)), (None, at(5)), (Some("d-1"), at(200_000))] {
                    let (id, deal, model) = (Uuid::now_v7(), deal.map(str::to_owned), "m1".to_owned());
                    tx.spend(&Spending { id, deal, model, usage, micros: 7 }, at).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
    let replies = store.replies(&[other, key.clone()]).await.unwrap();
    assert_eq!(replies, [None, Some(Completion { text: "a secret".to_owned(), usage })]);
    assert_eq!(store.hearing("rec-1", 1).await.unwrap(), Some(hearing.clone()));
    assert_eq!(store.odd_hearings(5).await.unwrap(), [hearing]);
    assert_eq!(store.spent(at(0), None).await.unwrap(), Spent { tokens: 2970, micros: 21 });
    assert_eq!(store.spent(at(0), Some("d-1")).await.unwrap(), Spent { tokens: 1980, micros: 14 });
    assert_eq!(store.spent(at(6), Some("d-2")).await.unwrap(), Spent::default());
    let days = store.spent_by_day(at(0)).await.unwrap();
    assert_eq!(
        days.iter().map(|day| (day.requests, day.input_tokens)).collect::<Vec<_>>(),
        [(1, 900), (2, 1800)]
    );

    store.write(|tx| Box::pin(async move { tx.erase_call("rec-1").await })).await.unwrap();
    assert_eq!(store.replies(&[key]).await.unwrap(), [None], "its words are gone");
    assert_eq!(store.hearing("rec-1", 1).await.unwrap(), None);
    let late = store.write(move |tx| Box::pin(async move { tx.put_hearing(&late, at(9)).await })).await;
    assert!(matches!(late, Err(Error::Missing { .. })), "an answer that comes late brings nothing back");
    assert_eq!(store.spent(at(0), None).await.unwrap().micros, 21, "what was spent stays spent");
}

async fn a_job_that_waits_for_a_model_keeps_no_other_waiting(house: &House) {
    let store = &house.store;
    enqueue(store, job("listen", None)).await;
    enqueue(store, job("draft", None)).await;
    let own = store.claim("w", 5, at(60), at(1)).await.unwrap();
    assert_eq!(own.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["draft"]);
    let waiting = store.claim_of(Lane::Model, "w", at(60), at(1)).await.unwrap();
    assert_eq!(waiting.map(|job| job.kind).as_deref(), Some("listen"));
    assert!(store.claim_of(Lane::Model, "w", at(60), at(1)).await.unwrap().is_none());
}

async fn a_job_that_is_withdrawn_cannot_be_finished(house: &House) {
    let store = &house.store;
    enqueue(store, job("draft", Some("draft acme"))).await;
    let lease = store.claim("w", 1, at(60), at(1)).await.unwrap().pop().unwrap().lease;
    store.write(|tx| Box::pin(async move { tx.withdraw("draft acme").await })).await.unwrap();
    let finished = store.write(move |tx| Box::pin(async move { tx.complete(&lease).await })).await;
    assert!(matches!(finished, Err(Error::Stale { .. })), "what it read before is not kept");
    enqueue(store, job("draft", Some("draft acme"))).await;
    assert_eq!(store.claim("w", 1, at(60), at(2)).await.unwrap().len(), 1);
}

async fn no_job_is_taken_twice(house: &House) {
    for _ in 0..60 {
        enqueue(&house.store, job("read", None)).await;
    }
    let workers = (0..4).map(|worker| {
        let store = house.store.clone();
        tokio::spawn(async move {
            let mut taken = Vec::new();
            loop {
                let jobs = store.claim(&format!("w{worker}"), 3, at(60), at(1)).await.unwrap();
                if jobs.is_empty() {
                    return taken;
                }
                for job in jobs {
                    taken.push(job.lease.job);
                    store
                        .write(move |tx| Box::pin(async move { tx.complete(&job.lease).await }))
                        .await
                        .unwrap();
                }
            }
        })
    });
    let mut taken = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        taken.extend(worker.await.unwrap());
    }
    assert_eq!(taken.len(), 60);
    assert_eq!(taken.into_iter().collect::<HashSet<_>>().len(), 60);
}

async fn a_worker_that_slept_past_its_lease_can_finish_nothing(house: &House) {
    let store = &house.store;
    enqueue(store, job("read", None)).await;
    let slow = store.claim("slow", 1, at(10), at(0)).await.unwrap().remove(0);
    assert!(store.claim("quick", 1, at(20), at(9)).await.unwrap().is_empty());
    store.renew(&slow.lease, at(12)).await.unwrap();
    assert!(store.claim("quick", 1, at(20), at(11)).await.unwrap().is_empty(), "a renewed lease holds");
    let quick = store.claim("quick", 1, at(30), at(12)).await.unwrap().remove(0);
    assert_eq!((quick.lease.job, quick.attempt), (slow.lease.job, 2));
    let lease = slow.lease.clone();
    let late: Result<(), Error> = store
        .write(move |tx| {
            Box::pin(async move {
                tx.accept(delivery("late", "Dana: too late"), at(13)).await?;
                tx.complete(&lease).await
            })
        })
        .await;
    assert!(matches!(late, Err(Error::Stale { .. })));
    assert!(store.call("late").await.unwrap().is_none(), "what the late worker did is undone");
    assert!(matches!(store.renew(&slow.lease, at(40)).await, Err(Error::Stale { .. })));
    assert!(matches!(store.fail(&slow.lease, "late", 0.5, at(13)).await, Err(Error::Stale { .. })));
    store.write(move |tx| Box::pin(async move { tx.complete(&quick.lease).await })).await.unwrap();
    assert!(store.jobs(None, 10).await.unwrap().items.is_empty());
}

async fn a_job_that_kills_its_worker_is_left_to_a_person(house: &House) {
    let store = &house.store;
    enqueue(store, job("read", None)).await;
    for crash in 0..3 {
        let until = at(10 * crash + 5);
        assert_eq!(store.claim("w", 1, until, at(10 * crash)).await.unwrap().len(), 1);
    }
    assert!(store.claim("w", 1, at(100), at(90)).await.unwrap().is_empty());
    let dead = store.jobs(None, 10).await.unwrap().items.remove(0);
    assert_eq!((dead.state.as_str(), dead.attempts), ("dead", 3));
    assert!(dead.last_error.unwrap().contains("died"));
    for _ in 0..3 {
        enqueue(store, NewJob { run_at: at(9_000), ..job("tell", None) }).await;
    }
    let failed: Vec<_> = store.failed_jobs("dead", 1).await.unwrap().into_iter().map(|job| job.id).collect();
    assert_eq!(failed, [dead.id], "work that waits hides none that was given up");
    assert!(store.failed_jobs("ready", 9).await.unwrap().is_empty());
    assert!(store.revive(dead.id, at(100)).await.unwrap());
    assert_eq!(store.claim("w", 1, at(200), at(100)).await.unwrap()[0].attempt, 1);
}

async fn a_failed_job_is_tried_again_later(house: &House) {
    let store = &house.store;
    enqueue(store, job("read", None)).await;
    let mut now = at(0);
    for _ in 0..2 {
        let job = store.claim("w", 1, now + SignedDuration::from_secs(60), now).await.unwrap().remove(0);
        let Failed::Again(later) = store.fail(&job.lease, "no room\0", 0.3, now).await.unwrap() else {
            panic!("the first failures are retried")
        };
        assert!(store.claim("w", 1, at(500), now).await.unwrap().is_empty(), "not before its time");
        now = later;
    }
    let job = store.claim("w", 1, at(500), now).await.unwrap().remove(0);
    assert_eq!(store.fail(&job.lease, "no room", 0.3, now).await.unwrap(), Failed::Dead);
}

async fn of_jobs_with_one_key_one_waits(house: &House) {
    let store = &house.store;
    assert!(enqueue(store, job("draft", Some("draft d-1"))).await);
    assert!(!enqueue(store, job("draft", Some("draft d-1"))).await);
    let first = store.claim("w", 9, at(60), at(0)).await.unwrap();
    assert_eq!(first.len(), 1);
    assert!(enqueue(store, job("draft", Some("draft d-1"))).await, "what came after the start is owed again");
    assert!(store.claim("w", 9, at(60), at(0)).await.unwrap().is_empty(), "two never run at once");
    let failed = store.fail(&first[0].lease, "stale", 0.0, at(1)).await.unwrap();
    assert_eq!(failed, Failed::Superseded);
    assert_eq!(store.claim("w", 9, at(60), at(1)).await.unwrap().len(), 1);
}

async fn a_job_that_waits_is_brought_forward_and_never_put_off(house: &House) {
    let store = &house.store;
    for (run_at, waits_until) in [(500, 500), (900, 500), (100, 100)] {
        enqueue(store, NewJob { run_at: at(run_at), ..job("draft", Some("draft acme")) }).await;
        let jobs = store.jobs(None, 5).await.unwrap().items;
        assert_eq!(jobs.iter().map(|job| job.run_at).collect::<Vec<_>>(), [at(waits_until)]);
    }
    for kind in ["notify_mail", "notify_webhook", "tell", "listen"] {
        enqueue(store, job(kind, None)).await;
    }
    let own = store.claim("w", 5, at(300), at(200)).await.unwrap();
    assert_eq!(own.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["draft"]);
    let (mail, slack) = (Lane::Messages(Channel::Mail), Lane::Messages(Channel::Slack));
    for (lane, kind) in
        [(slack, None), (mail, Some("notify_mail")), (Lane::Telling, Some("tell")), (mail, None)]
    {
        let taken = store.claim_of(lane, "w", at(300), at(200)).await.unwrap();
        assert_eq!(taken.map(|job| job.kind).as_deref(), kind, "{lane:?}");
    }
}

async fn deal(store: &Store, id: &str) {
    let deal = Deal { id: id.to_owned(), ..Deal::default() };
    store.write(move |tx| Box::pin(async move { tx.put_deal(&deal, None, at(0)).await })).await.unwrap();
}

async fn what_people_are_told_is_kept_once(house: &House) {
    let store = &house.store;
    for id in ["acme", "holt"] {
        deal(store, id).await;
    }
    let notice = Notice {
        key: "near kickoff".to_owned(),
        kind: NoticeKind::Near,
        about: Some("kickoff".to_owned()),
        words: "Soon due: hold the kickoff".to_owned(),
        due_at: Some(at(90)),
        at: at(50),
        tell: vec![Who::Csm],
    };
    let add = |deal: &'static str, id: Uuid| {
        let notice = notice.clone();
        store.write(move |tx| Box::pin(async move { tx.add_notice(id, deal, &notice, at(60)).await }))
    };
    let first = Uuid::now_v7();
    assert!(add("acme", first).await.unwrap());
    assert!(!add("acme", Uuid::now_v7()).await.unwrap(), "it was told");
    assert!(add("holt", Uuid::now_v7()).await.unwrap(), "of another deal");
    assert_eq!(store.notice(first).await.unwrap(), Some(("acme".to_owned(), notice.clone(), at(60))));
}

async fn decisions_made_elsewhere_keep_their_numbers(house: &House) {
    let store = &house.store;
    deal(store, "acme").await;
    let decision = |seq: u64, deal: &str| StoredDecision {
        seq,
        id: Uuid::now_v7(),
        deal: deal.to_owned(),
        room: "handoff".to_owned(),
        author: "ola".to_owned(),
        role: "ae".to_owned(),
        body: json!({ "act": "begin_review" }),
        made_at: at(7),
    };
    let restore = |decision: StoredDecision| async move {
        store.write(move |tx| Box::pin(async move { tx.restore_decision(&decision).await })).await
    };
    let first = decision(1, "acme");
    restore(first.clone()).await.unwrap();
    assert_eq!(store.decisions("acme").await.unwrap(), [first]);
    assert!(restore(decision(1, "acme")).await.is_err(), "the number is taken");
    assert!(matches!(restore(decision(1, "none")).await, Err(Error::Missing { what: "deal", .. })));
}

async fn a_name_leaves_papers_and_occasion(house: &House) {
    let store = &house.store;
    deal(store, "acme").await;
    let occasion = Occasion { comments: vec!["Dana said so".to_owned()], ..Occasion::default() };
    for text in ["For Dana", "For  Dana", "For nobody"] {
        let paper = Attachment {
            id: Uuid::now_v7(),
            deal: "acme".to_owned(),
            name: "a.txt".to_owned(),
            source: Digest::of(text.as_bytes()),
            content: text.split_whitespace().collect::<Vec<_>>().join(" "),
            author: "ada".to_owned(),
            attached_at: at(1),
        };
        let bytes = text.as_bytes().to_vec();
        store.write(move |tx| Box::pin(async move { tx.attach(&paper, bytes).await })).await.unwrap();
    }
    let (gone, told) = store
        .write(move |tx| {
            Box::pin(async move {
                tx.put_occasion("acme", &occasion, 0, at(1)).await?;
                let without = |text: &str| text.contains("Dana").then(|| text.replace("Dana", "[erased]"));
                let gone = tx.rewrite_attachments("acme", without, &HashSet::new(), at(2)).await?;
                let told = tx.rewrite_occasion("acme", |body| {
                    body["comments"][0] = json!("[erased] said so");
                    true
                });
                Ok::<_, Error>((gone, told.await?))
            })
        })
        .await
        .unwrap();
    assert_eq!((gone.len(), told), (2, true));
    let papers = store.attachments("acme").await.unwrap();
    let texts: Vec<_> = papers.iter().map(|paper| paper.content.as_str()).collect();
    assert_eq!(texts, ["For [erased]", "For nobody"], "what reads the same now is one paper");
    assert_eq!(store.attached_bytes("acme", papers[0].id).await.unwrap(), b"For [erased]");
    let kept = store.occasion("acme").await.unwrap();
    assert_eq!((kept.occasion.comments, kept.revision), (vec!["[erased] said so".to_owned()], 2));
}

async fn an_answer_is_repeated_for_a_day(house: &House) {
    let store = &house.store;
    let key = |body: &[u8]| RequestKey {
        token: "t".to_owned(),
        route: "POST /v1/calls".to_owned(),
        key: "k-1".to_owned(),
        body: Digest::of(body),
    };
    let answer = Answer { status: 202, body: r#"{"call":"rec-1"}"#.to_owned() };
    let replay = async |key: RequestKey, now| {
        store.write(move |tx| Box::pin(async move { tx.replay(&key, now).await })).await.unwrap()
    };
    assert_eq!(replay(key(b"a"), at(0)).await, Replay::Fresh);
    let (first, given) = (key(b"a"), answer.clone());
    store.write(move |tx| Box::pin(async move { tx.remember(&first, &given, at(0)).await })).await.unwrap();
    assert_eq!(replay(key(b"a"), at(86_399)).await, Replay::Answered(answer));
    assert_eq!(replay(key(b"b"), at(1)).await, Replay::OtherBody);
    store.write(|tx| Box::pin(async move { tx.drop_derived(None).await })).await.unwrap();
    let erased = key(b"a");
    let erased = store.write(move |tx| Box::pin(async move { tx.replay(&erased, at(1)).await })).await;
    assert!(matches!(erased, Err(Error::Erased { .. })), "its words are gone, and nothing is done twice");
    assert_eq!(replay(key(b"b"), at(1)).await, Replay::OtherBody);
    assert_eq!(replay(key(b"a"), at(86_401)).await, Replay::Fresh);
}

async fn a_revoked_token_opens_nothing(house: &House) {
    let store = &house.store;
    let (id, digest) = (Uuid::now_v7(), Digest::of(b"secret"));
    let token = NewToken {
        id,
        digest: digest.clone(),
        name: "Zoom".to_owned(),
        role: Role::Recorder,
        user: None,
        scopes: Scopes::ALL,
        expires_at: None,
    };
    store.write(move |tx| Box::pin(async move { tx.add_token(&token, at(0)).await })).await.unwrap();
    store.write(move |tx| Box::pin(async move { tx.use_token(id, at(5)).await })).await.unwrap();
    let found = store.token(&digest, at(7)).await.unwrap().unwrap();
    assert_eq!((found.role, found.used_at), (Role::Recorder, Some(at(5))));
    let revoke = || store.write(move |tx| Box::pin(async move { tx.revoke_token(id, at(6)).await }));
    let (first, second): (bool, bool) = (revoke().await.unwrap(), revoke().await.unwrap());
    assert!(first && !second);
    assert_eq!(store.token(&digest, at(7)).await.unwrap(), None);
    assert_eq!(store.tokens().await.unwrap()[0].revoked_at, Some(at(6)));
}

async fn a_file_that_nobody_can_read_is_kept(house: &House) {
    let store = &house.store;
    let file = SetAside {
        id: Uuid::now_v7(),
        name: "../../etc/passwd".to_owned(),
        reason: "no format fits".to_owned(),
        at: at(0),
    };
    let (id, put) = (file.id, file.clone());
    store.write(move |tx| Box::pin(async move { tx.put_aside(&put, vec![0, 159]).await })).await.unwrap();
    assert_eq!(store.set_aside(None, 10).await.unwrap().items, [file]);
    assert_eq!(store.set_aside_bytes(id).await.unwrap(), [0, 159]);
    let drop = || store.write(move |tx| Box::pin(async move { tx.drop_aside(id).await }));
    let (first, second): (bool, bool) = (drop().await.unwrap(), drop().await.unwrap());
    assert!(first && !second);
}

async fn changes_are_numbered_in_the_order_of_their_commits(house: &House) {
    let writers = (0..8).map(|writer| {
        let store = house.store.clone();
        tokio::spawn(async move {
            for round in 0..10 {
                accept(&store, delivery(&format!("{writer}-{round}"), &format!("{writer} {round}")))
                    .await
                    .unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let (mut seen, mut through) = (BTreeSet::new(), 0);
    while seen.len() < 80 {
        // A late lower number would never be seen, and this loop would never end.
        for change in house.store.changes_after(through, 7).await.unwrap() {
            through = change.seq;
            seen.insert(change.call);
        }
        assert!(!writers.iter().all(|writer| writer.is_finished()) || through <= 80);
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(house.store.head().await.unwrap(), 80);
}

async fn a_sound_store_has_no_complaints(house: &House) {
    accept(&house.store, delivery("rec-1", "Dana: hi")).await.unwrap();
    assert_eq!(house.store.check().await.unwrap(), Vec::<String>::new());
}

async fn small_store(directory: &tempfile::TempDir) -> (Store, String) {
    let place = directory.path().join("data/readback.db").display().to_string();
    let store = Store::open(&place, Options::default()).await.unwrap();
    accept(&store, delivery("rec-1", "Dana: hi")).await.unwrap();
    (store, place)
}

#[tokio::test]
async fn a_backup_is_a_whole_store_and_overwrites_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let (store, _) = small_store(&directory).await;
    let copy = directory.path().join("copy.db");
    store.backup(&copy).await.unwrap();
    assert!(matches!(store.backup(&copy).await, Err(Error::Place { .. })));
    let restored = Store::open(copy.to_str().unwrap(), Options::default()).await.unwrap();
    assert_eq!(restored.source("rec-1", 1).await.unwrap(), b"Dana: hi");
}

#[tokio::test]
async fn an_older_program_refuses_a_newer_schema_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let (store, place) = small_store(&directory).await;
    store.close().await;
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
               VALUES (9000, 'later', TRUE, x'00', 0)";
    tamper(&place, sql).await;
    let error = Store::open(&place, Options::default()).await.err().unwrap();
    assert!(error.to_string().contains("schema 9000"), "{error}");
}

#[tokio::test]
async fn bytes_that_changed_under_their_seal_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let (store, place) = small_store(&directory).await;
    tamper(&place, "UPDATE sources SET bytes = x'00'").await;
    assert!(matches!(store.source("rec-1", 1).await, Err(Error::Damaged(_))));
    assert_eq!(store.check().await.unwrap().len(), 1);
}

#[tokio::test]
async fn only_the_owner_may_look_into_the_store() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let (_store, place) = small_store(&directory).await;
    let rights = |path: &str| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(rights(directory.path().join("data").to_str().unwrap()), 0o700);
    for file in [place.clone(), format!("{place}-wal"), format!("{place}-shm")] {
        assert_eq!(rights(&file), 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_place_that_cannot_be_used_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "no directory").unwrap();
    let place = file.join("readback.db").display().to_string();
    let error = Store::open(&place, Options::default()).await.err().unwrap();
    assert!(error.to_string().contains(&place), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("notes.db");
    std::fs::write(&place, "These are notes, not a database. ".repeat(200)).unwrap();
    let error = Store::open(place.to_str().unwrap(), Options::default()).await.err().unwrap();
    assert!(matches!(error, Error::Damaged(_)), "{error:?}");
    assert!(std::fs::read_to_string(place).unwrap().starts_with("These are notes"));
}

async fn tamper(place: &str, sql: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
}

async fn a_paper_is_attached_once_until_it_is_taken_off(house: &House) {
    let store = &house.store;
    let now: Timestamp = "2026-06-01T10:00:00Z".parse().unwrap();
    let paper = |deal: &str| Attachment {
        id: Uuid::now_v7(),
        deal: deal.to_owned(),
        name: "../order\u{202E}fdp.txt".to_owned(),
        source: Digest::of(b"1. Term"),
        content: "1. Term".to_owned(),
        author: "ada".to_owned(),
        attached_at: now,
    };
    let attach = |paper: Attachment| async move {
        store.write(move |tx| Box::pin(async move { tx.attach(&paper, b"1. Term".to_vec()).await })).await
    };
    assert!(matches!(attach(paper("none")).await, Err(Error::Missing { what: "deal", .. })));
    let deal = Deal { id: "acme".to_owned(), ..Deal::default() };
    store.write(move |tx| Box::pin(async move { tx.put_deal(&deal, None, now).await })).await.unwrap();
    let first = attach(paper("acme")).await.unwrap();
    assert_eq!(attach(paper("acme")).await.unwrap(), first, "the same bytes are one paper");
    assert_eq!(store.attachments("acme").await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(store.attached_bytes("acme", first.id).await.unwrap(), b"1. Term");
    let detach = || {
        let id = first.id;
        store.write(move |tx| Box::pin(async move { tx.detach("acme", id, now).await }))
    };
    detach().await.unwrap();
    assert!(matches!(detach().await, Err(Error::Missing { .. })));
    assert!(store.attachments("acme").await.unwrap().is_empty());
    let again = attach(paper("acme")).await.unwrap();
    assert_ne!(again.id, first.id, "what was taken off can be attached anew");
}

async fn a_link_opens_until_it_is_over_or_revoked(house: &House) {
    let store = &house.store;
    let made: Timestamp = "2026-11-10T12:00:00Z".parse().unwrap();
    let deal = Deal { id: "harrow".into(), ..Deal::default() };
    let share = NewShare {
        id: Uuid::now_v7(),
        digest: Digest::of(b"secret"),
        deal: deal.id.clone(),
        made_by: "nadia".into(),
        expires_at: made + SignedDuration::from_hours(24),
    };
    let (id, digest, kept) = (share.id, share.digest.clone(), share.clone());
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.put_deal(&deal, None, made).await?;
                tx.add_share(&kept, made).await
            })
        })
        .await
        .unwrap();
    let view = |at: Timestamp| store.write(move |tx| Box::pin(async move { tx.view_share(id, at).await }));
    let soon = made + SignedDuration::from_hours(1);
    assert_eq!(store.share(&digest, soon).await.unwrap().unwrap().deal, "harrow");
    assert!(store.share(&Digest::of(b"guess"), soon).await.unwrap().is_none());
    assert!(view(soon).await.unwrap() && view(soon).await.unwrap());
    let late = share.expires_at;
    assert!(store.share(&digest, late).await.unwrap().is_none() && !view(late).await.unwrap());

    let revoke = |deal: &'static str| {
        store.write(move |tx| Box::pin(async move { tx.revoke_share(deal, id, soon).await }))
    };
    assert!(!revoke("another").await.unwrap(), "a link is revoked under its own deal");
    assert!(revoke("harrow").await.unwrap() && !revoke("harrow").await.unwrap());
    assert!(store.share(&digest, soon).await.unwrap().is_none() && !view(soon).await.unwrap());
    let listed = store.shares("harrow").await.unwrap();
    assert_eq!((listed.len(), listed[0].views, listed[0].viewed_at), (1, 2, Some(soon)));
}

async fn an_occasion_is_not_written_over_unseen(house: &House) {
    let store = &house.store;
    let now: Timestamp = "2026-11-10T12:00:00Z".parse().unwrap();
    let deal = Deal { id: "harrow".into(), ..Deal::default() };
    store.write(move |tx| Box::pin(async move { tx.put_deal(&deal, None, now).await })).await.unwrap();
    let put = |channel: &str, expected: u64| {
        let occasion = Occasion { channel: Some(channel.to_owned()), ..Occasion::default() };
        store.write(move |tx| {
            Box::pin(async move { tx.put_occasion("harrow", &occasion, expected, now).await })
        })
    };
    assert_eq!(store.occasion("harrow").await.unwrap().revision, 0);
    assert!(matches!(put("#a", 3).await, Err(Error::Stale { .. })));
    assert_eq!(put("#a", 0).await.unwrap(), 1);
    assert!(matches!(put("#b", 0).await, Err(Error::Stale { .. })));
    assert_eq!(put("#b", 1).await.unwrap(), 2);
    let kept = store.occasion("harrow").await.unwrap();
    assert_eq!((kept.occasion.channel.as_deref(), kept.revision), (Some("#b"), 2));
}

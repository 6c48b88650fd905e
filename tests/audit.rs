//! The audit trail on both engines and over HTTP: what was tampered with is found and named.

use jiff::Timestamp;
use readback::handoff::{Action, Entry, Fault, Head};
use readback::store::{AuditFilter, Error, Options, Store};
use serde_json::json;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::support::postgres::Cluster;
use crate::support::service::{Service, readback, readback_ok};

fn entry(number: u32) -> Entry {
    let now = Timestamp::now();
    let entry = Entry::new(Uuid::now_v7(), now, format!("user-{}", number % 3), Action::Decided, "promise");
    entry.of_deal("harrow").with(json!({ "number": number }))
}

async fn record(store: &Store, entries: Vec<Entry>) {
    let work = store.write(move |tx| {
        entries.into_iter().for_each(|entry| tx.record(entry));
        Box::pin(async { Ok::<_, Error>(()) })
    });
    work.await.unwrap();
}

/// Does to the database what somebody with access to the machine could do.
async fn tamper(place: &str, statements: &str) {
    let statements = AssertSqlSafe(statements.to_owned());
    if place.starts_with("postgres") {
        let pool = sqlx::PgPool::connect(place).await.unwrap();
        sqlx::raw_sql(statements).execute(&pool).await.unwrap();
        pool.close().await;
    } else {
        let pool = sqlx::SqlitePool::connect(place).await.unwrap();
        sqlx::raw_sql(statements).execute(&pool).await.unwrap();
        pool.close().await;
    }
}

async fn flaws(store: &Store, known: &[Head]) -> Vec<(u64, Fault)> {
    let proof = store.verify_audit(known).await.unwrap();
    proof.flaws.iter().map(|flaw| (flaw.row, flaw.fault)).collect()
}

/// What is done to the database, its name, and what must be found.
type Tampering = (&'static str, &'static str, &'static [(u64, Fault)]);

const TAMPERED: &[Tampering] = &[
    ("UPDATE audit SET actor = 'nobody' WHERE number = 3", "edited", &[(3, Fault::Edited)]),
    (
        "UPDATE audit SET at = '2020-01-01T00:00:00.000000Z' WHERE number = 3",
        "backdated",
        &[(3, Fault::Edited)],
    ),
    ("UPDATE audit SET detail = replace(detail, '1', '2') WHERE number = 1", "edited", &[(1, Fault::Edited)]),
    ("DELETE FROM audit WHERE number = 4", "removed", &[(4, Fault::Removed)]),
    ("DELETE FROM audit WHERE number > 5", "cut", &[(6, Fault::Removed), (7, Fault::Removed)]),
    (
        "UPDATE audit SET number = -2 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 5;
         UPDATE audit SET number = 5 WHERE number = -2",
        "swapped",
        &[(2, Fault::Moved), (5, Fault::Moved)],
    ),
    (
        "UPDATE audit SET entry = NULL, actor = NULL, deal = NULL, target = NULL, detail = NULL WHERE number = 6",
        "emptied",
        &[(6, Fault::Emptied)],
    ),
];

async fn tampering_is_found_and_named(place: &str) {
    let store = Store::open(place, Options::default()).await.unwrap();
    record(&store, (1..=4).map(entry).collect()).await;
    record(&store, (5..=7).map(entry).collect()).await;
    assert_eq!(flaws(&store, &[]).await, []);
    let head = store.audit_head().await.unwrap();
    assert_eq!(head.number, 7);
    tamper(place, "CREATE TABLE kept AS SELECT * FROM audit").await;
    for (statements, name, expected) in TAMPERED {
        tamper(place, statements).await;
        assert_eq!(flaws(&store, &[]).await, *expected, "{name} in {place}");
        tamper(place, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept").await;
        assert_eq!(flaws(&store, &[]).await, [], "put right after {name}");
    }
    // Whoever also moves the end back is found against the head that was noted elsewhere.
    let set_end = "UPDATE heads SET value = 5, digest = (SELECT digest FROM audit WHERE number = 5) WHERE name = 'audit'";
    tamper(place, &format!("DELETE FROM audit WHERE number > 5; {set_end}")).await;
    assert_eq!(flaws(&store, &[]).await, []);
    assert_eq!(flaws(&store, &[head]).await, [(7, Fault::RolledBack)]);
    store.close().await;
}

async fn entries_stand_with_what_they_tell_of(place: &str) {
    let store = Store::open(place, Options::default()).await.unwrap();
    let failed = store.write(|tx| {
        tx.record(entry(1));
        Box::pin(async { Err::<(), _>(Error::Interrupted) })
    });
    failed.await.unwrap_err();
    assert_eq!(store.audit_head().await.unwrap(), Head::start());
    let many: Vec<_> = (0..24)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { record(&store, vec![entry(number), entry(number)]).await })
        })
        .collect();
    for task in many {
        task.await.unwrap();
    }
    assert_eq!(flaws(&store, &[]).await, []);
    let filter = AuditFilter { actor: Some("user-1".into()), before: Some(40), ..AuditFilter::default() };
    let links = store.audit(&filter, 5).await.unwrap();
    assert_eq!(links.len(), 5);
    assert!(links.iter().all(|link| link.number < 40 && link.body.as_ref().unwrap().actor == "user-1"));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_trail_holds_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    tampering_is_found_and_named(&place("one.sqlite")).await;
    entries_stand_with_what_they_tell_of(&place("two.sqlite")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_trail_holds_on_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    tampering_is_found_and_named(&cluster.database("one")).await;
    entries_stand_with_what_they_tell_of(&cluster.database("two")).await;
}

#[test]
fn a_view_and_a_correction_are_kept_and_the_trail_is_proven_by_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let service = Service::start(folder.path(), &[], &[]);
    assert_eq!(service.deliver("deals/credit-union/01-intro.vtt", "c1", "harrow").0, 201);
    service.wait("/v1/calls/c1", |call| call["state"] == "read");
    assert_eq!(service.get("/v1/deals/harrow/packet").0, 200);
    let (_, call) = service.get("/v1/calls/c1/transcript");
    let label = call["speakers"][0]["label"].as_str().unwrap().to_owned();
    let body = json!({ "label": label, "name": "Dana Whitfield" });
    let corrected = service.request("POST", "/v1/calls/c1/speakers").json(&body).send().unwrap();
    assert_eq!(corrected.status(), 202);
    let (_, rows) = service.get("/v1/audit");
    let did: Vec<_> =
        rows["items"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(did, ["speaker_corrected", "packet_viewed", "permission_changed"], "a token was made first");
    // S-077: with a paper it is another packet, and reading that twice is one reading.
    let paper = service.request("POST", "/v1/deals/harrow/attachments?name=order.txt").body("1. Term\n");
    assert_eq!(paper.send().unwrap().status(), 201);
    for _ in 0..2 {
        assert_eq!(service.get("/v1/deals/harrow/packet").0, 200);
    }
    let (_, viewed) = service.get("/v1/audit?action=packet_viewed");
    assert_eq!(viewed["items"].as_array().unwrap().len(), 2, "{viewed}");
    assert!(!rows.to_string().contains("Dana"), "the trail names things and holds no words");
    assert_eq!(service.get("/v1/audit?actor=nobody").1["items"], json!([]));
    let (status, problem) = service.get("/v1/audit/proof?head=7");
    assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (400, Some("head")));
    let (_, proof) = service.get("/v1/audit/proof");
    assert_eq!(proof["flaws"], json!([]));
    let head = proof["head"].as_str().unwrap();

    let proof = readback_ok(&["audit", "verify", "--data", data, "--head", head]);
    assert!(proof.contains(head), "{proof}");
    // A copy is proven without the data, and that it was taken is a row of the trail.
    let export = service.request("GET", "/v1/audit/export").send().unwrap();
    assert_eq!(export.headers()["content-type"], "application/x-ndjson");
    let export = export.text().unwrap();
    assert!(export.lines().last().unwrap().contains("\"exported\""), "{export}");
    let file = folder.path().join("audit.jsonl");
    let verify = |trail: &str, more: &[&str]| {
        std::fs::write(&file, trail).unwrap();
        let args = ["audit", "verify", "--file", file.to_str().unwrap(), "--data", "nowhere"];
        let output = readback(&args.iter().chain(more).copied().collect::<Vec<_>>());
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    assert_eq!(verify(&export, &["--head", head]).0, Some(0));
    let taken = readback_ok(&["audit", "export", "--data", data]);
    assert!(taken.starts_with("{\"audit\":1,") && verify(&taken, &[]).0 == Some(0), "{taken}");
    let cut = export.trim_end().rsplit_once('\n').unwrap().0;
    let rows = export.lines().count() - 1;
    let cases = [
        (export.replacen("harrow", "barrow", 1), 1, "row 2 was edited".to_owned()),
        (cut.to_owned(), 1, format!("row {rows} is gone from the end")),
        (export.replacen('{', "[", 1), 2, "line 1 is not that of a copy".to_owned()),
        (format!("{export}null\n"), 2, format!("line {} is no row", rows + 2)),
        (String::new(), 2, "the file is empty".to_owned()),
    ];
    for (trail, code, words) in cases {
        let (got, told) = verify(&trail, &[]);
        assert!(got == Some(code) && told.contains(&words), "{words}: {got:?} {told}");
    }

    let copy = folder.path().join("copy.sqlite").display().to_string();
    readback_ok(&["backup", &copy, "--data", data]);
    let latest = readback_ok(&["audit", "list", "--limit", "1", "--data", data]);
    assert!(latest.contains("\"exported\"") && latest.contains("\"backup\""), "{latest}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let place = folder.path().join("readback.sqlite").display().to_string();
    runtime.block_on(tamper(&place, "UPDATE audit SET target = 'other' WHERE number = 2"));
    let found = readback(&["audit", "verify", "--data", data]);
    assert_eq!(found.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&found.stdout).contains("row 2 was edited"));
}

//! What people are told of a handoff, by webhook and by mail, once each.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use readback::access::Role;
use readback::handoff::{Act, Acted, Calendar, Event, Events, Profile, clocks, next_change, notices};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::postgres::Cluster;
use crate::support::service::Service;

const SECRET: &str = "a secret between us and the receiver";

/// What a receiver got: headers by name, and the body.
type Got = (BTreeMap<String, String>, String);

/// A receiver that is out of order for the first message that it gets, and keeps all of them.
struct Receiver {
    address: String,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&got);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let mut headers = BTreeMap::new();
                loop {
                    let mut line = String::new();
                    stream.read_line(&mut line).unwrap();
                    match line.trim_end().split_once(": ") {
                        Some((name, value)) => headers.insert(name.to_lowercase(), value.to_owned()),
                        None if line.trim().is_empty() => break,
                        None => None,
                    };
                }
                let mut body = vec![0; headers["content-length"].parse().unwrap()];
                stream.read_exact(&mut body).unwrap();
                let mut kept = kept.lock().unwrap();
                kept.push((headers, String::from_utf8(body).unwrap()));
                let status = if kept.len() == 1 { "503 Out of order" } else { "204 No Content" };
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { address, got }
    }

    /// Returns what came, once `enough` says so.
    fn wait(&self, enough: impl Fn(&[Got]) -> bool) -> Vec<Got> {
        let begun = Instant::now();
        loop {
            let got = self.got.lock().unwrap().clone();
            if enough(&got) {
                return got;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{got:#?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn told(got: &[Got]) -> BTreeSet<(String, String)> {
    let told = |(_, body): &Got| {
        let body: Value = serde_json::from_str(body).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&body["type"]), text(&body["data"]["about"]))
    };
    got.iter().map(told).collect()
}

fn mails(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

#[test]
fn people_are_told_once_what_happened_and_what_is_late() {
    let (folder, spool) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (receiver, slack) = (Receiver::start(), Receiver::start());
    let environment = [
        ("READBACK_NOTIFY__SLACK_URL", slack.address.as_str()),
        ("READBACK_NOTIFY__WEBHOOK_URL", receiver.address.as_str()),
        ("READBACK_NOTIFY__WEBHOOK_SECRET", SECRET),
        ("READBACK_NOTIFY__MAIL_DIR", spool.path().to_str().unwrap()),
        ("READBACK_SERVER__PUBLIC_URL", "https://readback.example"),
    ];
    let service = Service::start(folder.path(), &environment, &[]);
    for (login, name, role) in [
        ("ola@tillwise.example", "Ola Berg", "ae"),
        ("bo@tillwise.example", "Bo Lindt", "csm"),
        ("mia@tillwise.example", "Mia Roth", "manager"),
        ("max@tillwise.example", "Max Ode", "manager"),
    ] {
        service.run(&["user", "create", login, "--name", name, "--role", role]);
    }
    service.run(&["user", "team", "ola@tillwise.example", "north"]);
    service.run(&["user", "team", "mia@tillwise.example", "north"]);
    let body = json!({"call": {"id": "c1", "participants": [{"name": "Ola Berg", "side": "rep"}]},
                      "deal": {"deal": "holt", "account": "Holt & <Sons>"},
                      "transcript": "Mira Holt: Hi.\nOla Berg: We'll have the till sync live by the end of June.\n"});
    assert_eq!(service.request("POST", "/v1/calls").json(&body).send().unwrap().status(), 201);
    let view = service.wait("/v1/deals/holt/handoff", |view| view["promises"][0]["id"].as_str().is_some());

    let act = |by: &str, role: &str, act: &Value| {
        service.run(&["handoff", "holt", &act.to_string(), "--by", by, "--as", role]);
    };
    act("ola@tillwise.example", "ae", &json!({"act": "begin_review"}));
    // S-075: the packet is posted within 4 hours, and it was not.
    let signed = Timestamp::now().checked_sub(SignedDuration::from_hours(10)).unwrap();
    act("ola@tillwise.example", "ae", &json!({"act": "report", "event": "countersigned", "at": signed}));
    let promise = &view["promises"][0]["id"];
    act("bo@tillwise.example", "csm", &json!({"act": "dispute", "promise": promise, "reason": "zanzibar"}));

    let pair = |kind: &str, about: &str| (format!("handoff.{kind}"), about.to_owned());
    let wanted = BTreeSet::from([
        pair("breached", "announcement"),
        pair("escalated", "announcement"),
        pair("due", "kickoff"),
        pair("disputed", promise.as_str().unwrap()),
    ]);
    let got = receiver.wait(|got| {
        wanted.is_subset(&told(got)) && got[1..].iter().any(|it| it.0["webhook-id"] == got[0].0["webhook-id"])
    });

    // Whoever was out of order gets the same message again, and can tell by its id; all else comes once.
    let ids: BTreeMap<&str, usize> = got.iter().fold(BTreeMap::new(), |mut ids, (headers, _)| {
        *ids.entry(headers["webhook-id"].as_str()).or_default() += 1;
        ids
    });
    assert_eq!(ids.values().filter(|times| **times > 1).count(), 1, "{ids:?}");
    for (headers, body) in &got {
        let signed = format!("{}.{}.{body}", headers["webhook-id"], headers["webhook-timestamp"]);
        let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(signed);
        let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(headers["webhook-signature"], format!("v1,{signature}"));
        assert!(!body.contains("zanzibar") && !body.contains("till sync"), "no words: {body}");
    }
    let messages: Vec<Value> = got.iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect();
    let escalated = messages.iter().find(|it| it["type"] == "handoff.escalated").unwrap();
    assert_eq!(
        escalated["data"]["to"],
        json!([{"as": "manager", "login": "mia@tillwise.example", "name": "Mia Roth"}]),
        "the manager of her team, and no other"
    );
    assert_eq!(escalated["data"]["link"], "https://readback.example/deals/holt", "S-173");
    let begun = Instant::now();
    while !mails(spool.path()).iter().any(|mail| {
        mail.contains("To: \"Mia Roth\" <mia@tillwise.example>")
            || mail.contains("To: Mia Roth <mia@tillwise.example>")
    }) {
        assert!(begun.elapsed() < Duration::from_secs(30), "{:#?}", mails(spool.path()));
        std::thread::sleep(Duration::from_millis(50));
    }

    slack.wait(|got| got.iter().any(|(_, body)| body.contains("Holt &amp; &lt;Sons&gt;: Late")));

    // Another look tells only what is new; a restricted deal is no talk for a channel.
    service.run(&[
        "access",
        "holt",
        "--restrict",
        "--add",
        "ola@tillwise.example",
        "--add",
        "bo@tillwise.example",
    ]);
    let before = told(&receiver.got.lock().unwrap());
    let settle = json!({"act": "settle", "promise": promise, "outcome": "kept", "reason": "agreed"});
    act("ola@tillwise.example", "ae", &settle);
    let after = receiver.wait(|got| told(got).len() > before.len());
    let new: Vec<_> = told(&after).difference(&before).cloned().collect();
    assert_eq!(new, [pair("settled", promise.as_str().unwrap())]);
    let mut ids: Vec<&str> = after.iter().map(|(headers, _)| headers["webhook-id"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len() + 1, after.len());
    // A channel's mail comes after its post: what Slack got of it is there by now.
    let settled =
        |mail: &String| mail.contains("A dispute is settled") && mail.contains("bo@tillwise.example");
    while !mails(spool.path()).iter().any(settled) {
        assert!(begun.elapsed() < Duration::from_secs(60), "{:#?}", mails(spool.path()));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(service.stop());
    assert!(!slack.got.lock().unwrap().iter().any(|(_, body)| body.contains("settled")));
}

/// What people cannot have heard of before is news, however long ago it was.
#[test]
fn what_is_reported_days_late_is_told() {
    let (folder, receiver) = (tempfile::tempdir().unwrap(), Receiver::start());
    let environment = [
        ("READBACK_NOTIFY__WEBHOOK_URL", receiver.address.as_str()),
        ("READBACK_NOTIFY__WEBHOOK_SECRET", SECRET),
    ];
    let service = Service::start(folder.path(), &environment, &[]);
    let body = json!({"call": {"id": "c1"}, "deal": {"deal": "holt", "account": "Holt"},
                      "transcript": "Mira Holt: Hi.\nOla Berg: Hello.\n"});
    assert_eq!(service.request("POST", "/v1/calls").json(&body).send().unwrap().status(), 201);
    let signed = Timestamp::now().checked_sub(SignedDuration::from_hours(6 * 24)).unwrap();
    let report = json!({"act": "report", "event": "countersigned", "at": signed});
    service.run(&["handoff", "holt", &report.to_string(), "--by", "ola@tillwise.example", "--as", "ae"]);
    let late = ("handoff.breached".to_owned(), "announcement".to_owned());
    receiver.wait(|got| told(got).contains(&late));
    assert!(service.stop());
}

#[test]
fn a_process_without_a_channel_leaves_messages_to_who_has_it_and_a_dead_channel_delays_no_other() {
    let Some(cluster) = Cluster::start() else { return };
    let (quiet, loud, spool) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // It takes connections and never answers.
    let dead = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", dead.local_addr().unwrap());
    let url = cluster.database("notices");
    let store = ("READBACK_STORE__URL", url.as_str());
    let channels = [
        store,
        ("READBACK_NOTIFY__WEBHOOK_URL", address.as_str()),
        ("READBACK_NOTIFY__WEBHOOK_SECRET", SECRET),
        ("READBACK_NOTIFY__MAIL_DIR", spool.path().to_str().unwrap()),
    ];
    let loud = Service::start(loud.path(), &channels, &[]);
    let quiet = Service::start(quiet.path(), &[store], &[]);
    quiet.run(&["user", "create", "bo@tillwise.example", "--name", "Bo Lindt", "--role", "csm"]);
    let body = json!({"call": {"id": "c1", "participants": [{"name": "Ola Berg", "side": "rep"}]},
                      "deal": {"deal": "holt", "account": "Holt"},
                      "transcript": "Mira Holt: Hi.\nOla Berg: We'll have the till sync live by the end of June.\n"});
    assert_eq!(quiet.request("POST", "/v1/calls").json(&body).send().unwrap().status(), 201);
    let view = quiet.wait("/v1/deals/holt/handoff", |view| view["promises"][0]["id"].as_str().is_some());
    let begun = Instant::now();
    let act = |act: &Value| {
        quiet.run(&["handoff", "holt", &act.to_string(), "--by", "bo@tillwise.example", "--as", "csm"]);
    };
    for round in 0..3 {
        let promise = &view["promises"][0]["id"];
        act(&json!({"act": "dispute", "promise": promise, "reason": format!("round {round}")}));
        act(&json!({"act": "settle", "promise": promise, "outcome": "kept", "reason": "agreed"}));
    }
    // Six messages to the dead channel, one behind the other, would take a minute.
    let settled = |mail: &&String| mail.contains("A dispute is settled");
    while mails(spool.path()).iter().filter(settled).count() < 3 {
        assert!(begun.elapsed() < Duration::from_secs(30), "{:#?}", mails(spool.path()));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(loud.stop() && quiet.stop());
}

#[test]
fn a_deadline_is_told_when_it_begins_gets_near_and_is_over() {
    let (profile, calendar) = (Profile::builtin("b").unwrap(), Calendar::new(TimeZone::UTC));
    let signed: Timestamp = "2026-03-03T10:00:00Z".parse().unwrap();
    let at = |minutes: i64| signed.checked_add(SignedDuration::from_mins(minutes)).unwrap();
    let events = Events::from([(Event::Countersigned, signed)]);
    let cases: &[(i64, &[&str])] = &[
        (10, &["due"]),
        (180, &["near"]),
        (240, &["near"]),
        (241, &["breached", "escalated"]),
        (4 * 24 * 60 + 200, &["breached", "escalated"]),
        (5 * 24 * 60, &[]),
    ];
    for (minutes, wanted) in cases {
        let clocks = clocks(&events, &profile, &calendar, at(*minutes));
        let notices = notices(&[], &clocks, &profile, at(*minutes));
        let of_step = notices.iter().filter(|notice| notice.about.as_deref() == Some("announcement"));
        let kinds: Vec<_> = of_step.map(|notice| notice.kind.as_str()).collect();
        assert_eq!(kinds, *wanted, "after {minutes} minutes");
    }
    let late = at(5 * 24 * 60);
    let report = Act::Report { event: Event::Countersigned, at: Some(signed), minutes: None, frozen: None };
    let reported = Acted { seq: 1, by: "kim".to_owned(), role: Role::Ae, at: late, act: report };
    let told = notices(&[reported], &clocks(&events, &profile, &calendar, late), &profile, late);
    assert!(
        told.iter().any(|notice| notice.kind.as_str() == "breached"),
        "what is reported late is told late"
    );
    let next = |minutes| next_change(&clocks(&events, &profile, &calendar, at(minutes)), at(minutes));
    assert_eq!(next(10), Some(at(180)));
    assert_eq!(next(181), at(240).checked_add(SignedDuration::from_secs(1)).ok());
}

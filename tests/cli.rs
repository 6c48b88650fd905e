//! The command line as a user meets it: what it prints, where, and with which exit code.

use serde_json::Value;

use crate::support::service::{fixture, readback, readback_ok};

/// One of the two deals of the fixtures.
const DEAL: &str = "harrow-creek-2026";

fn json(args: &[&str]) -> Value {
    let output = readback(args);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn extract_prints_verbatim_findings_with_their_provenance() {
    let file = fixture("deals/credit-union/03-order-form.txt");
    let source = std::fs::read_to_string(&file).unwrap();
    let record = json(&["extract", file.to_str().unwrap()]);
    assert_eq!(record["call"], "harrow-creek-03", "the sidecar is found by itself");
    let findings = record["findings"].as_array().unwrap();
    assert!(findings.len() > 10);
    for finding in findings {
        let quote = finding["quote"].as_str().unwrap();
        assert!(source.contains(quote), "{quote}");
        assert!(!finding["provenance"]["rule"].as_str().unwrap().is_empty());
    }
}

#[test]
fn a_draft_names_every_quote_and_verify_proves_it() {
    let deal = fixture("deals/credit-union");
    let deal = deal.to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let packet = folder.path().join("packet.json");
    let drafted = readback(&["draft", deal, "--format", "json"]);
    assert!(matches!(drafted.status.code(), Some(0 | 1)), "{drafted:?}");
    std::fs::write(&packet, &drafted.stdout).unwrap();
    let proof = readback_ok(&["verify", packet.to_str().unwrap(), "--calls", deal]);
    assert!(proof.contains(" quotes stand, 0 do not"), "{proof}");

    let forged = String::from_utf8(drafted.stdout).unwrap().replacen("We", "They", 1);
    std::fs::write(&packet, forged).unwrap();
    let refuted = readback(&["verify", packet.to_str().unwrap(), "--calls", deal]);
    assert_eq!(refuted.status.code(), Some(1), "{}", String::from_utf8_lossy(&refuted.stdout));
}

#[test]
fn the_order_of_the_calls_does_not_change_the_packet() {
    let call = |name: &str| fixture("deals/credit-union").join(name).display().to_string();
    let calls = [call("01-intro.vtt"), call("02-fifty-documents.json"), call("03-order-form.txt")];
    let draft = |order: [usize; 3]| {
        let paths: Vec<_> = order.iter().map(|at| calls[*at].as_str()).collect();
        readback(&[&["draft", "--format", "json"], paths.as_slice()].concat()).stdout
    };
    assert_eq!(draft([0, 1, 2]), draft([2, 0, 1]));
}

#[test]
fn what_goes_in_comes_out_again() {
    let (data, out, again) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = |folder: &tempfile::TempDir| folder.path().to_str().unwrap().to_owned();
    let (data, out, again) = (place(&data), place(&out), place(&again));
    let deals = fixture("deals");
    let imported = json(&["import", deals.to_str().unwrap(), "--data", &data]);
    assert_eq!(
        (imported["calls"].as_u64(), imported["unreadable"].as_u64()),
        (Some(6), Some(0)),
        "{imported}"
    );
    let repeated = json(&["import", deals.to_str().unwrap(), "--data", &data]);
    assert_eq!(
        (repeated["calls"].as_u64(), repeated["duplicates"].as_u64()),
        (Some(0), Some(6)),
        "{repeated}"
    );

    // What people did: accounts, corrections, a review, a handoff.
    readback_ok(&[
        "user",
        "create",
        "ola@tillwise.example",
        "--name",
        "Ola",
        "--role",
        "ae",
        "--data",
        &data,
    ]);
    readback_ok(&["user", "team", "ola@tillwise.example", "north", "--data", &data]);
    readback_ok(&["access", DEAL, "--restrict", "--add", "ola@tillwise.example", "--data", &data]);
    let standing = |data: &str| {
        let mut view = json(&["handoff", DEAL, "--data", data]);
        // Clocks tell how late it is by now.
        view.as_object_mut().unwrap().remove("clocks");
        view
    };
    let promise = standing(&data)["promises"][0]["id"].as_str().unwrap().to_owned();
    let act = |act: &str| {
        readback_ok(&["handoff", DEAL, act, "--by", "ola@tillwise.example", "--as", "ae", "--data", &data]);
    };
    act("begin_review");
    act(&format!(r#"{{"act": "initial", "promise": "{promise}"}}"#));
    act(&format!(r#"{{"act": "dispute", "promise": "{promise}", "reason": "not in this edition"}}"#));
    readback_ok(&["review", DEAL, "--by", "ola@tillwise.example", "--data", &data, "accept", &promise]);

    readback_ok(&["export", "--to", &out, "--data", &data]);
    let back = json(&["import", &out, "--data", &again]);
    assert_eq!(back["calls"].as_u64(), Some(6), "{back}");
    assert_eq!(standing(&data), standing(&again), "decisions keep number, author and time");
    let people = |data: &str| {
        let mut people = json(&["user", "list", "--data", data]);
        people
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(|it| drop(it.as_object_mut().unwrap().remove("created_at")));
        people
    };
    assert_eq!(people(&data), people(&again));
    let access = |data: &str| json(&["access", DEAL, "--data", data]);
    assert_eq!(access(&data), access(&again));
    readback_ok(&["audit", "verify", "--data", &again]);
    let trail = json(&["audit", "list", "--data", &again]);
    let decided = trail.as_array().unwrap().iter().filter(|row| row["action"] == "decided");
    assert_eq!(decided.count(), 4, "each decision is proven where it was taken in: {trail:#}");
    let twice = json(&["import", &out, "--data", &again]);
    assert_eq!(twice["duplicates"].as_u64(), Some(6), "{twice}");
    assert_eq!(standing(&data), standing(&again), "and is taken in once");
    let promises = |data: &str| json(&["promises", "--data", data]);
    assert_eq!(promises(&data), promises(&again), "an export holds all that a draft needs");

    let backup = format!("{out}/copy.sqlite");
    readback_ok(&["backup", &backup, "--data", &data]);
    let restored = format!("{out}/restored");
    readback_ok(&["restore", &backup, "--data", &restored]);
    let found = json(&["search", "morning", "--data", &restored]);
    assert!(found["total"].as_u64() > Some(0), "{found}");
    let report = json(&["doctor", "--data", &restored]);
    assert!(report["looks"].as_array().unwrap().iter().all(|look| look["ok"] == true), "{report:#}");
}

#[test]
fn a_deal_without_calls_comes_in_with_who_sees_it_and_nothing_loosens_it() {
    let (data, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (data, folder) = (data.path().to_str().unwrap(), from.path().join("quiet"));
    let from = from.path().to_str().unwrap();
    std::fs::create_dir(&folder).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("deal.json", r#"{"deal": "quiet", "account": "Quiet"}"#);
    let record = |restricted: bool, reason: &str| {
        let access = format!(r#"{{"restricted": {restricted}, "members": ["kim@tillwise.example"]}}"#);
        write(
            "record.json",
            &format!(r#"{{"access": {access}, "occasion": {{"pairing_reason": "{reason}"}}}}"#),
        );
    };
    let imported = || {
        let output = readback(&["import", from, "--data", data]);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    write("record.json", r#"{"decisions": [{"seq": 2}]}"#);
    assert_eq!(imported().0, Some(2), "what makes no sense is refused");
    record(true, "as agreed");
    let (code, told) = imported();
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("kim@tillwise.example"), "who has no account is left out and told: {told}");
    let access = json(&["access", "quiet", "--data", data]);
    assert_eq!((&access["restricted"], &access["members"]), (&Value::Bool(true), &serde_json::json!([])));
    record(false, "otherwise");
    let (code, told) = imported();
    assert!(code == Some(0) && told.contains("occasion, access"), "{told}");
    assert_eq!(json(&["access", "quiet", "--data", data]), access, "who sees it stays as it is here");
}

#[test]
fn wrong_use_and_unreadable_input_end_with_2_and_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("photo.vtt");
    std::fs::write(&photo, b"\x89PNG\r\n\x1a\n").unwrap();
    let cases: [(&[&str], &str); 5] = [
        (&["extract", photo.to_str().unwrap()], "PNG"),
        (&["extract", "nowhere.vtt"], "nowhere.vtt"),
        (&["draft", folder.path().to_str().unwrap()], "transcript"),
        (&["rules", "new", "en/vow/x"], "vow"),
        (&["config", "show", "--config", "nowhere.toml"], "nowhere.toml"),
    ];
    for (args, said) in cases {
        let output = readback(args);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert!(error.contains(said), "{args:?}: {error}");
        assert!(output.stdout.is_empty(), "{args:?} printed to standard output");
    }
}

#[test]
fn a_rule_is_written_checked_and_tried_without_a_line_of_code() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    let rules = rules.to_str().unwrap();
    readback_ok(&["rules", "new", "en/promise/hardware-loan", "--dir", rules]);
    let file = format!("{rules}/en/promise/hardware-loan.toml");
    let checked = readback_ok(&["rules", "check", &file]);
    assert!(checked.contains("1 files checked, 0 problems"), "{checked}");
    let broken = std::fs::read_to_string(&file).unwrap().replace("title", "titel");
    std::fs::write(&file, broken).unwrap();
    let checked = readback(&["rules", "check", &file]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&checked.stdout).contains("titel"));
    let calls = fixture("deals/credit-union/03-order-form.txt");
    let tried = readback_ok(&["rules", "try", "en/next_step/let-us-meet", calls.to_str().unwrap()]);
    assert!(tried.contains("found by en/next_step/let-us-meet"), "{tried}");
}

#[test]
fn settings_say_where_they_come_from_and_hide_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("r.toml");
    std::fs::write(&file, "[store]\nurl = \"postgres://me:hush@db/readback\"\n").unwrap();
    let output =
        readback_ok(&["config", "show", "--config", file.to_str().unwrap(), "--data", "/srv/readback"]);
    assert!(!output.contains("hush"));
    let shown: Value = serde_json::from_str(&output).unwrap();
    let from = |key: &str| {
        shown.as_array().unwrap().iter().find(|row| row["key"] == key).unwrap()["from"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(from("store.data"), "flag");
    assert_eq!(from("store.url"), file.display().to_string());
    assert_eq!(from("server.listen"), "default");
}

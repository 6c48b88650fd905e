//! Erasure: no word is left in any file of the data directory, and the proof that it stood there is.

use std::io::{Cursor, Write as _};
use std::path::Path;

use jiff::Timestamp;
use readback::store::{Delivery, Options, Store};
use readback::transcript::Call;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::service::{Service, fixture, readback, readback_ok};

/// Returns which of these words stand in which file.
fn found(data: &Path, needles: &[&str]) -> Vec<String> {
    let (mut folders, mut found) = (vec![data.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
            for needle in needles {
                if bytes.windows(needle.len()).any(|window| window == needle.as_bytes()) {
                    found.push(format!("{needle} in {}", path.display()));
                }
            }
        }
    }
    found
}

fn transcript(lines: &[(&str, &str)]) -> String {
    let rows: Vec<Value> =
        lines.iter().map(|(speaker, text)| json!({ "speaker": speaker, "text": text })).collect();
    json!({ "readback": 1, "turns": rows }).to_string()
}

const WORDS: &[(&str, &str)] = &[
    ("Renske de Wit", "We will have the zanzibar connector live by the end of June."),
    ("Dana Whitfield", "Our auditors hate quicksilver spreadsheets, that is the problem."),
    ("Renske de Wit", "Thanks Dana, I will send the marmalade report on Friday."),
];

fn deliver(service: &Service, id: &str, transcript: String) -> u16 {
    let call = json!({
        "id": id,
        "title": "Talk with Dana Whitfield",
        "participants": [{ "name": "Dana Whitfield", "email": "dana.whitfield@harrow.example", "side": "customer" }],
    });
    let deal = json!({ "deal": "harrow", "our_people": [{ "name": "Renske de Wit", "title": "Account Executive" }] });
    let envelope = json!({ "call": call, "deal": deal, "transcript": transcript });
    service.request("POST", "/v1/calls").json(&envelope).send().unwrap().status().as_u16()
}

fn post(service: &Service, path: &str, body: &Value) -> (u16, Value) {
    let response = service.request("POST", path).header("if-match", "*").json(body).send().unwrap();
    (response.status().as_u16(), response.json().unwrap())
}

#[test]
fn a_forgotten_call_leaves_no_word_in_any_file_and_stays_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let service = Service::start(folder.path(), &[], &[]);
    assert_eq!(deliver(&service, "c1", transcript(WORDS)), 201);
    assert_eq!(
        deliver(&service, "c2", transcript(&[("Dana Whitfield", "Our budget is cobalt until May.")])),
        201
    );
    for call in ["c1", "c2"] {
        service.wait(&format!("/v1/calls/{call}"), |call| call["state"] == "read");
    }
    service.wait("/v1/search?q=zanzibar", |found| found["total"] == 1);
    service.wait("/v1/search?q=cobalt", |found| found["total"] == 1);
    service.wait("/v1/promises?deal=harrow", |found| !found["items"].as_array().unwrap().is_empty());
    let (_, view) = service.get("/v1/deals/harrow/handoff");
    let promise = &view["promises"][0]["id"];
    let dispute = json!({ "act": "dispute", "promise": promise, "reason": "the zanzibar one" });
    let occasion = json!({
        "pairing_reason": "Bo has done this before",
        "comments": ["As she said: our auditors hate quicksilver spreadsheets"],
    });
    let put = service.request("PUT", "/v1/deals/harrow/occasion").header("if-none-match", "*");
    assert_eq!(put.json(&occasion).send().unwrap().status(), 200);
    let act = |role: &str, act: &Value| {
        let text = act.to_string();
        readback_ok(&["handoff", "harrow", &text, "--by", role, "--as", role, "--data", data])
    };
    act("csm", &dispute);
    let settle = json!({
        "act": "settle", "promise": promise, "outcome": "kept", "reason": "the zanzibar connector it is",
    });
    act("ae", &settle);
    let told = json!({ "act": "question", "entry": promise, "text": "which one?" });
    let (status, asked) = post(&service, "/v1/deals/harrow/decisions", &json!([told]));
    assert_eq!(status, 201, "{asked}");
    let (status, replied) = post(
        &service,
        "/v1/deals/harrow/decisions",
        &json!([{ "act": "reply", "to": asked["decisions"][0]["id"], "text": "marmalade" }]),
    );
    assert_eq!(status, 201, "{replied}");
    let (status, erased) = post(&service, "/v1/erasures", &json!({ "call": "c1" }));
    assert_eq!((status, erased["decisions"].clone()), (200, json!([1, 2, 3, 4])), "{erased}");
    assert_eq!(erased["sources"].as_array().unwrap().len(), 1);
    service.wait("/v1/search?q=zanzibar", |found| found["total"] == 0);
    assert_eq!(service.get("/v1/calls/c1").0, 404);
    // A recorder repeats itself: the same id, and the same words under another.
    assert_eq!(deliver(&service, "c1", transcript(WORDS)), 410);
    assert_eq!(deliver(&service, "c9", transcript(WORDS)), 410);
    let (_, view) = service.get("/v1/deals/harrow/handoff");
    assert_eq!(view["disputes"].as_object().unwrap().len(), 1, "the dispute stands, without its words");
    let (_, proof) = service.get("/v1/audit/proof");
    assert_eq!(proof["flaws"], json!([]));
    let (status, problem) = post(&service, "/v1/erasures", &json!({ "call": "c1" }));
    assert_eq!((status, problem["type"].as_str()), (404, Some("/problems/not-found")));
    service.wait("/v1/search?q=cobalt", |found| found["total"] == 1);
    let (_, occasion) = service.get("/v1/deals/harrow/occasion");
    assert_eq!(
        (&occasion["comments"], &occasion["pairing_reason"]),
        (&json!(["[erased]"]), &json!("Bo has done this before")),
        "what repeats the call goes, what does not stays"
    );
    assert!(service.stop());
    readback_ok(&["search", "cobalt", "--data", data]);
    assert_eq!(found(folder.path(), &["zanzibar", "quicksilver", "marmalade"]), [""; 0]);
    assert!(!found(folder.path(), &["cobalt"]).is_empty(), "the words of another call stay");
}

#[test]
fn a_forgotten_person_takes_their_words_and_name_along_and_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let service = Service::start(folder.path(), &[], &[]);
    assert_eq!(deliver(&service, "c1", transcript(WORDS)), 201);
    service.wait("/v1/calls/c1", |call| call["state"] == "read");
    service.wait("/v1/search?q=quicksilver", |found| found["total"] == 1);
    let correction = json!({ "label": "Dana Whitfield", "title": "Controller", "side": "customer" });
    let corrected = service.request("POST", "/v1/calls/c1/speakers").json(&correction).send().unwrap();
    assert_eq!(corrected.status(), 202);
    let (status, problem) = post(&service, "/v1/erasures", &json!({ "person": "de", "deal": "harrow" }));
    assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (400, Some("/person")));
    let occasion =
        json!({ "champion_email": "dana.whitfield@harrow.example", "comments": ["Dana is away in May"] });
    let put = service.request("PUT", "/v1/deals/harrow/occasion").header("if-none-match", "*");
    assert_eq!(put.json(&occasion).send().unwrap().status(), 200);
    // The same words in two files, one of which was taken off.
    let mut attached = Vec::new();
    for (name, paper) in
        [("dana.txt", "1. Contact: Dana Whitfield\n"), ("b.txt", "1. Contact: Dana  Whitfield\n")]
    {
        let path = format!("/v1/deals/harrow/attachments?name={name}");
        let paper = service.request("POST", &path).body(paper).send().unwrap();
        assert_eq!(paper.status(), 201);
        attached.push(paper.json::<Value>().unwrap()["id"].as_str().unwrap().to_owned());
    }
    let taken_off = format!("/v1/deals/harrow/attachments/{}", attached[1]);
    assert_eq!(service.request("DELETE", &taken_off).send().unwrap().status(), 204);
    let nobody = json!({ "person": "Ola Berg", "deal": "harrow" });
    assert_eq!(post(&service, "/v1/erasures", &nobody).0, 404);
    let (status, erased) =
        post(&service, "/v1/erasures", &json!({ "person": "Dana Whitfield", "deal": "harrow" }));
    assert_eq!((status, erased["sources"].as_array().unwrap().len()), (200, 3), "{erased}");
    let (_, occasion) = service.get("/v1/deals/harrow/occasion");
    assert_eq!(
        (&occasion["champion_email"], &occasion["comments"]),
        (&json!("[erased]"), &json!(["[erased] is away in May"]))
    );
    let (_, papers) = service.get("/v1/deals/harrow/attachments");
    assert_eq!(
        (papers.as_array().unwrap().len(), &papers[0]["name"]),
        (1, &json!("[erased].txt")),
        "{papers}"
    );
    service.wait("/v1/search?q=quicksilver", |found| found["total"] == 0);
    service.wait("/v1/search?q=zanzibar", |found| found["total"] == 1);
    let (_, call) = service.get("/v1/calls/c1/transcript");
    let texts: Vec<_> = call["turns"].as_array().unwrap().iter().map(|turn| turn["text"].clone()).collect();
    assert_eq!(
        texts,
        [WORDS[0].1, "[erased]", "Thanks [erased], I will send the marmalade report on Friday."],
        "turn by turn, so that what was decided about the others holds"
    );
    let again = service.request("POST", "/v1/deals/harrow/attachments?name=again.txt");
    assert_eq!(
        again.body("1. Contact: Dana Whitfield\n").send().unwrap().status(),
        410,
        "nor does a paper come back"
    );
    // The same words again are known, and bring nothing back.
    assert_eq!(deliver(&service, "c1", transcript(WORDS)), 200);
    assert_eq!(service.get("/v1/audit/proof").1["flaws"], json!([]));
    assert!(service.stop());
    readback_ok(&["search", "zanzibar", "--data", data]);
    assert_eq!(found(folder.path(), &["quicksilver", "dana", "whitfield"]), [""; 0]);
    let doctor = readback(&["doctor", "--data", data]);
    assert!(doctor.status.success(), "{}", String::from_utf8_lossy(&doctor.stdout));
}

#[test]
fn what_is_older_than_the_retention_is_erased() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let file = fixture("deals/credit-union");
    readback_ok(&["import", file.to_str().unwrap(), "--data", data]);
    let erased = readback_ok(&["forget", "older-than", "100000", "--data", data]);
    assert!(erased.contains("\"calls\": []"), "{erased}");
    let erased = readback_ok(&["forget", "older-than", "0", "--data", data]);
    let erased: Value = serde_json::from_str(&erased).unwrap();
    let calls = erased["calls"].as_array().unwrap().len();
    assert!(calls >= 2, "{erased}");
    let trail: Value = serde_json::from_str(&readback_ok(&["audit", "list", "--data", data])).unwrap();
    let rows = trail.as_array().unwrap().iter().filter(|row| row["action"] == "erased");
    assert_eq!(rows.count(), calls);
    readback_ok(&["audit", "verify", "--data", data]);
}

/// A word processor's document whose properties, and nothing of its text, name an author.
fn docx(author: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        (
            "word/document.xml",
            "<w:document><w:body><w:p><w:r><w:t>1. Term</w:t></w:r></w:p></w:body></w:document>".to_owned(),
        ),
        (
            "docProps/core.xml",
            format!("<cp:coreProperties><dc:creator>{author}</dc:creator></cp:coreProperties>"),
        ),
    ];
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A PDF whose title, in the two bytes a letter that such titles have, names somebody.
fn titled_pdf(title: &str) -> Vec<u8> {
    let mut document = pdf_extract::Document::load_mem(&crate::contracts::pdf(&["1. Term"])).unwrap();
    let mut info = pdf_extract::Dictionary::new();
    info.set("Title", pdf_extract::text_string(title));
    let info = document.add_object(info);
    document.trailer.set("Info", info);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_name_that_stands_only_in_a_file_s_properties_goes_and_other_files_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let service = Service::start(folder.path(), &[], &[]);
    assert_eq!(deliver(&service, "c1", transcript(WORDS)), 201);
    service.wait("/v1/calls/c1", |call| call["state"] == "read");
    let dana = "Dana \u{17b}uraw";
    let files = [docx("Dana &#379;uraw"), titled_pdf(dana), docx("Kofi Boateng"), titled_pdf("Order form")];
    for (at, bytes) in files.iter().enumerate() {
        let path = format!("/v1/deals/harrow/attachments?name=file-{at}");
        let attached = service.request("POST", &path).body(bytes.clone()).send().unwrap();
        assert_eq!(attached.status(), 201, "{}", attached.text().unwrap());
    }
    let (status, erased) = post(&service, "/v1/erasures", &json!({ "person": dana, "deal": "harrow" }));
    assert_eq!(status, 200, "{erased}");
    let gone: Vec<&str> =
        erased["sources"].as_array().unwrap().iter().map(|source| source.as_str().unwrap()).collect();
    let digest = |bytes: &[u8]| readback::transcript::Digest::of(bytes).as_str().to_owned();
    let is_gone: Vec<bool> = files.iter().map(|bytes| gone.contains(&digest(bytes).as_str())).collect();
    assert_eq!(is_gone, [true, true, false, false], "{erased}");
    let (_, papers) = service.get("/v1/deals/harrow/attachments");
    assert!(papers.as_array().unwrap().len() >= 3, "what they say stays: {papers}");
    assert!(service.stop());
    readback_ok(&["doctor", "--data", data]);
}

#[test]
fn what_was_erased_here_is_not_taken_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (here, there, export) = (path("here"), path("there"), path("export"));
    let delivered = |id: &str| {
        let deal = folder.path().join(format!("deal-{id}"));
        std::fs::create_dir_all(&deal).unwrap();
        std::fs::write(deal.join("deal.json"), r#"{"deal": "harrow", "account": "Harrow"}"#).unwrap();
        std::fs::write(deal.join(format!("01-{id}.call.json")), json!({ "id": id }).to_string()).unwrap();
        std::fs::write(
            deal.join(format!("01-{id}.txt")),
            format!("Dana: We want it by June, {id}.\nOla: Fine.\n"),
        )
        .unwrap();
        deal.to_str().unwrap().to_owned()
    };
    let (gone, kept) = (delivered("c1"), delivered("c2"));
    readback_ok(&["import", &gone, &kept, "--data", &here]);
    readback_ok(&["forget", "call", "c1", "--data", &here]);
    readback_ok(&["export", "--to", &export, "--data", &here]);
    readback_ok(&["import", &export, "--data", &there]);
    let again = readback(&["import", &gone, "--data", &there]);
    let told = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(again.status.code() == Some(1) && told.contains("it was erased"), "{told}");
    // Under another id it is known by its words.
    std::fs::write(folder.path().join("deal-c1/01-c1.call.json"), r#"{"id": "c9"}"#).unwrap();
    assert_eq!(readback(&["import", &gone, "--data", &there]).status.code(), Some(1));
    let trail = readback_ok(&["audit", "list", "--data", &there]);
    assert!(trail.contains("\"elsewhere\"") && trail.contains("\"c1\""), "{trail}");
    readback_ok(&["import", &export, "--data", &there]);
    let later = readback_ok(&["audit", "list", "--data", &there]);
    assert_eq!(later.matches("\"elsewhere\"").count(), 1, "what is known is not told again: {later}");
}

#[tokio::test]
async fn a_call_that_nobody_can_read_is_named_where_somebody_is_to_be_erased() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("readback.sqlite").display().to_string();
    let store = Store::open(&place, Options::default()).await.unwrap();
    let call = Call { id: "torn".to_owned(), ..Call::default() };
    let bytes = docx("Kofi Boateng")[..100].to_vec();
    let torn = Delivery { call, deal: Some("harrow".to_owned()), bytes, fresh: Uuid::now_v7() };
    store.write(move |tx| Box::pin(async move { tx.accept(torn, Timestamp::now()).await })).await.unwrap();
    store.close().await;
    let data = folder.path().to_str().unwrap();
    let erased = readback(&["forget", "person", "Dana Whitfield", "--deal", "harrow", "--data", data]);
    let told = String::from_utf8_lossy(&erased.stderr).into_owned();
    assert!(!erased.status.success() && told.contains("call `torn` names them"), "{told}");
}

//! `/v1/deals/{deal}/attachments`: who may, what if it is twice, what if it is hostile.

use serde_json::Value;

use crate::support::service::{Service, fixture, readback_ok};

const PAPER: &str = "1. The NetSuite sync is live by May 31, 2026.\n2. Fees are due within thirty days.\n";

fn attach(service: &Service, deal: &str, name: &str, bytes: &[u8]) -> (u16, Value) {
    let request = service.request("POST", &format!("/v1/deals/{deal}/attachments?name={name}"));
    let response = request.body(bytes.to_vec()).send().unwrap();
    (response.status().as_u16(), response.json().unwrap())
}

#[test]
fn a_paper_is_attached_once_shown_beside_its_promises_and_taken_off_again() {
    let data = tempfile::tempdir().unwrap();
    let service = Service::start(data.path(), &[], &[]);
    let said =
        "Marcus Lee: We'll have the NetSuite sync live for you by the end of May.\nDana Whitfield: Good.\n";
    let call = serde_json::json!({
        "call": {"id": "c1", "started_at": "2026-03-10T10:00:00-05:00",
                 "participants": [{"name": "Marcus Lee", "side": "rep"}, {"name": "Dana Whitfield", "side": "customer"}]},
        "deal": {"deal": "acme", "our_company": "Routewise"}, "transcript": said,
    });
    assert_eq!(service.request("POST", "/v1/calls").json(&call).send().unwrap().status(), 201);

    let (status, paper) = attach(&service, "acme", "order-form.txt", PAPER.as_bytes());
    assert_eq!((status, paper["author"].as_str()), (201, Some("test")));
    let (status, again) = attach(&service, "acme", "other-name.txt", PAPER.as_bytes());
    assert_eq!((status, &again["id"]), (200, &paper["id"]));
    let packet = service.wait("/v1/deals/acme/packet", |packet| packet["contracts"][0]["clauses"] == 2);
    let class = packet["classes"].as_array().unwrap().iter().find(|class| class["class"] == "contractual");
    assert_eq!(class.unwrap()["clause"]["number"], "1", "{}", packet["classes"]);
    assert_eq!(service.get("/v1/deals/acme/attachments").1.as_array().unwrap().len(), 1);

    let path = format!("/v1/deals/acme/attachments/{}", paper["id"].as_str().unwrap());
    assert_eq!(service.request("DELETE", &path).send().unwrap().status(), 204);
    assert_eq!(service.request("DELETE", &path).send().unwrap().status(), 404);
    let (_, trail) = service.get("/v1/audit?action=deal_edited&deal=acme");
    let details: Vec<_> = trail["items"].as_array().unwrap().iter().map(|row| &row["detail"]).collect();
    assert_eq!(
        details,
        [&serde_json::json!({"detached": paper["id"]}), &serde_json::json!({"attached": paper["source"]})]
    );
    service.wait("/v1/deals/acme/packet", |packet| packet["contracts"].as_array().unwrap().is_empty());
}

#[test]
fn what_is_no_paper_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let service = Service::start(data.path(), &[], &[]);
    service.deliver("deals/credit-union/01-intro.vtt", "c1", "acme");
    for (deal, name, bytes, wanted) in [
        ("none", "a.txt", &b"1. Term"[..], 404),
        ("acme", "", b"1. Term", 400),
        ("acme", "a.txt", b"", 422),
        ("acme", "a.txt", b"\0\x01\x02\x03\0\0\0\x7f\0\x01\x02\x03", 422),
        ("acme", "a.docx", b"PK\x03\x04 no archive", 422),
        ("acme", "a.pdf", b"%PDF-1.7 and nothing else", 422),
    ] {
        let (status, problem) = attach(&service, deal, name, bytes);
        assert_eq!(status, wanted, "{deal} {name}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    }
    let large = vec![b'a'; 17 << 20];
    assert_eq!(attach(&service, "acme", "a.txt", &large).0, 413);
    assert_eq!(service.get("/v1/deals/acme/attachments").1, serde_json::json!([]));
}

#[test]
fn a_paper_is_attached_from_the_command_line_and_with_an_import() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    readback_ok(&["import", fixture("deals/credit-union").to_str().unwrap(), "--data", data]);
    let paper = fixture("deals/credit-union/order-form.txt");
    let attach = || readback_ok(&["attach", "harrow-creek-2026", paper.to_str().unwrap(), "--data", data]);
    assert!(attach().contains("was attached before"), "the import took what lies beside the deal");
}

//! A handoff over HTTP, by the tokens of its people.

use std::collections::BTreeSet;

use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

use crate::support::service::{Service, fixture, readback_ok};

/// Somebody with a token of their own.
struct Person<'s> {
    service: &'s Service,
    token: String,
}

impl<'s> Person<'s> {
    fn new(service: &'s Service, data: &str, role: &str) -> Self {
        let create = ["token", "create", "--data", data, "--name", role, "--role", role];
        let token = readback_ok(&create).lines().last().unwrap().to_owned();
        Self { service, token }
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Response {
        let url = format!("{}{path}", self.service.address);
        let mut request = Client::new().request(method.parse().unwrap(), url).bearer_auth(&self.token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body { request.json(body).send().unwrap() } else { request.send().unwrap() }
    }

    fn get(&self, path: &str) -> (u16, Value) {
        let response = self.send("GET", path, &[], None);
        (response.status().as_u16(), response.json().unwrap())
    }

    /// Does an act on whatever stands.
    fn does(&self, act: Value) -> (u16, Value) {
        let response = self.send("POST", ACTS, &[("if-match", "*")], Some(&act));
        (response.status().as_u16(), response.json().unwrap())
    }
}

const HANDOFF: &str = "/v1/deals/harrow/handoff";
const ACTS: &str = "/v1/deals/harrow/handoff/acts";

#[test]
fn a_handoff_is_signed_by_two_people_over_http() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let service = Service::start(folder.path(), &[("READBACK_HANDOFF__PROFILE", "a")], &[]);
    assert_eq!(service.deliver("deals/credit-union/01-intro.vtt", "c1", "harrow").0, 201);
    service.wait("/v1/calls/c1", |call| call["state"] == "read");
    let [ae, csm, manager] = ["ae", "csm", "manager"].map(|role| Person::new(&service, data, role));
    // Who is on our side stands in the deal; without it, nobody may sign what an unknown speaker promised.
    let unsure = ae.get(HANDOFF).1.to_string();
    assert!(unsure.contains("nobody knows on whose side the speaker"), "{unsure}");
    let file = std::fs::read(fixture("deals/credit-union/deal.json")).unwrap();
    let mut deal: Value = serde_json::from_slice(&file).unwrap();
    deal["deal"] = json!("harrow");
    (deal["closed_at"], deal["time_zone"]) = (json!("2026-03-02T10:00:00Z"), json!("Europe/Berlin"));
    let tag = ae.send("GET", "/v1/deals/harrow", &[], None).headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(ae.send("PUT", "/v1/deals/harrow", &[("if-match", &tag)], Some(&deal)).status(), 200);
    service.wait(HANDOFF, |view| !view.to_string().contains("nobody knows on whose side"));

    // Each mistake names the way on.
    let sign = json!({ "act": "sign" });
    assert_eq!(ae.send("POST", ACTS, &[], Some(&sign)).status(), 428);
    assert_eq!(ae.send("POST", ACTS, &[("if-match", "\"7\"")], Some(&sign)).status(), 412);
    let (status, problem) = csm.does(sign.clone());
    assert_eq!(status, 403, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("it takes ae"), "{problem}");
    let (status, problem) = ae.does(sign.clone());
    assert_eq!((status, problem["type"].as_str()), (409, Some("/problems/gate-closed")));
    let (_, view) = ae.get(HANDOFF);
    let promises = view["promises"].as_array().unwrap().clone();
    assert!(!promises.is_empty());
    let missing = problem["errors"].as_array().unwrap();
    for promise in &promises {
        let named = missing.iter().any(|line| line["pointer"] == promise["id"]);
        assert!(named, "{} in {problem}", promise["id"]);
    }
    let (status, problem) = csm.does(json!({ "act": "approve" }));
    assert_eq!((status, problem["type"].as_str()), (409, Some("/problems/not-at-this-stage")));
    let (status, problem) = ae.does(json!({ "act": "initial", "promise": "none" }));
    assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (400, Some("/promise")));
    assert_eq!(ae.does(json!({ "act": "sing" })).0, 422);
    assert_eq!(ae.get("/v1/deals/nowhere/handoff").0, 404);

    let initial = |person: &Person| {
        for promise in &promises {
            let (status, answer) =
                person.does(json!({ "act": "initial", "promise": promise["id"], "seen": promise["digest"] }));
            assert_eq!(status, 201, "{answer}");
        }
    };
    initial(&ae);
    // S-109: what nobody has answered is somebody's by a day, section by section, before anybody signs.
    let (_, packet) = ae.get("/v1/deals/harrow/packet");
    let gaps = packet["gaps"].as_array().unwrap();
    let sections: BTreeSet<&str> = gaps.iter().map(|gap| gap["section"].as_str().unwrap()).collect();
    let (status, problem) = ae.does(sign.clone());
    assert_eq!(status, 409, "{problem}");
    let owed = problem["errors"].as_array().unwrap();
    let owed: BTreeSet<&str> = owed.iter().map(|line| line["pointer"].as_str().unwrap()).collect();
    assert_eq!(owed, gaps.iter().map(|gap| gap["field"].as_str().unwrap()).collect(), "{problem}");
    for section in &sections {
        let assign = json!({ "act": "assign", "section": section, "owner": "ae", "due": "2026-12-01" });
        let any = [("if-match", "*")];
        let response = ae.send("POST", "/v1/deals/harrow/decisions", &any, Some(&assign));
        assert_eq!(response.status(), 201, "{section}");
    }
    let (status, signed) = ae.does(sign);
    assert_eq!((status, signed["stage"].as_str()), (201, Some("signed_by_ae")), "{signed}");
    // Whoever is not sure that the answer came sends the same again.
    let once = [("if-match", "*"), ("idempotency-key", "\"handed\"")];
    for _ in 0..2 {
        let answer = ae.send("POST", ACTS, &once, Some(&json!({ "act": "hand_over" })));
        assert_eq!(answer.status(), 201);
        assert_eq!(answer.json::<Value>().unwrap()["stage"], "with_csm");
    }
    assert_eq!(ae.send("POST", ACTS, &once, Some(&json!({ "act": "begin_review" }))).status(), 422);
    initial(&csm);
    let (status, view) = csm.does(json!({ "act": "approve" }));
    assert_eq!((status, view["stage"].as_str()), (201, Some("approved")), "{view}");
    let gate = view["gates"].as_array().unwrap().iter().find(|gate| gate["gate"] == "kickoff").unwrap();
    assert_eq!(gate["missing"][0]["kind"], "not_aligned");

    // The document was due 48 hours after the close, and the manager sees whose it was.
    let document =
        view["clocks"].as_array().unwrap().iter().find(|clock| clock["step"] == "document").unwrap();
    assert_eq!(
        (document["due_at"].as_str(), document["state"].as_str()),
        (Some("2026-03-04T10:00:00Z"), Some("met_late"))
    );
    let (_, late) = manager.get("/v1/handoffs?late=true&stage=approved");
    assert_eq!(late["items"][0]["deal"], "harrow");
    assert_eq!(manager.get("/v1/handoffs?late=false").1["items"], json!([]));
    assert_eq!(manager.get("/v1/handoffs?stage=nowhere").0, 400);
    // S-090: what was won of late and has no kickoff yet.
    let owed = |since: &str, held: bool| {
        let path = format!("/v1/handoffs?closed_since={since}&kicked_off={held}");
        manager.get(&path).1["items"].as_array().unwrap().len()
    };
    assert_eq!((owed("2026-03-02", false), owed("2026-03-03", false), owed("2026-03-02", true)), (1, 0, 0));
    let (_, figures) = manager.get("/v1/metrics/handoff?by=ae");
    assert_eq!(
        (figures["groups"][0]["group"].as_str(), figures["groups"][0]["handoffs"].as_u64()),
        (Some("ae"), Some(1))
    );
    assert_eq!(ae.get("/v1/metrics/handoff").0, 403, "people are measured for those who lead them");

    // S-056: what the customer says on day 30 comes back, promise by promise, and no paper for the customer repeats it.
    let entry = &promises[0]["id"];
    let confirm =
        |met: bool, words: &str| json!({"act": "confirm", "entry": entry, "met": met, "words": words});
    assert_eq!(csm.does(confirm(true, "")).0, 409, "the kickoff was not held");
    for event in ["alignment_held", "kickoff_held"] {
        let (status, answer) = csm.does(json!({ "act": "report", "event": event }));
        assert_eq!(status, 201, "{answer}");
    }
    let (status, problem) = csm.does(confirm(false, " "));
    assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (400, Some("/words")));
    let (status, problem) = csm.does(json!({"act": "confirm", "entry": "none", "met": true}));
    assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (400, Some("/entry")));
    assert_eq!(csm.does(confirm(true, "")).0, 201);
    let (status, view) = csm.does(confirm(false, "Zanzibar never arrived, and the branches wait"));
    assert_eq!((status, &view["confirmed"][entry.as_str().unwrap()]["met"]), (201, &json!(false)));
    let signed_before = view["packet"].clone();
    let (_, packet) = ae.get("/v1/deals/harrow/packet");
    assert_eq!(packet["confirmations"][0]["entry"], *entry, "{}", packet["confirmations"]);
    let items = packet["sections"].as_array().unwrap().iter().flat_map(|it| it["items"].as_array().unwrap());
    let told =
        items.filter(|item| item["entry"] == *entry).flat_map(|item| item["facts"].as_array().unwrap());
    let told: Vec<_> =
        told.filter(|fact| fact["name"] == "Day 30").map(|fact| fact["value"].to_string()).collect();
    assert!(!told.is_empty() && told[0].contains("not met (csm, "), "{told:?}");
    assert_eq!(ae.get(HANDOFF).1["packet"], signed_before, "it is no part of what is signed");
    let paper = |name: &str| {
        let path = format!("/v1/deals/harrow/papers/{name}?format=md");
        csm.send("GET", &path, &[], None).text().unwrap()
    };
    let report = paper("day-30-report");
    assert!(report.contains("not met") && report.contains("Zanzibar never arrived"), "S-135: {report}");
    assert!(!paper("success-plan").contains("Zanzibar"));

    // All of it is in the trail, and the command line shows the same.
    let (_, rows) = service.get("/v1/audit?action=decided&deal=harrow&limit=200");
    assert_eq!(rows["items"].as_array().unwrap().len(), 2 * promises.len() + sections.len() + 7);
    let shown: Value = serde_json::from_str(&readback_ok(&["handoff", "harrow", "--data", data])).unwrap();
    assert_eq!(shown["stage"], "kickoff_held");
    let clocks: Value = serde_json::from_str(&readback_ok(&["clocks", "--data", data])).unwrap();
    assert_eq!(clocks[0]["deal"], "harrow");
}

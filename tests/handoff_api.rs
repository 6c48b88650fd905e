//! A handoff over HTTP, by the tokens of its people.

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
    let (status, signed) = ae.does(sign);
    assert_eq!((status, signed["stage"].as_str()), (201, Some("signed_by_ae")), "{signed}");
    assert_eq!(ae.does(json!({ "act": "hand_over" })).0, 201);
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
    let (_, figures) = manager.get("/v1/metrics/handoff?by=ae");
    assert_eq!(
        (figures["groups"][0]["group"].as_str(), figures["groups"][0]["handoffs"].as_u64()),
        (Some("ae"), Some(1))
    );
    assert_eq!(ae.get("/v1/metrics/handoff").0, 403, "people are measured for those who lead them");

    // All of it is in the trail, and the command line shows the same.
    let (_, rows) = service.get("/v1/audit?action=decided&deal=harrow");
    assert_eq!(rows["items"].as_array().unwrap().len(), 2 * promises.len() + 3);
    let shown: Value = serde_json::from_str(&readback_ok(&["handoff", "harrow", "--data", data])).unwrap();
    assert_eq!(shown["stage"], "approved");
    let clocks: Value = serde_json::from_str(&readback_ok(&["clocks", "--data", data])).unwrap();
    assert_eq!(clocks[0]["deal"], "harrow");
}

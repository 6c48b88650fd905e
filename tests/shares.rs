//! Papers and shared plans over HTTP.

use serde_json::{Value, json};

use crate::support::service::{Service, fixture, readback, readback_ok};

/// A service that has read the calls of the credit union's deal.
fn start() -> (Service, tempfile::TempDir) {
    let data = tempfile::tempdir().unwrap();
    let service = Service::start(data.path(), &[], &[]);
    let deal: Value =
        serde_json::from_slice(&std::fs::read(fixture("deals/credit-union/deal.json")).unwrap()).unwrap();
    for name in ["01-intro", "03-order-form"] {
        let read =
            |ending: &str| std::fs::read_to_string(fixture(&format!("deals/credit-union/{name}.{ending}")));
        let call: Value = serde_json::from_str(&read("call.json").unwrap()).unwrap();
        let words = read("vtt").or_else(|_| read("txt")).unwrap();
        let body = json!({"call": call, "deal": deal, "transcript": words});
        assert_eq!(service.request("POST", "/v1/calls").json(&body).send().unwrap().status(), 201);
    }
    service.wait("/v1/promises?deal=harrow-creek-2026", |list| list["items"].as_array().unwrap().len() > 5);
    (service, data)
}

const DEAL: &str = "/v1/deals/harrow-creek-2026";

#[test]
fn papers_are_listed_drawn_and_refused_over_http() {
    let (service, _data) = start();
    let (status, listed) = service.get(&format!("{DEAL}/papers"));
    assert_eq!(status, 200, "{listed:#}");
    let plan = listed["items"].as_array().unwrap().iter().find(|row| row["name"] == "success-plan").unwrap();
    assert_eq!(plan["refused"], Value::Null, "{plan:#}");
    assert!(plan["blanks"].as_array().unwrap().iter().any(|blank| blank["field"] == "CSM"), "{plan:#}");

    for (form, kind, starts) in [
        ("html", "text/html", "<!doctype html>"),
        ("md", "text/markdown", "# Success plan: Harrow Creek"),
        ("pdf", "application/pdf", "%PDF-"),
        ("docx", "application/vnd.openxmlformats", "PK"),
    ] {
        let path = format!("{DEAL}/papers/success-plan?format={form}");
        let response = service.request("GET", &path).send().unwrap();
        assert_eq!(response.status(), 200, "{form}");
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(kind), "{form}");
        assert!(response.bytes().unwrap().starts_with(starts.as_bytes()), "{form}");
    }
    let (status, problem) = service.get(&format!("{DEAL}/papers/introduction-mail?format=eml"));
    assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (409, Some("ae.email")), "{problem:#}");
    for (path, status) in
        [("papers/nothing", 404), ("papers/packet?format=eml", 400), ("papers/packet?format=x", 400)]
    {
        assert_eq!(service.get(&format!("{DEAL}/{path}")).0, status, "{path}");
    }

    // S-079: who may not see red flags does not see their page.
    let manager = service.make_token(&["--name", "m", "--role", "manager"]);
    let send = |path: &str| {
        let response = service.request_as(Some(&manager), "GET", &format!("{DEAL}/{path}")).send().unwrap();
        (response.status().as_u16(), response.text().unwrap())
    };
    assert_eq!(send("papers/red-flags").0, 403);
    assert!(!send("papers").1.contains("red-flags"));
    assert_eq!(send("papers/alignment-agenda?format=md").0, 200);
}

#[test]
fn the_command_line_draws_what_the_service_draws() {
    let (service, data) = start();
    let data = data.path().to_str().unwrap();
    let occasion = json!({"csm": {"name": "Rosalind Achterberg"}});
    let put = service.request("PUT", &format!("{DEAL}/occasion")).header("if-none-match", "*");
    assert_eq!(put.json(&occasion).send().unwrap().status(), 200);
    let drawn = || {
        let args = ["paper", "success-plan", "harrow-creek-2026", "--format", "md", "--data", data];
        String::from_utf8(readback(&args).stdout).unwrap()
    };
    let before = drawn();
    assert!(before.contains("Rosalind Achterberg"), "{before}");
    let view = service.get(&format!("{DEAL}/handoff")).1;
    let told = |promise: &&Value| before.contains(promise["summary"].as_str().unwrap());
    let promise = view["promises"].as_array().unwrap().iter().find(told).unwrap();
    let dispute = json!({"act": "dispute", "promise": promise["id"], "reason": "not in this edition"});
    let act = dispute.to_string();
    readback_ok(&["handoff", "harrow-creek-2026", &act, "--by", "csm", "--as", "csm", "--data", data]);
    // S-094: no paper for the customer shows it, whoever draws the paper.
    let after = drawn();
    assert!(!after.contains(promise["summary"].as_str().unwrap()), "{after}");
    let served = service.request("GET", &format!("{DEAL}/papers/success-plan?format=md")).send().unwrap();
    assert_eq!(served.text().unwrap(), after);
}

#[test]
fn a_shared_plan_opens_for_who_has_the_link_until_it_is_revoked() {
    let (service, _data) = start();
    let put = |occasion: Value, condition: (&str, &str)| {
        let request = service.request("PUT", &format!("{DEAL}/occasion"));
        request.header(condition.0, condition.1).json(&occasion).send().unwrap()
    };
    let occasion = json!({"csm": {"name": "Pip Laird <script>alert(1)</script>"}});
    let tag = put(occasion.clone(), ("if-none-match", "*")).headers()["etag"].to_str().unwrap().to_owned();

    let shares = format!("{DEAL}/shares");
    let post = |body: Value| service.request("POST", &shares).json(&body).send().unwrap();
    assert_eq!(post(json!({"days": 0})).status(), 400);
    assert_eq!(post(json!({"days": 121})).status(), 400);
    let made: Value = post(json!({"days": 7})).json().unwrap();
    let (path, id) = (made["path"].as_str().unwrap(), made["id"].as_str().unwrap());
    assert_eq!(path.len(), "/share/rbs_".len() + 64, "256 random bits");

    let open = |path: &str| service.request_as(None, "GET", path).send().unwrap();
    let page = open(path);
    assert_eq!(page.status(), 200);
    for (name, wanted) in [
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex"),
        ("content-security-policy", "default-src 'none'"),
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
    ] {
        assert!(page.headers()[name].to_str().unwrap().starts_with(wanted), "{name}");
    }
    let page = page.text().unwrap();
    assert!(page.contains("Success plan") && page.contains("to be agreed"), "{page}");
    assert!(!page.contains("UNKNOWN") && !page.contains("<script"), "{page}");
    assert_eq!(open(&format!("{path}0")).status(), 404);
    let listed = service.get(&shares).1;
    assert_eq!(
        (listed["items"][0]["views"].as_u64(), listed["items"].as_array().unwrap().len()),
        (Some(1), 1)
    );
    assert!(!listed.to_string().contains(&path[8..]), "the list tells no secret");

    // The guard reads the plan again when it is opened: what came since may not be for the customer.
    let leak = json!({"milestones": [{"day": 30, "what": "we gave in because their board was about to walk"}],
                      "comments": ["We only gave in because their board was about to walk."]});
    let changed = put(leak, ("if-match", &tag));
    assert_eq!(changed.status(), 200);
    let refused = open(path);
    assert_eq!(refused.status(), 503);
    assert!(!refused.text().unwrap().contains("board"));
    let refused = post(json!({}));
    assert_eq!(refused.status(), 409);
    let problem: Value = refused.json().unwrap();
    assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("we gave in because"), "{problem:#}");
    let narrow = service.make_token(&["--name", "narrow", "--role", "ae", "--scope", "share"]);
    let refused = service.request_as(Some(&narrow), "POST", &shares).json(&json!({})).send().unwrap();
    assert_eq!(refused.status(), 409);
    let told = refused.text().unwrap();
    assert!(
        told.contains("a line tells") && !told.contains("gave in"),
        "S-079: how many, and not which: {told}"
    );
    assert_eq!(service.get(&shares).1["items"][0]["views"], 1, "what was not shown was not viewed");
    let tag = changed.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(put(occasion, ("if-match", &tag)).status(), 200);
    assert_eq!(open(path).status(), 200);

    let revoke = || service.request("DELETE", &format!("{shares}/{id}")).send().unwrap().status();
    assert_eq!(revoke(), 204);
    assert_eq!(revoke(), 404);
    assert_eq!(open(path).status(), 404);
}

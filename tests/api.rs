//! The service over HTTP: who may, what if it is twice, what if it is hostile.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::service::{Service, fixture, readback_ok};

const VTT: &str = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\nMira Holt: Hi, this is Mira.\n\n2\n00:00:05.000 --> \
                   00:00:09.000\nOla Berg: We'll have the till sync live by the end of June.\n";

struct Started {
    service: Service,
    _data: tempfile::TempDir,
}

fn start() -> Started {
    let data = tempfile::tempdir().unwrap();
    Started { service: Service::start(data.path(), &[], &[]), _data: data }
}

fn envelope(id: &str) -> Value {
    json!({
        "call": {"id": id, "title": "Till sync", "started_at": "2026-03-10T10:00:00+01:00",
                 "participants": [{"name": "Mira Holt", "side": "customer"}, {"name": "Ola Berg", "side": "rep"}]},
        "deal": {"deal": "holt", "account": "Holt Bakeries", "our_company": "Tillwise"},
        "transcript": VTT,
    })
}

impl Started {
    fn post(&self, body: &Value) -> (u16, Value) {
        let response = self.service.request("POST", "/v1/calls").json(body).send().unwrap();
        (response.status().as_u16(), response.json().unwrap())
    }
}

#[test]
fn a_posted_call_is_read_drafted_and_found_by_its_words() {
    let it = start();
    let (status, receipt) = it.post(&envelope("c1"));
    assert_eq!(status, 201, "{receipt:#}");
    assert_eq!((receipt["call"].as_str(), receipt["deal"].as_str()), (Some("c1"), Some("holt")));

    let found = it.service.wait("/v1/search?q=%22till%20sync%22", |found| found["total"] == 1);
    let hit = &found["hits"][0];
    let mark = &hit["highlights"][0];
    let range = mark["start"].as_u64().unwrap() as usize..mark["end"].as_u64().unwrap() as usize;
    assert_eq!(&hit["text"].as_str().unwrap()[range], "till sync", "a highlight is a true offset: {hit:#}");
    assert_eq!((hit["speaker"].as_str(), hit["start_ms"].as_u64()), (Some("Ola Berg"), Some(5000)));

    let promises =
        it.service.wait("/v1/promises?deal=holt", |list| !list["items"].as_array().unwrap().is_empty());
    let promise = &promises["items"][0];
    assert_eq!(promise["due"], "2026-06-30", "{promise:#}");
    assert_eq!(promise["account"], "Holt Bakeries");

    let (_, findings) = it.service.get("/v1/calls/c1/findings");
    assert!(VTT.contains(findings["findings"][0]["quote"].as_str().unwrap()));
    let (_, packet) = it.service.get("/v1/deals/holt/packet");
    assert_eq!(packet["ledger"]["promises"].as_array().unwrap().len(), 1);
    let markdown =
        it.service.request("GET", "/v1/deals/holt/packet?format=md").send().unwrap().text().unwrap();
    assert!(markdown.contains("We'll have the till sync live by the end of June"), "{markdown}");
}

#[test]
fn a_call_may_come_as_a_file_a_form_or_an_envelope() {
    let it = start();
    let file = it.service.request("POST", "/v1/calls?id=raw&deal=holt").header("content-type", "text/vtt");
    assert_eq!(file.body(VTT).send().unwrap().status(), 201);

    let part = |text: String| reqwest::blocking::multipart::Part::text(text);
    let form = reqwest::blocking::multipart::Form::new()
        .part("file", part(VTT.replace("June", "July")).file_name("../../etc/passwd"))
        .part("call", part(json!({"id": "form"}).to_string()))
        .part("deal", part("holt".to_owned()));
    let response = it.service.request("POST", "/v1/calls").multipart(form).send().unwrap();
    assert_eq!(response.status(), 201);

    let docx = std::fs::read(fixture("deals/climbing-walls/03-meeting-bram.docx")).unwrap();
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, docx);
    let (status, receipt) = it.post(&json!({"call": {"id": "docx"}, "transcript_base64": base64}));
    assert_eq!(status, 201, "{receipt:#}");
    assert_eq!(receipt["deal"], "docx", "a call without a deal stands in one of its own");

    let gong: Value = serde_json::from_slice(
        &std::fs::read(fixture("deals/credit-union/02-fifty-documents.json")).unwrap(),
    )
    .unwrap();
    let (status, receipt) = it.post(&json!({"call": {"id": "gong"}, "transcript": gong}));
    assert_eq!(status, 201, "{receipt:#}");
}

#[test]
fn what_is_no_transcript_is_refused_with_what_was_expected_and_seen() {
    let it = start();
    for (body, seen) in [("%PDF-1.7 binary", "PDF"), ("{\"weather\": \"fine\"}", "JSON"), ("   ", "")] {
        let request =
            it.service.request("POST", "/v1/calls?id=x").header("content-type", "application/octet-stream");
        let response = request.body(body).send().unwrap();
        assert_eq!(response.status(), 422, "{body}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let problem: Value = response.json().unwrap();
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("expected") && detail.contains(seen), "{detail}");
    }
    assert_eq!(it.service.get("/v1/calls/x").0, 404, "nothing was kept");
}

#[test]
fn no_route_but_health_answers_without_a_token() {
    let it = start();
    let client = reqwest::blocking::Client::new();
    let (_, document) = it.service.get("/openapi.json");
    let open = ["/healthz", "/readyz"];
    let mut seen = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation["security"] == json!([{}]) && !open.contains(&path.as_str()) {
                // The secret in the address is what a customer is let in by.
                let by_secret = path == "/share/{secret}";
                assert!(by_secret || path.starts_with("/v1/sign-in"), "{path} is where people come in");
                continue;
            }
            let path = path.replace("{call}", "c1").replace("{deal}", "d1");
            let url = format!("{}{path}", it.service.address);
            let send = |bearer: Option<&str>| {
                let request = client.request(method.to_uppercase().parse().unwrap(), &url);
                let request =
                    bearer.iter().fold(request, |request, bearer| request.header("authorization", *bearer));
                request.send().unwrap()
            };
            if open.contains(&path.as_str()) {
                assert_eq!(send(None).status(), 200, "{path}");
                continue;
            }
            if path == "/share/{secret}" {
                assert_eq!(send(None).status(), 404, "no such link");
                continue;
            }
            seen += 1;
            let token = &it.service.token;
            let wrong = ["Bearer x", "Bearer ", "Basic dXNlcjpwYXNz", &format!("Bearer {}", &token[..20])];
            let bodies: Vec<_> = std::iter::once(None)
                .chain(wrong.into_iter().map(Some))
                .map(|bearer| (send(bearer).status().as_u16(), send(bearer).text().unwrap()))
                .collect();
            assert!(bodies.iter().all(|(status, _)| *status == 401), "{method} {path}: {bodies:?}");
            assert!(bodies.iter().all(|(_, body)| *body == bodies[0].1), "one answer for every failure");
        }
    }
    assert!(seen >= 12, "the document lists the routes: {seen}");
    let unknown = client.get(format!("{}/v1/nothing", it.service.address)).send().unwrap();
    assert_eq!(unknown.status(), 401, "a stranger does not learn which routes there are");
}

#[test]
fn a_recorder_delivers_and_reads_nothing_and_a_revoked_token_is_none() {
    let it = start();
    let data = it._data.path().to_str().unwrap();
    let create = ["token", "create", "--data", data, "--name", "zoom", "--role", "recorder"];
    let token = readback_ok(&create).lines().last().unwrap().to_owned();
    let client = reqwest::blocking::Client::new();
    let send = |method: &str, path: &str| {
        let request = client.request(method.parse().unwrap(), format!("{}{path}", it.service.address));
        request
            .bearer_auth(&token)
            .header("content-type", "text/vtt")
            .body(VTT)
            .send()
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(send("POST", "/v1/calls?id=c1"), 201);
    for path in ["/v1/calls", "/v1/calls/c1", "/v1/search?q=till", "/v1/deals", "/metrics"] {
        assert_eq!(send("GET", path), 403, "{path}");
    }
    let listed: Value = serde_json::from_str(&readback_ok(&["token", "list", "--data", data])).unwrap();
    let row = listed.as_array().unwrap().iter().find(|row| row["name"] == "zoom").unwrap();
    assert!(!row.to_string().contains(&token));
    readback_ok(&["token", "revoke", "--data", data, row["id"].as_str().unwrap()]);
    assert_eq!(send("POST", "/v1/calls?id=c2"), 401);
}

#[test]
fn a_post_with_the_same_key_is_the_same_post() {
    let it = start();
    let send = |key: &str, body: &Value| {
        let request = it.service.request("POST", "/v1/calls").header("idempotency-key", key).json(body);
        let response = request.send().unwrap();
        (response.status().as_u16(), response.json::<Value>().unwrap())
    };
    let unnamed = |text: &str| json!({"transcript": VTT.replace("till", text)});
    let (status, first) = send("\"k1\"", &unnamed("till"));
    assert_eq!(status, 201);
    let (_, again) = send("\"k1\"", &unnamed("till"));
    assert_eq!(first["call"], again["call"]);
    let (status, problem) = send("\"k1\"", &unnamed("bank"));
    assert_eq!(status, 422, "{problem:#}");
    assert_eq!(it.service.get("/v1/calls").1["items"].as_array().unwrap().len(), 1);
}

#[test]
fn an_edit_of_a_deal_that_rests_on_an_old_view_is_refused() {
    let it = start();
    it.post(&envelope("c1"));
    let response = it.service.request("GET", "/v1/deals/holt").send().unwrap();
    let tag = response.headers()["etag"].to_str().unwrap().to_owned();
    let put = |header: Option<(&str, &str)>| {
        let request =
            it.service.request("PUT", "/v1/deals/holt").json(&json!({"account": "Holt & Daughters"}));
        let request = header.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().unwrap().status().as_u16()
    };
    assert_eq!(put(None), 428);
    assert_eq!(put(Some(("if-match", &tag))), 200);
    assert_eq!(put(Some(("if-match", &tag))), 412, "somebody else was faster");
    assert_eq!(put(Some(("if-none-match", "*"))), 412, "it is there already");
    assert_eq!(it.service.get("/v1/deals/holt").1["account"], "Holt & Daughters");
}

#[test]
fn a_corrected_speaker_changes_what_is_found() {
    let it = start();
    let mut unknown = envelope("c1");
    unknown["call"]["participants"] = json!([]);
    unknown["transcript"] = json!(VTT.replace("Ola Berg", "Speaker 2"));
    it.post(&unknown);
    it.service.wait("/v1/calls/c1", |call| call["state"] == "read");
    let correct =
        |body: Value| it.service.request("POST", "/v1/calls/c1/speakers").json(&body).send().unwrap();
    assert_eq!(correct(json!({"label": "Nobody", "name": "X"})).status(), 400);
    let right = json!({"label": "Speaker 2", "name": "Ola Berg", "side": "rep"});
    assert_eq!(correct(right).status(), 202);
    let transcript = it.service.wait("/v1/calls/c1/transcript", |transcript| {
        transcript["speakers"].as_array().unwrap().iter().any(|speaker| speaker["name"] == "Ola Berg")
    });
    let speaker =
        transcript["speakers"].as_array().unwrap().iter().find(|s| s["name"] == "Ola Berg").unwrap();
    assert_eq!(speaker["label"], "Speaker 2", "the recorder's label is kept");
    it.service.wait("/v1/promises?deal=holt", |list| list["items"].as_array().unwrap().len() == 1);
}

#[test]
fn bad_requests_say_which_field_and_what_to_do() {
    let it = start();
    let cases = [
        ("GET", "/v1/search", 400),
        ("GET", "/v1/search?q=%22open", 400),
        ("GET", "/v1/search?q=a&limit=0", 400),
        ("GET", "/v1/search?q=a&side=nobody", 400),
        ("GET", "/v1/search?q=a&colour=red", 400),
        ("GET", "/v1/calls?limit=201", 400),
        ("GET", "/v1/calls?cursor=zz", 400),
        ("GET", "/v1/calls/nothing", 404),
        ("GET", "/v1/deals/nothing/packet", 404),
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/calls", 405),
        ("GET", "/v1/calls/%FF", 400),
    ];
    for (method, path, status) in cases {
        let response = it.service.request(method, path).send().unwrap();
        assert_eq!(response.status().as_u16(), status, "{method} {path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{method} {path}");
        let problem: Value = response.json().unwrap();
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{method} {path}");
    }
    let named = [
        ("GET", "/v1/search", "", 400, "q"),
        ("GET", "/v1/search?q=a&side=nobody", "", 400, "side"),
        ("GET", "/v1/search?q=a&colour=red", "", 400, "colour"),
        ("GET", "/v1/calls?limit=many", "", 400, "limit"),
        ("PUT", "/v1/deals/d/access", r#"{"restricted": "yes"}"#, 422, "/restricted"),
        ("PUT", "/v1/deals/d/access", r#"{"restricted": true, "members": [1]}"#, 422, "/members/0"),
        ("PUT", "/v1/deals/d/access", r#"{"members": []}"#, 422, "/restricted"),
        ("POST", "/v1/sign-in", r#"{"login": "a", "pass": "b"}"#, 422, "/pass"),
    ];
    for (method, path, body, status, field) in named {
        let request = it.service.request(method, path).header("content-type", "application/json").body(body);
        let response = request.send().unwrap();
        assert_eq!(response.status().as_u16(), status, "{method} {path} {body}");
        let problem: Value = response.json().unwrap();
        assert_eq!(problem["errors"][0]["pointer"], field, "{method} {path} {body}: {problem}");
    }
}

#[test]
fn hostile_words_come_out_as_words() {
    let it = start();
    let hostile = "<script>alert(1)</script> [x](javascript:alert) \u{202e}abc ``` | -- 5\u{1F600}";
    let mut body = envelope("c1");
    body["call"]["title"] = json!(hostile);
    body["transcript"] =
        json!(format!("Mira Holt: hello there.\nOla Berg: We'll send you {hostile} by Friday.\n"));
    assert_eq!(it.post(&body).0, 201);
    it.service.wait("/v1/calls/c1", |call| call["state"] == "read");
    let response = it.service.request("GET", "/v1/deals/holt/packet?format=html").send().unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    let page = response.text().unwrap();
    assert!(!page.contains("<script") && !page.contains("href=\"javascript"), "{page}");
}

#[test]
fn too_much_is_refused_before_it_is_read() {
    let it = start();
    let address = it.service.address.trim_start_matches("http://").to_owned();
    let head = format!(
        "POST /v1/calls?id=x HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\ncontent-length: 4611686018427387904\r\n\r\n",
        it.service.token
    );
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let started = Instant::now();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut answer = [0; 512];
    let count = stream.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..count]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[test]
fn a_silent_or_slow_connection_is_closed_and_disturbs_nobody() {
    let it = start();
    let address = it.service.address.trim_start_matches("http://").to_owned();
    let connect = |first: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(first.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(25))).unwrap();
        stream
    };
    let silent = connect("");
    let slow = connect("GET /healthz HTTP/1.1\r\nhost:");
    assert_eq!(it.service.get("/healthz").0, 200);
    for mut stream in [silent, slow] {
        let mut rest = Vec::new();
        let ended = stream.read_to_end(&mut rest);
        assert!(ended.is_ok(), "the connection was still held after 25 s");
    }
}

#[test]
fn a_sales_manager_sees_no_red_flags() {
    let it = start();
    it.service.deliver("deals/credit-union/01-intro.vtt", "c1", "harrow");
    let kinds = |record: &Value| -> Vec<String> {
        let findings = record["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["kind"].as_str().unwrap().to_owned()).collect()
    };
    let all =
        it.service.wait("/v1/calls/c1/findings", |record| !record["findings"].as_array().unwrap().is_empty());
    assert!(kinds(&all).contains(&"risk".to_owned()), "the call has a risk to hide");

    let data = it._data.path().to_str().unwrap();
    let create = ["token", "create", "--data", data, "--name", "boss", "--role", "manager"];
    let token = readback_ok(&create).lines().last().unwrap().to_owned();
    let client = reqwest::blocking::Client::new();
    let get = |path: &str| -> Value {
        client
            .get(format!("{}{path}", it.service.address))
            .bearer_auth(&token)
            .send()
            .unwrap()
            .json()
            .unwrap()
    };
    for path in ["/v1/search?q=kind:risk", "/v1/search?q=the&kind=risk", "/search?q=the+kind:risk"] {
        let answer = it.service.request_as(Some(&token), "GET", path).send().unwrap();
        assert_eq!(answer.status(), 403, "{path} tells which turns are red flags");
        assert_eq!(it.service.request("GET", path).send().unwrap().status(), 200, "{path}");
    }
    let record = get("/v1/calls/c1/findings");
    assert!(!kinds(&record).contains(&"risk".to_owned()));
    assert!(record["stakeholders"].as_array().unwrap().iter().all(|person| person["attitude"] == "unknown"));
    let packet = get("/v1/deals/harrow/packet");
    assert!(packet["sections"].as_array().unwrap().iter().all(|section| section["audience"] != "red_flags"));
    assert_eq!(packet["ledger"]["risks"], json!([]));
}

#[test]
fn a_delivery_fills_what_nobody_said_and_undoes_no_edit() {
    let it = start();
    it.post(&envelope("c1"));
    let tag = it.service.request("GET", "/v1/deals/holt").send().unwrap().headers()["etag"]
        .to_str()
        .unwrap()
        .to_owned();
    let edit = json!({"account": "Holt & Daughters", "our_company": "Tillwise"});
    let put = it.service.request("PUT", "/v1/deals/holt").header("if-match", tag).json(&edit).send().unwrap();
    assert_eq!(put.status(), 200);
    let mut again = envelope("c2");
    again["transcript"] = json!(VTT.replace("June", "July"));
    again["deal"]["our_domains"] = json!(["tillwise.example"]);
    it.post(&again);
    let (_, deal) = it.service.get("/v1/deals/holt");
    assert_eq!(deal["account"], "Holt & Daughters", "{deal:#}");
    assert_eq!(deal["our_domains"], json!(["tillwise.example"]));
}

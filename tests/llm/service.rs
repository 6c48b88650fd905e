//! The service with a model beside it: the draft never waits for it, a call is heard once it can be, and what it cost is
//! told.

use std::sync::Arc;

use serde_json::Value;

use super::provider::{Play, Provider, agrees, answers, chat};
use crate::support::service::Service;

const FILE: &str = "deals/credit-union/01-intro.vtt";

fn start(data: &std::path::Path, provider: &Provider) -> Service {
    let settings = [
        ("READBACK_LLM__PROVIDER", "openai"),
        ("READBACK_LLM__BASE_URL", provider.base_url.as_str()),
        ("READBACK_LLM__MODEL", "m1"),
        ("READBACK_LLM__TIMEOUT_SECONDS", "2"),
        ("READBACK_LLM__RETRIES", "0"),
        ("READBACK_LLM__PRICE_INPUT", "1"),
        ("READBACK_LLM__PRICE_OUTPUT", "10"),
    ];
    Service::start(data, &settings, &[])
}

fn not_heard(packet: &Value) -> Option<String> {
    let problem =
        packet["problems"].as_array()?.iter().find(|problem| problem["code"] == "model-not-heard")?;
    Some(problem["message"].as_str()?.to_owned())
}

fn by_model(findings: &Value) -> usize {
    let all = findings["findings"].as_array().unwrap();
    all.iter().filter(|finding| finding["provenance"]["model"] == "m1").count()
}

#[test]
fn the_draft_does_not_wait_and_the_call_is_heard_once_the_model_can_be() {
    let data = tempfile::tempdir().unwrap();
    let provider = Provider::start(vec![Play::Drip]);
    let service = start(data.path(), &provider);
    assert_eq!(service.deliver(FILE, "c1", "harrow").0, 201);
    let promised = |it: &Value| !it["items"].as_array().unwrap().is_empty();
    service.wait("/v1/promises?deal=harrow", promised);
    let (_, findings) = service.get("/v1/calls/c1/findings");
    assert_eq!(by_model(&findings), 0, "drafted while the model drips");
    let packet = service.wait("/v1/deals/harrow/packet", |packet| not_heard(packet).is_some());
    assert!(not_heard(&packet).unwrap().contains("took longer"), "{:#}", packet["problems"]);

    provider.play(Play::Chat(Arc::new(agrees)));
    let findings = service.wait("/v1/calls/c1/findings", |findings| by_model(findings) > 0);
    assert!(findings["problems"].as_array().unwrap().iter().all(|it| it["code"] != "model-not-heard"));
    let packet = service.wait("/v1/deals/harrow/packet", |packet| not_heard(packet).is_none());
    assert!(packet.to_string().contains("\"model\":\"m1\""), "the packet names the model");

    let (status, usage) = service.get("/v1/llm/usage");
    assert_eq!((status, &usage["days"][0]["input_tokens"]), (200, &900.into()), "{usage:#}");
    assert_eq!(usage["days"][0]["micros"], 900 + 10 * 90);
    let metrics = service.request("GET", "/metrics").send().unwrap().text().unwrap();
    assert!(
        metrics.contains("readback_llm_tokens_total") && metrics.contains("readback_llm_not_heard_total")
    );

    // Read again for another reason, the same questions cost nothing.
    let asked = provider.asked();
    let correction = r#"{"label": "Nobody", "name": "Nobody"}"#;
    let request = service.request("POST", "/v1/calls/c1/speakers").header("content-type", "application/json");
    request.body(correction).send().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    service.wait("/v1/calls/c1/findings", |findings| by_model(findings) > 0);
    assert_eq!(provider.asked(), asked, "asked and paid for once");
}

#[test]
fn a_model_that_denies_hides_nothing_and_its_inventions_are_counted() {
    let data = tempfile::tempdir().unwrap();
    let says = |request: &Value| {
        let mut reply: Value = serde_json::from_str(&answers(request, false)).unwrap();
        let invention = serde_json::json!({"turn": 3, "quote": "a thousand free unicorns with every seat you buy",
            "kind": "promise", "holds": true, "labels": []});
        reply["answers"].as_array_mut().unwrap().push(invention);
        reply.to_string()
    };
    let provider = Provider::start(vec![Play::Chat(Arc::new(says))]);
    let service = start(data.path(), &provider);
    assert_eq!(service.deliver(FILE, "c1", "harrow").0, 201);
    let findings = service.wait("/v1/calls/c1/findings", |findings| by_model(findings) > 0);
    assert!(!findings.to_string().contains("unicorn"));
    let usage = service.wait("/v1/llm/usage", |usage| !usage["odd"].as_array().unwrap().is_empty());
    let refused = &usage["odd"][0]["refused"][0];
    assert_eq!(
        (refused["turn"].as_u64(), refused["refusal"].as_str()),
        (Some(3), Some("not_said")),
        "{usage:#}"
    );
    let dissent = findings["findings"].as_array().unwrap().iter().find(|it| it["why"]["dissent"].is_array());
    assert!(dissent.is_some(), "a denial is shown beside the finding");
    let packet =
        service.wait("/v1/deals/harrow/packet", |packet| packet.to_string().contains("Model disagrees"));
    assert!(packet["ledger"]["promises"].as_array().is_some());
}

#[test]
fn a_question_is_answered_with_quotes_and_a_sentence_that_cites_them() {
    let data = tempfile::tempdir().unwrap();
    let sentence = r#"{"clauses": [{"text": "this was said", "cites": [1]}, {"text": "and 4711 more", "cites": [1]},
        {"text": "which nobody cites", "cites": []}]}"#;
    let provider = Provider::start(vec![Play::Say(200, "", chat(sentence))]);
    let service = start(data.path(), &provider);
    service.deliver(FILE, "c1", "harrow");
    let linked = service.wait("/v1/deals/harrow/ask?q=what%20did%20we%20promise%3F", |answer| {
        // Words that were only searched for come once the index has the call.
        answer["passages"].as_array().unwrap().iter().any(|passage| passage["kind"] == "said")
    });
    let asked = provider.asked();
    service.get("/v1/deals/harrow/ask?q=what%20did%20we%20promise%3F");
    assert_eq!(
        (provider.asked(), &linked["clauses"]),
        (asked, &serde_json::json!([])),
        "a link costs nothing"
    );
    let question = |deal: &str, q: &str| {
        let request = service.request("POST", &format!("/v1/deals/{deal}/ask"));
        let sent = request
            .header("content-type", "application/json")
            .body(serde_json::json!({ "q": q }).to_string());
        let response = sent.send().unwrap();
        (response.status().as_u16(), response.json::<Value>().unwrap())
    };
    let (_, answer) = question("harrow", "what did we promise?");
    assert_eq!(answer["passages"], linked["passages"]);
    let quote = answer["passages"][0]["quote"].as_str().unwrap();
    let (_, transcript) = service.get("/v1/calls/c1/transcript");
    let turns = transcript["turns"].as_array().unwrap();
    assert!(turns.iter().any(|turn| turn["text"].as_str().unwrap().contains(quote)), "{answer:#}");
    let clauses = answer["clauses"].as_array().unwrap();
    assert_eq!(
        clauses.len(),
        1,
        "what is not cited, and what the quote does not bear out, is cut: {answer:#}"
    );
    // A link is opened again and again and asks no model; the form does.
    let page = |method: &str, path: &str| {
        let request = service.request(method, path);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request
            .body(if method == "POST" { "q=what did we promise" } else { "" })
            .send()
            .unwrap()
            .text()
            .unwrap()
    };
    let linked = page("GET", "/deals/harrow/overview?q=what+did+we+promise");
    assert!(linked.contains("id=\"answer-1\"") && !linked.contains("this was said"), "{linked}");
    assert!(page("POST", "/deals/harrow/overview").contains("this was said"));
    assert_eq!((service.get("/v1/deals/nobody/ask?q=x").0, question("nobody", "x").0), (404, 404));
    assert_eq!((service.get("/v1/deals/harrow/ask?q=").0, question("harrow", "").0), (400, 400));
}

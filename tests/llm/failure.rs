//! Whatever the model does, the draft comes out with the rules' findings and says that the model was not heard.

use std::process::{Command, Output};
use std::time::Duration;

use readback::llm::{Client, Connection, hear, plan};
use readback::pipeline::{FoundCall, Reading, Sidecars};
use readback::rules::RuleSet;
use serde_json::Value;

use super::provider::{Play, Provider, agrees, chat};
use crate::support::service::fixture;

const CALL: &str = "deals/credit-union/01-intro.vtt";

/// Runs `extract` on a call with the model at `base_url`.
fn extract(base_url: &str, more: &[(&str, &str)], llm: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_readback"));
    command.args(["extract", fixture(CALL).to_str().unwrap()]).args(llm.then_some("--llm"));
    let settings = [
        ("READBACK_LLM__PROVIDER", "openai"),
        ("READBACK_LLM__BASE_URL", base_url),
        ("READBACK_LLM__MODEL", "m1"),
        ("READBACK_LLM__API_KEY", "sk-hush"),
        ("READBACK_LLM__TIMEOUT_SECONDS", "2"),
        ("READBACK_LLM__RETRIES", "0"),
    ];
    command.envs(settings).envs(more.iter().copied()).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn however_the_model_fails_the_rules_stand_and_the_reason_is_told() {
    let say = |status: u16, headers: &'static str, body: &str| Play::Say(status, headers, body.to_owned());
    let cases = [
        (say(401, "", "{}"), "refuses the key (HTTP 401)"),
        (say(429, "retry-after: 3600\r\n", "{}"), "asked too often (HTTP 429)"),
        (say(500, "", "oops"), "HTTP 500"),
        (say(302, "location: http://127.0.0.1:1/\r\n", ""), "HTTP 302"),
        (say(200, "", "<html><body>Gateway</body></html>"), "not the JSON of this provider"),
        (say(200, "", ""), "says nothing"),
        (say(200, "", &chat("{\"answers\": []}")), "says nothing"),
        (say(200, "", &chat("I'd be happy to help!")), "does not follow the schema"),
        (say(200, "", &chat("{\"answers\": [{\"turn\": \"one\"}]}")), "does not follow the schema"),
        (say(200, "", &chat("{\"answers\": [{\"turn\": 1, ")), "breaks off"),
        (Play::Half, "breaks off"),
        (Play::Drip, "took longer than"),
        (Play::Flood, "larger than"),
    ];
    let rules = RuleSet::builtin();
    let found = FoundCall::read(&fixture(CALL), &Sidecars::default()).unwrap();
    let reading = Reading::new(&found.bytes, found.call, &found.deal, &[], &rules).unwrap();
    let asked = plan(&reading.transcript, &found.deal, &reading.detected, &rules, &super::fusion::SCOPE);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let check = |base_url: &str, why: &str| {
        let client = Client::new(connection(base_url)).unwrap();
        let heard = runtime.block_on(hear(&client, &asked, Vec::new(), |_, _| Ok(())));
        let told = heard.failure.as_ref().unwrap_or_else(|| panic!("{why}: heard")).to_string();
        assert!(told.contains(why), "{why}: {told}");
        let word = ("m1", &asked[..], &heard.texts()[..]);
        let (said, ..) = reading.clone().with_word_of(&found.deal, &rules, word, Some(&told));
        assert_eq!(said.detected, reading.detected, "{why}");
        let problem = said.problems.iter().find(|problem| problem.code == "model-not-heard").unwrap();
        assert!(problem.message.contains(why), "{problem}");
    };
    for (play, why) in cases {
        check(&Provider::start(vec![play]).base_url, why);
    }
    check("http://127.0.0.1:9/v1", "cannot be reached");
}

fn connection(base_url: &str) -> Connection {
    Connection {
        provider: readback::llm::Provider::OpenAi,
        base_url: base_url.to_owned(),
        model: "m1".to_owned(),
        api_key: "sk-hush".to_owned(),
        proxy: String::new(),
        timeout: Duration::from_secs(2),
        retries: 0,
        concurrency: 1,
        requests_per_minute: 600,
    }
}

#[test]
fn the_command_line_says_that_the_model_was_not_heard() {
    let provider = Provider::start(vec![Play::Say(401, "", "{}".to_owned())]);
    let (alone, output) = (json(&extract("", &[], false)), extract(&provider.base_url, &[], true));
    let found = json(&output);
    assert_eq!(output.status.code(), Some(1), "done, with a problem");
    assert_eq!(found["findings"], alone["findings"]);
    assert!(found["problems"].to_string().contains("refuses the key (HTTP 401)"), "{:#}", found["problems"]);
    let all =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!all.contains("sk-hush"), "the key is told");
}

#[test]
fn a_failure_that_passes_is_tried_again_and_a_budget_is_kept() {
    let busy = Play::Say(503, "retry-after: 0\r\n", String::new());
    let provider = Provider::start(vec![busy.clone(), busy, Play::Chat(std::sync::Arc::new(agrees))]);
    let output = extract(&provider.base_url, &[("READBACK_LLM__RETRIES", "2")], true);
    assert!(!json(&output)["problems"].to_string().contains("model-not-heard"), "{output:?}");
    assert_eq!(provider.asked(), 3);
    let confirmed = json(&output);
    let by_both =
        confirmed["findings"].as_array().unwrap().iter().filter(|it| it["provenance"]["model"] == "m1");
    assert!(by_both.clone().count() > 0);
    for finding in by_both {
        assert!(finding["provenance"]["prompt"].is_string(), "{finding:#}");
    }

    let output = extract(&provider.base_url, &[("READBACK_LLM__TOKENS_PER_DAY", "500")], true);
    assert!(json(&output)["problems"].to_string().contains("llm.tokens_per_day"));
    assert_eq!(provider.asked(), 3, "nothing was sent");
}

#[test]
fn what_is_set_wrong_is_named() {
    let cases = [
        ("READBACK_LLM__PROVIDER", "skynet", "llm.provider is openai, azure or anthropic"),
        ("READBACK_LLM__BASE_URL", "http://model.example/v1", "unencrypted"),
        ("READBACK_LLM__MODEL", "", "llm.model"),
        ("READBACK_LLM__PROVIDER", "", "--llm wants a model"),
    ];
    for (key, value, wanted) in cases {
        let output = extract("https://model.example/v1", &[(key, value)], true);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{key}");
        assert!(told.contains(wanted) && !told.contains("sk-hush"), "{told}");
    }
}

#[test]
fn names_and_numbers_are_hidden_unless_told_otherwise() {
    let provider = Provider::start(vec![Play::Chat(std::sync::Arc::new(agrees))]);
    extract(&provider.base_url, &[], true);
    extract(&provider.base_url, &[("READBACK_LLM__MASK", "false")], true);
    let [hidden, open] = &provider.bodies()[..] else { panic!("{} requests", provider.asked()) };
    let user =
        |body: &str| serde_json::from_str::<Value>(body).unwrap()["messages"][1]["content"].to_string();
    assert!(
        user(hidden).contains("[name 1]")
            && !["Curtis", "Marlene", "Nadia", "Owen"].iter().any(|name| user(hidden).contains(name)),
        "{}",
        user(hidden)
    );
    assert!(!user(open).contains("[name 1]"));
}

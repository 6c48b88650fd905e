//! Scores with a model beside the rules' own, by replies that are kept: no network, and what it would have cost.

use std::process::Command;

use serde_json::Value;

use crate::support::service::fixture;

#[test]
fn kept_replies_are_scored_beside_the_rules_with_what_they_cost() {
    for (call, gain) in [("c15-theatre", 0.06), ("c06-city-council", 0.1)] {
        scored(call, gain);
    }
}

fn scored(call: &str, gain: f64) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_readback"));
    command
        .arg("eval")
        .arg(fixture(&format!("held-out/{call}.txt")))
        .args(["--llm", "--replies"])
        .arg(fixture("replies"));
    command.envs([("READBACK_LLM__PRICE_INPUT", "1"), ("READBACK_LLM__PRICE_OUTPUT", "10")]);
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{told}"));
    let f1 = |with: &str| report[with]["micro"]["f1"].as_f64().unwrap();
    assert_eq!((&report["heard"], &report["failures"]), (&1.into(), &serde_json::json!({})), "{report:#}");
    assert!(f1("with_model") >= f1("rules") + gain, "{call}: {} beside {}", f1("with_model"), f1("rules"));
    assert_eq!(report["with_model"]["not_verbatim"], 0);
    let tokens = |key: &str| report[key].as_f64().unwrap();
    let dollars = (tokens("input_tokens") + 10.0 * tokens("output_tokens")) / 1e6;
    assert!((report["dollars"].as_f64().unwrap() - dollars).abs() < 1e-6, "{report:#}");
    assert!((500.0..6000.0).contains(&(tokens("input_tokens") + tokens("output_tokens"))), "{report:#}");
}

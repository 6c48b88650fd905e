//! How far an honest model raises what the rules find, and how little a lying one spoils it.

use readback::detect::{CallRecord, detect};
use readback::eval::{Report, score};
use readback::llm::{Scope, hear, plan, testimony};
use readback::rules::RuleSet;

use super::witness::{Known, Witness};

pub(super) const SCOPE: Scope = Scope { tokens_per_hour: 6_000, mask: false };

/// Some of the calls that nothing was learned from, of all four languages.
const CALLS: &[&str] = &[
    "c01-port-operator",
    "c03-radio-station",
    "c05-ski-field",
    "c08-fintech-nairobi",
    "c11-courier-raw",
    "c15-theatre",
    "e71-law-school-proctoring",
    "h67-bakery-ordering-renewal",
    "i59-stiftung-foerderantraege",
    "j75-cave-vin-premier-contact",
    "k73-cobros-descubrimiento",
    "q34-zoo-futter-erp",
];

#[test]
fn an_honest_model_raises_what_is_found_and_a_liar_spoils_little() {
    let rules = RuleSet::builtin();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut scores = [const { Vec::new() }; 3];
    let mut tokens = 0;
    for name in CALLS {
        let known = Known::held_out(name);
        let (transcript, deal) = (&known.transcript, &known.deal);
        let alone = detect(transcript, deal, &rules);
        let asked = plan(transcript, deal, &alone, &rules, &SCOPE);
        let spent: u64 = asked.iter().map(|asked| asked.estimate()).sum();
        assert!(spent <= SCOPE.tokens_per_hour, "{name} takes {spent} tokens");
        tokens += spent;
        let with = |lies: f64| {
            let model = Witness::new(&known, lies);
            let heard = runtime.block_on(hear(&model, &asked, Vec::new(), |_, _| Ok(())));
            let said =
                testimony(transcript, deal, &rules, alone.clone(), ("witness", &asked, &heard.texts()));
            for person in &said.detected.stakeholders {
                for heard in &person.testified {
                    let speaker = transcript.speaker(heard.quote.span()).display();
                    assert!(transcript.holds(&heard.quote) && person.evidence.contains(&heard.quote));
                    assert!(
                        person.name.as_deref() == Some(speaker)
                            || person.aliases.iter().any(|it| it == speaker)
                    );
                }
            }
            for finding in said.detected.findings.iter().chain(&said.detected.doubted) {
                assert!(transcript.holds(&finding.quote), "{name}: {}", finding.quote.text());
            }
            said.detected
        };
        let each = [alone.clone(), with(0.0), with(0.3)];
        for (scores, detected) in scores.iter_mut().zip(each) {
            scores.push(score(&known.labels, &CallRecord::new(transcript, &detected, &[]), 0.0));
        }
    }
    let reports = scores.map(|scores| Report::new(&scores, 0));
    let shown = |report: &Report| {
        let it = report.micro;
        format!("P {:.3} R {:.3} F1 {:.3} macro {:.3}", it.p, it.r, it.f1, report.macro_f1)
    };
    let [rules, honest, liar] = &reports;
    let all =
        format!("rules {}\nhonest {}\nliar {}\n{tokens} tokens", shown(rules), shown(honest), shown(liar));
    let people = |report: &Report, attribute: &str| {
        serde_json::to_value(report).unwrap()["stakeholder"]["attrs"][attribute].as_f64().unwrap()
    };
    for attribute in ["role", "attitude"] {
        let [rules, honest, liar] = [rules, honest, liar].map(|report| people(report, attribute));
        assert!(honest >= rules + 0.08, "{attribute}: {rules} {honest} {liar}");
        assert!(liar >= rules - 0.02, "{attribute}: {rules} {honest} {liar}");
    }
    assert!(honest.macro_f1 >= rules.macro_f1 + 0.04, "{all}");
    assert!(honest.micro.p > rules.micro.p && honest.micro.r > rules.micro.r, "{all}");
    assert!(liar.micro.p > rules.micro.p - 0.02, "{all}");
    assert!(liar.macro_f1 > rules.macro_f1 - 0.02, "{all}");
}

//! How far an honest model raises what the rules find, and how little a lying one spoils it.

use readback::detect::{CallRecord, detect};
use readback::eval::{Report, score};
use readback::ledger::{Ledger, ReadCall, fold};
use readback::llm::{Scope, hear, plan, testimony};
use readback::packet::{Fact, Line, Packet, draft};
use readback::review::apply;
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
    println!("{all}");
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

#[test]
fn what_a_model_hears_of_a_person_stands_on_their_line_with_its_words_and_what_the_rules_say() {
    let rules = RuleSet::builtin();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut roles, mut stances) = (0, 0);
    for name in CALLS {
        let known = Known::held_out(name);
        let (transcript, deal) = (&known.transcript, &known.deal);
        let alone = detect(transcript, deal, &rules);
        let asked = plan(transcript, deal, &alone, &rules, &SCOPE);
        let model = Witness::new(&known, 0.0);
        let heard = runtime.block_on(hear(&model, &asked, Vec::new(), |_, _| Ok(())));
        let said = testimony(transcript, deal, &rules, alone, ("witness", &asked, &heard.texts())).detected;
        let calls = [ReadCall { transcript, detected: &said, problems: &[] }];
        let ledger = fold(deal, &calls);
        let packet = draft(deal, &calls, &apply(&ledger, &calls, &[]), &Ledger::default());
        let lines = |packet: &Packet| -> Vec<(Fact, Line)> {
            let items = packet.sections.iter().flat_map(|section| &section.items);
            let told = items.flat_map(|item| {
                let facts = item.facts.iter().filter(|fact| fact.name.starts_with("Model on"));
                let lines = item.lines.iter().filter(|line| !line.testified.is_empty());
                facts.flat_map(move |fact| lines.clone().map(|line| (fact.clone(), line.clone())))
            });
            told.collect()
        };
        for (fact, line) in lines(&packet) {
            let model = line.provenance.as_ref().and_then(|it| it.model.as_ref());
            assert_eq!(model.map(|by| by.model.as_str()), Some("witness"), "{name}");
            assert!(transcript.holds(&line.words.quote) && fact.value.contains("the rules say"), "{fact:?}");
            roles += usize::from(fact.name == "Model on role");
            stances += usize::from(fact.name == "Model on stance");
        }
        // S-079: how somebody stands is for few.
        let for_others = packet.without_red_flags();
        assert!(lines(&for_others).iter().all(|(fact, _)| fact.name == "Model on role"));
        assert!(!serde_json::to_string(&for_others).unwrap().contains("stance: "), "{name}");
    }
    assert!(roles > 3 && stances > 3, "{roles} roles, {stances} stances");
}

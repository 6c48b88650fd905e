//! Rule sets of today's size and beyond.

use criterion::Criterion;
use readback::rules::{RuleFile, RuleSet};

const SUBJECTS: [&str; 4] = ["[we|i]", "[you|they]", "[he|she]", "[it|this]"];
const VERBS: [&str; 25] = [
    "lose",
    "chase",
    "retype",
    "reconcile",
    "escalate",
    "misplace",
    "archive",
    "recount",
    "export",
    "inspect",
    "rebook",
    "relabel",
    "forward",
    "approve",
    "reject",
    "cancel",
    "renew",
    "audit",
    "measure",
    "schedule",
    "dispatch",
    "deliver",
    "collect",
    "invoice",
    "return",
];
const OBJECTS: [&str; 20] = [
    "pallet",
    "waybill",
    "voucher",
    "timesheet",
    "badge",
    "claim",
    "ticket",
    "order",
    "quote",
    "receipt",
    "folder",
    "scan",
    "meter",
    "permit",
    "roster",
    "lease",
    "parcel",
    "sample",
    "form",
    "number",
];

/// Returns the built-in rules and `more` made-up ones, in words that calls are made of.
pub(crate) fn with_more(more: usize) -> RuleSet {
    let mut files = RuleSet::builtin_files();
    files.extend(
        (0..more).map(|number| RuleFile { path: format!("en/pain/more-{number}.toml"), text: rule(number) }),
    );
    let (rules, problems) = RuleSet::compile(&files);
    let of_ours = problems.iter().find(|problem| problem.path.starts_with("en/pain/more-"));
    assert!(of_ours.is_none(), "{problems:?}");
    rules.with_weights(RuleSet::builtin_weights())
}

fn rule(number: usize) -> String {
    let subject = SUBJECTS[number % SUBJECTS.len()];
    let verb = VERBS[number % VERBS.len()];
    let object = OBJECTS[number / VERBS.len() % OBJECTS.len()];
    format!(
        "title = \"Rule {number}\"\ndoc = \"Made up.\"\nside = \"customer\"\n[find]\ncues = [\"{subject} [{verb}|will {verb}] .. {object}\", \
         \"[every|each|another] {object} [we|they] {verb}\", \"{verb} the wrong {object}\", \"{object} <number> .. {verb}\"]\n\
         [unless]\nanywhere = [\"{verb} no {object}\"]\n\
         [examples]\nmatch = [\"customer: [[We {verb} every {object}]].\"]\nignore = [\"customer: Hello.\"]\n"
    )
}

/// Times the start of a process.
pub(crate) fn compile(criterion: &mut Criterion) {
    let files = RuleSet::builtin_files();
    criterion.bench_function("rules/compile", |b| b.iter(|| RuleSet::compile(&files)));
    for pack in with_more(0).packs() {
        let (literals, memory) = (pack.literals().len(), pack.automaton_memory());
        println!(
            "rules/{}: {} rules, {literals} literals, automaton of {} KiB",
            pack.language,
            pack.rules.len(),
            memory / 1024
        );
    }
}

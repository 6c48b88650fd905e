//! Every example of every rule that comes with the binary, in one report.

use readback::detect::check;
use readback::rules::{RuleFile, RuleSet, TEMPLATE};

#[test]
fn every_rule_keeps_its_examples() {
    let problems = check(&RuleSet::builtin_files());
    let report: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert!(report.is_empty(), "{} problems\n\n{}", report.len(), report.join("\n\n"));
}

fn with(path: &str, text: &str) -> Vec<RuleFile> {
    let mut files = RuleSet::builtin_files();
    files.push(RuleFile { path: path.to_owned(), text: text.to_owned() });
    files
}

#[test]
fn the_template_is_a_rule_that_keeps_its_examples() {
    assert_eq!(check(&with("en/promise/from-the-template.toml", TEMPLATE)), []);
}

#[test]
fn a_bad_file_is_shown_with_a_caret_and_takes_no_other_down() {
    let count = RuleSet::builtin().rules().count();
    let bad = TEMPLATE.replace("side = ", "sade = ");
    let (rules, problems) = RuleSet::compile(&with("en/promise/bad.toml", &bad));
    assert_eq!(rules.rules().count(), count);
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert!(problem.message.contains("sade") && problem.message.contains("side"), "{problem}");
    assert!(problem.excerpt.starts_with("sade"), "{problem}");
}

#[test]
fn a_hostile_rule_is_refused() {
    let cue = "cues = [\"[you will have|you get|you are getting] .. [engineer|specialist]\"]";
    let many: Vec<_> = (0..10_000).map(|n| format!("\"word{n} and\"")).collect();
    let wide: Vec<_> = (0..5_000).map(|n| format!("w{n}")).collect();
    let cases = [
        ("ten thousand cues", TEMPLATE.replace(cue, &format!("cues = [{}]", many.join(",")))),
        ("thousands of alternatives", TEMPLATE.replace(cue, &format!("cues = [\"[{}]\"]", wide.join("|")))),
        ("a huge pattern", TEMPLATE.replace("patterns = []", "patterns = ['(a{500}){500}']")),
        ("a broken pattern", TEMPLATE.replace("patterns = []", "patterns = ['(']")),
        ("no cue", TEMPLATE.replace(cue, "cues = []")),
        (
            "no example",
            TEMPLATE.replace("ignore = [\"rep: Do you have an engineer on your side?\"]", "ignore = []"),
        ),
    ];
    for (name, text) in cases {
        assert_ne!(text, TEMPLATE, "{name}");
        let (rules, problems) = RuleSet::compile(&with("en/promise/hostile.toml", &text));
        assert!(!problems.is_empty() && rules.rule("en/promise/hostile").is_none(), "{name}");
    }
}

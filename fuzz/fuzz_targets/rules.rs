//! Any bytes as a rule file: they are compiled or refused, and never take the process down.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readback::rules::{RuleFile, RuleSet};

fuzz_target!(|text: &str| {
    for path in ["en/promise/x.toml", "en/context.toml", "en/speech.toml", "en/topics/risk.toml", "en/lexicon/x.toml"] {
        let _ = RuleSet::compile(&[RuleFile { path: path.to_owned(), text: text.to_owned() }]);
    }
});

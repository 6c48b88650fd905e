use std::collections::BTreeMap;

use serde::Serialize;

use super::args::{Eval, Rendering};
use super::{Outcome, Screen, block_on, labelled, rule_set};
use crate::detect::{CallRecord, detect};
use crate::eval::{self, CallScore, LabelledCall, Report};
use crate::llm::{Listener, Usage, hear, testimony};
use crate::rules::RuleSet;

/// Scores what is found in a folder of labelled calls.
pub(super) fn run(args: &Eval, listener: Option<&Listener>) -> anyhow::Result<Outcome> {
    let rules = rule_set(args.rules.as_deref())?;
    let rendering = match args.rendering {
        Rendering::AsIs => eval::Rendering::AsIs,
        Rendering::Plain => eval::Rendering::Plain,
        Rendering::Noisy => eval::Rendering::Noisy,
    };
    let (mut scores, mut heard) = (Vec::new(), Heard::default());
    let outcome = labelled::each(&args.labelled, |_, call| match listener {
        Some(listener) => scores.push(heard.score(listener, call, rendering, &rules, args.min_confidence)),
        None => scores.push(call.score(rendering, &rules, args.min_confidence)),
    })?;
    anyhow::ensure!(!scores.is_empty(), "{} holds no labelled call", args.labelled.display());

    let mut report = Report::new(&scores, args.misses);
    if let Some(group) = args.kind {
        report.retain(group);
    }
    if listener.is_none() {
        Screen::new().either(&report.to_string(), &report)?;
        return Ok(outcome);
    }
    let with = heard.report(report, args)?;
    Screen::new().either(&with.to_string(), &with)?;
    Ok(outcome)
}

/// What a model adds, call by call.
#[derive(Default)]
struct Heard {
    scores: Vec<CallScore>,
    usage: Usage,
    micros: u64,
    heard: usize,
    refused: usize,
    failures: BTreeMap<String, usize>,
}

/// The rules' scores, and those with a model beside them, with what it cost.
#[derive(Serialize)]
struct Beside {
    rules: Report,
    with_model: Report,
    /// Calls of which the model was heard in full.
    heard: usize,
    /// Answers that were refused.
    refused: usize,
    /// Why it was not heard, and of how many calls.
    failures: BTreeMap<String, usize>,
    input_tokens: u64,
    output_tokens: u64,
    dollars: f64,
}

impl Heard {
    /// Scores a call with the model's word, and returns its score by the rules alone.
    fn score(
        &mut self,
        listener: &Listener,
        call: LabelledCall,
        rendering: eval::Rendering,
        rules: &RuleSet,
        min_confidence: f64,
    ) -> CallScore {
        let deal = call.deal.clone();
        let (transcript, labels) = call.rendered(rendering);
        let alone = detect(&transcript, &deal, rules);
        let by_rules = eval::score(&labels, &CallRecord::new(&transcript, &alone, &[]), min_confidence);
        let asked = listener.plan(&transcript, &deal, &alone, rules);
        let afford = |_: &_, _| Ok(());
        let heard = block_on(async { Ok(hear(&*listener.model, &asked, Vec::new(), afford).await) });
        let heard = heard.unwrap_or_default();
        let word = (listener.model.name(), &asked[..], &heard.texts()[..]);
        let said = testimony(&transcript, &deal, rules, alone, word);
        self.usage += heard.usage;
        self.micros += listener.price.of(heard.usage);
        self.refused += said.refused.len();
        match heard.failure {
            Some(failure) => *self.failures.entry(failure.to_string()).or_default() += 1,
            None => self.heard += 1,
        }
        self.scores.push(eval::score(
            &labels,
            &CallRecord::new(&transcript, &said.detected, &[]),
            min_confidence,
        ));
        by_rules
    }

    fn report(self, rules: Report, args: &Eval) -> anyhow::Result<Beside> {
        let mut with_model = Report::new(&self.scores, args.misses);
        if let Some(group) = args.kind {
            with_model.retain(group);
        }
        Ok(Beside {
            rules,
            with_model,
            heard: self.heard,
            refused: self.refused,
            failures: self.failures,
            input_tokens: self.usage.input,
            output_tokens: self.usage.output,
            dollars: self.micros as f64 / 1e6,
        })
    }
}

impl std::fmt::Display for Beside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rules, with_model, heard, refused, input_tokens, output_tokens, dollars, .. } = self;
        writeln!(f, "By the rules alone:\n{rules}\nWith the model:\n{with_model}")?;
        writeln!(
            f,
            "{heard} calls heard, {refused} answers refused; {input_tokens} tokens sent, {output_tokens} back, ${dollars:.4}"
        )?;
        for (why, calls) in &self.failures {
            writeln!(f, "not heard of {calls} calls: {why}")?;
        }
        Ok(())
    }
}

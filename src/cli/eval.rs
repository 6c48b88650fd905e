use super::args::{Eval, Rendering};
use super::{Outcome, Screen, labelled, rule_set};
use crate::eval::{self, Report};

/// Scores what is found in a folder of labelled calls.
pub(super) fn run(args: &Eval) -> anyhow::Result<Outcome> {
    let rules = rule_set(args.rules.as_deref())?;
    let rendering = match args.rendering {
        Rendering::AsIs => eval::Rendering::AsIs,
        Rendering::Plain => eval::Rendering::Plain,
        Rendering::Noisy => eval::Rendering::Noisy,
    };
    let mut scores = Vec::new();
    let outcome = labelled::each(&args.labelled, |call| {
        scores.push(call.score(rendering, &rules, args.min_confidence));
    })?;
    anyhow::ensure!(!scores.is_empty(), "{} holds no labelled call", args.labelled.display());

    let mut report = Report::new(&scores, args.misses);
    if let Some(group) = args.kind {
        report.retain(group);
    }
    Screen::new().either(&report.to_string(), &report)?;
    Ok(outcome)
}

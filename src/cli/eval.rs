use super::args::{Eval, Rendering};
use super::import::progress;
use super::{Outcome, Screen, labelled, note, rule_set};
use crate::eval::{self, Report};

/// Scores what is found in a folder of labelled calls.
pub(super) fn run(args: &Eval) -> anyhow::Result<Outcome> {
    let rules = rule_set(args.rules.as_deref())?;
    let files = labelled::files(&args.labelled)?;

    let rendering = match args.rendering {
        Rendering::AsIs => eval::Rendering::AsIs,
        Rendering::Plain => eval::Rendering::Plain,
        Rendering::Noisy => eval::Rendering::Noisy,
    };
    let (mut scores, mut broken) = (Vec::new(), 0);
    let bar = progress(files.len() as u64, "reading");
    for file in &files {
        match labelled::read(file, &files) {
            Ok(Some(call)) => scores.push(call.score(rendering, &rules, args.min_confidence)),
            Ok(None) => {}
            Err(error) => {
                broken += 1;
                bar.suspend(|| note(&format!("{error:#}")));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    anyhow::ensure!(!scores.is_empty(), "{} holds no labelled call", args.labelled.display());

    let mut report = Report::new(&scores, args.misses);
    if let Some(group) = args.kind {
        report.retain(group);
    }
    Screen::new().either(&report.to_string(), &report)?;
    Ok(if broken == 0 { Outcome::Done } else { Outcome::Problems })
}

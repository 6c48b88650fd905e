use std::fs;

use anyhow::Context;
use serde::Serialize;

use super::args::Train;
use super::{Outcome, Screen, labelled, note};
use crate::eval::Rendering;
use crate::pipeline::rule_files;
use crate::rules::{RuleSet, WEIGHTS};
use crate::training::{HeldOut, Lesson, train};

/// One call in so many is learned from without case and punctuation too, and one in so many without knowing who is on
/// whose side, so that such calls are read alike.
const PLAIN: usize = 3;
const SIDELESS: usize = 6;

/// A row of the table that is printed.
#[derive(Serialize)]
struct Row {
    language: String,
    label: String,
    labelled: usize,
    precision: f64,
    recall: f64,
    f1: f64,
    threshold: f32,
}

/// Learns weights from labelled calls and writes them into the folder of rules.
pub(super) fn run(args: &Train) -> anyhow::Result<Outcome> {
    let files = rule_files(&args.rules).context("failed to read the rules")?;
    let (rules, problems) = RuleSet::compile(&files);
    anyhow::ensure!(problems.is_empty(), "{} has {} broken rules", args.rules.display(), problems.len());
    let mut lessons = Vec::new();
    let (mut calls, mut outcome) = (0, Outcome::Done);
    for folder in &args.labelled {
        let read = labelled::each(folder, |call| {
            if calls % PLAIN == 0 {
                lessons.push(Lesson::new(call.clone(), Rendering::Plain, &rules).copy());
            }
            if calls % SIDELESS == 1 {
                lessons.push(Lesson::new(call.clone().without_sides(), Rendering::AsIs, &rules).copy());
            }
            lessons.push(Lesson::new(call, Rendering::AsIs, &rules));
            calls += 1;
        })?;
        if read == Outcome::Problems {
            outcome = read;
        }
    }
    anyhow::ensure!(!lessons.is_empty(), "there is no labelled call to learn from");

    let mut rows = Vec::new();
    for (language, trained) in train(&lessons, &rules, &mut |stage| note(stage)) {
        let path = args.rules.join(&language).join(WEIGHTS);
        fs::write(&path, trained.weights.to_bytes())
            .with_context(|| format!("failed to write {}", path.display()))?;
        note(&format!("wrote {}, learned from {} calls", path.display(), trained.weights.head().calls));
        rows.extend(trained.held_out.iter().map(|held_out| row(&language, held_out)));
    }
    let cells = |row: &Row| {
        let share = |share: f64| format!("{share:.2}");
        vec![
            row.language.clone(),
            row.label.clone(),
            row.labelled.to_string(),
            share(row.precision),
            share(row.recall),
            share(row.f1),
            share(f64::from(row.threshold)),
        ]
    };
    let head = ["language", "held out", "labels", "precision", "recall", "F1", "threshold"];
    Screen::new().table(&head, rows.iter().map(cells), &rows)?;
    Ok(outcome)
}

fn row(language: &str, held_out: &HeldOut) -> Row {
    Row {
        language: language.to_owned(),
        label: held_out.label.clone(),
        labelled: held_out.labelled,
        precision: held_out.precision(),
        recall: held_out.recall(),
        f1: held_out.f1(),
        threshold: held_out.threshold,
    }
}

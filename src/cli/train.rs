use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use super::args::{Learnt, Train};
use super::{Outcome, Screen, labelled, note};
use crate::eval::{LabelledCall, Rendering};
use crate::pipeline::rule_files;
use crate::rules::{RuleSet, WEIGHTS};
use crate::training::{DealLesson, HeldOut, Lesson, Merged, learn_merging, train};

/// One call in so many is learned from without case and punctuation too, and one in so many without knowing who is on
/// whose side, so that such calls are read alike. Of few calls fewer are: their copies would drown them.
const PLAIN: usize = 3;
const SIDELESS: usize = 2;
const SIDELESS_OF_FEW: usize = 6;
/// Fewer calls than this are few.
const FEW: usize = 100;

/// Where in the folder of rules lies what was learned of merging.
const LEARNED: &str = "shared/ledger/learned.toml";

/// What stands before what was learned of merging.
const LEARNED_HEAD: &str = "# When a saying belongs to an entry of the ledger, and when words tell what became of one: log-odds by measure
# (src/ledger/kinship.rs, remark.rs), learned from deals whose labels name their entry. Written by `readback train`.

";

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
    let mut calls = Vec::new();
    let mut outcome = Outcome::Done;
    for folder in &args.labelled {
        if labelled::each(folder, |path, call| calls.push((path.to_owned(), call)))? == Outcome::Problems {
            outcome = Outcome::Problems;
        }
    }
    anyhow::ensure!(!calls.is_empty(), "there is no labelled call to learn from");
    if args.only != Some(Learnt::Reading) {
        merging(&calls, &args.rules)?;
    }
    if args.only != Some(Learnt::Merging) {
        reading(calls, &args.rules)?;
    }
    Ok(outcome)
}

fn reading(calls: Vec<(PathBuf, LabelledCall)>, folder: &Path) -> anyhow::Result<()> {
    let files = rule_files(folder).context("failed to read the rules")?;
    let (rules, problems) = RuleSet::compile(&files);
    anyhow::ensure!(problems.is_empty(), "{} has {} broken rules", folder.display(), problems.len());
    let mut lessons = Vec::new();
    let sideless = if calls.len() < FEW { SIDELESS_OF_FEW } else { SIDELESS };
    for (number, (_, call)) in calls.into_iter().enumerate() {
        if number % PLAIN == 0 {
            lessons.push(Lesson::new(call.clone(), Rendering::Plain, &rules).copy());
        }
        if number % sideless == 1 {
            lessons.push(Lesson::new(call.clone().without_sides(), Rendering::AsIs, &rules).copy());
        }
        lessons.push(Lesson::new(call, Rendering::AsIs, &rules));
    }

    let mut rows = Vec::new();
    for (language, trained) in train(&lessons, &rules, &mut |stage| note(stage)) {
        let path = folder.join(&language).join(WEIGHTS);
        write(&path, &trained.weights)?;
        note(&format!("wrote {}, learned from {} calls", path.display(), trained.calls));
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
    Ok(())
}

/// Learns from the deals whose labels name their entry, where there are any; the calls of a deal lie in one folder.
fn merging(calls: &[(PathBuf, LabelledCall)], rules: &Path) -> anyhow::Result<()> {
    let mut deals: BTreeMap<&Path, Vec<&LabelledCall>> = BTreeMap::new();
    for (path, call) in calls {
        deals.entry(path.parent().unwrap_or(path)).or_default().push(call);
    }
    let lessons: Vec<_> = deals.values().filter_map(|calls| DealLesson::new(calls)).collect();
    if lessons.is_empty() {
        return Ok(());
    }
    let (learned, merged) = learn_merging(&lessons);
    let path = rules.join(LEARNED);
    let text = toml::to_string(&learned).context("failed to write down what was learned")?;
    write(&path, format!("{LEARNED_HEAD}{text}").as_bytes())?;
    note(&format!("wrote {}, learned from {} deals", path.display(), lessons.len()));
    for Merged { question, asked, right, there, found } in merged {
        note(&format!("held out, {question}: {right} of {asked} right; {found} of {there} found"));
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("failed to write {}", path.display()))
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

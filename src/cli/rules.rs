use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;
use serde_json::{Value, json};

use super::args::{Remote, Rules};
use super::deployment::Deployment;
use super::draft::all_transcripts;
use super::{Outcome, Screen, note, rule_set};
use crate::detect::{self, Finding, FindingRecord};
use crate::ingest::transcribe;
use crate::pipeline::{FoundCall, Reading, Sidecars, rule_files};
use crate::rules::{Kind, RuleFile, RuleProblem, RuleSet, TEMPLATE};
use crate::settings::Settings;
use crate::transcript::{Deal, Transcript};

/// Writes, checks, tries and explains rules.
pub(super) fn run(settings: &Settings, command: &Rules) -> anyhow::Result<Outcome> {
    let dir = &settings.rules.dir;
    let dir = (!dir.as_os_str().is_empty()).then_some(dir.as_path());
    match command {
        Rules::New { id, dir } => new(id, dir),
        Rules::Check { paths } => check(dir, paths),
        Rules::Try { rule, calls } => try_out(dir, rule, calls),
        Rules::Explain { call, finding } => explain(settings, dir, call, finding),
        Rules::List => list(dir),
        Rules::Stats { remote } => super::block_on(stats(settings, remote)),
    }
}

fn new(id: &str, dir: &Path) -> anyhow::Result<Outcome> {
    let parts: Vec<_> = id.trim_end_matches(".toml").split('/').collect();
    let plain = |part: &&str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c))
    };
    anyhow::ensure!(
        parts.len() == 3 && parts.iter().all(plain),
        "a rule's id is language/kind/name in small letters, such as en/promise/hardware-loan"
    );
    let kinds = Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>();
    anyhow::ensure!(
        kinds.contains(&parts[1]) || parts[1] == "commitment",
        "`{}` is no kind; there are commitment, {}",
        parts[1],
        kinds.join(", ")
    );
    let path = dir.join(parts.join("/")).with_extension("toml");
    anyhow::ensure!(!path.exists(), "{} is there already", path.display());
    fs::create_dir_all(path.parent().unwrap_or(dir))?;
    fs::write(&path, TEMPLATE).with_context(|| format!("failed to write {}", path.display()))?;
    let mut screen = Screen::new();
    screen.line(&format!("wrote {}; fill it in, then: readback rules check {0}", path.display()))?;
    Ok(Outcome::Done)
}

fn check(dir: Option<&Path>, paths: &[PathBuf]) -> anyhow::Result<Outcome> {
    let mut files = files_in_force(dir)?;
    let mut only = Vec::new();
    for path in paths {
        for file in given(path)? {
            only.push(file.path.clone());
            files.retain(|known| known.path != file.path);
            files.push(file);
        }
    }
    let mut problems: Vec<RuleProblem> = detect::check(&files);
    if !paths.is_empty() {
        problems.retain(|problem| only.contains(&problem.path));
    }
    let mut screen = Screen::new();
    for problem in &problems {
        screen.line(&problem.to_string())?;
    }
    let checked = if paths.is_empty() { files.len() } else { only.len() };
    screen.line(&format!("{checked} files checked, {} problems", problems.len()))?;
    Ok(if problems.is_empty() { Outcome::Done } else { Outcome::Problems })
}

/// Returns the rule files at `path` under the ids they have below the folder of their language.
fn given(path: &Path) -> anyhow::Result<Vec<RuleFile>> {
    if path.is_dir() {
        let mut files = rule_files(path).with_context(|| format!("failed to read {}", path.display()))?;
        for file in &mut files {
            file.path = id_of(&path.join(&file.path));
        }
        return Ok(files);
    }
    let text = fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    Ok(vec![RuleFile { path: id_of(path), text }])
}

/// Returns the last three parts of a rule file's path: language, kind and name.
fn id_of(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let rules =
        parts.iter().rposition(|part| part == "rules").map_or(parts.len().saturating_sub(3), |at| at + 1);
    parts[rules..].join("/")
}

fn files_in_force(dir: Option<&Path>) -> anyhow::Result<Vec<RuleFile>> {
    match dir {
        Some(dir) => rule_files(dir).with_context(|| format!("failed to read {}", dir.display())),
        None => Ok(RuleSet::builtin_files()),
    }
}

fn try_out(dir: Option<&Path>, rule: &str, calls: &[PathBuf]) -> anyhow::Result<Outcome> {
    let mut files = files_in_force(dir)?;
    let path = Path::new(rule);
    let id = match path.is_file() {
        true => {
            let file = given(path)?.remove(0);
            let id = file.path.trim_end_matches(".toml").to_owned();
            files.retain(|known| known.path != file.path);
            files.push(file);
            id
        }
        false => rule.to_owned(),
    };
    let (rules, problems) = RuleSet::compile(&files);
    for problem in &problems {
        note(&problem.to_string());
    }
    anyhow::ensure!(rules.rule(&id).is_some(), "there is no rule `{id}`; `readback rules list` names them");

    let mut screen = Screen::new();
    let mut found = 0;
    for path in all_transcripts(calls)? {
        let call = FoundCall::read(&path, &Sidecars::default())?;
        let transcript = transcribe(&call.bytes, call.call, &call.deal, &[])
            .with_context(|| format!("failed to read {}", path.display()))?
            .transcript;
        for finding in detect::try_rule(&transcript, &call.deal, &rules, &id) {
            found += 1;
            screen.line(&shown(&transcript, &finding))?;
        }
    }
    screen.line(&format!("{found} found by {id}"))?;
    Ok(Outcome::Done)
}

fn shown(transcript: &Transcript, finding: &Finding) -> String {
    let span = finding.quote.span();
    let time = finding.start(transcript).map(|time| format!(" {time}")).unwrap_or_default();
    let speaker = transcript.speaker(span).display();
    let context =
        finding.context.as_ref().map(|quote| format!(" (to “{}”)", quote.text())).unwrap_or_default();
    format!(
        "{} {:.2} [{}{time}] {speaker}: “{}”{context}",
        finding.kind(),
        finding.confidence,
        transcript.call.id,
        finding.quote.text(),
    )
}

fn explain(settings: &Settings, dir: Option<&Path>, call: &str, finding: &str) -> anyhow::Result<Outcome> {
    let rules = rule_set(dir)?;
    let (transcript, deal) = match Path::new(call).is_file() {
        true => from_file(Path::new(call), &rules)?,
        false => super::block_on(from_store(settings, call))?,
    };
    let mut screen = Screen::new();
    if let Some(turn) = finding.strip_prefix("turn:") {
        let turn = turn.parse().context("a turn is a number")?;
        let misses = detect::near_misses(&transcript, &rules, turn);
        let row = |miss: &detect::NearMiss| json!({"rule": miss.rule, "cue": miss.cue.text(), "why_not": miss.veto.to_string()});
        screen.json(&misses.iter().map(row).collect::<Vec<_>>())?;
        return Ok(Outcome::Done);
    }
    let explanation = detect::explain(&transcript, &deal, &rules, finding);
    let explanation =
        explanation.with_context(|| format!("call `{}` has no finding `{finding}`", transcript.call.id))?;
    let parts = explanation.parts.iter().map(|(part, weight)| json!({"part": part, "log_odds": weight}));
    screen.json(&json!({
        "finding": FindingRecord::new(&explanation.finding, &transcript),
        "rule_finds": explanation.title,
        "confidence_is_made_of": parts.collect::<Vec<_>>(),
    }))?;
    Ok(Outcome::Done)
}

fn from_file(path: &Path, rules: &RuleSet) -> anyhow::Result<(Transcript, Deal)> {
    let found = FoundCall::read(path, &Sidecars::default())?;
    let reading = Reading::new(&found.bytes, found.call, &found.deal, &[], rules)?;
    Ok((reading.transcript, found.deal))
}

async fn from_store(settings: &Settings, call: &str) -> anyhow::Result<(Transcript, Deal)> {
    let pipeline = Deployment::open_existing(settings).await?.pipeline().await?;
    let stored = pipeline.store().call(call).await?.with_context(|| format!("there is no call `{call}`"))?;
    let deal = match &stored.deal {
        Some(deal) => pipeline.store().deal(deal).await?.map(|stored| stored.deal).unwrap_or_default(),
        None => Deal::default(),
    };
    let reading = pipeline.reading(&stored).await?;
    Ok((reading.transcript.clone(), deal))
}

/// Prints what reviews made of each rule's findings.
async fn stats(settings: &Settings, remote: &Remote) -> anyhow::Result<Outcome> {
    let tallies = match &remote.server {
        Some(_) => super::remote::get(remote, "/v1/rules/stats", &()).await?["items"].take(),
        None => {
            let pipeline = Deployment::open_existing(settings).await?.pipeline().await?;
            serde_json::to_value(pipeline.rule_stats().await?)?
        }
    };
    let row = |tally: &Value| {
        let cell = |key: &str| tally[key].as_str().map_or_else(|| tally[key].to_string(), str::to_owned);
        let precision = tally["precision"].as_f64().map(|share| format!("{share:.2}"));
        let counts = ["rule", "kind", "accepted", "edited", "rejected"].map(cell).into_iter();
        counts.chain([precision.unwrap_or_default()]).collect()
    };
    let header = ["rule", "kind", "accepted", "edited", "rejected", "precision"];
    Screen::new().table(&header, tallies.as_array().into_iter().flatten().map(row), &tallies)?;
    Ok(Outcome::Done)
}

/// A rule as it is listed.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    title: &'a str,
}

fn list(dir: Option<&Path>) -> anyhow::Result<Outcome> {
    let rules = rule_set(dir)?;
    let rules: Vec<_> = rules.rules().map(|rule| Listed { id: &rule.id, title: &rule.title }).collect();
    let row = |rule: &Listed<'_>| vec![rule.id.to_owned(), rule.title.to_owned()];
    Screen::new().table(&["rule", "finds"], rules.iter().map(row), &rules)?;
    Ok(Outcome::Done)
}

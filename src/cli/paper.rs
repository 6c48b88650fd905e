use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;
use serde::Serialize;

use super::args::{PaperArgs, Papers};
use super::deployment::Deployment;
use super::{Outcome, Screen, draft, note, rule_set};
use crate::papers::{self, Form, Occasion, Paper, Readers, Templates};
use crate::pipeline::{self, Desk, paper_files};
use crate::settings::Settings;
use crate::transcript::{Deal, Problem};

/// What the folder of a deal holds for its papers.
const OCCASION: &str = "occasion.toml";

/// An occasion in which everything is known: what templates are checked with.
const EVERYTHING: &str = include_str!("../../templates/papers/occasion.toml");

/// Draws a paper of a deal.
pub(super) async fn run(settings: &Settings, args: &PaperArgs) -> anyhow::Result<Outcome> {
    let templates = templates(&settings.papers.dir)?;
    let folder = Path::new(&args.deal);
    let told = args.occasion.as_ref().map(|path| read(path)).transpose()?;
    let Desk { packet, occasion } = match folder.is_dir() {
        true => of_folder(settings, folder, told)?,
        false => of_kept(settings, &args.deal, told).await?,
    };
    let document = papers::compose(args.name, &packet, &occasion, &templates)?;
    let bytes = papers::draw(args.name, &packet, &occasion, &document, args.format)?;
    draft::hand_over(bytes, args.output.as_deref())?;
    let blanks = document.blanks();
    for blank in &blanks {
        note(&format!("blank: {}. Ask: {}", blank.field, blank.ask));
    }
    Ok(if blanks.is_empty() { Outcome::Done } else { Outcome::Problems })
}

/// Returns what the papers of a deal's folder are drawn from; what lies beside its calls is known too.
fn of_folder(settings: &Settings, folder: &Path, told: Option<Occasion>) -> anyhow::Result<Desk> {
    let dir = &settings.rules.dir;
    let rules = rule_set((!dir.as_os_str().is_empty()).then_some(dir.as_path()))?;
    let (deal, readings, _) = draft::read_deal(&[folder.to_owned()], &rules)?;
    let beside = Some(folder.join(OCCASION)).filter(|path| told.is_none() && path.is_file());
    let mut occasion = told.or(beside.map(|path| read(&path)).transpose()?).unwrap_or_default();
    occasion.written_at.get_or_insert_with(Timestamp::now);
    Ok(Desk { packet: pipeline::draft(&deal, &readings, &[]), occasion })
}

/// Returns what the papers of a deal in the store are drawn from: disputes and what was said of the occasion count as
/// they do over HTTP.
async fn of_kept(settings: &Settings, deal: &str, told: Option<Occasion>) -> anyhow::Result<Desk> {
    let deployment = Deployment::open_existing(settings).await?;
    let desk = deployment.pipeline().await?.desk(deal, told, Timestamp::now()).await?;
    desk.with_context(|| format!("`{deal}` is no folder and no deal of {}", deployment.place()))
}

/// Reads an occasion from TOML or JSON.
fn read(path: &Path) -> anyhow::Result<Occasion> {
    let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    let json = path.extension().is_some_and(|ending| ending == "json");
    let read = if json {
        serde_json::from_str(&text).map_err(anyhow::Error::from)
    } else {
        toml::from_str(&text).map_err(anyhow::Error::from)
    };
    read.with_context(|| format!("{} is no occasion", path.display()))
}

/// Returns the templates in force: ours, with those of `folder` in their places.
pub(super) fn templates(folder: &Path) -> anyhow::Result<Templates> {
    if folder.as_os_str().is_empty() {
        return Ok(Templates::builtin());
    }
    let files = paper_files(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    let (templates, problems) = Templates::with(&files);
    for problem in &problems {
        note(&problem.to_string());
    }
    anyhow::ensure!(problems.is_empty(), "`readback papers check {}` names what is wrong", folder.display());
    Ok(templates)
}

/// Lists papers, or checks templates.
pub(super) fn papers(settings: &Settings, command: &Papers) -> anyhow::Result<Outcome> {
    match command {
        Papers::List => list(),
        Papers::Check { folder } => check(folder.as_deref().unwrap_or(&settings.papers.dir)),
    }
}

#[derive(Serialize)]
struct Listed {
    name: Paper,
    readers: Readers,
    forms: Vec<&'static str>,
}

fn list() -> anyhow::Result<Outcome> {
    let listed = Paper::ALL.map(|paper| Listed {
        name: paper,
        readers: paper.readers(),
        forms: paper.forms().iter().map(|form: &Form| form.as_str()).collect(),
    });
    let readers = |readers: Readers| match readers {
        Readers::Internal => "AE, CSM and managers",
        Readers::RedFlags => "AE, CSM and CS manager",
        Readers::Customer => "the customer too",
    };
    let row = |it: &Listed| vec![it.name.to_string(), readers(it.readers).to_owned(), it.forms.join(", ")];
    Screen::new().table(&["paper", "for", "forms"], listed.iter().map(row), &listed)?;
    Ok(Outcome::Done)
}

fn check(folder: &Path) -> anyhow::Result<Outcome> {
    let files = match folder.as_os_str().is_empty() {
        true => Default::default(),
        false => paper_files(folder).with_context(|| format!("failed to read {}", folder.display()))?,
    };
    let (templates, mut problems) = Templates::with(&files);
    let everything: Occasion = toml::from_str(EVERYTHING).context("the example of an occasion is broken")?;
    let packet = crate::packet::draft(&Deal::default(), &[], &Default::default(), &Default::default());
    problems.extend(papers::check(&templates, &packet, &everything));
    for problem in &problems {
        note(&problem.to_string());
    }
    note(&format!("{} templates of one's own, {} problems", files.len(), problems.len()));
    let none: &[Problem] = &problems;
    Ok(Outcome::of(none))
}

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::args::{Draft, Format};
use super::{Outcome, Screen, llm, note, rule_set};
use crate::llm::Listener;
use crate::packet::{self, Packet};
use crate::papers::{self, Form, Occasion, Paper, Templates};
use crate::pipeline::{self, FoundCall, Reading, Sidecars};
use crate::rules::RuleSet;
use crate::transcript::Deal;

/// Prints the packet of a deal.
pub(super) fn run(args: &Draft, listener: Option<&Listener>) -> anyhow::Result<Outcome> {
    let rules = rule_set(args.rules.as_deref())?;
    let (deal, mut readings, unread) = read_deal(&args.paths, &rules)?;
    if let Some(listener) = listener {
        let heard = readings.into_iter().map(|reading| llm::heard(listener, reading, &deal, &rules));
        readings = heard.collect::<Result<_, _>>()?;
    }
    let packet = pipeline::draft(&deal, &readings, &[]);
    print(&packet, args.format, args.output.as_deref())?;
    let odd = unread > 0 || readings.iter().any(|reading| !reading.problems.is_empty());
    Ok(if odd { Outcome::Problems } else { Outcome::Done })
}

/// Prints a packet in the form that was asked for.
pub(super) fn print(packet: &Packet, format: Format, output: Option<&Path>) -> anyhow::Result<()> {
    let file = |form: Form| -> anyhow::Result<Vec<u8>> {
        let occasion = Occasion::default();
        let document = papers::compose(Paper::Packet, packet, &occasion, &Templates::builtin())?;
        Ok(papers::draw(Paper::Packet, packet, &occasion, &document, form)?)
    };
    let bytes = match format {
        Format::Md => packet::markdown(packet).into_bytes(),
        Format::Html => packet::html(packet)?.into_bytes(),
        Format::Json if output.is_none() => return Ok(Screen::new().json(packet)?),
        Format::Json => serde_json::to_vec_pretty(packet)?,
        Format::Docx => file(Form::Docx)?,
        Format::Pdf => file(Form::Pdf)?,
    };
    hand_over(bytes, output)
}

/// Writes a paper to a file, or to standard output; a file for another program is not poured onto a terminal.
pub(super) fn hand_over(bytes: Vec<u8>, output: Option<&Path>) -> anyhow::Result<()> {
    if let Some(path) = output {
        return std::fs::write(path, bytes).with_context(|| format!("failed to write {}", path.display()));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Screen::new().text(&text)?),
        Err(binary) => Ok(Screen::new().bytes(binary.as_bytes())?),
    }
}

/// Reads the calls of one deal; those that cannot be read are named and counted.
pub(super) fn read_deal(paths: &[PathBuf], rules: &RuleSet) -> anyhow::Result<(Deal, Vec<Reading>, usize)> {
    let mut deal = None;
    let (mut readings, mut unread) = (Vec::new(), 0);
    let transcripts = all_transcripts(paths)?;
    for path in &transcripts {
        let found = FoundCall::read(path, &Sidecars::default())?;
        let known = deal.get_or_insert_with(|| found.deal.clone());
        anyhow::ensure!(
            found.deal.id == known.id,
            "{} belongs to deal `{}`, the calls before it to `{}`: draft one deal at a time",
            path.display(),
            found.deal.id,
            known.id,
        );
        match Reading::new(&found.bytes, found.call, &found.deal, &[], rules) {
            Ok(reading) => readings.push(reading),
            Err(error) => {
                note(&format!("failed to read {}: {error}", path.display()));
                unread += 1;
            }
        }
    }
    anyhow::ensure!(!readings.is_empty(), "none of the files is a transcript");
    let mut deal: Deal = deal.unwrap_or_default();
    for (path, bytes) in papers_beside(&transcripts)? {
        match pipeline::read_paper(&file_name(&path), &bytes) {
            Ok(contract) => deal.contracts.push(contract),
            Err(error) => {
                note(&format!("failed to read {}: {error}", path.display()));
                unread += 1;
            }
        }
    }
    Ok((deal, readings, unread))
}

/// Returns the papers that lie beside the transcripts' `deal.json`, with their bytes.
pub(super) fn papers_beside(transcripts: &[PathBuf]) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let folders: BTreeSet<&Path> = transcripts.iter().filter_map(|path| path.parent()).collect();
    let mut papers = Vec::new();
    for folder in folders {
        papers.extend(pipeline::papers(folder)?);
    }
    Ok(papers)
}

/// Returns the name of a file without its folder.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Returns every transcript that `paths` hold.
pub(super) fn all_transcripts(paths: &[impl AsRef<Path>]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        found.extend(pipeline::transcripts(path.as_ref())?);
    }
    Ok(found)
}

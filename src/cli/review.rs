use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Value, json};

use super::args::{QuoteArgs, Review, ReviewStep};
use super::deployment::Deployment;
use super::import::catch_up;
use super::{Outcome, Screen, note, remote};
use crate::http::encode;
use crate::pipeline::{Author, Pipeline};
use crate::review::{Act, Answer, Field, Words};
use crate::settings::Settings;

/// Lists or decides the lines of a deal's packet.
pub(super) async fn run(settings: &Settings, args: &Review) -> anyhow::Result<Outcome> {
    match args.step.as_ref().unwrap_or(&ReviewStep::List { all: false }) {
        ReviewStep::List { all } => list(settings, args, *all).await,
        ReviewStep::History { entry } => {
            let history = match &args.remote.server {
                Some(_) => {
                    let path = format!("/v1/deals/{}/lines/{}/history", encode(&args.deal), encode(entry));
                    remote::get(&args.remote, &path, &()).await?
                }
                None => history(settings, &args.deal, entry).await?,
            };
            Screen::new().json(&history)?;
            Ok(Outcome::Done)
        }
        step => decide(settings, args, acts(step)?).await,
    }
}

async fn list(settings: &Settings, args: &Review, all: bool) -> anyhow::Result<Outcome> {
    let packet = match &args.remote.server {
        Some(_) => {
            let path = format!("/v1/deals/{}/packet", encode(&args.deal));
            remote::get(&args.remote, &path, &[("format", "json")]).await?
        }
        None => {
            let pipeline = pipeline(settings).await?;
            serde_json::to_value(pipeline.packet(&args.deal).await?)?
        }
    };
    let rows = rows(&packet, all);
    let cells =
        rows.iter().map(|row| ["entry", "kind", "verdict", "says"].map(|key| text(row, key)).to_vec());
    Screen::new().table(&["line", "kind", "verdict", "says"], cells, &rows)?;
    Ok(Outcome::Done)
}

/// Returns the packet's lines, each once, and then its open questions.
fn rows(packet: &Value, all: bool) -> Vec<Value> {
    let sections = packet["sections"].as_array().into_iter().flatten();
    let items = sections.flat_map(|section| section["items"].as_array().into_iter().flatten());
    let mut rows: Vec<Value> = Vec::new();
    for item in items.filter(|item| item["kind"] != "deal") {
        let verdict = item.pointer("/review/verdict").and_then(Value::as_str).unwrap_or("open");
        let known = rows.iter().any(|row| row["entry"] == item["entry"]);
        if known || (verdict != "open" && !all) {
            continue;
        }
        let said =
            item["lines"].as_array().and_then(|lines| lines.iter().rfind(|line| line["part"] == "said"));
        let says =
            item.pointer("/review/stated/text").or(said.map(|line| &line["quote"])).or(item.get("name"));
        rows.push(json!({"entry": item["entry"], "kind": item["kind"], "verdict": verdict, "says": says}));
    }
    for gap in packet["gaps"].as_array().into_iter().flatten() {
        let due = gap["due"].as_str().map(|due| format!(" by {due}")).unwrap_or_default();
        let says = format!("{} ({}{due})", text(gap, "ask"), text(gap, "owner"));
        rows.push(json!({"entry": gap["field"], "kind": "question", "verdict": "UNKNOWN", "says": says}));
    }
    rows
}

async fn history(settings: &Settings, deal: &str, entry: &str) -> anyhow::Result<Value> {
    let found = pipeline(settings).await?.reviewed(deal).await?;
    let (reviewed, _) = found.with_context(|| format!("there is no deal `{deal}`"))?;
    let past = reviewed.history(entry).into_iter();
    let decisions: Vec<_> =
        past.map(|(decision, stands)| json!({"decision": decision, "stands": stands})).collect();
    Ok(json!({"entry": reviewed.current(entry), "line": reviewed.line(entry), "decisions": decisions}))
}

async fn decide(settings: &Settings, args: &Review, acts: Vec<Act>) -> anyhow::Result<Outcome> {
    let answer = match &args.remote.server {
        Some(_) => {
            let path = format!("/v1/deals/{}/decisions", encode(&args.deal));
            remote::post(&args.remote, &path, &acts).await?
        }
        None => {
            let name = args.by.clone().context("say who decides, with --by NAME")?;
            // Whoever holds the data directory may do what the account executive may.
            let author = Author { name, role: "ae".to_owned(), reviews: true, red_flags: true };
            let pipeline = pipeline(settings).await?;
            let appended = pipeline.decide(&args.deal, acts, author, None, None).await?;
            catch_up(&pipeline, 1).await?;
            pipeline.store().close().await;
            serde_json::from_str(&appended.answer.body)?
        }
    };
    for warning in answer["warnings"].as_array().into_iter().flatten() {
        note(&format!("check: {}", text(warning, "advice")));
    }
    let decisions = answer["decisions"].as_array().cloned().unwrap_or_default();
    let row =
        |decision: &Value| vec![text(decision, "id"), text(&decision["what"], "act"), text(decision, "by")];
    Screen::new().table(&["decision", "act", "by"], decisions.iter().map(row), &answer)?;
    Ok(Outcome::Done)
}

async fn pipeline(settings: &Settings) -> anyhow::Result<std::sync::Arc<Pipeline>> {
    Deployment::open_existing(settings).await?.pipeline().await
}

fn acts(step: &ReviewStep) -> anyhow::Result<Vec<Act>> {
    Ok(match step {
        ReviewStep::List { .. } | ReviewStep::History { .. } => Vec::new(),
        ReviewStep::Accept { entries } => {
            entries.iter().map(|entry| Act::Accept { entry: entry.clone() }).collect()
        }
        ReviewStep::Edit { entry, text } => vec![Act::Edit { entry: entry.clone(), text: text.clone() }],
        ReviewStep::Reject { entry, reason } => {
            vec![Act::Reject { entry: entry.clone(), reason: reason.clone() }]
        }
        ReviewStep::Set { entry, field, value } => {
            vec![Act::Set { entry: entry.clone(), field: *field, value: typed(*field, value) }]
        }
        ReviewStep::Add { kind, text, words, fields } => {
            let (kind, text, words, fields) = (*kind, text.clone(), given(words), named(fields)?);
            vec![Act::Add { kind, text, words, fields }]
        }
        ReviewStep::Merge { into, entries } => {
            vec![Act::Merge { into: into.clone(), entries: entries.clone() }]
        }
        ReviewStep::Split { entry, findings } => {
            vec![Act::Split { entry: entry.clone(), findings: findings.clone() }]
        }
        ReviewStep::Answer { field, about, words, stated, nothing, unknown, on } => {
            let date = || on.context("name the day with --on");
            let answer = match (given(words), stated, nothing, unknown) {
                (Some(words), ..) => Answer::Quoted { words },
                (_, Some(text), ..) => Answer::Stated { text: text.clone() },
                (_, _, Some(by), _) => Answer::Nothing { by: by.clone(), on: date()? },
                (_, _, _, owner) => {
                    Answer::Unknown { owner: owner.clone().unwrap_or_default(), due: date()? }
                }
            };
            vec![Act::Answer { field: field.clone(), about: about.clone(), answer }]
        }
        ReviewStep::Assign { section, owner, due } => {
            vec![Act::Assign { section: section.clone(), owner: owner.clone(), due: *due }]
        }
        ReviewStep::Comment { entry, text } => {
            vec![Act::Comment { entry: entry.clone(), text: text.clone() }]
        }
        ReviewStep::Ask { entry, text } => vec![Act::Question { entry: entry.clone(), text: text.clone() }],
        ReviewStep::Reply { to, text } => vec![Act::Reply { to: *to, text: text.clone() }],
        ReviewStep::Undo { decision } => vec![Act::Undo { decision: *decision }],
    })
}

fn given(words: &QuoteArgs) -> Option<Words> {
    let (call, quote) = (words.call.clone()?, words.quote.clone()?);
    Some(Words::Given { call, quote, turn: words.turn })
}

fn named(fields: &[String]) -> anyhow::Result<BTreeMap<Field, Value>> {
    let read = |pair: &String| {
        let (field, value) = pair.split_once('=').with_context(|| format!("`{pair}` is no FIELD=VALUE"))?;
        let field: Field = field.parse().map_err(anyhow::Error::msg)?;
        Ok((field, typed(field, value)))
    };
    fields.iter().map(read).collect()
}

/// Returns a value as its field takes it: a strength is a number, roles are a list.
fn typed(field: Field, value: &str) -> Value {
    match field {
        _ if value == "none" => Value::Null,
        Field::Strength => value.parse::<u8>().map_or_else(|_| json!(value), |strength| json!(strength)),
        Field::Roles => value.split(',').map(str::trim).collect(),
        _ => json!(value),
    }
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

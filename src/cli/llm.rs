use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::args::{Ask, Llm};
use super::deployment::Deployment;
use super::{Outcome, Screen, block_on, note, remote};
use crate::llm::{Client, Connection, Limits, Listener, Model, Price, Recorded, Scope, hear};
use crate::pipeline::Reading;
use crate::rules::RuleSet;
use crate::settings::{LlmSettings, Settings};
use crate::transcript::Deal;

/// Returns the model that the settings name, with what it may be asked; `None` where they name none.
pub(super) fn listener(settings: &LlmSettings) -> anyhow::Result<Option<Listener>> {
    if settings.provider.is_empty() {
        return Ok(None);
    }
    let connection = Connection {
        provider: settings.provider.parse().map_err(anyhow::Error::msg)?,
        base_url: settings.base_url.clone(),
        model: settings.model.clone(),
        api_key: settings.api_key.clone(),
        proxy: settings.proxy.clone(),
        timeout: Duration::from_secs(settings.timeout_seconds.max(1)),
        retries: settings.retries,
        concurrency: settings.concurrency,
        requests_per_minute: settings.requests_per_minute,
    };
    let client =
        Client::new(connection).map_err(anyhow::Error::msg).context("the settings of the model are wrong")?;
    Ok(Some(with_model(settings, Arc::new(client))))
}

fn with_model(settings: &LlmSettings, model: Arc<dyn Model>) -> Listener {
    let micros = |dollars: f64| (dollars * 1e6).round() as u64;
    Listener {
        model,
        scope: Scope { tokens_per_hour: settings.tokens_per_hour, mask: settings.mask },
        limits: Limits {
            tokens_per_day: settings.tokens_per_day,
            tokens_per_deal: settings.tokens_per_deal,
            money_per_day: micros(settings.money_per_day),
            money_per_deal: micros(settings.money_per_deal),
        },
        price: Price { input: settings.price_input, output: settings.price_output },
        concurrency: settings.concurrency,
    }
}

/// Returns the model for a command that was told to ask one.
pub(super) fn required(settings: &LlmSettings) -> anyhow::Result<Listener> {
    listener(settings)?.context("--llm wants a model: set READBACK_LLM__PROVIDER, READBACK_LLM__MODEL and, where needed, READBACK_LLM__BASE_URL and READBACK_LLM__API_KEY_FILE")
}

/// Returns the replies that are kept in `folder`, and behind them the model that the settings name, if they name one.
pub(super) fn recorded(settings: &LlmSettings, folder: &Path) -> anyhow::Result<Listener> {
    let behind = listener(settings)?.map(|listener| listener.model);
    let model = Recorded::open(folder, behind).map_err(anyhow::Error::msg)?;
    Ok(with_model(settings, Arc::new(model)))
}

/// Returns a reading with what the model says of it, asked now; nothing is kept.
pub(super) fn heard(
    listener: &Listener,
    reading: Reading,
    deal: &Deal,
    rules: &RuleSet,
) -> anyhow::Result<Reading> {
    let asked = listener.plan(&reading.transcript, deal, &reading.detected, rules);
    let afford = |used: &_, estimate| listener.afford(Default::default(), *used, estimate);
    let heard = block_on(async { Ok(hear(&*listener.model, &asked, Vec::new(), afford).await) })?;
    let failure = heard.failure.as_ref().map(|failure| format!("{}: {failure}", listener.model.name()));
    let word = (listener.model.name(), &asked[..], &heard.texts()[..]);
    let (reading, refused, grounded) = reading.with_word_of(deal, rules, word, failure.as_deref());
    let (used, micros) = (heard.usage, listener.price.of(heard.usage));
    note(&format!(
        "{}: {} tokens sent, {} back, ${:.4}; {grounded} answers stand in the call, {} refused",
        listener.model.name(),
        used.input,
        used.output,
        micros as f64 / 1e6,
        refused.len(),
    ));
    Ok(reading)
}

/// How far back `usage` looks.
const DAYS: i64 = 31;
/// Hearings that went wrong, at most.
const ODD: u32 = 50;

/// Prints what the model cost, or which of its answers were refused.
pub(super) async fn run(settings: &Settings, command: &Llm) -> anyhow::Result<Outcome> {
    let deployment = Deployment::open_existing(settings).await?;
    let store = deployment.store();
    match command {
        Llm::Usage => {
            let from = Timestamp::now().checked_sub(SignedDuration::from_hours(24 * DAYS))?;
            let days = store.spent_by_day(from).await?;
            let row = |day: &crate::store::DaySpent| {
                let dollars = format!("{:.4}", day.micros as f64 / 1e6);
                let counts =
                    [day.requests, day.input_tokens, day.output_tokens].map(|number| number.to_string());
                [vec![day.day.clone(), day.model.clone()], counts.to_vec(), vec![dollars]].concat()
            };
            let header = ["day", "model", "times", "tokens sent", "tokens back", "dollars"];
            Screen::new().table(&header, days.iter().map(row), &days)?;
        }
        Llm::Refused => {
            let hearings = store.odd_hearings(ODD).await?;
            let rows = hearings.iter().flat_map(|hearing| {
                let failure = hearing.failure.iter().map(|why| (String::new(), why.clone()));
                let refused = hearing.refused.iter().map(|it| {
                    let turn = it.turn.map_or(String::new(), |turn| format!("turn {turn}"));
                    (turn, it.refusal.to_string())
                });
                failure
                    .chain(refused)
                    .map(|(turn, why)| vec![hearing.call.clone(), turn, why])
                    .collect::<Vec<_>>()
            });
            Screen::new().table(&["call", "place", "why"], rows, &hearings)?;
        }
    }
    Ok(Outcome::Done)
}

/// Answers a question about a deal.
pub(super) async fn ask(settings: &Settings, args: &Ask) -> anyhow::Result<Outcome> {
    let answered = match &args.remote.server {
        Some(_) => {
            let path = format!("/v1/deals/{}/ask", remote::segment(&args.deal));
            remote::post(&args.remote, &path, &json!({ "q": args.question })).await?
        }
        None => {
            let pipeline = Deployment::open_existing(settings).await?.pipeline().await?;
            anyhow::ensure!(
                pipeline.store().deal(&args.deal).await?.is_some(),
                "there is no deal `{}`",
                args.deal
            );
            let packet = pipeline.packet(&args.deal).await?;
            serde_json::to_value(pipeline.inquire(&args.deal, &packet, &args.question).await?)?
        }
    };
    let text = |value: &Value, key: &str| match value.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let list = |key: &str| answered.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let sentence: Vec<_> = list("clauses")
        .iter()
        .map(|clause| format!("{} {}", text(clause, "text"), text(clause, "cites")))
        .collect();
    if !sentence.is_empty() {
        note(&sentence.join(", "));
    }
    if let Some(why) = answered.get("not_heard").and_then(Value::as_str) {
        note(&format!("the model was not heard: {why}"));
    }
    let row = |it: &Value| ["number", "kind", "date", "speaker", "quote"].map(|key| text(it, key)).to_vec();
    let passages = list("passages");
    Screen::new().table(&["", "kind", "date", "who", "said"], passages.iter().map(row), &answered)?;
    Ok(if passages.is_empty() { Outcome::Problems } else { Outcome::Done })
}

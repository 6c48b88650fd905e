use serde::Serialize;
use serde_json::Value;

use super::args;
use super::deployment::Deployment;
use super::{Outcome, Screen, note, remote};
use crate::rules::Kind;
use crate::search::{Filters, Search};
use crate::settings::Settings;
use crate::transcript::{Language, Side, Timecode};

/// The query of `/v1/search`.
#[derive(Serialize)]
struct Query<'a> {
    q: &'a str,
    account: Option<&'a str>,
    deal: Option<&'a str>,
    call: Option<&'a str>,
    speaker: Option<&'a str>,
    side: Option<Side>,
    kind: Option<Kind>,
    language: Option<&'a str>,
    from: Option<jiff::civil::Date>,
    to: Option<jiff::civil::Date>,
    limit: u32,
}

/// Searches a data directory or a running server.
pub(super) async fn run(settings: &Settings, args: &args::Search) -> anyhow::Result<Outcome> {
    let found = match &args.remote.server {
        Some(_) => remote::get(&args.remote, "/v1/search", &query(args)).await?,
        None => here(settings, args).await?,
    };
    let hits = found.get("hits").and_then(Value::as_array).cloned().unwrap_or_default();
    Screen::new().table(&["call", "when", "who", "said"], hits.iter().map(row), &found)?;
    if found.get("behind").and_then(Value::as_bool) == Some(true) {
        note("the index has not read all calls yet; the newest may be missing");
    }
    Ok(Outcome::Done)
}

async fn here(settings: &Settings, args: &args::Search) -> anyhow::Result<Value> {
    let deployment = Deployment::open_existing(settings).await?;
    let filters = &args.filters;
    let search = Search {
        filters: Filters {
            accounts: filters.account.iter().cloned().collect(),
            deals: filters.deal.iter().cloned().collect(),
            calls: filters.call.iter().cloned().collect(),
            speakers: filters.speaker.iter().cloned().collect(),
            sides: filters.side.into_iter().collect(),
            kinds: filters.kind.into_iter().collect(),
            languages: filters.language.iter().map(|tag| Language::from_tag(tag)).collect(),
            from: filters.from,
            to: filters.to,
        },
        limit: args.limit,
        ..Search::new(args.query.clone())
    };
    let head = deployment.store().head().await?;
    let found = deployment.index().await?.search(search).await?;
    let behind = found.is_behind(head);
    let mut found = serde_json::to_value(found)?;
    found["behind"] = behind.into();
    Ok(found)
}

fn query(args: &args::Search) -> Query<'_> {
    let filters = &args.filters;
    Query {
        q: &args.query,
        account: filters.account.as_deref(),
        deal: filters.deal.as_deref(),
        call: filters.call.as_deref(),
        speaker: filters.speaker.as_deref(),
        side: filters.side,
        kind: filters.kind,
        language: filters.language.as_deref(),
        from: filters.from,
        to: filters.to,
        limit: args.limit,
    }
}

fn row(hit: &Value) -> Vec<String> {
    let text = |key: &str| hit.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let time = hit.get("start_ms").and_then(Value::as_u64).map(|ms| Timecode(ms).to_string());
    let when = [Some(text("date")), time].into_iter().flatten().filter(|part| !part.is_empty());
    vec![text("call"), when.collect::<Vec<_>>().join(" "), text("speaker"), text("text")]
}

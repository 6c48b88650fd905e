use serde::Serialize;

use super::deployment::Deployment;
use super::{Outcome, Screen};
use crate::detect;
use crate::http::Limits;
use crate::rules::RuleSet;
use crate::settings::Settings;

/// One thing that was looked at.
#[derive(Serialize)]
struct Look {
    /// What.
    what: String,
    /// Whether it is in order.
    ok: bool,
    /// What was seen.
    seen: String,
}

impl Look {
    fn new(what: &str, seen: Result<String, String>) -> Self {
        let ok = seen.is_ok();
        Self { what: what.to_owned(), ok, seen: seen.unwrap_or_else(|error| error) }
    }
}

/// What is in order and what limits are in force.
#[derive(Serialize)]
struct Report {
    version: &'static str,
    looks: Vec<Look>,
    limits: Vec<Limit>,
}

#[derive(Serialize)]
struct Limit {
    what: String,
    limit: String,
    beyond: String,
}

/// Looks whether rules, store and index are in order, and prints the limits.
pub(super) async fn run(settings: &Settings) -> anyhow::Result<Outcome> {
    let mut looks = vec![rules()];
    looks.extend(deployment(settings).await);
    let limits = Limits::DEFAULT.table().into_iter().map(|(what, limit, beyond)| Limit {
        what: what.to_owned(),
        limit,
        beyond: beyond.to_owned(),
    });
    let report = Report { version: env!("CARGO_PKG_VERSION"), looks, limits: limits.collect() };
    let mark = |ok: bool| if ok { "in order" } else { "NOT in order" };
    let looks =
        report.looks.iter().map(|look| vec![look.what.clone(), mark(look.ok).into(), look.seen.clone()]);
    let limits = report.limits.iter().map(|row| {
        vec![format!("limit: {}", row.what), row.limit.clone(), format!("beyond: {}", row.beyond)]
    });
    Screen::new().table(&["what", "state", "seen"], looks.chain(limits), &report)?;
    Ok(if report.looks.iter().all(|look| look.ok) { Outcome::Done } else { Outcome::Problems })
}

fn rules() -> Look {
    let files = RuleSet::builtin_files();
    let problems = detect::check(&files);
    let seen = match problems.first() {
        None => Ok(format!("{} files, every example holds", files.len())),
        Some(first) => Err(format!("{} problems; the first: {first}", problems.len())),
    };
    Look::new("rules", seen)
}

async fn deployment(settings: &Settings) -> Vec<Look> {
    let deployment = match Deployment::open_existing(settings).await {
        Ok(deployment) => deployment,
        Err(error) => return vec![Look::new("store", Err(format!("{error:#}")))],
    };
    let store = deployment.store();
    let checked = store.check().await;
    let store_seen = match checked {
        Ok(faults) if faults.is_empty() => Ok(format!("{}, whole", deployment.place())),
        Ok(faults) => Err(faults.join("; ")),
        Err(error) => Err(format!("failed to {error}")),
    };
    let mut looks = vec![Look::new("store", store_seen)];
    looks.push(Look::new("index", index(&deployment).await));
    looks.push(Look::new("work", work(&deployment).await));
    looks
}

async fn index(deployment: &Deployment) -> Result<String, String> {
    let head = deployment.store().head().await.map_err(|error| format!("failed to {error}"))?;
    let index = deployment.index().await.map_err(|error| format!("{error:#}"))?;
    let through = index.indexed_through().await.map_err(|error| format!("failed to {error}"))?;
    Ok(format!("has read {through} of {head} changes"))
}

async fn work(deployment: &Deployment) -> Result<String, String> {
    let page = deployment.store().jobs(None, 200).await.map_err(|error| format!("failed to {error}"))?;
    let dead: Vec<_> = page.items.iter().filter(|job| job.state == "dead").collect();
    match dead.first() {
        None => Ok(format!("{} steps owed", page.items.len())),
        Some(job) => Err(format!(
            "{} steps were given up; the first is {} of {}: {}",
            dead.len(),
            job.kind,
            job.payload,
            job.last_error.as_deref().unwrap_or("no reason kept"),
        )),
    }
}

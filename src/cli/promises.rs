use serde::Serialize;
use serde_json::Value;

use super::args::Promises;
use super::deployment::Deployment;
use super::{Outcome, Screen, remote};
use crate::access::Viewer;
use crate::pipeline::PromiseFilter;
use crate::settings::Settings;

/// The query of `/v1/promises`.
#[derive(Serialize)]
struct Query<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    deal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<crate::rules::Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_by: Option<jiff::civil::Date>,
}

/// Lists promises over all deals or one.
pub(super) async fn run(settings: &Settings, args: &Promises) -> anyhow::Result<Outcome> {
    let promises = match &args.remote.server {
        Some(_) => {
            let query = Query {
                deal: args.deal.as_deref(),
                status: args.status.as_deref(),
                category: args.category,
                due_by: args.due_by,
            };
            let answer = remote::get(&args.remote, "/v1/promises", &query).await?;
            answer.get("items").and_then(Value::as_array).cloned().unwrap_or_default()
        }
        None => {
            let filter = PromiseFilter {
                deal: args.deal.clone(),
                status: args.status.clone(),
                category: args.category,
                due_by: args.due_by,
            };
            Deployment::open_existing(settings)
                .await?
                .pipeline()
                .await?
                .promises(Viewer::Everything, &filter)
                .await?
        }
    };
    let header = ["deal", "due", "status", "category", "who", "said"];
    Screen::new().table(&header, promises.iter().map(row), &promises)?;
    Ok(Outcome::Done)
}

fn row(promise: &Value) -> Vec<String> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let last = promise.get("said").and_then(Value::as_array).and_then(|said| said.last());
    let of_last = |key: &str| text(last.and_then(|said| said.get(key)));
    vec![
        text(promise.get("deal")),
        text(promise.get("due")),
        text(promise.get("status")),
        text(promise.get("category")),
        of_last("speaker"),
        last.map_or_else(|| text(promise.pointer("/review/stated/text")), |_| of_last("quote")),
    ]
}

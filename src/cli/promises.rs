use serde::Serialize;
use serde_json::Value;

use super::args::{Promises, Remote};
use super::deployment::Deployment;
use super::{Outcome, Screen, remote};
use crate::access::Viewer;
use crate::settings::Settings;
use crate::store::{PromiseFilter, Store};

/// Rows that are asked for at a time.
const ROWS: u32 = 200;

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
    limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
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
                limit: ROWS,
                cursor: None,
            };
            remote_all(&args.remote, query).await?
        }
        None => {
            let filter = PromiseFilter {
                deal: args.deal.clone(),
                status: args.status.clone(),
                category: args.category,
                due_by: args.due_by,
            };
            all(Deployment::open_existing(settings).await?.pipeline().await?.store(), &filter).await?
        }
    };
    let header = ["deal", "due", "status", "category", "who", "said"];
    Screen::new().table(&header, promises.iter().map(row), &promises)?;
    Ok(Outcome::Done)
}

/// Returns every page of a server's promises.
async fn remote_all(server: &Remote, mut query: Query<'_>) -> anyhow::Result<Vec<Value>> {
    let mut promises = Vec::new();
    loop {
        let mut page = remote::get(server, "/v1/promises", &query).await?;
        if let Some(Value::Array(items)) = page.get_mut("items").map(Value::take) {
            promises.extend(items);
        }
        query.cursor = page.get("next_cursor").and_then(Value::as_str).map(str::to_owned);
        if query.cursor.is_none() {
            return Ok(promises);
        }
    }
}

/// Returns every page of a store's promises.
async fn all(store: &Store, filter: &PromiseFilter) -> anyhow::Result<Vec<Value>> {
    let (mut promises, mut after) = (Vec::new(), None);
    loop {
        let page = store.promises(Viewer::Everything, filter, after.as_ref(), ROWS).await?;
        promises.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(promises);
        }
    }
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

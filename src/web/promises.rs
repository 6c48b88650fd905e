//! Promises of all deals, as a page and as a sheet.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Extension, Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::frame::{Frame, draw, shown, words};
use super::saying::{time, turn};
use super::sheet::Sheet;
use crate::http::{App, Caller, ProblemJson, encode};
use crate::pipeline::PromiseFilter;

#[derive(Template)]
#[template(path = "pages/promises.html")]
struct Page {
    frame: Frame,
    choices: Vec<Choice>,
    deal: String,
    filtered: bool,
    sheet: String,
    promises: Vec<Promise>,
}

/// A filter with the values that there are.
struct Choice {
    name: &'static str,
    title: &'static str,
    values: Vec<(String, String, bool)>,
}

struct Promise {
    text: String,
    account: String,
    deal: String,
    category: String,
    firmness: String,
    status: String,
    due: String,
    /// Whether it is open and its day is over.
    overdue: bool,
    speaker: String,
    date: String,
    time: String,
    call: String,
    read: String,
    verdict: String,
}

type Asked = BTreeMap<String, String>;

/// Shows the promises that fit the address.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, ProblemJson> {
    let all = promises(&app, &caller, &asked).await?;
    let choices = vec![
        Choice::due(&asked),
        Choice::new("status", "Status", &all, &asked, |promise| &promise.status),
        Choice::new("category", "Category", &all, &asked, |promise| &promise.category),
        Choice::new("firmness", "Firmness", &all, &asked, |promise| &promise.firmness),
        Choice::new("person", "Said by", &all, &asked, |promise| &promise.speaker),
    ];
    let pairs: Vec<_> =
        asked.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    draw(&Page {
        frame: Frame::new("Promises", "/promises", &caller),
        choices,
        deal: asked.get("deal").cloned().unwrap_or_default(),
        filtered: asked.values().any(|value| !value.is_empty()),
        sheet: format!("/promises.csv?{}", pairs.join("&")),
        promises: all.into_iter().filter(|promise| promise.fits(&asked)).collect(),
    })
}

/// Returns the same promises as a sheet.
pub(super) async fn csv(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
) -> Result<Response, ProblemJson> {
    let mut sheet = Sheet::default();
    sheet.row(["account", "promise", "due", "status", "category", "firmness", "said by", "on", "at", "call"]);
    for it in promises(&app, &caller, &asked).await?.iter().filter(|promise| promise.fits(&asked)) {
        sheet.row([
            it.account.as_str(),
            &it.text,
            &it.due,
            &it.status,
            &it.category,
            &it.firmness,
            &it.speaker,
            &it.date,
            &it.time,
            &it.call,
        ]);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"promises.csv\""),
    ];
    Ok((headers, sheet.into_text()).into_response())
}

/// Returns the promises of one deal or all, with those that are due first.
async fn promises(app: &App, caller: &Caller, asked: &Asked) -> Result<Vec<Promise>, ProblemJson> {
    let deal = asked.get("deal").filter(|deal| !deal.is_empty()).cloned();
    let filter = PromiseFilter { deal, ..PromiseFilter::default() };
    let found = app.pipeline.promises(caller.viewer(), &filter).await?;
    let today = app.pipeline.timeline().calendar.local(Timestamp::now()).date();
    Ok(found.iter().map(|promise| Promise::new(promise, today)).collect())
}

/// Returns who said the summary of a promise, when and where: the latest saying with those words, or the question that
/// it accepts.
fn cited(promise: &Value) -> Option<&Value> {
    let summary = promise.get("summary")?;
    let said = promise.get("said")?.as_array()?.iter().rev();
    let mut words = said.flat_map(|saying| [Some(saying), saying.get("context")]).flatten();
    words.find(|words| words.get("quote") == Some(summary))
}

impl Promise {
    fn new(promise: &Value, today: Date) -> Self {
        let text =
            |pointer: &str| promise.pointer(pointer).and_then(Value::as_str).map(shown).unwrap_or_default();
        let (status, due) = (text("/status"), text("/due"));
        let day = due.parse::<Date>().ok();
        let citation = cited(promise);
        let of = |pointer: &str| citation.and_then(|citation| citation.pointer(pointer));
        let said = |pointer: &str| of(pointer).and_then(Value::as_str).map(shown).unwrap_or_default();
        let number = |pointer: &str| of(pointer).and_then(Value::as_u64);
        let call = of("/call").and_then(Value::as_str);
        let place = call.zip(number("/span/turn")).map(|(call, at)| turn(call, at as u32));
        let title = Some(said("/call_title")).filter(|title| !title.is_empty());
        Self {
            text: text("/summary"),
            account: Some(text("/account")).filter(|name| !name.is_empty()).unwrap_or_else(|| text("/deal")),
            deal: format!("/deals/{}", encode(promise["deal"].as_str().unwrap_or_default())),
            category: words(&text("/category")),
            firmness: words(&text("/firmness")),
            overdue: matches!(status.as_str(), "open" | "changed") && day.is_some_and(|day| day < today),
            due: if day.is_some() { due } else { text("/due_text") },
            status,
            speaker: said("/speaker"),
            date: said("/date"),
            time: time(number("/start_ms")),
            call: title.unwrap_or_else(|| said("/call")),
            read: place.unwrap_or_default(),
            verdict: Some(text("/review/verdict")).filter(|it| it != "open").unwrap_or_default(),
        }
    }

    fn fits(&self, asked: &Asked) -> bool {
        let is = |name: &str, value: &str| asked.get(name).is_none_or(|it| it.is_empty() || it == value);
        let due = match asked.get("due").map_or("", String::as_str) {
            "overdue" => self.overdue,
            "dated" => !self.due.is_empty(),
            "undated" => self.due.is_empty(),
            _ => true,
        };
        due && is("status", &self.status)
            && is("category", &self.category)
            && is("firmness", &self.firmness)
            && is("person", &self.speaker)
    }
}

impl Choice {
    fn new(
        name: &'static str,
        title: &'static str,
        promises: &[Promise],
        asked: &Asked,
        of: impl Fn(&Promise) -> &String,
    ) -> Self {
        let values: BTreeSet<_> = promises.iter().map(of).filter(|value| !value.is_empty()).collect();
        let chosen = |value: &String| asked.get(name) == Some(value);
        let values = values.into_iter().map(|it| (it.clone(), it.clone(), chosen(it))).collect();
        Self { name, title, values }
    }

    fn due(asked: &Asked) -> Self {
        let choices = [("overdue", "overdue"), ("dated", "with a date"), ("undated", "without a date")];
        let value = |(value, title): (&str, &str)| {
            let chosen = asked.get("due").is_some_and(|it| it == value);
            (value.to_owned(), title.to_owned(), chosen)
        };
        Self { name: "due", title: "Due", values: choices.map(value).into() }
    }
}

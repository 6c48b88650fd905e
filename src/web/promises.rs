//! Promises of all deals or one: what is due, and what was promised on a question; as a page and as a sheet.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Extension, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

use super::frame::{Frame, draw, shown, words};
use super::saying::{line, side, turn};
use super::search::Seen;
use super::sheet::Sheet;
use crate::http::{App, Caller, ProblemJson, SearchParams, encode, find, note_export};
use crate::llm::{self, Wanted, answering};
use crate::packet::PromiseRow;
use crate::pipeline::DealPromises;
use crate::review::Verdict;
use crate::transcript::{Deal, Side};

/// Promises of a page.
const ROWS: usize = 100;

/// Quotes that stand below the promises which answer a question.
const QUOTES: u32 = 10;

/// How far ahead "soon" is: until the next look at the list.
const SOON_DAYS: i64 = 14;

/// How a question about promises names them, which says nothing of what they are on.
const PROMISE: &str = "promis";

/// Of a question's words, those longer than this are looked for among the quotes.
const SHORT: usize = 2;

#[derive(Template)]
#[template(path = "pages/promises.html")]
struct Page {
    frame: Frame,
    question: String,
    choices: Vec<Choice>,
    deal: String,
    filtered: bool,
    total: usize,
    sheet: String,
    promises: Vec<Promise>,
    /// The address of the rows behind these.
    more: String,
    /// What was said on a question, beside the promises.
    quotes: Vec<Seen>,
    asked: bool,
}

/// A filter with the values that there are, each with how many promises have it.
struct Choice {
    name: &'static str,
    title: &'static str,
    values: Vec<(String, String, usize, bool)>,
}

struct Promise {
    text: String,
    account: String,
    deal: String,
    line: String,
    category: String,
    firmness: String,
    status: String,
    due: String,
    /// Whether that is a date, and not the words that name one.
    dated: bool,
    /// When it is due among its kind: `overdue`, `soon`, `later`, `words` or `never`; `settled` where it
    /// was kept or taken back.
    when: &'static str,
    speaker: String,
    side: &'static str,
    date: String,
    time: String,
    call: String,
    read: String,
    verdict: &'static str,
    unsettled: bool,
}

/// A promise among those of all deals, before it is shown.
#[derive(Clone, Copy)]
struct Listed<'p> {
    deal: &'p Deal,
    row: &'p PromiseRow,
    /// What a question is compared with.
    told: &'p [String],
    when: &'static str,
}

impl AsRef<[String]> for Listed<'_> {
    fn as_ref(&self) -> &[String] {
        self.told
    }
}

type Asked = BTreeMap<String, String>;

/// What a filter looks at.
struct Filter {
    /// Its name in the address.
    name: &'static str,
    title: &'static str,
    value: fn(&PromiseRow) -> &str,
    /// Returns a value as a page shows it.
    shown: fn(&str) -> String,
}

const FILTERS: &[Filter] = &[
    Filter { name: "status", title: "Status", value: |row| &row.status, shown: words },
    Filter { name: "category", title: "Category", value: |row| row.category.as_str(), shown: words },
    Filter { name: "firmness", title: "Firmness", value: |row| row.firmness.as_str(), shown: words },
    Filter {
        name: "person",
        title: "Said by",
        value: |row| row.said.as_ref().map_or("", |said| &said.speaker),
        shown,
    },
];

/// The filters that the audit trail tells of a sheet.
const TOLD: [&str; 7] = ["deal", "due", "status", "category", "firmness", "person", "q"];

/// When promises are due, in words.
const WHEN: &[(&str, &str)] = &[
    ("overdue", "overdue"),
    ("soon", "within two weeks"),
    ("later", "later"),
    ("words", "in words only"),
    ("never", "without a date"),
    ("settled", "kept or taken back"),
];

/// Shows the promises that fit the address.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(mut asked): Query<Asked>,
) -> Result<Html<String>, ProblemJson> {
    // What is still being typed is answered like the rest.
    asked.remove("typing");
    let question = asked.get("q").map(|q| q.trim().to_owned()).unwrap_or_default();
    let deals = of_deals(&app, &caller, &asked).await?;
    let all = listed(&app, &deals);
    let choices = choices(&all, &asked);
    let fitting = fitting(all, &asked, &question);
    let from: usize = asked.get("from").and_then(|from| from.parse().ok()).unwrap_or(0);
    let total = fitting.len();
    let promises: Vec<_> = fitting.into_iter().skip(from).take(ROWS).map(Promise::from).collect();
    let quotes = match question.is_empty() || from > 0 {
        true => Vec::new(),
        false => quotes(&app, &caller, &asked, &question, &promises).await?,
    };
    let next = from + promises.len();
    draw(&Page {
        frame: Frame::new("Promises", "/promises", &caller),
        asked: !question.is_empty(),
        question,
        choices,
        deal: asked.get("deal").cloned().unwrap_or_default(),
        filtered: asked.values().any(|value| !value.is_empty()),
        sheet: format!("/promises.csv?{}", query(&asked, None)),
        more: if next < total { format!("/promises?{}", query(&asked, Some(next))) } else { String::new() },
        total,
        promises,
        quotes,
    })
}

/// Returns the same promises as a sheet.
pub(super) async fn csv(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
) -> Result<Response, ProblemJson> {
    let question = asked.get("q").map(|q| q.trim().to_owned()).unwrap_or_default();
    let deals = of_deals(&app, &caller, &asked).await?;
    let mut sheet = Sheet::default();
    sheet.row(["account", "promise", "due", "status", "category", "firmness", "said by", "on", "at", "call"]);
    let fitting = fitting(listed(&app, &deals), &asked, &question);
    for it in fitting.iter().copied().map(Promise::from) {
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
    let deal = asked.get("deal").filter(|_| !fitting.is_empty()).map(String::as_str);
    let detail = json!({ "filters": told(&asked), "promises": fitting.len() });
    note_export(&app, &caller, "promises.csv", deal.filter(|deal| !deal.is_empty()), detail).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"promises.csv\""),
    ];
    Ok((headers, sheet.into_text()).into_response())
}

/// Returns the filters of a sheet for the audit trail. A question and a name are only said to be there: the trail holds
/// no words of calls.
fn told(asked: &Asked) -> BTreeMap<&str, &str> {
    let filters = asked.iter().filter(|(name, value)| TOLD.contains(&name.as_str()) && !value.is_empty());
    let told = filters.map(|(name, value)| match name.as_str() {
        "q" | "person" => (name.as_str(), "…"),
        name => (name, value.as_str()),
    });
    told.collect()
}

/// Returns the promises of one deal or all.
async fn of_deals(app: &App, caller: &Caller, asked: &Asked) -> Result<Vec<Arc<DealPromises>>, ProblemJson> {
    let deal = asked.get("deal").filter(|deal| !deal.is_empty());
    Ok(app.pipeline.promises(caller.viewer(), deal.map(String::as_str)).await?)
}

/// Returns the promises of deals, those that are due first.
fn listed<'p>(app: &App, deals: &'p [Arc<DealPromises>]) -> Vec<Listed<'p>> {
    let now = Timestamp::now();
    let mut all = Vec::new();
    for deal in deals {
        let today = app.pipeline.today_of(&deal.deal, now);
        let promises = deal.rows.iter().zip(&deal.told);
        all.extend(promises.map(|(row, told)| Listed {
            deal: &deal.deal,
            row,
            told,
            when: when(row, today),
        }));
    }
    all.sort_by_key(|promise| promise.row.due.unwrap_or(Date::MAX));
    all
}

/// Returns when a promise is due, as one of [`WHEN`].
fn when(row: &PromiseRow, today: Date) -> &'static str {
    let soon = today.checked_add(SOON_DAYS.days()).unwrap_or(Date::MAX);
    match row.due {
        _ if !matches!(row.status.as_str(), "open" | "changed") => "settled",
        Some(due) if due < today => "overdue",
        Some(due) if due <= soon => "soon",
        Some(_) => "later",
        None if row.due_text.is_some() => "words",
        None => "never",
    }
}

/// Returns the promises that fit the filters; on a question, those that answer it, the best first.
fn fitting<'p>(mut all: Vec<Listed<'p>>, asked: &Asked, question: &str) -> Vec<Listed<'p>> {
    all.retain(|promise| promise.fits(asked));
    if question.is_empty() {
        return all;
    }
    answering(&all, question).into_iter().map(|at| all[at]).collect()
}

/// Returns what our side said on a question and no promise above says.
async fn quotes(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    question: &str,
    promises: &[Promise],
) -> Result<Vec<Seen>, ProblemJson> {
    // A question is no query: its words are asked for, and any of them will do.
    let wanted = Wanted::among::<Vec<String>>(llm::words(question), &[]);
    let words: Vec<_> =
        wanted.words().filter(|word| word.chars().count() > SHORT && !word.starts_with(PROMISE)).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let params = SearchParams {
        q: words.join(" OR "),
        deal: asked.get("deal").filter(|deal| !deal.is_empty()).cloned(),
        side: Some(Side::Rep),
        limit: Some(QUOTES),
        ..SearchParams::default()
    };
    match find(app, caller, params).await {
        Ok((found, _)) => {
            let hits = found.hits.iter().map(Seen::from);
            Ok(hits.filter(|hit| promises.iter().all(|promise| promise.read != hit.read)).collect())
        }
        Err(problem) if problem.status == StatusCode::BAD_REQUEST.as_u16() => Ok(Vec::new()),
        Err(problem) => Err(problem),
    }
}

fn query(asked: &Asked, from: Option<usize>) -> String {
    let kept = asked.iter().filter(|(name, value)| *name != "from" && !value.is_empty());
    let mut pairs: Vec<_> = kept.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.extend(from.map(|from| format!("from={from}")));
    pairs.join("&")
}

impl From<Listed<'_>> for Promise {
    fn from(Listed { deal, row, when, .. }: Listed) -> Self {
        let (deal, account) = (deal.id.as_str(), deal.account.as_str());
        let account = if account.is_empty() { deal } else { account };
        let said = row.said.as_ref();
        Self {
            text: shown(&row.words),
            account: shown(account),
            deal: format!("/deals/{}/overview", encode(deal)),
            line: line(deal, &row.entry),
            category: words(row.category.as_str()),
            firmness: words(row.firmness.as_str()),
            status: row.status.clone(),
            dated: row.due.is_some(),
            due: row
                .due
                .map(|due| due.to_string())
                .or(row.due_text.as_deref().map(shown))
                .unwrap_or_default(),
            when,
            speaker: said.map(|said| shown(&said.speaker)).unwrap_or_default(),
            side: said.map_or("", |said| side(said.side)),
            date: said.and_then(|said| said.date).map(|date| date.to_string()).unwrap_or_default(),
            time: said.and_then(|said| said.at).map(|at| at.to_string()).unwrap_or_default(),
            call: said.map(|said| shown(&said.title)).unwrap_or_default(),
            read: said.map(|said| turn(&said.call, said.turn)).unwrap_or_default(),
            verdict: if row.verdict == Verdict::Open { "" } else { row.verdict.as_str() },
            unsettled: row.unsettled,
        }
    }
}

impl Listed<'_> {
    fn fits(&self, asked: &Asked) -> bool {
        let wanted = |name: &str| asked.get(name).filter(|wanted| !wanted.is_empty());
        let is = |filter: &Filter| {
            wanted(filter.name).is_none_or(|wanted| *wanted == (filter.shown)((filter.value)(self.row)))
        };
        wanted("due").is_none_or(|due| due == self.when) && FILTERS.iter().all(is)
    }
}

/// Returns every filter with its values; how many promises have one is counted over all that the page is about.
fn choices(all: &[Listed], asked: &Asked) -> Vec<Choice> {
    let chosen = |name: &str, value: &str| asked.get(name).is_some_and(|it| it == value);
    let due = WHEN.iter().map(|(when, words)| {
        let number = all.iter().filter(|promise| promise.when == *when).count();
        ((*when).to_owned(), (*words).to_owned(), number, chosen("due", when))
    });
    let due =
        Choice { name: "due", title: "Due", values: due.filter(|(_, _, number, _)| *number > 0).collect() };
    let others = FILTERS.iter().map(|filter| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        all.iter().for_each(|promise| *counts.entry((filter.value)(promise.row)).or_default() += 1);
        let known = counts.into_iter().filter(|(value, _)| !value.is_empty());
        let values = known.map(|(value, number)| {
            let value = (filter.shown)(value);
            (value.clone(), value.clone(), number, chosen(filter.name, &value))
        });
        Choice { name: filter.name, title: filter.title, values: values.collect() }
    });
    std::iter::once(due).chain(others).collect()
}

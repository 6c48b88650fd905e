//! Search: the address holds the whole question, so that it can be sent to somebody.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Extension, Query, State};
use axum::http::StatusCode;
use axum::response::Html;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::frame::{Frame, draw, shown, words};
use super::saying::{side, time, turn};
use crate::access::Act;
use crate::http::{App, Caller, ProblemJson, SearchParams, encode, find};
use crate::rules::Kind;
use crate::search::{FacetCount, Found, Hit};

/// What can be asked beside the words, with the facets that lead there; in the order in which they are shown.
const FILTERS: &[(&str, &str)] = &[
    ("account", "Account"),
    ("deal", "Deal"),
    ("speaker", "Person"),
    ("side", "Side"),
    ("kind", "Found there"),
    ("call", "Call"),
    ("language", "Language"),
];

/// Dates and the page, which have no facet.
const OTHERS: &[&str] = &["from", "to", "cursor"];

#[derive(Template)]
#[template(path = "pages/search.html")]
struct Page {
    frame: Frame,
    query: String,
    from: String,
    to: String,
    asked: bool,
    /// What is wrong with the question.
    wrong: String,
    total: String,
    behind: bool,
    chosen: Vec<Chosen>,
    facets: Vec<Facet>,
    hits: Vec<Seen>,
    next: String,
    /// What a hit can be added to the packet as; empty for who reviews none.
    kinds: Vec<(&'static str, String)>,
}

struct Chosen {
    name: &'static str,
    field: &'static str,
    value: String,
    raw: String,
    without: String,
}

struct Facet {
    title: &'static str,
    values: Vec<(String, u64, String)>,
}

/// A hit as a page shows it.
pub(super) struct Seen {
    pub(super) pieces: Vec<(String, bool)>,
    pub(super) speaker: String,
    pub(super) side: &'static str,
    pub(super) date: String,
    pub(super) time: String,
    pub(super) call: String,
    pub(super) account: String,
    pub(super) deal: String,
    pub(super) kinds: Vec<String>,
    pub(super) read: String,
    pub(super) around: String,
    /// Where the words are added to the packet; empty where they belong to no deal.
    pub(super) add: String,
    pub(super) turn: u32,
    /// The words to the letter.
    pub(super) quote: String,
}

/// Shows what was found; without a question, how to ask.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(mut asked): Query<BTreeMap<String, String>>,
) -> Result<Html<String>, ProblemJson> {
    asked.retain(|_, value| !value.trim().is_empty());
    let typing = asked.remove("typing").is_some();
    let mut page = Page::new(&asked, &caller);
    if page.asked {
        match params(&asked, typing) {
            Ok(params) => match find(&app, &caller, params).await {
                Ok((found, behind)) => page.show(&asked, found, behind),
                Err(problem) if problem.status == StatusCode::BAD_REQUEST.as_u16() => {
                    page.wrong = problem.detail;
                }
                Err(problem) => return Err(problem),
            },
            Err(wrong) => page.wrong = wrong,
        }
    }
    draw(&page)
}

/// Reads the question; what no filter knows is let be.
fn params(asked: &BTreeMap<String, String>, typing: bool) -> Result<SearchParams, String> {
    let known =
        |name: &str| name == "q" || OTHERS.contains(&name) || FILTERS.iter().any(|(it, _)| *it == name);
    let fields = asked.iter().filter(|(name, _)| known(name));
    let mut fields: Map<String, Value> =
        fields.map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    fields.entry("q").or_insert_with(|| "".into());
    let params: SearchParams = serde_json::from_value(fields.into()).map_err(|error| error.to_string())?;
    Ok(SearchParams { typing, facets: true, ..params })
}

/// Returns the address of the question with one field set, or without it.
fn address(asked: &BTreeMap<String, String>, field: &str, value: Option<&str>) -> String {
    let mut asked = asked.clone();
    asked.remove("cursor");
    asked.remove(field);
    asked.extend(value.map(|value| (field.to_owned(), value.to_owned())));
    let pairs: Vec<_> =
        asked.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    format!("/search?{}", pairs.join("&"))
}

impl Page {
    fn new(asked: &BTreeMap<String, String>, caller: &Caller) -> Self {
        let text = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let chosen = FILTERS.iter().filter_map(|(field, name)| {
            let value = asked.get(*field)?;
            let without = address(asked, field, None);
            Some(Chosen { name, field, value: shown(&words(value)), raw: value.clone(), without })
        });
        Self {
            frame: Frame::new("Search", "/search", caller),
            query: text("q"),
            from: text("from"),
            to: text("to"),
            asked: !asked.is_empty(),
            wrong: String::new(),
            total: String::new(),
            behind: false,
            chosen: chosen.collect(),
            facets: Vec::new(),
            hits: Vec::new(),
            next: String::new(),
            kinds: if caller.may(Act::Review) { kinds() } else { Vec::new() },
        }
    }

    fn show(&mut self, asked: &BTreeMap<String, String>, found: Found, behind: bool) {
        let least = if found.total_is_least { "at least " } else { "" };
        let turns = if found.total == 1 { "turn" } else { "turns" };
        self.total = format!("{least}{} {turns}", found.total);
        self.behind = behind;
        let titles: BTreeMap<&str, &str> =
            found.hits.iter().filter_map(|hit| Some((hit.call.as_str(), hit.title.as_deref()?))).collect();
        let facet = |(field, title): &(&'static str, &'static str)| {
            let counts = found.facets.get(*field).filter(|_| !asked.contains_key(*field))?;
            let name = |value: &str| match *field {
                "call" => shown(titles.get(value).copied().unwrap_or(value)),
                "kind" | "side" => words(value),
                _ => shown(value),
            };
            let value = |count: &FacetCount| {
                (name(&count.value), count.count, address(asked, field, Some(&count.value)))
            };
            let values: Vec<_> = counts.iter().map(value).collect();
            (!values.is_empty()).then_some(Facet { title, values })
        };
        self.facets = FILTERS.iter().filter_map(facet).chain(months(asked, &found)).collect();
        self.hits = found.hits.iter().map(Seen::from).collect();
        self.next = found
            .next
            .map(|next| address(asked, "next", None) + "&cursor=" + &encode(&next))
            .unwrap_or_default();
    }
}

fn kinds() -> Vec<(&'static str, String)> {
    Kind::ALL.iter().map(|kind| (kind.as_str(), words(kind.as_str()))).collect()
}

/// Returns the months in which something was found, the latest first; each leads to its days.
fn months(asked: &BTreeMap<String, String>, found: &Found) -> Option<Facet> {
    let counts =
        found.facets.get("month").filter(|_| !asked.contains_key("from") && !asked.contains_key("to"))?;
    let value = |count: &FacetCount| {
        let first = format!("{}-01", count.value).parse::<Date>().ok()?;
        let mut within = asked.clone();
        within.insert("from".to_owned(), first.to_string());
        let to = address(&within, "to", Some(&first.last_of_month().to_string()));
        Some((first.strftime("%B %Y").to_string(), count.count, to))
    };
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by(|one, other| other.value.cmp(&one.value));
    let values: Vec<_> = counts.into_iter().filter_map(value).collect();
    (!values.is_empty()).then_some(Facet { title: "Month", values })
}

impl From<&Hit> for Seen {
    fn from(hit: &Hit) -> Self {
        Self {
            pieces: pieces(hit),
            speaker: shown(&hit.speaker),
            side: side(hit.side),
            date: hit.date.map(|date| date.to_string()).unwrap_or_default(),
            time: time(hit.start_ms),
            call: shown(hit.title.as_deref().unwrap_or(&hit.call)),
            account: shown(hit.account.as_deref().or(hit.deal.as_deref()).unwrap_or_default()),
            deal: hit
                .deal
                .as_deref()
                .map(|deal| format!("/deals/{}/overview", encode(deal)))
                .unwrap_or_default(),
            kinds: hit.kinds.iter().map(|kind| words(kind.as_str())).collect(),
            read: turn(&hit.call, hit.turn),
            around: format!("/calls/{}?around={}#turn-{}", encode(&hit.call), hit.turn, hit.turn),
            add: hit.deal.as_ref().map(|_| format!("/calls/{}/lines", encode(&hit.call))).unwrap_or_default(),
            turn: hit.turn,
            quote: hit.text.clone(),
        }
    }
}

/// Cuts the words where what was found begins and ends.
fn pieces(hit: &Hit) -> Vec<(String, bool)> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    for mark in &hit.highlights {
        let (before, marked) = (hit.text.get(at..mark.start), hit.text.get(mark.clone()));
        let (Some(before), Some(marked)) = (before, marked) else { continue };
        pieces.extend([(shown(before), false), (shown(marked), true)]);
        at = mark.end;
    }
    pieces.push((shown(hit.text.get(at..).unwrap_or_default()), false));
    pieces
}

use std::collections::HashSet;

use askama::Template;
use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{Extension, Form, Path, State};
use axum::http::HeaderMap;
use axum::response::{Html, Redirect};
use jiff::Timestamp;

use super::decide::place;
use super::entry::Entry;
use super::field::{Setting, set, settings};
use super::history::{Past, history};
use super::reader::Reader;
use super::whole::Whole;
use crate::access::Act;
use crate::http::{App, Caller, ProblemJson, author, dossier_for};
use crate::packet::{Item, Section};
use crate::web::form::Filled;
use crate::web::frame::{Frame, draw, shown};
use crate::web::saying::line;

#[derive(Template)]
#[template(path = "pages/line.html")]
struct Page {
    frame: Frame,
    /// The deal's address.
    deal: String,
    account: String,
    section: &'static str,
    entry: String,
    /// The line's place in the packet.
    place: String,
    /// The line; a rejected one is not among the packet's.
    item: Option<Entry>,
    settings: Vec<Setting>,
    history: Vec<Past>,
    /// Lines of the same kind, with which it can be merged.
    others: Vec<Other>,
    /// Whether it has sayings that can part.
    splits: bool,
    revision: u64,
    reviews: bool,
    discusses: bool,
}

struct Other {
    entry: String,
    words: String,
    /// Whether the rules would join the two.
    proposed: bool,
}

/// Shows all about one line: its fields, its history, what it can be merged with.
pub(in crate::web) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Html<String>, ProblemJson> {
    let Path((deal, entry)) = path?;
    let dossier = dossier_for(&app, &caller, &deal).await?;
    let profile = &app.pipeline.timeline().profile;
    let reader = Reader::new(&dossier, &caller, profile, Timestamp::now(), Whole::default());
    draw(&Page::new(&entry, &reader).ok_or_else(|| ProblemJson::not_found("line"))?)
}

/// Settles the fields of a line that a form changes.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
    filled: Result<Form<Filled>, FormRejection>,
) -> Result<Redirect, ProblemJson> {
    let (Path((deal, entry)), Form(filled)) = (path?, filled?);
    let revision = filled.needed_as("revision")?;
    let found = app.pipeline.reviewed(&deal).await?;
    let (reviewed, _) = found.ok_or_else(|| ProblemJson::not_found("deal"))?;
    let acts = set(&entry, &filled, &reviewed)?;
    if !acts.is_empty() {
        app.pipeline.decide(&deal, acts, author(&caller), Some(revision), None).await?;
    }
    Ok(Redirect::to(&place(&deal, &filled, &headers)))
}

impl Page {
    /// Returns all about the line of an entry; `None` where there is none for this reader.
    fn new(entry: &str, reader: &Reader) -> Option<Self> {
        let (packet, caller) = (&reader.dossier.packet, reader.caller);
        let entry = reader.dossier.reviewed.current(entry);
        let all =
            || packet.sections.iter().flat_map(|section| section.items.iter().map(move |it| (section, it)));
        let found: Option<(&Section, &Item)> =
            all().find(|(_, item)| item.entry == entry && item.is_reviewed());
        if found.is_none() && !packet.rejected.iter().any(|line| line.was.entry == entry) {
            return None;
        }
        let kind = found.map(|(_, item)| item.kind);
        let proposed = found.and_then(|(_, item)| item.review.as_ref()?.proposed_merge.as_deref());
        let mut seen = HashSet::from([entry]);
        let others = all().filter(|(_, item)| Some(item.kind) == kind && seen.insert(&item.entry));
        let mut others: Vec<_> = others.map(|(_, item)| Other::new(item, proposed)).collect();
        others.sort_by_key(|other| !other.proposed);
        let item = found.map(|(section, item)| Entry::new(section, 1, item, &mut HashSet::new(), reader));
        let sayings = |item: &Entry| item.lines.iter().filter(|line| !line.finding.is_empty()).count();
        Some(Self {
            frame: Frame::new(&reader.account(), "/", caller),
            deal: reader.deal(),
            place: line(&packet.deal.id, entry),
            account: reader.account(),
            section: found.map_or("Set aside", |(section, _)| section.title),
            settings: settings(entry, reader),
            history: history(entry, kind, reader),
            others,
            splits: item.as_ref().is_some_and(|item| sayings(item) > 1),
            revision: reader.dossier.revision,
            reviews: caller.may(Act::Review),
            discusses: caller.may(Act::Discuss),
            entry: entry.to_owned(),
            item,
        })
    }
}

impl Other {
    fn new(item: &Item, proposed: Option<&str>) -> Self {
        let words = item.lines.last().map(|line| line.words.quote.text());
        Self {
            entry: item.entry.clone(),
            words: shown(item.name.as_deref().or(words).unwrap_or(&item.entry)),
            proposed: proposed == Some(item.entry.as_str()),
        }
    }
}

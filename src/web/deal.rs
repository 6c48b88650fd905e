//! A deal: where its handoff stands, what was promised on a question, what happened when, calls, people and papers.

use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Extension, Form, Multipart, Path, Query, State};
use axum::response::{Html, Redirect};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::ask::Asked;
use super::deadline::Deadline;
use super::frame::{Frame, draw, shown, words};
use super::moment::Moment;
use super::papers::{self, Listed};
use super::saying::{line, listen};
use super::shares::{self, Outcome};
use super::timeline::Timeline;
use crate::access::Act;
use crate::http::{
    App, Caller, FieldError, Id, MOST_SHARE_DAYS, ProblemJson, SHARE_DAYS, answer, dossier_for, encode,
    passages, put_on,
};
use crate::ledger::Contact;
use crate::packet::Packet;
use crate::pipeline::HandoffLine;
use crate::rules::Attitude;
use crate::store::{Attachment, CallState, StoredCall};

#[derive(Template)]
#[template(path = "pages/deal.html")]
struct Page {
    frame: Frame,
    deal: String,
    account: String,
    about: String,
    stage: &'static str,
    people: String,
    disputes: usize,
    percent: usize,
    gaps: usize,
    clocks: Vec<Deadline>,
    asked: Option<Asked>,
    question: String,
    /// Whether there is a model to ask.
    model: bool,
    timeline: Timeline,
    calls: Vec<Call>,
    contacts: Vec<Person>,
    attachments: Vec<Attached>,
    papers: Vec<Listed>,
    shares: Vec<shares::Listed>,
    /// What came of a link that was just asked for.
    shared: Option<Outcome>,
    /// For how many days a link is made where nobody says, and at most.
    share_days: (u32, u32),
    may_share: bool,
    corrects: bool,
    delivers: bool,
}

struct Call {
    title: String,
    date: String,
    to: String,
    listen: String,
    /// What is wrong with it, or that it waits; empty where it was read.
    state: String,
}

struct Person {
    name: String,
    title: String,
    side: &'static str,
    roles: String,
    stance: &'static str,
    tone: &'static str,
    last: String,
    calls: usize,
    left: bool,
    line: String,
}

struct Attached {
    id: String,
    name: String,
    by: String,
    at: Moment,
}

/// What is asked about the deal.
#[derive(Deserialize)]
pub(super) struct Question {
    #[serde(default)]
    q: String,
}

/// Shows a deal; a question in the address is answered with the words that answer it. A model is not asked: its answer
/// costs, and an address is loaded again and again.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Html<String>, ProblemJson> {
    let Query(Question { q }) = question?;
    let packet = dossier_for(&app, &caller, &deal).await?.packet;
    let asked = match q.trim().is_empty() {
        true => None,
        false => Some(Asked::new(&packet, passages(&app, &packet, &q).await)?),
    };
    page(&app, &caller, &packet, (q, asked), None).await
}

/// Shows a deal with the answer to the question that a form sends, a model's sentence with it where there is one.
pub(super) async fn ask(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    question: Result<Form<Question>, FormRejection>,
) -> Result<Html<String>, ProblemJson> {
    let Form(Question { q }) = question?;
    let packet = dossier_for(&app, &caller, &deal).await?.packet;
    let asked = Asked::new(&packet, answer(&app, &packet, &q).await)?;
    page(&app, &caller, &packet, (q, Some(asked)), None).await
}

/// Shows a deal with what was asked about it, and what came of a link that was asked for.
pub(super) async fn page(
    app: &App,
    caller: &Caller,
    packet: &Packet,
    question: (String, Option<Asked>),
    shared: Option<Outcome>,
) -> Result<Html<String>, ProblemJson> {
    let (store, deal) = (app.pipeline.store(), &packet.deal.id);
    let stored = store.deal(deal).await?.ok_or_else(|| ProblemJson::not_found("deal"))?;
    let now = Timestamp::now();
    let line = app.pipeline.handoff_line(stored, now).await?;
    let (calls, attachments) = (store.calls_of(deal).await?, store.attachments(deal).await?);
    let made = store.shares(deal).await?;
    let shares = made.iter().rev().map(|share| shares::Listed::new(share, &line.zone, now)).collect();
    let page = Page::new(packet, &line, &calls, &attachments, question, caller);
    draw(&Page { model: app.pipeline.has_listener(), shares, shared, ..page })
}

/// Attaches the papers that a form sends; where one is refused, says of each what became of it.
pub(super) async fn attach(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Redirect, ProblemJson> {
    let mut form = form?;
    let mut outcomes = Vec::new();
    let mut refused: Option<ProblemJson> = None;
    while let Some(part) = form.next_field().await? {
        let name = part.file_name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await?;
        if !bytes.is_empty() {
            let detail = match put_on(&app, &caller, &deal, &name, bytes.to_vec()).await {
                Ok(_) => format!("{}: attached", shown(&name)),
                Err(problem) => {
                    let why = format!("{}: not attached, {}", shown(&name), problem.detail);
                    refused.get_or_insert(problem);
                    why
                }
            };
            outcomes.push(FieldError { pointer: "file".to_owned(), detail });
        }
    }
    if let Some(problem) = refused {
        return Err(ProblemJson { errors: outcomes, ..problem });
    }
    if outcomes.is_empty() {
        return Err(ProblemJson::field("file", "choose an order form or a contract that is not empty"));
    }
    Ok(Redirect::to(&format!("/deals/{}/overview#papers", encode(&deal))))
}

/// Takes a paper off the deal.
pub(super) async fn detach(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((deal, id)): Path<(String, String)>,
) -> Result<Redirect, ProblemJson> {
    let id = id.parse().map_err(|_| ProblemJson::not_found("attachment"))?;
    app.pipeline.detach(&deal, id, &caller.name).await?;
    Ok(Redirect::to(&format!("/deals/{}/overview#papers", encode(&deal))))
}

impl Page {
    fn new(
        packet: &Packet,
        line: &HandoffLine,
        calls: &[StoredCall],
        attachments: &[Attachment],
        (question, asked): (String, Option<Asked>),
        caller: &Caller,
    ) -> Self {
        let deal = &packet.deal;
        let account = shown(if deal.account.is_empty() { &deal.id } else { &deal.account });
        let closed = deal.closed_at.map(|time| format!("won on {}", time.date()));
        let people = [&line.ae, &line.csm].into_iter().flatten().map(|name| shown(name));
        let red = caller.may(Act::ReadRedFlags);
        let contact = |contact: &Contact| Person::new(contact, &deal.id, red);
        Self {
            frame: Frame::new(&account, "/", caller),
            deal: encode(&deal.id),
            about: closed.unwrap_or_else(|| "not won yet".to_owned()),
            stage: line.stage.words(),
            people: people.collect::<Vec<_>>().join(" → "),
            disputes: line.disputes,
            percent: packet.completeness.percent,
            gaps: packet.gaps.len(),
            clocks: line.clocks.iter().filter_map(|clock| Deadline::new(clock, &line.zone)).collect(),
            timeline: Timeline::new(&packet.timeline(), &deal.id),
            calls: calls.iter().map(Call::from).collect(),
            contacts: packet.ledger.stakeholders.iter().map(contact).collect(),
            attachments: attachments.iter().map(|paper| Attached::new(paper, &line.zone)).collect(),
            papers: papers::listed(&deal.id, caller),
            shares: Vec::new(),
            shared: None,
            share_days: (SHARE_DAYS, MOST_SHARE_DAYS),
            may_share: caller.may(Act::Share),
            corrects: caller.may(Act::Correct),
            delivers: caller.may(Act::Deliver),
            account,
            question,
            asked,
            model: false,
        }
    }
}

impl From<&StoredCall> for Call {
    fn from(stored: &StoredCall) -> Self {
        let call = &stored.call;
        let title = call.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(&call.id);
        Self {
            title: shown(title),
            date: call.started_at.map(|start| start.date().to_string()).unwrap_or_default(),
            to: format!("/calls/{}", encode(&call.id)),
            listen: listen(call.recording_url.as_deref(), None),
            state: match stored.state {
                CallState::Read => String::new(),
                CallState::Received => "is being read".to_owned(),
                CallState::Unreadable => {
                    format!("cannot be read: {}", shown(stored.reason.as_deref().unwrap_or("no reason kept")))
                }
            },
        }
    }
}

impl Person {
    fn new(contact: &Contact, deal: &str, red_flags: bool) -> Self {
        let roles = contact.roles.iter().map(|role| words(role.as_str())).collect::<Vec<_>>();
        let stance = if red_flags { contact.attitude } else { Attitude::Unknown };
        Self {
            name: shown(contact.display()),
            title: contact.title.as_deref().filter(|_| contact.name.is_some()).map(shown).unwrap_or_default(),
            side: contact.side.as_str(),
            roles: roles.join(", "),
            stance: if stance == Attitude::Unknown { "" } else { stance.as_str() },
            tone: match stance {
                Attitude::Supportive => "good",
                Attitude::Unknown | Attitude::Neutral => "",
                _ => "bad",
            },
            last: contact.last_contact.map(|date| date.to_string()).unwrap_or_default(),
            calls: contact.speaks_on.len(),
            left: contact.has_left(),
            line: line(deal, &contact.id),
        }
    }
}

impl Attached {
    fn new(paper: &Attachment, zone: &TimeZone) -> Self {
        Self {
            id: paper.id.to_string(),
            name: shown(&paper.name),
            by: shown(&paper.author),
            at: Moment::in_zone(paper.attached_at, zone),
        }
    }
}

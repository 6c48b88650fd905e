//! What waits for whoever has signed in: drafts to review, handoffs and their clocks, what is late.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::response::Html;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::frame::{Frame, draw, shown};
use crate::access::{Act, Role};
use crate::handoff::{Clock, ClockState, Stage};
use crate::http::{App, Caller, ProblemJson, encode};
use crate::pipeline::HandoffLine;
use crate::store::StoredDraft;

/// Deals of a page: what one looks through before lunch.
const DEALS: u32 = 50;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Page {
    frame: Frame,
    groups: Vec<Group>,
    next: String,
    delivers: bool,
}

struct Group {
    title: &'static str,
    deals: Vec<Deal>,
}

struct Deal {
    account: String,
    to: String,
    stage: &'static str,
    percent: Option<u64>,
    changed: usize,
    last_call: String,
    people: String,
    disputes: usize,
    clocks: Vec<Deadline>,
}

struct Deadline {
    title: String,
    when: String,
    tone: &'static str,
}

/// Where the list begins.
#[derive(Deserialize)]
pub(super) struct From {
    cursor: Option<String>,
}

/// Shows what waits.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    from: Result<Query<From>, QueryRejection>,
) -> Result<Html<String>, ProblemJson> {
    let Query(From { cursor }) = from?;
    let after = cursor.as_deref().map(str::parse).transpose()?;
    let (store, now) = (app.pipeline.store(), Timestamp::now());
    let page = store.deals(caller.viewer(), after.as_ref(), DEALS).await?;
    let mut lines = Vec::new();
    for stored in page.items {
        let draft = store.draft(&stored.deal.id).await?;
        let zone = app.pipeline.timeline().calendar.local(now).time_zone().clone();
        let line = app.pipeline.handoff_line(stored, now).await?;
        let deal = Deal::new(&line, draft.as_ref(), caller.may(Act::ReadRedFlags), &zone);
        lines.push((line, deal));
    }
    draw(&Page {
        frame: Frame::new("Home", "/", &caller),
        groups: grouped(lines, caller.role),
        next: page.next.map(|next| format!("/?cursor={next}")).unwrap_or_default(),
        delivers: caller.may(Act::Deliver),
    })
}

/// Sorts deals into what a role looks at first; each deal stands once.
fn grouped(lines: Vec<(HandoffLine, Deal)>, role: Role) -> Vec<Group> {
    let late: fn(&HandoffLine) -> bool = |line| line.is_late() || line.disputes > 0;
    let review: fn(&HandoffLine) -> bool =
        |line| matches!(line.stage, Stage::Drafting | Stage::InAeReview | Stage::Returned);
    let read: fn(&HandoffLine) -> bool = |line| matches!(line.stage, Stage::WithCsm | Stage::SignedByAe);
    let rest: fn(&HandoffLine) -> bool = |_| true;
    let (late, review) = (("Late or disputed", late), ("To review", review));
    let (read, rest) = (("To read before kickoff", read), ("Under way", rest));
    let order = match role {
        Role::Csm => [read, late, review, rest],
        Role::Manager | Role::CsManager => [late, review, read, rest],
        _ => [review, late, read, rest],
    };
    let mut groups = order.map(|(title, _)| Group { title, deals: Vec::new() });
    for (line, deal) in lines {
        if let Some(place) = order.iter().position(|(_, takes)| takes(&line)) {
            groups[place].deals.push(deal);
        }
    }
    groups.into_iter().filter(|group| !group.deals.is_empty()).collect()
}

impl Deal {
    fn new(line: &HandoffLine, draft: Option<&StoredDraft>, red_flags: bool, zone: &TimeZone) -> Self {
        let packet = draft.map(|stored| &stored.draft.packet);
        let of = |pointer: &str| packet.and_then(|packet| packet.pointer(pointer));
        let told = |change: &&Value| red_flags || change["audience"] != "red_flags";
        let changed =
            of("/changed").and_then(Value::as_array).map_or(0, |list| list.iter().filter(told).count());
        let last = of("/calls").and_then(Value::as_array).and_then(|calls| calls.last());
        let last = last.map(|call| {
            let text = |key: &str| call[key].as_str().unwrap_or_default();
            let title = if text("title").is_empty() { text("id") } else { text("title") };
            let date = if text("date").is_empty() { String::new() } else { format!(", {}", text("date")) };
            shown(&format!("{title}{date}"))
        });
        let people = [&line.ae, &line.csm].into_iter().flatten().map(|it| shown(it));
        Self {
            account: shown(if line.account.is_empty() { &line.deal } else { &line.account }),
            to: format!("/deals/{}", encode(&line.deal)),
            stage: line.stage.words(),
            percent: of("/completeness/percent").and_then(Value::as_u64),
            changed,
            last_call: last.unwrap_or_default(),
            people: people.collect::<Vec<_>>().join(" → "),
            disputes: line.disputes,
            clocks: line.clocks.iter().filter_map(|clock| Deadline::new(clock, zone)).collect(),
        }
    }
}

impl Deadline {
    /// Returns a deadline that runs or was missed.
    fn new(clock: &Clock, zone: &TimeZone) -> Option<Self> {
        let due = clock.due_at?.to_zoned(zone.clone());
        let tone = match clock.state {
            ClockState::Breached => "bad",
            ClockState::Near => "warn",
            ClockState::Due => "",
            _ => return None,
        };
        let day = due.strftime("%a %d %b, %H:%M").to_string();
        let when = match clock.late_by_hours.filter(|_| clock.state == ClockState::Breached) {
            Some(hours) if hours >= 48 => format!("{} days late", hours / 24),
            Some(hours) => format!("{hours} h late"),
            None => format!("by {day}"),
        };
        Some(Self { title: clock.title.clone(), when, tone })
    }
}

//! What waits for whoever has signed in: drafts to review, handoffs to read, what is late, and what needs care.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::response::Html;
use jiff::Timestamp;
use serde::Deserialize;

use super::care::Care;
use super::deadline::Deadline;
use super::frame::{Frame, draw, shown};
use crate::access::{Act, Role};
use crate::handoff::Stage;
use crate::http::{App, Caller, ProblemJson, encode};
use crate::packet::{Counted, Glance};
use crate::pipeline::HandoffLine;

/// Deals of a group that are shown at first: what one looks through before lunch.
const DEALS: usize = 24;

/// What the last call changed, and deadlines, as far as a deal's card has room for them.
const CHANGES: usize = 4;
const CLOCKS: usize = 3;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Page {
    frame: Frame,
    /// What needs care of whoever runs the service.
    care: Option<Care>,
    groups: Vec<Group>,
    /// Whose deals can be chosen: all, or those of the teams that one leads.
    teams: Vec<(&'static str, &'static str, bool)>,
    delivers: bool,
    none: bool,
}

struct Group {
    id: &'static str,
    title: &'static str,
    empty: &'static str,
    number: usize,
    deals: Vec<Deal>,
    /// The address of the whole group where only its first deals are shown.
    more: String,
}

struct Deal {
    account: String,
    to: String,
    overview: String,
    stage: &'static str,
    percent: Option<usize>,
    open: usize,
    changed: Vec<String>,
    last_call: String,
    people: String,
    yours: bool,
    disputes: usize,
    clocks: Vec<Deadline>,
    more_clocks: usize,
}

/// Which deals to show.
#[derive(Deserialize)]
pub(super) struct View {
    /// `team` for those of the teams that one leads, `all` for the others too.
    of: Option<String>,
    /// The group to show whole.
    all: Option<String>,
}

/// Shows what waits.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    view: Result<Query<View>, QueryRejection>,
) -> Result<Html<String>, ProblemJson> {
    let Query(view) = view?;
    let (store, now) = (app.pipeline.store(), Timestamp::now());
    let mut lines = app.pipeline.handoff_lines(caller.viewer(), now).await?;
    let none = lines.is_empty();
    let team = team_of(&app, &caller).await?;
    let narrowed = caller.role.leads() && !team.is_empty() && view.of.as_deref() != Some("all");
    if narrowed {
        lines.retain(|line| {
            let mut known = [&line.ae, &line.csm].into_iter().flatten().peekable();
            known.peek().is_none() || known.any(|name| team.contains(name))
        });
    }
    let choices = [("team", "your teams", narrowed), ("all", "all", !narrowed)];
    let glances: HashMap<String, Glance> = store.glances(caller.viewer()).await?;
    draw(&Page {
        frame: Frame::new("Home", "/", &caller),
        care: if caller.may(Act::Operate) { Some(Care::of(&app).await?) } else { None },
        groups: grouped(lines, &glances, &view, &caller),
        teams: if caller.role.leads() && !team.is_empty() { choices.into() } else { Vec::new() },
        delivers: caller.may(Act::Deliver),
        none,
    })
}

/// Returns the logins of everybody in a team of the caller's.
async fn team_of(app: &App, caller: &Caller) -> Result<BTreeSet<String>, ProblemJson> {
    let all = app.pipeline.store().teams().await?;
    let theirs: BTreeSet<_> =
        all.iter().filter(|(_, member)| *member == caller.name).map(|(team, _)| team.clone()).collect();
    Ok(all.into_iter().filter(|(team, _)| theirs.contains(team)).map(|(_, member)| member).collect())
}

/// A heap of deals: those of which `takes` holds and no heap before took.
struct Heap {
    id: &'static str,
    title: &'static str,
    /// What is said where it is what a role looks for first and there is nothing in it.
    empty: &'static str,
    takes: fn(&HandoffLine, &str) -> bool,
}

const REVIEW: Heap = Heap {
    id: "review",
    title: "To review",
    empty: "No draft waits for your review. The next call that is delivered puts its deal here.",
    takes: |line, who| is_draft(line) && is_for(&line.ae, who),
};
const READ: Heap = Heap {
    id: "read",
    title: "To read before the kickoff",
    empty: "No packet waits to be read. One comes here when its account executive signs it.",
    takes: |line, who| is_handed_over(line) && is_for(&line.csm, who),
};
const LATE: Heap = Heap {
    id: "late",
    title: "Late or disputed",
    empty: "Nothing is late, and nothing is disputed.",
    takes: |line, _| line.is_late() || line.disputes > 0,
};
const DRAFTS: Heap = Heap { id: "drafts", title: "Drafted", empty: "", takes: |line, _| is_draft(line) };
const WITH_CSM: Heap =
    Heap { id: "with-csm", title: "With the CSM", empty: "", takes: |line, _| is_handed_over(line) };
const REST: Heap = Heap { id: "rest", title: "Under way", empty: "", takes: |_, _| true };

/// Returns what a role looks for, the first first.
fn heaps(role: Role) -> &'static [Heap] {
    match role {
        Role::Csm => &[READ, LATE, DRAFTS, REST],
        Role::Manager | Role::CsManager | Role::Admin => &[LATE, WITH_CSM, DRAFTS, REST],
        _ => &[REVIEW, LATE, WITH_CSM, DRAFTS, REST],
    }
}

fn is_draft(line: &HandoffLine) -> bool {
    matches!(line.stage, Stage::Drafting | Stage::InAeReview | Stage::Returned)
}

fn is_handed_over(line: &HandoffLine) -> bool {
    matches!(line.stage, Stage::SignedByAe | Stage::WithCsm)
}

/// What nobody has taken up is everybody's.
fn is_for(name: &Option<String>, who: &str) -> bool {
    name.as_ref().is_none_or(|name| name == who)
}

/// Sorts deals into heaps, in each one's own first, then those that are due first.
fn grouped(
    lines: Vec<HandoffLine>,
    glances: &HashMap<String, Glance>,
    view: &View,
    caller: &Caller,
) -> Vec<Group> {
    let heaps = heaps(caller.role);
    let mut sorted: Vec<Vec<HandoffLine>> = heaps.iter().map(|_| Vec::new()).collect();
    for line in lines {
        if let Some(place) = heaps.iter().position(|heap| (heap.takes)(&line, &caller.name)) {
            sorted[place].push(line);
        }
    }
    let groups = heaps.iter().zip(sorted).enumerate().map(|(at, (heap, mut lines))| {
        lines.sort_by_cached_key(|line| (!is_own(line, &caller.name), first_due(line)));
        let number = lines.len();
        let whole = view.all.as_deref() == Some(heap.id);
        let shown = if whole { number } else { DEALS };
        let team = view.of.as_ref().map(|of| format!("&of={}", encode(of))).unwrap_or_default();
        Group {
            id: heap.id,
            title: heap.title,
            empty: if at == 0 { heap.empty } else { "" },
            number,
            more: if number > shown { format!("/?all={}{team}#{}", heap.id, heap.id) } else { String::new() },
            deals: lines.iter().take(shown).map(|line| Deal::new(line, glances, caller)).collect(),
        }
    });
    groups.filter(|group| group.number > 0 || !group.empty.is_empty()).collect()
}

fn is_own(line: &HandoffLine, who: &str) -> bool {
    [&line.ae, &line.csm].into_iter().flatten().any(|name| name == who)
}

/// Returns when the first deadline of a handoff that is not met is over, the end of time where none runs.
fn first_due(line: &HandoffLine) -> Timestamp {
    let running = line.clocks.iter().filter(|clock| clock.done_at.is_none());
    running.filter_map(|clock| clock.due_at).min().unwrap_or(Timestamp::MAX)
}

impl Deal {
    fn new(line: &HandoffLine, glances: &HashMap<String, Glance>, caller: &Caller) -> Self {
        let glance = glances.get(&line.deal);
        let red = caller.may(Act::ReadRedFlags);
        let told = |it: &&Counted| red || !it.red_flags;
        let open = |glance: &Glance| glance.open + if red { glance.open_red_flags } else { 0 };
        let changed = glance.iter().flat_map(|glance| &glance.changed).filter(told);
        let last = glance.and_then(|glance| glance.last_call.as_ref()).map(|call| {
            let date = call.date.map(|date| format!(", {date}")).unwrap_or_default();
            format!("{}{date}", shown(&call.title))
        });
        let people = [&line.ae, &line.csm].into_iter().flatten().map(|name| shown(name));
        let mut clocks: Vec<_> = line.clocks.iter().filter(|clock| clock.done_at.is_none()).collect();
        clocks.sort_by_key(|clock| clock.due_at);
        let deal = encode(&line.deal);
        Self {
            account: shown(if line.account.is_empty() { &line.deal } else { &line.account }),
            to: format!("/deals/{deal}"),
            overview: format!("/deals/{deal}/overview"),
            stage: line.stage.words(),
            percent: glance.map(|glance| glance.percent),
            open: glance.filter(|_| is_draft(line)).map_or(0, open),
            changed: changed.take(CHANGES).map(|it| format!("{} × {}", it.number, it.what)).collect(),
            last_call: last.unwrap_or_default(),
            people: people.collect::<Vec<_>>().join(" → "),
            yours: is_own(line, &caller.name),
            disputes: line.disputes,
            more_clocks: clocks.len().saturating_sub(CLOCKS),
            clocks: clocks.iter().take(CLOCKS).filter_map(|it| Deadline::running(it, &line.zone)).collect(),
        }
    }
}

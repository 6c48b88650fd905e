//! What is measured: handoffs in time, how they were rated, what was kept, and how right the rules are.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::response::Html;
use jiff::Timestamp;
use serde::Deserialize;

use super::chart::{Chart, Share};
use super::frame::{Frame, draw, shown, words};
use crate::access::Act;
use crate::handoff::{Figure, GroupBy, GroupFigures, Of};
use crate::http::{App, Caller, ProblemJson, encode};
use crate::ledger::Kept;
use crate::pipeline::KeptRates;
use crate::review::Tally;
use crate::rules::StepSide;

/// Rules that are listed, those with most verdicts first.
const RULES: usize = 60;

/// By what handoffs can be grouped, with the words for it.
const GROUPS: &[(GroupBy, &str, &str)] = &[
    (GroupBy::Month, "month", "month of the close"),
    (GroupBy::Ae, "ae", "account executive"),
    (GroupBy::Csm, "csm", "customer success manager"),
    (GroupBy::Team, "team", "team"),
];

#[derive(Template)]
#[template(path = "pages/insight.html")]
struct Page {
    frame: Frame,
    groups: Vec<(&'static str, String, bool)>,
    /// Whose handoffs these are, and the address of all.
    of: Vec<(String, String)>,
    handoffs: usize,
    measures: Vec<Measured>,
    kept: Vec<Rate>,
    promises: Vec<Rate>,
    kinds: Vec<Ruled>,
    rules: Vec<Ruled>,
    more_rules: usize,
    judges: bool,
}

/// One measure over all groups.
struct Measured {
    title: String,
    row: String,
    target: String,
    chart: Chart,
    rows: Vec<Row>,
}

struct Row {
    group: String,
    /// The same page for this group alone over time; empty where there is no such.
    to: String,
    met: String,
    share: String,
    median: String,
    late: Vec<(String, String)>,
}

/// A share of a whole.
struct Rate {
    name: String,
    number: usize,
    of: usize,
    percent: usize,
    more: String,
}

/// What reviews say of a rule, or of all rules of a kind.
struct Ruled {
    rule: String,
    kind: String,
    accepted: usize,
    edited: usize,
    rejected: usize,
    percent: String,
}

/// What to show.
#[derive(Deserialize)]
pub(super) struct View {
    by: Option<GroupBy>,
    ae: Option<String>,
    csm: Option<String>,
    team: Option<String>,
}

/// Shows what is measured.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    view: Result<Query<View>, QueryRejection>,
) -> Result<Html<String>, ProblemJson> {
    let Query(View { by, ae, csm, team }) = view?;
    let known = |text: Option<String>| text.filter(|text| !text.is_empty());
    let of = Of { ae: known(ae), csm: known(csm), team: known(team) };
    let by = by.filter(|by| *by != GroupBy::All).unwrap_or(GroupBy::Month);
    let now = Timestamp::now();
    let (figures, kept) = app.pipeline.insight(caller.viewer(), by, &of, now).await?;
    let judges = caller.may(Act::Operate);
    let rules = if judges { app.pipeline.rule_stats().await? } else { Vec::new() };
    draw(&Page {
        frame: Frame::new("Insight", "/insight", &caller),
        groups: GROUPS.iter().map(|(it, word, name)| (*name, address(word, &of), *it == by)).collect(),
        of: filters(&of, by),
        handoffs: if by == GroupBy::Team { 0 } else { figures.iter().map(|group| group.handoffs).sum() },
        measures: measures(&figures, by),
        kept: kept.steps.iter().map(Rate::of_steps).collect(),
        promises: of_promises(&kept),
        kinds: of_kinds(&rules),
        more_rules: rules.len().saturating_sub(RULES),
        rules: rules.iter().take(RULES).map(Ruled::new).collect(),
        judges,
    })
}

fn address(by: &str, of: &Of) -> String {
    let parts = [("ae", &of.ae), ("csm", &of.csm), ("team", &of.team)];
    let narrowed =
        parts.iter().filter_map(|(name, value)| Some(format!("&{name}={}", encode(value.as_ref()?))));
    format!("/insight?by={by}{}", narrowed.collect::<String>())
}

fn word(by: GroupBy) -> &'static str {
    GROUPS.iter().find(|(it, ..)| *it == by).map_or("month", |(_, word, _)| word)
}

/// Returns whose handoffs are shown, each with the address without that.
fn filters(of: &Of, by: GroupBy) -> Vec<(String, String)> {
    let without = |of: Of| address(word(by), &of);
    let parts = [
        (&of.ae, "AE", without(Of { ae: None, ..of.clone() })),
        (&of.csm, "CSM", without(Of { csm: None, ..of.clone() })),
        (&of.team, "team", without(Of { team: None, ..of.clone() })),
    ];
    let named = parts
        .into_iter()
        .filter_map(|(value, name, to)| Some((format!("{name} {}", shown(value.as_deref()?)), to)));
    named.collect()
}

fn measures(groups: &[GroupFigures], by: GroupBy) -> Vec<Measured> {
    let Some(first) = groups.first() else { return Vec::new() };
    let measure = |(at, figure): (usize, &Figure)| {
        let of_group = |group: &GroupFigures| Share {
            name: shown(&group.group),
            share: group.measures[at].percent.map(|percent| percent as f64 / 100.0),
            value: group.measures[at].percent.map_or("–".to_owned(), |percent| format!("{percent} %")),
        };
        let shares: Vec<_> = groups.iter().map(of_group).collect();
        Measured {
            title: figure.title.clone(),
            row: figure.row.clone(),
            target: figure.target.map(|target| format!("{target} %")).unwrap_or_default(),
            chart: Chart::new(&figure.title, &shares, figure.target.map(|target| f64::from(target) / 100.0)),
            rows: groups.iter().map(|group| Row::new(group, &group.measures[at], by)).collect(),
        }
    };
    first.measures.iter().enumerate().map(measure).chain([rating(groups, by)]).collect()
}

/// How good the CSM found each handoff, drawn as a share of 5 (S-175).
fn rating(groups: &[GroupFigures], by: GroupBy) -> Measured {
    let title = "How good the CSM found the handoff, from 1 to 5";
    let value = |group: &GroupFigures| group.rating.map_or("–".to_owned(), |mean| format!("{mean:.1}"));
    let share = |group: &GroupFigures| Share {
        name: shown(&group.group),
        share: group.rating.map(|mean| mean / 5.0),
        value: value(group),
    };
    let row = |group: &GroupFigures| Row {
        met: format!("{} of {} rated", group.rated, group.handoffs),
        share: value(group),
        ..Row::named(group, by)
    };
    let shares: Vec<_> = groups.iter().map(share).collect();
    Measured {
        title: title.to_owned(),
        row: "S-175".to_owned(),
        target: String::new(),
        chart: Chart::new(title, &shares, None),
        rows: groups.iter().map(row).collect(),
    }
}

impl Row {
    fn named(group: &GroupFigures, by: GroupBy) -> Self {
        let alone = match by {
            GroupBy::Ae => Of { ae: Some(group.group.clone()), ..Of::default() },
            GroupBy::Csm => Of { csm: Some(group.group.clone()), ..Of::default() },
            GroupBy::Team => Of { team: Some(group.group.clone()), ..Of::default() },
            GroupBy::All | GroupBy::Month => Of::default(),
        };
        let narrows = alone != Of::default() && !group.group.is_empty();
        Self {
            group: if group.group.is_empty() { "not known".to_owned() } else { shown(&group.group) },
            to: if narrows { address("month", &alone) } else { String::new() },
            met: String::new(),
            share: String::new(),
            median: String::new(),
            late: Vec::new(),
        }
    }

    fn new(group: &GroupFigures, figure: &Figure, by: GroupBy) -> Self {
        let late = |deal: &String| (shown(deal), format!("/deals/{}/overview", encode(deal)));
        Self {
            met: format!("{} of {}", figure.met, figure.decided),
            share: figure.percent.map_or("–".to_owned(), |percent| format!("{percent} %")),
            median: figure.median_hours.map(|hours| format!("{hours} h")).unwrap_or_default(),
            late: figure.late.iter().map(late).collect(),
            ..Self::named(group, by)
        }
    }
}

impl Rate {
    fn new(name: &str, number: usize, of: usize, more: String) -> Self {
        let percent = (number * 100).checked_div(of).unwrap_or(0);
        Self { name: name.to_owned(), number, of, percent, more }
    }

    fn of_steps(kept: &Kept) -> Self {
        let name = match kept.side {
            StepSide::Rep => "by us",
            StepSide::Customer => "by the customer",
            StepSide::Partner => "by the partner",
            StepSide::Both => "together",
        };
        let silent = kept.agreed - kept.done - kept.missed - kept.superseded;
        let more =
            format!("{} missed, {} replaced, {silent} never heard of again", kept.missed, kept.superseded);
        Self::new(name, kept.done, kept.agreed, more)
    }
}

fn of_promises(kept: &KeptRates) -> Vec<Rate> {
    let rows = [
        ("kept", kept.fulfilled),
        ("open", kept.open),
        ("overdue", kept.overdue),
        ("taken back", kept.withdrawn),
    ];
    let rows = rows.into_iter().filter(|_| kept.promises > 0);
    rows.map(|(name, number)| Rate::new(name, number, kept.promises, String::new())).collect()
}

/// Returns the verdicts on all rules of each kind.
fn of_kinds(rules: &[Tally]) -> Vec<Ruled> {
    let mut kinds: Vec<Tally> = Vec::new();
    for tally in rules {
        match kinds.iter_mut().find(|kind| kind.kind == tally.kind) {
            Some(kind) => {
                kind.accepted += tally.accepted;
                kind.edited += tally.edited;
                kind.rejected += tally.rejected;
            }
            None => kinds.push(Tally { rule: String::new(), ..tally.clone() }),
        }
    }
    kinds.iter().map(Ruled::new).collect()
}

impl Ruled {
    fn new(tally: &Tally) -> Self {
        let stood = tally.accepted + tally.edited;
        let percent = (stood * 100).checked_div(stood + tally.rejected);
        Self {
            rule: shown(&tally.rule),
            kind: words(&tally.kind),
            accepted: tally.accepted,
            edited: tally.edited,
            rejected: tally.rejected,
            percent: percent.map_or("–".to_owned(), |percent| format!("{percent} %")),
        }
    }
}

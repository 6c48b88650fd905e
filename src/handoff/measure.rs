use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Allowance, Calendar, Clock, ClockState, Event, Events, Step};

/// What is measured of a handoff.
#[derive(Clone, Debug)]
pub struct Record {
    /// The deal's id.
    pub deal: String,
    /// Who acted as AE, or is it by membership of the deal.
    pub ae: Option<String>,
    /// Who acted as CSM, or is it by membership of the deal.
    pub csm: Option<String>,
    /// The teams of both.
    pub teams: BTreeSet<String>,
    /// When what took place.
    pub events: Events,
    /// How good the CSM found the handoff.
    pub rating: Option<u8>,
    /// Days off and zone of the deal.
    pub calendar: Calendar,
}

impl Record {
    /// Returns the events, with the countersignature as the close of a deal of which nobody said when it was won.
    fn with_close(&self) -> Events {
        let mut events = self.events.clone();
        if let Some(signed) = self.events.get(&Event::Countersigned) {
            events.entry(Event::ClosedWon).or_insert(*signed);
        }
        events
    }
}

/// Whose handoffs are measured: all, or those that one acted in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Of {
    /// Only those of this account executive.
    pub ae: Option<String>,
    /// Only those of this customer success manager.
    pub csm: Option<String>,
    /// Only those of this team.
    pub team: Option<String>,
}

impl Of {
    /// Tells whether a handoff is among them.
    pub fn takes(&self, record: &Record) -> bool {
        (self.ae.is_none() || self.ae == record.ae)
            && (self.csm.is_none() || self.csm == record.csm)
            && self.team.as_ref().is_none_or(|team| record.teams.contains(team))
    }
}

/// By what handoffs are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// All together.
    #[default]
    All,
    /// By the account executive.
    Ae,
    /// By the customer success manager.
    Csm,
    /// By team; a handoff counts for the teams of both.
    Team,
    /// By the month of the close, in the deal's zone.
    Month,
}

/// The figures of one group.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GroupFigures {
    /// The person, team or month; empty for all together and for handoffs of which nobody knows it.
    pub group: String,
    /// How many handoffs it has.
    pub handoffs: usize,
    /// Each measure.
    pub measures: Vec<Figure>,
    /// The mean of the ratings, from 1 to 5 (S-175).
    pub rating: Option<f64>,
    /// How many were rated.
    pub rated: usize,
}

/// One measure of one group.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Figure {
    /// Its short name.
    pub id: String,
    /// What it says.
    pub title: String,
    /// The row of the contract.
    pub row: String,
    /// The share that the guide aims at, in percent.
    pub target: Option<u32>,
    /// Handoffs that were in time or late by now; the others still have time.
    pub decided: usize,
    /// Those in time.
    pub met: usize,
    /// The share in whole percent, rounded down; `null` where none is decided.
    pub percent: Option<usize>,
    /// The hours from start to end in the middle of those that came to their end.
    pub median_hours: Option<i64>,
    /// The deals that were late.
    pub late: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureFile {
    measure: Vec<Measure>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Measure {
    id: String,
    title: String,
    row: String,
    from: Event,
    done: Event,
    within: Allowance,
    on_friday: Option<Allowance>,
    #[serde(default)]
    rolls: bool,
    target: Option<u32>,
}

impl Measure {
    fn step(&self) -> Step {
        Step {
            id: self.id.clone(),
            title: self.title.clone(),
            rows: vec![self.row.clone()],
            from: Some(self.from),
            before: None,
            done: self.done,
            within: self.within,
            on_friday: self.on_friday,
            not_before: None,
            rolls: self.rolls,
            near: None,
            tell: Vec::new(),
            escalate: Vec::new(),
        }
    }
}

/// Returns the figures of each group of `records` at `now`, the groups in their order.
///
/// # Errors
/// Where the built-in measures are no such TOML, which a test rules out.
pub fn figures(records: &[Record], by: GroupBy, now: Timestamp) -> Result<Vec<GroupFigures>, String> {
    let file: MeasureFile =
        toml::from_str(include_str!("measures.toml")).map_err(|error| error.to_string())?;
    let mut groups: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for record in records {
        for group in groups_of(record, by) {
            groups.entry(group).or_default().push(record);
        }
    }
    let group = |(group, records): (String, Vec<&Record>)| {
        let ratings: Vec<f64> = records.iter().filter_map(|record| record.rating).map(f64::from).collect();
        GroupFigures {
            group,
            handoffs: records.len(),
            measures: file.measure.iter().map(|measure| figure(measure, &records, now)).collect(),
            rating: (!ratings.is_empty()).then(|| ratings.iter().sum::<f64>() / ratings.len() as f64),
            rated: ratings.len(),
        }
    };
    Ok(groups.into_iter().map(group).collect())
}

fn groups_of(record: &Record, by: GroupBy) -> Vec<String> {
    let known = |name: &Option<String>| vec![name.clone().unwrap_or_default()];
    match by {
        GroupBy::All => vec![String::new()],
        GroupBy::Ae => known(&record.ae),
        GroupBy::Csm => known(&record.csm),
        GroupBy::Team if record.teams.is_empty() => vec![String::new()],
        GroupBy::Team => record.teams.iter().cloned().collect(),
        GroupBy::Month => {
            let closed = record.with_close().get(&Event::ClosedWon).copied();
            vec![closed.map(|at| record.calendar.local(at).strftime("%Y-%m").to_string()).unwrap_or_default()]
        }
    }
}

fn figure(measure: &Measure, records: &[&Record], now: Timestamp) -> Figure {
    let step = measure.step();
    let (mut met, mut late, mut hours) = (0, Vec::new(), Vec::new());
    for record in records {
        let clock = Clock::of(&step, &record.with_close(), &record.calendar, now);
        // What nothing started was not measured.
        let Some(start) = clock.started_at else { continue };
        match clock.state {
            ClockState::Met => met += 1,
            state if state.is_late() => late.push(record.deal.clone()),
            _ => {}
        }
        hours.extend(clock.done_at.map(|done| done.duration_since(start).as_hours()));
    }
    hours.sort_unstable();
    let decided = met + late.len();
    Figure {
        id: measure.id.clone(),
        title: measure.title.clone(),
        row: measure.row.clone(),
        target: measure.target,
        decided,
        met,
        percent: (met * 100).checked_div(decided),
        median_hours: hours.get(hours.len() / 2).copied(),
        late,
    }
}

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Allowance, Calendar, Event, Events, Profile, Step, Who};

/// A deadline of a handoff and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Clock {
    /// The step's short name.
    pub step: String,
    /// What is to be done.
    pub title: String,
    /// Rows of the contract that ask for it.
    pub rows: Vec<String>,
    /// How it stands.
    pub state: ClockState,
    /// The event that it waits for or started with.
    pub from: Event,
    /// When it started; `null` while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// The first moment at which it makes sense.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub not_before: Option<Timestamp>,
    /// The deadline, at whose second it is still in time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    /// From when on there is little time left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub near_at: Option<Timestamp>,
    /// When it was done.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub done_at: Option<Timestamp>,
    /// Whole hours by which it is late, or was.
    pub late_by_hours: Option<i64>,
    /// Whom it concerns now.
    pub tell: Vec<Who>,
}

/// How a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// What starts it has not happened.
    Waiting,
    /// There is time.
    Due,
    /// There is little time.
    Near,
    /// The time is over, and it is not done.
    Breached,
    /// It was done in time.
    Met,
    /// It was done, and late.
    MetLate,
}

impl ClockState {
    /// Tells whether the deadline was missed.
    pub fn is_late(self) -> bool {
        matches!(self, Self::Breached | Self::MetLate)
    }

    /// Returns the word that interfaces use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Due => "due",
            Self::Near => "near",
            Self::Breached => "breached",
            Self::Met => "met",
            Self::MetLate => "met_late",
        }
    }
}

/// Returns how each step of a profile stands at `now`.
pub fn clocks(events: &Events, profile: &Profile, calendar: &Calendar, now: Timestamp) -> Vec<Clock> {
    profile.steps.iter().map(|step| Clock::of(step, events, calendar, now)).collect()
}

impl Clock {
    /// Returns how one step stands.
    pub(super) fn of(step: &Step, events: &Events, calendar: &Calendar, now: Timestamp) -> Self {
        let from = step.from.or(step.before).unwrap_or(step.done);
        let started_at = events.get(&from).copied();
        let done_at = events.get(&step.done).copied();
        let due_at = started_at.and_then(|start| due(step, start, calendar));
        let near_at = started_at.zip(due_at).map(|(start, due)| near(step, start, due, calendar));
        let state = state(due_at.zip(near_at), done_at, now);
        let late = due_at
            .filter(|_| state.is_late())
            .map(|due| done_at.unwrap_or(now).duration_since(due).as_hours());
        let not_before =
            step.not_before.zip(started_at).and_then(|(wait, start)| first(calendar, start, wait));
        let tell = match state {
            ClockState::Near => step.tell.clone(),
            ClockState::Breached => step.tell.iter().chain(&step.escalate).copied().collect(),
            _ => Vec::new(),
        };
        Self {
            step: step.id.clone(),
            title: step.title.clone(),
            rows: step.rows.clone(),
            state,
            from,
            started_at,
            not_before,
            due_at,
            near_at,
            done_at,
            late_by_hours: late,
            tell,
        }
    }
}

fn due(step: &Step, start: Timestamp, calendar: &Calendar) -> Option<Timestamp> {
    if step.before.is_some() {
        return calendar.before(start, step.within);
    }
    let friday = calendar.local(start).weekday() == Weekday::Friday;
    let within = step.on_friday.filter(|_| friday).unwrap_or(step.within);
    let due = calendar.after(start, within)?;
    if step.rolls { calendar.rolled(due) } else { Some(due) }
}

/// Returns when the day begins on which a step first makes sense.
fn first(calendar: &Calendar, start: Timestamp, wait: Allowance) -> Option<Timestamp> {
    let end = calendar.after(start, wait)?;
    match wait {
        Allowance::Hours(_) => Some(end),
        _ => Some(calendar.local(end).start_of_day().ok()?.timestamp()),
    }
}

fn state(moments: Option<(Timestamp, Timestamp)>, done: Option<Timestamp>, now: Timestamp) -> ClockState {
    let Some((due, near)) = moments else {
        // Done before anything asked for it: in time.
        return if done.is_some() { ClockState::Met } else { ClockState::Waiting };
    };
    match done {
        Some(done) if done <= due => ClockState::Met,
        Some(_) => ClockState::MetLate,
        None if now > due => ClockState::Breached,
        None if now >= near => ClockState::Near,
        None => ClockState::Due,
    }
}

fn near(step: &Step, start: Timestamp, due: Timestamp, calendar: &Calendar) -> Timestamp {
    let set = step.near.and_then(|near| match near {
        // Counted back from the deadline, not to the end of a day.
        Allowance::Days(days) => due.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).ok(),
        other => calendar.before(due, other),
    });
    // The start of a clock that runs backwards lies behind its deadline.
    let quarter = due.duration_since(start).abs() / 4;
    set.or_else(|| due.checked_sub(quarter).ok()).unwrap_or(due)
}

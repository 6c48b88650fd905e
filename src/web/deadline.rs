use jiff::tz::TimeZone;

use super::moment::Moment;
use crate::handoff::{Clock, ClockState};

/// A deadline of a handoff as a page shows it.
pub(super) struct Deadline {
    /// What is to be done.
    pub(super) title: String,
    /// How it stands, in words.
    pub(super) state: String,
    /// When it is or was due.
    pub(super) due: Moment,
    /// `bad`, `warn`, `good` or nothing.
    pub(super) tone: &'static str,
}

impl Deadline {
    /// Returns a deadline that was set.
    pub(super) fn new(clock: &Clock, zone: &TimeZone) -> Option<Self> {
        let due = Moment::in_zone(clock.due_at?, zone);
        let late = clock.late_by_hours.map(late).unwrap_or_default();
        let (state, tone) = match clock.state {
            ClockState::Waiting => return None,
            ClockState::Due => ("due".to_owned(), ""),
            ClockState::Near => ("due soon".to_owned(), "warn"),
            ClockState::Breached => (format!("{late} late"), "bad"),
            ClockState::Met => ("done in time".to_owned(), "good"),
            ClockState::MetLate => (format!("done, {late} late"), "warn"),
        };
        Some(Self { title: clock.title.clone(), state, due, tone })
    }

    /// Returns a deadline that runs or was missed and waits.
    pub(super) fn running(clock: &Clock, zone: &TimeZone) -> Option<Self> {
        let runs = matches!(clock.state, ClockState::Due | ClockState::Near | ClockState::Breached);
        Self::new(clock, zone).filter(|_| runs)
    }
}

fn late(hours: i64) -> String {
    match hours {
        0 => "under an hour".to_owned(),
        1..48 => format!("{hours} h"),
        _ => format!("{} days", hours / 24),
    }
}

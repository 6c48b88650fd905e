use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Allowance, Calendar, Event};

/// The timeline of a handoff: which step is due when, whom a late one concerns, and what the gates insist on. The guides
/// disagree, so that a timeline is data.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What it is called.
    pub name: String,
    /// What the gates insist on.
    #[serde(default)]
    pub gates: GateRules,
    /// The steps, in the order in which they are due.
    #[serde(rename = "step", default)]
    pub steps: Vec<Step>,
}

/// A profile and the days on which people work.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The profile.
    pub profile: Profile,
    /// Days off, and the zone of deals that name none.
    pub calendar: Calendar,
}

/// What the gates insist on beside what always holds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GateRules {
    /// The packet is signed before the deal is marked as won.
    pub document_before_closed_won: bool,
    /// AE and CSM meet before the kickoff.
    pub alignment_before_kickoff: bool,
    /// Minutes that the CSM reads before the kickoff.
    pub reading_minutes: u32,
}

/// A step of a timeline.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// A short name, unique in the profile.
    pub id: String,
    /// What is to be done, in words.
    pub title: String,
    /// Rows of the contract that ask for it.
    #[serde(default)]
    pub rows: Vec<String>,
    /// The event that starts the clock.
    #[serde(default)]
    pub from: Option<Event>,
    /// In place of `from`: the event before which it must be done.
    #[serde(default)]
    pub before: Option<Event>,
    /// The event that stops the clock.
    pub done: Event,
    /// How much time there is after `from`, or must be left before `before`.
    pub within: Allowance,
    /// In place of `within` where the clock starts on a Friday.
    #[serde(default)]
    pub on_friday: Option<Allowance>,
    /// The first moment at which it makes sense, counted like `within`.
    #[serde(default)]
    pub not_before: Option<Allowance>,
    /// Whether a deadline on a day off moves to the end of the next business day.
    #[serde(default)]
    pub rolls: bool,
    /// How long before the deadline it is near; a quarter of the time where it is left out.
    #[serde(default)]
    pub near: Option<Allowance>,
    /// Who is told that it is near or late.
    #[serde(default)]
    pub tell: Vec<Who>,
    /// Who is told as well once it is late.
    #[serde(default)]
    pub escalate: Vec<Who>,
}

/// Somebody to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The account executive.
    Ae,
    /// The customer success manager.
    Csm,
    /// The manager of sales.
    Manager,
    /// The manager of customer success.
    CsManager,
}

/// The profiles that come with the program.
const BUILTIN: &[(&str, &str)] = &[
    ("a", include_str!("profiles/a.toml")),
    ("b", include_str!("profiles/b.toml")),
    ("c", include_str!("profiles/c.toml")),
    ("d", include_str!("profiles/d.toml")),
    ("e", include_str!("profiles/e.toml")),
];

impl Profile {
    /// Returns a profile that comes with the program.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn builtin(name: &str) -> Result<Self, String> {
        let known = || BUILTIN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let found = BUILTIN.iter().find(|(known, _)| *known == name);
        let (_, toml) =
            found.ok_or_else(|| format!("there is no profile `{name}`; there are {}", known()))?;
        Self::parse(toml)
    }

    /// Reads a profile's file.
    ///
    /// # Errors
    /// Where it is no such TOML, or a step makes no sense; the text names the step.
    pub fn parse(toml: &str) -> Result<Self, String> {
        let profile: Self = toml::from_str(toml).map_err(|error| error.to_string())?;
        let mut ids = HashSet::new();
        for step in &profile.steps {
            if !ids.insert(&step.id) {
                return Err(format!("step `{}` is there twice", step.id));
            }
            if step.from.is_some() == step.before.is_some() {
                return Err(format!("step `{}` needs one of `from` and `before`", step.id));
            }
        }
        Ok(profile)
    }
}

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Act, Field, LineKind};
use crate::transcript::Span;

/// What a person decided about a deal's packet. Appended, never rewritten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// Its number within the deal: decisions count in this order.
    pub seq: u64,
    /// A UUIDv7.
    #[schema(value_type = String)]
    pub id: Uuid,
    /// The deal's id.
    pub deal: String,
    /// Who decided.
    pub by: String,
    /// As what (`ae`, `csm`).
    pub role: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What was decided, on what sight.
    #[serde(flatten)]
    pub decided: Decided,
}

impl Decision {
    /// Returns the day on which it was made, in UTC.
    pub(super) fn day(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }
}

/// An act with what its author saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Decided {
    /// The act.
    #[serde(rename = "what")]
    pub act: Act,
    /// The lines it is about as they stood before it.
    #[serde(default)]
    pub seen: Vec<Seen>,
}

/// A line as the author of a decision saw it: what tells it again after re-drafting, and what is news since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Seen {
    /// The ledger entry's id.
    pub entry: String,
    /// What it is.
    #[schema(value_type = String)]
    pub kind: LineKind,
    /// A person's name or a tool's.
    pub name: Option<String>,
    /// Its sayings.
    pub said: Vec<Sight>,
    /// What rules and calls said of its fields.
    #[schema(value_type = Object)]
    pub found: BTreeMap<Field, Value>,
}

/// A saying that was seen, without its words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Sight {
    /// The call's id.
    pub call: String,
    /// Where its words stand.
    pub span: Span,
    /// The finding.
    pub finding: Option<String>,
    /// The rule that found it, else the model, else `by hand`.
    pub source: String,
}

/// Returns the decisions in their order, each with whether it still stands: an undo takes its decision back, and an
/// undo of the undo brings it back.
pub fn in_order(decisions: &[Decision]) -> Vec<(&Decision, bool)> {
    let mut ordered: Vec<(&Decision, bool)> = decisions.iter().map(|decision| (decision, true)).collect();
    ordered.sort_by_key(|(decision, _)| decision.seq);
    let mut undone: HashSet<Uuid> = HashSet::new();
    for (decision, stands) in ordered.iter_mut().rev() {
        *stands = !undone.contains(&decision.id);
        if let (Act::Undo { decision: earlier }, true) = (&decision.decided.act, *stands) {
            undone.insert(*earlier);
        }
    }
    ordered
}

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Event, Evidence};
use crate::access::Role;
use crate::transcript::Digest;

/// What a person does in a handoff. Appended as a decision; where the handoff stands is folded from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// The AE begins to review the draft.
    BeginReview,
    /// The AE signs the packet as it stands.
    Sign {
        /// The packet that was read; filled in by the service, and refused where it is another by now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        packet: Option<Digest>,
    },
    /// The AE hands the signed packet to the CSM.
    HandOver,
    /// The AE or the CSM initials one promise.
    Initial {
        /// The promise's ledger entry.
        promise: String,
        /// The promise that was read; filled in by the service, and refused where it is another by now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<Digest>,
    },
    /// Somebody disputes one promise.
    Dispute {
        /// The promise's ledger entry.
        promise: String,
        /// Why.
        reason: String,
    },
    /// A dispute is settled; both initial the promise anew.
    Settle {
        /// The promise's ledger entry.
        promise: String,
        /// How.
        outcome: Settlement,
        /// What was agreed.
        reason: String,
    },
    /// The CSM asks the AE.
    Ask {
        /// The question.
        question: String,
        /// The ledger entry it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<String>,
    },
    /// A question is answered.
    Answer {
        /// The number of the decision that asked.
        question: u64,
        /// The answer.
        answer: String,
    },
    /// The CSM approves: they have what they need.
    Approve,
    /// The CSM approves on conditions, to be repaired by a day.
    ApproveWithConditions {
        /// What must be repaired.
        conditions: Vec<String>,
        /// By when.
        #[schema(value_type = String, format = Date)]
        repair_by: Date,
    },
    /// The CSM says that the conditions are met.
    Repaired,
    /// The CSM sends the packet back.
    Return {
        /// Why.
        reason: String,
    },
    /// Somebody reports an event.
    Report {
        /// What took place.
        event: Event,
        /// When; now where it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        at: Option<Timestamp>,
        /// How long it took, for meetings and for reading.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        minutes: Option<u32>,
        /// The packet at that moment, where the event freezes it; filled in by the service.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        frozen: Option<Evidence>,
    },
    /// Somebody puts the kickoff into calendars.
    ScheduleKickoff {
        /// For when.
        #[schema(value_type = String, format = DateTime)]
        at: Timestamp,
    },
    /// A check-in was held.
    CheckIn {
        /// Which: 30 or 90.
        day: u32,
        /// On day 30: what the CSM does not know yet.
        #[serde(default)]
        answer: String,
    },
    /// The customer was asked on day 30 what became of a promise or a success metric (S-056).
    Confirm {
        /// The ledger entry.
        entry: String,
        /// Whether it was met, as the customer says.
        met: bool,
        /// What the customer says of it, as the author heard it.
        #[serde(default)]
        words: String,
    },
    /// The CSM says how good the handoff was.
    Rate {
        /// From 1 to 5.
        rating: u8,
    },
}

/// How a dispute ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// The promise holds.
    Kept,
    /// It was renegotiated with the customer.
    Renegotiated,
    /// It does not hold, and no paper for the customer shows it.
    Dropped,
}

/// An act with who did it and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Acted {
    /// The number of the decision within the deal.
    pub seq: u64,
    /// Who.
    pub by: String,
    /// As what.
    pub role: Role,
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: Act,
}

impl Act {
    /// Returns the word that interfaces use for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::BeginReview => "begin_review",
            Self::Sign { .. } => "sign",
            Self::HandOver => "hand_over",
            Self::Initial { .. } => "initial",
            Self::Dispute { .. } => "dispute",
            Self::Settle { .. } => "settle",
            Self::Ask { .. } => "ask",
            Self::Answer { .. } => "answer",
            Self::Approve => "approve",
            Self::ApproveWithConditions { .. } => "approve_with_conditions",
            Self::Repaired => "repaired",
            Self::Return { .. } => "return",
            Self::Report { .. } => "report",
            Self::ScheduleKickoff { .. } => "schedule_kickoff",
            Self::CheckIn { .. } => "check_in",
            Self::Confirm { .. } => "confirm",
            Self::Rate { .. } => "rate",
        }
    }

    /// Returns the ledger entry that it is about.
    pub fn entry(&self) -> Option<&str> {
        match self {
            Self::Initial { promise, .. } | Self::Dispute { promise, .. } | Self::Settle { promise, .. } => {
                Some(promise)
            }
            Self::Ask { entry, .. } => entry.as_deref(),
            Self::Confirm { entry, .. } => Some(entry),
            _ => None,
        }
    }

    /// Tells whether a person of `role` may do it. Signing for each other is what two signatures are against, so that an
    /// administrator may not.
    pub fn is_for(&self, role: Role) -> bool {
        let sides = matches!(role, Role::Ae | Role::Csm);
        let people = role.is_personal();
        match self {
            Self::BeginReview | Self::Sign { .. } | Self::HandOver => role == Role::Ae,
            Self::Initial { .. } => sides,
            Self::Ask { .. }
            | Self::Approve
            | Self::ApproveWithConditions { .. }
            | Self::Repaired
            | Self::Return { .. }
            | Self::Rate { .. }
            | Self::Report { event: Event::PacketRead, .. } => role == Role::Csm,
            Self::Answer { .. } | Self::CheckIn { .. } | Self::Confirm { .. } => sides,
            Self::Dispute { .. } | Self::Settle { .. } => people && role != Role::Admin,
            Self::Report { .. } | Self::ScheduleKickoff { .. } => people,
        }
    }

    /// Returns the act bound to what stands now: its author signs this and nothing else.
    #[must_use]
    pub fn bound_to(self, evidence: &Evidence) -> Self {
        match self {
            Self::Sign { packet } => {
                Self::Sign { packet: Some(packet.unwrap_or_else(|| evidence.packet.clone())) }
            }
            Self::Initial { promise, seen } => {
                let now = evidence.promise(&promise).map(|line| line.digest.clone());
                Self::Initial { seen: seen.or(now), promise }
            }
            Self::Report { event, at, minutes, frozen: _ } => {
                let frozen = (event == Event::Countersigned).then(|| evidence.clone());
                Self::Report { event, at, minutes, frozen }
            }
            other => other,
        }
    }
}

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::handoff::{Clock, ClockState, GateState, Handoff, LineChange, Stage};
use crate::transcript::Digest;

/// A handoff with all that its people ask of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HandoffView {
    /// The deal's id.
    pub deal: String,
    /// The customer.
    pub account: String,
    /// The number of the deal's last decision; the `ETag` is made of it.
    pub revision: u64,
    /// Where it stands.
    #[serde(flatten)]
    pub handoff: Handoff,
    /// What each gate waits for.
    pub gates: Vec<GateState>,
    /// How each deadline stands.
    pub clocks: Vec<Clock>,
    /// Digest of the packet as it reads now: what a signature binds to.
    pub packet: Digest,
    /// The promises to be initialled.
    pub promises: Vec<PromiseView>,
    /// The promises that no paper for the customer may show.
    pub hidden: BTreeSet<String>,
    /// What has changed since the contract was countersigned; `null` before.
    pub changed_since_frozen: Option<Vec<LineChange>>,
}

/// A promise to be initialled.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromiseView {
    /// The ledger entry.
    pub id: String,
    /// What was promised, in words of the call or of whoever stated it.
    pub summary: String,
    /// Digest of the promise as it reads now: what initials bind to.
    pub digest: Digest,
    /// Who initialled it as AE, as it reads now.
    pub ae: Option<String>,
    /// Who initialled it as CSM, as it reads now.
    pub csm: Option<String>,
}

/// A handoff as it is listed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HandoffLine {
    /// The deal's id.
    pub deal: String,
    /// The customer.
    pub account: String,
    /// How far it has come.
    pub stage: Stage,
    /// When the deal was won; `null` where nobody said.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    /// Who acted last as AE.
    pub ae: Option<String>,
    /// Who acted last as CSM.
    pub csm: Option<String>,
    /// How many promises are disputed.
    pub disputes: usize,
    /// The deadlines that run or were missed.
    pub clocks: Vec<Clock>,
    /// The deal's zone.
    #[serde(skip)]
    #[schema(ignore)]
    pub zone: TimeZone,
}

impl HandoffLine {
    /// Tells whether a deadline is over and not met.
    pub fn is_late(&self) -> bool {
        self.clocks.iter().any(|clock| clock.state == ClockState::Breached)
    }
}

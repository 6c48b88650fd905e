use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Act, Acted, Event, Events, Evidence, Settlement, Stage};
use crate::access::Role;
use crate::transcript::Digest;

/// Where a handoff stands: what its acts come to, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Handoff {
    /// How far it has come.
    pub stage: Stage,
    /// The number of the last act.
    pub last: u64,
    /// The AE's signature.
    pub signed: Option<Signature>,
    /// The CSM's approval.
    pub approved: Option<Approval>,
    /// Why it was sent back last.
    pub returned: Option<Remark>,
    /// Who initialled which promise.
    pub initials: BTreeMap<String, Initials>,
    /// Which promises were disputed.
    pub disputes: BTreeMap<String, Dispute>,
    /// What the CSM asked.
    pub questions: Vec<Question>,
    /// What the CSM did not know on day 30, and what was said on day 90.
    pub check_ins: Vec<CheckIn>,
    /// What the customer said on day 30, by ledger entry; the last answer counts.
    pub confirmed: BTreeMap<String, Confirmed>,
    /// How good the CSM finds the handoff, from 1 to 5.
    pub rating: Option<u8>,
    /// Minutes that the CSM has read.
    pub minutes_read: u32,
    /// Who acted last as AE.
    pub ae: Option<String>,
    /// Who acted last as CSM.
    pub csm: Option<String>,
    /// When each event took place.
    #[schema(value_type = Object)]
    pub events: Events,
    /// The packet as it was when the contract was countersigned.
    #[serde(skip)]
    pub frozen: Option<Evidence>,
}

/// A signature under a packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Signature {
    /// Who.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Digest of the packet that was signed.
    pub packet: Digest,
}

/// An approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What is still to be repaired.
    pub conditions: Vec<String>,
    /// By when.
    #[schema(value_type = Option<String>, format = Date)]
    pub repair_by: Option<Date>,
    /// Whether it was repaired.
    pub repaired: bool,
}

/// Words of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Remark {
    /// Who.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// Who initialled a promise; each with the digest of the promise that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Initials {
    /// The AE.
    pub ae: Option<Initial>,
    /// The CSM.
    pub csm: Option<Initial>,
}

/// The initials of one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Initial {
    /// Who.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Digest of the promise that was read.
    pub seen: Digest,
}

/// A promise about which the two sides do not agree, or did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Dispute {
    /// Who disputes it, and why.
    pub raised: Remark,
    /// How it ended.
    pub settled: Option<(Settlement, Remark)>,
}

/// A question of the CSM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Question {
    /// The number of the decision that asked.
    pub number: u64,
    /// The ledger entry it is about.
    pub entry: Option<String>,
    /// The question.
    pub asked: Remark,
    /// The answer.
    pub answer: Option<Remark>,
}

/// A check-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckIn {
    /// 30 or 90.
    pub day: u32,
    /// What was said.
    pub said: Remark,
}

/// What the customer says became of a promise or a success metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Confirmed {
    /// Whether it was met.
    pub met: bool,
    /// What they say of it, as the author heard it; may be empty.
    pub said: Remark,
}

/// Returns where a handoff stands after `acts`, in whatever order they are given. An act that its stage does not allow
/// changes nothing.
pub fn fold(acts: &[Acted]) -> Handoff {
    let mut acts: Vec<&Acted> = acts.iter().collect();
    acts.sort_by_key(|acted| acted.seq);
    let mut handoff = Handoff::default();
    for acted in acts {
        if handoff.allows(&acted.act) && acted.act.is_for(acted.role) {
            handoff.take(acted);
        }
        handoff.last = handoff.last.max(acted.seq);
    }
    handoff
}

impl Handoff {
    /// Tells whether the stage allows an act; what it lacks beside that is the gates' business.
    pub(super) fn allows(&self, act: &Act) -> bool {
        use Stage::{
            Approved, Closed, Day30, Drafting, InAeReview, KickoffHeld, Returned, SignedByAe, WithCsm,
        };
        match act {
            Act::BeginReview => matches!(self.stage, Drafting | Returned),
            Act::Sign { .. } => {
                matches!(self.stage, Drafting | InAeReview | Returned | SignedByAe | WithCsm)
            }
            Act::HandOver => self.stage == SignedByAe,
            Act::Initial { .. } | Act::Dispute { .. } | Act::Settle { .. } => self.stage < KickoffHeld,
            Act::Ask { .. } => matches!(self.stage, WithCsm | Approved),
            Act::Answer { .. } | Act::Report { .. } => {
                self.stage != Closed || matches!(act, Act::Answer { .. })
            }
            Act::Approve | Act::ApproveWithConditions { .. } | Act::Return { .. } => self.stage == WithCsm,
            Act::Repaired => self.stage >= Approved && self.approved.is_some(),
            Act::ScheduleKickoff { .. } => self.stage < KickoffHeld,
            Act::CheckIn { day: 30, .. } => self.stage == KickoffHeld,
            Act::CheckIn { .. } => self.stage == Day30,
            Act::Confirm { .. } => self.stage >= KickoffHeld,
            Act::Rate { .. } => self.stage >= Approved,
        }
    }

    fn take(&mut self, acted: &Acted) {
        let (by, at) = (acted.by.clone(), acted.at);
        let remark = |text: &str| Remark { by: acted.by.clone(), at, text: text.to_owned() };
        match acted.role {
            Role::Ae => self.ae = Some(by.clone()),
            Role::Csm => self.csm = Some(by.clone()),
            _ => {}
        }
        match &acted.act {
            Act::BeginReview => self.stage = Stage::InAeReview,
            Act::Sign { packet } => {
                let packet = packet.clone().unwrap_or_else(|| Digest::of(b""));
                self.signed = Some(Signature { by, at, packet });
                self.events.entry(Event::Signed).or_insert(at);
                if self.stage != Stage::WithCsm {
                    self.stage = Stage::SignedByAe;
                }
            }
            Act::HandOver => {
                self.stage = Stage::WithCsm;
                self.events.entry(Event::HandedOver).or_insert(at);
            }
            Act::Initial { promise, seen } => {
                let initials = self.initials.entry(promise.clone()).or_default();
                let seen = seen.clone().unwrap_or_else(|| Digest::of(b""));
                let side = if acted.role == Role::Ae { &mut initials.ae } else { &mut initials.csm };
                *side = Some(Initial { by, at, seen });
            }
            Act::Dispute { promise, reason } => self.dispute(promise, remark(reason)),
            Act::Settle { promise, outcome, reason } => {
                if let Some(dispute) = self.disputes.get_mut(promise) {
                    dispute.settled = Some((*outcome, remark(reason)));
                    // What was agreed is another promise: both initial it anew.
                    self.initials.remove(promise);
                }
            }
            Act::Ask { question, entry } => {
                let (number, entry, asked) = (acted.seq, entry.clone(), remark(question));
                self.questions.push(Question { number, entry, asked, answer: None });
            }
            Act::Answer { question, answer } => {
                if let Some(asked) = self.questions.iter_mut().find(|asked| asked.number == *question) {
                    asked.answer = Some(remark(answer));
                }
            }
            Act::Approve => self.approve(acted, &[], None),
            Act::ApproveWithConditions { conditions, repair_by } => {
                self.approve(acted, conditions, Some(*repair_by));
            }
            Act::Repaired => {
                if let Some(approval) = &mut self.approved {
                    approval.repaired = true;
                }
            }
            Act::Return { reason } => {
                self.stage = Stage::Returned;
                self.returned = Some(remark(reason));
                self.signed = None;
            }
            Act::Report { event, at: told, minutes, frozen } => {
                self.report(*event, told.unwrap_or(at), *minutes, frozen.as_ref());
            }
            Act::ScheduleKickoff { at: planned } => {
                self.events.entry(Event::KickoffScheduled).or_insert(at);
                self.events.insert(Event::KickoffPlanned, *planned);
            }
            Act::CheckIn { day, answer } => {
                self.check_ins.push(CheckIn { day: *day, said: remark(answer) });
                let (stage, event) = match day {
                    30 => (Stage::Day30, Event::Day30),
                    _ => (Stage::Closed, Event::Day90),
                };
                self.stage = stage;
                self.events.insert(event, at);
            }
            Act::Confirm { entry, met, words } => {
                self.confirmed.insert(entry.clone(), Confirmed { met: *met, said: remark(words) });
            }
            Act::Rate { rating } => self.rating = Some(*rating),
        }
    }

    /// A disputed promise takes an approval back: nothing is approved that is disputed.
    fn dispute(&mut self, promise: &str, raised: Remark) {
        self.disputes.insert(promise.to_owned(), Dispute { raised, settled: None });
        if self.stage == Stage::Approved {
            self.stage = Stage::WithCsm;
            self.approved = None;
        }
    }

    fn approve(&mut self, acted: &Acted, conditions: &[String], repair_by: Option<Date>) {
        let (by, at, conditions) = (acted.by.clone(), acted.at, conditions.to_vec());
        self.approved = Some(Approval { by, at, repaired: conditions.is_empty(), conditions, repair_by });
        self.stage = Stage::Approved;
        self.events.entry(Event::Approved).or_insert(at);
    }

    fn report(&mut self, event: Event, at: Timestamp, minutes: Option<u32>, frozen: Option<&Evidence>) {
        self.events.insert(event, at);
        match event {
            Event::PacketRead => {
                self.minutes_read = self.minutes_read.saturating_add(minutes.unwrap_or_default());
            }
            Event::KickoffHeld if self.stage == Stage::Approved => self.stage = Stage::KickoffHeld,
            // The first countersignature froze the packet; a second report only corrects its time.
            Event::Countersigned if self.frozen.is_none() => self.frozen = frozen.cloned(),
            _ => {}
        }
    }

    /// Returns the promises that are disputed.
    pub fn disputed(&self) -> impl Iterator<Item = (&str, &Dispute)> {
        let open = self.disputes.iter().filter(|(_, dispute)| dispute.settled.is_none());
        open.map(|(promise, dispute)| (promise.as_str(), dispute))
    }

    /// Returns the promises that no paper for the customer may show: disputed ones, and those that do not hold.
    pub fn hidden(&self) -> BTreeSet<&str> {
        let hides = |dispute: &Dispute| {
            dispute.settled.as_ref().is_none_or(|(outcome, _)| *outcome == Settlement::Dropped)
        };
        self.disputes
            .iter()
            .filter(|(_, dispute)| hides(dispute))
            .map(|(promise, _)| promise.as_str())
            .collect()
    }

    /// Tells whether a dispute ended with the promise not holding.
    pub(super) fn dropped(&self, promise: &str) -> bool {
        let settled = self.disputes.get(promise).and_then(|dispute| dispute.settled.as_ref());
        settled.is_some_and(|(outcome, _)| *outcome == Settlement::Dropped)
    }

    /// Returns the initials that a side has put under a promise as it reads now.
    pub fn initial(&self, role: Role, promise: &str, now: &Digest) -> Option<&Initial> {
        let initials = self.initials.get(promise)?;
        let side = if role == Role::Ae { &initials.ae } else { &initials.csm };
        side.as_ref().filter(|initial| initial.seen == *now)
    }
}

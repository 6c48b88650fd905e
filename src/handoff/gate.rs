use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Act, Event, Evidence, Handoff, Profile, Stage};
use crate::access::Role;

/// Something that must not happen before something else has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// The AE signs.
    Sign,
    /// The CSM approves.
    Approve,
    /// The deal is marked as won in the CRM.
    CloseWon,
    /// The kickoff is held.
    Kickoff,
}

/// A gate and what it waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GateState {
    /// The gate.
    pub gate: Gate,
    /// Whether nothing is missing.
    pub open: bool,
    /// What is missing, line by line.
    pub missing: Vec<Lack>,
}

/// One thing that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lack {
    /// The kind, for programs.
    pub kind: &'static str,
    /// The ledger entry or the required field that it is about.
    pub about: Option<String>,
    /// What is missing and who can do something about it.
    pub words: String,
}

impl Lack {
    fn new(kind: &'static str, about: Option<&str>, words: String) -> Self {
        Self { kind, about: about.map(str::to_owned), words }
    }
}

impl Gate {
    /// Every gate, in the order in which a handoff comes to them.
    pub const ALL: [Self; 4] = [Self::Sign, Self::Approve, Self::CloseWon, Self::Kickoff];

    /// Returns what the gate waits for.
    pub fn state(self, handoff: &Handoff, evidence: &Evidence, profile: &Profile, today: Date) -> GateState {
        let missing = match self {
            Self::Sign => to_sign(handoff, evidence),
            Self::Approve => to_approve(handoff, evidence),
            Self::CloseWon => to_close(handoff, evidence, profile),
            Self::Kickoff => to_kick_off(handoff, evidence, profile, today),
        };
        GateState { gate: self, open: missing.is_empty(), missing }
    }

    /// Returns the gate that an act must pass.
    pub(super) fn before(act: &Act) -> Option<Self> {
        match act {
            Act::Sign { .. } => Some(Self::Sign),
            Act::Approve | Act::ApproveWithConditions { .. } => Some(Self::Approve),
            Act::Report { event: Event::KickoffHeld, .. } => Some(Self::Kickoff),
            _ => None,
        }
    }
}

fn to_sign(handoff: &Handoff, evidence: &Evidence) -> Vec<Lack> {
    let mut lacks = Vec::new();
    for gap in evidence.gaps.iter().filter(|gap| !gap.owned) {
        let words = format!(
            "“{}” is UNKNOWN and nobody answers for it by a day: answer it, or name who will",
            gap.field
        );
        lacks.push(Lack::new("gap_without_owner", Some(&gap.field), words));
    }
    for promise in &evidence.promises {
        let id = promise.id.as_str();
        if handoff.dropped(id) {
            continue;
        }
        if promise.unsure {
            let words =
                format!("nobody knows on whose side the speaker of promise {id} is: correct the speaker");
            lacks.push(Lack::new("speaker_unsure", Some(id), words));
        }
        if promise.contradicted && !handoff.disputes.contains_key(id) {
            let words =
                format!("promise {id} is contradicted on a call: dispute it and settle which version holds");
            lacks.push(Lack::new("contradicted", Some(id), words));
        }
    }
    lacks.extend(not_initialled(handoff, evidence, Role::Ae));
    lacks
}

fn to_approve(handoff: &Handoff, evidence: &Evidence) -> Vec<Lack> {
    let mut lacks = unsigned(handoff, evidence);
    lacks.extend(disputes(handoff));
    lacks.extend(not_initialled(handoff, evidence, Role::Ae));
    lacks.extend(not_initialled(handoff, evidence, Role::Csm));
    for question in handoff.questions.iter().filter(|question| question.answer.is_none()) {
        let words = format!("question {} of {} has no answer yet", question.number, question.asked.by);
        lacks.push(Lack::new("question_open", question.entry.as_deref(), words));
    }
    lacks
}

fn to_close(handoff: &Handoff, evidence: &Evidence, profile: &Profile) -> Vec<Lack> {
    if profile.gates.document_before_closed_won { unsigned(handoff, evidence) } else { Vec::new() }
}

fn to_kick_off(handoff: &Handoff, evidence: &Evidence, profile: &Profile, today: Date) -> Vec<Lack> {
    let mut lacks = Vec::new();
    let Some(approval) = &handoff.approved else {
        lacks.push(Lack::new("not_approved", None, "the CSM has not approved the packet".to_owned()));
        return lacks;
    };
    if let Some(by) = approval.repair_by.filter(|by| !approval.repaired && *by < today) {
        let words = format!(
            "the approval asked for repairs by {by} ({}), and the CSM has not said that they are made",
            approval.conditions.join("; ")
        );
        lacks.push(Lack::new("not_repaired", None, words));
    }
    lacks.extend(disputes(handoff));
    // A call after the approval may have brought a promise that nobody has read.
    lacks.extend(not_initialled(handoff, evidence, Role::Ae));
    lacks.extend(not_initialled(handoff, evidence, Role::Csm));
    let gates = &profile.gates;
    if gates.alignment_before_kickoff && !handoff.events.contains_key(&Event::AlignmentHeld) {
        let words = "AE and CSM have not met yet: hold the alignment meeting and report it".to_owned();
        lacks.push(Lack::new("not_aligned", None, words));
    }
    if handoff.minutes_read < gates.reading_minutes {
        let (read, needed) = (handoff.minutes_read, gates.reading_minutes);
        let words =
            format!("the CSM has read the packet for {read} of {needed} minutes: read on and report it");
        lacks.push(Lack::new("not_read", None, words));
    }
    lacks
}

fn unsigned(handoff: &Handoff, evidence: &Evidence) -> Vec<Lack> {
    match &handoff.signed {
        None => vec![Lack::new("not_signed", None, "the AE has not signed the packet".to_owned())],
        Some(signed) if signed.packet != evidence.packet => {
            let words = format!(
                "the packet has changed since {} signed it: the AE signs it as it stands now",
                signed.by
            );
            vec![Lack::new("changed_since_signed", None, words)]
        }
        Some(_) => Vec::new(),
    }
}

fn disputes(handoff: &Handoff) -> impl Iterator<Item = Lack> {
    handoff.disputed().map(|(promise, dispute)| {
        let words = format!("promise {promise} is disputed by {}: settle it", dispute.raised.by);
        Lack::new("disputed", Some(promise), words)
    })
}

fn not_initialled(handoff: &Handoff, evidence: &Evidence, role: Role) -> Vec<Lack> {
    let side = if role == Role::Ae { "AE" } else { "CSM" };
    let lacks = |promise: &&super::PromiseLine| {
        !handoff.dropped(&promise.id) && handoff.initial(role, &promise.id, &promise.digest).is_none()
    };
    let words = |promise: &super::PromiseLine| {
        let id = &promise.id;
        let before = handoff.initials.get(id).is_some_and(|it| match role {
            Role::Ae => it.ae.is_some(),
            _ => it.csm.is_some(),
        });
        let words = match before {
            true => format!(
                "promise {id} has changed since the {side} initialled it: the {side} initials it anew"
            ),
            false => format!("promise {id} is not initialled by the {side}"),
        };
        Lack::new("not_initialled", Some(id), words)
    };
    evidence.promises.iter().filter(lacks).map(words).collect()
}

/// Why an act was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The role may not do it.
    #[error("a caller of role {role} may not do `{act}`; it takes {takes}")]
    Role {
        /// The act.
        act: &'static str,
        /// Who tried.
        role: Role,
        /// Who may.
        takes: String,
    },
    /// The stage does not allow it.
    #[error("`{act}` is not possible now: the handoff is {}; {way_on}", stage.words())]
    Stage {
        /// The act.
        act: &'static str,
        /// Where the handoff is.
        stage: Stage,
        /// What can be done.
        way_on: &'static str,
    },
    /// Something is missing.
    #[error("`{act}` waits for {} more: {}", missing.len(), missing.iter().map(|lack| lack.words.as_str()).collect::<Vec<_>>().join("; "))]
    Gate {
        /// The act.
        act: &'static str,
        /// What is missing.
        missing: Vec<Lack>,
    },
    /// A field of the act is wrong.
    #[error("{field}: {words}")]
    Field {
        /// A pointer to the field.
        field: &'static str,
        /// What is wrong, and what would be right.
        words: String,
    },
}

impl Handoff {
    /// Tells whether `by` as `role` may do `act` now, and if not, why and what to do.
    ///
    /// # Errors
    /// The refusal.
    pub fn check(
        &self,
        act: &Act,
        by: &str,
        role: Role,
        evidence: &Evidence,
        profile: &Profile,
        today: Date,
    ) -> Result<(), Refusal> {
        if !act.is_for(role) {
            let takes: Vec<_> =
                Role::ALL.into_iter().filter(|role| act.is_for(*role)).map(Role::as_str).collect();
            return Err(Refusal::Role { act: act.name(), role, takes: takes.join(" or ") });
        }
        self.check_fields(act, by, evidence, today)?;
        if !self.allows(act) {
            return Err(Refusal::Stage { act: act.name(), stage: self.stage, way_on: way_on(act) });
        }
        let Some(gate) = Gate::before(act) else { return Ok(()) };
        let mut missing = gate.state(self, evidence, profile, today).missing;
        if matches!(act, Act::Report { event: Event::KickoffHeld, .. }) && self.stage > Stage::Approved {
            // The kickoff was held; this only corrects when.
            missing.clear();
        }
        if missing.is_empty() { Ok(()) } else { Err(Refusal::Gate { act: act.name(), missing }) }
    }

    fn check_fields(&self, act: &Act, by: &str, evidence: &Evidence, today: Date) -> Result<(), Refusal> {
        let wrong = |field, words: String| Err(Refusal::Field { field, words });
        let said = |field, text: &str| match text.trim().is_empty() {
            true => Err(Refusal::Field { field, words: "say why, in a sentence".to_owned() }),
            false => Ok(()),
        };
        match act {
            Act::Sign { packet: Some(packet) } if *packet != evidence.packet => wrong(
                "/packet",
                "the packet has changed since you read it: read it again and sign what stands".to_owned(),
            ),
            Act::Initial { promise, seen } => match evidence.promise(promise) {
                None => wrong("/promise", format!("no open promise of the packet has the id `{promise}`")),
                Some(line) if seen.as_ref().is_some_and(|seen| *seen != line.digest) => {
                    wrong("/seen", format!("promise {promise} has changed since you read it: read it again"))
                }
                Some(_) if self.disputes.get(promise).is_some_and(|dispute| dispute.settled.is_none()) => {
                    wrong(
                        "/promise",
                        format!("promise {promise} is disputed: settle it before anybody initials it"),
                    )
                }
                Some(_) => Ok(()),
            },
            Act::Dispute { promise, reason } => {
                if evidence.promise(promise).is_none() {
                    return wrong(
                        "/promise",
                        format!("no open promise of the packet has the id `{promise}`"),
                    );
                }
                said("/reason", reason)
            }
            Act::Settle { promise, reason, .. } => {
                if !self.disputed().any(|(disputed, _)| disputed == promise) {
                    return wrong("/promise", format!("promise `{promise}` is not disputed"));
                }
                said("/reason", reason)
            }
            Act::Return { reason } => said("/reason", reason),
            Act::Ask { question, .. } => said("/question", question),
            Act::Answer { question, answer } => {
                if !self.questions.iter().any(|asked| asked.number == *question) {
                    return wrong("/question", format!("there is no question {question}"));
                }
                said("/answer", answer)
            }
            Act::ApproveWithConditions { conditions, repair_by } => {
                if conditions.iter().all(|condition| condition.trim().is_empty()) {
                    return wrong(
                        "/conditions",
                        "name what must be repaired, or approve without conditions".to_owned(),
                    );
                }
                if *repair_by < today {
                    return wrong("/repair_by", format!("{repair_by} is over"));
                }
                self.two_people(by)
            }
            Act::Approve => self.two_people(by),
            Act::Report { event, .. } if !event.is_reported() => {
                let words = format!("`{}` follows from another act and is not reported", event.words());
                wrong("/event", words)
            }
            Act::Report { event: Event::PacketRead, minutes: None | Some(0), .. } => {
                wrong("/minutes", "say for how many minutes you read".to_owned())
            }
            Act::CheckIn { day, .. } if *day != 30 && *day != 90 => wrong("/day", "is 30 or 90".to_owned()),
            Act::CheckIn { day: 30, answer } => said("/answer", answer),
            Act::Rate { rating } if !(1..=5).contains(rating) => {
                wrong("/rating", "is from 1 to 5".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Two signatures are worth two people.
    fn two_people(&self, by: &str) -> Result<(), Refusal> {
        match &self.signed {
            Some(signed) if signed.by == by => Err(Refusal::Field {
                field: "/act",
                words: format!("{by} has signed as AE; another person approves as CSM"),
            }),
            _ => Ok(()),
        }
    }
}

fn way_on(act: &Act) -> &'static str {
    match act {
        Act::BeginReview => "the AE reviews a draft, or a packet that was returned",
        Act::Sign { .. } => "a packet is signed before it is approved; a dispute or a return opens it again",
        Act::HandOver => "the AE signs first, then hands over",
        Act::Initial { .. } | Act::Dispute { .. } | Act::Settle { .. } => {
            "promises are initialled, disputed and settled before the kickoff"
        }
        Act::Ask { .. } => "the CSM asks once the packet was handed over and before the kickoff",
        Act::Approve | Act::ApproveWithConditions { .. } | Act::Return { .. } => {
            "the AE signs and hands over first"
        }
        Act::Repaired | Act::Rate { .. } => "the CSM approves first",
        Act::ScheduleKickoff { .. } => "the kickoff was held already",
        Act::CheckIn { day: 30, .. } => {
            "the check-in of day 30 follows the kickoff: report `kickoff_held` first"
        }
        Act::CheckIn { .. } => "the check-in of day 90 follows that of day 30",
        Act::Answer { .. } | Act::Report { .. } => "the handoff is over",
    }
}

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Act, Event, Evidence, Handoff, Profile};
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

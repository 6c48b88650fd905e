use jiff::civil::Date;

use super::{Act, Event, Evidence, Gate, Handoff, Lack, Profile, Stage};
use crate::access::Role;

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
            Act::Confirm { entry, .. } if !evidence.is_measured(entry) => {
                let words = format!("no promise and no success metric of the packet has the id `{entry}`");
                wrong("/entry", words)
            }
            Act::Confirm { met: false, words, .. } => said("/words", words),
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
        Act::Confirm { .. } => "the customer is asked after the kickoff: report `kickoff_held` first",
        Act::CheckIn { day: 30, .. } => {
            "the check-in of day 30 follows the kickoff: report `kickoff_held` first"
        }
        Act::CheckIn { .. } => "the check-in of day 90 follows that of day 30",
        Act::Answer { .. } | Act::Report { .. } => "the handoff is over",
    }
}

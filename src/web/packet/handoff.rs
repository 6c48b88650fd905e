use super::offer::{Offer, offers};
use super::reader::{Reader, Said};
use super::thread::{Thread, threads};
use crate::handoff::{self, Stage};
use crate::web::deadline::Deadline;
use crate::web::frame::shown;
use crate::web::moment::Moment;

/// Where the handoff of a packet stands, and what its reader can do about it.
pub(super) struct Panel {
    /// The stage, as the end of "the handoff is …".
    pub(super) stage: &'static str,
    pub(super) steps: Vec<Step>,
    pub(super) signed: Option<Signed>,
    pub(super) approved: Option<Approved>,
    pub(super) returned: Option<Said>,
    /// Promises that are disputed.
    pub(super) disputed: Vec<Link>,
    /// Questions about the whole packet.
    pub(super) threads: Vec<Thread>,
    pub(super) deadlines: Vec<Deadline>,
    /// How many of them are over.
    pub(super) late: usize,
    /// What moves the handoff on.
    pub(super) offers: Vec<Offer>,
    /// What is only noted.
    pub(super) reports: Vec<Offer>,
    /// The zone in which the forms tell time.
    pub(super) zone: String,
    /// Whether the reader can ask about the packet, and the approval waits for the answer.
    pub(super) asks: bool,
}

/// One stage of the way.
pub(super) struct Step {
    pub(super) name: &'static str,
    /// `past`, `here` or nothing.
    pub(super) state: &'static str,
}

/// The AE's signature.
pub(super) struct Signed {
    pub(super) by: String,
    pub(super) at: Moment,
    /// Whether the packet has changed since.
    pub(super) stale: bool,
}

/// The CSM's approval.
pub(super) struct Approved {
    pub(super) by: String,
    pub(super) at: Moment,
    pub(super) conditions: Vec<String>,
    pub(super) repair_by: String,
    pub(super) repaired: bool,
}

/// A line of the packet, by its words.
pub(super) struct Link {
    pub(super) to: String,
    pub(super) words: String,
}

/// The stages as the page draws them; being returned is a way back and no step of its own.
const STEPS: &[(Stage, &str)] = &[
    (Stage::Drafting, "Draft"),
    (Stage::InAeReview, "AE review"),
    (Stage::SignedByAe, "Signed"),
    (Stage::WithCsm, "With CSM"),
    (Stage::Approved, "Approved"),
    (Stage::KickoffHeld, "Kickoff"),
    (Stage::Day30, "Day 30"),
    (Stage::Closed, "Closed"),
];

impl Panel {
    pub(super) fn new(reader: &Reader) -> Self {
        let (handoff, evidence) = (&reader.dossier.handoff, &reader.dossier.evidence);
        let (offers, reports) = offers(reader);
        let signed = handoff.signed.as_ref().map(|signed| Signed {
            by: shown(&signed.by),
            at: signed.at.into(),
            stale: signed.packet != evidence.packet,
        });
        let approved = handoff.approved.as_ref().map(|approval| Approved {
            by: shown(&approval.by),
            at: approval.at.into(),
            conditions: approval.conditions.iter().map(|condition| shown(condition)).collect(),
            repair_by: approval.repair_by.map(|day| day.to_string()).unwrap_or_default(),
            repaired: approval.repaired,
        });
        let returned = handoff.returned.as_ref().filter(|_| handoff.stage == Stage::Returned);
        let (clocks, zone) = (reader.clocks(), reader.dossier.calendar.zone());
        let deadlines: Vec<_> = clocks.iter().filter_map(|clock| Deadline::running(clock, zone)).collect();
        let asked = handoff::Act::Ask { question: "…".to_owned(), entry: None };
        Self {
            stage: handoff.stage.words(),
            steps: steps(handoff.stage),
            signed,
            approved,
            returned: returned.map(|it| Said::new(&it.by, it.at, &it.text)),
            disputed: handoff.disputed().map(|(promise, _)| link(promise, reader)).collect(),
            threads: threads(&[], None, reader),
            late: deadlines.iter().filter(|it| it.tone == "bad").count(),
            deadlines,
            offers,
            reports,
            zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            asks: reader.may(&asked),
        }
    }
}

fn steps(now: Stage) -> Vec<Step> {
    let here = if now == Stage::Returned { Stage::InAeReview } else { now };
    let step = |(stage, name): &(Stage, &'static str)| {
        let state = match stage.cmp(&here) {
            std::cmp::Ordering::Less => "past",
            std::cmp::Ordering::Equal => "here",
            std::cmp::Ordering::Greater => "",
        };
        Step { name, state }
    };
    STEPS.iter().map(step).collect()
}

/// Returns a promise by its words.
pub(super) fn link(promise: &str, reader: &Reader) -> Link {
    const LONGEST: usize = 60;
    let known = reader.dossier.packet.ledger.promises.iter().find(|known| known.id == promise);
    let summary = known.map_or(promise, |known| known.summary.as_str());
    let mut words: String = summary.chars().take(LONGEST).collect();
    if words.len() < summary.len() {
        words.push('…');
    }
    Link { to: reader.to(promise), words: shown(&words) }
}

use super::handoff::{Link, link};
use super::reader::Reader;
use crate::access;
use crate::handoff::{Act, Event, Lack, Refusal, Stage};

/// An act of the handoff as the page offers it: what it does, what it asks, what it waits for.
pub(super) struct Offer {
    pub(super) act: &'static str,
    /// The event that is reported, empty for another act.
    pub(super) event: &'static str,
    pub(super) title: &'static str,
    /// What will have happened when the button was pressed.
    pub(super) does: &'static str,
    pub(super) inputs: &'static [Input],
    /// What must happen before.
    pub(super) waits: Vec<Wait>,
    /// What the author binds to: the digest of the packet, for a signature.
    pub(super) packet: String,
    /// The day of a check-in.
    pub(super) day: u32,
}

/// Something that an act asks of whoever does it.
pub(super) struct Input {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// The type of the HTML input, or `textarea`.
    pub(super) kind: &'static str,
    pub(super) required: bool,
}

/// One thing that is missing, in the words of the gate.
pub(super) struct Wait {
    pub(super) before: String,
    /// The line that it is about.
    pub(super) line: Option<Link>,
    pub(super) after: String,
}

const fn input(name: &'static str, label: &'static str, kind: &'static str, required: bool) -> Input {
    Input { name, label, kind, required }
}

const AT: Input = input("at", "When; now if left empty", "datetime-local", false);
const MINUTES: Input = input("minutes", "For how many minutes", "number", false);

/// Returns what moves the handoff on and the reader may do at this stage, and what they may report.
pub(super) fn offers(reader: &Reader) -> (Vec<Offer>, Vec<Offer>) {
    if !reader.caller.may(access::Act::HandOff) {
        return (Vec::new(), Vec::new());
    }
    let moves = moves(reader).into_iter().filter_map(|(act, offer)| offer.at(&act, reader));
    let reports = reports(reader).into_iter().filter_map(|(act, offer)| offer.at(&act, reader));
    (moves.collect(), reports.collect())
}

fn moves(reader: &Reader) -> Vec<(Act, Offer)> {
    let (handoff, evidence) = (&reader.dossier.handoff, &reader.dossier.evidence);
    let (reason, tomorrow) = ("…".to_owned(), reader.dossier.today);
    let mut moves = Vec::new();
    if handoff.signed.as_ref().is_none_or(|signed| signed.packet != evidence.packet) {
        let does = "You say that the packet is right as it reads now. If a call or a person changes it afterwards, \
                    you are asked to sign it anew.";
        let sign =
            Offer { packet: evidence.packet.to_string(), ..offer("sign", "Sign the packet", does, &[]) };
        moves.push((Act::Sign { packet: None }, sign));
    }
    let does = "The CSM reads it, asks, disputes or initials each promise, and approves or returns it.";
    moves.push((Act::HandOver, offer("hand_over", "Hand over to the CSM", does, &[])));
    let does = "You have what you need, and the kickoff may follow. A dispute takes the approval back.";
    moves.push((Act::Approve, offer("approve", "Approve", does, &[])));
    const CONDITIONS: &[Input] = &[
        input("conditions", "What must be repaired, one thing a line", "textarea", true),
        input("repair_by", "By when", "date", true),
    ];
    let does = "You approve, and the kickoff waits for the repairs once their day is over.";
    let conditional = Act::ApproveWithConditions { conditions: vec![reason.clone()], repair_by: tomorrow };
    moves.push((conditional, offer("approve_with_conditions", "Approve on conditions", does, CONDITIONS)));
    const REASON: &[Input] = &[input("text", "Why", "textarea", true)];
    let does = "The packet goes back to the AE with your reason, and the AE's signature is taken off.";
    moves.push((Act::Return { reason: reason.clone() }, offer("return", "Return to the AE", does, REASON)));
    if handoff.approved.as_ref().is_some_and(|approval| !approval.repaired) {
        let does = "You say that the conditions of your approval are met.";
        moves.push((Act::Repaired, offer("repaired", "Conditions are met", does, &[])));
    }
    if handoff.stage >= Stage::Approved {
        let does = "The deal is in the hands of the CSM; check-ins follow on day 30 and day 90.";
        moves.push((report(Event::KickoffHeld), reported("kickoff_held", "Kickoff was held", does, &[AT])));
    }
    const UNKNOWN: &[Input] =
        &[input("text", "What do you still not know about this customer?", "textarea", true)];
    let does = "Keeps what the handoff did not tell, for the next one.";
    let held = Act::CheckIn { day: 30, answer: reason.clone() };
    moves.push((held, Offer { day: 30, ..offer("check_in", "Check in on day 30", does, UNKNOWN) }));
    const SAID: &[Input] = &[input("text", "What was said", "textarea", false)];
    let held = Act::CheckIn { day: 90, answer: reason };
    let does = "Closes the handoff.";
    moves.push((held, Offer { day: 90, ..offer("check_in", "Check in on day 90", does, SAID) }));
    moves
}

fn reports(reader: &Reader) -> Vec<(Act, Offer)> {
    let happened = |event: Event| reader.dossier.handoff.events.contains_key(&event);
    let mut reports = Vec::new();
    let mut once = |event: Event, word, title, does, inputs| {
        if !happened(event) {
            reports.push((report(event), reported(word, title, does, inputs)));
        }
    };
    let does = "Freezes the packet: what changes afterwards is shown as a change. Deadlines count from then.";
    once(Event::Countersigned, "countersigned", "Contract was countersigned", does, &[AT]);
    let does = "AE and CSM have met without the customer; the kickoff waits for it.";
    once(Event::AlignmentHeld, "alignment_held", "Alignment meeting was held", does, &[AT, MINUTES]);
    let does = "The AE has told the champion about the CSM, one to one.";
    once(Event::ChampionPrimed, "champion_primed", "Champion was told", does, &[AT]);
    let does = "The AE has introduced the CSM in writing.";
    once(Event::Introduced, "introduced", "CSM was introduced", does, &[AT]);
    let does = "The CSM has contacted the customer for the first time.";
    once(Event::Contacted, "contacted", "First contact was made", does, &[AT]);
    const READ: &[Input] = &[input("minutes", "For how many minutes", "number", true)];
    let does = "Adds to the time for which you have read the packet.";
    let read = Act::Report { event: Event::PacketRead, at: None, minutes: Some(1), frozen: None };
    reports.push((read, reported("packet_read", "I have read the packet", does, READ)));
    const PLANNED: &[Input] = &[input("at", "For when", "datetime-local", true)];
    let does = "Puts the kickoff among the deadlines.";
    let planned = Act::ScheduleKickoff { at: jiff::Timestamp::UNIX_EPOCH };
    reports.push((planned, offer("schedule_kickoff", "Kickoff is scheduled", does, PLANNED)));
    const RATING: &[Input] = &[input("rating", "From 1 (poor) to 5 (all I needed)", "number", true)];
    let does = "Says how good the handoff was, for the figures.";
    reports.push((Act::Rate { rating: 1 }, offer("rate", "Rate the handoff", does, RATING)));
    reports
}

fn report(event: Event) -> Act {
    Act::Report { event, at: None, minutes: None, frozen: None }
}

fn offer(act: &'static str, title: &'static str, does: &'static str, inputs: &'static [Input]) -> Offer {
    Offer { act, event: "", title, does, inputs, waits: Vec::new(), packet: String::new(), day: 0 }
}

fn reported(event: &'static str, title: &'static str, does: &'static str, inputs: &'static [Input]) -> Offer {
    Offer { event, ..offer("report", title, does, inputs) }
}

impl Offer {
    /// Returns the offer with what it waits for; `None` where role or stage do not allow `act`.
    fn at(self, act: &Act, reader: &Reader) -> Option<Self> {
        let waits = match reader.check(act) {
            Ok(()) => Vec::new(),
            Err(Refusal::Gate { missing, .. }) => {
                missing.iter().map(|lack| Wait::new(lack, reader)).collect()
            }
            Err(Refusal::Field { words, .. }) => {
                vec![Wait { before: words, line: None, after: String::new() }]
            }
            Err(Refusal::Role { .. } | Refusal::Stage { .. }) => return None,
        };
        Some(Self { waits, ..self })
    }
}

impl Wait {
    /// Returns what is missing, with the words of a promise in place of its id.
    fn new(lack: &Lack, reader: &Reader) -> Self {
        let known = lack.about.as_deref().filter(|about| lack.words.contains(about));
        let promise = known.filter(|about| reader.dossier.evidence.promise(about).is_some());
        let Some((promise, (before, after))) = promise.and_then(|it| Some((it, lack.words.split_once(it)?)))
        else {
            return Self { before: lack.words.clone(), line: None, after: String::new() };
        };
        Self { before: before.to_owned(), line: Some(link(promise, reader)), after: after.to_owned() }
    }
}

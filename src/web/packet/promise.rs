use super::reader::{Reader, Said};
use crate::access::Role;
use crate::handoff::{Act, Initial, Settlement};
use crate::transcript::Digest;
use crate::web::frame::shown;
use crate::web::moment::Moment;

/// What the two sides have put under a promise, and what the reader can.
pub(super) struct Marks {
    /// Digest of the promise as it reads now: what initials bind to.
    pub(super) seen: Digest,
    pub(super) sides: [Mark; 2],
    /// As what the reader can initial it now; empty where they cannot, or have.
    pub(super) initial: &'static str,
    pub(super) dispute: Option<Dispute>,
    pub(super) disputes: bool,
}

/// The mark of one side.
pub(super) struct Mark {
    /// `AE` or `CSM`.
    pub(super) side: &'static str,
    /// Who; empty where nobody has.
    pub(super) by: String,
    pub(super) at: Option<Moment>,
    /// Whether the promise has changed since.
    pub(super) stale: bool,
}

/// A promise on which the sides do not agree, or did not.
pub(super) struct Dispute {
    pub(super) raised: Said,
    /// How it ended, and what was agreed.
    pub(super) settled: Option<(&'static str, Said)>,
    /// Whether the reader can settle it now.
    pub(super) settles: bool,
}

impl Marks {
    /// Returns the marks under the promise of an entry; `None` where it is no promise that is still to be kept.
    pub(super) fn new(entry: &str, reader: &Reader) -> Option<Self> {
        let line = reader.dossier.evidence.promise(entry)?;
        let handoff = &reader.dossier.handoff;
        let initials = handoff.initials.get(entry).cloned().unwrap_or_default();
        let sides =
            [("AE", initials.ae), ("CSM", initials.csm)].map(|(side, by)| Mark::new(side, by, &line.digest));
        let own = match reader.caller.role {
            Role::Ae => Some(&sides[0]),
            Role::Csm => Some(&sides[1]),
            _ => None,
        };
        let promise = || entry.to_owned();
        let initial = Act::Initial { promise: promise(), seen: Some(line.digest.clone()) };
        let missing = own.filter(|own| own.by.is_empty() || own.stale);
        let dispute = handoff.disputes.get(entry).map(|dispute| {
            let said = |it: &crate::handoff::Remark| Said::new(&it.by, it.at, &it.text);
            let (outcome, reason) = (Settlement::Kept, "…".to_owned());
            Dispute {
                raised: said(&dispute.raised),
                settled: dispute.settled.as_ref().map(|(outcome, agreed)| (ended(*outcome), said(agreed))),
                settles: reader.may(&Act::Settle { promise: promise(), outcome, reason }),
            }
        });
        let disputed = dispute.as_ref().is_some_and(|dispute| dispute.settled.is_none());
        Some(Self {
            seen: line.digest.clone(),
            initial: missing.filter(|_| reader.may(&initial)).map_or("", |own| own.side),
            disputes: !disputed && reader.may(&Act::Dispute { promise: promise(), reason: "…".to_owned() }),
            dispute,
            sides,
        })
    }
}

impl Mark {
    fn new(side: &'static str, initial: Option<Initial>, now: &Digest) -> Self {
        let stale = initial.as_ref().is_some_and(|initial| initial.seen != *now);
        let (by, at) = initial.map(|initial| (initial.by, initial.at)).unzip();
        Self { side, by: by.map(|by| shown(&by)).unwrap_or_default(), at: at.map(Moment::from), stale }
    }
}

fn ended(outcome: Settlement) -> &'static str {
    match outcome {
        Settlement::Kept => "it holds",
        Settlement::Renegotiated => "it was renegotiated with the customer",
        Settlement::Dropped => "it does not hold",
    }
}

//! Signs that a deal is of higher risk (S-046): each rests on words that stand in the ledger already.

use crate::rules::{Kind, ObjectionStatus, ObjectionType, Role};
use crate::transcript::Digest;

use super::{Citation, Contact, Ledger, Objection};

/// Times that a discount is asked for from which that is pressure: once is a habit of buyers.
const PRESSURE: usize = 2;

/// A sign that a deal is of higher risk.
#[derive(Clone, Debug, PartialEq)]
pub struct HigherRisk {
    /// An id from what it is and whom it is about.
    pub id: String,
    /// What was observed, in our words.
    pub observed: String,
    /// The words that show it.
    pub evidence: Vec<Citation>,
}

impl HigherRisk {
    fn new(observed: String, about: &str, evidence: Vec<Citation>) -> Option<Self> {
        let id = Digest::of_parts(["higher risk", about].map(str::as_bytes)).short().to_owned();
        (!evidence.is_empty()).then_some(Self { id, observed, evidence })
    }
}

/// Returns what marks the deal of a ledger as one of higher risk: pressure on the price, an economic buyer whose concerns
/// are open, a champion who cannot decide.
pub fn higher_risks(ledger: &Ledger) -> Vec<HigherRisk> {
    let concerns = |contact: &Contact, counts: &dyn Fn(&Objection) -> bool| -> Vec<Citation> {
        let raised = ledger.objections.iter().filter(|objection| counts(objection));
        let said = raised.flat_map(|objection| &objection.said).map(|saying| &saying.words);
        said.filter(|words| contact.is_called(&words.speaker)).cloned().collect()
    };
    let open = |objection: &Objection| objection.status == ObjectionStatus::Open;
    let buyers = ledger.stakeholders.iter().filter(|contact| contact.has(Role::EconomicBuyer));
    let buyers = buyers.filter_map(|buyer| {
        let observed = format!("The economic buyer, {}, has concerns that nobody resolved", buyer.display());
        HigherRisk::new(observed, &buyer.id, concerns(buyer, &open))
    });
    let of_authority = |objection: &Objection| objection.kind == ObjectionType::Authority;
    let champions = ledger.stakeholders.iter().filter(|contact| contact.has(Role::Champion));
    let champions = champions.filter(|contact| !contact.has(Role::EconomicBuyer)).filter_map(|champion| {
        let observed = format!("The champion, {}, says that others decide", champion.display());
        HigherRisk::new(observed, &champion.id, concerns(champion, &of_authority))
    });
    pressure(ledger).into_iter().chain(buyers).chain(champions).collect()
}

fn pressure(ledger: &Ledger) -> Option<HigherRisk> {
    let is = |saying: &super::Saying, name: &str, value: &str| {
        saying.attrs.get(name).and_then(|attr| attr.as_str()) == Some(value)
    };
    let said = ledger.pricing.iter().filter(|term| term.kind == Kind::Pricing).flat_map(|term| &term.said);
    let asked = said.filter(|saying| is(saying, "type", "discount") && is(saying, "direction", "asked"));
    let asked: Vec<Citation> = asked.map(|saying| saying.words.clone()).collect();
    if asked.len() < PRESSURE {
        return None;
    }
    HigherRisk::new(format!("A discount was asked for {} times", asked.len()), "discount", asked)
}

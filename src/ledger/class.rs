use serde::Serialize;

use crate::rules::Firmness;
use crate::transcript::Deal;

use super::clause_match::{ClauseMatch, Clauses};
use super::{Ledger, Promise, Saying};

/// Words by which a promise is an outlook and no undertaking.
const OUTLOOK: &[&str] = &[
    "roadmap",
    "vision",
    "down the road",
    "someday",
    "eventually",
    "hoping",
    "the hope is",
    "aim to",
    "the plan is",
    "the plan's",
    "i'd expect",
    "should be",
    "planen wir",
    "irgendwann",
    "feuille de route",
    "on espère",
    "à terme",
    "hoja de ruta",
    "esperamos",
];

/// What a promise is, as far as anybody can propose: a person decides (S-044).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseClass {
    /// A clause holds it.
    Contractual,
    /// Nothing was signed, and it was said so that it must be honoured.
    GoodFaith,
    /// It was said as an outlook, and is to be put into its right frame.
    Aspirational,
}

impl PromiseClass {
    /// Returns the word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contractual => "contractual",
            Self::GoodFaith => "good faith",
            Self::Aspirational => "aspirational",
        }
    }
}

/// Where a promise stands towards the signed papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// A clause says the same.
    InContract,
    /// A clause speaks of it with another figure or date.
    Differs,
    /// No clause speaks of it (S-024).
    NotInContract,
    /// No paper is attached.
    NoContract,
}

/// The class proposed for a promise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// The promise's id.
    pub promise: String,
    /// The class.
    pub class: PromiseClass,
    /// Why, in our words.
    pub reason: String,
    /// Whether the papers hold it.
    pub held: Held,
    /// The clause that speaks of it.
    pub clause: Option<ClauseMatch>,
}

/// Proposes a class for each promise, held against the papers attached to `deal`.
pub fn classes(deal: &Deal, ledger: &Ledger) -> Vec<Proposal> {
    let clauses = Clauses::of(deal);
    ledger.promises.iter().map(|promise| Proposal::of(promise, &clauses)).collect()
}

impl Proposal {
    fn of(promise: &Promise, clauses: &Clauses) -> Self {
        let sayings: Vec<&str> =
            promise.said.iter().flat_map(Saying::citations).map(|words| words.quote.text()).collect();
        let clause = clauses.find(&sayings, promise.due);
        let held = match &clause {
            _ if clauses.is_empty() => Held::NoContract,
            None => Held::NotInContract,
            Some(clause) if clause.agrees => Held::InContract,
            Some(_) => Held::Differs,
        };
        let (class, how) = match (held, promise.firmness) {
            (Held::InContract, _) => (PromiseClass::Contractual, "a clause says the same".to_owned()),
            (_, Firmness::Hedged) => (PromiseClass::Aspirational, "hedged when last said".to_owned()),
            _ if sayings.last().is_some_and(|words| is_outlook(words)) => {
                (PromiseClass::Aspirational, "said as an outlook".to_owned())
            }
            (_, firmness) => (PromiseClass::GoodFaith, format!("{firmness} when last said")),
        };
        let papers = match held {
            Held::InContract => "",
            Held::Differs => ", and the clause on it has another figure or date",
            Held::NotInContract => ", and no clause speaks of it",
            Held::NoContract => ", and no contract is attached",
        };
        Self { promise: promise.id.clone(), class, reason: format!("{how}{papers}"), held, clause }
    }
}

fn is_outlook(words: &str) -> bool {
    let words = words.to_lowercase().replace('’', "'");
    OUTLOOK.iter().any(|outlook| words.contains(outlook))
}

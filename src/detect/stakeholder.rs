use serde::{Deserialize, Serialize};

use super::ByModel;
use crate::rules::{Attitude, Role};
use crate::transcript::{Quote, Side};

/// A person on the customer's or a partner's side, speaking or only mentioned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stakeholder {
    /// The fullest form of the name that was heard; `None` for "our CFO".
    pub name: Option<String>,
    /// Other forms ("Dana", a misheard spelling).
    pub aliases: Vec<String>,
    /// Job title.
    pub title: Option<String>,
    /// Side.
    pub side: Side,
    /// Parts the person plays, from evidence in the call.
    pub roles: Vec<Role>,
    /// How the person stands towards the purchase.
    pub attitude: Attitude,
    /// The last words that speak for that attitude; `None` where nobody showed one.
    pub shown_by: Option<Quote>,
    /// The words that roles and attitude rest on.
    pub evidence: Vec<Quote>,
    /// Whether the person speaks on this call.
    pub speaks: bool,
    /// Whether the person came to the company or left it, with the words that tell; the last where both are said.
    pub turnover: Option<(Turnover, Quote)>,
    /// What a model says of the person.
    pub testified: Vec<Testified>,
}

/// What a model says of a person's part or stance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Testified {
    /// The part or stance.
    #[serde(with = "SaysParts")]
    pub says: Says,
    /// The person's words that show it.
    pub quote: Quote,
    /// The model.
    pub by: ByModel,
}

/// A part or a stance that a model hears in somebody's words, and what the rules read.
#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// A part that the rules do not tell.
    Role {
        /// The part.
        role: Role,
        /// The parts that the rules tell.
        rules: Vec<Role>,
    },
    /// A stance other than the one that the rules tell.
    Stance {
        /// The stance.
        stance: Attitude,
        /// What the rules tell.
        rules: Attitude,
    },
}

/// The same as it is held; elsewhere it is written as a sentence.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Says")]
enum SaysParts {
    Role { role: Role, rules: Vec<Role> },
    Stance { stance: Attitude, rules: Attitude },
}

impl Says {
    /// Tells whether it is about how somebody stands, which belongs among the red flags (S-079).
    pub fn is_stance(&self) -> bool {
        matches!(self, Self::Stance { .. })
    }
}

impl std::fmt::Display for Says {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Role { role, rules } if rules.is_empty() => write!(f, "role: {role}; the rules say none"),
            Self::Role { role, rules } => {
                let rules: Vec<_> = rules.iter().map(|role| role.as_str()).collect();
                write!(f, "role: {role}; the rules say {}", rules.join(", "))
            }
            Self::Stance { stance, rules: Attitude::Unknown } => {
                write!(f, "stance: {stance}; the rules say none")
            }
            Self::Stance { stance, rules } => write!(f, "stance: {stance}; the rules say {rules}"),
        }
    }
}

impl Serialize for Says {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Stakeholder {
    /// Takes in a part that a model hears in the person's words.
    pub fn plays(&mut self, role: Role, quote: &Quote, by: &ByModel) {
        if !self.roles.contains(&role) {
            let heard = |told: &Role| {
                self.testified.iter().any(|it| matches!(it.says, Says::Role { role, .. } if role == *told))
            };
            let rules = self.roles.iter().copied().filter(|role| !heard(role)).collect();
            self.roles.push(role);
            self.roles.sort_unstable();
            self.testify(Says::Role { role, rules }, quote, by);
        }
    }

    /// Takes in a stance that a model hears in the person's words; it stands in place of what the rules read, which is
    /// told beside it.
    pub fn stands(&mut self, attitude: Attitude, quote: &Quote, by: &ByModel) {
        let rules = std::mem::replace(&mut self.attitude, attitude);
        if rules == attitude {
            return;
        }
        self.shown_by = Some(quote.clone());
        self.testify(Says::Stance { stance: attitude, rules }, quote, by);
    }

    fn testify(&mut self, says: Says, quote: &Quote, by: &ByModel) {
        if !self.evidence.contains(quote) {
            self.evidence.push(quote.clone());
        }
        self.testified.push(Testified { says, quote: quote.clone(), by: by.clone() });
    }
}

/// Somebody's coming or going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turnover {
    /// New in the company or the part.
    Joined,
    /// Gone, or about to go.
    Left,
}

use serde::{Deserialize, Serialize};

use super::ByModel;
use crate::rules::{Attitude, Role};
use crate::transcript::{Quote, Side};

/// A person on the customer's or a partner's side, speaking or only mentioned.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
pub struct Testified {
    /// The part or stance, with what the rules say where that differs.
    pub label: String,
    /// The person's words that show it.
    pub quote: Quote,
    /// The model.
    pub by: ByModel,
}

impl Stakeholder {
    /// Takes in a part that a model hears in the person's words.
    pub fn plays(&mut self, role: Role, quote: &Quote, by: &ByModel) {
        if !self.roles.contains(&role) {
            self.roles.push(role);
            self.roles.sort_unstable();
            self.testify(format!("role: {role}"), quote, by);
        }
    }

    /// Takes in a stance that a model hears in the person's words; it stands in place of what the rules read, which is
    /// told beside it.
    pub fn stands(&mut self, attitude: Attitude, quote: &Quote, by: &ByModel) {
        let own = std::mem::replace(&mut self.attitude, attitude);
        if own == attitude {
            return;
        }
        self.shown_by = Some(quote.clone());
        let label = match own {
            Attitude::Unknown => format!("stance: {attitude}"),
            own => format!("stance: {attitude}; the rules say {own}"),
        };
        self.testify(label, quote, by);
    }

    fn testify(&mut self, label: String, quote: &Quote, by: &ByModel) {
        if !self.evidence.contains(quote) {
            self.evidence.push(quote.clone());
        }
        self.testified.push(Testified { label, quote: quote.clone(), by: by.clone() });
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

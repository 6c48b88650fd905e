use serde::{Deserialize, Serialize};

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

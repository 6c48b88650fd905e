use jiff::civil;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CallTime, Contract, Participant};

/// What is known of a deal: the `deal.json` beside its calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Deal {
    /// The deal's id.
    #[serde(rename = "deal")]
    pub id: String,
    /// The customer.
    pub account: String,
    /// Our company's name, as it is said on calls.
    pub our_company: String,
    /// Our e-mail domains.
    pub our_domains: Vec<String>,
    /// The people on our side, whether they speak or are only mentioned.
    pub our_people: Vec<Person>,
    /// People whom the metadata of the deal's calls names, each call's for all the others: no part of a `deal.json`.
    /// Somebody left out of one invitation is often in another.
    #[serde(skip)]
    pub known_people: Vec<Participant>,
    /// Papers that are attached to the deal: no part of a `deal.json`.
    #[serde(skip)]
    pub contracts: Vec<Contract>,
    /// When the deal was won.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<CallTime>,
    /// First day of the customer's fiscal year, where it is known; only month and day count.
    #[schema(value_type = Option<String>, format = Date)]
    pub fiscal_year_starts: Option<civil::Date>,
    /// The time zone in which the handoff's deadlines are counted, as in `Europe/Berlin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

impl Deal {
    /// Returns the deal with what it leaves open taken from `other`.
    #[must_use]
    pub fn filled_from(mut self, other: &Self) -> Self {
        let fill = |own: &mut String, other: &String| {
            if own.is_empty() {
                own.clone_from(other);
            }
        };
        fill(&mut self.id, &other.id);
        fill(&mut self.account, &other.account);
        fill(&mut self.our_company, &other.our_company);
        if self.our_domains.is_empty() {
            self.our_domains.clone_from(&other.our_domains);
        }
        if self.our_people.is_empty() {
            self.our_people.clone_from(&other.our_people);
        }
        self.closed_at = self.closed_at.or(other.closed_at);
        self.fiscal_year_starts = self.fiscal_year_starts.or(other.fiscal_year_starts);
        self.time_zone = self.time_zone.or_else(|| other.time_zone.clone());
        self
    }
}

/// A person on our side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// Job title.
    pub title: Option<String>,
}

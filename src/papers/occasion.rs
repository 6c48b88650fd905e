use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::transcript::CallTime;

/// What papers need beside the calls: who hands over to whom, when, and what was agreed between them. All of it may
/// be missing; what is missing is a marked blank with the question to ask.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Occasion {
    /// The account executive.
    pub ae: Colleague,
    /// The customer success manager.
    pub csm: Colleague,
    /// The manager of customer success.
    pub cs_manager: Colleague,
    /// The champion's e-mail address, where the calls' metadata has none.
    pub champion_email: Option<String>,
    /// Why this CSM for this customer (S-039: a specific reason).
    pub pairing_reason: Option<String>,
    /// Whom the CSM has brought through the same before.
    pub reference: Option<String>,
    /// When the customer's signature was countersigned: clocks run from here.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub countersigned_at: Option<CallTime>,
    /// The internal alignment meeting.
    pub alignment: Meeting,
    /// The kickoff with the customer.
    pub kickoff: Meeting,
    /// What the contract says.
    pub contract: Contract,
    /// The first thing of value that the customer has in hands.
    pub first_value: Milestone,
    /// What is reached by days 30, 60 and 90.
    pub milestones: Vec<Milestone>,
    /// What the customer prepares before the kickoff; three steps are enough.
    pub preparation: Vec<String>,
    /// How often one talks, with whom and where.
    pub cadence: Cadence,
    /// How the AE stays involved.
    pub involvement: Involvement,
    /// The partner's side of the handoff.
    pub partner: PartnerHandoff,
    /// The deal's channel.
    pub channel: Option<String>,
    /// Where the signed packet can be read.
    pub packet_url: Option<String>,
    /// Ids of promises that are disputed: no customer reads of them before they are settled (S-094).
    pub disputed: Vec<String>,
    /// What colleagues wrote to each other about the deal: never for the customer.
    pub comments: Vec<String>,
    /// How the account stands on day 30.
    pub day_30: Day30,
    /// When the paper is written; a mail and a calendar entry bear it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub written_at: Option<Timestamp>,
}

/// A person of our side with whom the customer deals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Colleague {
    /// Full name.
    pub name: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
}

/// A meeting that is agreed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Meeting {
    /// When it begins, with its time zone: `2026-12-01T10:00[America/Chicago]`.
    #[schema(value_type = Option<String>, example = "2026-12-01T10:00[America/Chicago]")]
    pub at: Option<Zoned>,
    /// A room or the address of a call.
    pub place: Option<String>,
}

/// What the contract says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Contract {
    /// The customer's industry.
    pub industry: Option<String>,
    /// The customer's size.
    pub size: Option<String>,
    /// The value, with its currency.
    pub value: Option<String>,
    /// First day.
    #[schema(value_type = Option<String>, format = Date)]
    pub starts: Option<Date>,
    /// The day on which it renews.
    #[schema(value_type = Option<String>, format = Date)]
    pub renews: Option<Date>,
}

/// Something that is reached by a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Milestone {
    /// Days after countersignature.
    pub day: Option<u16>,
    /// What is true then.
    pub what: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The date.
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
}

/// How often one talks, with whom and where (S-162).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cadence {
    /// How often.
    pub frequency: Option<String>,
    /// Who takes part.
    pub attendees: Option<String>,
    /// Where.
    pub channel: Option<String>,
}

/// How the AE stays involved (S-045).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Involvement {
    /// For how long.
    pub duration: Option<String>,
    /// What brings the AE back.
    pub triggers: Vec<String>,
    /// What the AE leaves to the CSM.
    pub boundaries: Option<String>,
}

/// The partner's side of the handoff (S-095).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PartnerHandoff {
    /// The partner company.
    pub company: Option<String>,
    /// Who owned the deal there.
    pub deal_owner: Option<String>,
    /// Who leads the implementation there.
    pub implementation_lead: Option<String>,
    /// Where their own handoff lies.
    pub handoff: Option<String>,
}

/// How the account stands on day 30 (S-056, S-135).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Day30 {
    /// In a few words.
    pub status: Option<String>,
    /// Whether it is behind its plan.
    pub late: Option<bool>,
    /// Whether it is late because something else was expected than sold.
    pub expectation_caused: Option<bool>,
}

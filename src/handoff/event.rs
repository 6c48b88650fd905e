use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something on the way from a won deal to day 90 that a clock starts from or waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The customer agreed to success criteria that can be measured.
    CriteriaAgreed,
    /// The CSM met the customer before the deal was won.
    CsmIntroduced,
    /// The deal was won.
    ClosedWon,
    /// Both sides have signed the contract.
    Countersigned,
    /// The AE has signed the packet: the document is done.
    Signed,
    /// The packet was handed to the CSM.
    HandedOver,
    /// The handoff was announced to the team, packet attached.
    Announced,
    /// The CSM has read the packet.
    PacketRead,
    /// AE and CSM met without the customer.
    AlignmentHeld,
    /// The CSM has approved the packet.
    Approved,
    /// The AE told the champion about the CSM, one to one.
    ChampionPrimed,
    /// The AE introduced the CSM in writing.
    Introduced,
    /// The CSM contacted the customer for the first time.
    Contacted,
    /// The customer was welcomed: mail, access, what comes next.
    Welcomed,
    /// The kickoff was put into calendars.
    KickoffScheduled,
    /// The moment for which the kickoff is scheduled.
    KickoffPlanned,
    /// The kickoff took place.
    KickoffHeld,
    /// The success plan was drafted.
    PlanDrafted,
    /// The success plan was signed by both sides.
    PlanSigned,
    /// The first milestone of the customer's success was reached.
    MilestoneReached,
    /// The check-in of day 30 was held.
    Day30,
    /// The check-in of day 90 was held.
    Day90,
}

impl Event {
    /// Tells whether people report it; the others follow from acts of the handoff or from the deal.
    pub fn is_reported(self) -> bool {
        !matches!(
            self,
            Self::ClosedWon
                | Self::Signed
                | Self::HandedOver
                | Self::Approved
                | Self::KickoffScheduled
                | Self::KickoffPlanned
                | Self::Day30
                | Self::Day90
        )
    }

    /// Returns the event in words, as the end of "waits for …".
    pub fn words(self) -> &'static str {
        match self {
            Self::CriteriaAgreed => "success criteria agreed with the customer",
            Self::CsmIntroduced => "the CSM introduced before the close",
            Self::ClosedWon => "the deal won",
            Self::Countersigned => "the contract countersigned",
            Self::Signed => "the packet signed by the AE",
            Self::HandedOver => "the packet handed to the CSM",
            Self::Announced => "the handoff announced",
            Self::PacketRead => "the packet read by the CSM",
            Self::AlignmentHeld => "the alignment meeting of AE and CSM",
            Self::Approved => "the packet approved by the CSM",
            Self::ChampionPrimed => "the champion told of the CSM",
            Self::Introduced => "the CSM introduced in writing",
            Self::Contacted => "the first contact of the CSM",
            Self::Welcomed => "the customer welcomed",
            Self::KickoffScheduled => "the kickoff scheduled",
            Self::KickoffPlanned => "the kickoff as scheduled",
            Self::KickoffHeld => "the kickoff",
            Self::PlanDrafted => "the success plan drafted",
            Self::PlanSigned => "the success plan signed",
            Self::MilestoneReached => "the first milestone reached",
            Self::Day30 => "the check-in of day 30",
            Self::Day90 => "the check-in of day 90",
        }
    }
}

/// When each event took place; of one that was reported twice, the last report counts.
pub type Events = BTreeMap<Event, Timestamp>;

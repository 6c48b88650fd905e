use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far a handoff has come.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Calls are still filling the draft.
    #[default]
    Drafting,
    /// The AE goes through it.
    InAeReview,
    /// The AE has signed it.
    SignedByAe,
    /// The CSM reads it, asks and disputes.
    WithCsm,
    /// The CSM has sent it back.
    Returned,
    /// The CSM has approved it.
    Approved,
    /// The kickoff was held.
    KickoffHeld,
    /// The check-in of day 30 was held.
    Day30,
    /// Day 90 is over, and the handoff with it.
    Closed,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 9] = [
        Self::Drafting,
        Self::InAeReview,
        Self::SignedByAe,
        Self::WithCsm,
        Self::Returned,
        Self::Approved,
        Self::KickoffHeld,
        Self::Day30,
        Self::Closed,
    ];

    /// Returns the word that interfaces use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::InAeReview => "in_ae_review",
            Self::SignedByAe => "signed_by_ae",
            Self::WithCsm => "with_csm",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::KickoffHeld => "kickoff_held",
            Self::Day30 => "day30",
            Self::Closed => "closed",
        }
    }

    /// Returns the stage in words, as the end of "the handoff is …".
    pub fn words(self) -> &'static str {
        match self {
            Self::Drafting => "still drafted",
            Self::InAeReview => "in review with the AE",
            Self::SignedByAe => "signed by the AE and not yet handed over",
            Self::WithCsm => "with the CSM",
            Self::Returned => "returned to the AE",
            Self::Approved => "approved",
            Self::KickoffHeld => "past its kickoff",
            Self::Day30 => "past day 30",
            Self::Closed => "closed after day 90",
        }
    }
}

impl std::str::FromStr for Stage {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            format!("`{word}` is no stage of a handoff; there are {known}")
        })
    }
}

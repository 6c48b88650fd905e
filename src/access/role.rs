use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Act;

/// What somebody is, and so what they may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// RevOps: everything.
    Admin,
    /// Account executive.
    Ae,
    /// Customer success manager.
    Csm,
    /// Sales manager.
    Manager,
    /// Manager of customer success.
    CsManager,
    /// A recorder or other machine that delivers calls and reads nothing.
    Recorder,
    /// A customer: opens the plan that a link shares, and nothing else. Has neither account nor token.
    Guest,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] =
        [Self::Admin, Self::Ae, Self::Csm, Self::Manager, Self::CsManager, Self::Recorder, Self::Guest];

    /// Returns the word that interfaces use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Ae => "ae",
            Self::Csm => "csm",
            Self::Manager => "manager",
            Self::CsManager => "cs_manager",
            Self::Recorder => "recorder",
            Self::Guest => "guest",
        }
    }

    /// Tells whether the role may do `act`.
    pub fn may(self, act: Act) -> bool {
        match act {
            Act::Deliver => matches!(self, Self::Admin | Self::Ae | Self::Recorder),
            Act::Read | Act::Ask => !matches!(self, Self::Recorder | Self::Guest),
            // Risks, stances and the rationale of discounts: AE, CSM and the manager of customer success only (S-079).
            Act::ReadRedFlags => matches!(self, Self::Admin | Self::Ae | Self::Csm | Self::CsManager),
            Act::Correct | Act::Share => matches!(self, Self::Admin | Self::Ae | Self::Csm),
            Act::HandOff => self.is_personal(),
            Act::Measure | Act::Grant => matches!(self, Self::Admin | Self::Manager | Self::CsManager),
            // The account executive completes the packet in person (S-032); RevOps only steps in, under its own name.
            Act::Review => matches!(self, Self::Admin | Self::Ae),
            Act::Discuss => !matches!(self, Self::Recorder | Self::Guest),
            Act::Operate | Act::Admit => self == Self::Admin,
        }
    }

    /// Tells whether the role leads others, and so sees the restricted deals of their teams.
    pub fn leads(self) -> bool {
        matches!(self, Self::Manager | Self::CsManager)
    }

    /// Tells whether a person of this role can have an account.
    pub fn is_personal(self) -> bool {
        !matches!(self, Self::Recorder | Self::Guest)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == word).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            format!("`{word}` is no role; there are {known}")
        })
    }
}

use std::time::Duration;

use super::budget::Limit;

/// Why a model was not heard. The rules' findings stand without it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotHeard {
    /// The connection failed.
    #[error("it cannot be reached; check llm.base_url and llm.proxy")]
    Unreachable,
    /// The key is wrong or may not use the model.
    #[error("it refuses the key (HTTP {0}); check llm.api_key")]
    Unauthorized(u16),
    /// It wants to be left alone for a while.
    #[error("it is asked too often (HTTP 429)")]
    TooOften {
        /// For how long, where it says so.
        wait: Option<Duration>,
    },
    /// It failed, and says no more than a status.
    #[error("it answers HTTP {status}")]
    Status {
        /// The status.
        status: u16,
        /// How long it wants to be left alone, where it says so.
        wait: Option<Duration>,
    },
    /// The whole answer took longer than allowed.
    #[error("its answer took longer than llm.timeout_seconds")]
    TooSlow,
    /// The answer is larger than any honest one.
    #[error("its answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The answer breaks off.
    #[error("its answer breaks off")]
    CutOff,
    /// The answer is no JSON of the provider.
    #[error("its answer is not the JSON of this provider; check llm.provider and llm.base_url")]
    NotJson,
    /// The provider answers, and the model's own words are none of what was asked for.
    #[error("what it says does not follow the schema")]
    OffSchema,
    /// The model says nothing.
    #[error("it says nothing")]
    Empty,
    /// It failed so often that it is left alone for a while.
    #[error("it failed too often and is left alone for a while")]
    LeftAlone,
    /// The budget is used up.
    #[error("the budget is used up: {0}")]
    Budget(Limit),
    /// No reply was recorded.
    #[error("no reply is recorded for this prompt")]
    NotRecorded,
}

impl NotHeard {
    /// Tells whether the same request may succeed in a moment.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable | Self::TooOften { .. } | Self::CutOff => true,
            Self::Status { status, .. } => *status >= 500 || *status == 408,
            _ => false,
        }
    }

    /// Tells whether another request would fail for the same reason.
    pub(super) fn concerns_all(&self) -> bool {
        !matches!(self, Self::TooLarge(_) | Self::CutOff | Self::OffSchema | Self::Empty | Self::NotRecorded)
    }

    /// Returns how long the model wants to be left alone.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::TooOften { wait } | Self::Status { wait, .. } => *wait,
            _ => None,
        }
    }
}

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Repeat;
use crate::ingest::Unreadable;
use crate::store;
use crate::transcript::{Call, Deal};

/// Bytes of an id or a customer's name: PostgreSQL indexes no key of more than about 2,700.
pub const LONGEST_ID: usize = 255;

/// A transcript as it is handed in.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The recorder's bytes, to the letter.
    pub bytes: Vec<u8>,
    /// What is known of the call; with an empty id the same bytes are the same call.
    pub call: Call,
    /// What is known of the deal; with an empty id the call stands in a deal of its own.
    pub deal: Deal,
}

impl Delivery {
    /// Refuses ids and names that could not be indexed.
    pub(super) fn check(&self) -> Result<(), DeliverError> {
        let long = |text: &String| text.len() > LONGEST_ID;
        match self {
            it if long(&it.call.id) => Err(DeliverError::TooLong("the call's id")),
            it if long(&it.deal.id) => Err(DeliverError::TooLong("the deal's id")),
            it if long(&it.deal.account) => Err(DeliverError::TooLong("the account")),
            _ => Ok(()),
        }
    }
}

/// What became of a delivery: it is kept, whatever happens next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// The call's id.
    pub call: String,
    /// The deal that the call belongs to.
    pub deal: String,
    /// The version that holds these bytes: 1, or more for a corrected transcript.
    pub version: u32,
    /// Whether these bytes had been delivered for this call before.
    pub duplicate: bool,
}

/// Why a delivery was not kept.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The bytes are no transcript, or more than a limit.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Reading it panicked.
    #[error(transparent)]
    Panicked(#[from] super::error::Panicked),
    /// The store could not keep it.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// An id or a name is longer than both engines can index.
    #[error("{0} is longer than {LONGEST_ID} bytes")]
    TooLong(&'static str),
    /// It came with a key that cannot be used.
    #[error(transparent)]
    Repeat(#[from] Repeat),
}

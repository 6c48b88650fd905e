use crate::ingest::Unreadable;
use crate::llm::NotHeard;
use crate::notify::NotTold;
use crate::store;

/// Why a step of the pipeline failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The index.
    #[error(transparent)]
    Index(#[from] crate::search::Error),
    /// The bytes that were accepted are no transcript for this version of the program.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// A call that may name somebody who is to be erased cannot be read.
    #[error("tell whether call `{0}` names them: it cannot be read; erase that call first")]
    Unclear(String),
    /// A job or a stored value makes no sense.
    #[error("make sense of {0}")]
    Odd(String),
    /// The reading of a call panicked.
    #[error(transparent)]
    Panicked(#[from] Panicked),
    /// The model was not heard.
    #[error("hear the model: {0}")]
    NotHeard(#[from] NotHeard),
    /// A message was not taken.
    #[error(transparent)]
    NotTold(#[from] NotTold),
}

/// Work that ended in a panic.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("finish reading: it panicked")]
pub struct Panicked;

impl Error {
    /// Tells whether the fault lies in one call, so that the others must not wait for it.
    pub(super) fn is_of_the_call(&self) -> bool {
        matches!(
            self,
            Self::Unreadable(_) | Self::Odd(_) | Self::Panicked(_) | Self::Store(store::Error::Damaged(_))
        )
    }
}

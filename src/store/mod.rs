//! This room turns a delivered call into one that is kept: the truth on disk, in SQLite or PostgreSQL.
//!
//! Everything that changes the store is a method of [`Tx`] and runs inside [`Store::write`], so that a caller joins
//! what must hold together (the call, its job, the answer to its sender) in one commit. Everything that only reads is a
//! method of [`Store`]. Nothing here looks at a clock or draws a number: times and ids come in as values.

mod accept;
mod answer;
mod attachments;
mod audit;
mod calls;
mod changes;
mod corrections;
mod deals;
mod decisions;
mod drafts;
mod erasure;
mod erasures;
mod error;
mod hearings;
mod jobs;
mod keeping;
mod notices;
mod occasions;
mod open;
mod page;
mod promises;
mod readings;
mod sessions;
mod set_aside;
mod shares;
mod sight;
mod sign_ins;
mod stamp;
mod tokens;
mod tx;
mod users;
mod value;

pub use accept::{Accepted, Delivery};
pub use answer::{Answer, Replay, RequestKey};
pub use attachments::Attachment;
pub use audit::AuditFilter;
pub use calls::{CallState, StoredCall, Version};
pub use changes::Change;
pub use corrections::Correction;
pub use deals::StoredDeal;
pub use decisions::{NewDecision, StoredDecision};
pub use drafts::Draft;
pub use erasure::Erased;
pub use erasures::Erasures;
pub use error::Error;
pub use hearings::{DaySpent, Hearing, Spending};
pub use jobs::{Failed, Job, JobState, Lane, Lease, NewJob};
pub use occasions::StoredOccasion;
pub use open::{Engine, Options, Store};
pub use page::{Cursor, Page};
pub use promises::{Drafted, DraftedPromise, PromiseFilter};
pub use readings::{HeldReading, Reading};
pub use sessions::{NewSession, Session};
pub use set_aside::SetAside;
pub use shares::{NewShare, Share};
pub use sight::DealAccess;
pub use sign_ins::{Known, SignIn};
pub use tokens::{NewToken, Token};
pub use tx::{Tx, Work};
pub use users::{User, as_login};

pub(crate) use value::{Row, Value, args};

//! This room turns HTTP requests into calls of the other rooms, and their values into JSON.

mod app;
mod audit;
mod caller;
mod calls;
mod deal_access;
mod deals;
mod decisions;
mod delivery;
mod erasures;
mod error;
mod guard;
mod handoffs;
mod headers;
mod health;
mod idempotency;
mod if_match;
mod limits;
mod llm;
mod paging;
mod path;
mod problem;
mod promises;
mod routes;
mod search;
mod serve;

pub use app::App;
pub(crate) use audit::LinkView;
pub use limits::Limits;
pub(crate) use paging::encode;
pub use problem::{FieldError, ProblemJson};
pub use routes::router;
pub use serve::serve;

use crate::access::Act;

//! This room turns HTTP requests into calls of the other rooms, and their values into JSON.

mod app;
mod attachments;
mod audit;
mod caller;
mod calls;
mod cookie;
mod deal_access;
mod deals;
mod decisions;
mod delivery;
mod door;
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
mod origin;
mod paging;
mod path;
mod peer;
mod problem;
mod promises;
mod provider;
mod routes;
mod search;
mod serve;
mod session;
mod throttle;

pub use app::App;
pub(crate) use audit::LinkView;
pub use door::Door;
pub use limits::{Limits, Rate};
pub use origin::PublicUrl;
pub(crate) use paging::encode;
pub use problem::{FieldError, ProblemJson};
pub use routes::router;
pub use serve::serve;
pub use throttle::Throttle;

use crate::access::Act;

//! This room turns HTTP requests into calls of the other rooms, and their values into JSON.

mod app;
mod caller;
mod calls;
mod deals;
mod delivery;
mod error;
mod headers;
mod health;
mod limits;
mod paging;
mod path;
mod problem;
mod promises;
mod role;
mod routes;
mod search;
mod serve;

pub use app::App;
pub use limits::Limits;
pub use problem::{FieldError, ProblemJson};
pub use role::{Act, Role};
pub use routes::router;
pub use serve::serve;

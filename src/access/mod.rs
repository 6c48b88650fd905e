//! This room turns who somebody is into what they may do and which deals there are for them.
//!
//! Roles and acts say what a person may do, a viewer says what a person sees. The doors ask here and nowhere else.

mod act;
mod role;
mod scopes;
mod viewer;

pub use act::Act;
pub use role::Role;
pub use scopes::Scopes;
pub use viewer::Viewer;

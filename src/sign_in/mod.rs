//! This room turns a password, or the word of a provider, into a session.
//!
//! Sessions are rows of our own and no crate's: they must end with the account in the transaction that closes it, be
//! listed by person, and be kept as digests; what a crate adds to that is a cookie.

mod error;
mod password;
mod provider;
mod secret;
mod session;
mod vouched;

pub use error::Error;
pub use password::{Passwords, hashed};
pub use provider::{Begun, Mistrust, Provider, ProviderSecret, Vouched};
pub use secret::Secret;
pub use session::{Lifetimes, find, open};
pub use vouched::by_provider;

//! This room turns a password, or the word of a provider, into a session, and keeps who has an account or a token.
//!
//! Sessions are rows of our own and no crate's: they must end with the account in the transaction that closes it, be
//! listed by person, and be kept as digests; what a crate adds to that is a cookie.

mod accounts;
mod error;
mod keys;
mod password;
mod provider;
mod secret;
mod session;
mod vouched;

pub use accounts::{Change, NewAccount, change_account, make_account, take_account, teams_of};
pub use error::Error;
pub use keys::{Holder, TokenWish, make_token, revoke_token};
pub use password::{Passwords, hashed};
pub use provider::{Begun, Mistrust, Provider, ProviderSecret, Vouched};
pub use secret::Secret;
pub use session::{Lifetimes, find, open};
pub use vouched::by_provider;

//! This room turns what people are to be told of a handoff into messages that leave the machine: a signed webhook, a post
//! in Slack, mail in a spool.

mod channel;
mod mail;
mod message;
mod post;

pub use channel::{Channel, Channels, NotTold, Places};
pub use message::{Message, Recipient};

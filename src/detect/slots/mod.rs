//! Reads what an utterance says of time, money and measure: due dates, amounts, and how far a figure should move.
//!
//! The text is never changed: every reading carries the byte range of its words. What cannot be told stays
//! untold; a date that hangs on an event has no `due`.

mod amount;
mod date;
mod due;
mod figures;
mod grammar;
mod holiday;
mod lexicon;
mod meaning;
mod movement;
mod named;
mod numeral;
mod part;
mod period;
mod reading;
mod reckoned;
mod token;

pub use amount::{Amount, Measure, amounts};
pub use date::{Anchor, Calendar, DateMention, Precision, dates};
pub use due::due;
pub use lexicon::Unit;
pub use movement::{Movement, movement};

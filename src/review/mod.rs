//! This room turns a ledger and what people decided about it into a reviewed ledger: lines accepted, edited, rejected,
//! added, merged and split, fields settled, questions answered.
//!
//! A person's word wins: decisions are appended and folded in their order, and what calls and rules say afterwards is
//! proposed beside them. Quotes are never edited; a person's own words always stand under their name.

mod act;
mod check;
mod choices;
mod decision;
mod entry;
mod field;
mod fold;
mod kind;
mod line;
pub mod lint;
mod reviewed;
mod tally;
mod words;

pub use act::{Act, Answer};
pub use check::{Refusal, check};
pub use decision::{Decided, Decision, Seen, Sight, in_order};
pub use field::{Care, Class, Field};
pub use fold::apply;
pub use kind::LineKind;
pub use line::{Line, Part, Remark, Settled, Signature, Stated, Verdict};
pub use lint::{Lacking, Warning};
pub use reviewed::{Assignment, FieldAnswer, Lost, Rejected, Reviewed};
pub use tally::{Tally, tally, together};
pub use words::Words;

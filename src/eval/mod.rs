//! This room turns labelled calls and what was found in them into scores: how much is found, how much of it is
//! right, and what is missed.
//!
//! The rules of matching are those of the labelling guide. A call is labelled in a JSON file beside its transcript
//! ([`Labels`]) or in the speech itself ([`Notation`]).

mod agreement;
mod bootstrap;
mod calibration;
mod fold;
mod gold;
mod group;
mod labelled;
mod labels;
mod notation;
mod pairing;
mod rendering;
mod report;
mod score;
mod speech;

pub use bootstrap::Generator;
pub use calibration::Bin;
pub use group::Group;
pub use labelled::LabelledCall;
pub use labels::{Label, LabelledNews, LabelledPerson, Labels};
pub use notation::Notation;
pub use rendering::Rendering;
pub use report::{Report, Row, Shares};
pub use score::{CallScore, Tally, score};
pub use speech::{Head, Mark, Spec, Speech};

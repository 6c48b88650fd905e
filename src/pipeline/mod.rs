//! This room turns a delivered call into a kept call, findings, a draft and an index, durable at each step.

mod attaching;
mod delivery;
mod erasure;
mod folder;
mod handoff;
mod inquire;
mod kept;
mod kickoff;
mod line;
mod listen;
mod paper;
mod paper_files;
mod promises;
mod reading;
mod review;
mod rule_files;
mod settling;
mod step;
mod watch;

pub use delivery::{DeliverError, Delivery, LONGEST_ID, Receipt};
pub use folder::{FolderError, FoundCall, LARGEST_FILE, Sidecars, may_be_transcript, transcripts};
pub use handoff::{ActError, Actor, HandoffLine, HandoffView, PromiseView};
pub use inquire::Answered;
pub use kickoff::{as_read, is_before, replay};
pub use line::{Error, Pipeline};
pub use paper::{paper_name, papers, read_paper};
pub use paper_files::paper_files;
pub use promises::PromiseFilter;
pub use reading::{Reading, draft};
pub use review::{Appended, Author, DecideError, REVIEW, Sitting};
pub use rule_files::{rule_files, weights};
pub use watch::watch;

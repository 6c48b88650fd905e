//! This room turns a delivered call into a kept call, findings, a draft and an index, durable at each step.

mod aside;
mod attaching;
mod delivery;
mod desk;
mod dossier;
mod erasure;
mod error;
mod figures;
mod folder;
mod follower;
mod found_deal;
mod handoff;
mod inquire;
mod intake;
mod job;
mod kept;
mod kept_rates;
mod kickoff;
mod line;
mod listen;
mod paper;
mod paper_files;
mod promises;
mod reader;
mod reading;
mod record;
mod repeat;
mod review;
mod rule_files;
mod settling;
mod step;
mod telling;
mod watch;
mod worker;

pub use delivery::{DeliverError, Delivery, LONGEST_ID, Receipt};
pub use desk::Desk;
pub use dossier::Dossier;
pub use error::Error;
pub use folder::{
    FolderError, FoundCall, LARGEST_FILE, PEOPLE, RECORD, Sidecars, may_be_transcript, transcripts,
};
pub use found_deal::FoundDeal;
pub use handoff::{ActError, Actor, HandoffLine, HandoffView, PromiseView};
pub use inquire::Answered;
pub use kept_rates::KeptRates;
pub use kickoff::{as_read, is_before, replay};
pub use line::Pipeline;
pub use paper::{paper_name, papers, read_paper};
pub use paper_files::paper_files;
pub use promises::PromiseFilter;
pub use reading::{Reading, draft};
pub use record::Record;
pub use repeat::Repeat;
pub use review::{Appended, Author, DecideError, REVIEW, Sitting};
pub use rule_files::{rule_files, weights};
pub use watch::watch;

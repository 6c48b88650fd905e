//! This room turns acts and time into where a handoff stands: stage, gates, disputes, deadlines and figures; and what was
//! done by whom into the trail that proves it.

mod act;
mod allowance;
mod audit;
mod calendar;
mod clock;
mod copy;
mod erasure;
mod event;
mod evidence;
mod fold;
mod gate;
mod measure;
mod notice;
mod profile;
mod proof;
mod refusal;
mod stage;

pub use act::{Act, Acted, Settlement};
pub use allowance::Allowance;
pub use audit::{Action, Body, Entry, Head, Link};
pub use calendar::Calendar;
pub use clock::{Clock, ClockState, clocks};
pub use copy::{row_line, title_line, verify_copy};
pub use erasure::{Forgotten, Spoken, emptied, without_prose};
pub use event::{Event, Events};
pub use evidence::{ChangeKind, Evidence, LineChange, OpenField, PromiseLine};
pub use fold::{
    Approval, CheckIn, Confirmed, Dispute, Handoff, Initial, Initials, Question, Remark, Signature, fold,
};
pub use gate::{Gate, GateState, Lack};
pub use measure::{Figure, GroupBy, GroupFigures, Of, Record, figures};
pub use notice::{NEWS, Notice, NoticeKind, next_change, notices};
pub use profile::{GateRules, Profile, Step, Timeline, Who};
pub use proof::{Fault, Flaw, Proof, Verifier};
pub use refusal::Refusal;
pub use stage::Stage;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Act, Acted, Clock, ClockState, Profile, Who};

/// What lies further back is not told any more: longer than a weekend without the service, and short enough that nobody
/// hears of last year when telling begins.
pub const NEWS: SignedDuration = SignedDuration::from_hours(96);

/// Something in a handoff that people are told once. It holds no words of a call and nobody's name, because it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What makes it one among the notices of its deal: what happened, and when it was due or which decision it was.
    pub key: String,
    /// What happened.
    pub kind: NoticeKind,
    /// The step's short name, or the promise.
    pub about: Option<String>,
    /// What happened, in words.
    pub words: String,
    /// The deadline.
    pub due_at: Option<Timestamp>,
    /// When it came about.
    pub at: Timestamp,
    /// Whom it concerns.
    pub tell: Vec<Who>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A deadline began to run.
    Due,
    /// A deadline is near.
    Near,
    /// A deadline is over.
    Breached,
    /// A deadline is over, and somebody's manager is told.
    Escalated,
    /// The AE has signed.
    Signed,
    /// The packet is with the CSM.
    HandedOver,
    /// The CSM has approved.
    Approved,
    /// The CSM has sent the packet back.
    Returned,
    /// A promise is disputed.
    Disputed,
    /// A dispute is settled.
    Settled,
}

impl NoticeKind {
    /// Returns the word that interfaces use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Near => "near",
            Self::Breached => "breached",
            Self::Escalated => "escalated",
            Self::Signed => "signed",
            Self::HandedOver => "handed_over",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Disputed => "disputed",
            Self::Settled => "settled",
        }
    }
}

/// Returns what there is to tell of a handoff at `now`, in the order in which it came about.
pub fn notices(acts: &[Acted], clocks: &[Clock], profile: &Profile, now: Timestamp) -> Vec<Notice> {
    let is_news = |at: Timestamp| now.duration_since(at) <= NEWS;
    let of_acts = acts.iter().filter_map(of_act).filter(|notice| is_news(notice.at));
    let of_clocks = clocks.iter().flat_map(|clock| {
        // What is reported late is late already when anybody can hear of it.
        let starts = |acted: &&Acted| matches!(&acted.act, Act::Report { event, .. } if *event == clock.from);
        let known_at = acts.iter().filter(starts).map(|acted| acted.at).max().unwrap_or(Timestamp::MIN);
        let told = of_clock(clock, profile, now).into_iter();
        told.filter(move |notice| is_news(notice.at.max(known_at)))
    });
    let mut notices: Vec<Notice> = of_acts.chain(of_clocks).collect();
    notices.sort_by(|one, other| (one.at, &one.key).cmp(&(other.at, &other.key)));
    notices
}

/// Returns the next moment after `now` at which a deadline gets near or is over.
pub fn next_change(clocks: &[Clock], now: Timestamp) -> Option<Timestamp> {
    // At the second of its deadline a step is still in time.
    let over = |due: Timestamp| due.checked_add(SignedDuration::from_secs(1)).ok();
    let open = clocks.iter().filter(|clock| clock.done_at.is_none());
    let moments = open.flat_map(|clock| [clock.near_at, clock.due_at.and_then(over)]);
    moments.flatten().filter(|moment| *moment > now).min()
}

fn of_act(acted: &Acted) -> Option<Notice> {
    use NoticeKind::{Approved, Disputed, HandedOver, Returned, Settled, Signed};
    let both = &[Who::Ae, Who::Csm][..];
    let (kind, about, words, tell) = match &acted.act {
        Act::Sign { .. } => (Signed, None, "The AE has signed the packet", &[Who::Csm][..]),
        Act::HandOver => (HandedOver, None, "The packet is handed to the CSM", &[Who::Csm][..]),
        Act::Approve | Act::ApproveWithConditions { .. } => {
            (Approved, None, "The CSM has approved the packet", &[Who::Ae][..])
        }
        Act::Return { .. } => (Returned, None, "The CSM has sent the packet back", &[Who::Ae][..]),
        Act::Dispute { promise, .. } => (Disputed, Some(promise), "A promise is disputed", both),
        Act::Settle { promise, .. } => (Settled, Some(promise), "A dispute is settled", both),
        _ => return None,
    };
    Some(Notice {
        key: format!("decision {}", acted.seq),
        kind,
        about: about.cloned(),
        words: words.to_owned(),
        due_at: None,
        at: acted.at,
        tell: tell.to_vec(),
    })
}

fn of_clock(clock: &Clock, profile: &Profile, now: Timestamp) -> Vec<Notice> {
    let (Some(started), Some(due)) = (clock.started_at, clock.due_at) else { return Vec::new() };
    let Some(step) = profile.steps.iter().find(|step| step.id == clock.step) else { return Vec::new() };
    let notice = |kind: NoticeKind, at: Timestamp, says: &str, tell: &[Who]| Notice {
        // A deadline that moves is another deadline.
        key: format!("{} {} {due}", kind.as_str(), clock.step),
        kind,
        about: Some(clock.step.clone()),
        words: format!("{says}: {}", clock.title),
        due_at: Some(due),
        // A clock that runs backwards starts in the future.
        at: at.min(now),
        tell: tell.to_vec(),
    };
    match clock.state {
        ClockState::Due => vec![notice(NoticeKind::Due, started, "To be done", &step.tell)],
        ClockState::Near => {
            vec![notice(NoticeKind::Near, clock.near_at.unwrap_or(now), "Soon due", &step.tell)]
        }
        ClockState::Breached => {
            let mut notices = vec![notice(NoticeKind::Breached, due, "Late", &step.tell)];
            if !step.escalate.is_empty() {
                notices.push(notice(NoticeKind::Escalated, due, "Late", &step.escalate));
            }
            notices
        }
        ClockState::Waiting | ClockState::Met | ClockState::MetLate => Vec::new(),
    }
}

use std::collections::{BTreeMap, HashMap};

use crate::detect::CallRecord;
use crate::ledger::ReadCall;
use crate::review::{Act, Decision, LineKind, in_order};
use crate::rules::Kind;
use crate::transcript::Span;

/// Words of a call that were found, or that a person pointed at.
pub(super) struct Mark {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// How people see it: `accepted`, `rejected`, `by hand`, or nothing.
    pub(super) standing: &'static str,
}

/// Returns what is marked in a call: findings, with what people decided about their lines, and words added by hand.
pub(super) fn marks(
    record: &CallRecord,
    call: ReadCall,
    decisions: &[Decision],
    red_flags: bool,
) -> Vec<Mark> {
    let standing: Vec<&Decision> =
        in_order(decisions).into_iter().filter(|(_, stands)| *stands).map(|(decision, _)| decision).collect();
    let verdicts = verdicts(&standing);
    let found = record.findings.iter().map(|finding| Mark {
        kind: finding.kind,
        span: finding.span,
        standing: verdicts.get(finding.id.as_str()).copied().unwrap_or_default(),
    });
    let mut marks: BTreeMap<(Span, Kind), Mark> = BTreeMap::new();
    let by_hand = standing.iter().filter_map(|decision| by_hand(decision, call));
    for mark in by_hand.filter(|mark| red_flags || mark.kind != Kind::Risk).chain(found) {
        marks.insert((mark.span, mark.kind), mark);
    }
    marks.into_values().collect()
}

/// Returns what people said last of the line that each finding belongs to.
fn verdicts<'d>(standing: &[&'d Decision]) -> HashMap<&'d str, &'static str> {
    let mut lines: HashMap<&str, (Vec<&str>, &'static str)> = HashMap::new();
    for decision in standing {
        let verdict = match &decision.decided.act {
            Act::Accept { .. } | Act::Edit { .. } | Act::Set { .. } => "accepted",
            Act::Reject { .. } => "rejected",
            _ => continue,
        };
        for seen in &decision.decided.seen {
            let line = lines.entry(seen.entry.as_str()).or_default();
            // A rejected line is seen without its sayings.
            line.0.extend(seen.said.iter().filter_map(|sight| sight.finding.as_deref()));
            line.1 = verdict;
        }
    }
    let of_line =
        |(findings, verdict): (Vec<&'d str>, &'static str)| findings.into_iter().map(move |it| (it, verdict));
    lines.into_values().flat_map(of_line).collect()
}

/// Returns the words that a decision points at; `None` where a new version of the call reads otherwise there.
fn by_hand(decision: &Decision, call: ReadCall) -> Option<Mark> {
    let Act::Add { kind: LineKind::Found(kind), words: Some(words), .. } = &decision.decided.act else {
        return None;
    };
    let span = words.cite(&[call])?.quote.span();
    Some(Mark { kind: *kind, span, standing: "by hand" })
}

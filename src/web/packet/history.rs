use super::reader::{Reader, Said};
use crate::access;
use crate::handoff::{Act as HandoffAct, Acted};
use crate::review::{Act, Decision, LineKind};
use crate::web::frame::words;

/// Something that was done about a line.
pub(super) struct Past {
    /// Who and when, and what they typed.
    pub(super) said: Said,
    pub(super) role: String,
    /// What they did.
    pub(super) what: String,
    /// Whether nobody took it back.
    pub(super) stands: bool,
}

/// Returns what was done about the line of an entry, in order: what was decided of it, and in the handoff.
pub(super) fn history(entry: &str, kind: Option<&str>, reader: &Reader) -> Vec<Past> {
    // What is decided about a person tells how they stand.
    if kind == Some(LineKind::Stakeholder.as_str()) && !reader.caller.may(access::Act::ReadRedFlags) {
        return Vec::new();
    }
    let decided = reader.dossier.reviewed.history(entry);
    let mut past: Vec<_> = decided
        .into_iter()
        .map(|(decision, stands)| (decision.seq, Past::decided(decision, stands, entry)))
        .collect();
    let asked: Vec<u64> = reader
        .dossier
        .handoff
        .questions
        .iter()
        .filter(|it| it.entry.as_deref() == Some(entry))
        .map(|it| it.number)
        .collect();
    let about = |acted: &&Acted| match &acted.act {
        HandoffAct::Answer { question, .. } => asked.contains(question),
        act => act.entry() == Some(entry),
    };
    past.extend(reader.dossier.acts.iter().filter(about).map(|acted| (acted.seq, Past::acted(acted))));
    past.sort_by_key(|(seq, _)| *seq);
    past.into_iter().map(|(_, past)| past).collect()
}

impl Past {
    fn decided(decision: &Decision, stands: bool, entry: &str) -> Self {
        let act = &decision.decided.act;
        let what = match act {
            Act::Accept { .. } => "accepted it".to_owned(),
            Act::Edit { .. } => "wrote what it comes to".to_owned(),
            Act::Set { field, value, .. } => {
                format!(
                    "set {} to {}",
                    words(field.as_str()),
                    value.as_str().map_or_else(|| value.to_string(), words)
                )
            }
            Act::Reject { .. } => "rejected it".to_owned(),
            Act::Add { .. } => "added it".to_owned(),
            Act::Merge { into, entries } if into == entry => {
                format!("merged {} into it", lines(entries.len()))
            }
            Act::Merge { .. } => "merged it with another line".to_owned(),
            Act::Split { findings, .. } => format!("split {} off", lines(findings.len())),
            Act::Answer { field, .. } => format!("answered “{field}”"),
            Act::Assign { .. } => "named who answers for it".to_owned(),
            Act::Comment { .. } => "commented".to_owned(),
            Act::Question { .. } => "asked".to_owned(),
            Act::Reply { .. } => "replied".to_owned(),
            Act::Undo { .. } => "took a decision back".to_owned(),
        };
        let said = Said::new(&decision.by, decision.at, act.text().unwrap_or_default());
        Self { said, role: words(&decision.role), what, stands }
    }

    fn acted(acted: &Acted) -> Self {
        let (what, text) = match &acted.act {
            HandoffAct::Initial { .. } => ("initialled it", ""),
            HandoffAct::Dispute { reason, .. } => ("disputed it", reason.as_str()),
            HandoffAct::Settle { reason, .. } => ("settled the dispute", reason.as_str()),
            HandoffAct::Ask { question, .. } => {
                ("asked; the approval waits for the answer", question.as_str())
            }
            HandoffAct::Answer { answer, .. } => ("answered", answer.as_str()),
            HandoffAct::Confirm { met: true, words, .. } => ("heard that it was met", words.as_str()),
            HandoffAct::Confirm { words, .. } => ("heard that it was not met", words.as_str()),
            other => (other.name(), ""),
        };
        let said = Said::new(&acted.by, acted.at, text);
        Self { said, role: words(acted.role.as_str()), what: what.to_owned(), stands: true }
    }
}

fn lines(number: usize) -> String {
    if number == 1 { "1 line".to_owned() } else { format!("{number} lines") }
}

mod lines;
mod talk;

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::entry::{self, Entry};
use super::line::Part;
use super::reviewed::{Assignment, Lost, Rejected};
use super::{
    Act, Decision, Field, Line, LineKind, Reviewed, Seen, Settled, Sight, Signature, Stated, Verdict,
    in_order,
};
use crate::detect;
use crate::ledger::{Citation, Ledger, Mention, ReadCall, Saying};

/// Returns what stands of `ledger`, which was made of `calls`, after `decisions`, in whatever order they are given.
///
/// A person's word wins: what calls and rules say now is proposed beside what a person settled. A line keeps its
/// decisions when re-drafting gives it another id, and stays a line of its own where re-drafting would join it with
/// another that was decided about.
pub fn apply(ledger: &Ledger, calls: &[ReadCall], decisions: &[Decision]) -> Reviewed {
    let ordered = in_order(decisions);
    let standing: Vec<&Decision> =
        ordered.iter().filter(|(_, stands)| *stands).map(|(decision, _)| *decision).collect();
    let mut fold = Fold::new(ledger, calls);
    fold.pin(&standing);
    standing.iter().for_each(|decision| fold.take(decision));
    fold.finish(decisions, ordered.last().map_or(0, |(decision, _)| decision.seq))
}

struct Fold<'a> {
    calls: &'a [ReadCall<'a>],
    entries: Vec<Entry>,
    /// What a model talked us out of and nobody decided about.
    doubted: Vec<Mention>,
    /// What calls and rules say of each entry that was decided about, before anybody changed it.
    found: HashMap<String, Entry>,
    /// What whoever settled a line last had seen of it.
    sights: HashMap<String, HashSet<Sight>>,
    reviewed: Reviewed,
}

impl<'a> Fold<'a> {
    fn new(ledger: &Ledger, calls: &'a [ReadCall<'a>]) -> Self {
        Self {
            calls,
            entries: entry::entries(ledger),
            doubted: ledger.doubted.clone(),
            found: HashMap::new(),
            sights: HashMap::new(),
            reviewed: Reviewed::default(),
        }
    }

    /// Finds the line of every decision again. One that has another id now goes by that; one that re-drafting joined with
    /// a line which was decided about as well is parted from it.
    fn pin(&mut self, decisions: &[&Decision]) {
        self.raise(decisions);
        let ids: HashSet<String> = self.entries.iter().map(|entry| entry.id().to_owned()).collect();
        let seen = || decisions.iter().flat_map(|decision| &decision.decided.seen);
        let mut claimed: HashSet<String> =
            seen().map(|seen| seen.entry.clone()).filter(|id| ids.contains(id)).collect();
        for seen in seen() {
            if ids.contains(&seen.entry) || self.reviewed.aliases.contains_key(&seen.entry) {
                continue;
            }
            let Some(at) = self.entries.iter().position(|entry| is_same(entry, seen)) else { continue };
            let now = self.entries[at].id().to_owned();
            if claimed.insert(now.clone()) {
                self.reviewed.aliases.insert(seen.entry.clone(), now);
            } else if let Some(own) = self.entries[at].part(Some(&seen.entry), |saying| saw(seen, saying)) {
                self.line(&seen.entry, seen.kind).proposed_merge = Some(now);
                self.entries.push(own);
                claimed.insert(seen.entry.clone());
            }
        }
        for entry in &self.entries {
            if claimed.contains(entry.id()) {
                self.found.insert(entry.id().to_owned(), entry.clone());
            }
        }
    }

    /// Makes lines of what a model talked us out of where a person decided about it: a model is a witness.
    fn raise(&mut self, decisions: &[&Decision]) {
        let seen = || decisions.iter().flat_map(|decision| &decision.decided.seen);
        let (raised, doubted): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.doubted).into_iter().partition(|it| {
                seen().any(|seen| {
                    seen.kind == LineKind::Found(it.kind) && it.said.iter().any(|said| saw(seen, said))
                })
            });
        self.doubted = doubted;
        for mention in &raised {
            let raised = entry::raised(mention);
            let known = |entry: &Entry| entry.said().iter().any(|said| saw_id(raised.id(), said));
            if !self.entries.iter().any(known) {
                self.entries.push(raised);
            }
        }
    }

    fn take(&mut self, decision: &Decision) {
        let known = match &decision.decided.act {
            Act::Accept { entry } => self.settle(entry, decision, Verdict::Accepted, |_| {}),
            Act::Edit { entry, text } => {
                let stated = Stated::new(text, self.kind_of(entry), self.is_quoted(entry), decision);
                self.settle(entry, decision, Verdict::Edited, |line| line.stated = Some(stated))
            }
            Act::Reject { entry, reason } => self.settle(entry, decision, Verdict::Rejected, |line| {
                line.reason = Some(reason.clone());
            }),
            Act::Set { entry, field, value } => self.set(entry, *field, value, decision),
            Act::Add { kind, text, words, fields } => {
                self.add(*kind, text.as_deref(), words.as_ref(), fields, decision);
                true
            }
            Act::Merge { into, entries } => self.merge(into, entries, decision),
            Act::Split { entry, findings } => self.split(entry, findings, decision),
            Act::Answer { field, about, answer } => self.answer(field, about.as_deref(), answer, decision),
            Act::Assign { section, owner, due } => {
                let (section, owner, signed) = (section.clone(), owner.clone(), Signature::from(decision));
                self.reviewed.assignments.retain(|it| it.section != section);
                self.reviewed.assignments.push(Assignment { section, owner, due: *due, signed });
                true
            }
            Act::Comment { entry, text } => self.remark(entry, Part::Comment, text, decision),
            Act::Question { entry, text } => self.remark(entry, Part::Question, text, decision),
            Act::Reply { to, text } => self.reply(*to, text, decision),
            Act::Undo { .. } => true,
        };
        if !known {
            let seen = decision.decided.seen.first();
            let kind = seen.map(|seen| seen.kind);
            let sights = seen.into_iter().flat_map(|seen| &seen.said);
            let words = sights.filter_map(|sight| self.cite(sight)).collect();
            let (act, text) = (decision.decided.act.name(), decision.decided.act.text().map(str::to_owned));
            self.reviewed.lost.push(Lost { act, kind, text, signed: decision.into(), words });
        }
    }

    /// Writes a verdict on a line, and tells whether there is such a line.
    fn settle(
        &mut self,
        entry: &str,
        decision: &Decision,
        verdict: Verdict,
        also: impl FnOnce(&mut Line),
    ) -> bool {
        let Some(kind) = self.kind_of(entry) else { return false };
        let id = self.reviewed.current(entry).to_owned();
        self.note_sight(&id, decision);
        let line = self.line(&id, kind);
        // What was added stays so while it is edited.
        line.verdict = match (line.verdict, verdict) {
            (Verdict::Added, Verdict::Edited) => Verdict::Added,
            (_, verdict) => verdict,
        };
        line.signed = Some(decision.into());
        line.reason = None;
        also(line);
        true
    }

    fn set(&mut self, entry: &str, field: Field, value: &Value, decision: &Decision) -> bool {
        let Some(at) = self.position(entry) else { return false };
        if self.entries[at].set(field, value).is_err() {
            return false;
        }
        let id = self.entries[at].id().to_owned();
        let found = self.found.get(&id).map(|found| found.get(field)).filter(|found| !found.is_null());
        let seen = decision.decided.seen.iter().find(|seen| self.reviewed.current(&seen.entry) == id);
        let news = found.is_some() && seen.and_then(|seen| seen.found.get(&field)) != found.as_ref();
        let proposed = found.filter(|found| found != value);
        let news = news && proposed.is_some();
        let signed = Signature::from(decision);
        self.settle(entry, decision, Verdict::Edited, |line| {
            line.fields.insert(field, Settled { value: value.clone(), signed, proposed, news });
        })
    }

    /// Returns the review: news since the last verdicts, rejected lines apart.
    fn finish(mut self, decisions: &[Decision], revision: u64) -> Reviewed {
        for entry in &self.entries {
            let Some(seen) = self.sights.get(entry.id()) else { continue };
            let Some(line) = self.reviewed.lines.get_mut(entry.id()) else { continue };
            let known = |saying: &&Saying| {
                seen.iter().any(|it| it.call == saying.words.call && it.span == saying.words.quote.span())
            };
            let news = entry.said().iter().filter(|saying| !known(saying));
            line.news = news.map(|saying| saying.words.clone()).collect();
        }
        let lines = &self.reviewed.lines;
        let rejected =
            |entry: &Entry| lines.get(entry.id()).is_some_and(|line| line.verdict == Verdict::Rejected);
        let (gone, left): (Vec<_>, Vec<_>) = self.entries.into_iter().partition(rejected);
        self.reviewed.rejected = gone
            .iter()
            .map(|entry| Rejected {
                entry: entry.id().to_owned(),
                kind: entry.kind(),
                name: entry.name().map(str::to_owned),
                words: entry.said().iter().map(|saying| saying.words.clone()).collect(),
            })
            .collect();
        self.reviewed.ledger = entry::ledger(left);
        self.reviewed.ledger.doubted = self.doubted;
        self.reviewed.decisions = decisions.to_vec();
        self.reviewed.revision = revision;
        self.reviewed
    }

    fn note_sight(&mut self, id: &str, decision: &Decision) {
        let seen = decision.decided.seen.iter().filter(|seen| self.reviewed.current(&seen.entry) == id);
        let sights: HashSet<Sight> = seen.flat_map(|seen| seen.said.clone()).collect();
        if !sights.is_empty() {
            self.sights.insert(id.to_owned(), sights);
        }
    }

    fn position(&self, entry: &str) -> Option<usize> {
        let id = self.reviewed.current(entry);
        self.entries.iter().position(|entry| entry.id() == id)
    }

    fn kind_of(&self, entry: &str) -> Option<LineKind> {
        self.position(entry).map(|at| self.entries[at].kind())
    }

    fn is_quoted(&self, entry: &str) -> bool {
        self.position(entry).is_some_and(|at| !self.entries[at].said().is_empty())
    }

    fn line(&mut self, id: &str, kind: LineKind) -> &mut Line {
        self.reviewed.lines.entry(id.to_owned()).or_insert_with(|| Line::new(id, kind))
    }

    fn cite(&self, sight: &Sight) -> Option<Citation> {
        let call = self.calls.iter().map(|read| read.transcript).find(|it| it.call.id == sight.call)?;
        let quote = call.quote(sight.span)?;
        // Another version of the call may say something else there: the finding tells.
        let kinds = crate::rules::Kind::ALL.iter();
        let same = kinds
            .map(|kind| detect::identity(call, &quote, *kind))
            .any(|id| sight.finding.as_ref() == Some(&id));
        same.then(|| Citation::new(call, &quote))
    }
}

/// Tells whether `entry` is the line that was `seen`, under another id.
fn is_same(entry: &Entry, seen: &Seen) -> bool {
    if entry.kind() != seen.kind {
        return false;
    }
    match entry.said() {
        [] => seen.name.is_some() && entry.name() == seen.name.as_deref(),
        said => said.iter().any(|saying| saw(seen, saying)),
    }
}

fn saw_id(id: &str, saying: &Saying) -> bool {
    saying.finding.as_deref() == Some(id)
}

fn saw(seen: &Seen, saying: &Saying) -> bool {
    let Some(finding) = &saying.finding else { return false };
    *finding == seen.entry || seen.said.iter().any(|sight| sight.finding.as_ref() == Some(finding))
}

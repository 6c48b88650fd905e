use std::collections::BTreeMap;

use serde_json::Value;

use super::Fold;
use crate::detect::{self, Provenance, Why};
use crate::ledger::{Citation, Event, Saying};
use crate::review::entry::Entry;
use crate::review::{Decision, Field, LineKind, Settled, Sight, Signature, Stated, Verdict, Words};

impl Fold<'_> {
    pub(super) fn add(
        &mut self,
        kind: LineKind,
        text: Option<&str>,
        words: Option<&Words>,
        fields: &BTreeMap<Field, Value>,
        decision: &Decision,
    ) {
        let saying = words.and_then(|words| self.by_hand(kind, words));
        let id = saying.as_ref().and_then(|it| it.finding.clone()).unwrap_or_else(|| decision.id.to_string());
        // What the rules find too is one line.
        let found = |entry: &Entry| {
            entry.kind() == kind && entry.said().iter().any(|it| it.finding.as_ref() == Some(&id))
        };
        let at = self.entries.iter().position(found).unwrap_or_else(|| {
            let mut entry = Entry::blank(kind, id.clone());
            entry.hear(saying.into_iter().collect());
            self.entries.push(entry);
            self.entries.len() - 1
        });
        let entry = &mut self.entries[at];
        let taken: Vec<_> =
            fields.iter().filter(|(field, value)| entry.set(**field, value).is_ok()).collect();
        let (id, signed) = (entry.id().to_owned(), Signature::from(decision));
        if id != decision.id.to_string() {
            self.reviewed.aliases.insert(decision.id.to_string(), id.clone());
        }
        let quoted = !entry.said().is_empty();
        let stated = text.map(|text| Stated::new(text, Some(kind), quoted, decision));
        let line = self.line(&id, kind);
        let verdict = match line.verdict {
            // One that was rejected comes back.
            Verdict::Open | Verdict::Rejected => Verdict::Added,
            Verdict::Accepted if stated.is_some() => Verdict::Edited,
            verdict => verdict,
        };
        if verdict != line.verdict || stated.is_some() {
            (line.verdict, line.signed, line.reason) = (verdict, Some(signed.clone()), None);
        }
        line.stated = stated.or_else(|| line.stated.take());
        for (field, value) in taken {
            let settled =
                Settled { value: value.clone(), signed: signed.clone(), proposed: None, news: false };
            line.fields.insert(*field, settled);
        }
    }

    /// Returns words that a person pointed at as a saying, where they stand.
    fn by_hand(&self, kind: LineKind, words: &Words) -> Option<Saying> {
        let (transcript, quote) = (words.transcript(self.calls)?, words.quote(self.calls)?);
        let LineKind::Found(kind) = kind else { return None };
        Some(Saying {
            words: Citation::new(transcript, &quote),
            context: None,
            event: Event::Made,
            reply: None,
            finding: Some(detect::identity(transcript, &quote, kind)),
            attrs: serde_json::Map::new(),
            confidence: 1.0,
            provenance: Provenance {
                call: transcript.call.id.clone(),
                transcript: transcript.digest(),
                rules: None,
                model: None,
            },
            why: Why::default(),
        })
    }

    pub(super) fn merge(&mut self, into: &str, others: &[String], decision: &Decision) -> bool {
        let Some(at) = self.position(into) else { return false };
        let (id, kind) = (self.entries[at].id().to_owned(), self.entries[at].kind());
        for other in others {
            let Some(from) = self.position(other).filter(|from| self.entries[*from].kind() == kind) else {
                continue;
            };
            if self.entries[from].id() == id {
                continue;
            }
            let gone = self.entries.remove(from);
            let before = self.reviewed.lines.remove(gone.id());
            let name = gone.id().to_owned();
            if let Some(target) = self.position(&id) {
                self.entries[target].join(gone);
            }
            for alias in self.reviewed.aliases.values_mut().filter(|alias| **alias == name) {
                alias.clone_from(&id);
            }
            self.reviewed.aliases.insert(name, id.clone());
            let line = self.line(&id, kind);
            line.thread.extend(before.into_iter().flat_map(|before| before.thread));
            line.thread.sort_by(|one, other| {
                (one.said.signed.at, one.said.signed.decision)
                    .cmp(&(other.said.signed.at, other.said.signed.decision))
            });
        }
        self.settle(into, decision, Verdict::Edited, |line| line.proposed_merge = None);
        let all: Vec<Sight> = decision.decided.seen.iter().flat_map(|seen| seen.said.clone()).collect();
        self.sights.entry(id).or_default().extend(all);
        true
    }

    pub(super) fn split(&mut self, entry: &str, findings: &[String], decision: &Decision) -> bool {
        let Some(at) = self.position(entry) else { return false };
        let kind = self.entries[at].kind();
        let goes =
            |saying: &Saying| saying.finding.as_ref().is_some_and(|finding| findings.contains(finding));
        if let Some(other) = self.entries[at].part(None, goes) {
            let id = other.id().to_owned();
            self.found.insert(id.clone(), other.clone());
            self.entries.insert(at + 1, other);
            let signed = Signature::from(decision);
            let line = self.line(&id, kind);
            (line.verdict, line.signed) = (Verdict::Edited, Some(signed));
            let sights = decision.decided.seen.iter().flat_map(|seen| seen.said.clone()).collect();
            self.sights.insert(id, sights);
        }
        self.settle(entry, decision, Verdict::Edited, |_| {})
    }
}

use std::collections::HashSet;

use serde_json::Value;

use crate::handoff::{Spoken, emptied, without_prose};
use crate::ledger::Ledger;
use crate::store::StoredDecision;

/// What of a call that is forgotten may stand in decisions about its deal.
pub(super) struct Traces {
    /// The call, the ledger's entries that rest on it, and the decisions that were emptied: what other decisions name.
    named: HashSet<String>,
    /// Numbers of the questions that lost their words.
    asked: HashSet<u64>,
    spoken: Spoken,
}

impl Traces {
    /// Returns the traces of a call in whose words are `spoken`, by the ledgers in which it may be cited.
    pub(super) fn of(call: &str, ledgers: &[Ledger], spoken: Spoken) -> Result<Self, serde_json::Error> {
        let mut named = HashSet::from([call.to_owned()]);
        for ledger in ledgers {
            let ledger = serde_json::to_value(ledger)?;
            let kinds = ledger.as_object().into_iter().flat_map(|kinds| kinds.values());
            let entries = kinds.filter_map(Value::as_array).flatten();
            let citing = entries.filter(|entry| holds(entry, &|text| text == call));
            named.extend(citing.filter_map(|entry| entry.get("id")?.as_str().map(str::to_owned)));
        }
        Ok(Self { named, asked: HashSet::new(), spoken })
    }

    /// Returns the words of the call.
    pub(super) fn spoken(&self) -> &Spoken {
        &self.spoken
    }

    /// Returns a decision's body without what the call left in it; `None` where it left nothing. Decisions come in their
    /// order: what answers one that lost its words loses its own.
    pub(super) fn erase_from(&mut self, decision: &StoredDecision) -> Option<Value> {
        let body = &decision.body;
        let answers = body.get("question").and_then(Value::as_u64).is_some_and(|it| self.asked.contains(&it));
        let names = holds(body, &|text| self.named.contains(text));
        if !names && !answers && !self.spoken.erase_from(&mut body.clone()) {
            return None;
        }
        if decision.room == super::handoff::HANDOFF {
            let left = without_prose(body)?;
            self.asked.insert(decision.seq);
            return Some(left);
        }
        self.named.insert(decision.id.to_string());
        Some(emptied(body))
    }
}

/// Tells whether a text of a document, as a whole, is one that is looked for.
fn holds(document: &Value, is: &impl Fn(&str) -> bool) -> bool {
    match document {
        Value::String(text) => is(text),
        Value::Array(items) => items.iter().any(|item| holds(item, is)),
        Value::Object(fields) => fields.values().any(|field| holds(field, is)),
        _ => false,
    }
}

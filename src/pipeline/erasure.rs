use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::aside::run_aside;
use super::job::{enqueue, withdraw};
use super::known::acts_of;
use super::paper::beside_text_of;
use super::review::{self, REVIEW};
use super::traces::Traces;
use super::{Error, Pipeline};
use crate::handoff::{Action, Entry, Forgotten, Spoken, emptied};
use crate::ingest;
use crate::ledger;
use crate::store::{self, Erased, StoredCall, StoredDecision};
use crate::transcript::Call;

/// How often calls are looked for that have grown too old.
const LOOK_EVERY: Duration = Duration::from_secs(3600);

/// Calls that are looked at together.
const ROWS: u32 = 200;

/// A call from which somebody is erased.
struct Rewritten {
    call: Call,
    /// The transcript without them; `None` where only the metadata names them.
    bytes: Option<Vec<u8>>,
}

impl Pipeline {
    /// Erases a call for good: its words leave the store, and the index and the packet follow. What proves that it stood
    /// there stays in the audit trail.
    ///
    /// # Errors
    /// [`store::Error::Missing`] where there is no such call.
    pub async fn forget_call(&self, call: &str, by: &str, now: Timestamp) -> Result<Erased, Error> {
        let entry = Entry::new(Uuid::now_v7(), now, by, Action::Erased, call);
        let id = call.to_owned();
        let deal = self.store().call(call).await?.and_then(|stored| stored.deal);
        let mut traces = self.traces(call, deal.as_deref()).await?;
        let erased = self.store().write(move |tx| {
            Box::pin(async move {
                if let Some(deal) = &deal {
                    withdraw(tx, "draft", deal).await?;
                }
                let mut erased = tx.erase_call(&id).await?;
                let entry = match &erased.deal {
                    Some(deal) => {
                        erased.decisions = tx.rewrite_decisions(deal, |it| traces.erase_from(it)).await?;
                        tx.rewrite_occasion(deal, |body| traces.spoken().erase_from(body)).await?;
                        enqueue(tx, "draft", deal, now, now).await?;
                        entry.of_deal(deal)
                    }
                    None => entry,
                };
                tx.record(entry.with(json!({ "sources": erased.sources, "decisions": erased.decisions })));
                Ok::<_, store::Error>(erased)
            })
        });
        let erased = erased.await?;
        self.forget_reading(call);
        self.store().settle().await?;
        Ok(erased)
    }

    /// Erases what a person said on the calls of a deal, and their name wherever it stands in it.
    ///
    /// # Errors
    /// [`store::Error::Missing`] where the deal knows no such person; [`Error::Unclear`] where nobody can tell whether a
    /// call names them.
    pub async fn forget_person(
        &self,
        person: &Forgotten,
        deal: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Erased, Error> {
        let missing = |what| store::Error::Missing { what, id: deal.to_owned() };
        let mut known = self.store().deal(deal).await?.ok_or_else(|| missing("deal"))?.deal;
        let people = known.our_people.len();
        known.our_people.retain(|other| !person.is(&other.name));
        let known = (known.our_people.len() < people).then_some(known);
        let mut rewritten = Vec::new();
        for stored in self.store().calls_of(deal).await? {
            rewritten.extend(self.without(&stored, person).await?);
        }
        let mut named = HashSet::new();
        for (source, bytes) in self.store().papers_of(deal).await? {
            named.extend(is_named_in(person, bytes).await?.then_some(source));
        }
        let calls: Vec<String> = rewritten.iter().map(|it| it.call.id.clone()).collect();
        let entry = Entry::new(Uuid::now_v7(), now, by, Action::Erased, "person").of_deal(deal);
        let (person, id) = (person.clone(), deal.to_owned());
        let work = self.store().write(move |tx| {
            Box::pin(async move {
                withdraw(tx, "draft", &id).await?;
                let mut erased = Erased { deal: Some(id.clone()), ..Erased::default() };
                let touched: Vec<String> = rewritten.iter().map(|it| it.call.id.clone()).collect();
                for Rewritten { call, bytes } in rewritten {
                    tx.rewrite_corrections(&call.id, |body| person.erase_from(body)).await?;
                    erased.sources.extend(tx.replace_words(&call, bytes, now).await?);
                    enqueue(tx, "read", &call.id, now, now).await?;
                }
                let rewrite = |decision: &StoredDecision| rewrite(decision, &person, &touched);
                erased.decisions = tx.rewrite_decisions(&id, rewrite).await?;
                let told = tx.rewrite_occasion(&id, |body| person.erase_from(body)).await?;
                let papers = tx.rewrite_attachments(&id, |text| person.erased(text), &named, now).await?;
                let rows = tx.empty_audit(&id, |text| person.is_named_in(text)).await?;
                if let Some(known) = &known {
                    tx.put_deal(known, None, now).await?;
                }
                let found = !touched.is_empty() || known.is_some() || !erased.decisions.is_empty();
                if !found && rows.is_empty() && !told && papers.is_empty() {
                    return Err(store::Error::Missing { what: "person of deal", id });
                }
                tx.drop_derived(Some(&id)).await?;
                enqueue(tx, "draft", &id, now, now).await?;
                erased.sources.extend(papers);
                let (sources, decisions) = (&erased.sources, &erased.decisions);
                let detail =
                    json!({ "rows": rows, "calls": touched, "sources": sources, "decisions": decisions });
                tx.record(entry.with(detail));
                Ok::<_, store::Error>(erased)
            })
        });
        let erased = work.await?;
        calls.iter().for_each(|call| self.forget_reading(call));
        self.store().settle().await?;
        Ok(erased)
    }

    /// Erases every call that took place more than `days` ago, and returns their ids.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn forget_older_than(&self, days: u32, by: &str, now: Timestamp) -> Result<Vec<String>, Error> {
        let age = SignedDuration::from_hours(24 * i64::from(days));
        let Ok(before) = now.checked_sub(age) else { return Ok(Vec::new()) };
        let mut forgotten = Vec::new();
        loop {
            let old = self.store().calls_before(before, ROWS).await?;
            if old.is_empty() {
                return Ok(forgotten);
            }
            for call in old {
                match self.forget_call(&call, by, now).await {
                    Ok(_) => forgotten.push(call),
                    // Another replica was faster.
                    Err(Error::Store(store::Error::Missing { .. })) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// Keeps calls for `days` and no longer, until `stop` is cancelled.
    pub async fn retain(self: Arc<Self>, days: u32, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.forget_older_than(days, "retention", Timestamp::now()).await {
                Ok(forgotten) if forgotten.is_empty() => {}
                Ok(forgotten) => {
                    tracing::info!(calls = forgotten.len(), days, "erased calls that were too old");
                }
                Err(error) => tracing::error!(%error, "failed to erase calls that are too old"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Returns what of a call that is to be erased may stand in decisions about its deal.
    async fn traces(&self, call: &str, deal: Option<&str>) -> Result<Traces, Error> {
        let spoken = self.spoken(call).await?;
        let sitting = match deal {
            Some(deal) => self.sitting(deal).await?,
            None => None,
        };
        let call = call.to_owned();
        let traces = run_aside(move || {
            // What was rejected or merged stands in the first, what people added in the second.
            let ledgers = sitting.map(|sitting| {
                let calls: Vec<_> = sitting.readings.iter().map(|reading| reading.as_read()).collect();
                [ledger::fold(&sitting.deal, &calls), sitting.reviewed().ledger]
            });
            Traces::of(&call, ledgers.as_ref().map_or(&[][..], |ledgers| &ledgers[..]), spoken)
        });
        traces.await?.map_err(|error| Error::Odd(format!("a ledger: {error}")))
    }

    /// Returns the words of every version of a call that is to be erased; none of one that cannot be read.
    async fn spoken(&self, call: &str) -> Result<Spoken, Error> {
        let mut texts = Vec::new();
        for version in self.store().versions(call).await? {
            let bytes = match self.store().source(call, version.version).await {
                Ok(bytes) => bytes,
                Err(store::Error::Erased { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            let Ok(recording) = run_aside(move || ingest::read(&bytes, None)).await? else { continue };
            let rows: Vec<String> = recording.rows.into_iter().map(|row| row.text).collect();
            texts.push(rows.join(" "));
        }
        Ok(Spoken::of(texts.iter().map(String::as_str)))
    }

    /// Returns a call without a person; `None` where nothing of it names them.
    async fn without(&self, stored: &StoredCall, person: &Forgotten) -> Result<Option<Rewritten>, Error> {
        let mut call = stored.call.clone();
        call.participants.retain(|other| !person.is(&other.name));
        let mut title = json!(call.title);
        let in_title = person.erase_from(&mut title);
        call.title = title.as_str().map(str::to_owned);
        let in_metadata = in_title || call.participants.len() < stored.call.participants.len();

        let mut in_bytes = false;
        for version in self.store().versions(&call.id).await? {
            match self.store().source(&call.id, version.version).await {
                Ok(bytes) => in_bytes |= is_named_in(person, bytes).await?,
                Err(store::Error::Erased { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let spoken = match self.reading(stored).await {
            Ok(reading) => Some(person.erase_from_transcript(&reading.transcript)),
            Err(Error::Unreadable(_)) if !in_bytes => None,
            Err(Error::Unreadable(_)) => return Err(Error::Unclear(call.id)),
            Err(error) => return Err(error),
        };
        let bytes = spoken.filter(|(_, found)| *found || in_bytes).map(|(bytes, _)| bytes);
        Ok((in_metadata || bytes.is_some()).then_some(Rewritten { call, bytes }))
    }
}

/// Tells whether a file names a person in its bytes as they lie, or packed up beside its text. One of which nobody can tell
/// counts as one that does: its text stays.
async fn is_named_in(person: &Forgotten, bytes: Vec<u8>) -> Result<bool, Error> {
    let person = person.clone();
    let named = move || {
        person.is_named_in(&String::from_utf8_lossy(&bytes))
            || beside_text_of(&bytes).map_or(true, |beside| person.is_named_in(&beside))
    };
    Ok(run_aside(named).await?)
}

/// Returns a decision's body without a person; `None` where it does not name them. Words of a call that a decision brings
/// go with the decision where the call was rewritten: nobody can tell any more whose they were.
fn rewrite(decision: &StoredDecision, person: &Forgotten, calls: &[String]) -> Option<Value> {
    let brings = ["/what/words/call", "/what/answer/words/call"].iter().any(|pointer| {
        let call = decision.body.pointer(pointer).and_then(Value::as_str);
        call.is_some_and(|call| calls.iter().any(|rewritten| rewritten == call))
    });
    if brings {
        return Some(emptied(&decision.body));
    }
    let mut body = decision.body.clone();
    if !person.erase_from(&mut body) {
        return None;
    }
    // A name may be a word of the notation: a decision that nobody could read back would take the deal along.
    let left = StoredDecision { body, ..decision.clone() };
    let reads = match left.room == REVIEW {
        true => review::decision(left.clone()).is_ok(),
        false => acts_of(std::slice::from_ref(&left)).is_ok(),
    };
    Some(if reads { left.body } else { emptied(&decision.body) })
}

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::job::enqueue;
use super::known::acts_of;
use super::review::{REVIEW, decision};
use super::{Error, Pipeline};
use crate::handoff::{Action, Entry};
use crate::papers::Occasion;
use crate::store::{self, Correction, DealAccess, StoredDecision};
use crate::transcript::{Deal, Digest};

/// Decisions that are read from the store at a time.
const ROWS: u32 = 500;

/// What people did with a deal, as an export writes it beside the deal's calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Record {
    /// Every decision of review and handoff; one that an erasure has emptied keeps its number.
    pub decisions: Vec<StoredDecision>,
    /// Who speaks on its calls.
    pub corrections: Vec<Correction>,
    /// What papers need beside the calls.
    pub occasion: Option<Occasion>,
    /// Who sees it.
    pub access: Option<DealAccess>,
    /// The names under which its papers were attached, by the files of the export.
    pub papers: BTreeMap<String, String>,
}

impl Pipeline {
    /// Returns what people did with a deal.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn deal_record(&self, deal: &str) -> Result<Record, store::Error> {
        let mut record = Record::default();
        let mut after = None;
        loop {
            let page = self.store.decisions_page(deal, after.as_ref(), ROWS).await?;
            record.decisions.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        for call in self.store.calls_of(deal).await? {
            record.corrections.extend(self.store.corrections(&call.call.id).await?);
        }
        let occasion = self.store.occasion(deal).await?;
        record.occasion = (occasion.revision > 0).then_some(occasion.occasion);
        record.access = self.store.deal_access(deal).await?.map(|(access, _)| access);
        Ok(record)
    }

    /// Makes a deal that is not there yet, with who sees it, so that no call of it is ever there for others. Returns the
    /// members who have no account here and were left out. A deal that is there stays as it is.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn open_deal(
        &self,
        deal: &Deal,
        access: Option<&DealAccess>,
        by: &str,
        now: Timestamp,
    ) -> Result<BTreeSet<String>, store::Error> {
        let users = self.store.users().await?;
        let is_known = |login: &String| users.iter().any(|user| user.login == *login);
        let members = access.map(|access| access.members.clone()).unwrap_or_default();
        let (members, strangers): (BTreeSet<_>, BTreeSet<_>) = members.into_iter().partition(is_known);
        let access = access.map(|access| DealAccess { restricted: access.restricted, members });
        let (deal, by) = (deal.clone(), by.to_owned());
        let work = self.store.write(move |tx| {
            Box::pin(async move {
                match tx.put_deal(&deal, Some(0), now).await {
                    Err(store::Error::Stale { .. }) => return Ok(false),
                    made => made?,
                };
                if let Some(access) = &access {
                    tx.put_deal_access(&deal.id, access, None, now).await?;
                    let entry = Entry::new(Uuid::now_v7(), now, &by, Action::PermissionChanged, &deal.id);
                    let detail = json!({ "restricted": access.restricted, "members": access.members });
                    tx.record(entry.of_deal(&deal.id).with(detail));
                }
                Self::owe_telling(tx, &deal.id, now).await?;
                Ok::<_, store::Error>(true)
            })
        });
        Ok(if work.await? { strangers } else { BTreeSet::new() })
    }

    /// Takes what people did with a deal elsewhere, all of it or nothing. Where people have decided about the deal here,
    /// or said who sees it or what its papers need, that stands, and it is told what of it differs. Each decision that is
    /// taken is a row of the audit trail.
    ///
    /// # Errors
    /// Those of the store, and where a decision makes no sense.
    pub async fn take_record(
        &self,
        deal: &str,
        record: Record,
        by: &str,
        now: Timestamp,
    ) -> Result<Vec<&'static str>, Error> {
        record.check(deal)?;
        let here = self.deal_record(deal).await?;
        let stands = here.standing(&record);
        let calls: Vec<_> =
            self.store.calls_of(deal).await?.into_iter().map(|stored| stored.call.id).collect();
        let (deal, by) = (deal.to_owned(), by.to_owned());
        let Record { decisions, mut corrections, mut occasion, .. } = record;
        let is_known = |it: &Correction| here.corrections.iter().any(|known| known.id == it.id);
        corrections.retain(|it| calls.contains(&it.call) && !is_known(it));
        occasion.take_if(|_| here.occasion.is_some());
        let corrected: Vec<String> = corrections.iter().map(|correction| correction.call.clone()).collect();
        let work = self.store.write(move |tx| {
            Box::pin(async move {
                if tx.hold_decisions(&deal).await? == 0 {
                    for decision in &decisions {
                        tx.restore_decision(decision).await?;
                        tx.record(taken(decision, &by, now));
                    }
                }
                for correction in &corrections {
                    tx.correct(correction).await?;
                    enqueue(tx, "read", &correction.call, now, now).await?;
                }
                if let Some(occasion) = &occasion {
                    tx.put_occasion(&deal, occasion, 0, now).await?;
                }
                enqueue(tx, "draft", &deal, now, now).await?;
                Self::owe_telling(tx, &deal, now).await?;
                Ok::<_, store::Error>(())
            })
        });
        work.await?;
        corrected.iter().for_each(|call| self.forget_reading(call));
        Ok(stands)
    }
}

impl Record {
    /// Refuses a record that makes no sense: a file may come from anywhere.
    ///
    /// # Errors
    /// Where it is not one of `deal`, or a decision cannot be read.
    pub fn check(&self, deal: &str) -> Result<(), Error> {
        match deal.is_empty() {
            true => Err(Error::Odd("a record beside a `deal.json` without an id".to_owned())),
            false => readable(deal, &self.decisions),
        }
    }

    /// Returns what of this record stands where `other` says something else.
    fn standing(&self, other: &Self) -> Vec<&'static str> {
        let differs = [
            ("decisions", !self.decisions.is_empty() && self.decisions != other.decisions),
            ("occasion", self.occasion.is_some() && self.occasion != other.occasion),
            ("access", other.access.is_some() && self.access != other.access),
        ];
        differs.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
    }
}

/// Refuses decisions that nobody could read back: a file may come from anywhere.
fn readable(deal: &str, decisions: &[StoredDecision]) -> Result<(), Error> {
    let odd = |what: String| Err(Error::Odd(format!("the record of `{deal}`: {what}")));
    for (number, decision) in (1..).zip(decisions) {
        if decision.deal != deal || decision.seq != number {
            return odd(format!("decision {} of `{}` where {number} belongs", decision.seq, decision.deal));
        }
    }
    let standing = decisions.iter().filter(|decision| decision.body.get("erased").is_none());
    let (of_review, others): (Vec<_>, Vec<_>) =
        standing.cloned().partition(|decision| decision.room == REVIEW);
    if let Some(other) = others.iter().find(|other| other.room != super::handoff::HANDOFF) {
        return odd(format!("a decision of room `{}`", other.room));
    }
    acts_of(&others)?;
    of_review.into_iter().map(decision).collect::<Result<Vec<_>, _>>()?;
    Ok(())
}

/// Returns the row of the audit trail that proves that a decision was taken from elsewhere as it stood.
fn taken(decision: &StoredDecision, by: &str, now: Timestamp) -> Entry {
    let act = ["/act", "/what/act"].iter().find_map(|pointer| decision.body.pointer(pointer)?.as_str());
    let sealed = Digest::of(decision.body.to_string().as_bytes());
    let detail = json!({
        "decision": decision.id,
        "seq": decision.seq,
        "digest": sealed,
        "imported": { "by": decision.author, "at": Value::from(decision.made_at.to_string()) },
    });
    Entry::new(Uuid::now_v7(), now, by, Action::Decided, act.unwrap_or("erased"))
        .of_deal(&decision.deal)
        .with(detail)
}

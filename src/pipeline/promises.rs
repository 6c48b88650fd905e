use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{Error, Pipeline};
use crate::access::Viewer;
use crate::rules::Category;

/// Rows that are read from the store at a time.
const ROWS: u32 = 200;

/// Which promises to list.
#[derive(Clone, Debug, Default)]
pub struct PromiseFilter {
    /// Only this deal's.
    pub deal: Option<String>,
    /// Only with this status: `open`, `changed`, `withdrawn`, `fulfilled`.
    pub status: Option<String>,
    /// Only of this category.
    pub category: Option<Category>,
    /// Only those due on or before this day.
    pub due_by: Option<Date>,
}

impl PromiseFilter {
    fn takes(&self, promise: &Map<String, Value>) -> bool {
        let text = |key: &str| promise.get(key).and_then(Value::as_str);
        let due = || text("due").and_then(|due| due.parse::<Date>().ok());
        self.status.as_deref().is_none_or(|status| text("status") == Some(status))
            && self.category.is_none_or(|category| text("category") == Some(category.as_str()))
            && self.due_by.is_none_or(|by| due().is_some_and(|due| due <= by))
    }
}

impl Pipeline {
    /// Returns promises as the drafts of the deals that there are for `viewer` have them, each with its deal and account; those with a date
    /// first, the earliest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn promises(&self, viewer: Viewer, filter: &PromiseFilter) -> Result<Vec<Value>, Error> {
        let mut promises = Vec::new();
        match &filter.deal {
            Some(deal) if self.store().hides_deal(viewer, deal).await? => {}
            Some(deal) => self.promises_of(deal, filter, &mut promises).await?,
            None => {
                let mut after = None;
                loop {
                    let page = self.store().deals(viewer, after.as_ref(), ROWS).await?;
                    for stored in &page.items {
                        self.promises_of(&stored.deal.id, filter, &mut promises).await?;
                    }
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
            }
        }
        let due = |promise: &Value| promise.get("due").and_then(Value::as_str).map(str::to_owned);
        promises.sort_by_cached_key(|promise| (due(promise).is_none(), due(promise)));
        Ok(promises)
    }

    async fn promises_of(
        &self,
        deal: &str,
        filter: &PromiseFilter,
        promises: &mut Vec<Value>,
    ) -> Result<(), Error> {
        let Some(stored) = self.store().draft(deal).await? else { return Ok(()) };
        let account = stored.draft.packet.pointer("/deal/account").cloned().unwrap_or_default();
        let Some(Value::Array(rows)) = stored.draft.ledger.get("promises").cloned() else { return Ok(()) };
        for row in rows {
            let Value::Object(mut promise) = row else { continue };
            if filter.takes(&promise) {
                if let Some(review) = review_of(&stored.draft.packet, promise.get("id")) {
                    promise.insert("review".to_owned(), review.clone());
                }
                promise.insert("deal".to_owned(), deal.into());
                promise.insert("account".to_owned(), account.clone());
                promises.push(Value::Object(promise));
            }
        }
        Ok(())
    }
}

/// Returns what people decided about the promise of an id, as its packet shows it.
fn review_of<'p>(packet: &'p Value, id: Option<&Value>) -> Option<&'p Value> {
    let sections = packet.get("sections")?.as_array()?.iter();
    let mut items = sections.filter_map(|section| section.get("items")?.as_array()).flatten();
    items.find(|item| item.get("entry") == id)?.get("review")
}

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::aside::run_aside;
use super::job::enqueue;
use super::paper::text_of;
use super::{Error, Pipeline};
use crate::handoff::{Action, Entry};
use crate::ingest;
use crate::store::{self, Attachment};
use crate::transcript::{Contract, Digest};

impl Pipeline {
    /// Reads a paper, attaches it to a deal and has the packet drafted anew. Returns the attachment that stands, and
    /// whether it is new: the same bytes are one paper of a deal.
    ///
    /// # Errors
    /// Where the paper cannot be read, there is no such deal, or the store fails.
    pub async fn attach(
        &self,
        deal: &str,
        name: &str,
        bytes: Vec<u8>,
        author: &str,
    ) -> Result<(Attachment, bool), Error> {
        let now = Timestamp::now();
        let (content, bytes) = run_aside(move || (text_of(&bytes), bytes)).await?;
        let paper = Attachment {
            id: Uuid::now_v7(),
            deal: deal.to_owned(),
            name: name.to_owned(),
            source: Digest::of(&bytes),
            content: content?,
            author: author.to_owned(),
            attached_at: now,
        };
        let own = paper.id;
        let entry = Entry::new(Uuid::now_v7(), now, author, Action::DealEdited, own.to_string());
        let entry = entry.of_deal(deal).with(json!({ "attached": paper.source }));
        let stands = self.store().write(move |tx| {
            Box::pin(async move {
                let stands = tx.attach(&paper, bytes).await?;
                if stands.id == own {
                    tx.record(entry);
                }
                enqueue(tx, "draft", &paper.deal, now, now).await?;
                Ok::<_, store::Error>(stands)
            })
        });
        let stands = stands.await?;
        let is_new = stands.id == own;
        Ok((stands, is_new))
    }

    /// Takes a paper off its deal and has the packet drafted anew.
    ///
    /// # Errors
    /// [`store::Error::Missing`] where it is not attached.
    pub async fn detach(&self, deal: &str, id: Uuid, author: &str) -> Result<(), store::Error> {
        let (deal, now) = (deal.to_owned(), Timestamp::now());
        let entry = Entry::new(Uuid::now_v7(), now, author, Action::DealEdited, id.to_string());
        let entry = entry.of_deal(&deal).with(json!({ "detached": id }));
        let work = self.store().write(move |tx| {
            Box::pin(async move {
                tx.detach(&deal, id, now).await?;
                tx.record(entry);
                enqueue(tx, "draft", &deal, now, now).await
            })
        });
        work.await
    }

    /// Returns the papers attached to a deal, cut into clauses.
    pub(super) async fn contracts(&self, deal: &str) -> Result<Vec<Contract>, store::Error> {
        let papers = self.store().attachments(deal).await?;
        let contract = |paper: Attachment| ingest::contract(&paper.name, paper.source, paper.content);
        Ok(papers.into_iter().map(contract).collect())
    }
}

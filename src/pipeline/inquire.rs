//! A question about a deal, answered from its packet and from search, and in a sentence where there is a model.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use jiff::Timestamp;

use super::{Error, Pipeline};
use crate::llm::{Clause, Passage, Usage, inquiry, passages, sentence};
use crate::packet::Packet;
use crate::rules::Kind;
use crate::search::{Filters, Hit, Search};
use crate::store::Spending;

/// With fewer entries than this, words that were only said are looked for too.
const FEW: usize = 3;
/// Hits of the search that are added.
const HITS: u32 = 5;

/// What is known about a question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Answered {
    /// Entries and words that answer it, the best first.
    pub passages: Vec<Passage>,
    /// A model's sentence, as far as it cites them; empty without a model.
    pub clauses: Vec<Clause>,
    /// Why there is no sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_heard: Option<String>,
}

impl Pipeline {
    /// Answers `question` from what `packet`, the packet of `deal` as the asker may read it, holds.
    ///
    /// # Errors
    /// Those of store and index.
    pub async fn inquire(&self, deal: &str, packet: &Packet, question: &str) -> Result<Answered, Error> {
        let passages = self.passages(deal, packet, question).await?;
        let (clauses, not_heard) = match passages.iter().any(|passage| passage.open) {
            true => self.in_a_sentence(deal, question, &passages).await?,
            false => Default::default(),
        };
        Ok(Answered { passages, clauses, not_heard })
    }

    /// Returns what answers `question` of `packet` and of what was said in `deal`, without a model.
    ///
    /// # Errors
    /// Those of store and index.
    pub async fn passages(&self, deal: &str, packet: &Packet, question: &str) -> Result<Vec<Passage>, Error> {
        let mut passages = passages(packet, question);
        if passages.len() < FEW {
            let filters = Filters { deals: vec![deal.to_owned()], ..Filters::default() };
            // A question is no query: its words are asked for, and any of them will do.
            let words: Vec<_> =
                question.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3).collect();
            if !words.is_empty() {
                let search = Search { filters, limit: HITS, ..Search::new(words.join(" OR ")) };
                for hit in self.index().search(search).await?.hits {
                    let passage = said(passages.len() + 1, &hit);
                    if !passages.iter().any(|other| other.call == hit.call && hit.text.contains(&other.quote))
                    {
                        passages.push(passage);
                    }
                }
            }
        }
        Ok(passages)
    }

    /// Tells whether there is a model that answers questions.
    pub fn has_listener(&self) -> bool {
        self.listener.is_some()
    }

    async fn in_a_sentence(
        &self,
        deal: &str,
        question: &str,
        passages: &[Passage],
    ) -> Result<(Vec<Clause>, Option<String>), Error> {
        let Some(listener) = &self.listener else { return Ok((Vec::new(), None)) };
        let prompt = inquiry(question, passages);
        let spent = self.spent(Some(deal)).await?;
        let estimate = (prompt.system.len() + prompt.user.len()) as u64 / 4 + u64::from(prompt.max_output);
        let answer = match listener.afford(spent, Usage::default(), estimate) {
            Ok(()) => listener.model.answer(&prompt).await,
            Err(error) => Err(error),
        };
        let completion = match answer {
            Ok(completion) => completion,
            Err(error) => return Ok((Vec::new(), Some(error.to_string()))),
        };
        let micros = listener.price.of(completion.usage);
        let (deal, model) = (Some(deal.to_owned()), listener.model.name().to_owned());
        let spending = Spending { id: Uuid::now_v7(), deal, model, usage: completion.usage, micros };
        let spend = self
            .store()
            .write(move |tx| Box::pin(async move { tx.spend(&spending, Timestamp::now()).await }));
        spend.await?;
        Ok((sentence(&completion.text, passages), None))
    }
}

fn said(number: usize, hit: &Hit) -> Passage {
    Passage {
        number,
        entry: None,
        kind: "said".to_owned(),
        facts: Vec::new(),
        call: hit.call.clone(),
        date: hit.date,
        turn: hit.turn,
        speaker: hit.speaker.clone(),
        quote: hit.text.clone(),
        // What stands on the red-flag page was said somewhere.
        open: !hit.kinds.contains(&Kind::Risk),
    }
}

//! Hearing a model about a call, after the rules have read it: asked in a job of its own, so that its slowness delays no
//! draft, and kept by what was asked, so that the same question is never paid for twice.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Time, tz::TimeZone};
use uuid::Uuid;

use super::aside::run_aside;
use super::job::{LISTEN, enqueue, subject};
use super::{Error, Pipeline, Reading};
use crate::llm::{Completion, Heard, Listener, NotHeard, Spent, Usage, hear};
use crate::store::{self, Hearing, Job, Spending, StoredCall};
use crate::transcript::{Deal, Digest};

impl Pipeline {
    /// Returns how the model in force was heard about a call.
    pub(super) async fn hearing(&self, stored: &StoredCall) -> Result<Option<Hearing>, Error> {
        let Some(listener) = &self.listener else { return Ok(None) };
        let hearing = self.store().hearing(&stored.call.id, stored.version).await?;
        Ok(hearing.filter(|hearing| hearing.model == listener.model.name()))
    }

    /// Returns a reading with the replies that are kept.
    pub(super) async fn with_kept(
        &self,
        listener: &Listener,
        reading: Reading,
        deal: Deal,
        kept: HashMap<Digest, Option<Completion>>,
        failure: Option<String>,
    ) -> Result<Reading, Error> {
        let (listener, rules) = (listener.clone(), self.shared_rules());
        let work = move || {
            let asked = listener.plan(&reading.transcript, &deal, &reading.detected, &rules);
            let keys = listener.keys(&asked);
            let replies: Vec<_> =
                keys.iter().map(|key| kept.get(key)?.as_ref().map(|reply| reply.text.as_str())).collect();
            let word = (listener.model.name(), &asked[..], &replies[..]);
            reading.with_word_of(&deal, &rules, word, failure.as_deref()).0
        };
        Ok(run_aside(work).await?)
    }

    /// Asks the model about a call what it was not asked before, and has the deal drafted anew.
    pub(super) async fn listen(&self, job: &Job) -> Result<(), Error> {
        let id = subject(job)?;
        let stored = self.store().call(&id).await?.filter(|stored| stored.state == store::CallState::Read);
        let (Some(listener), Some(stored)) = (&self.listener, stored) else {
            return self.complete(job).await;
        };
        let (call, deal, corrections) = self.inputs(&stored).await?;
        let reading = self.read_anew(&stored, call, &deal, corrections).await?;

        let (planner, rules) = (listener.clone(), self.shared_rules());
        let for_plan = deal.clone();
        let (reading, asked) = run_aside(move || {
            let asked = planner.plan(&reading.transcript, &for_plan, &reading.detected, &rules);
            (reading, asked)
        })
        .await?;
        let keys = listener.keys(&asked);
        let known = self.store().replies(&keys).await?;
        let spent = self.spent(stored.deal.as_deref()).await?;
        let afford = |used: &Usage, estimate: u64| listener.afford(spent, *used, estimate);
        let heard = hear(&*listener.model, &asked, known, afford).await;
        count(listener, &heard);

        let failure = heard.failure.clone();
        let why = failure.as_ref().map(|failure| format!("{}: {failure}", listener.model.name()));
        let (rules, model) = (self.shared_rules(), listener.model.name().to_owned());
        let work = move || {
            let word = (model.as_str(), &asked[..], &heard.texts()[..]);
            let (reading, refused, grounded) = reading.with_word_of(&deal, &rules, word, why.as_deref());
            (reading, refused, grounded, heard, model, why)
        };
        let (reading, refused, grounded, heard, model, why) = run_aside(work).await?;
        for refused in &refused {
            metrics::counter!("readback_llm_refused_total", "why" => format!("{:?}", refused.refusal))
                .increment(1);
        }
        let fresh: Vec<_> = heard
            .fresh
            .iter()
            .filter_map(|at| Some((keys[*at].clone(), heard.replies[*at].clone()?)))
            .collect();
        let (call, version) = (id.clone(), stored.version);
        let hearing = Hearing {
            call,
            version,
            model: model.clone(),
            keys,
            failure: why,
            grounded: grounded as u32,
            refused,
        };
        let news = self.store().hearing(&id, version).await?.as_ref() != Some(&hearing);
        let micros = listener.price.of(heard.usage);
        let spending =
            Spending { id: Uuid::now_v7(), deal: stored.deal.clone(), model, usage: heard.usage, micros };
        let record = store::Reading {
            call: id.clone(),
            version,
            format: reading.format,
            rules: self.rules().digest().clone(),
            record: reading.record(),
        };
        let (lease, now) = (job.lease.clone(), Timestamp::now());
        let tomorrow = matches!(failure, Some(NotHeard::Budget(_))).then(|| next_day(now));
        let again = failure.clone().filter(|failure| !matches!(failure, NotHeard::Budget(_)));
        let done = again.is_none();
        self.store()
            .write(move |tx| {
                Box::pin(async move {
                    tx.put_hearing(&hearing, now).await?;
                    for (key, reply) in &fresh {
                        tx.keep_reply(key, &id, reply, now).await?;
                    }
                    if spending.usage != Usage::default() {
                        tx.spend(&spending, now).await?;
                    }
                    if news {
                        tx.put_reading(&record, now).await?;
                        if let Some(deal) = &stored.deal {
                            enqueue(tx, "draft", deal, now, now).await?;
                        }
                    }
                    if let Some(day) = tomorrow {
                        enqueue(tx, LISTEN, &id, day, now).await?;
                    }
                    if done {
                        tx.complete(&lease).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await?;
        self.index_is_behind.notify_one();
        // Given back, the job waits longer and longer.
        again.map_or(Ok(()), |failure| Err(failure.into()))
    }

    /// Returns what was spent today, and on a deal ever.
    pub(super) async fn spent(&self, deal: Option<&str>) -> Result<(Spent, Spent), Error> {
        let today = self.store().spent(this_day(Timestamp::now()), None).await?;
        let on_deal = match deal {
            Some(deal) => self.store().spent(Timestamp::UNIX_EPOCH, Some(deal)).await?,
            None => Spent::default(),
        };
        Ok((today, on_deal))
    }
}

fn count(listener: &Listener, heard: &Heard) {
    let Usage { input, output } = heard.usage;
    metrics::counter!("readback_llm_tokens_total", "direction" => "input").increment(input);
    metrics::counter!("readback_llm_tokens_total", "direction" => "output").increment(output);
    metrics::counter!("readback_llm_micros_total").increment(listener.price.of(heard.usage));
    if heard.failure.is_some() {
        metrics::counter!("readback_llm_not_heard_total").increment(1);
    }
}

/// Returns when the day of `now` began, by UTC: budgets count from then.
fn this_day(now: Timestamp) -> Timestamp {
    let day = TimeZone::UTC.to_datetime(now).with().time(Time::midnight()).build();
    day.ok().and_then(|day| TimeZone::UTC.to_timestamp(day).ok()).unwrap_or(now)
}

fn next_day(now: Timestamp) -> Timestamp {
    this_day(now).checked_add(jiff::SignedDuration::from_hours(24)).unwrap_or(Timestamp::MAX)
}

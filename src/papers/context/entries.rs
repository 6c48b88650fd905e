use serde::Serialize;

use super::words::{Words, latest};
use crate::ledger::{Objection, Promise, SuccessMetric};
use crate::packet::Packet;

#[derive(Debug, Serialize)]
pub(super) struct Goal {
    pub(super) words: Words,
    pub(super) metric: Option<String>,
    pub(super) baseline: Option<String>,
    pub(super) target: Option<String>,
    pub(super) deadline: Option<String>,
    pub(super) owner: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Promised {
    pub(super) id: String,
    pub(super) words: Words,
    pub(super) category: String,
    pub(super) firmness: String,
    pub(super) status: &'static str,
    pub(super) due: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Tool {
    pub(super) name: Option<String>,
    pub(super) words: Words,
}

#[derive(Debug, Serialize)]
pub(super) struct Concern {
    pub(super) words: Words,
    pub(super) status: String,
    pub(super) answers: Vec<Words>,
}

/// What the customer said on day 30 of a promise or a goal.
#[derive(Debug, Serialize)]
pub(super) struct DayThirty {
    pub(super) words: Words,
    pub(super) outcome: &'static str,
    pub(super) said: String,
    pub(super) by: String,
    pub(super) on: String,
}

impl DayThirty {
    /// Returns what was said, each with the words of the call that it is about.
    pub(super) fn all(packet: &Packet) -> Vec<Self> {
        let ledger = &packet.ledger;
        let told = packet.confirmations.iter().filter_map(|told| {
            let promise = ledger.promises.iter().find(|it| it.id == told.entry).map(|it| &it.said);
            let metric = ledger.success_metrics.iter().find(|it| it.id == told.entry).map(|it| &it.said);
            Some(Self {
                words: latest(promise.or(metric)?),
                outcome: told.outcome(),
                said: told.words.clone(),
                by: told.by.clone(),
                on: told.on.to_string(),
            })
        });
        told.collect()
    }
}

impl Goal {
    pub(super) fn known(&self) -> usize {
        [&self.metric, &self.baseline, &self.target, &self.deadline, &self.owner]
            .iter()
            .filter(|field| field.is_some())
            .count()
    }
}

impl From<&SuccessMetric> for Goal {
    fn from(metric: &SuccessMetric) -> Self {
        Self {
            words: latest(&metric.said),
            metric: metric.metric.clone(),
            baseline: metric.baseline.clone(),
            target: metric.target.clone(),
            deadline: metric.deadline.map(|date| date.to_string()).or(metric.deadline_text.clone()),
            owner: metric.owner.clone(),
        }
    }
}

impl From<&Promise> for Promised {
    fn from(promise: &Promise) -> Self {
        Self {
            id: promise.id.clone(),
            words: latest(&promise.said),
            category: promise.category.as_str().replace('_', " "),
            firmness: promise.firmness.to_string(),
            status: promise.status.as_str(),
            due: promise.due.map(|date| date.to_string()).or(promise.due_text.clone()),
        }
    }
}

impl From<&Objection> for Concern {
    fn from(objection: &Objection) -> Self {
        Self {
            words: latest(&objection.said),
            status: objection.status.to_string(),
            answers: objection.responses.iter().map(Words::from).collect(),
        }
    }
}

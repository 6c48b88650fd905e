use std::sync::Arc;

use super::{Asked, Limits, Model, NotHeard, Price, Scope, Spent, Usage, plan};
use crate::detect::Detected;
use crate::rules::RuleSet;
use crate::transcript::{Deal, Digest, Transcript};

/// A model with all that decides when and what it is asked.
#[derive(Clone)]
pub struct Listener {
    /// The model.
    pub model: Arc<dyn Model>,
    /// How much is asked about a call.
    pub scope: Scope,
    /// What may be spent.
    pub limits: Limits,
    /// What tokens cost.
    pub price: Price,
    /// Calls that are heard at a time.
    pub concurrency: usize,
}

impl Listener {
    /// Returns what to ask about a call.
    pub fn plan(
        &self,
        transcript: &Transcript,
        deal: &Deal,
        detected: &Detected,
        rules: &RuleSet,
    ) -> Vec<Asked> {
        plan(transcript, deal, detected, rules, &self.scope)
    }

    /// Returns the keys under which the replies to `asked` are kept.
    pub fn keys(&self, asked: &[Asked]) -> Vec<Digest> {
        asked.iter().map(|asked| asked.prompt.key(self.model.name())).collect()
    }

    /// Tells whether about `estimate` tokens may be spent after what was used just now, and spent before.
    ///
    /// # Errors
    /// [`NotHeard::Budget`] with the limit.
    pub fn afford(&self, (day, deal): (Spent, Spent), used: Usage, estimate: u64) -> Result<(), NotHeard> {
        // What comes back is dearer; an estimate must not be too low.
        let mut all = used;
        all.output += estimate;
        let more = Spent { tokens: used.input + used.output + estimate, micros: self.price.of(all) };
        self.limits.allow(day, deal, more)
    }
}

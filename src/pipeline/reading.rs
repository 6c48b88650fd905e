//! The corridor from end to end, in memory: bytes in, findings and a packet out.

use serde::{Deserialize, Serialize};

use crate::detect::{CallRecord, Detected, detect};
use crate::ingest::{Correction, Format, Transcribed, Unreadable, transcribe};
use crate::ledger::{self, ReadCall};
use crate::llm::{Asked, Refused, Testimony, testimony};
use crate::packet::{self, Packet};
use crate::review::{self, Decision};
use crate::rules::RuleSet;
use crate::transcript::{Call, Deal, Place, Problem, Transcript};

/// A call that was read: its sealed transcript, what was found in it, what was odd about the input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The format that was recognised.
    pub format: Format,
    /// The transcript.
    pub transcript: Transcript,
    /// Findings and stakeholders.
    pub detected: Detected,
    /// Oddities of the input.
    pub problems: Vec<Problem>,
}

impl Reading {
    /// Reads a recorder's bytes.
    ///
    /// # Errors
    /// Where the bytes are no transcript, or exceed a limit.
    pub fn new(
        bytes: &[u8],
        call: Call,
        deal: &Deal,
        corrections: &[Correction],
        rules: &RuleSet,
    ) -> Result<Self, Unreadable> {
        let Transcribed { transcript, format, mut problems } = transcribe(bytes, call, deal, corrections)?;
        let detected = detect(&transcript, deal, rules);
        problems.extend(languages_without_rules(&transcript, rules));
        Ok(Self { format, transcript, detected, problems })
    }

    /// Returns the reading as ledger and packet take it.
    pub fn as_read(&self) -> ReadCall<'_> {
        ReadCall { transcript: &self.transcript, detected: &self.detected, problems: &self.problems }
    }

    /// Returns the reading with what a model says of it; `failure` is why some of its word is missing. Also returns the
    /// answers that were refused, and how many were not.
    #[must_use]
    pub fn with_word_of(
        mut self,
        deal: &Deal,
        rules: &RuleSet,
        word: (&str, &[Asked], &[Option<&str>]),
        failure: Option<&str>,
    ) -> (Self, Vec<Refused>, usize) {
        let Testimony { detected, refused, grounded } =
            testimony(&self.transcript, deal, rules, self.detected, word);
        self.detected = detected;
        self.problems.extend(failure.map(|failure| {
            let message = format!("the model was not heard, and the rules' findings stand alone: {failure}");
            Problem::new("model-not-heard", Place::Whole, message)
        }));
        (self, refused, grounded)
    }

    /// Returns the reading in the JSON shape of `readback extract`.
    pub fn record(&self) -> CallRecord {
        CallRecord::new(&self.transcript, &self.detected, &self.problems)
    }
}

/// Names the languages of a call that no rule reads: its words are searchable, and nothing is found in them.
fn languages_without_rules(transcript: &Transcript, rules: &RuleSet) -> Vec<Problem> {
    let unread = transcript.languages().into_iter().filter(|language| !rules.reads(language));
    let problem = |language| {
        let message = format!(
            "there are no rules for `{language}`: its words are searchable, but nothing is found in them"
        );
        Problem::new("language-without-rules", Place::Whole, message)
    };
    unread.map(problem).collect()
}

/// Drafts the packet of a deal from the readings of its calls and what people decided.
pub fn draft<'r>(
    deal: &Deal,
    readings: impl IntoIterator<Item = &'r Reading>,
    decisions: &[Decision],
) -> Packet {
    let calls: Vec<_> = readings.into_iter().map(Reading::as_read).collect();
    let (ledger, before) = ledger::fold_and_before(deal, &calls);
    let reviewed = review::apply(&ledger, &calls, decisions);
    packet::draft(deal, &calls, &reviewed, &before)
}

//! Labels as findings: what a careful reader would have handed to the ledger.

use super::{Label, LabelledNews, LabelledPerson, Labels};
use crate::detect::{ByRule, Detected, Finding, Provenance, Stakeholder, Why, attrs_of};
use crate::rules::Attitude;
use crate::transcript::{Digest, Place, Problem, Quote, Side, Span, Transcript};

/// What stands in a finding's provenance in place of a rule.
const READER: &str = "labels";

impl Labels {
    /// Returns the labels as findings in `transcript`, and those whose words do not stand there.
    pub fn detected(&self, transcript: &Transcript) -> (Detected, Vec<Problem>) {
        let (mut detected, mut problems) = (Detected::default(), Vec::new());
        for (label, finding) in self.placed(transcript) {
            match finding {
                Some(finding) => detected.findings.push(finding),
                None => problems.push(unplaced(&label.quote)),
            }
        }
        detected.stakeholders =
            self.stakeholders.iter().map(|person| person.stakeholder(transcript)).collect();
        (detected, problems)
    }

    /// Returns each label as a finding, or `None` where its words do not stand in `transcript`.
    pub fn placed(&self, transcript: &Transcript) -> impl Iterator<Item = (&Label, Option<Finding>)> {
        let digest = transcript.digest();
        self.findings.iter().map(move |label| (label, label.finding(transcript, &digest)))
    }
}

fn unplaced(quote: &str) -> Problem {
    Problem::new("label-unplaced", Place::Whole, format!("no turn says “{quote}”"))
}

impl Label {
    /// Returns where the quote stands: where its speaker says it, else where anybody does.
    pub fn place(&self, transcript: &Transcript) -> Option<Span> {
        let places = || spans(transcript, &self.quote);
        let own = places().find(|span| transcript.speaker(*span).display() == self.speaker);
        own.or_else(|| places().next())
    }

    fn finding(&self, transcript: &Transcript, digest: &Digest) -> Option<Finding> {
        let span = self.place(transcript)?;
        let context = self.context_quote.as_deref().and_then(|words| {
            // What an answer accepts was said before it, a moment ago.
            let before = spans(transcript, words).take_while(|place| *place < span).last();
            before.or_else(|| spans(transcript, words).next()).and_then(|place| transcript.quote(place))
        });
        Some(Finding {
            quote: transcript.quote(span)?,
            context,
            speaker: transcript.turns[span.turn as usize].speaker,
            side: transcript.side(span),
            attrs: attrs_of(self.kind, &self.attrs, |words| first(transcript, words)),
            confidence: 1.0,
            provenance: Provenance {
                call: transcript.call.id.clone(),
                transcript: digest.clone(),
                rules: Some(ByRule { rule: READER.to_owned(), rule_digest: Digest::of(READER.as_bytes()) }),
                model: None,
            },
            why: Why::default(),
        })
    }
}

impl LabelledNews {
    /// Returns where the words stand.
    pub fn place(&self, transcript: &Transcript) -> Option<Span> {
        spans(transcript, &self.quote).next()
    }
}

impl LabelledPerson {
    fn stakeholder(&self, transcript: &Transcript) -> Stakeholder {
        let is =
            |name: &str| self.name.as_deref() == Some(name) || self.aliases.iter().any(|alias| alias == name);
        let evidence: Vec<Quote> =
            self.evidence.iter().filter_map(|words| first(transcript, words)).collect();
        let shows = self.attitude.is_some_and(|attitude| attitude != Attitude::Unknown);
        Stakeholder {
            name: self.name.clone(),
            aliases: self.aliases.clone(),
            title: self.title.clone(),
            side: self.side.unwrap_or(Side::Customer),
            roles: self.roles.clone(),
            attitude: self.attitude.unwrap_or(Attitude::Unknown),
            shown_by: evidence.last().filter(|_| shows).cloned(),
            turnover: None,
            testified: Vec::new(),
            evidence,
            speaks: transcript.speakers.iter().any(|speaker| is(speaker.display())),
        }
    }
}

fn first(transcript: &Transcript, words: &str) -> Option<Quote> {
    spans(transcript, words).next().and_then(|span| transcript.quote(span))
}

/// Returns every place where `words` stand, in the order of the call.
fn spans(transcript: &Transcript, words: &str) -> impl Iterator<Item = Span> {
    transcript.turns.iter().enumerate().flat_map(move |(turn, said)| {
        let found = if words.is_empty() { None } else { said.text.find(words) };
        found.map(|at| Span::new(turn, at..at + words.len()))
    })
}

use std::cell::OnceCell;
use std::collections::HashSet;

use jiff::civil::Date;

use crate::detect::{Attrs, ByModel, ByRule, Finding, FindingRecord, Provenance, Why};
use crate::transcript::{Deal, Digest, Name, Quote, Side, Span, Transcript};

use super::gist::Gist;
use super::remark::{self, Remark, Remarks};
use super::words;
use super::{Citation, Event, ReadCall, Saying};

/// How many turns later the customer may still reply to something.
const REPLY_WITHIN: u32 = 2;

/// How much of what was said just before may tell what "it" is, in bytes: about two sentences.
const LEAD_IN: usize = 240;

/// A call as the ledger reads it.
pub(super) struct Heard<'a> {
    pub(super) transcript: &'a Transcript,
    pub(super) read: ReadCall<'a>,
    /// Findings whose words stand in the transcript, in the order of the call.
    pub(super) findings: Vec<&'a Finding>,
    /// Which call of the deal it is, counted from 0.
    pub(super) number: usize,
    /// Its local date.
    pub(super) date: Option<Date>,
    remarks: OnceCell<Remarks>,
    /// Words of people's names: "Lonnie" is whom one talks to, not what a promise is about.
    people: HashSet<String>,
    digest: OnceCell<Digest>,
}

impl<'a> Heard<'a> {
    pub(super) fn new(deal: &Deal, number: usize, read: ReadCall<'a>) -> Self {
        let transcript = read.transcript;
        let mut findings: Vec<_> =
            read.detected.findings.iter().filter(|finding| transcript.holds(&finding.quote)).collect();
        findings.sort_by_key(|finding| (finding.quote.span(), finding.kind()));
        Self {
            transcript,
            read,
            findings,
            number,
            date: transcript.call.started_at.map(|start| start.date()),
            remarks: OnceCell::new(),
            people: people(deal, read),
            digest: OnceCell::new(),
        }
    }

    /// Returns the call's sentences, which may be news of earlier entries.
    pub(super) fn remarks(&self) -> &Remarks {
        self.remarks.get_or_init(|| Remarks::of(self))
    }

    /// Returns the findings of one turn.
    pub(super) fn in_turn(&self, turn: u32) -> &[&'a Finding] {
        let from = self.findings.partition_point(|finding| finding.quote.span().turn < turn);
        let to = self.findings.partition_point(|finding| finding.quote.span().turn <= turn);
        &self.findings[from..to]
    }

    /// Returns the citation of words that stand in this call.
    pub(super) fn cite(&self, quote: &Quote) -> Citation {
        Citation::new(self.transcript, quote)
    }

    /// Returns the citation of `quote` where it stands in this call.
    pub(super) fn cite_standing(&self, quote: &Quote) -> Option<Citation> {
        self.transcript.holds(quote).then(|| self.cite(quote))
    }

    /// Returns `finding` as a saying.
    pub(super) fn saying(&self, finding: &Finding, event: Event) -> Saying {
        let record = FindingRecord::new(finding, self.transcript);
        let mut words = self.cite(&finding.quote);
        words.side = finding.side;
        Saying {
            words,
            context: finding.context.as_ref().and_then(|quote| self.cite_standing(quote)),
            event,
            reply: None,
            finding: Some(record.id),
            attrs: record.attrs,
            confidence: record.confidence,
            provenance: record.provenance,
            why: record.why,
        }
    }

    /// Returns what the customer says right after `span`: the first sentence of their next turn, a moment later.
    pub(super) fn reply(&self, span: Span) -> Option<Citation> {
        let after = (span.turn + 1..=span.turn + REPLY_WITHIN).map(|turn| Span::new(turn as usize, 0..1));
        let side = |turn: &Span| {
            self.transcript.turns.get(turn.turn as usize).is_some()
                && self.transcript.side(*turn) == Some(Side::Customer)
        };
        let turn = after.into_iter().find(side)?.turn as usize;
        let first = remark::sentences(&self.transcript.turns[turn].text).into_iter().next()?;
        self.transcript.quote(Span::new(turn, first)).map(|quote| self.cite(&quote))
    }

    /// Returns `remark`, which with `probability` tells of an entry, as a saying that does `event` to it.
    pub(super) fn news(&self, remark: &Remark, probability: f64, event: Event) -> Saying {
        let chance = (probability * 100.0).round();
        Saying {
            words: self.cite(&remark.quote),
            context: None,
            event,
            reply: None,
            finding: None,
            attrs: serde_json::Map::new(),
            confidence: probability,
            provenance: Provenance {
                call: self.transcript.call.id.clone(),
                transcript: self.digest.get_or_init(|| self.transcript.digest()).clone(),
                rules: Some(ByRule {
                    rule: format!("ledger/{}", event.as_str()),
                    rule_digest: words::digest(),
                }),
                model: None,
            },
            why: Why {
                cue: String::new(),
                features: vec![format!("speaks of it, {chance} in 100")],
                dissent: Vec::new(),
            },
        }
    }

    /// Returns the provenance of what a model says of this call.
    pub(super) fn by_model(&self, by: &ByModel) -> Provenance {
        let transcript = self.digest.get_or_init(|| self.transcript.digest()).clone();
        Provenance { call: self.transcript.call.id.clone(), transcript, rules: None, model: Some(by.clone()) }
    }

    /// Returns what `finding` is about. Words that name its date are left out: the date may move.
    pub(super) fn gist(&self, finding: &Finding) -> Gist {
        let date = match &finding.attrs {
            Attrs::Promise { due_text, .. } | Attrs::NextStep { due_text, .. } => due_text.as_deref(),
            _ => None,
        };
        let context = finding.context.as_ref().map_or("", Quote::text);
        let mut gist = Gist::of(finding.quote.text(), date, &self.people);
        gist.add(&Gist::of(context, date, &self.people));
        gist
    }

    /// Returns what `words` are about.
    pub(super) fn gist_of(&self, words: &str) -> Gist {
        Gist::of(words, None, &self.people)
    }

    /// Returns what was talked of just before `span`: earlier in the turn, and the end of the turn before.
    pub(super) fn lead_in(&self, span: Span) -> Gist {
        let turn = self.transcript.turns.get(span.turn as usize).map_or("", |turn| turn.text.as_str());
        let mut gist = self.gist_of(tail(turn.get(..span.start as usize).unwrap_or_default()));
        gist.add(&self.turn_before(span));
        gist
    }

    /// Returns what was talked of at the end of the turn before `span`.
    pub(super) fn turn_before(&self, span: Span) -> Gist {
        let before = (span.turn as usize).checked_sub(1);
        before.map_or_else(Gist::default, |before| self.gist_of(tail(&self.transcript.turns[before].text)))
    }
}

/// Returns the last bytes of `text`, from a character on.
fn tail(text: &str) -> &str {
    let from = text.len().saturating_sub(LEAD_IN);
    &text[text.ceil_char_boundary(from)..]
}

fn people(deal: &Deal, read: ReadCall) -> HashSet<String> {
    let call = &read.transcript.call;
    let ours = deal.our_people.iter().map(|person| person.name.as_str());
    let invited = call.participants.iter().map(|person| person.name.as_str());
    let speakers = read.transcript.speakers.iter().filter_map(|speaker| speaker.name.as_deref());
    let named = read.detected.stakeholders.iter().flat_map(|person| {
        person.name.as_deref().into_iter().chain(person.aliases.iter().map(String::as_str))
    });
    let all = ours.chain(invited).chain(speakers).chain(named).chain([deal.our_company.as_str()]);
    all.flat_map(|name| Name::new(name).words().to_vec()).collect()
}

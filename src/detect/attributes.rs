//! What a candidate becomes: a finding of a kind with its attributes, each from words that were said.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::civil::Date;

use super::candidate::{Candidate, Ground};
use super::exchange;
use super::quote::{context, quote};
use super::scan::{Noticed, Scope};
use super::slots::{self, Amount, Calendar};
use super::view::View;
use super::{Attrs, Finding, Provenance, Why};
use crate::rules::{
    Category, CompetitorStatus, Feature, Firmness, Goal, Kind, ObjectionType, PricingDirection, PricingType,
    RiskType, StepSide, TechType, Topic, Use,
};
use crate::transcript::{Deal, Digest, Quote, Side};

/// What the attributes of a call's findings are read from.
pub(super) struct Reading<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) noticed: &'a [Noticed],
    pub(super) deal: &'a Deal,
}

/// A finding whose attributes are not read yet: most candidates share their words with a surer one and never need any.
#[derive(Clone, Debug)]
pub(super) struct Sketch<'c> {
    pub(super) candidate: &'c Candidate<'c>,
    pub(super) kind: Kind,
    /// The category of the promise that a concession is.
    category: Option<Category>,
    pub(super) confidence: f64,
    pub(super) quote: Quote,
    /// What the quote answers.
    pub(super) context: Option<Quote>,
    /// What a weaker match of the same words answers; it is shown, and no attribute is read from it.
    pub(super) borrowed: Option<Quote>,
    /// Which rules found the same words.
    pub(super) also: Vec<String>,
}

/// Without a date of the call, relative dates stay words.
struct Due {
    date: Option<Date>,
    text: Option<String>,
}

impl Reading<'_> {
    /// Returns what `candidate` stands for: a concession of ours is a promise too.
    pub(super) fn sketches<'c>(&self, candidate: &'c Candidate<'c>) -> Vec<Sketch<'c>> {
        let Some(quote) = quote(self.view, candidate) else { return Vec::new() };
        let sketch = Sketch {
            candidate,
            kind: self.kind(candidate),
            category: None,
            confidence: candidate.confidence,
            quote,
            context: candidate.asked.and_then(|asked| context(self.view, asked)),
            borrowed: None,
            also: Vec::new(),
        };
        // The weights see for themselves that a concession is a promise.
        let by_rule = candidate.ground.rule().is_some();
        if sketch.kind != Kind::Pricing || !by_rule || !self.is_concession(candidate) {
            return vec![sketch];
        }
        let promise = Sketch { kind: Kind::Promise, category: Some(Category::Pricing), ..sketch.clone() };
        vec![sketch, promise]
    }

    /// Reads the attributes of a sketch.
    pub(super) fn finding(&self, sketch: Sketch<'_>, digest: &Digest) -> Finding {
        let (candidate, transcript) = (sketch.candidate, self.view.transcript);
        let stretch = &self.view.stretches[self.view.utterances[candidate.utterance].stretch];
        let words = self.view.utterances[candidate.utterance].words.start;
        let cue = self.view.folded(words + candidate.hit.start..words + candidate.hit.end).to_owned();
        Finding {
            attrs: self.attrs(&sketch),
            speaker: stretch.speaker,
            side: stretch.side,
            confidence: sketch.confidence,
            quote: sketch.quote,
            context: sketch.context.or(sketch.borrowed),
            provenance: Provenance {
                call: transcript.call.id.clone(),
                transcript: digest.clone(),
                rules: candidate.ground.by_rule(candidate.pack),
                model: candidate.ground.by_model(),
            },
            why: Why {
                cue,
                features: candidate.reasons().into_iter().chain(sketch.also).collect(),
                dissent: Vec::new(),
            },
        }
    }

    /// Reads what `quote` means as a finding of `kind`.
    pub(super) fn pointed(
        &self,
        candidate: &Candidate<'_>,
        kind: Kind,
        quote: Quote,
        digest: &Digest,
    ) -> Finding {
        let confidence = candidate.confidence;
        let sketch = Sketch {
            candidate,
            kind,
            category: None,
            confidence,
            quote,
            context: None,
            borrowed: None,
            also: Vec::new(),
        };
        self.finding(sketch, digest)
    }

    fn kind(&self, candidate: &Candidate<'_>) -> Kind {
        let side = self.view.side(candidate.utterance);
        let goal = match &candidate.ground {
            Ground::Rule(rule) => rule.goal,
            Ground::Weights { kind, .. } | Ground::Pointed { kind, .. } => Goal::Kind(*kind),
        };
        match goal {
            Goal::Kind(kind) => kind,
            Goal::Commitment if side == Some(Side::Customer) => Kind::NextStep,
            Goal::Commitment => match self.topic(candidate, Topic::Commitment) {
                Some("next_step") => Kind::NextStep,
                _ => Kind::Promise,
            },
        }
    }

    fn is_concession(&self, candidate: &Candidate<'_>) -> bool {
        let ours = self.view.side(candidate.utterance).is_some_and(|side| side != Side::Customer);
        ours && matches!(self.direction(candidate), PricingDirection::Offered | PricingDirection::Agreed)
    }

    fn attrs(&self, sketch: &Sketch<'_>) -> Attrs {
        let Sketch { candidate, quote, context, .. } = sketch;
        let context = context.as_ref();
        match sketch.kind {
            Kind::Promise => self.promise(candidate, sketch.category, quote, context),
            Kind::Exclusion => Attrs::Exclusion,
            Kind::NextStep => self.next_step(candidate, quote, context),
            Kind::Objection => self.objection(candidate),
            Kind::SuccessMetric => self.success_metric(candidate, quote),
            Kind::Pain => Attrs::Pain,
            Kind::Competitor => Attrs::Competitor {
                name: self.name(candidate),
                status: self
                    .word(candidate, "status", Topic::Competitor)
                    .unwrap_or(CompetitorStatus::Mentioned),
            },
            Kind::WhyChosen => Attrs::WhyChosen,
            Kind::Pricing => self.pricing(candidate, quote, context),
            Kind::Risk => {
                Attrs::Risk { kind: self.word(candidate, "type", Topic::Risk).unwrap_or(RiskType::Other) }
            }
            Kind::TechEnvironment => Attrs::TechEnvironment {
                kind: self.word(candidate, "type", Topic::TechEnvironment).unwrap_or(TechType::ToolInUse),
                name: self.name(candidate),
            },
            Kind::Expansion => Attrs::Expansion,
            Kind::Preference => Attrs::Preference,
        }
    }

    fn promise(
        &self,
        candidate: &Candidate<'_>,
        category: Option<Category>,
        quote: &Quote,
        context: Option<&Quote>,
    ) -> Attrs {
        let firmness = fixed(candidate, "firmness").unwrap_or(match candidate.features {
            features if features.has(Feature::Conditional) => Firmness::Conditional,
            features if features.has(Feature::Hedged) => Firmness::Hedged,
            _ => Firmness::Firm,
        });
        let due = self.due(candidate, quote, context);
        let category =
            category.or_else(|| self.word(candidate, "category", Topic::Promise)).unwrap_or(match due.text {
                Some(_) => Category::Timing,
                None => Category::Other,
            });
        Attrs::Promise {
            category,
            firmness,
            due: due.date,
            due_text: due.text,
            condition: self.condition(candidate),
        }
    }

    fn next_step(&self, candidate: &Candidate<'_>, quote: &Quote, context: Option<&Quote>) -> Attrs {
        let speaker = self.view.transcript.speaker(quote.span());
        let side = fixed(candidate, "side").or(speaker.side.map(|side| match side {
            Side::Rep => StepSide::Rep,
            Side::Customer => StepSide::Customer,
            Side::Partner => StepSide::Partner,
        }));
        let owner =
            self.name(candidate).or_else(|| speaker.name.clone()).filter(|_| side != Some(StepSide::Both));
        let due = self.due(candidate, quote, context);
        Attrs::NextStep { side, owner, due: due.date, due_text: due.text }
    }

    fn objection(&self, candidate: &Candidate<'_>) -> Attrs {
        let after = exchange::aftermath(self.view, self.noticed, candidate.utterance);
        Attrs::Objection {
            kind: self.word(candidate, "type", Topic::Objection).unwrap_or(ObjectionType::Other),
            status: fixed(candidate, "status").unwrap_or(after.status),
            response: after.response.and_then(|span| self.view.transcript.quote(span)),
        }
    }

    fn success_metric(&self, candidate: &Candidate<'_>, quote: &Quote) -> Attrs {
        let text = quote.text();
        let movement = slots::movement(text, &candidate.pack.language).unwrap_or_default();
        let in_figures = |amount: &Amount| amount.in_figures(text);
        let words = |range: std::ops::Range<usize>| text.get(range).map(str::to_owned);
        // A target that is a change ("cut in half") stays in the words in which it was said.
        let target = movement.target_amount.as_ref().filter(|_| !movement.relative).map(in_figures);
        let due = self.due(candidate, quote, None);
        Attrs::SuccessMetric {
            metric: None,
            baseline: movement.baseline_amount.as_ref().map(in_figures),
            target: target.or_else(|| movement.target.and_then(words)),
            deadline: due.date,
            deadline_text: due.text,
            owner: None,
        }
    }

    fn pricing(&self, candidate: &Candidate<'_>, quote: &Quote, context: Option<&Quote>) -> Attrs {
        let value = std::iter::once(quote).chain(context).find_map(|quote| {
            let amount = slots::amounts(quote.text(), &candidate.pack.language).into_iter().next()?;
            Some(amount.in_figures(quote.text()))
        });
        Attrs::Pricing {
            kind: self.word(candidate, "type", Topic::Pricing).unwrap_or(PricingType::Other),
            direction: self.direction(candidate),
            value,
        }
    }

    fn direction(&self, candidate: &Candidate<'_>) -> PricingDirection {
        fixed(candidate, "direction").unwrap_or(match self.view.side(candidate.utterance) {
            Some(Side::Customer) => PricingDirection::Asked,
            _ => PricingDirection::Offered,
        })
    }

    /// Returns the date in the quote, else in what it answers.
    fn due(&self, candidate: &Candidate<'_>, quote: &Quote, context: Option<&Quote>) -> Due {
        let none = Due { date: None, text: None };
        let Some(call) = self.view.transcript.call.started_at else { return none };
        let language = &candidate.pack.language;
        let calendar =
            Calendar { call: call.date(), fiscal_year_starts: self.deal.fiscal_year_starts, language };
        let condition = self.condition(candidate);
        for quote in std::iter::once(quote).chain(context) {
            let text = quote.text();
            let outside = |range: &std::ops::Range<usize>| {
                let words = text.get(range.clone()).unwrap_or_default();
                !condition.as_ref().is_some_and(|condition| condition.contains(words))
            };
            let dates: Vec<_> =
                slots::dates(text, &calendar).into_iter().filter(|date| outside(&date.range)).collect();
            if let Some(date) = slots::due(&dates, text) {
                return Due { date: date.due, text: text.get(date.range.clone()).map(str::to_owned) };
            }
        }
        none
    }

    /// Returns the words of the condition: from its "if" to the next pause or the words that hold under it.
    fn condition(&self, candidate: &Candidate<'_>) -> Option<String> {
        let conditional = |scope: &&Scope| scope.feature == Feature::Conditional;
        let scope = self.noticed[candidate.utterance].scopes.iter().find(conditional)?;
        let words = self.view.utterances[candidate.utterance].words.clone();
        let start = words.start + scope.own.0;
        let behind = candidate.hit.start >= scope.own.1;
        let limit = if behind { words.start + candidate.hit.start } else { words.end };
        let paused = |at: &usize| self.view.words[*at].stop != crate::rules::Stop::None;
        let end = (words.start + scope.own.1..limit).find(paused).map_or(limit, |at| at + 1);
        Some(self.view.transcript.slice(self.view.span(start..end, start)?)?.to_owned())
    }

    /// Returns the words that stand for `<name>` in the cue, else the first name of the utterance.
    fn name(&self, candidate: &Candidate<'_>) -> Option<String> {
        if let Some(name) = candidate.ground.rule().and_then(|rule| rule.attrs.get("name")) {
            return Some(name.clone());
        }
        let (start, end) = candidate.hit.name?;
        let words = self.view.utterances[candidate.utterance].words.start;
        let span = self.view.span(words + start..words + end, words + start)?;
        Some(self.view.transcript.slice(span)?.trim_end_matches("'s").trim_end_matches("’s").to_owned())
    }

    /// Returns the attribute that the rule fixes, else what the topic's table makes of the words.
    fn word<T: FromStr>(&self, candidate: &Candidate<'_>, name: &str, topic: Topic) -> Option<T> {
        fixed(candidate, name).or_else(|| self.topic(candidate, topic)?.parse().ok())
    }

    /// Returns the value for which most words speak, in the utterance and in what it answers.
    fn topic<'c>(&self, candidate: &Candidate<'c>, topic: Topic) -> Option<&'c str> {
        let pack = candidate.pack;
        let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
        for utterance in std::iter::once(candidate.utterance).chain(candidate.asked) {
            for hit in &self.noticed[utterance].hits {
                let Use::Topic(row) = hit.purpose else { continue };
                let Some(row) = pack.topics.get(row as usize).filter(|row| row.topic == topic) else {
                    continue;
                };
                *weights.entry(&row.value).or_default() += row.weight;
            }
        }
        // The first of equals in the order of the alphabet, so that the answer does not hang on the order of words.
        let heaviest = weights.into_iter().rev().max_by(|one, other| one.1.total_cmp(&other.1));
        heaviest.map(|(value, _)| value).or_else(|| pack.fallbacks.get(&topic).map(String::as_str))
    }
}

fn fixed<T: FromStr>(candidate: &Candidate<'_>, name: &str) -> Option<T> {
    candidate.ground.value(name)?.parse().ok()
}

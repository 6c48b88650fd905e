//! What is learned of a deal's ledger: when a saying belongs to an entry, and when words tell what became of one. Both are
//! logistic regressions over what is measured between words and entry.

use std::collections::BTreeMap;

use crate::detect::Finding;
use crate::eval::{LabelledCall, LabelledNews};
use crate::ledger::{Learned, Logit, Question, ReadCall, Tie, Told, ties};
use crate::rules::Kind;
use crate::transcript::{Span, Transcript};

/// The attribute by which a label names its entry.
const ENTRY: &str = "entry";
/// How often the fit is bettered, and how far each time: the loss then moves in its sixth digit no more.
const STEPS: usize = 1500;
const RATE: f64 = 0.3;
/// How strongly weights are drawn to zero, as a share of the loss.
const DRAWN: f64 = 0.003;
/// Thresholds that are tried are this far apart.
const GRID: usize = 20;

/// A labelled deal as merging is learned from it: the ties of each question.
#[derive(Clone, Debug)]
pub struct DealLesson(Vec<Vec<Tie>>);

impl DealLesson {
    /// Returns what the calls of one deal teach; nothing where no label names its entry.
    pub fn new(calls: &[&LabelledCall]) -> Option<Self> {
        let named =
            |call: &LabelledCall| call.labels.findings.iter().any(|label| label.attrs.contains_key(ENTRY));
        let deal = &calls.iter().find(|call| named(call))?.deal;
        let (mut labelled, mut read) = (LabelledEntries::default(), Vec::new());
        for call in calls {
            let (transcript, labels) = (call.seal(), &call.labels);
            for (label, finding) in labels.placed(&transcript) {
                let entry = label.attrs.get(ENTRY).and_then(|entry| entry.as_str());
                if let Some((entry, finding)) = entry.zip(finding) {
                    let place = (transcript.call.id.clone(), finding.quote.span(), finding.kind());
                    labelled.entries.insert(place, entry.to_owned());
                }
            }
            for news in &labels.news {
                labelled.note(&transcript, news);
            }
            let (detected, _) = labels.detected(&transcript);
            read.push((transcript, detected));
        }
        let calls: Vec<_> = read
            .iter()
            .map(|(transcript, detected)| ReadCall { transcript, detected, problems: &[] })
            .collect();
        let ties_of = |question: Question| ties(question, deal, &calls, &labelled);
        Some(Self(Question::ALL.into_iter().map(ties_of).collect()))
    }
}

/// What the labels of a deal tell of its entries.
#[derive(Default)]
struct LabelledEntries {
    entries: BTreeMap<(String, Span, Kind), String>,
    /// Call, words, what became and of which entry.
    news: Vec<(String, Span, String, String)>,
}

impl LabelledEntries {
    fn note(&mut self, transcript: &Transcript, news: &LabelledNews) {
        if let Some(span) = news.place(transcript) {
            let call = transcript.call.id.clone();
            self.news.push((call, span, news.what.clone(), news.entry.clone()));
        }
    }
}

impl Told for LabelledEntries {
    fn entry(&self, call: &str, finding: &Finding) -> Option<&str> {
        let place = (call.to_owned(), finding.quote.span(), finding.kind());
        self.entries.get(&place).map(String::as_str)
    }

    fn is_marked(&self, call: &str, span: Span, entry: &str, marks: &[&str]) -> bool {
        self.news.iter().any(|(in_call, place, what, of)| {
            in_call == call && of == entry && marks.contains(&what.as_str()) && place.overlaps(span)
        })
    }
}

/// How well questions are answered in deals that were not learned from.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The question.
    pub question: &'static str,
    /// How often it was asked.
    pub asked: usize,
    /// How often the answer was right: the entry that is meant, or none.
    pub right: usize,
    /// How often there was an entry to find.
    pub there: usize,
    /// How often it was found.
    pub found: usize,
}

/// Learns each question from `lessons`, and tells how it does on each deal when that deal is held out.
pub fn learn_merging(lessons: &[DealLesson]) -> (Learned, Vec<Merged>) {
    let (mut learned, mut merged) = (Learned::new(), Vec::new());
    for (number, question) in Question::ALL.into_iter().enumerate() {
        let deals: Vec<&[Tie]> = lessons.iter().map(|lesson| lesson.0[number].as_slice()).collect();
        let measures = question.measures();
        let mut answers = Vec::new();
        for held_out in 0..deals.len() {
            let rest = deals.iter().enumerate().filter(|(at, _)| *at != held_out).flat_map(|(_, deal)| *deal);
            let scale = fit(&rest.collect::<Vec<_>>(), measures).scale(measures);
            let of_deal = deals[held_out].chunk_by(|one, other| one.time == other.time);
            answers.extend(of_deal.map(|ties| Answer::new(ties, |measured| scale.probability(measured))));
        }
        let right = |threshold: f64| answers.iter().filter(|answer| answer.right(threshold)).count();
        let thresholds = (1..GRID).map(|step| step as f64 / GRID as f64);
        let threshold =
            thresholds.fold(0.5, |best, tried| if right(tried) > right(best) { tried } else { best });
        merged.push(Merged {
            question: question.name(),
            asked: answers.len(),
            right: right(threshold),
            there: answers.iter().filter(|answer| answer.there).count(),
            found: answers.iter().filter(|answer| answer.there && answer.right(threshold)).count(),
        });
        let all: Vec<&Tie> = deals.into_iter().flatten().collect();
        learned.insert(question.name().to_owned(), Logit { threshold, ..fit(&all, measures) });
    }
    (learned, merged)
}

/// The likeliest entry among those that may be meant.
struct Answer {
    /// Whether one of them is meant.
    there: bool,
    /// The probability of the likeliest.
    likeliest: f64,
    /// Whether that one is meant.
    hit: bool,
}

impl Answer {
    fn new(ties: &[Tie], probability: impl Fn(&[f64]) -> f64) -> Self {
        let mut answer = Self { there: ties.iter().any(|tie| tie.same), likeliest: 0.0, hit: false };
        for tie in ties {
            let probability = probability(&tie.measured);
            if probability > answer.likeliest {
                (answer.likeliest, answer.hit) = (probability, tie.same);
            }
        }
        answer
    }

    fn right(&self, threshold: f64) -> bool {
        if self.likeliest >= threshold { self.hit } else { !self.there }
    }
}

/// Fits the log-odds of `ties` by steps down the gradient over measures brought to one scale.
fn fit(ties: &[&Tie], measures: &[&str]) -> Logit {
    let count = (ties.len() as f64).max(1.0);
    let mean = |of: &dyn Fn(&Tie) -> f64| ties.iter().map(|tie| of(tie)).sum::<f64>() / count;
    let places = 0..measures.len();
    let means: Vec<f64> = places.clone().map(|at| mean(&|tie| tie.measured[at])).collect();
    let spreads: Vec<f64> = places
        .clone()
        .map(|at| mean(&|tie| (tie.measured[at] - means[at]).powi(2)).sqrt())
        .map(|spread| if spread > 1e-9 { spread } else { f64::INFINITY })
        .collect();
    let scaled: Vec<(Vec<f64>, f64)> = ties
        .iter()
        .map(|tie| {
            let scaled = places.clone().map(|at| (tie.measured[at] - means[at]) / spreads[at]);
            (scaled.collect(), f64::from(u8::from(tie.same)))
        })
        .collect();
    let (mut offset, mut weights) = (0.0, vec![0.0; measures.len()]);
    for _ in 0..STEPS {
        let (mut down, mut downs) = (0.0, vec![0.0; measures.len()]);
        for (measured, same) in &scaled {
            let sum: f64 = weights.iter().zip(measured).map(|(weight, measure)| weight * measure).sum();
            let error = 1.0 / (1.0 + (-(offset + sum)).exp()) - same;
            down += error;
            downs.iter_mut().zip(measured).for_each(|(down, measure)| *down += error * measure);
        }
        offset -= RATE * down / count;
        for (weight, down) in weights.iter_mut().zip(downs) {
            *weight -= RATE * (down / count + DRAWN * *weight);
        }
    }
    let unscaled: Vec<f64> = places.clone().map(|at| weights[at] / spreads[at]).collect();
    let shift: f64 = places.map(|at| unscaled[at] * means[at]).sum();
    Logit {
        offset: thousandths(offset - shift),
        threshold: 0.0,
        weights: measures
            .iter()
            .zip(&unscaled)
            .map(|(name, weight)| ((*name).to_owned(), thousandths(*weight)))
            .collect(),
    }
}

/// A weight is written with three digits behind the point; more would be noise.
fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tie(time: usize, shared: f64, same: bool) -> Tie {
        Tie { time, measured: vec![shared, 0.0], same }
    }

    #[test]
    fn what_goes_with_belonging_together_speaks_for_it() {
        let ties: Vec<_> = (0..60).map(|n| tie(n, f64::from(u8::from(n % 3 == 0)), n % 3 == 0)).collect();
        let logit = fit(&ties.iter().collect::<Vec<_>>(), &["shared", "never"]);
        assert!(logit.weights["shared"] > 2.0, "{logit:?}");
        assert_eq!(logit.weights["never"], 0.0, "what never differs tells nothing");
        let scale = logit.scale(&["shared", "never"]);
        assert!(scale.probability(&ties[0].measured) > 0.8 && scale.probability(&ties[1].measured) < 0.2);
    }

    #[test]
    fn an_answer_is_right_with_the_entry_that_is_meant_or_with_none() {
        let by_words = |measured: &[f64]| measured[0];
        let again = Answer::new(&[tie(0, 0.3, false), tie(0, 0.6, true)], by_words);
        assert!(again.right(0.5) && !again.right(0.7));
        let new = Answer::new(&[tie(1, 0.3, false)], by_words);
        assert!(new.right(0.5) && !new.right(0.2));
    }
}

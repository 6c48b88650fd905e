//! What rules and a model make of a call together: one calibrated confidence, both voices where they differ.

use std::collections::BTreeMap;

use super::align::Aligner;
use super::answer::{Answer, Refusal, Refused, answers};
use super::question::{Asked, EVEN, Question, SURE, UNLIKELY, family, likelihood};
use super::reliability::Reliability;
use crate::detect::{ByModel, Detected, Finding, Pointed, Stakeholder, likelihoods, testify};
use crate::rules::{Attitude, Kind, Role, RuleSet};
use crate::transcript::{Deal, Side, Span, Transcript};

/// What weights say of an utterance that they do not consider at all.
const OUT_OF_THE_QUESTION: f64 = 0.003;

/// What a call comes to with a model's answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Testimony {
    /// What was found.
    pub detected: Detected,
    /// Answers that were refused.
    pub refused: Vec<Refused>,
    /// Answers whose words stand in the call.
    pub grounded: usize,
}

/// What a model says about words of the call.
struct Vote {
    span: Span,
    kind: Kind,
    holds: bool,
    labels: BTreeMap<String, String>,
    roles: Vec<Role>,
    stance: Option<Attitude>,
    by: ByModel,
    question: Option<Question>,
}

/// Weighs a model's answers with what the rules found. `replies` are the model's words for each of `asked`, `None` where
/// it was not heard.
pub fn testimony(
    transcript: &Transcript,
    deal: &Deal,
    rules: &RuleSet,
    detected: Detected,
    (model, asked, replies): (&str, &[Asked], &[Option<&str>]),
) -> Testimony {
    let mut testimony = Testimony { detected, ..Testimony::default() };
    let mut votes = Vec::new();
    for (asked, reply) in asked.iter().zip(replies) {
        let Some((said, refused)) = reply.and_then(|reply| answers(reply).ok()) else { continue };
        testimony.refused.extend(refused);
        let by = ByModel { model: model.to_owned(), prompt: asked.prompt.digest() };
        let mut aligner = Aligner::new(&asked.shown);
        for answer in said {
            match vote(&answer, asked, &mut aligner, &by) {
                Ok(vote) => votes.push(vote),
                Err(refusal) => testimony.refuse(answer.turn, answer.kind, refusal),
            }
        }
    }
    if votes.is_empty() {
        return testimony;
    }
    testimony.grounded = votes.len();
    let reliability = reliability(&votes);
    testimony.weigh(&votes, &reliability);
    testimony.add(&votes, &reliability, (transcript, deal, rules));
    if reliability.labels_well() {
        votes.iter().filter(|vote| vote.holds).for_each(|vote| testimony.know(vote, transcript));
    }
    testimony
}

fn vote(answer: &Answer, asked: &Asked, aligner: &mut Aligner<'_>, by: &ByModel) -> Result<Vote, Refusal> {
    let span = aligner.align(answer.turn, &answer.quote, answer.kind)?;
    let about = |question: &&Question| question.kind == answer.kind && question.span.overlaps(span);
    let question = asked.questions.iter().find(about).copied();
    let Answer { kind, holds, .. } = *answer;
    let (labels, roles, stance) = (answer.labels(), answer.roles(), answer.stance());
    Ok(Vote { span, kind, holds, labels, roles, stance, by: by.clone(), question })
}

fn reliability(votes: &[Vote]) -> Reliability {
    let mut reliability = Reliability::default();
    for vote in votes {
        let Some(question) = vote.question else { continue };
        if question.probability >= SURE {
            reliability.note(true, vote.holds);
        } else if question.probability < UNLIKELY {
            reliability.note(false, vote.holds);
        }
    }
    reliability
}

/// Returns `probability` after evidence of `weight`, in log-odds.
fn after(probability: f64, weight: f64) -> f64 {
    let probability = probability.clamp(1e-6, 1.0 - 1e-6);
    1.0 / (1.0 + (-((probability / (1.0 - probability)).ln() + weight)).exp())
}

impl Testimony {
    fn refuse(&mut self, turn: u32, kind: Kind, refusal: Refusal) {
        self.refused.push(Refused { turn: Some(turn), kind: Some(kind), refusal });
    }

    /// Weighs the model's word on what the rules found.
    fn weigh(&mut self, votes: &[Vote], reliability: &Reliability) {
        let mut doubted = vec![false; self.detected.findings.len()];
        for vote in votes {
            let Some(question) = vote.question else { continue };
            let Some(finding) = question.finding.and_then(|at| self.detected.findings.get_mut(at)) else {
                continue;
            };
            if finding.provenance.model.is_some() {
                // It was asked once; a second answer is no second witness.
                continue;
            }
            finding.provenance.model = Some(vote.by.clone());
            finding.confidence = after(finding.confidence, reliability.weight(vote.holds));
            if vote.holds {
                finding.why.features.push("model agrees".to_owned());
                label(finding, &vote.labels, reliability);
            } else {
                finding.why.dissent.push(format!("no {}", vote.kind.as_str().replace('_', " ")));
                doubted[question.finding.unwrap_or_default()] = finding.confidence < question.threshold;
            }
        }
        let mut doubts = doubted.iter();
        let gone = self.detected.findings.extract_if(.., |_| doubts.next().copied().unwrap_or_default());
        let gone: Vec<_> = gone.collect();
        self.detected.doubted.extend(gone);
    }

    /// Adds what the rules left out and is likely enough with the model's word.
    fn add(
        &mut self,
        votes: &[Vote],
        reliability: &Reliability,
        (transcript, deal, rules): (&Transcript, &Deal, &RuleSet),
    ) {
        let likely = likelihoods(transcript, rules);
        let mut pointed: Vec<Pointed> = Vec::new();
        for vote in votes.iter().filter(|vote| vote.holds) {
            let (span, probability, threshold, weight) = match vote.question {
                Some(Question { finding: Some(_), .. }) => continue,
                Some(question) => {
                    (question.span, question.probability, question.threshold, reliability.weight(true))
                }
                None => {
                    let there = likelihood(&likely, vote.kind, vote.span);
                    let probability = there.map_or(OUT_OF_THE_QUESTION, |it| it.probability);
                    (
                        vote.span,
                        probability,
                        there.map_or(EVEN, |it| it.threshold),
                        reliability.weight_unasked(),
                    )
                }
            };
            let rival = |kind: Kind, other: Span| family(kind) == family(vote.kind) && other.overlaps(span);
            let known =
                self.detected.findings.iter().any(|finding| rival(finding.kind(), finding.quote.span()))
                    || pointed.iter().any(|other| rival(other.kind, other.span));
            let confidence = after(probability, weight);
            match confidence >= threshold {
                _ if known => {}
                false => self.refuse(vote.span.turn, vote.kind, Refusal::TooUnlikely),
                true => {
                    let (kind, labels, by) = (vote.kind, vote.labels.clone(), vote.by.clone());
                    pointed.push(Pointed { span, kind, labels, by, confidence });
                }
            }
        }
        self.detected.findings.extend(testify(transcript, deal, rules, &pointed));
        self.detected.findings.sort_by_key(|finding| (finding.quote.span(), finding.kind()));
    }

    /// Takes in what the model says of who speaks; our own side is no stakeholder.
    fn know(&mut self, vote: &Vote, transcript: &Transcript) {
        let speaker = transcript.speaker(vote.span);
        let theirs = matches!(speaker.side, Some(Side::Customer | Side::Partner));
        let known = |person: &&mut Stakeholder| {
            let forms = person.name.iter().chain(&person.aliases);
            person.speaks && forms.into_iter().any(|form| form == speaker.display())
        };
        let person = self.detected.stakeholders.iter_mut().find(known).filter(|_| theirs);
        let Some((person, quote)) = person.zip(transcript.quote(vote.span)) else { return };
        vote.roles.iter().for_each(|role| person.plays(*role, &quote, &vote.by));
        if let Some(stance) = vote.stance {
            person.stands(stance, &quote, &vote.by);
        }
    }
}

/// Gives a finding the model's labels where these are likelier right; both are shown where they differ.
fn label(finding: &mut Finding, labels: &BTreeMap<String, String>, reliability: &Reliability) {
    for (name, value) in labels {
        let Some(own) = finding.attrs.label(name).filter(|own| own != value) else { continue };
        if reliability.labels_well() && finding.attrs.relabel(name, value) {
            finding.why.dissent.push(format!("{name}: {value}; the rules say {own}"));
        } else {
            finding.why.dissent.push(format!("{name}: {value}"));
        }
    }
}

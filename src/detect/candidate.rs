use std::collections::BTreeMap;
use std::ops::Range;

use super::scan::{Hit, Noticed};
use super::view::View;
use super::{ByModel, ByRule};
use crate::rules::{Feature, Features, Goal, Kind, Pack, Rule, Use, Weights, Who};
use crate::transcript::{Side, Speaker};

/// A place where something may have been found.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) ground: Ground<'a>,
    pub(super) pack: &'a Pack,
    /// The utterance that it rests on.
    pub(super) utterance: usize,
    /// All utterances that say it.
    pub(super) utterances: Range<usize>,
    /// The words of the utterance that it holds on to.
    pub(super) hit: Hit,
    /// The utterance that this one answers.
    pub(super) asked: Option<usize>,
    pub(super) features: Features,
    /// How likely it is right.
    pub(super) confidence: f64,
    /// What the confidence is made of, in log-odds.
    pub(super) parts: Vec<(Part, f64)>,
}

/// What a candidate rests on.
#[derive(Clone, Debug)]
pub(super) enum Ground<'a> {
    /// A match of a rule that nothing vetoes.
    Rule(&'a Rule),
    /// Learned weights.
    Weights {
        weights: &'a Weights,
        kind: Kind,
        /// The sums of the values of attributes, by their number, in units of a weight.
        values: Vec<i32>,
    },
    /// A model pointed at the words.
    Pointed {
        /// The weights of the language with the sums of the values of attributes, where it has any.
        weights: Option<(&'a Weights, Vec<i32>)>,
        kind: Kind,
        labels: &'a BTreeMap<String, String>,
        by: &'a ByModel,
    },
}

impl<'a> Ground<'a> {
    /// Returns what stands for it in the provenance: a rule's id, the file of weights, or a model's name.
    pub(super) fn id(&self, pack: &Pack) -> String {
        match self {
            Self::Rule(rule) => rule.id.clone(),
            Self::Weights { .. } => format!("{}/weights", pack.language),
            Self::Pointed { by, .. } => by.model.clone(),
        }
    }

    /// Returns the rule or weights of the provenance.
    pub(super) fn by_rule(&self, pack: &Pack) -> Option<ByRule> {
        let rule_digest = match self {
            Self::Rule(rule) => rule.digest.clone(),
            Self::Weights { weights, .. } => weights.digest().clone(),
            Self::Pointed { .. } => return None,
        };
        Some(ByRule { rule: self.id(pack), rule_digest })
    }

    /// Returns the model of the provenance.
    pub(super) fn by_model(&self) -> Option<ByModel> {
        match self {
            Self::Pointed { by, .. } => Some((*by).clone()),
            Self::Rule(_) | Self::Weights { .. } => None,
        }
    }

    pub(super) fn rule(&self) -> Option<&'a Rule> {
        match self {
            Self::Rule(rule) => Some(rule),
            Self::Weights { .. } | Self::Pointed { .. } => None,
        }
    }

    /// Returns the value of an attribute that the ground itself knows.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        match self {
            Self::Rule(rule) => rule.attrs.get(name).cloned(),
            Self::Weights { weights, kind, values } => likeliest(weights, *kind, values, name),
            Self::Pointed { weights, kind, labels, .. } => labels.get(name).cloned().or_else(|| {
                let (weights, values) = weights.as_ref()?;
                likeliest(weights, *kind, values, name)
            }),
        }
    }
}

/// Returns the value of an attribute for which most was learned.
fn likeliest(weights: &Weights, kind: Kind, values: &[i32], name: &str) -> Option<String> {
    let choices = weights.choices(&format!("{kind}.{name}"));
    let likeliest = choices.into_iter().rev().max_by_key(|choice| values[choice.0]);
    likeliest.map(|(_, value)| value.to_owned())
}

/// A piece of evidence.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Rule,
    Kind(Goal),
    Feature(Feature),
    UnknownSide,
    /// Something that was weighed, in words.
    Evidence(String),
    /// All else that was weighed, and what stands around it.
    Rest,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rule => f.write_str("rule"),
            Self::Kind(goal) => write!(f, "kind {}", goal.as_str()),
            Self::Feature(feature) => write!(f, "{feature}"),
            Self::UnknownSide => f.write_str("speaker's side unknown"),
            Self::Evidence(evidence) => f.write_str(evidence),
            Self::Rest => f.write_str("all else, and what stands around it"),
        }
    }
}

/// Why a match of a rule's cue is no finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Veto {
    /// The other side said it.
    Side(Side),
    /// A pattern of the rule, by its place, does not match.
    Pattern(usize),
    /// A feature is missing.
    Missing(Feature),
    /// A feature forbids it.
    Forbidden(Feature),
    /// A phrase under `unless` stands there.
    Unless,
    /// Nobody of the other side asked.
    NotAsked,
    /// The evidence does not suffice.
    Weak,
}

impl std::fmt::Display for Veto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Side(side) => write!(f, "said by the {side}"),
            Self::Pattern(place) => write!(f, "pattern {} does not match", place + 1),
            Self::Missing(feature) => write!(f, "is not {feature}"),
            Self::Forbidden(feature) => write!(f, "is {feature}"),
            Self::Unless => f.write_str("a phrase under `unless` stands there"),
            Self::NotAsked => f.write_str("nobody of the other side asked for it"),
            Self::Weak => f.write_str("the evidence does not suffice"),
        }
    }
}

/// A finding whose odds are worse than even is none.
pub(super) const LEAST: f64 = 0.5;
/// Log-odds that are lost where the speaker's side is unknown and the rule wants one.
const UNKNOWN_SIDE: f64 = -0.6;

impl Candidate<'_> {
    /// Returns what the candidate rests on, in words a person can check.
    pub(super) fn reasons(&self) -> Vec<String> {
        match self.ground {
            Ground::Rule(_) | Ground::Pointed { .. } => {
                self.features.iter().map(|feature| feature.to_string()).collect()
            }
            Ground::Weights { .. } => {
                let told = self.parts.iter().filter(|(part, _)| !matches!(part, Part::Rest));
                told.map(|(part, _)| part.to_string()).collect()
            }
        }
    }
}

/// Returns the probability that the parts of a rule's match add up to.
fn confidence(parts: &[(Part, f64)]) -> f64 {
    let odds: f64 = parts.iter().map(|(_, part)| part).sum();
    1.0 / (1.0 + (-odds).exp())
}

/// Weighs every match of every rule; `accept` picks rules.
pub(super) fn candidates<'a>(
    view: &View<'a>,
    noticed: &[Noticed],
    accept: &dyn Fn(&Rule) -> bool,
    mut dropped: impl FnMut(&Rule, usize, Hit, Veto),
) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    for (utterance, here) in noticed.iter().enumerate() {
        for hit in &here.hits {
            let Use::Find(number) = hit.purpose else { continue };
            let rule = &view.utterances[utterance].pack.rules[number as usize];
            if !accept(rule) {
                continue;
            }
            match weigh(view, noticed, utterance, *hit, (number, rule)) {
                Ok(candidate) => found.push(candidate),
                Err(veto) => dropped(rule, utterance, *hit, veto),
            }
        }
    }
    found
}

fn weigh<'a>(
    view: &View<'a>,
    noticed: &[Noticed],
    utterance: usize,
    hit: Hit,
    (number, rule): (u32, &'a Rule),
) -> Result<Candidate<'a>, Veto> {
    let pack = view.utterances[utterance].pack;
    let here = &noticed[utterance];
    let side_weight = match view.side(utterance) {
        Some(side) if !speaks_for(rule.who, side) => return Err(Veto::Side(side)),
        None if rule.who != Who::Anyone => UNKNOWN_SIDE,
        _ => 0.0,
    };
    let features = here.features(hit.start, hit.end);
    if let Some(feature) = rule.find.required.missing(features).next() {
        return Err(Veto::Missing(feature));
    }
    if let Some(feature) = rule.find.forbidden.common(features).next() {
        return Err(Veto::Forbidden(feature));
    }
    if here.hits.iter().any(|other| vetoes(other, &hit, number)) {
        return Err(Veto::Unless);
    }
    let text = view.folded(view.utterances[utterance].words.clone());
    if let Some(place) = rule.find.patterns.iter().position(|pattern| !pattern.is_match(text)) {
        return Err(Veto::Pattern(place));
    }
    let asked = match &rule.ask {
        Some(_) => Some(super::exchange::asked(view, noticed, utterance, number).ok_or(Veto::NotAsked)?),
        None => None,
    };
    let mut parts = parts(pack, rule, features);
    parts.push((Part::UnknownSide, side_weight));
    parts.retain(|(_, part)| *part != 0.0);
    let confidence = confidence(&parts);
    if confidence < LEAST {
        return Err(Veto::Weak);
    }
    let ground = Ground::Rule(rule);
    let utterances = utterance..utterance + 1;
    Ok(Candidate { ground, pack, utterance, utterances, hit, asked, features, confidence, parts })
}

fn parts(pack: &Pack, rule: &Rule, features: Features) -> Vec<(Part, f64)> {
    let mut parts = vec![(Part::Rule, rule.weight)];
    let Some(defaults) = pack.kinds.get(&rule.goal) else { return parts };
    parts.push((Part::Kind(rule.goal), defaults.weight));
    let noticed = defaults.features.iter().filter(|(feature, _)| features.has(*feature));
    parts.extend(noticed.map(|(feature, weight)| (Part::Feature(*feature), *weight)));
    parts
}

fn vetoes(other: &Hit, hit: &Hit, rule: u32) -> bool {
    match other.purpose {
        Use::Before(number) => number == rule && other.end <= hit.start,
        Use::After(number) => number == rule && other.start >= hit.end,
        Use::Anywhere(number) => number == rule,
        _ => false,
    }
}

fn speaks_for(who: Who, side: Side) -> bool {
    match who {
        Who::Rep => side == Side::Rep,
        Who::Customer => side == Side::Customer,
        Who::Partner => side == Side::Partner,
        Who::Seller => side != Side::Customer,
        Who::Anyone => true,
    }
}

/// Tells whether two speakers may answer each other: they are not known to be of one side.
pub(super) fn may_answer(one: &Speaker, other: &Speaker) -> bool {
    one.side.is_none() || other.side.is_none() || one.side != other.side
}

use super::scan::{Hit, Noticed};
use super::view::View;
use crate::rules::{Feature, Features, Goal, Pack, Rule, Use, Who};
use crate::transcript::{Side, Speaker};

/// A match of a rule that nothing vetoes.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) rule: &'a Rule,
    pub(super) pack: &'a Pack,
    /// The utterance.
    pub(super) utterance: usize,
    /// The words that the rule held on to.
    pub(super) hit: Hit,
    /// The utterance that this one answers.
    pub(super) asked: Option<usize>,
    pub(super) features: Features,
    /// What its confidence is made of, in log-odds.
    pub(super) parts: Vec<(Part, f64)>,
}

/// A piece of evidence.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Rule,
    Kind(Goal),
    Feature(Feature),
    UnknownSide,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rule => f.write_str("rule"),
            Self::Kind(goal) => write!(f, "kind {}", goal.as_str()),
            Self::Feature(feature) => write!(f, "{feature}"),
            Self::UnknownSide => f.write_str("speaker's side unknown"),
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
    /// Returns the probability that the parts add up to.
    pub(super) fn confidence(&self) -> f64 {
        let odds: f64 = self.parts.iter().map(|(_, part)| part).sum();
        1.0 / (1.0 + (-odds).exp())
    }
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
    let candidate = Candidate { rule, pack, utterance, hit, asked, features, parts };
    if candidate.confidence() < LEAST { Err(Veto::Weak) } else { Ok(candidate) }
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

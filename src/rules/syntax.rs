//! The files of a rule set as they are written. Nothing behind the compiler sees these types.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Feature, Kind};

/// `rules/<language>/<kind>/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleSyntax {
    /// One sentence: what the rule finds.
    pub(crate) title: Spanned<String>,
    /// Why it matters and what the rule leaves to others.
    pub(crate) doc: Spanned<String>,
    /// Who must say it.
    #[serde(default)]
    pub(crate) side: Who,
    /// How far one match counts, in log-odds added to the kind's own.
    #[serde(default)]
    pub(crate) weight: f64,
    /// What the other side must have said shortly before; the finding is then an answer.
    pub(crate) ask: Option<FindSyntax>,
    /// What to find.
    pub(crate) find: FindSyntax,
    /// What vetoes it.
    #[serde(default)]
    pub(crate) unless: UnlessSyntax,
    /// Attributes that every match has.
    #[serde(default)]
    pub(crate) attrs: BTreeMap<String, Spanned<String>>,
    /// Its proofs.
    pub(crate) examples: ExamplesSyntax,
}

/// Who says something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    /// Our side.
    Rep,
    /// The customer.
    Customer,
    /// A partner.
    Partner,
    /// Our side or a partner.
    Seller,
    /// Whoever.
    #[default]
    Anyone,
}

/// Any cue, every pattern, every required feature and no forbidden one, in one utterance.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FindSyntax {
    pub(crate) cues: Vec<Spanned<String>>,
    pub(crate) patterns: Vec<Spanned<String>>,
    pub(crate) required: Vec<Feature>,
    pub(crate) forbidden: Vec<Feature>,
    /// Features that the kind forbids and this rule bears.
    pub(crate) allowed: Vec<Feature>,
}

/// Cues that veto: in the words before the match, behind it, or anywhere in the utterance.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct UnlessSyntax {
    pub(crate) before: Vec<Spanned<String>>,
    pub(crate) after: Vec<Spanned<String>>,
    pub(crate) anywhere: Vec<Spanned<String>>,
}

/// Annotated transcript lines. A conversation is one string of several lines.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExamplesSyntax {
    pub(crate) r#match: Vec<Spanned<String>>,
    pub(crate) ignore: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) known_miss: Vec<Spanned<String>>,
}

/// `rules/<language>/context.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ContextSyntax {
    pub(crate) modifier: Vec<ModifierSyntax>,
}

/// Words that say something about the words near them (the ConText algorithm of Chapman and others).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModifierSyntax {
    pub(crate) feature: Feature,
    pub(crate) reach: Reach,
    /// How many words it reaches; to the end of the utterance where it is not given.
    #[serde(default = "to_the_end")]
    pub(crate) words: usize,
    pub(crate) cues: Vec<Spanned<String>>,
    /// Words that end its reach.
    #[serde(default)]
    pub(crate) stop: Vec<String>,
    /// Phrases that contain such words and mean something else ("no problem").
    #[serde(default)]
    pub(crate) look_alike: Vec<Spanned<String>>,
}

fn to_the_end() -> usize {
    usize::MAX
}

/// In which direction a modifier reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// The words behind it.
    Forward,
    /// The words before it.
    Backward,
    /// The whole utterance.
    Utterance,
}

/// `rules/<language>/kinds.toml`: what holds for every rule of a kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct KindSyntax {
    /// Log-odds of a match whose rule says no more.
    pub(crate) weight: f64,
    /// Features that veto a match unless its rule allows them.
    pub(crate) forbidden: Vec<Feature>,
    /// Log-odds that a feature adds.
    pub(crate) features: BTreeMap<Feature, f64>,
}

/// `rules/<language>/topics/<name>.toml`: which words tell what a finding is about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct TopicSyntax {
    pub(crate) doc: String,
    /// The value where no row matches.
    pub(crate) fallback: Option<Spanned<String>>,
    pub(crate) row: Vec<TopicRowSyntax>,
}

/// The words that speak for one value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopicRowSyntax {
    pub(crate) value: Spanned<String>,
    #[serde(default = "one")]
    pub(crate) weight: f64,
    pub(crate) cues: Vec<Spanned<String>>,
}

fn one() -> f64 {
    1.0
}

/// `rules/<language>/lexicon/<name>.toml`: a list of words with its origin.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LexiconSyntax {
    pub(crate) origin: String,
    pub(crate) words: Vec<String>,
    /// What the list is to the learned weights beside being one that cues may name.
    pub(crate) evidence: Option<ListEvidence>,
}

/// How a word list is evidence; only its single words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ListEvidence {
    /// Which word of the list it is makes no difference: any weekday reads alike.
    Instead,
    /// That a word of the list is said counts beside the word itself.
    Beside,
}

/// What the rules of one folder find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// One kind.
    Kind(Kind),
    /// Somebody binds himself; the topic table `commitment` decides between promise and next step.
    Commitment,
}

impl std::str::FromStr for Goal {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        if word == "commitment" { Ok(Self::Commitment) } else { word.parse().map(Self::Kind) }
    }
}

impl Goal {
    /// Returns the folder's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.as_str(),
            Self::Commitment => "commitment",
        }
    }
}

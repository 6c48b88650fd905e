use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::{Pack, Rule, RuleProblem, Weights, compile};
use crate::transcript::{Digest, Language};

/// A file of a rule set: its path below `rules/` with `/` between folders, and its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleFile {
    /// The path, such as `en/promise/named-engineer.toml`.
    pub path: String,
    /// The text.
    pub text: String,
}

/// Rules for any number of languages, compiled.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    packs: BTreeMap<String, Pack>,
    digest: Option<Digest>,
}

/// The files that are built into the binary.
#[derive(rust_embed::RustEmbed)]
#[folder = "rules/"]
struct Builtin;

static BUILTIN: LazyLock<Arc<RuleSet>> = LazyLock::new(|| {
    Arc::new(RuleSet::compile(&RuleSet::builtin_files()).0.with_weights(RuleSet::builtin_weights()))
});

/// The file of a language's folder that holds what was learned from labelled calls.
pub const WEIGHTS: &str = "weights.bin";

/// A rule to copy, as `rules new` writes it.
pub const TEMPLATE: &str = include_str!("template.toml");

impl RuleSet {
    /// Compiles `files` and returns what is wrong with them; a bad file is left out and takes no other with it.
    pub fn compile(files: &[RuleFile]) -> (Self, Vec<RuleProblem>) {
        let mut files: Vec<&RuleFile> = files.iter().collect();
        files.sort();
        let mut problems = Vec::new();
        let mut languages: BTreeMap<&str, Vec<&RuleFile>> = BTreeMap::new();
        for file in &files {
            let language = file.path.split('/').next().unwrap_or_default();
            languages.entry(language).or_default().push(file);
        }
        let packs = languages
            .into_iter()
            .map(|(language, files)| (language.to_owned(), compile::pack(language, &files, &mut problems)))
            .collect();
        let parts = files.iter().flat_map(|file| [file.path.as_bytes(), file.text.as_bytes()]);
        (Self { packs, digest: Some(Digest::of_parts(parts)) }, problems)
    }

    /// Returns the rules that come with the binary, compiled on first use.
    pub fn builtin() -> Arc<Self> {
        Arc::clone(&BUILTIN)
    }

    /// Returns the files that come with the binary.
    pub fn builtin_files() -> Vec<RuleFile> {
        let file = |path: std::borrow::Cow<'static, str>| {
            let text = Builtin::get(&path)?.data;
            Some(RuleFile {
                path: path.replace('\\', "/"),
                text: String::from_utf8_lossy(&text).into_owned(),
            })
        };
        Builtin::iter().filter(|path| path.ends_with(".toml")).filter_map(file).collect()
    }

    /// Returns the weights that come with the binary, by language.
    pub fn builtin_weights() -> BTreeMap<String, Weights> {
        let weights = |path: std::borrow::Cow<'static, str>| {
            let language = path.strip_suffix(WEIGHTS)?.strip_suffix('/')?.to_owned();
            Some((language, Weights::from_bytes(&Builtin::get(&path)?.data).ok()?))
        };
        Builtin::iter().filter_map(weights).collect()
    }

    /// Returns these rules with the `weights` that were learned for their languages.
    #[must_use]
    pub fn with_weights(mut self, weights: BTreeMap<String, Weights>) -> Self {
        let digests = weights.values().map(|weights| weights.digest().as_str().as_bytes());
        let own = self.digest();
        self.digest = Some(Digest::of_parts(std::iter::once(own.as_str().as_bytes()).chain(digests)));
        for (language, weights) in weights {
            if let Some(pack) = self.packs.get_mut(&language) {
                pack.set_weights(Some(Arc::new(weights)));
            }
        }
        self
    }

    /// Returns the digest of all files together.
    pub fn digest(&self) -> Digest {
        self.digest.clone().unwrap_or_else(|| Digest::of(b""))
    }

    /// Returns what is known of `language`.
    pub fn pack(&self, language: &Language) -> Option<&Pack> {
        self.packs.get(language.as_str())
    }

    /// Tells whether there are rules for `language`.
    pub fn reads(&self, language: &Language) -> bool {
        self.pack(language).is_some_and(|pack| !pack.rules.is_empty() || pack.weights().is_some())
    }

    /// Returns what is known of every language that has rules.
    pub fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.values()
    }

    /// Returns every rule, by language and id.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.packs.values().flat_map(|pack| &pack.rules)
    }

    /// Returns the rule with `id`.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules().find(|rule| rule.id == id)
    }
}

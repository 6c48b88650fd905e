use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, OnceLock};

use bytes::Bytes;

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
    /// What comes with the binary is compiled when a call first asks for it: who hears only English holds no German.
    packs: BTreeMap<String, OnceLock<Pack>>,
    digest: Option<Digest>,
}

/// The files that are built into the binary.
#[derive(rust_embed::RustEmbed)]
#[folder = "rules/"]
struct Builtin;

static BUILTIN: LazyLock<Arc<RuleSet>> = LazyLock::new(|| {
    let (files, learned) = (RuleSet::builtin_files(), builtin_learned());
    let packs = files.iter().map(|file| (language(file).to_owned(), OnceLock::new())).collect();
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort();
    let own = digest(sorted.into_iter());
    let digest = with_learned(&own, learned.values().map(|(_, digest)| digest));
    Arc::new(RuleSet { packs, digest: Some(digest) })
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
            languages.entry(language(file)).or_default().push(file);
        }
        let pack = |(language, files): (&str, Vec<&RuleFile>)| {
            (language.to_owned(), compile::pack(language, &files, &mut problems).into())
        };
        let packs = languages.into_iter().map(pack).collect();
        (Self { packs, digest: Some(digest(files.into_iter())) }, problems)
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
        let is_rule =
            |path: &std::borrow::Cow<'static, str>| path.ends_with(".toml") && !path.starts_with("shared/");
        Builtin::iter().filter(is_rule).filter_map(file).collect()
    }

    /// Returns the weights that come with the binary, by language.
    pub fn builtin_weights() -> BTreeMap<String, Weights> {
        let open = |(language, (bytes, digest))| Some((language, Weights::from_bytes(bytes, digest).ok()?));
        builtin_learned().into_iter().filter_map(open).collect()
    }

    /// Returns these rules with the `weights` that were learned for their languages.
    #[must_use]
    pub fn with_weights(mut self, weights: BTreeMap<String, Weights>) -> Self {
        let digest = with_learned(&self.digest(), weights.values().map(Weights::digest));
        self.digest = Some(digest);
        for (language, weights) in weights {
            if let Some(pack) = self.packs.get_mut(&language).and_then(OnceLock::get_mut) {
                pack.set_weights(weights);
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
        self.of(language.as_str())
    }

    fn of(&self, language: &str) -> Option<&Pack> {
        let (language, pack) = self.packs.get_key_value(language)?;
        Some(pack.get_or_init(|| builtin(language)))
    }

    /// Tells whether there are rules for `language`.
    pub fn reads(&self, language: &Language) -> bool {
        self.pack(language).is_some_and(|pack| !pack.rules.is_empty() || pack.weights().is_some())
    }

    /// Returns what is known of every language that has rules.
    pub fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.keys().filter_map(|language| self.of(language))
    }

    /// Returns every rule, by language and id.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.packs().flat_map(|pack| &pack.rules)
    }

    /// Returns the rule with `id`.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let (language, _) = id.split_once('/')?;
        self.of(language)?.rules.iter().find(|rule| rule.id == id)
    }
}

fn language(file: &RuleFile) -> &str {
    file.path.split('/').next().unwrap_or_default()
}

fn digest<'f>(files: impl Iterator<Item = &'f RuleFile>) -> Digest {
    Digest::of_parts(files.flat_map(|file| [file.path.as_bytes(), file.text.as_bytes()]))
}

fn with_learned<'d>(files: &'d Digest, learned: impl Iterator<Item = &'d Digest>) -> Digest {
    Digest::of_parts(std::iter::once(files).chain(learned).map(|digest| digest.as_str().as_bytes()))
}

/// Compiles what comes with the binary for one language.
fn builtin(language: &str) -> Pack {
    let mut files = RuleSet::builtin_files();
    files.retain(|file| self::language(file) == language);
    files.sort();
    let mut pack = compile::pack(language, &files.iter().collect::<Vec<_>>(), &mut Vec::new());
    let learned = builtin_learned().remove(language);
    if let Some(weights) = learned.and_then(|(bytes, digest)| Weights::from_bytes(bytes, digest).ok()) {
        pack.set_weights(weights);
    }
    pack
}

/// Returns the files of weights that come with the binary, by language, with the digests that were taken when it was
/// built.
fn builtin_learned() -> BTreeMap<String, (Bytes, Digest)> {
    let file = |path: std::borrow::Cow<'static, str>| {
        let language = path.strip_suffix(WEIGHTS)?.strip_suffix('/')?.to_owned();
        let file = Builtin::get(&path)?;
        let digest = Digest::of_hash(file.metadata.sha256_hash());
        let bytes = match file.data {
            std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            std::borrow::Cow::Owned(bytes) => bytes.into(),
        };
        Some((language, (bytes, digest)))
    };
    Builtin::iter().filter_map(file).collect()
}

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::transcript::{Language, Transcript};

/// What is said on kickoff calls in one language; `phrases/en.toml` says what each list is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phrases {
    pub(super) asks: Vec<String>,
    pub(super) success: Vec<String>,
    pub(super) sales: Vec<String>,
    pub(super) sayers: Vec<String>,
    pub(super) verbs: Vec<String>,
    pub(super) claims: Vec<String>,
    pub(super) fair: Vec<String>,
    pub(super) protests: Vec<String>,
    /// By kind of entry.
    pub(super) discovery: BTreeMap<String, Vec<String>>,
}

const FILES: [(&str, &str); 4] = [
    ("en", include_str!("phrases/en.toml")),
    ("de", include_str!("phrases/de.toml")),
    ("fr", include_str!("phrases/fr.toml")),
    ("es", include_str!("phrases/es.toml")),
];

static PHRASES: LazyLock<BTreeMap<&str, Phrases>> = LazyLock::new(|| {
    FILES.iter().map(|(language, text)| (*language, toml::from_str(text).unwrap_or_default())).collect()
});

static NONE: LazyLock<Phrases> = LazyLock::new(Phrases::default);

/// Returns the phrases of the language in which a turn of `transcript` was spoken, none where we have no list.
pub(super) fn of_turn(transcript: &Transcript, turn: usize) -> &'static Phrases {
    let own = transcript.turns.get(turn).and_then(|turn| turn.language.as_ref());
    let tag = own.or(transcript.language.as_ref()).map_or("en", Language::as_str);
    PHRASES.get(tag.split('-').next().unwrap_or(tag)).unwrap_or(&NONE)
}

/// Returns all languages: people bear titles in a language that is not the call's.
pub(super) fn all() -> impl Iterator<Item = &'static Phrases> {
    PHRASES.values()
}

/// Tells whether `words` hold one of `phrases`.
pub(super) fn holds(words: &[String], phrases: &[String]) -> bool {
    let said = format!(" {} ", words.join(" "));
    phrases.iter().any(|phrase| said.contains(&format!(" {phrase} ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::words;

    #[test]
    fn every_list_is_read_and_stands_as_it_is_compared() {
        assert_eq!(PHRASES.len(), FILES.len());
        for (language, text) in FILES {
            let file: Phrases = toml::from_str(text).unwrap();
            let lists = [
                &file.asks,
                &file.success,
                &file.sales,
                &file.sayers,
                &file.verbs,
                &file.claims,
                &file.fair,
                &file.protests,
            ];
            for phrase in lists.into_iter().chain(file.discovery.values()).flatten() {
                assert_eq!(&words(phrase).join(" "), phrase, "{language}");
            }
            for kind in file.discovery.keys() {
                assert!(
                    kind == "stakeholder" || kind.parse::<crate::rules::Kind>().is_ok(),
                    "{language}: {kind}"
                );
            }
        }
    }
}

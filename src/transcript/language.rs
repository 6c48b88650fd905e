use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language as its ISO 639-1 code (`en`), or the recorder's primary subtag where it has no such code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(from = "String")]
pub struct Language(String);

impl Language {
    /// Returns the language of a recorder's tag: `en-US`, `eng` and `EN` are all `en`.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let two_letters = whatlang::Lang::from_code(&primary).and_then(iso_639_1);
        Self(two_letters.map_or(primary, str::to_owned))
    }

    /// Returns the code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Language {
    fn from(tag: String) -> Self {
        Self::from_tag(&tag)
    }
}

impl From<whatlang::Lang> for Language {
    fn from(lang: whatlang::Lang) -> Self {
        Self(iso_639_1(lang).unwrap_or_else(|| lang.code()).to_owned())
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Two-letter codes of the languages that recorders name by three letters (Gong writes `eng`).
fn iso_639_1(lang: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang;
    Some(match lang {
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Pol => "pl",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "nb",
        Lang::Fin => "fi",
        Lang::Ces => "cs",
        Lang::Tur => "tr",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Ara => "ar",
        Lang::Heb => "he",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Cmn => "zh",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_or_three_letters_do_not_make_another_language() {
        for tag in ["en", "EN", "en-US", "en_GB", "eng"] {
            assert_eq!(Language::from_tag(tag).as_str(), "en");
        }
        assert_eq!(Language::from_tag("gsw").as_str(), "gsw");
    }
}

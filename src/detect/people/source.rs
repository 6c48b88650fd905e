//! The lexicons' files, as they are written.

use serde::Deserialize;

use crate::detect::Turnover;
use crate::rules::Role;

/// The files of one language.
pub(super) struct Source {
    pub(super) tag: &'static str,
    pub(super) frames: &'static str,
    pub(super) stance: &'static str,
    pub(super) words: &'static str,
}

macro_rules! source {
    ($tag:literal) => {
        Source {
            tag: $tag,
            frames: include_str!(concat!("../../../rules/", $tag, "/people/frames.toml")),
            stance: include_str!(concat!("../../../rules/", $tag, "/people/stance.toml")),
            words: include_str!(concat!("../../../rules/", $tag, "/people/words.txt")),
        }
    };
}

/// English first: it serves languages that have no files.
pub(super) const SOURCES: [Source; 4] = [source!("en"), source!("de"), source!("fr"), source!("es")];
pub(super) const GIVEN_NAMES: &str = include_str!("../../../rules/shared/people/given_names.txt");
pub(super) const NICKNAMES: &str = include_str!("../../../rules/shared/people/nicknames.txt");
pub(super) const PLACES: &str = include_str!("../../../rules/shared/people/places.txt");
pub(super) const PUBLIC_FIGURES: &str = include_str!("../../../rules/shared/people/public_figures.txt");

pub(super) fn lines(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

pub(super) fn listed(list: &'static str) -> impl Iterator<Item = &'static str> {
    lines(list).flat_map(str::split_whitespace)
}

/// `frames.toml` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Frames {
    pub(super) nouns_are_capital: bool,
    pub(super) articles_before_names: bool,
    pub(super) adjectives_follow: bool,
    pub(super) head_suffixes: Vec<String>,
    pub(super) honorifics: Vec<String>,
    pub(super) particles: Vec<String>,
    pub(super) determiners: Vec<String>,
    pub(super) possessives: Vec<String>,
    pub(super) yours: Vec<String>,
    pub(super) pronouns: Vec<String>,
    pub(super) introducing_oneself: Vec<String>,
    pub(super) before_a_person: Vec<String>,
    pub(super) before_a_name: Vec<String>,
    pub(super) unknown_to_the_speaker: Vec<String>,
    pub(super) our_side: Vec<String>,
    pub(super) of_ours: Vec<String>,
    pub(super) places: Vec<String>,
    pub(super) after_a_person: Vec<String>,
    pub(super) after_doing: Vec<String>,
    pub(super) after_a_name: Vec<String>,
    pub(super) links: Vec<String>,
    pub(super) duties: Vec<String>,
    pub(super) own_duties: Vec<String>,
    pub(super) own_titles: Vec<String>,
    pub(super) idioms: Vec<String>,
    pub(super) kin: Vec<String>,
    pub(super) pets: Vec<String>,
    pub(super) private: Vec<String>,
    pub(super) organisations: Vec<String>,
    pub(super) third_parties: Vec<String>,
    pub(super) heads: Vec<String>,
    pub(super) single_heads: Vec<String>,
    pub(super) modified_heads: Vec<String>,
    pub(super) departments: Vec<String>,
    pub(super) in_capitals_only: Vec<String>,
    pub(super) tails: Vec<String>,
    pub(super) first_person: Vec<String>,
    pub(super) conjunctions: Vec<String>,
    pub(super) negations: Vec<String>,
    pub(super) stops: Vec<String>,
    pub(super) after_no_title: Vec<String>,
    pub(super) days: Vec<String>,
}

/// `stance.toml` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stance {
    #[serde(rename = "self")]
    pub(super) own: Vec<Cues>,
    pub(super) other: Vec<Cues>,
    pub(super) asked: Vec<Cues>,
    pub(super) titles: std::collections::BTreeMap<Role, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cues {
    pub(super) role: Option<Role>,
    #[serde(default)]
    pub(super) attitude: i8,
    pub(super) turnover: Option<Turnover>,
    pub(super) phrases: Vec<String>,
}

//! What is noticed about an utterance, as a person reads it.

use super::evident::{BEGINNING, Evident};
use super::key::Place;
use crate::rules::{Feature, Pack};

/// A piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Evidence {
    /// A run of words of the view, as long as it says; skipped words stand between in a run that is broken.
    Words { place: Place, from: usize, to: usize, broken: bool },
    /// How a word begins.
    Beginning(usize),
    /// A word of a list, or words of two lists.
    Lists(u32, Option<u32>),
    /// A feature of the context.
    Feature(Feature),
    /// A rule that matches, by its number.
    Rule(usize),
    /// Something of the utterance's shape, with its measure.
    Shape(&'static str, usize),
}

impl Evident<'_, '_> {
    /// Returns `evidence`, which the language of `pack` gave, in words.
    pub(super) fn describe(&self, pack: &Pack, evidence: Evidence) -> String {
        let said = |from: usize, to: usize| self.view.folded(from..to).to_owned();
        match evidence {
            Evidence::Words { place, from, to, broken } => {
                let words = said(from, to);
                let words = match words.split(' ').collect::<Vec<_>>()[..] {
                    [first, _, third] if broken => format!("{first} … {third}"),
                    _ => words,
                };
                format!("{}“{words}”", place.prefix())
            }
            Evidence::Beginning(word) => {
                let word = said(word, word + 1);
                let end = word.char_indices().nth(BEGINNING).map_or(word.len(), |(end, _)| end);
                format!("“{}…”", &word[..end])
            }
            Evidence::Lists(one, other) => {
                let name = |list: u32| pack.list(list).unwrap_or("list");
                match other {
                    Some(other) => format!("words of {} with words of {}", name(one), name(other)),
                    None => format!("words of {}", name(one)),
                }
            }
            Evidence::Feature(feature) => format!("is {feature}"),
            Evidence::Rule(rule) => format!("rule {}", self.rule(rule).id),
            Evidence::Shape(name, measure) => format!("{name} {measure}"),
        }
    }
}

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Similarity (Jaro-Winkler, 0 to 1) from which two words of four letters or more count as one name misheard:
/// `Marcus`/`Markus` 0.91, `Dana`/`Dina` 0.85, `Marco`/`Marta` 0.81.
const MISHEARD: f64 = 0.90;

/// A person's name, folded for comparison: lower-case words without diacritics, `Last, First` put in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    words: Vec<String>,
}

/// How two names compare, from the best to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Likeness {
    /// The same words, in any order.
    Same,
    /// One is the first name, the last name or the initials-shortened form of the other (`Dana`, `Dana W.`).
    Part,
    /// The same words but for small differences of spelling.
    Misheard,
    /// Nothing speaks for one person.
    Different,
}

impl Name {
    /// Returns the folded form of `name`.
    pub fn new(name: &str) -> Self {
        let ordered = match name.split_once(',') {
            Some((last, first)) if !first.trim().is_empty() => format!("{first} {last}"),
            _ => name.to_owned(),
        };
        let folded: String =
            ordered.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
        let words = folded
            .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        Self { words }
    }

    /// Returns the folded words.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Tells how `self` compares with `other`.
    pub fn likeness(&self, other: &Self) -> Likeness {
        let (short, long) = if self.words.len() <= other.words.len() { (self, other) } else { (other, self) };
        if short.words.is_empty() {
            return Likeness::Different;
        }
        let (mut left, mut right) = (self.words.clone(), other.words.clone());
        left.sort();
        right.sort();
        if left == right {
            return Likeness::Same;
        }
        if short.words.iter().all(|word| long.words.iter().any(|full| is_short_for(word, full)))
            && short.words.iter().any(|word| long.words.contains(word))
        {
            return Likeness::Part;
        }
        let misheard = |word: &String| long.words.iter().any(|full| sounds_like(word, full));
        if short.words.len() == long.words.len() && short.words.iter().all(misheard) {
            return Likeness::Misheard;
        }
        Likeness::Different
    }
}

fn is_short_for(word: &str, full: &str) -> bool {
    word == full || (word.chars().count() == 1 && full.starts_with(word))
}

fn sounds_like(word: &str, full: &str) -> bool {
    word == full || (word.len().min(full.len()) >= 4 && strsim::jaro_winkler(word, full) >= MISHEARD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_people_compare_them() {
        let cases = [
            ("Renée Dubois", "renee DUBOIS", Likeness::Same),
            ("Whitfield, Dana", "Dana Whitfield", Likeness::Same),
            ("Dana", "Dana Whitfield", Likeness::Part),
            ("Dana W.", "Dana Whitfield", Likeness::Part),
            ("Markus Lee", "Marcus Lee", Likeness::Misheard),
            ("Dina Whitfield", "Dana Whitfield", Likeness::Different),
            ("Sam", "Samantha Reed", Likeness::Different),
            ("", "Dana", Likeness::Different),
        ];
        for (one, other, wanted) in cases {
            assert_eq!(Name::new(one).likeness(&Name::new(other)), wanted, "{one} / {other}");
        }
    }
}

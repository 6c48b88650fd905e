use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation as _;

use super::terms::Terms;
use super::words::words;

/// How many words after "for" name whom something is for.
const AUDIENCE_WORDS: usize = 4;

/// "For", before whom something is for, in four languages.
const FOR: [&str; 4] = ["for", "fur", "pour", "para"];

/// What some words are about, with grammar, dates and people's names left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gist {
    /// Stems of content words.
    pub(super) words: Terms,
    /// Those that are written as names ("NetSuite", "SSO").
    pub(super) names: Terms,
    /// Those that say for whom ("for contractors").
    pub(super) audience: Terms,
    /// Figures, in digits.
    pub(super) figures: Terms,
    /// Words that name a date.
    pub(super) moments: Terms,
}

impl Gist {
    /// Returns the gist of `text`, of which `date` are the words that name a date, without `people`.
    pub(super) fn of(text: &str, date: Option<&str>, people: &HashSet<String>) -> Self {
        let date = date.filter(|date| !date.is_empty());
        let dated = date.and_then(|date| text.find(date).map(|at| at..at + date.len())).unwrap_or_default();
        let mut gist = Self::default();
        let (mut for_whom, mut opens) = (0, true);
        let shouted = !text.chars().any(char::is_lowercase);
        for (at, token) in text.split_word_bound_indices() {
            if !token.chars().any(char::is_alphanumeric) {
                opens |= token.contains(['.', '?', '!']);
                for_whom = if token.trim().is_empty() { for_whom } else { 0 };
                continue;
            }
            let folded = fold(token);
            let starts = std::mem::replace(&mut opens, false);
            for_whom =
                if FOR.contains(&folded.as_str()) { AUDIENCE_WORDS } else { for_whom.saturating_sub(1) };
            if is_moment(&folded) {
                gist.moments.insert(&folded);
            } else if let Some(figure) = figure(&folded) {
                let set = if dated.contains(&at) { &mut gist.moments } else { &mut gist.figures };
                set.insert(&figure);
            } else if !dated.contains(&at)
                && is_content(&folded)
                && !people.contains(folded.trim_end_matches("'s"))
            {
                let stem = stem(&folded);
                if !shouted && is_name(token, starts) {
                    gist.names.insert(&stem);
                }
                if for_whom > 0 {
                    gist.audience.insert(&stem);
                }
                gist.words.insert(&stem);
            }
        }
        gist
    }

    /// Takes in what `other` is about.
    pub(super) fn add(&mut self, other: &Self) {
        self.words.extend(&other.words);
        self.names.extend(&other.names);
        self.audience.extend(&other.audience);
        self.figures.extend(&other.figures);
        self.moments.extend(&other.moments);
    }

    /// Returns how alike two gists are, 0 where they are about different things.
    ///
    /// One shared word is enough only where it is a name or where one side says nothing else; two must make up
    /// half of the shorter side. Different names and different audiences are different things.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        let shared = self.words.shared(&other.words);
        let shorter = self.words.len().min(other.words.len());
        if shared == 0 || self.names.apart(&other.names) || self.audience.apart(&other.audience) {
            return 0.0;
        }
        let share = shared as f64 / shorter as f64;
        let enough = if shared > 1 || self.named(other) > 0 { share >= 0.5 } else { shorter == 1 };
        if enough { shared as f64 + share } else { 0.0 }
    }

    /// Returns how many words that either writes as a name both have.
    pub(super) fn named(&self, other: &Self) -> usize {
        self.names.shared(&other.words) + other.names.shared(&self.words)
    }

    /// Tells whether figures differ: "two days" and "three days", not "three days" and "three days at ten".
    pub(super) fn figures_differ(&self, other: &Self) -> bool {
        !self.figures.is_empty()
            && !other.figures.is_empty()
            && !self.figures.within(&other.figures)
            && !other.figures.within(&self.figures)
    }
}

/// Returns the folded words of `text`, with a space before and behind each.
pub(super) fn spoken(text: &str) -> String {
    let mut spoken = String::from(" ");
    for word in text.unicode_words() {
        spoken.push_str(&fold(word));
        spoken.push(' ');
    }
    spoken
}

/// Returns `word` in lower case, without diacritics and typographic apostrophes.
pub(super) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c));
    plain.map(|c| if c == '’' { '\'' } else { c }).flat_map(char::to_lowercase).collect()
}

/// Tells whether a word names a date: a month, a weekday, an ordinal, a year.
fn is_moment(folded: &str) -> bool {
    if words().moments.contains(folded) {
        return true;
    }
    let letters = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = folded.len() - letters.len();
    match letters {
        "st" | "nd" | "rd" | "th" | "er" => digits > 0,
        "" => digits == 4 && folded.starts_with("20"),
        _ => false,
    }
}

fn is_content(folded: &str) -> bool {
    let bare = folded.split('\'').next().unwrap_or_default();
    let empty = &words().empty;
    bare.chars().count() > 1 && !empty.contains(folded) && !empty.contains(bare)
}

/// Tells whether a word is written as a name: a capital that no sentence start explains, or one inside.
fn is_name(token: &str, starts_sentence: bool) -> bool {
    let capitals = token.chars().filter(|c| c.is_uppercase()).count();
    let first = token.chars().next().is_some_and(char::is_uppercase);
    capitals > usize::from(first) || (first && !starts_sentence)
}

/// Returns the digits of a figure.
fn figure(folded: &str) -> Option<String> {
    words().figures.get(folded).cloned().or_else(|| {
        let digits = folded.starts_with(|c: char| c.is_ascii_digit());
        digits.then(|| folded.chars().filter(char::is_ascii_digit).collect())
    })
}

/// Returns the stem of an English word, as far as plural, tense and "-ion" go; other words stay nearly whole.
fn stem(folded: &str) -> String {
    let word = folded.split('\'').next().unwrap_or_default();
    if let Some(base) = words().irregular.get(word) {
        return base.clone();
    }
    let mut stem = singular(word);
    for (suffix, shortest) in [("ing", 6), ("ion", 7), ("ed", 5)] {
        if stem.len() >= shortest && stem.ends_with(suffix) {
            stem.truncate(stem.len() - suffix.len());
            undouble(&mut stem);
            break;
        }
    }
    if stem.len() > 4 && stem.ends_with('e') {
        stem.pop();
    }
    stem
}

fn singular(word: &str) -> String {
    if let Some(base) = word.strip_suffix("ies").filter(|base| base.len() > 2) {
        return format!("{base}y");
    }
    let plural =
        word.len() > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

fn undouble(stem: &mut String) {
    let mut last = stem.chars().rev();
    if let (Some(one), Some(other)) = (last.next(), last.next())
        && one == other
        && !matches!(one, 'l' | 's' | 'e' | 'o')
    {
        stem.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gist(text: &str) -> Gist {
        Gist::of(text, None, &HashSet::new())
    }

    #[test]
    fn forms_of_one_word_share_a_stem() {
        for (one, other) in [
            ("training", "train"),
            ("fences", "fence"),
            ("drawn", "draw"),
            ("integration", "integrate"),
            ("mapping", "mapped"),
            ("deliveries", "delivery"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} / {other}");
        }
    }

    #[test]
    fn the_same_thing_in_other_words_is_alike_and_another_object_is_not() {
        let cases = [
            ("the NetSuite sync is live by June", "you'll have NetSuite syncing in July", true),
            ("we'll train your dispatchers on site", "on-site training for the dispatchers, two days", true),
            ("SSO for your staff by March", "SSO for the contractors by March", false),
            ("the NetSuite sync by June", "the Salesforce sync by June", false),
            ("we'll send the audit report", "we'll cap the renewal increase", false),
            ("we'll be live by June", "we'll be live by July", false),
        ];
        for (one, other, wanted) in cases {
            assert_eq!(gist(one).likeness(&gist(other)) > 0.0, wanted, "{one} / {other}");
        }
    }

    #[test]
    fn a_word_spoken_as_a_number_is_a_figure() {
        assert!(gist("two days on site").figures_differ(&gist("3 days on site")));
        assert!(!gist("two days on site").figures_differ(&gist("2 days on site")));
        assert!(!gist("on site").figures_differ(&gist("3 days on site")));
    }
}

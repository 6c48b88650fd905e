use std::collections::HashSet;
use std::ops::Range;

use super::{Node, Query, Words};
use crate::search::words::{Word, join, stems, stems_in_all, words};
use crate::transcript::Language;

impl Query {
    /// Returns where the words of the query stand in `text`, in order and without overlap. They are found by cutting
    /// the text itself into words, so that every range is true whatever the index did.
    pub(crate) fn highlights(&self, text: &str, language: Option<&Language>) -> Vec<Range<usize>> {
        let said = Said::new(text, language);
        let mut marks = Vec::new();
        if let Some(node) = &self.node {
            said.mark(node, &mut marks);
        }
        marks.sort_by_key(|mark| (mark.start, mark.end));
        let mut merged: Vec<Range<usize>> = Vec::new();
        for mark in marks {
            match merged.last_mut() {
                Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
                _ => merged.push(mark),
            }
        }
        merged
    }
}

/// A text cut into words.
struct Said {
    words: Vec<Word>,
    stems: Vec<String>,
}

impl Said {
    fn new(text: &str, language: Option<&Language>) -> Self {
        let words = words(text);
        let folded = join(words.iter().map(|word| word.folded.as_str()));
        let stems = language.map(|language| stems(language.as_str(), &folded)).unwrap_or_default();
        Self { words, stems }
    }

    fn mark(&self, node: &Node, marks: &mut Vec<Range<usize>>) {
        match node {
            Node::Words(words) => self.mark_words(words, marks),
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| self.mark(node, marks)),
            Node::Not(_) => {}
        }
    }

    fn mark_words(&self, wanted: &Words, marks: &mut Vec<Range<usize>>) {
        let Some((last, before)) = wanted.folded.split_last() else { return };
        let forms: HashSet<String> =
            if wanted.exact { HashSet::new() } else { stems_in_all(last).into_iter().collect() };
        let ends = |at: usize, word: &Word| {
            word.folded == *last
                || (wanted.prefix && word.folded.starts_with(last.as_str()))
                || self.stems.get(at).is_some_and(|stem| forms.contains(stem))
        };
        for (first, window) in self.words.windows(wanted.folded.len()).enumerate() {
            let begins = window.iter().zip(before).all(|(word, wanted)| word.folded == *wanted);
            let at = first + before.len();
            if begins && ends(at, &window[before.len()]) {
                marks.push(window[0].range.start..window[before.len()].range.end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text with `[…]` around what is highlighted.
    fn shown(query: &str, text: &str) -> String {
        let english = Language::from_tag("en");
        let mut shown = text.to_owned();
        for mark in Query::parse(query).unwrap().highlights(text, Some(&english)).into_iter().rev() {
            shown.insert(mark.end, ']');
            shown.insert(mark.start, '[');
        }
        shown
    }

    #[test]
    fn highlights_stand_on_the_words_that_were_said() {
        let cases = [
            ("promise", "We promised — promises, PROMISE!", "We [promised] — [promises], [PROMISE]!"),
            ("\"promise\"", "We promised a promise", "We promised a [promise]"),
            ("cafe", "the Cafe\u{301} crew", "the [Cafe\u{301}] crew"),
            ("\"by march\" 14*", "by March 14th, by then", "[by March] [14th], by then"),
            ("we'll -never", "I said we’ll, never", "I said [we’ll], never"),
            ("来週", "では来週に", "では[来週]に"),
        ];
        for (query, text, wanted) in cases {
            assert_eq!(shown(query, text), wanted, "{query}");
        }
    }
}

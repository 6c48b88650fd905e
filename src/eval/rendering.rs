use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::Labels;
use super::bootstrap::Generator;
use crate::ingest::Recording;
use crate::transcript::Language;

/// How well the words were put down; the labels are put down alike, so that they still stand in the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rendering {
    /// As the recorder wrote them.
    #[default]
    AsIs,
    /// In lower case without punctuation, as recognisers write that do not punctuate.
    Plain,
    /// Plain, with words misheard for their homophones and small words swallowed.
    Noisy,
}

/// One of so many homophones is misheard, one of so many small words swallowed: together one word of twenty to thirty,
/// a good recogniser on a telephone line.
const MISHEARD: usize = 4;
const SWALLOWED: usize = 8;

/// A word of the call: where it was said, how it was said, and what is put down.
struct Word {
    row: usize,
    said: String,
    heard: Option<String>,
}

impl Rendering {
    /// Puts down the words of `recording` and of `labels` anew. Labels of which nothing is left are dropped.
    pub(super) fn render(self, recording: &mut Recording, labels: &mut Labels, language: Option<&Language>) {
        let words = self.hear(recording, language);
        for label in &mut labels.findings {
            let by_speaker =
                |row: usize| recording.rows[row].label.as_deref() == Some(label.speaker.as_str());
            label.quote = heard_again(&label.quote, &words, by_speaker);
            label.context_quote =
                label.context_quote.as_ref().map(|quote| heard_again(quote, &words, |_| true));
        }
        labels.findings.retain(|label| !label.quote.is_empty());
        for (at, row) in recording.rows.iter_mut().enumerate() {
            let heard = words.iter().filter(|word| word.row == at).filter_map(|word| word.heard.as_deref());
            row.text = heard.collect::<Vec<_>>().join(" ");
        }
    }

    fn hear(self, recording: &Recording, language: Option<&Language>) -> Vec<Word> {
        let noise =
            language.filter(|_| self == Self::Noisy).and_then(|language| NOISE.get(language.as_str()));
        // The same call is misheard in the same way in every run.
        let mut generator = Generator::new(0);
        let mut words = Vec::new();
        for (row, said) in recording.rows.iter().enumerate() {
            for said in plain_words(&said.text) {
                let heard = match noise {
                    Some(noise) => noise.hear(&said, &mut generator),
                    None => Some(said.clone()),
                };
                words.push(Word { row, said, heard });
            }
        }
        words
    }
}

/// Returns what was put down of `quote`: of the place where `first_choice` speaks, else of the first place.
fn heard_again(quote: &str, words: &[Word], first_choice: impl Fn(usize) -> bool) -> String {
    let quote: Vec<_> = plain_words(quote).collect();
    if quote.is_empty() {
        return String::new();
    }
    let places = || words.windows(quote.len()).filter(|run| run.iter().map(|word| &word.said).eq(&quote));
    let place = places().find(|run| first_choice(run[0].row)).or_else(|| places().next());
    match place {
        Some(run) => run.iter().filter_map(|word| word.heard.as_deref()).collect::<Vec<_>>().join(" "),
        None => quote.join(" "),
    }
}

fn plain_words(text: &str) -> impl Iterator<Item = String> {
    WORD.find_iter(text).map(|word| word.as_str().to_lowercase().replace('’', "'"))
}

/// Letters and figures with what binds them inside (`don't`, `R&D`, `3.5`), a currency sign before, a percent sign
/// behind.
#[expect(clippy::expect_used, reason = "the pattern is constant")]
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[$€£]?[\w&&[^_]]+(?:['’&][\w&&[^_]]+|[.,:]\d+)*%?").expect("a valid pattern")
});

/// What is misheard in a language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Noise {
    /// Words that sound alike; each is misheard for the next of its list.
    alike: Vec<Vec<String>>,
    /// Words that are swallowed.
    swallowed: HashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the program")]
static NOISE: LazyLock<HashMap<String, Noise>> =
    LazyLock::new(|| toml::from_str(include_str!("noise.toml")).expect("a valid file"));

impl Noise {
    fn hear(&self, word: &str, generator: &mut Generator) -> Option<String> {
        if self.swallowed.contains(word) && generator.below(SWALLOWED) == 0 {
            return None;
        }
        let alike = self.alike.iter().find_map(|list| {
            let at = list.iter().position(|other| other == word)?;
            list.get((at + 1) % list.len())
        });
        match alike {
            Some(other) if generator.below(MISHEARD) == 0 => Some(other.clone()),
            _ => Some(word.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;
    use crate::eval::Label;
    use crate::ingest::{Format, Row};
    use crate::rules::Kind;
    use crate::transcript::Call;

    fn said(rows: &[(&str, &str)]) -> Recording {
        let row = |(label, text): &(&str, &str)| Row {
            label: Some((*label).to_owned()),
            text: (*text).to_owned(),
            ..Row::default()
        };
        let rows = rows.iter().map(row).collect();
        Recording { format: Format::Readback, rows, call: Call::default(), problems: Vec::new() }
    }

    fn labelled(speaker: &str, quote: &str) -> Labels {
        let speaker = speaker.to_owned();
        let quote = quote.to_owned();
        let label = Label { kind: Kind::Promise, speaker, quote, context_quote: None, attrs: Map::new() };
        Labels { findings: vec![label], ..Labels::default() }
    }

    #[test]
    fn plain_words_have_neither_case_nor_stops() {
        let mut recording = said(&[("A", "Well — R&D’s at 3.5%, Dana; don't e-mail! \"$12,500\"…")]);
        Rendering::Plain.render(&mut recording, &mut Labels::default(), None);
        assert_eq!(recording.rows[0].text, "well r&d's at 3.5% dana don't e mail $12,500");
    }

    #[test]
    fn a_label_still_stands_in_a_call_put_down_anew() {
        let rows = [
            ("B", "So we're right by the two of you, to be there in a week?"),
            ("A", "Right. The thing is that by the end of the week, for the two of you, we'll be"),
            ("A", "there, and it's yours to sign; our price is right here, you know."),
        ];
        let quote = "by the end of the week, for the two of you, we'll be there, and it's yours to sign";
        for rendering in [Rendering::Plain, Rendering::Noisy] {
            let (mut recording, mut labels) = (said(&rows), labelled("A", quote));
            rendering.render(&mut recording, &mut labels, Some(&Language::from_tag("en")));
            let text: Vec<_> = recording.rows.iter().map(|row| row.text.as_str()).collect();
            let (text, quote) = (text.join(" "), &labels.findings[0].quote);
            assert!(text.contains(quote.as_str()), "{quote} / {text}");
        }
    }

    #[test]
    fn noise_mishears_and_swallows_some_words_and_the_same_ones_each_time() {
        let line = "it is right there by the end of the week so we'll have to know your price for the data";
        let heard = || {
            let mut recording = said(&[("A", line); 8]);
            Rendering::Noisy.render(&mut recording, &mut Labels::default(), Some(&Language::from_tag("en")));
            recording.rows.into_iter().map(|row| row.text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(heard(), heard());
        let words = |word: &str| heard().split(' ').filter(|heard| *heard == word).count();
        assert!((1..8).contains(&words("there")) && (9..24).contains(&words("the")), "{}", heard());
    }
}

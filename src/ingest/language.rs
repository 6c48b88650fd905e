use std::collections::BTreeMap;

use whatlang::{Detector, Lang};

use crate::transcript::{Language, Turn};

use super::Row;

/// The languages in which business is mostly done. Left to all of its languages, whatlang hears Welsh in a repeated
/// "We can ship it".
const ALLOWED: [Lang; 18] = [
    Lang::Eng,
    Lang::Deu,
    Lang::Fra,
    Lang::Spa,
    Lang::Por,
    Lang::Ita,
    Lang::Nld,
    Lang::Pol,
    Lang::Swe,
    Lang::Dan,
    Lang::Nob,
    Lang::Fin,
    Lang::Ces,
    Lang::Tur,
    Lang::Jpn,
    Lang::Kor,
    Lang::Cmn,
    Lang::Rus,
];

/// Characters from which whatlang was right and reliable on all samples of sales talk.
const ENOUGH: usize = 120;

/// Characters from which one turn may speak another language than its speaker: a borrowed sentence is shorter.
const OWN_TURN: usize = 200;

/// Bytes after which more of one speaker's words do not change the answer.
const SAMPLE: usize = 1_000;

/// Bytes of a turn that are looked at: well over what is [`ENOUGH`], and looking costs by the byte.
const TURN_SAMPLE: usize = 400;

/// Detects languages where there is enough to go by.
pub(super) struct Languages(Detector);

impl Languages {
    pub(super) fn new() -> Self {
        Self(Detector::with_allowlist(ALLOWED.to_vec()))
    }

    /// Returns the language of `text`, or `None` where it is too short or the answer is not reliable.
    fn detect(&self, text: &str) -> Option<Language> {
        text.chars().nth(ENOUGH)?;
        self.0.detect(text).filter(whatlang::Info::is_reliable).map(|info| Language::from(info.lang()))
    }

    /// Sets each turn's language and returns that of most of the call. `stated`, the recorder's word, wins for the
    /// call; a speaker or a long turn differs from it only where their own words say so reliably.
    pub(super) fn settle(
        &self,
        turns: &mut [Turn],
        rows: &[Row],
        stated: Option<Language>,
    ) -> Option<Language> {
        let own: Vec<Option<Language>> =
            turns.iter().map(|turn| self.detect(beginning(&turn.text))).collect();
        let by_speaker = self.by_speaker(turns, &own);
        let stated = stated
            .or_else(|| most(rows.iter().filter_map(|row| Some((row.language.as_ref()?, row.text.len())))));
        let call = stated.or_else(|| {
            let spoken =
                turns.iter().filter_map(|turn| Some((by_speaker.get(&turn.speaker.0)?, turn.text.len())));
            most(spoken).or_else(|| self.detect(&sample(turns.iter())))
        });
        let mut rows = rows.iter().filter(|row| !row.text.is_empty());
        for (turn, own) in turns.iter_mut().zip(own) {
            let own_rows: Vec<&Row> = rows.by_ref().take(turn.marks.len()).collect();
            let of_rows =
                most(own_rows.iter().filter_map(|row| Some((row.language.as_ref()?, row.text.len()))));
            let own = of_rows.or(own.filter(|_| turn.text.chars().nth(OWN_TURN).is_some()));
            turn.language = own.or_else(|| by_speaker.get(&turn.speaker.0).cloned()).or_else(|| call.clone());
        }
        call
    }

    /// Returns the language of each speaker: that of most of their words, where each long turn speaks for itself
    /// and the short ones together, because a joined text of two languages is neither.
    fn by_speaker(&self, turns: &[Turn], own: &[Option<Language>]) -> BTreeMap<u32, Language> {
        let mut said: BTreeMap<u32, Vec<(&Turn, &Option<Language>)>> = BTreeMap::new();
        for (turn, language) in turns.iter().zip(own) {
            said.entry(turn.speaker.0).or_default().push((turn, language));
        }
        let language = |said: &[(&Turn, &Option<Language>)]| {
            let long = said.iter().filter_map(|(turn, language)| Some((language.as_ref()?, turn.text.len())));
            let short = said.iter().filter(|(_, language)| language.is_none()).map(|(turn, _)| *turn);
            let length: usize = short.clone().map(|turn| turn.text.len()).sum();
            let together = self.detect(&sample(short));
            most(long.chain(together.as_ref().map(|language| (language, length))))
        };
        said.iter().filter_map(|(speaker, said)| Some((*speaker, language(said)?))).collect()
    }
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(TURN_SAMPLE)]
}

fn sample<'a>(turns: impl Iterator<Item = &'a Turn>) -> String {
    let mut joined = String::new();
    turns.for_each(|turn| append(&mut joined, &turn.text));
    joined
}

fn append(sample: &mut String, text: &str) {
    let room = SAMPLE.saturating_sub(sample.len());
    sample.push_str(&text[..text.floor_char_boundary(room)]);
    sample.push(' ');
}

/// Returns the language with the most words by weight; of equals the first by code.
fn most<'a>(weighted: impl Iterator<Item = (&'a Language, usize)>) -> Option<Language> {
    let mut weights: BTreeMap<&Language, usize> = BTreeMap::new();
    for (language, weight) in weighted {
        *weights.entry(language).or_default() += weight;
    }
    weights.into_iter().rev().max_by_key(|(_, weight)| *weight).map(|(language, _)| language.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::{Mark, SpeakerId};

    const ENGLISH: &str = "So what we'd do is pull the invoices overnight and then you'd see the whole list before \
        anybody's had coffee, and if one of them looks wrong you just send it back, there's no ticket or anything.";
    const GERMAN: &str = "Also bei uns läuft das so, dass die Rechnungen erst am Mittwoch im System sind, und dann \
        sitzt die Kollegin da und gleicht alles von Hand ab, das kostet uns jede Woche einen ganzen Tag, mindestens, und im Advent eher zwei.";

    fn turn(speaker: u32, text: &str) -> Turn {
        let marks = vec![Mark { at: 0, start: None, end: None }];
        Turn { speaker: SpeakerId(speaker), text: text.to_owned(), marks, language: None }
    }

    fn row(turn: &Turn) -> Row {
        Row { text: turn.text.clone(), ..Row::default() }
    }

    fn settle(turns: &mut [Turn], stated: Option<&str>) -> Option<Language> {
        let rows: Vec<Row> = turns.iter().map(row).collect();
        Languages::new().settle(turns, &rows, stated.map(Language::from_tag))
    }

    #[test]
    fn a_few_words_have_no_language() {
        let mut turns = [turn(0, "Sounds good."), turn(1, "It depends on legal.")];
        assert_eq!(settle(&mut turns, None), None);
        assert_eq!(turns[0].language, None);
    }

    #[test]
    fn the_recorder_s_word_wins_for_the_call_and_for_short_turns() {
        let mut turns = [turn(0, "Ja, genau."), turn(1, ENGLISH)];
        assert_eq!(settle(&mut turns, Some("de-DE")).unwrap().as_str(), "de");
        assert_eq!(turns[0].language.as_ref().unwrap().as_str(), "de");
        assert_eq!(turns[1].language.as_ref().unwrap().as_str(), "en");
    }

    #[test]
    fn one_speaker_may_change_languages_in_a_long_turn() {
        let mut turns = [turn(0, ENGLISH), turn(0, ENGLISH), turn(1, "Okay."), turn(0, GERMAN)];
        assert_eq!(settle(&mut turns, None).unwrap().as_str(), "en");
        assert_eq!(turns[3].language.as_ref().unwrap().as_str(), "de");
    }
}

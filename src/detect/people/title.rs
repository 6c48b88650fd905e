use std::ops::Range;

use super::flag;
use super::spoken::{Gap, Spoken, Word};

/// Words that say what somebody is at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Title {
    pub(super) words: Range<usize>,
    /// Whether it holds a word for a person (`manager`) and not a department alone (`billing`).
    pub(super) names_a_person: bool,
    /// Whether one person alone bears it in a company (`CFO`, `head of infra`).
    pub(super) single: bool,
}

/// How surely some words are a title; the first is the surest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// A noun for a person in apposition, after a copula, or before the name.
    Noun,
    /// A department alone.
    Department,
    /// What the person runs.
    Duty,
}

/// A title has at most this many words before its last head: "senior vice president global supply chain" is long.
const LONGEST: usize = 6;

/// Reads the title that begins at word `at`, where one does.
pub(super) fn read(spoken: &Spoken, at: usize) -> Option<Title> {
    let pack = spoken.pack(at.min(spoken.words.len().checked_sub(1)?));
    let rest = spoken.rest(at);
    let (mut end, mut read, mut head, mut single) = (None, 0, false, false);
    while let Some(word) = rest.get(read).filter(|word| read == 0 || word.gap == Gap::None) {
        if read >= LONGEST || word.is(flag::GIVEN) && !word.is(flag::COMMON) && word.capital {
            break;
        }
        if let Some((length, _)) = pack.departments.longest(spoken.onwards(at + read))
            && is_department(spoken, at + read)
        {
            read += length;
            end = Some(read);
            continue;
        }
        let joins = word.is(flag::AND)
            && end == Some(read)
            && rest.get(read + 1).is_some_and(|next| next.is(flag::HEAD));
        if word.is(flag::HEAD) {
            head = true;
            single |= word.is(flag::SINGLE) || word.is(flag::MODIFIED) && read > 0;
            end = Some(read + 1);
        } else if word.is(flag::STOP | flag::DETERMINER | flag::POSSESSIVE) && !joins
            || pack.adjectives_follow && end.is_none()
        {
            break;
        }
        read += 1;
        // Where adjectives follow their noun, those that touch the title belong to it.
        if pack.adjectives_follow && end.is_some_and(|end| end + 2 >= read) && !word.is(flag::AND) {
            end = Some(read);
        }
    }
    let end = end?;
    let tail = tail(spoken, at + end);
    single |= tail > 0 && rest[..end].iter().any(|word| word.is(flag::MODIFIED));
    Some(Title { words: at..at + end + tail, names_a_person: head, single: single && head })
}

/// Tells whether the department that begins at `at` is none of those that are pronouns in small letters ("IT").
fn is_department(spoken: &Spoken, at: usize) -> bool {
    let word = &spoken.words[at];
    !word.is(flag::SPELT)
        || word.branded
        || !spoken.cased && spoken.next_in_turn(at + 1).is_some_and(|next| next.is(flag::HEAD))
}

/// Returns how many words of "of compliance for the north" from `at` on still belong to a title.
fn tail(spoken: &Spoken, at: usize) -> usize {
    let rest = spoken.rest(at);
    if !rest.first().is_some_and(|word| word.is(flag::TAIL) && word.gap == Gap::None) {
        return 0;
    }
    let (mut end, mut content) = (0, 0);
    for (n, word) in rest.iter().enumerate().skip(1).take(5) {
        // "delegada de protección de datos" goes on where "director of staffing for the network" has said enough.
        let chained = spoken.pack(at).adjectives_follow && word.is(flag::TAIL);
        let article = chained || word.is(flag::DETERMINER | flag::POSSESSIVE | flag::TAIL) && content == 0;
        if word.gap != Gap::None || word.is(flag::STOP) && !article || content == 3 {
            break;
        }
        if !article {
            content += 1;
            end = n + 1;
        }
    }
    end
}

/// Reads the title that ends right before word `at` (`our CFO, Hector`; `VP Finance Tom`), where one does.
pub(super) fn read_before(spoken: &Spoken, at: usize) -> Option<Title> {
    let sentence = spoken.sentence(at).words.start;
    let gap = spoken.words[at].gap;
    if gap == Gap::Stop {
        return None;
    }
    let earliest = at.saturating_sub(LONGEST).max(sentence);
    let fits = |start: usize| {
        let title = read(spoken, start).filter(|title| title.words.end == at && title.names_a_person)?;
        let led = start > sentence && is_article(spoken, start - 1);
        (led || gap == Gap::None && starts_a_title(spoken, start)).then_some(title)
    };
    (earliest..at).find_map(fits)
}

/// Reads the title from `at` on, past an article or a possessive.
pub(super) fn read_past_article(spoken: &Spoken, at: usize) -> Option<Title> {
    let article = !spoken.rest(at).is_empty() && is_article(spoken, at);
    read(spoken, if article { at + 1 } else { at })
}

/// Tells whether word `at` is an article or says whose somebody is.
pub(super) fn is_article(spoken: &Spoken, at: usize) -> bool {
    spoken.words[at].is(flag::DETERMINER | flag::POSSESSIVE | flag::YOURS)
}

/// Tells whether a title without an article may begin here: with its head or a department, not in mid-phrase.
fn starts_a_title(spoken: &Spoken, at: usize) -> bool {
    let department = spoken.pack(at).departments.longest(spoken.onwards(at)).is_some();
    spoken.words[at].is(flag::HEAD) || department && is_department(spoken, at)
}

/// Returns the title that stands around the name.
pub(super) fn around(spoken: &Spoken, words: &Range<usize>) -> Option<(Rank, Range<usize>)> {
    let found = [title_after(spoken, words.end), read_before(spoken, words.start)];
    let mut titles: Vec<_> = found.into_iter().flatten().map(|title| (rank(&title), title.words)).collect();
    titles.sort_by_key(|(rank, _)| *rank);
    let told = titles.into_iter().next();
    let told =
        told.or_else(|| title_in_next_sentence(spoken, words.end).map(|title| (rank(&title), title.words)));
    told.or_else(|| duty(spoken, words.end).map(|words| (Rank::Duty, words)))
}

/// Returns the title that is a sentence of its own after one that ends in the name: "That's Brandis's. Our HR lead."
fn title_in_next_sentence(spoken: &Spoken, at: usize) -> Option<Title> {
    // A few words may follow the name; more would be about something else.
    const AFTER_THE_NAME: usize = 3;
    let end = spoken.sentence(at.checked_sub(1)?).words.end;
    let next = spoken.next_in_turn(end)?;
    let close = end - at.min(end) <= AFTER_THE_NAME && !next.is(flag::PRONOUN);
    let title = read_past_article(spoken, end).filter(|title| close && title.names_a_person)?;
    let ends = spoken.next_in_turn(title.words.end).is_none_or(|after| after.gap != Gap::None);
    ends.then_some(title)
}

fn title_after(spoken: &Spoken, at: usize) -> Option<Title> {
    let next = spoken.next_in_turn(at)?;
    let pack = spoken.pack(at);
    let says = next.gap != Gap::Stop || next.is(flag::PRONOUN);
    if says && let Some((length, ())) = pack.links.longest(spoken.onwards(at)).map(|(length, _)| (length, ()))
    {
        let title = read_past_article(spoken, at + length)?;
        let same = spoken.words[title.words.start].turn == next.turn;
        return (same && title.names_a_person && title.words.end - at <= 9).then_some(title);
    }
    let title = read_past_article(spoken, at)?;
    let after = spoken.next_in_turn(title.words.end);
    let length = title.words.len();
    let fits = match next.gap {
        Gap::Comma => true,
        Gap::None => {
            length <= 3
                && spoken.words[title.words.start].is(flag::COMMON)
                && (title.words.start > at || !spoken.cased || length == 1)
        }
        Gap::Stop => after.is_none_or(|after| after.gap != Gap::None),
    };
    fits.then_some(title)
}

/// Returns the words of "runs dispatch" after a name.
fn duty(spoken: &Spoken, at: usize) -> Option<Range<usize>> {
    let next = spoken.next_in_turn(at)?;
    if next.gap == Gap::Stop && !next.is(flag::PRONOUN) {
        return None;
    }
    let (length, _) = spoken.pack(at).duties.longest(spoken.onwards(at))?;
    object(spoken, at + length).map(|end| at + length - 1..end)
}

/// Returns where the object that begins at `at` ends ("the night shift"), where there is one.
pub(super) fn object(spoken: &Spoken, at: usize) -> Option<usize> {
    let mut end = at;
    for (n, word) in spoken.rest(at).iter().enumerate().take(4) {
        let article = n < 2 && is_plain_article(word);
        if word.gap != Gap::None || word.is(flag::STOP | flag::PRONOUN) && !article {
            break;
        }
        end = at + n + 1;
    }
    let bare = spoken.words[at.min(end)..end].iter().all(is_plain_article);
    (!bare).then_some(end)
}

fn is_plain_article(word: &Word) -> bool {
    word.is(flag::DETERMINER | flag::POSSESSIVE)
}

/// Returns how surely `title` is one.
pub(super) fn rank(title: &Title) -> Rank {
    if title.names_a_person { Rank::Noun } else { Rank::Department }
}

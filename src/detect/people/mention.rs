use std::collections::HashSet;
use std::ops::Range;

use super::flag;
use super::pack::Frame;
use super::spoken::{Gap, Spoken, Word};
use super::title::{self, Rank};
use super::vocabulary::{STRANGER, fold};
use crate::transcript::{Deal, Name};

/// A place where somebody is named, with what the words around it say of them.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// The words of the name.
    pub(super) words: Range<usize>,
    /// How much speaks for a person's name; from [`ENOUGH`] on it is one.
    pub(super) points: i32,
    /// What they are called at work, the surest first.
    pub(super) title: Option<(Rank, Range<usize>)>,
    /// Whether the speaker says that the person belongs to the speaker's own company.
    pub(super) colleague: bool,
    /// Whether the speaker says that the person belongs to the listener's company, or asks after them.
    pub(super) yours: bool,
    /// Whether the person belongs to a third company that delivers.
    pub(super) third_party: bool,
    /// Whether a pastime stands beside the name.
    pub(super) private: bool,
    /// Whether the name is one of the speaker's family or a pet's.
    pub(super) family: bool,
    /// Whether the speaker asks who this is.
    pub(super) unknown: bool,
}

/// Points from which words are somebody's name.
pub(super) const ENOUGH: i32 = 2;

/// Finds where people are named. `known` holds the folded words of everybody whom the call's data name.
pub(super) fn find(spoken: &Spoken, known: &HashSet<String>, deal: &Deal) -> Vec<Mention> {
    let companies =
        [&deal.our_company, &deal.account].map(|company| Name::new(company).words().to_vec()).concat();
    let mut finder = Finder { spoken, known, companies, folded: String::new() };
    let (mut mentions, mut at) = (Vec::new(), 0);
    while at < spoken.words.len() {
        let word = &spoken.words[at];
        if word.is(flag::IDIOM)
            && let Some((length, _)) = spoken.pack(at).idioms.longest(spoken.onwards(at))
        {
            at += length;
            continue;
        }
        match finder.mention(at) {
            Some(mention) => {
                at = mention.words.end;
                mentions.push(mention);
            }
            None => at += 1,
        }
    }
    mentions
}

struct Finder<'a> {
    spoken: &'a Spoken<'a>,
    known: &'a HashSet<String>,
    /// The folded words of both companies' names.
    companies: Vec<String>,
    folded: String,
}

impl Finder<'_> {
    fn mention(&mut self, at: usize) -> Option<Mention> {
        let spoken = self.spoken;
        let word = &spoken.words[at];
        let honorific = at > 0 && word.gap == Gap::None && spoken.words[at - 1].is(flag::HONORIFIC);
        if word.is(flag::HONORIFIC | flag::DAY) && !word.is(flag::GIVEN) || spoken.cased && !word.capital {
            return None;
        }
        if !spoken.cased && !honorific && !word.is(flag::GIVEN) && word.id != STRANGER {
            return None;
        }
        let known = self.is_known(word);
        let base = self.base(at, known, honorific)?;
        let words = self.name(at, known || honorific || word.is(flag::GIVEN));
        self.weigh(words, base, known, honorific)
    }

    fn is_known(&mut self, word: &Word) -> bool {
        let range = word.start as usize..word.end as usize;
        fold(&self.spoken.transcript.turns[word.turn as usize].text[range], &mut self.folded);
        self.known.contains(&self.folded)
    }

    /// Returns what the word by itself is worth, or `None` where it cannot begin a name.
    fn base(&self, at: usize, known: bool, honorific: bool) -> Option<i32> {
        let spoken = self.spoken;
        let (word, pack) = (&spoken.words[at], spoken.pack(at));
        let opens = word.gap == Gap::Stop;
        let telling = spoken.cased && !opens && !pack.nouns_are_capital;
        if honorific {
            let follows = word.capital || word.is(flag::GIVEN) || known || word.id == STRANGER;
            return follows.then_some(3);
        }
        if known {
            let plain =
                !word.is(flag::COMMON) && (spoken.cased || word.id == STRANGER || word.is(flag::GIVEN));
            return Some(if plain || telling { 3 } else { i32::from(spoken.cased) });
        }
        if word.is(flag::PLACE) || word.is(flag::DAY) {
            return word.is(flag::GIVEN).then_some(0);
        }
        if word.is(flag::GIVEN) {
            let sure = !word.is(flag::COMMON);
            return Some(if sure {
                3
            } else if telling {
                2
            } else {
                0
            });
        }
        let company = self.companies.contains(&self.folded);
        let stranger = spoken.cased && word.id == STRANGER && !word.branded && !company;
        // A capital that a sentence or the language asks for says little; a title beside it still does.
        stranger.then_some(-i32::from(opens || pack.nouns_are_capital))
    }

    /// Returns the words of the name that begins at `at`.
    fn name(&mut self, at: usize, surely: bool) -> Range<usize> {
        let spoken = self.spoken;
        let mut end = at + 1;
        while end < at + 4 && self.continues(end, surely && end == at + 1) {
            end += 1;
        }
        while end > at + 1
            && spoken.words[end - 1].is(flag::PARTICLE)
            && !spoken.words[end - 1].is(flag::GIVEN)
        {
            end -= 1;
        }
        at..end
    }

    fn continues(&mut self, at: usize, after_first: bool) -> bool {
        let spoken = self.spoken;
        let Some(word) = spoken.next_in_turn(at).filter(|word| word.gap == Gap::None) else { return false };
        if word.is(flag::DAY | flag::ORGANISATION | flag::HONORIFIC) && !self.is_known(word) {
            return false;
        }
        if word.is(flag::PARTICLE) {
            return spoken.next_in_turn(at + 1).is_some_and(|next| {
                next.gap == Gap::None && if spoken.cased { next.capital } else { next.id == STRANGER }
            });
        }
        if spoken.cased {
            let common = word.is(flag::HEAD) || word.is(flag::COMMON) && !word.is(flag::GIVEN);
            let first = &spoken.words[at - 1];
            let surname = after_first
                && first.is(flag::GIVEN)
                && !first.is(flag::COMMON | flag::PLACE)
                && !word.is(flag::HEAD | flag::STOP);
            return word.capital && !word.branded && (!common || surname || self.is_known(word));
        }
        self.is_known(word) && !word.is(flag::COMMON)
            || after_first && word.id == STRANGER && !self.is_inflected(word)
    }

    /// Tells whether a word without capitals is an everyday word with an ending (`circling`).
    fn is_inflected(&self, word: &Word) -> bool {
        const ENDINGS: [&str; 12] = ["s", "es", "d", "ed", "ing", "ly", "er", "est", "n", "y", "ers", "ment"];
        let text =
            &self.spoken.transcript.turns[word.turn as usize].text[word.start as usize..word.end as usize];
        let vocabulary = &super::pack::Lexicon::get().vocabulary;
        text.starts_with('\'')
            || ENDINGS.iter().filter_map(|ending| text.strip_suffix(ending)).any(|stem| {
                let doubled =
                    stem.len() > 3 && stem.as_bytes()[stem.len() - 1] == stem.as_bytes()[stem.len() - 2];
                let mut stems = vec![stem.to_owned(), format!("{stem}e")];
                if doubled && stem.is_char_boundary(stem.len() - 1) {
                    stems.push(stem[..stem.len() - 1].to_owned());
                }
                stems.iter().any(|stem| vocabulary.id(stem).is_some())
            })
    }

    fn weigh(&self, words: Range<usize>, base: i32, known: bool, honorific: bool) -> Option<Mention> {
        let spoken = self.spoken;
        let pack = spoken.pack(words.start);
        let first = spoken.words[words.start];
        let before = spoken.backwards(words.start);
        let before = pack.before.longest(before).map(|(_, frames)| frames).unwrap_or_default();
        let after = spoken.next_in_turn(words.end).filter(|next| next.gap != Gap::Stop);
        let after = after.and_then(|_| pack.after.longest(spoken.onwards(words.end)));
        let after = after.map(|(_, frames)| frames).unwrap_or_default();
        // "Petra, she tests it" names Petra; "grace she said" need not.
        let turned =
            spoken.words.get(words.end).is_some_and(|next| next.is(flag::PRONOUN) && next.gap == Gap::None);
        let after = if turned && base < 3 { &[] } else { after };
        let led = known || honorific || before.contains(&Frame::Person);
        if self.is_vetoed(&words, led, pack.articles_before_names) {
            return None;
        }
        let title = title::around(spoken, &words);
        let mut points = base + i32::from(self.is_called(&words));
        let is_stranger = first.id == STRANGER && !known && !honorific;
        for (frame, is_before) in before.iter().map(|f| (f, true)).chain(after.iter().map(|f| (f, false))) {
            points += match frame {
                Frame::Own => i32::from(!is_stranger || words.len() == 1) + i32::from(title.is_some()),
                Frame::Person | Frame::Colleague => 2,
                Frame::Doing if !is_stranger => 2,
                Frame::Doing | Frame::Likely if is_stranger => 0,
                Frame::Unknown => 1,
                Frame::Doing | Frame::Likely => 1 + i32::from(!is_before && base > 0),
            };
        }
        // "Canadian payroll" is no person where "Ines, payroll" is; nor is all that stands before "Our CFO."
        let modifies = |title: &Range<usize>| {
            let told = &spoken.words[title.start];
            is_stranger
                && (told.sentence != first.sentence || title.start == words.end && told.gap == Gap::None)
        };
        points += match &title {
            Some((Rank::Noun, title)) if !modifies(title) => 3,
            Some((Rank::Department, title)) if !modifies(title) => 2,
            Some((Rank::Duty, _)) if !is_stranger => 1,
            _ => 0,
        };
        if words.len() > 1 && !first.is(flag::PLACE) && !is_stranger {
            points += 2;
        }
        let colleague = before.contains(&Frame::Colleague) || after.contains(&Frame::Colleague);
        let yours = self.is_yours(&words);
        let mention = Mention {
            third_party: self.is_near(&words, flag::THIRD_PARTY, 0, 8),
            private: self.is_private(&words),
            family: self.is_family(&words),
            unknown: before.contains(&Frame::Unknown),
            words,
            points,
            title,
            colleague,
            yours,
        };
        (mention.points > 0).then_some(mention)
    }

    /// Tells whether the words around rule a person out: "in Austin", "a Ruud", "Austin Freight".
    fn is_vetoed(&self, words: &Range<usize>, known: bool, articles_before_names: bool) -> bool {
        let spoken = self.spoken;
        let first = &spoken.words[words.start];
        let previous = (first.gap != Gap::Stop && words.start > 0).then(|| &spoken.words[words.start - 1]);
        let next = spoken.next_in_turn(words.end).filter(|next| next.gap == Gap::None);
        let uncertain = !first.is(flag::GIVEN) || first.is(flag::PLACE | flag::COMMON);
        let placed = previous.is_some_and(|word| word.is(flag::PLACE_BEFORE) && first.gap == Gap::None);
        let counted = next.is_some_and(|word| word.branded && !word.capital);
        let determined = previous.is_some_and(|word| word.is(flag::DETERMINER) && first.gap == Gap::None);
        let organised =
            next.is_some_and(|word| word.is(flag::ORGANISATION) && (word.capital || !spoken.cased));
        let stranger = !known && !first.is(flag::GIVEN);
        let inner = previous.is_some_and(|word| {
            let title = word.is(flag::COMMON | flag::HONORIFIC) && !word.is(flag::PLACE);
            spoken.cased && word.capital && first.gap == Gap::None && !title && !word.is(flag::GIVEN)
        });
        inner && !known
            || placed && !known && (first.is(flag::PLACE) || stranger)
            || counted && first.is(flag::PLACE)
            || determined
                && (!articles_before_names || stranger)
                && title::read_before(spoken, words.start).is_none()
            || organised && (uncertain || words.len() == 1 && !known)
            || stranger && words.len() > 1 && spoken.words[words.end - 1].branded
    }

    /// Tells whether the name is called out: "Thanks, Will." or "Will, can you".
    fn is_called(&self, words: &Range<usize>) -> bool {
        let spoken = self.spoken;
        let next = spoken.next_in_turn(words.end);
        let ends = next.is_none_or(|next| next.gap == Gap::Stop);
        let first = &spoken.words[words.start];
        first.gap == Gap::Comma && ends
            || first.gap == Gap::Stop && next.is_some_and(|next| next.gap == Gap::Comma)
    }

    /// Tells whether a word with one of `bits` stands in the sentence within `before` and `after` words of the name.
    fn is_near(&self, words: &Range<usize>, bits: u32, before: usize, after: usize) -> bool {
        let sentence = &self.spoken.sentence(words.start).words;
        let from = words.start.saturating_sub(before).max(sentence.start);
        let to = (words.end + after).min(sentence.end);
        self.spoken.words[from..to].iter().any(|word| word.is(bits))
    }

    /// Tells whether a pastime stands near a bare name ("Sofia had a softball game").
    fn is_private(&self, words: &Range<usize>) -> bool {
        let sentence = &self.spoken.sentence(words.start).words;
        let before = &self.spoken.words[words.start.saturating_sub(4).max(sentence.start)..words.start];
        // "My husband wants Victoria": whatever the family is said to think of.
        let wished = before.windows(2).any(|pair| pair[0].is(flag::POSSESSIVE) && pair[1].is(flag::KIN));
        wished || self.is_near(words, flag::PRIVATE, 0, 5)
    }

    /// Tells whether the speaker, or the reply, makes the name one of the family or a pet: "my daughter Sofia",
    /// "Sofia, my daughter", "Who's Max?" "That's my dog."
    fn is_family(&self, words: &Range<usize>) -> bool {
        let spoken = self.spoken;
        let mine = |words: &[Word]| {
            words.windows(2).any(|pair| pair[0].is(flag::POSSESSIVE) && pair[1].is(flag::KIN | flag::PET))
        };
        let turn = spoken.words[words.start].turn as usize;
        let reply = spoken
            .turns
            .get(turn + 1)
            .map(|reply| &spoken.words[reply.start..reply.end.min(reply.start + 5)]);
        let after = words.end..spoken.sentence(words.start).words.end.min(words.end + 4);
        let before = words.start > 0 && {
            let previous = &spoken.words[words.start - 1];
            spoken.words[words.start].gap != Gap::Stop
                && previous.is(flag::KIN | flag::PET)
                && !spoken.sentence(words.start).asks
        };
        before
            || mine(spoken.words.get(after).unwrap_or_default())
            || reply.is_some_and(mine)
            || self.is_near(words, flag::PET, 3, 3)
    }

    fn is_yours(&self, words: &Range<usize>) -> bool {
        self.spoken.sentence(words.start).asks || self.is_near(words, flag::YOURS, 6, 4)
    }
}

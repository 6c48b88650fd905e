use std::ops::Range;

use super::cast::Cast;
use super::flag;
use super::mention::Mention;
use super::pack::{Cue, Lexicon, Of};
use super::spoken::{Gap, Spoken};
use crate::detect::Turnover;
use crate::rules::{Attitude, Role};
use crate::transcript::{Quote, Side};

/// A quote keeps at most this many words on each side of its cue: a turn without punctuation is no evidence as a whole.
const AROUND: usize = 14;

/// How far back, in words, a name may stand that a cue speaks of.
const REACH: usize = 30;

/// What was seen of somebody's part and stance.
#[derive(Clone, Debug, Default)]
pub(super) struct Stance {
    pub(super) roles: Vec<Role>,
    /// The sum of what was said for and against, the last word counting double.
    attitude: i32,
    /// The last sign, and whether any was as strong as "against it".
    last: i32,
    strong: bool,
    signs: u32,
    /// The words that roles rest on, then those of the attitude.
    role_quotes: Vec<Quote>,
    attitude_quotes: Vec<Quote>,
    /// The last words for it and the last against it.
    last_words: [Option<Quote>; 2],
    pub(super) turnover: Option<(Turnover, Quote)>,
}

impl Stance {
    fn see(&mut self, cue: Cue, quote: Option<Quote>) {
        if let Some(role) = cue.role
            && !self.roles.contains(&role)
        {
            self.roles.push(role);
            self.role_quotes.extend(quote.clone());
        }
        if let (Some(turnover), Some(quote)) = (cue.turnover, &quote) {
            self.turnover = Some((turnover, quote.clone()));
        }
        if cue.attitude != 0 {
            self.attitude += i32::from(cue.attitude);
            self.last = i32::from(cue.attitude);
            self.strong |= cue.attitude == -2;
            self.signs += 1;
            if quote.is_some() {
                self.last_words[usize::from(cue.attitude < 0)].clone_from(&quote);
            }
            self.attitude_quotes.extend(quote);
        }
    }

    /// Returns the attitude that the signs add up to; `speaks` tells whether the person was there to show one.
    pub(super) fn attitude(&self, speaks: bool) -> Attitude {
        if self.signs == 0 {
            return if speaks { Attitude::Neutral } else { Attitude::Unknown };
        }
        match self.attitude + self.last {
            2.. => Attitude::Supportive,
            -1..=1 => Attitude::Neutral,
            _ if self.strong && self.attitude <= -2 => Attitude::Opposed,
            _ => Attitude::Skeptical,
        }
    }

    /// Returns the words that show the attitude, where it leans to a side.
    pub(super) fn shown_by(&self, speaks: bool) -> Option<Quote> {
        let against = match self.attitude(speaks) {
            Attitude::Supportive => 0,
            Attitude::Skeptical | Attitude::Opposed => 1,
            Attitude::Neutral | Attitude::Unknown => return None,
        };
        self.last_words[against].clone()
    }

    /// Returns up to four quotes, those of roles first, none within another.
    pub(super) fn evidence(self, named: Option<Quote>) -> Vec<Quote> {
        let mut quotes: Vec<Quote> = Vec::new();
        let last_first = self.attitude_quotes.into_iter().rev();
        for quote in self.role_quotes.into_iter().chain(last_first.take(2)).chain(named) {
            if quotes.len() < 4 && !quotes.iter().any(|kept| kept.span().overlaps(quote.span())) {
                quotes.push(quote);
            }
        }
        quotes
    }
}

/// Reads roles and stances of everybody in `cast`, in its order.
pub(super) fn read(spoken: &Spoken, mentions: &[Mention], cast: &Cast) -> Vec<Stance> {
    let mut reader = Reader { spoken, mentions, cast, next: 0, asked: None };
    let mut stances = vec![Stance::default(); cast.persons.len()];
    for at in 0..spoken.words.len() {
        reader.answer(at, &mut stances);
        if spoken.words[at].is(flag::CUE) {
            reader.cue(at, &mut stances);
        }
    }
    stances
}

/// Reads what the sentence says of somebody who is known by the title `words` alone.
pub(super) fn of_unnamed(spoken: &Spoken, words: Range<usize>) -> Stance {
    let mut stance = Stance::default();
    for at in words.end..spoken.sentence(words.start).words.end {
        let found =
            spoken.pack(at).cues.longest(spoken.onwards(at)).filter(|_| spoken.words[at].is(flag::CUE));
        if let Some((length, cues)) = found {
            for cue in cues.iter().filter(|cue| cue.of == Of::Named) {
                stance.see(*cue, quote(spoken, at, length));
            }
        }
    }
    stance
}

struct Reader<'a> {
    spoken: &'a Spoken<'a>,
    mentions: &'a [Mention],
    cast: &'a Cast,
    /// The first mention after the word that is read.
    next: usize,
    /// A question for somebody with a part, and the turn that asks it.
    asked: Option<(Cue, u32)>,
}

impl Reader<'_> {
    /// Moves past mentions before word `at`; one that answers the question of the turn before gets its part.
    fn answer(&mut self, at: usize, stances: &mut [Stance]) {
        while self.mentions.get(self.next).is_some_and(|mention| mention.words.start <= at) {
            let mention = &self.mentions[self.next];
            let turn = self.spoken.words[mention.words.start].turn;
            if let (Some((cue, asked)), Some(person)) = (self.asked, self.cast.of_mention[self.next])
                && turn == asked + 1
            {
                stances[person].see(cue, quote(self.spoken, mention.words.start, mention.words.len()));
                self.asked = None;
            }
            self.next += 1;
        }
    }

    fn cue(&mut self, at: usize, stances: &mut [Stance]) {
        let pack = self.spoken.pack(at);
        let Some((length, cues)) = pack.cues.longest(self.spoken.onwards(at)) else { return };
        let word = self.spoken.words[at];
        let previous = (word.gap != Gap::Stop && at > 0).then(|| self.spoken.words[at - 1]);
        if previous.is_some_and(|previous| previous.is(flag::NEGATION)) {
            return;
        }
        for cue in cues {
            let person = match cue.of {
                Of::Speaker => self.speaker(at),
                Of::Named => self.named(at, cue.turnover.is_some()),
                Of::Answer => {
                    self.asked = Some((*cue, word.turn));
                    None
                }
            };
            if let Some(person) = person {
                stances[person].see(*cue, quote(self.spoken, at, length));
            }
        }
    }

    fn speaker(&self, at: usize) -> Option<usize> {
        let speaker = self.spoken.transcript.turns[self.spoken.words[at].turn as usize].speaker;
        self.cast.of_speaker.get(speaker.index()).copied().flatten()
    }

    /// Returns whom the third person at word `at` means: whoever was named last, in this turn or, where the turn
    /// goes on about "she", in one of the two before. What our side says of a stance is hope; that somebody left is
    /// `news`.
    fn named(&self, at: usize, news: bool) -> Option<usize> {
        let turn = self.spoken.words[at].turn;
        let speaks = &self.spoken.transcript.turns[turn as usize];
        if self.spoken.transcript.speakers[speaks.speaker.index()].side == Some(Side::Rep)
            && !news
            && !self.spoken.sentence(at).asks
        {
            return None;
        }
        let last = self.next.checked_sub(1)?;
        let mention = &self.mentions[last];
        let named_in = self.spoken.words[mention.words.start].turn;
        let near = if named_in == turn {
            at - mention.words.end.min(at) <= REACH
        } else {
            let since = self.spoken.turns[turn as usize].start;
            turn - named_in <= 2 && self.spoken.words[since..=at].iter().any(|word| word.is(flag::PRONOUN))
        };
        self.cast.of_mention[last].filter(|_| near)
    }
}

/// Cuts the sentence around the `length` words at `at`, no longer than evidence should be.
pub(super) fn quote(spoken: &Spoken, at: usize, length: usize) -> Option<Quote> {
    let sentence = &spoken.sentence(at).words;
    let from = sentence.start.max(at.saturating_sub(AROUND));
    let to = (at + length + AROUND).min(sentence.end);
    spoken.transcript.quote(spoken.span(from..to)?)
}

/// Returns the role that a title alone suggests.
pub(super) fn role_of_title(title: &str, spoken: &Spoken) -> Option<Role> {
    let lexicon = Lexicon::get();
    let pack = lexicon.pack(spoken.transcript.language.as_ref());
    let words: Vec<_> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .flat_map(|word| lexicon.vocabulary.split(word))
        .collect();
    let ids = words.iter().filter_map(|word| lexicon.vocabulary.id(word));
    ids.into_iter()
        .find_map(|id| pack.title_roles.iter().find(|(_, word)| *word == id).map(|(role, _)| *role))
}

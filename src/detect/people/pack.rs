use std::sync::LazyLock;

use super::flag;
use super::phrases::Phrases;
use super::source::{
    Cues, Frames, GIVEN_NAMES, NICKNAMES, PLACES, PUBLIC_FIGURES, SOURCES, Source, Stance, lines, listed,
};
use super::vocabulary::{Vocabulary, WordId};
use crate::detect::Turnover;
use crate::rules::Role;
use crate::transcript::Language;

/// What a frame says of the name before or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// The speaker's own name.
    Own,
    /// A person's, and hardly a company's.
    Person,
    /// Of somebody who does something: a person, where the word is a given name, else as well a company.
    Doing,
    /// A person's, a company's or a thing's.
    Likely,
    /// One that the speaker asks about.
    Unknown,
    /// Somebody of the speaker's own company.
    Colleague,
}

/// A cue of a part or a stance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cue {
    /// Of whom it speaks.
    pub(super) of: Of,
    pub(super) role: Option<Role>,
    /// From -2, against, to 2, in favour.
    pub(super) attitude: i8,
    pub(super) turnover: Option<Turnover>,
}

/// Of whom a cue speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The speaker.
    Speaker,
    /// Whoever was named last.
    Named,
    /// Whoever the next speaker names.
    Answer,
}

/// Everything about one language, compiled.
pub(super) struct Pack {
    /// Flags by word.
    pub(super) flags: Vec<u32>,
    pub(super) nouns_are_capital: bool,
    pub(super) articles_before_names: bool,
    pub(super) adjectives_follow: bool,
    pub(super) head_suffixes: Vec<String>,
    pub(super) before: Phrases<Frame>,
    pub(super) after: Phrases<Frame>,
    pub(super) links: Phrases<()>,
    pub(super) duties: Phrases<()>,
    pub(super) own_titles: Phrases<()>,
    pub(super) own_duties: Phrases<()>,
    pub(super) departments: Phrases<()>,
    pub(super) idioms: Phrases<()>,
    pub(super) cues: Phrases<Cue>,
    pub(super) title_roles: Vec<(Role, WordId)>,
}

/// All lexicons.
pub(super) struct Lexicon {
    pub(super) vocabulary: Vocabulary,
    packs: Vec<(Language, Pack)>,
    nicknames: Vec<(String, Vec<String>)>,
}

impl Lexicon {
    /// Returns the lexicons that ship with the crate.
    pub(super) fn get() -> &'static Self {
        static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::compile);
        &LEXICON
    }

    /// Returns the pack of `language`, or of English for one that has none.
    pub(super) fn pack(&self, language: Option<&Language>) -> &Pack {
        let found = self.packs.iter().find(|(known, _)| Some(known) == language);
        &found.unwrap_or(&self.packs[0]).1
    }

    /// Tells whether `short` is a short form of the given name `long`, both folded.
    pub(super) fn is_short_for(&self, short: &str, long: &str) -> bool {
        let at = self.nicknames.binary_search_by(|(known, _)| known.as_str().cmp(short));
        at.is_ok_and(|at| self.nicknames[at].1.iter().any(|full| full == long))
    }

    fn compile() -> Self {
        let mut vocabulary = Vocabulary::default();
        let mut packs: Vec<_> = SOURCES
            .iter()
            .map(|source| (Language::from_tag(source.tag), Pack::compile(source, &mut vocabulary)))
            .collect();
        for (_, pack) in &mut packs {
            pack.flags.resize(vocabulary.len(), 0);
        }
        let mut nicknames: Vec<_> = lines(NICKNAMES)
            .map(|line| {
                let mut words = line.split(' ').map(str::to_owned);
                (words.next().unwrap_or_default(), words.collect())
            })
            .collect();
        nicknames.sort();
        Self { vocabulary, packs, nicknames }
    }
}

impl Pack {
    fn compile(source: &Source, vocabulary: &mut Vocabulary) -> Self {
        #[expect(clippy::expect_used, reason = "the files are part of the program, and a test compiles them")]
        let frames: Frames = toml::from_str(source.frames).expect("frames.toml is readable");
        #[expect(clippy::expect_used, reason = "as above")]
        let stance: Stance = toml::from_str(source.stance).expect("stance.toml is readable");
        let mut build = Build { flags: Vec::new(), vocabulary };
        build.mark_listed(&frames);
        let before = build.frames(
            Phrases::backward(),
            &[
                (Frame::Own, &frames.introducing_oneself),
                (Frame::Person, &frames.before_a_person),
                (Frame::Likely, &frames.before_a_name),
                (Frame::Unknown, &frames.unknown_to_the_speaker),
                (Frame::Colleague, &frames.our_side),
            ],
        );
        let after = build.frames(
            Phrases::forward(),
            &[
                (Frame::Person, &frames.after_a_person),
                (Frame::Doing, &frames.after_doing),
                (Frame::Likely, &frames.after_a_name),
                (Frame::Colleague, &frames.of_ours),
            ],
        );
        let [links, duties, own_titles, own_duties, departments] =
            [&frames.links, &frames.duties, &frames.own_titles, &frames.own_duties, &frames.departments]
                .map(|phrases| build.phrases(phrases));
        let cues = build.cues(&stance);
        for word in listed(source.words) {
            build.mark([word], flag::COMMON);
        }
        let idioms = build.idioms(&frames.idioms);
        let title_roles = build.title_roles(&stance);
        build.mark(listed(GIVEN_NAMES), flag::GIVEN);
        build.mark(listed(PLACES), flag::PLACE);
        Self {
            flags: build.flags,
            nouns_are_capital: frames.nouns_are_capital,
            articles_before_names: frames.articles_before_names,
            adjectives_follow: frames.adjectives_follow,
            head_suffixes: frames.head_suffixes,
            before,
            after,
            links,
            duties,
            own_titles,
            own_duties,
            departments,
            idioms,
            cues,
            title_roles,
        }
    }
}

/// A pack in the making.
struct Build<'a> {
    flags: Vec<u32>,
    vocabulary: &'a mut Vocabulary,
}

impl Build<'_> {
    fn mark<S: AsRef<str>>(&mut self, words: impl IntoIterator<Item = S>, bits: u32) {
        for word in words {
            for part in self.vocabulary.split(word.as_ref()) {
                let id = self.vocabulary.learn(&part);
                self.set(id, bits);
            }
        }
    }

    fn set(&mut self, id: WordId, bits: u32) {
        let at = id as usize;
        if at >= self.flags.len() {
            self.flags.resize(at + 1, 0);
        }
        self.flags[at] |= bits;
    }

    fn mark_listed(&mut self, frames: &Frames) {
        use flag::{
            AND, NEGATION, PARTICLE, PET, PLACE_BEFORE, POSSESSIVE, PRIVATE, PRONOUN, SINGLE, STOP, TAIL,
        };
        use flag::{COMMON, DAY, DETERMINER, FIRST_PERSON, HEAD, HONORIFIC, KIN, MODIFIED, ORGANISATION};
        let lists: [(&[String], u32); 24] = [
            (&frames.honorifics, HONORIFIC | COMMON),
            (&frames.particles, PARTICLE),
            (&frames.determiners, DETERMINER | COMMON),
            (&frames.possessives, POSSESSIVE | COMMON),
            (&frames.yours, flag::YOURS | COMMON),
            (&frames.pronouns, PRONOUN | COMMON),
            (&frames.places, PLACE_BEFORE | COMMON),
            (&frames.kin, KIN | COMMON),
            (&frames.pets, PET | COMMON),
            (&frames.private, PRIVATE | COMMON),
            (&frames.organisations, ORGANISATION),
            (&frames.third_parties, flag::THIRD_PARTY | COMMON),
            (&frames.heads, HEAD | COMMON),
            (&frames.single_heads, HEAD | SINGLE | COMMON),
            (&frames.modified_heads, HEAD | MODIFIED | COMMON),
            (&frames.departments, COMMON),
            (&frames.in_capitals_only, flag::SPELT | COMMON),
            (&frames.tails, TAIL | COMMON),
            (&frames.first_person, FIRST_PERSON | COMMON),
            (&frames.conjunctions, AND | COMMON),
            (&frames.negations, NEGATION | COMMON),
            (&frames.stops, STOP | COMMON),
            (&frames.after_no_title, flag::COMPOUND | COMMON),
            (&frames.days, DAY | COMMON),
        ];
        for (words, bits) in lists {
            self.mark(words.iter().filter(|word| !word.contains('|')), bits);
        }
    }

    fn add<T: Clone>(&mut self, phrases: &mut Phrases<T>, written: &str, value: &T) -> Vec<WordId> {
        let firsts = phrases.add(written, value, self.vocabulary);
        for choice in written.split([' ', '|', '+']).filter(|word| *word != "_") {
            self.mark([choice], flag::COMMON);
        }
        firsts
    }

    fn phrases(&mut self, written: &[String]) -> Phrases<()> {
        let mut phrases = Phrases::forward();
        for phrase in written {
            self.add(&mut phrases, phrase, &());
        }
        phrases
    }

    fn frames(&mut self, mut phrases: Phrases<Frame>, lists: &[(Frame, &Vec<String>)]) -> Phrases<Frame> {
        for (frame, written) in lists {
            for phrase in *written {
                self.add(&mut phrases, phrase, frame);
            }
        }
        phrases
    }

    fn idioms(&mut self, written: &[String]) -> Phrases<()> {
        let mut idioms = Phrases::forward();
        for phrase in lines(PUBLIC_FIGURES).chain(written.iter().map(String::as_str)) {
            for first in idioms.add(phrase, &(), self.vocabulary) {
                self.set(first, flag::IDIOM);
            }
        }
        idioms
    }

    fn cues(&mut self, stance: &Stance) -> Phrases<Cue> {
        let mut phrases = Phrases::forward();
        for (of, list) in
            [(Of::Speaker, &stance.own), (Of::Named, &stance.other), (Of::Answer, &stance.asked)]
        {
            for cues in list {
                let Cues { role, attitude, turnover, .. } = *cues;
                let cue = Cue { of, role, attitude, turnover };
                for written in &cues.phrases {
                    for first in self.add(&mut phrases, written, &cue) {
                        self.set(first, flag::CUE);
                    }
                }
            }
        }
        phrases
    }

    fn title_roles(&mut self, stance: &Stance) -> Vec<(Role, WordId)> {
        let words =
            stance.titles.iter().flat_map(|(role, words)| words.iter().map(move |word| (*role, word)));
        words.map(|(role, word)| (role, self.vocabulary.learn(word))).collect()
    }
}

use std::collections::{BTreeMap, HashMap, HashSet};

use strsim::damerau_levenshtein;

use super::words::Folding;
use super::{Secret, SecretKind};

/// The share of a secret's weight that a stretch of a paper may not reach. Paraphrase by small edits keeps about two
/// thirds; papers about the same things stay below one half.
const MOST: f64 = 0.55;
/// The same for a clause of a secret, which is shorter and so easier met by chance.
const MOST_OF_CLAUSE: f64 = 0.72;
/// The same for a secret of few words.
const MOST_OF_FEW: f64 = 0.65;
/// At most these many content words are few.
const FEW: usize = 5;
/// The same where words are looked for in letters without spaces, in which short words turn up inside others.
const MOST_OF_MOVED: f64 = 0.7;
/// The share that is telling where fewer than [`OWN`] words are the secret's own.
const NEARLY_ALL: f64 = 0.85;
/// How much more must be told where the telling goes on in the next line.
const OVER_TWO_LINES: f64 = 0.2;
/// Words that only the secret has, figures aside.
const OWN: usize = 2;
/// Weight of a word that the customer's papers may say, where a word that only the secret has weighs one.
const COMMON: f64 = 0.45;
/// How much longer than the secret the stretch may be, and how many words more.
const STRETCH: (usize, usize) = (2, 4);
/// Fewer content words than these tell nothing by themselves.
const FEWEST: usize = 3;
/// Shorter secrets are looked for to the letter, in this many words at least.
const FEWEST_TO_THE_LETTER: usize = 4;
/// Letters from which on a stem is looked for in text whose spaces were moved.
const SOLID: usize = 4;

/// A secret, or a clause of one, as its content words.
#[derive(Debug)]
pub(super) struct Traced {
    pub(super) kind: SecretKind,
    /// Each content word once, with its weight.
    words: Vec<(String, f64)>,
    most: f64,
    /// Its longer content words as they are written, for text whose spaces were moved.
    solid: Vec<(String, f64)>,
    /// All its words, for a secret with too little content.
    phrase: Vec<String>,
}

/// A word of a secret, met in a paper.
struct Hit {
    /// Words or letters from the beginning of the paper.
    at: usize,
    line: usize,
    word: usize,
}

/// The lines of a paper, as content words.
pub(super) struct Lines {
    /// Each content word, by its first letter, with its places: which word of the paper, and in which line.
    content: HashMap<u8, BTreeMap<String, Vec<(usize, usize)>>>,
    /// All words of each line.
    all: Vec<Vec<String>>,
    /// The letters of each line without spaces.
    solid: Vec<String>,
}

impl Lines {
    pub(super) fn of(lines: &[String], folding: &Folding) -> Self {
        let mut read = Self { content: HashMap::new(), all: Vec::new(), solid: Vec::new() };
        let mut place = 0;
        for (at, line) in lines.iter().enumerate() {
            let words = folding.all(line);
            for word in words.iter().filter(|word| !word.grammar) {
                let same_letter = read.content.entry(first(&word.stem)).or_default();
                same_letter.entry(word.stem.clone()).or_default().push((place, at));
                place += 1;
            }
            read.all.push(words.into_iter().map(|word| word.stem).collect());
            read.solid.push(super::words::plain(line).chars().filter(|c| c.is_alphanumeric()).collect());
        }
        read
    }

    /// Returns where the paper has `stem`, or one so like it that it is the same word.
    fn places(&self, stem: &str) -> impl Iterator<Item = (usize, usize)> {
        let same_letter = self.content.get(&first(stem)).into_iter().flatten();
        same_letter.filter(move |(word, _)| alike(stem, word)).flat_map(|(_, places)| places.iter().copied())
    }
}

/// Returns a word's first byte: it is seldom changed, and comparing all words with all would cost most of the time.
fn first(stem: &str) -> u8 {
    stem.as_bytes().first().copied().unwrap_or_default()
}

impl Traced {
    /// Returns the secret as a whole and clause by clause.
    pub(super) fn of(secret: &Secret, folding: &Folding, common: &HashSet<String>) -> Vec<Self> {
        let whole = Self::part(secret.kind, &secret.words, MOST, folding, common);
        let clauses = secret.words.split(['.', ',', ';', ':', '?', '!', '–', '—']);
        let clauses = clauses
            .map(|clause| Self::part(secret.kind, clause, MOST_OF_CLAUSE, folding, common))
            .filter_map(Self::telling)
            .filter(|clause| clause.words.len() < whole.words.len());
        let mut all: Vec<Self> = clauses.collect();
        all.push(whole);
        all
    }

    fn part(kind: SecretKind, text: &str, most: f64, folding: &Folding, common: &HashSet<String>) -> Self {
        let mut words: Vec<(String, f64)> = Vec::new();
        for word in folding.content(text) {
            if !words.iter().any(|(known, _)| *known == word.stem) {
                let weight = if common.contains(&word.stem) { COMMON } else { 1.0 };
                words.push((word.stem, weight));
            }
        }
        let mut solid: Vec<(String, f64)> = Vec::new();
        for stem in folding.written(text).into_iter().filter(|stem| stem.len() >= SOLID) {
            if !solid.iter().any(|(known, _)| *known == stem) {
                let weight = if common.contains(&stem) { COMMON } else { 1.0 };
                solid.push((stem, weight));
            }
        }
        let most = if words.len() <= FEW { most.max(MOST_OF_FEW) } else { most };
        let phrase = folding.all(text).into_iter().map(|word| word.stem).collect();
        Self { kind, words, most, solid, phrase }
    }

    /// Returns a clause that says something by itself; one of few words is looked for as a whole.
    fn telling(mut self) -> Option<Self> {
        let figures = self.words.iter().filter(|(stem, _)| is_figure(stem)).count();
        if self.words.len() == FEWEST {
            self.most = 1.0;
        }
        (self.words.len() >= FEWEST && self.words.len() - figures + 1 >= FEWEST).then_some(self)
    }

    /// Returns the line in which the secret is told, or in which its telling begins.
    pub(super) fn found_in(&self, lines: &Lines) -> Option<usize> {
        if self.words.len() < FEWEST {
            return self.to_the_letter(lines);
        }
        self.in_a_stretch(lines).or_else(|| self.with_moved_spaces(lines))
    }

    fn to_the_letter(&self, lines: &Lines) -> Option<usize> {
        let long = self.phrase.len() >= FEWEST_TO_THE_LETTER && !self.words.is_empty();
        let holds = |line: &Vec<String>| line.windows(self.phrase.len()).any(|window| *window == self.phrase);
        if long { lines.all.iter().position(holds) } else { None }
    }

    fn in_a_stretch(&self, lines: &Lines) -> Option<usize> {
        let length = self.words.len() * STRETCH.0 + STRETCH.1;
        let mut hits = Vec::new();
        for (word, (stem, _)) in self.words.iter().enumerate() {
            hits.extend(lines.places(stem).map(|(at, line)| Hit { at, line, word }));
        }
        hits.sort_unstable_by_key(|hit| hit.at);
        Self::fullest(&hits, &self.words, (length, 1), self.most)
    }

    /// Looks for the words in letters without spaces: `steer ing com mittee` and `steeringcommittee` are found so.
    fn with_moved_spaces(&self, lines: &Lines) -> Option<usize> {
        let most = match self.solid.len() {
            ..FEWEST => return None,
            FEWEST => MOST_OF_FEW,
            _ => MOST_OF_MOVED,
        };
        let longer: usize = self.solid.iter().map(|(letters, _)| letters.len()).sum();
        let all: usize = self.phrase.iter().map(String::len).sum();
        let length = (longer * STRETCH.0).max(all * 3 / 2);
        let mut hits = Vec::new();
        let mut start = 0;
        for (line, letters) in lines.solid.iter().enumerate() {
            for (word, (stem, _)) in self.solid.iter().enumerate() {
                let found = letters.match_indices(stem.as_str());
                hits.extend(found.map(|(at, _)| Hit { at: start + at, line, word }));
            }
            start += letters.len();
        }
        hits.sort_unstable_by_key(|hit| hit.at);
        Self::fullest(&hits, &self.solid, (length, 0), most)
    }

    /// Returns the line in which a stretch holds at least `most` of `words`, where there is one. `reach` is how many
    /// words or letters it spans, and how many lines below the first: more lines share words by chance.
    fn fullest(hits: &[Hit], words: &[(String, f64)], reach: (usize, usize), most: f64) -> Option<usize> {
        let (length, further) = reach;
        let whole: f64 = words.iter().map(|(_, weight)| weight).sum();
        let weight = |word: &usize| words[*word].1;
        for (first, start) in hits.iter().enumerate() {
            let stretch = hits[first..].iter();
            let stretch =
                stretch.take_while(|hit| hit.at - start.at < length && hit.line <= start.line + further);
            let (mut here, mut below) = (HashSet::new(), HashSet::new());
            for hit in stretch {
                if hit.line == start.line {
                    here.insert(hit.word)
                } else {
                    below.insert(hit.word)
                };
            }
            let seen: Vec<usize> = here.union(&below).copied().collect();
            let held: f64 = seen.iter().map(weight).sum();
            // Two words of three are telling where both are words that only the secret has.
            let figures = seen.iter().any(|word| is_figure(&words[*word].0));
            let telling =
                seen.len() >= FEWEST || (seen.len() + 1 == FEWEST && held > 2.0 - COMMON && !figures);
            // Papers about the same things share figures and common words; a telling keeps words that only the secret has.
            let own =
                seen.iter().filter(|word| words[**word].1 > COMMON && !is_figure(&words[**word].0)).count();
            let enough = if own >= OWN { most } else { NEARLY_ALL };
            let enough = if below.is_empty() { enough } else { (enough + OVER_TWO_LINES).min(NEARLY_ALL) };
            if telling && held >= enough * whole {
                let below: f64 = below.iter().map(weight).sum();
                let here: f64 = here.iter().map(weight).sum();
                return Some(start.line + usize::from(below > here));
            }
        }
        None
    }
}

fn is_figure(stem: &str) -> bool {
    stem.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Tells whether two stems are one word: the same, or nearly so where they are long enough to tell.
fn alike(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    if short < 5 || long - short > 3 {
        return false;
    }
    let edits = if short >= 8 { 2 } else { 1 };
    damerau_levenshtein(one, other) <= edits || (short >= 6 && one.get(..6) == other.get(..6))
}

//! What to ask a model about a call: what the rules are unsure of, the worth of an answer weighed against its price.

use std::collections::BTreeMap;
use std::ops::Range;

use super::answer::schema;
use super::mask::{Masks, Shown};
use super::model::Prompt;
use super::prompt::{Ask, PER_ANSWER, UNASKED, prompt, system};
use super::token::{estimate, tokens};
use crate::detect::{Detected, Likelihood, likelihoods};
use crate::rules::{Kind, RuleSet};
use crate::transcript::{Deal, Side, Span, Transcript};

/// A finding at least this sure is not asked about for its own sake; it tells how far the model can be trusted.
pub(super) const SURE: f64 = 0.85;
/// An utterance at most this likely is as good as none.
pub(super) const UNLIKELY: f64 = 0.02;
/// An utterance at least this likely to be what the rules missed is asked about.
const ASK_FROM: f64 = 0.12;
/// Questions of either answer that are known, to learn whether the model knows them.
const CONTROLS: usize = 8;
/// A control that nothing is said of has at least so many words.
const CONTROL_WORDS: usize = 5;
/// Bytes that are shown around a question, before and behind; about three sentences.
const AROUND: usize = 240;
/// Words of a quote in a question; enough to find it.
const QUOTED: usize = 12;
/// A call of which nobody knows how long it took is spoken at this speed.
const WORDS_PER_HOUR: usize = 9_000;
/// Tokens of one prompt at most: attention wanes with length, and an answer that breaks off loses less.
const PROMPT_TOKENS: u64 = 8_000;
/// What a turn or a question costs beside its words, in tokens.
const FRAME: u64 = 14;

/// How much may be asked about a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scope {
    /// Tokens for each begun hour of a call, there and back.
    pub tokens_per_hour: u64,
    /// Whether e-mail addresses, numbers of telephones and cards, and names are hidden.
    pub mask: bool,
}

/// A prompt about a call, with what is needed to understand its answer.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The prompt.
    pub prompt: Prompt,
    pub(super) shown: Vec<Shown>,
    pub(super) questions: Vec<Question>,
}

impl Asked {
    /// Returns about how many tokens the prompt and its answer take.
    pub fn estimate(&self) -> u64 {
        let Prompt { system, user, schema, max_output } = &self.prompt;
        estimate(system) + estimate(user) + estimate(&schema.to_string()) + u64::from(*max_output)
    }
}

/// Whether words are of a kind, and what the rules think.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Question {
    pub(super) span: Span,
    pub(super) kind: Kind,
    pub(super) probability: f64,
    /// The least probability of a finding.
    pub(super) threshold: f64,
    /// The finding that it is about, by its place; `None` for what the rules left out.
    pub(super) finding: Option<usize>,
}

impl Question {
    /// Tells whether an answer can change anything.
    fn is_open(&self) -> bool {
        self.probability < SURE && self.probability >= ASK_FROM
    }

    /// Returns what an answer is worth: most where the rules waver.
    fn worth(&self) -> f64 {
        self.probability * (1.0 - self.probability)
    }
}

/// Returns the prompts about a call, the cheapest per answer first to be taken, within `scope`. The same call, rules and
/// scope give the same prompts.
pub fn plan(
    transcript: &Transcript,
    deal: &Deal,
    detected: &Detected,
    rules: &RuleSet,
    scope: &Scope,
) -> Vec<Asked> {
    let likely = likelihoods(transcript, rules);
    let questions = questions(detected, &likely);
    let fixed = estimate(&system()) + estimate(&schema().to_string()) + UNASKED + FRAME;
    let budget = scope.tokens_per_hour * hours(transcript);
    let mut prompts = Vec::new();
    let mut open: Vec<_> = questions.iter().filter(|question| question.is_open()).copied().collect();
    let price = |question: &Question| Draft::new(transcript).price(question) as f64;
    open.sort_by(|one, other| (other.worth() / price(other)).total_cmp(&(one.worth() / price(one))));
    let mut left = budget;
    while !open.is_empty() && left > fixed {
        let mut draft = Draft::new(transcript);
        draft.limit = left.min(PROMPT_TOKENS).saturating_sub(fixed);
        open.retain(|question| !draft.take(question, 4, 5));
        if draft.questions.is_empty() {
            break;
        }
        draft.controls(&questions, &likely);
        left = left.saturating_sub(fixed + draft.spent);
        prompts.push(draft.write(deal, scope.mask));
    }
    prompts
}

/// Returns the threshold of `kind` where `span` stands.
pub(super) fn likelihood(likely: &[Likelihood], kind: Kind, span: Span) -> Option<&Likelihood> {
    let there = likely.iter().filter(|it| it.kind == kind && it.span.overlaps(span));
    there.max_by(|one, other| one.probability.total_cmp(&other.probability))
}

/// Rules of one's own have no learned threshold: even odds.
pub(super) const EVEN: f64 = 0.5;

fn questions(detected: &Detected, likely: &[Likelihood]) -> Vec<Question> {
    let found = detected.findings.iter().enumerate().map(|(at, finding)| {
        let (span, kind, probability) = (finding.quote.span(), finding.kind(), finding.confidence);
        let threshold = likelihood(likely, kind, span).map_or(EVEN, |it| it.threshold).min(probability);
        Question { span, kind, probability, threshold, finding: Some(at) }
    });
    let taken = |it: &&Likelihood| {
        let same = |finding: &&crate::detect::Finding| family(finding.kind()) == family(it.kind);
        detected.findings.iter().filter(same).any(|finding| finding.quote.span().overlaps(it.span))
    };
    let missed = likely.iter().filter(|it| it.probability >= ASK_FROM && !taken(it)).map(|it| {
        let Likelihood { span, kind, probability, threshold } = *it;
        // What the rules left out for another reason than its odds stays at the border.
        Question { span, kind, probability: probability.min(threshold), threshold, finding: None }
    });
    found.chain(missed).collect()
}

/// The same words bind once: promise and next step are one family.
pub(super) fn family(kind: Kind) -> Kind {
    if kind == Kind::NextStep { Kind::Promise } else { kind }
}

/// Returns the begun hours of a call.
fn hours(transcript: &Transcript) -> u64 {
    let words: usize = transcript.turns.iter().map(|turn| turn.text.split_whitespace().count()).sum();
    let ends = transcript.turns.iter().rev().find_map(|turn| turn.end().or(turn.start()));
    let spoken = words.div_ceil(WORDS_PER_HOUR) as u64;
    // Clocks of recorders are odd now and then; nobody speaks for longer than twice the words.
    ends.map_or(spoken, |end| end.as_millis().div_ceil(3_600_000).min(spoken * 2)).max(1)
}

/// A prompt that grows.
struct Draft<'t> {
    transcript: &'t Transcript,
    /// The bytes shown of each turn.
    shown: BTreeMap<u32, Range<usize>>,
    questions: Vec<Question>,
    spent: u64,
    limit: u64,
}

impl<'t> Draft<'t> {
    fn new(transcript: &'t Transcript) -> Self {
        Self { transcript, shown: BTreeMap::new(), questions: Vec::new(), spent: 0, limit: u64::MAX }
    }

    /// Takes a question where its price fits into `part` of `whole` of what is left to spend.
    fn take(&mut self, question: &Question, part: u64, whole: u64) -> bool {
        let price = self.price(question);
        let fits = self.spent + price <= self.limit / whole * part;
        if fits {
            self.spent += price;
            self.questions.push(*question);
            for (turn, range) in self.around(question) {
                self.shown.insert(turn, range);
            }
        }
        fits
    }

    /// Returns what a question costs here, in tokens: words that are not shown yet, itself and its answer.
    fn price(&self, question: &Question) -> u64 {
        let words = self.around(question).into_iter().map(|(turn, range)| match self.shown.get(&turn) {
            Some(shown) => (range.len() - shown.len()) as u64 / 4,
            None => range.len() as u64 / 4 + FRAME,
        });
        words.sum::<u64>() + question.span.range().len().min(QUOTED * 6) as u64 / 4 + FRAME + PER_ANSWER
    }

    /// Returns the turns around a question with what is to be shown of them, what is shown already included.
    fn around(&self, question: &Question) -> Vec<(u32, Range<usize>)> {
        let Span { turn, .. } = question.span;
        let text = |turn: u32| self.transcript.turns.get(turn as usize).map_or("", |turn| turn.text.as_str());
        let own = question.span.range();
        let mut pieces = vec![(turn, own.start.saturating_sub(AROUND)..own.end + AROUND)];
        if let Some(before) = turn.checked_sub(1) {
            let length = text(before).len();
            pieces.push((before, length.saturating_sub(AROUND)..length));
        }
        pieces.push((turn + 1, 0..AROUND));
        let whole = |(turn, range): (u32, Range<usize>)| {
            let mut range = to_words(text(turn), range);
            if let Some(shown) = self.shown.get(&turn) {
                range = range.start.min(shown.start)..range.end.max(shown.end);
            }
            (!range.is_empty()).then_some((turn, range))
        };
        pieces.into_iter().filter_map(whole).collect()
    }

    /// Adds questions whose answers are known, of both answers.
    fn controls(&mut self, all: &[Question], likely: &[Likelihood]) {
        let mut sure: Vec<_> = all.iter().filter(|question| question.probability >= SURE).collect();
        sure.sort_by_key(|question| self.price(question));
        let taken = sure.into_iter().filter(|question| self.take(question, 1, 1)).take(CONTROLS).count();
        let mut kinds: Vec<_> = self.questions.iter().map(|question| question.kind).collect();
        kinds.sort();
        kinds.dedup();
        let long = |it: &Likelihood| {
            self.transcript
                .slice(it.span)
                .is_some_and(|words| words.split_whitespace().count() >= CONTROL_WORDS)
        };
        let mut none: Vec<_> = likely
            .iter()
            .filter(|it| it.probability < UNLIKELY && kinds.contains(&it.kind) && long(it))
            .collect();
        none.sort_by(|one, other| one.probability.total_cmp(&other.probability));
        let mut turns: Vec<u32> = Vec::new();
        for Likelihood { span, kind, probability, threshold } in none {
            let inside = self
                .shown
                .get(&span.turn)
                .is_some_and(|shown| shown.start <= span.start as usize && span.end as usize <= shown.end);
            let question = Question {
                span: *span,
                kind: *kind,
                probability: *probability,
                threshold: *threshold,
                finding: None,
            };
            if turns.len() < taken.max(CONTROLS / 2)
                && inside
                && !turns.contains(&span.turn)
                && self.take(&question, 1, 1)
            {
                turns.push(span.turn);
            }
        }
    }

    fn write(mut self, deal: &Deal, mask: bool) -> Asked {
        // In the order of the call, so that the order tells nothing of what is thought of them.
        self.questions.sort_by_key(|question| (question.span, question.kind));
        let mut masks = if mask { Masks::new(names(self.transcript, deal)).hiding() } else { Masks::new([]) };
        let text = |turn: u32| self.transcript.turns[turn as usize].text.as_str();
        let shown: Vec<_> =
            self.shown.iter().map(|(turn, range)| masks.show(*turn, text(*turn), range.clone())).collect();
        let quotes: Vec<_> = self
            .questions
            .iter()
            .map(|Question { span, .. }| opening(&masks.show(span.turn, text(span.turn), span.range()).text))
            .collect();
        let asks: Vec<_> = (self.questions.iter().zip(&quotes))
            .map(|(question, quote)| Ask { turn: question.span.turn, kind: question.kind, quote })
            .collect();
        let turns: Vec<_> = shown.iter().map(|shown| (shown, who(self.transcript, shown.turn))).collect();
        Asked { prompt: prompt(&turns, &asks), shown, questions: self.questions }
    }
}

/// Widens a range to whole words, within the text.
fn to_words(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start.min(text.len()));
    let end = text.ceil_char_boundary(range.end.min(text.len()));
    let from = text[..start].rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let to = text[end..].find(char::is_whitespace).map_or(text.len(), |at| end + at);
    // Whitespace of more bytes than one.
    let from = text.ceil_char_boundary(from);
    from..to.max(from)
}

/// Returns the first words of a quote.
fn opening(quote: &str) -> String {
    let words = tokens(quote);
    let end = words.get(QUOTED - 1).map_or(quote.len(), |word| word.range.end);
    quote[..end].to_owned()
}

/// Returns who speaks, by side and number: the model needs no names.
fn who(transcript: &Transcript, turn: u32) -> String {
    let speaker = transcript.turns[turn as usize].speaker;
    let side = match transcript.speakers[speaker.index()].side {
        Some(Side::Rep) => "seller",
        Some(Side::Customer) => "customer",
        Some(Side::Partner) => "partner of the seller",
        None => "speaker",
    };
    format!("{side} {}", speaker.index() + 1)
}

fn names<'n>(transcript: &'n Transcript, deal: &'n Deal) -> impl Iterator<Item = &'n str> {
    let speakers = transcript.speakers.iter().filter_map(|speaker| speaker.name.as_deref());
    let invited =
        transcript.call.participants.iter().chain(&deal.known_people).map(|person| person.name.as_str());
    let ours = deal.our_people.iter().map(|person| person.name.as_str());
    speakers.chain(invited).chain(ours)
}

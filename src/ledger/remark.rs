use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::detect::Finding;
use crate::rules::Kind;
use crate::transcript::{Name, Quote, Side, Span};

use super::entries::Entry;
use super::gist::{Gist, spoken};
use super::heard::Heard;
use super::terms::Terms;
use super::words::words;

/// What ends a sentence.
const ENDS: [char; 3] = ['.', '?', '!'];

/// Where no full stop is written, a sentence is cut after so many bytes: about thirty words.
const LONGEST: usize = 160;

/// The first turns of a call, in which people tell what became of things.
const OPENING: u32 = 12;

/// The sentences of a call, filed under their words: an entry meets only those that touch it.
pub(super) struct Remarks {
    list: Vec<Remark>,
    by_word: HashMap<u64, Vec<usize>>,
    /// By the words said just before.
    by_lead: HashMap<u64, Vec<usize>>,
}

impl Remarks {
    /// Returns the sentences of `call`, save those by which somebody binds themselves anew.
    pub(super) fn of(call: &Heard) -> Self {
        let mut remarks = Self { list: Vec::new(), by_word: HashMap::new(), by_lead: HashMap::new() };
        for (turn, said) in call.transcript.turns.iter().enumerate() {
            let before = Arc::new(call.turn_before(Span::new(turn, 0..0)));
            for range in sentences(&said.text) {
                let span = Span::new(turn, range);
                let binds = |finding: &&Finding| {
                    matches!(finding.kind(), Kind::Promise | Kind::NextStep)
                        && finding.quote.span().overlaps(span)
                };
                if !call.in_turn(span.turn).iter().any(binds)
                    && let Some(quote) = call.transcript.quote(span)
                {
                    remarks.file(Remark::new(call, quote, Arc::clone(&before)));
                }
            }
        }
        remarks
    }

    fn file(&mut self, remark: Remark) {
        let at = self.list.len();
        for term in remark.gist.words.hashes().chain(remark.gist.moments.hashes()) {
            self.by_word.entry(term).or_default().push(at);
        }
        for term in remark.before.words.hashes() {
            self.by_lead.entry(term).or_default().push(at);
        }
        self.list.push(remark);
    }

    /// Returns the remarks, from turn `from` on, that speak of anything that `entry` does, or follow on it.
    pub(super) fn touching(&self, entry: &Entry, from: u32) -> Vec<&Remark> {
        let of = |index: &HashMap<u64, Vec<usize>>, terms: &Terms, found: &mut Vec<usize>| {
            terms.hashes().filter_map(|term| index.get(&term)).for_each(|at| found.extend(at));
        };
        let mut found = Vec::new();
        for terms in [&entry.gist.words, &entry.gist.moments, &entry.lead.words] {
            of(&self.by_word, terms, &mut found);
        }
        of(&self.by_lead, &entry.gist.words, &mut found);
        found.sort_unstable();
        found.dedup();
        let remarks = found.into_iter().map(|at| &self.list[at]);
        remarks.filter(|remark| remark.quote.span().turn >= from).collect()
    }
}

/// A sentence of a call, in which news of earlier entries is looked for.
pub(super) struct Remark {
    pub(super) quote: Quote,
    pub(super) gist: Gist,
    /// What was said just before.
    before: Arc<Gist>,
    side: Option<Side>,
    /// Who says it, and the words of their name.
    person: String,
    called: Vec<String>,
    /// What its words are signs of, once an entry asks.
    signs: OnceCell<Signs>,
}

/// What words are signs of, whatever they speak of.
#[derive(Clone, Copy, Default)]
pub(super) struct Signs {
    past: bool,
    thanks: bool,
    pub(super) denied: bool,
    ahead: bool,
    /// It begins with what is yet to come ("once it is done").
    pub(super) supposes: bool,
    asks: bool,
    lasting: bool,
    agrees: bool,
    delivered: bool,
    pub(super) lapses: bool,
    pub(super) waives: bool,
}

impl Signs {
    fn of(text: &str) -> Self {
        let (lists, spoken) = (words(), spoken(text));
        let mut signs = Self {
            asks: text.contains('?'),
            delivered: lists.deliver(&spoken),
            lapses: lists.lapse(&spoken),
            waives: lists.waive(&spoken),
            supposes: spoken.split_whitespace().next().is_some_and(|word| lists.ahead.contains(word)),
            ..Self::default()
        };
        for word in spoken.split(' ') {
            signs.past |= lists.past.contains(word) || is_participle(word);
            signs.thanks |= lists.thanks.contains(word);
            signs.denied |= lists.denied.contains(word);
            signs.ahead |= lists.ahead.contains(word);
            signs.lasting |= lists.lasting.contains(word);
            signs.agrees |= lists.agrees.contains(word);
        }
        signs
    }
}

/// What is measured between a remark and an entry, in the order of the numbers.
pub(super) const NEWS_MEASURES: [&str; 27] = [
    "words_shared",
    "share_of_words",
    "own_words_shared",
    "names_shared",
    "lead_in_shared",
    "condition_shared",
    "date_recalled",
    "past",
    "past_of_own_words",
    "thanks",
    "denied",
    "ahead",
    "asks",
    "lasting",
    "agrees",
    "delivered",
    "lapses",
    "waives",
    "calls_ago",
    "by_owner",
    "by_the_same",
    "by_other_side",
    "brief",
    "opening",
    "due_passed",
    "due_ahead",
    "turns_later",
];

impl Remark {
    fn new(call: &Heard, quote: Quote, before: Arc<Gist>) -> Self {
        let span = quote.span();
        let person = call.transcript.speaker(span).display();
        Self {
            gist: call.gist_of(quote.text()),
            before,
            side: call.transcript.side(span),
            person: person.to_owned(),
            called: Name::new(person).words().to_vec(),
            signs: OnceCell::new(),
            quote,
        }
    }

    /// Returns what its words are signs of.
    pub(super) fn signs(&self) -> &Signs {
        self.signs.get_or_init(|| Signs::of(self.quote.text()))
    }

    /// Tells whether it says in so many words that what `entry` is about is there ("your catalogue is done, as promised").
    pub(super) fn reports(&self, entry: &Entry) -> bool {
        let (signs, shared) = (self.signs(), self.gist.words.shared(&entry.gist.words));
        let plain = signs.delivered && !signs.ahead && !signs.asks && !signs.denied;
        plain && shared > 0 && 2 * shared >= entry.gist.words.len()
    }

    /// Measures how far it speaks, on `call`, of what became of `entry`, which alone has `own` of its words.
    pub(super) fn measure(&self, entry: &Entry, own: usize, call: &Heard) -> Vec<f64> {
        let flag = |holds: bool| f64::from(u8::from(holds));
        let count = |number: usize| number.min(4) as f64;
        let near = |number: usize| 1.0 / (1.0 + number as f64);
        let shared = self.gist.words.shared(&entry.gist.words);
        let shorter = self.gist.words.len().min(entry.gist.words.len()).max(1);
        let ours = |side: Option<Side>| side == Some(Side::Rep);
        let (last, signs) = (entry.last(), self.signs());
        let due = last.due.zip(call.date).map(|(due, today)| due <= today);
        let turns = self.quote.span().turn.saturating_sub(last.turn) as usize;
        let lead_in = self.gist.words.shared(&entry.lead.words) + self.before.words.shared(&entry.gist.words);
        vec![
            count(shared),
            shared as f64 / shorter as f64,
            count(own),
            count(self.gist.named(&entry.gist)),
            count(lead_in),
            count(self.gist.words.shared(&entry.condition.words)),
            count(self.gist.moments.shared(&entry.gist.moments)),
            flag(signs.past),
            if signs.past { count(own) } else { 0.0 },
            flag(signs.thanks),
            flag(signs.denied),
            flag(signs.ahead),
            flag(signs.asks),
            flag(signs.lasting),
            flag(signs.agrees),
            flag(signs.delivered),
            flag(signs.lapses),
            flag(signs.waives),
            near(call.number - last.call),
            flag(last.owner.iter().any(|word| self.called.contains(word))),
            flag(last.person == self.person),
            flag(ours(self.side) != ours(last.side)),
            near(self.gist.words.len()),
            flag(self.quote.span().turn < OPENING),
            flag(due == Some(true)),
            flag(due == Some(false)),
            if call.number == last.call { near(turns) } else { 0.0 },
        ]
    }
}

/// Tells whether `word` has the form of an English or German participle.
fn is_participle(word: &str) -> bool {
    (word.len() > 4 && word.ends_with("ed"))
        || (word.len() > 5 && word.starts_with("ge") && (word.ends_with('t') || word.ends_with("en")))
}

/// Returns the sentences of `text`: up to a full stop, or cut at a space where none is written.
pub(super) fn sentences(text: &str) -> Vec<std::ops::Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let stops = ENDS.contains(&c) && text[end..].starts_with(char::is_whitespace);
        if stops || (c.is_whitespace() && at - start >= LONGEST) {
            found.push(start..end);
            start = end;
        }
    }
    found.push(start..text.len());
    found.into_iter().map(|range| trimmed(text, range)).filter(|range| !range.is_empty()).collect()
}

fn trimmed(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let words = &text[range.clone()];
    let start = range.start + words.len() - words.trim_start().len();
    start..(range.start + words.trim_end().len()).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_cut_into_sentences_with_or_without_full_stops() {
        let of =
            |text: &str| sentences(text).into_iter().map(|range| text[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(of("One. Two is 2.5 of it! Three"), ["One.", "Two is 2.5 of it!", "Three"]);
        assert_eq!(of("  "), Vec::<String>::new());
        let long = "und äh ".repeat(90);
        let cut = of(&long);
        assert!(cut.len() > 2 && cut.iter().all(|part| part.len() <= LONGEST + 10), "{cut:?}");
    }
}

use crate::detect::Finding;
use crate::rules::Kind;
use crate::transcript::{Name, Quote, Side, Span};

use super::entries::Entry;
use super::gist::{Gist, fold, spoken};
use super::heard::Heard;
use super::words::words;

/// What ends a sentence.
const ENDS: [char; 3] = ['.', '?', '!'];

/// Where no full stop is written, a sentence is cut after so many bytes: about thirty words.
const LONGEST: usize = 160;

/// The first turns of a call, in which people tell what became of things.
const OPENING: u32 = 12;

/// A sentence of a call, in which news of earlier entries is looked for.
pub(super) struct Remark {
    pub(super) quote: Quote,
    pub(super) gist: Gist,
    /// What was said just before.
    before: Gist,
    side: Option<Side>,
    speaker: Vec<String>,
    past: bool,
    thanks: bool,
    pub(super) denied: bool,
    ahead: bool,
    asks: bool,
    delivered: bool,
}

/// What is measured between a remark and an entry of an earlier call, in the order of the numbers.
pub const NEWS_MEASURES: [&str; 16] = [
    "words_shared",
    "share_of_words",
    "names_shared",
    "lead_in_shared",
    "date_recalled",
    "past",
    "thanks",
    "denied",
    "ahead",
    "asks",
    "calls_ago",
    "delivered",
    "by_owner",
    "by_other_side",
    "brief",
    "opening",
];

impl Remark {
    /// Returns the sentences of `call`, save those by which somebody binds themselves anew.
    pub(super) fn of(call: &Heard) -> Vec<Self> {
        let mut remarks = Vec::new();
        for (turn, said) in call.transcript.turns.iter().enumerate() {
            for range in sentences(&said.text) {
                let span = Span::new(turn, range);
                let binds = |finding: &&Finding| {
                    matches!(finding.kind(), Kind::Promise | Kind::NextStep)
                        && finding.quote.span().overlaps(span)
                };
                if call.in_turn(span.turn).iter().any(binds) {
                    continue;
                }
                remarks.extend(call.transcript.quote(span).map(|quote| Self::new(call, quote)));
            }
        }
        remarks
    }

    fn new(call: &Heard, quote: Quote) -> Self {
        let span = quote.span();
        let (mut past, mut thanks, mut denied, mut ahead) = (false, false, false, false);
        let lists = words();
        for word in quote.text().split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’') {
            let word = fold(word);
            past |= lists.past.contains(&word) || is_participle(&word);
            thanks |= lists.thanks.contains(&word);
            denied |= lists.denied.contains(&word);
            ahead |= lists.ahead.contains(&word);
        }
        Self {
            gist: call.gist_of(quote.text()),
            before: call.turn_before(span),
            side: call.transcript.side(span),
            speaker: Name::new(call.transcript.speaker(span).display()).words().to_vec(),
            past,
            thanks,
            denied,
            ahead,
            asks: quote.text().contains('?'),
            delivered: lists.deliver(&spoken(quote.text())),
            quote,
        }
    }

    /// Tells whether it speaks of anything that `entry` does.
    pub(super) fn touches(&self, entry: &Entry) -> bool {
        self.gist.words.shared(&entry.gist.words) > 0
            || self.gist.moments.shared(&entry.gist.moments) > 0
            || self.lead_in_shared(entry) > 0
    }

    /// Tells whether it says in so many words that what `entry` is about is there ("your catalogue is done, as promised").
    pub(super) fn reports(&self, entry: &Entry) -> bool {
        let shared = self.gist.words.shared(&entry.gist.words);
        let plain = self.delivered && !self.ahead && !self.asks && !self.denied;
        plain && shared > 0 && 2 * shared >= entry.gist.words.len()
    }

    fn lead_in_shared(&self, entry: &Entry) -> usize {
        self.gist.words.shared(&entry.lead.words) + self.before.words.shared(&entry.gist.words)
    }

    /// Measures how far it speaks of what became of `entry`, last said `calls_ago`.
    pub(super) fn measure(&self, entry: &Entry, calls_ago: usize) -> Vec<f64> {
        let flag = |holds: bool| f64::from(u8::from(holds));
        let count = |number: usize| number.min(4) as f64;
        let shared = self.gist.words.shared(&entry.gist.words);
        let shorter = self.gist.words.len().min(entry.gist.words.len()).max(1);
        let owns = |owner: &str| Name::new(owner).words().iter().any(|word| self.speaker.contains(word));
        let ours = |side: Option<Side>| side == Some(Side::Rep);
        let doer = entry.last();
        vec![
            count(shared),
            shared as f64 / shorter as f64,
            count(self.gist.named(&entry.gist)),
            count(self.lead_in_shared(entry)),
            count(self.gist.moments.shared(&entry.gist.moments)),
            flag(self.past),
            flag(self.thanks),
            flag(self.denied),
            flag(self.ahead),
            flag(self.asks),
            1.0 / calls_ago.max(1) as f64,
            flag(self.delivered),
            flag(doer.owner.as_deref().is_some_and(owns)),
            flag(ours(self.side) != ours(doer.side)),
            1.0 / (1.0 + self.gist.words.len() as f64),
            flag(self.quote.span().turn < OPENING),
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

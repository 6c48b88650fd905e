use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::detect::Finding;
use crate::rules::Kind;
use crate::transcript::{Digest, Quote, Span, Transcript};

/// What a remark tells of something that was agreed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// What was promised is there.
    Delivered,
    /// What was to be done was done.
    Done,
    /// What was to be done was not.
    Missed,
}

/// A sentence that tells what became of something.
pub(super) struct Remark {
    pub(super) quote: Quote,
    pub(super) cue: &'static str,
    pub(super) news: News,
}

const CUES: &[(&str, News)] = &[
    ("as promised", News::Delivered),
    ("that's done", News::Delivered),
    ("it's done", News::Delivered),
    ("are done", News::Delivered),
    ("is done", News::Delivered),
    ("is live", News::Delivered),
    ("are live", News::Delivered),
    ("went live", News::Delivered),
    ("we shipped", News::Delivered),
    ("already in place", News::Delivered),
    ("is in place", News::Delivered),
    ("up and running", News::Delivered),
    ("thanks for sending", News::Done),
    ("thank you for sending", News::Done),
    ("thanks for the", News::Done),
    ("i sent", News::Done),
    ("we sent", News::Done),
    ("i got the", News::Done),
    ("we got the", News::Done),
    ("got your", News::Done),
    ("i received", News::Done),
    ("we received", News::Done),
    ("came through", News::Done),
    ("i read", News::Done),
    ("we read", News::Done),
    ("went through", News::Done),
    ("i looked at", News::Done),
    ("we looked at", News::Done),
    ("we signed", News::Done),
    ("is signed", News::Done),
    ("i talked to", News::Done),
    ("i spoke", News::Done),
    ("we met with", News::Done),
    ("never got", News::Missed),
    ("didn't get", News::Missed),
    ("did not get", News::Missed),
    ("haven't seen", News::Missed),
    ("haven't got", News::Missed),
    ("haven't received", News::Missed),
    ("haven't sent", News::Missed),
    ("haven't had a chance", News::Missed),
    ("hasn't come", News::Missed),
    ("never came", News::Missed),
    ("never arrived", News::Missed),
    ("still waiting", News::Missed),
    ("still don't have", News::Missed),
    ("still owe", News::Missed),
    ("slipped my mind", News::Missed),
    ("dropped the ball", News::Missed),
    ("i forgot", News::Missed),
];

/// Words by which our side takes a promise back.
const RETRACTION: &[&str] = &[
    "scratch that",
    "we've pulled",
    "we pulled",
    "had to pull",
    "off the table",
    "take that back",
    "took that back",
    "no longer",
    "not anymore",
    "isn't happening",
    "not happening",
    "won't be in",
    "won't make it",
    "fell out of",
    "dropped from",
    "been cut from",
    "can't give you that",
    "have to withdraw",
];

/// Words that own up to a change, so that the later saying holds.
const OWNED_UP: &[&str] = &[
    "instead",
    "slip",
    "slid",
    "push",
    "moved",
    "move it",
    "moving",
    "now it",
    "now the",
    "going to be",
    "i said",
    "we said",
    "change",
    "make it",
    "make that",
    "rather than",
    "then we",
    "actually",
    "correct",
    "wrong",
    "delay",
    "not until",
    "earlier than",
    "later than",
    "sooner",
    "bring it forward",
    "budged",
];

/// Words that correct what was said a moment ago.
const CORRECTION: &[&str] = &[
    "i said",
    "correct myself",
    "correction",
    "i was wrong",
    "the wrong",
    "misspoke",
    "scratch that",
    "sorry, no",
    "sorry no",
    "korrigiere",
    "me corrige",
    "me corrijo",
];

/// Words that keep a sentence from telling what already happened.
const NOT_YET: &[&str] = &[
    "?",
    "until",
    "once ",
    "when ",
    "if ",
    "'ll",
    "will ",
    "isn't",
    "not ",
    "should ",
    "before ",
    "as soon as",
];

/// What ends a sentence.
const ENDS: [char; 3] = ['.', '?', '!'];

/// How far a sentence reaches from its cue, in bytes: about thirty words.
const REACH: usize = 160;

/// Two patterns for each cue: as it stands, and with the apostrophe of a typesetter.
static AUTOMATON: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = CUES.iter().flat_map(|(cue, _)| [(*cue).to_owned(), cue.replace('\'', "’")]);
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .ok()
});

/// Returns the digest of the words by which the ledger reads remarks, as the provenance of what it concludes.
pub(super) fn digest() -> Digest {
    static DIGEST: LazyLock<Digest> =
        LazyLock::new(|| Digest::of_parts(CUES.iter().map(|(cue, _)| cue.as_bytes())));
    DIGEST.clone()
}

/// Tells whether `words` take something back.
pub(super) fn takes_back(words: &str) -> bool {
    has_any(words, RETRACTION)
}

/// Tells whether `words` own up to a change.
pub(super) fn owns_up(words: &str) -> bool {
    has_any(words, OWNED_UP)
}

/// Tells whether `words` correct what was said a moment ago, so that they need not name it.
pub(super) fn corrects(words: &str) -> bool {
    has_any(words, CORRECTION)
}

fn has_any(words: &str, cues: &[&str]) -> bool {
    let folded = words.to_lowercase().replace('’', "'");
    cues.iter().any(|cue| folded.contains(cue))
}

/// Returns the sentences of a call that tell what became of something, save those that promise something new.
pub(super) fn remarks(transcript: &Transcript, findings: &[&Finding]) -> Vec<Remark> {
    let Some(automaton) = AUTOMATON.as_ref() else { return Vec::new() };
    let mut remarks = Vec::new();
    for (turn, text) in transcript.turns.iter().map(|turn| turn.text.as_str()).enumerate() {
        let mut read_up_to = 0;
        for found in automaton.find_iter(text) {
            if found.start() < read_up_to {
                continue;
            }
            let sentence = sentence(text, found.range());
            read_up_to = sentence.end;
            let (cue, news) = CUES[found.pattern().as_usize() / 2];
            let words = text.get(sentence.clone()).unwrap_or_default();
            let span = Span::new(turn, sentence);
            let commits = |finding: &&Finding| commits(finding) && finding.quote.span().overlaps(span);
            if is_news(words, news) && !in_turn(findings, span.turn).iter().any(commits) {
                remarks.extend(transcript.quote(span).map(|quote| Remark { quote, cue, news }));
            }
        }
    }
    remarks
}

/// Returns the findings of one turn; `findings` are in the order of the call.
fn in_turn<'f, 'a>(findings: &'f [&'a Finding], turn: u32) -> &'f [&'a Finding] {
    let from = findings.partition_point(|finding| finding.quote.span().turn < turn);
    let to = findings.partition_point(|finding| finding.quote.span().turn <= turn);
    &findings[from..to]
}

/// Returns the sentence around a cue, at most [`REACH`] bytes to either side: recorders leave out full stops.
fn sentence(text: &str, cue: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let from = text.ceil_char_boundary(cue.start.saturating_sub(REACH));
    let to = text.floor_char_boundary(cue.end.saturating_add(REACH).min(text.len()));
    let (before, after) = (&text[from..cue.start], &text[cue.end..to]);
    let start = match before.rfind(ENDS) {
        Some(end) => from + end + 1,
        None if from == 0 => 0,
        None => before.find(' ').map_or(cue.start, |space| from + space),
    };
    let end = match after.find(ENDS) {
        Some(end) => cue.end + end + 1,
        None if to == text.len() => to,
        None => after.rfind(' ').map_or(cue.end, |space| cue.end + space),
    };
    let lead = text[start..end].len() - text[start..end].trim_start().len();
    start + lead..start + text[start..end].trim_end().len()
}

fn commits(finding: &Finding) -> bool {
    matches!(finding.kind(), Kind::Promise | Kind::NextStep)
}

fn is_news(sentence: &str, news: News) -> bool {
    if news == News::Missed { !sentence.contains('?') } else { !has_any(sentence, NOT_YET) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_owned_up_to_in_many_ways() {
        assert!(owns_up("It slipped, so it’s the nineteenth"));
        assert!(!owns_up("You'll have it on the nineteenth"));
        assert!(takes_back("Honestly, we’ve pulled that one"));
    }
    #[test]
    fn a_sentence_is_found_around_its_cue_with_or_without_full_stops() {
        let around = |text: &str, cue: &str| {
            let at = text.find(cue).unwrap();
            text[sentence(text, at..at + cue.len())].to_owned()
        };
        assert_eq!(around("One. Two is done! Three.", "is done"), "Two is done!");
        assert_eq!(around("two is done", "is done"), "two is done");
        let long = format!("{}the import is done {}", "und äh ".repeat(90), "also ö ".repeat(90));
        let words = around(&long, "is done");
        assert!(
            words.len() <= 2 * REACH + "is done".len() && words.contains("the import is done"),
            "{words}"
        );
    }
}

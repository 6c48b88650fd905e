use crate::detect::Finding;
use crate::rules::Kind;
use crate::transcript::{Deal, Span};

use super::entries::Entries;
use super::heard::Heard;
use super::topic::Topic;
use super::{ReadCall, heard};

/// Words beside an entry that they may be about, and whether they are.
#[derive(Clone, Debug)]
pub struct Tie {
    /// The number of the question: one tie at most of those with the same number is right.
    pub question: usize,
    /// What is measured between the two.
    pub measured: Vec<f64>,
    /// Whether it is so.
    pub same: bool,
}

/// What labels tell of the entries of a deal.
pub trait Told {
    /// Returns the entry that a finding belongs to.
    fn entry(&self, call: &str, finding: &Finding) -> Option<&str>;
    /// Tells whether words at `span` tell what became of `entry`.
    fn is_news(&self, call: &str, span: Span, entry: &str) -> bool;
}

/// Returns the ties of the sayings of `kind` to the entries before them: what kinship is learned from.
pub fn ties(deal: &Deal, calls: &[ReadCall], kind: Kind, told: &impl Told) -> Vec<Tie> {
    let (mut ties, mut question) = (Vec::new(), 0);
    let mut book = Book::default();
    for call in heard(deal, calls) {
        for (topic, name) in book.sayings(&call, kind, told) {
            ties.extend(book.entries.candidates(&topic).into_iter().map(|entry| Tie {
                question,
                measured: book.entries.measured(&topic, entry),
                same: book.names[entry] == name,
            }));
            book.add(topic, name);
            question += 1;
        }
    }
    ties
}

/// Returns the ties of remarks to the entries of earlier calls: what is learned of news.
pub fn news_ties(deal: &Deal, calls: &[ReadCall], kind: Kind, told: &impl Told) -> Vec<Tie> {
    let (mut ties, mut question) = (Vec::new(), 0);
    let mut book = Book::default();
    for call in heard(deal, calls) {
        for entry in 0..book.names.len() {
            let name = &book.names[entry];
            ties.extend(book.entries.tied(&call, entry).map(|(remark, measured)| Tie {
                question,
                measured,
                same: told.is_news(&call.transcript.call.id, remark.quote.span(), name),
            }));
            question += 1;
        }
        for (topic, name) in book.sayings(&call, kind, told) {
            book.add(topic, name);
        }
    }
    ties
}

/// The entries so far, by the names that labels give them.
#[derive(Default)]
struct Book {
    names: Vec<String>,
    entries: Entries,
}

impl Book {
    fn sayings(&self, call: &Heard, kind: Kind, told: &impl Told) -> Vec<(Topic, String)> {
        let findings = call.findings.iter().filter(|finding| finding.kind() == kind);
        let named = findings.filter_map(|finding| {
            let name = told.entry(&call.transcript.call.id, finding)?;
            Some((Topic::new(call, finding), name.to_owned()))
        });
        named.collect()
    }

    fn add(&mut self, topic: Topic, name: String) {
        let entry = self.names.iter().position(|known| *known == name).unwrap_or(self.names.len());
        if entry == self.names.len() {
            self.names.push(name);
        }
        self.entries.add(entry, topic);
    }
}

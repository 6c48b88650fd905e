use crate::detect::Finding;
use crate::rules::Kind;
use crate::transcript::{Deal, Span};

use super::entries::Entries;
use super::heard::Heard;
use super::question::Question;
use super::topic::Topic;
use super::{ReadCall, heard};

/// Words beside an entry that they may be about, and whether they are.
#[derive(Clone, Debug)]
pub struct Tie {
    /// The number of the time it was asked: one tie at most of those with the same number is right.
    pub time: usize,
    /// What is measured between the two.
    pub measured: Vec<f64>,
    /// Whether it is so.
    pub same: bool,
}

/// What labels tell of the entries of a deal.
pub trait Told {
    /// Returns the entry that a finding belongs to.
    fn entry(&self, call: &str, finding: &Finding) -> Option<&str>;
    /// Tells whether words at `span` are marked as one of `marks` of `entry`.
    fn is_marked(&self, call: &str, span: Span, entry: &str, marks: &[&str]) -> bool;
}

/// Returns every time that `question` is asked in a deal, with what labels answer: what the answer is learned from.
pub fn ties(question: Question, deal: &Deal, calls: &[ReadCall], told: &impl Told) -> Vec<Tie> {
    let mut book = Book {
        question,
        told,
        names: Vec::new(),
        told_of: Vec::new(),
        entries: Entries::default(),
        ties: Vec::new(),
        time: 0,
    };
    for call in heard(deal, calls) {
        // What became of a step or a condition is told before others take its place.
        let first = matches!(question, Question::NewsOfNextStep | Question::NewsOfCondition);
        if first {
            book.ask_remarks(&call);
        }
        book.ask_findings(&call);
        if !first {
            book.ask_remarks(&call);
        }
    }
    book.ties
}

/// The entries so far, by the names that labels give them.
struct Book<'t, T> {
    question: Question,
    told: &'t T,
    names: Vec<String>,
    /// Whether it was told what became of an entry since it was last said.
    told_of: Vec<bool>,
    entries: Entries,
    ties: Vec<Tie>,
    time: usize,
}

impl<T: Told> Book<'_, T> {
    fn ask_findings(&mut self, call: &Heard) {
        let id = &call.transcript.call.id;
        for finding in &call.findings {
            if finding.kind() == self.question.kind()
                && let Some(name) = self.told.entry(id, finding)
            {
                let topic = Topic::new(call, finding);
                if self.question.marks().is_empty() {
                    self.ask(&topic, |known| known == name);
                }
                self.add(topic, name.to_owned());
            } else if finding.kind() == Kind::Exclusion && self.question == Question::Withdrawal {
                let (told, marks, span) = (self.told, self.question.marks(), finding.quote.span());
                self.ask(&Topic::new(call, finding), |known| told.is_marked(id, span, known, marks));
            }
        }
    }

    fn ask(&mut self, topic: &Topic, is: impl Fn(&str) -> bool) {
        let time = self.time;
        self.time += 1;
        self.ties.extend(self.entries.candidates(topic).into_iter().map(|entry| Tie {
            time,
            measured: self.entries.measured(topic, entry),
            same: is(&self.names[entry]),
        }));
    }

    fn ask_remarks(&mut self, call: &Heard) {
        let (question, told) = (self.question, self.told);
        if !question.is_of_remarks() {
            return;
        }
        for entry in 0..self.names.len() {
            let conditional = !self.entries.get(entry).condition.words.is_empty();
            if self.told_of[entry] || question == Question::NewsOfCondition && !conditional {
                continue;
            }
            let (time, name, from) = (self.time, &self.names[entry], self.ties.len());
            self.time += 1;
            self.ties.extend(self.entries.touches(call, question, entry).map(|touch| Tie {
                time,
                measured: touch.measured,
                same: told.is_marked(
                    &call.transcript.call.id,
                    touch.remark.quote.span(),
                    name,
                    question.marks(),
                ),
            }));
            self.told_of[entry] = self.ties[from..].iter().any(|tie| tie.same);
        }
    }

    fn add(&mut self, topic: Topic, name: String) {
        let entry = self.names.iter().position(|known| *known == name).unwrap_or(self.names.len());
        if entry == self.names.len() {
            self.names.push(name);
            self.told_of.push(false);
        }
        self.told_of[entry] = false;
        self.entries.add(entry, topic);
    }
}

use uuid::Uuid;

use super::reader::{Reader, Said};
use crate::access;
use crate::handoff::{self, Act};
use crate::review::{Part, Remark};

/// A comment or question, and what was said to it.
pub(super) struct Thread {
    /// `comment` or `question`.
    pub(super) part: &'static str,
    pub(super) said: Said,
    pub(super) replies: Vec<Said>,
    /// Whether it is a question that nobody has answered.
    pub(super) open: bool,
    /// Whether the approval waits for the answer.
    pub(super) gate: bool,
    /// How the reader can reply.
    pub(super) reply: Option<Reply>,
}

/// Where a reply is sent and what it names.
pub(super) struct Reply {
    /// `decisions` or `acts`.
    pub(super) to: &'static str,
    pub(super) act: &'static str,
    /// What is replied to.
    pub(super) earlier: String,
}

/// Returns what people said about a line: remarks of its review, and questions of the handoff, in order.
pub(super) fn threads(remarks: &[Remark], entry: Option<&str>, reader: &Reader) -> Vec<Thread> {
    let roots = remarks.iter().filter(|remark| remark.to.is_none());
    let mut threads: Vec<(jiff::Timestamp, Thread)> =
        roots.map(|root| (root.said.signed.at, of_review(root, remarks, reader))).collect();
    let asked = reader.dossier.handoff.questions.iter().filter(|asked| asked.entry.as_deref() == entry);
    threads.extend(asked.map(|asked| (asked.asked.at, of_handoff(asked, reader))));
    threads.sort_by_key(|(at, _)| *at);
    threads.into_iter().map(|(_, thread)| thread).collect()
}

fn of_review(root: &Remark, remarks: &[Remark], reader: &Reader) -> Thread {
    let id: Uuid = root.said.signed.decision;
    let replies: Vec<_> = remarks.iter().filter(|remark| remark.to == Some(id)).map(said).collect();
    let reply = Reply { to: "decisions", act: "reply", earlier: id.to_string() };
    Thread {
        part: root.part.as_str(),
        said: said(root),
        open: root.part == Part::Question && replies.is_empty(),
        gate: false,
        reply: Some(reply).filter(|_| reader.caller.may(access::Act::Discuss)),
        replies,
    }
}

fn of_handoff(asked: &handoff::Question, reader: &Reader) -> Thread {
    let answer = Act::Answer { question: asked.number, answer: "…".to_owned() };
    let reply = Reply { to: "acts", act: "answer", earlier: asked.number.to_string() };
    let of = |remark: &handoff::Remark| Said::new(&remark.by, remark.at, &remark.text);
    Thread {
        part: Part::Question.as_str(),
        said: of(&asked.asked),
        replies: asked.answer.iter().map(of).collect(),
        open: asked.answer.is_none(),
        gate: asked.answer.is_none(),
        reply: Some(reply).filter(|_| asked.answer.is_none() && reader.may(&answer)),
    }
}

fn said(remark: &Remark) -> Said {
    let signed = &remark.said.signed;
    Said::new(&signed.by, signed.at, &remark.said.text)
}

use serde::Serialize;
use utoipa::ToSchema;

use super::Cast;
use super::entries::{Answer, Entries};
use super::phrases::holds;
use super::sentence::{Sentence, sentences};
use crate::ledger::Citation;
use crate::transcript::{Name, Side, Transcript};

/// A question of ours that the packet answers (S-065).
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Repeated {
    /// The question.
    #[schema(value_type = Object)]
    pub question: Citation,
    /// Whether discovery asks it of everybody: goals, pains, who decides (S-085, S-158).
    pub discovery: bool,
    /// Whether the customer said in answer that we had been told.
    pub noticed: bool,
    /// What answers it.
    pub answer: Answer,
    /// How much of what the question's words weigh is in the answer, 0 to 1; a question of discovery is known by itself
    /// and has 1.
    pub confidence: f64,
}

/// Returns how many questions those who take over ask, and which of them `entries` answer.
pub(super) fn repeated(transcript: &Transcript, cast: &Cast, entries: &Entries) -> (usize, Vec<Repeated>) {
    let sentences = sentences(transcript);
    let names: Vec<_> = transcript
        .speakers
        .iter()
        .flat_map(|speaker| Name::new(speaker.display()).words().to_vec())
        .collect();
    let questions = sentences.iter().enumerate().filter(|(_, it)| cast.takes_over(it.speaker) && it.asks());
    let (mut asked, mut repeated) = (0, Vec::new());
    for (at, question) in questions {
        asked += 1;
        if holds(&question.words, &question.phrases.fair) {
            continue;
        }
        let noticed = noticed(&sentences[at + 1..], question.span.turn);
        let wanted: Vec<_> = question.words.iter().filter(|word| !names.contains(word)).cloned().collect();
        let kinds = discovery(question);
        let (answer, share) = entries.about(wanted, &kinds, !kinds.is_empty() || noticed);
        let (Some(answer), Some(quote)) = (answer, transcript.quote(question.span)) else { continue };
        let (question, discovery) = (Citation::new(transcript, &quote), !kinds.is_empty());
        let confidence = if discovery { 1.0 } else { share };
        repeated.push(Repeated { question, discovery, noticed, answer, confidence });
    }
    (asked, repeated)
}

/// Returns the kinds of entries that answer `question` where discovery asks it of everybody.
fn discovery(question: &Sentence) -> Vec<&'static str> {
    let asked = question.phrases.discovery.iter().filter(|(_, phrases)| holds(&question.words, phrases));
    asked.map(|(kind, _)| kind.as_str()).collect()
}

/// Tells whether the customer, in the turn behind a question, says that we had been told.
fn noticed(after: &[Sentence], turn: u32) -> bool {
    let reply = after.iter().skip_while(|it| it.span.turn == turn).take_while(|it| it.span.turn == turn + 1);
    reply.filter(|it| it.side == Some(Side::Customer)).any(|it| holds(&it.words, &it.phrases.protests))
}

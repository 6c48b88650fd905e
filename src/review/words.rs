use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ledger::{Citation, ReadCall};
use crate::transcript::{Digest, Quote, Span, Transcript};

/// Words of a call that a person points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Words {
    /// Found in the sealed transcript and held there by their digest: the words themselves stay in the call alone, so
    /// that erasing it erases them.
    Sealed {
        /// The call's id.
        call: String,
        /// Where they stand.
        span: Span,
        /// Digest of the words.
        digest: Digest,
    },
    /// As a person gives them, still to be found.
    Given {
        /// The call's id.
        call: String,
        /// The words, to the letter.
        quote: String,
        /// The turn, where the words are said in several.
        #[serde(default)]
        turn: Option<u32>,
    },
}

impl Words {
    /// Returns the words as they stand in one of `calls`, sealed.
    ///
    /// # Errors
    /// Where they do not stand there to the letter, or in several turns; the text says what to do.
    pub fn seal(&self, calls: &[ReadCall]) -> Result<Self, String> {
        let transcript = self.transcript(calls).ok_or_else(|| {
            format!("the deal has no call `{}`; its packet lists the calls it rests on", self.call())
        })?;
        match self {
            Self::Sealed { .. } => self.quote(calls).map(|_| self.clone()).ok_or_else(|| {
                format!("the words no longer stand there in call `{}`; give them as `quote`", self.call())
            }),
            Self::Given { call, quote, turn } => {
                let span = locate(transcript, quote, *turn)?;
                Ok(Self::Sealed { call: call.clone(), span, digest: Digest::of(quote.as_bytes()) })
            }
        }
    }

    /// Returns the words of a span of `transcript`, sealed, without the white space around them; `None` where it covers none.
    pub fn at(transcript: &Transcript, span: Span) -> Option<Self> {
        let quote = transcript.quote(span)?;
        let words = quote.text().trim();
        let start = span.start as usize + quote.text().len() - quote.text().trim_start().len();
        let span = Span::new(span.turn as usize, start..start + words.len());
        let (call, digest) = (transcript.call.id.clone(), Digest::of(words.as_bytes()));
        (!words.is_empty()).then_some(Self::Sealed { call, span, digest })
    }

    /// Returns the words with who said them and when, where they still stand.
    pub fn cite(&self, calls: &[ReadCall]) -> Option<Citation> {
        Some(Citation::new(self.transcript(calls)?, &self.quote(calls)?))
    }

    pub(super) fn quote(&self, calls: &[ReadCall]) -> Option<Quote> {
        let Self::Sealed { span, digest, .. } = self else { return None };
        let quote = self.transcript(calls)?.quote(*span)?;
        (Digest::of(quote.text().as_bytes()) == *digest).then_some(quote)
    }

    pub(super) fn transcript<'c>(&self, calls: &[ReadCall<'c>]) -> Option<&'c Transcript> {
        calls.iter().map(|read| read.transcript).find(|transcript| transcript.call.id == self.call())
    }

    /// Returns the call's id.
    pub fn call(&self) -> &str {
        match self {
            Self::Sealed { call, .. } | Self::Given { call, .. } => call,
        }
    }
}

/// Returns where `quote` is said: in `turn`, else in the one turn that holds it.
fn locate(transcript: &Transcript, quote: &str, turn: Option<u32>) -> Result<Span, String> {
    if quote.trim().is_empty() {
        return Err("the quote is empty".to_owned());
    }
    let turns = transcript.turns.iter().enumerate();
    let wanted = turns.filter(|(at, _)| turn.is_none_or(|turn| turn as usize == *at));
    let found: Vec<Span> = wanted
        .filter_map(|(at, it)| it.text.find(quote).map(|start| Span::new(at, start..start + quote.len())))
        .collect();
    match found[..] {
        [only] => Ok(only),
        [] => Err("nobody says that there to the letter: copy the words from the transcript, or leave them out and \
                   state the line in your own words"
            .to_owned()),
        [..] => {
            let turns: Vec<_> = found.iter().map(|span| span.turn.to_string()).collect();
            Err(format!("it is said in turns {}: name one as `turn`", turns.join(", ")))
        }
    }
}

use serde::Serialize;
use utoipa::ToSchema;

use super::entries::{Answer, Entries};
use super::phrases::holds;
use super::sentence::{Sentence, sentences};
use crate::ledger::{Citation, ReadCall};
use crate::llm::Wanted;
use crate::rules::Kind;
use crate::transcript::{Deal, Name, Side, Transcript};

/// How many words behind a sayer a verb of saying may stand: "you also did tell".
const BEHIND: usize = 4;
/// A reference to fewer telling words is too vague to look for: "you said so".
const TELLING: usize = 2;
/// Words of ours are the source of a claim where they have this share of it.
const SOURCE: f64 = 0.4;

/// Kinds of entries in which our word may stand.
const OUR_WORD: [Kind; 4] = [Kind::Promise, Kind::Exclusion, Kind::NextStep, Kind::Pricing];

/// Something that the customer says we said.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Claim {
    /// The customer's words.
    #[schema(value_type = Object)]
    pub words: Citation,
    /// The entry that they mean; without one they are a miss.
    pub entry: Option<Answer>,
    /// For a miss, what we said on a call before that they may mean; without it, perhaps no call heard it.
    pub earlier: Option<Earlier>,
    /// How likely it is as it says here: the share of the claim's words that the entry has; for a miss, what the nearest
    /// entry lacks.
    pub confidence: f64,
}

/// Words of ours on a call before the kickoff.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Earlier {
    /// The words.
    #[schema(value_type = Object)]
    pub words: Citation,
    /// The share of the claim's words that they have.
    pub share: f64,
}

/// Returns what the customer says on `kickoff` that we said, each with the entry or the words that it may mean.
pub(super) fn claims(
    deal: &Deal,
    kickoff: &Transcript,
    entries: &Entries,
    before: &[ReadCall],
) -> Vec<Claim> {
    let our_names = first_names(deal, kickoff, Some(Side::Rep));
    let names = first_names(deal, kickoff, None);
    let spoken: Vec<_> = before.iter().map(|call| (call.transcript, ours(call.transcript))).collect();
    let our_word = OUR_WORD.map(Kind::as_str);
    let mut claims = Vec::new();
    for sentence in sentences(kickoff).iter().filter(|it| it.side != Some(Side::Rep)) {
        let Some(told) = told(sentence, &our_names) else { continue };
        let wanted: Vec<_> = told.into_iter().filter(|word| !names.contains(word)).collect();
        if Wanted::among::<Vec<String>>(wanted.clone(), &[]).len() < TELLING {
            continue;
        }
        let Some(quote) = kickoff.quote(sentence.span) else { continue };
        let (entry, share) = entries.about(wanted.clone(), &our_word, false);
        let earlier = if entry.is_none() { source(wanted, &spoken) } else { None };
        let confidence = if entry.is_some() { share } else { 1.0 - share };
        claims.push(Claim { words: Citation::new(kickoff, &quote), entry, earlier, confidence });
    }
    claims
}

/// Returns the words of `sentence` that say what we are said to have said; `None` where it refers to nothing of ours.
fn told(sentence: &Sentence, our_names: &[String]) -> Option<Vec<String>> {
    let (words, phrases) = (&sentence.words, sentence.phrases);
    let says = |word: &String| phrases.sayers.contains(word) || our_names.contains(word);
    let said = |word: &String| phrases.verbs.contains(word);
    let by_sayer = words
        .iter()
        .enumerate()
        .any(|(at, word)| says(word) && words.iter().skip(at + 1).take(BEHIND).any(said));
    let refers = by_sayer || holds(words, &phrases.claims);
    refers.then(|| words.iter().filter(|word| !says(word) && !said(word)).cloned().collect())
}

/// Returns the first names of those who speak on the call and of our people; with `side`, of that side alone.
fn first_names(deal: &Deal, call: &Transcript, side: Option<Side>) -> Vec<String> {
    let speakers = call.speakers.iter().filter(|speaker| side.is_none() || speaker.side == side);
    let ours = deal.our_people.iter().map(|person| person.name.as_str());
    let all = speakers.map(|speaker| speaker.display()).chain(ours);
    all.filter_map(|name| Name::new(name).words().first().cloned()).collect()
}

fn ours(call: &Transcript) -> Vec<Sentence<'_>> {
    sentences(call).into_iter().filter(|it| it.side == Some(Side::Rep) && !it.asks()).collect()
}

/// Returns the words of ours that have most of `wanted`, the latest of equals.
fn source(wanted: Vec<String>, spoken: &[(&Transcript, Vec<Sentence>)]) -> Option<Earlier> {
    let all = spoken.iter().flat_map(|(call, said)| said.iter().map(move |sentence| (*call, sentence)));
    let texts: Vec<_> = all.clone().map(|(_, sentence)| sentence.words.clone()).collect();
    let wanted = Wanted::among(wanted, &texts);
    let shares = all.map(|(call, sentence)| (wanted.share(&sentence.words), call, sentence));
    let best = shares.max_by(|((one, _), ..), ((other, _), ..)| one.total_cmp(other));
    let ((share, _), call, sentence) =
        best.filter(|((share, held), ..)| *share >= SOURCE && *held >= TELLING)?;
    Some(Earlier { words: Citation::new(call, &call.quote(sentence.span)?), share })
}

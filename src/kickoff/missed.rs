use super::{Earlier, Replay};
use crate::eval::{Head, Mark, Notation, Spec, Speech};
use crate::ledger::ReadCall;
use crate::rules::Kind;
use crate::transcript::{Side, Transcript};

/// What the notation reads as marks.
const MARKS: [&str; 7] = ["[[", "]]", "{{", "}}", "|", "\n", "\r"];

/// Returns the misses of `replay` that were said on a call, as one labelled call: each with the turn before it. What no
/// call heard teaches a reader nothing and is left out. What else the turns hold is not labelled: a person looks over it.
pub fn missed(replay: &Replay, before: &[ReadCall]) -> Notation {
    let mut speeches = Vec::new();
    for earlier in replay.misses().filter_map(|claim| claim.earlier.as_ref()) {
        let call = before.iter().find(|call| call.transcript.call.id == earlier.words.call);
        speeches.extend(call.into_iter().flat_map(|call| excerpt(call.transcript, earlier)));
    }
    let headers = vec![("call".to_owned(), format!("{}-misses", replay.call))];
    Notation { headers, speeches, people: Vec::new() }
}

fn excerpt(call: &Transcript, earlier: &Earlier) -> Vec<Speech> {
    let quote = &earlier.words.quote;
    let turn = quote.span().turn as usize;
    let mark = Mark {
        range: quote.span().range(),
        head: Head::Specs(vec![Spec { kind: Kind::Promise, attrs: Vec::new() }]),
    };
    let before = turn.checked_sub(1).and_then(|before| speech(call, before, Vec::new()));
    let Some(said) = speech(call, turn, vec![mark]) else { return Vec::new() };
    before.into_iter().chain([said]).collect()
}

/// Returns a turn in the notation; `None` where its words would be read as marks.
fn speech(call: &Transcript, turn: usize, marks: Vec<Mark>) -> Option<Speech> {
    let words = call.turns.get(turn)?;
    let speaker = call.speakers.get(words.speaker.index())?;
    let plain = |text: &str| !MARKS.iter().any(|mark| text.contains(mark));
    let name = speaker.display();
    let side = speaker.side.unwrap_or(Side::Customer);
    let fits = plain(&words.text) && plain(name) && !name.contains(':');
    fits.then(|| Speech { line: 0, side, name: name.to_owned(), text: words.text.clone(), marks })
}

use crate::transcript::{KnownBy, Likeness, Name, Place, Side};

use super::introduction;
use super::side_cues::Talk;
use super::speakers::Voices;

/// Cues by which one side must outweigh the other before a guess from somebody's talk is taken at all.
const MARGIN: u32 = 3;

/// What it weighs that a full name is not among our people, though others on the call are: new colleagues join
/// calls before somebody adds them to the deal, so it is no proof.
const NOT_OURS: u32 = 2;

/// Sets the side of every voice that metadata left open, by its label's company, by what the voice says of itself,
/// by who presents it, and last by how it talks; a guess from talk alone is a problem for somebody to confirm.
pub(super) fn settle(voices: &mut Voices<'_>) {
    let ours_are_known = voices
        .voices
        .iter()
        .any(|voice| voice.side == Some(Side::Rep) && voice.known_by == KnownBy::Metadata);
    let presented_by = presentations(voices);
    for at in 0..voices.voices.len() {
        if voices.voices[at].side.is_some() {
            continue;
        }
        let labelled =
            voices.voices[at].parsed.company.as_ref().and_then(|company| voices.companies.named(company));
        if labelled.is_some() {
            voices.voices[at].side = labelled;
            continue;
        }
        let stated = stated(voices, at).or_else(|| presented(at, &presented_by));
        let side = stated.or_else(|| guessed(voices, at, ours_are_known));
        if side.is_some() {
            voices.voices[at].side = side;
            voices.voices[at].known_by = KnownBy::Speech;
        }
    }
}

/// Returns the side that voice `at` states: "I'm Dana with Acme", "here at Acme".
fn stated(voices: &Voices<'_>, at: usize) -> Option<Side> {
    let roster = &voices.roster;
    let introduces = |text: &&str| introduction::own_name(text, roster).is_some();
    let mut early = voices.said_by(at).take(introduction::EARLY).filter(introduces);
    let belongs = early.find_map(|text| voices.companies.belonging(text));
    belongs.or_else(|| voices.said_by(at).find_map(|text| voices.companies.speaking_for(text)))
}

/// Returns whom voices of a known side present ("this is Hector"), with that side: one presents one's own people.
fn presentations(voices: &Voices<'_>) -> Vec<(usize, Side)> {
    let names: Vec<_> =
        voices.voices.iter().map(|voice| Name::new(voice.name.as_deref().unwrap_or_default())).collect();
    let mut found = Vec::new();
    for (by, side) in voices.voices.iter().enumerate().filter_map(|(by, voice)| Some((by, voice.side?))) {
        for name in voices
            .said_by(by)
            .take(introduction::EARLY)
            .flat_map(introduction::presented)
            .map(|name| Name::new(&name))
        {
            let alike = |(at, of): &(usize, &Name)| {
                *at != by && matches!(of.likeness(&name), Likeness::Same | Likeness::Part)
            };
            let mut who = names.iter().enumerate().filter(alike);
            if let (Some((at, _)), None) = (who.next(), who.next()) {
                found.push((at, side));
            }
        }
    }
    found
}

/// Returns the side on which all presentations of voice `at` agree.
fn presented(at: usize, by: &[(usize, Side)]) -> Option<Side> {
    let mut sides = by.iter().filter(|(who, _)| *who == at).map(|(_, side)| *side);
    let first = sides.next()?;
    sides.all(|side| side == first).then_some(first)
}

fn guessed(voices: &mut Voices<'_>, at: usize, ours_are_known: bool) -> Option<Side> {
    let voice = &voices.voices[at];
    let not_ours = ours_are_known && voice.parsed.identity().is_some();
    let mut talk = Talk::of(voices.said_by(at));
    talk.buyer += if not_ours { NOT_OURS } else { 0 };
    let side = talk.side(MARGIN).filter(|side| !(not_ours && *side == Side::Rep))?;
    let shown = voice.display();
    let message = || format!("{shown} talks like the {side}'s side, and nothing else tells; confirm it");
    voices.problems.note("side-guessed", Place::Whole, message);
    Some(side)
}

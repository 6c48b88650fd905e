use std::collections::HashMap;

use super::attributes::Sketch;
use crate::rules::Kind;

/// Keeps one of the sketches of a kind that share words, the surest; a promise and a next step are one kind here,
/// since the same words bind once. Pricing and its promise stay, being two views of one concession.
pub(super) fn merge(mut sketches: Vec<Sketch<'_>>) -> Vec<Sketch<'_>> {
    // The rule's id breaks ties, so that the order of files decides nothing.
    sketches.sort_by(|one, other| {
        let sure = other.confidence.total_cmp(&one.confidence);
        sure.then_with(|| key(one).cmp(&key(other)))
    });
    let mut kept: HashMap<(u32, Kind), Vec<Sketch<'_>>> = HashMap::new();
    for sketch in sketches {
        let rivals = kept.entry((sketch.quote.span().turn, family(sketch.kind))).or_default();
        match rivals.iter_mut().find(|other| other.quote.span().overlaps(sketch.quote.span())) {
            Some(other) => absorb(other, sketch),
            None => rivals.push(sketch),
        }
    }
    let mut kept: Vec<_> = kept.into_values().flatten().collect();
    kept.sort_by_key(|sketch| (sketch.quote.span(), sketch.kind));
    kept
}

fn key(sketch: &Sketch<'_>) -> (crate::transcript::Span, String) {
    (sketch.quote.span(), sketch.candidate.ground.id(sketch.candidate.pack))
}

fn family(kind: Kind) -> Kind {
    match kind {
        Kind::NextStep => Kind::Promise,
        _ => kind,
    }
}

/// Takes over what only the weaker sketch knows.
fn absorb(kept: &mut Sketch<'_>, other: Sketch<'_>) {
    let id = |sketch: &Sketch<'_>| sketch.candidate.ground.id(sketch.candidate.pack);
    if id(kept) != id(&other) {
        let also = format!("also {}", id(&other));
        if !kept.also.contains(&also) {
            kept.also.push(also);
        }
    }
    if kept.context.is_none() && kept.borrowed.is_none() {
        kept.borrowed = other.context;
    }
}

//! The second reading, which sees what the first made of the neighbours.

use super::measures::{Outline, abundance, measure};
use super::sums::Sums;
use super::view::View;
use crate::rules::{Kind, LANES, Label, Weights};
use crate::transcript::Side;

/// Log-odds that are lost where nobody knows on whose side a speaker is.
const UNKNOWN_SIDE: f32 = -0.3;
/// What is lost besides by findings that mostly the customer makes, in a call of which no side at all is known: talk
/// between neither buyer nor seller is full of their look-alikes.
const NO_SIDES: f32 = -0.3;
/// What is lost besides by a promise where sides are known, only not this speaker's: mostly they are of the customer's.
const STRANGER: f32 = -0.7;

/// So many utterances are measured before trees are asked about them; their measures stay in the nearest cache.
const BLOCK: usize = 64;

/// Returns the log-odds of every label at every utterance. What cannot come to the `least` answer of the label's trees
/// has none, nor what lies below its floor.
pub(super) fn chances(
    view: &View<'_>,
    outlines: &[Outline],
    sums: &[Sums],
    least: impl Fn(&Label) -> f32,
) -> Vec<Sums> {
    let mut chances: Vec<Sums> = sums.iter().map(|sums| vec![f32::NEG_INFINITY; sums.len()]).collect();
    let weights = |at: usize| view.utterances[at].pack.weights();
    let abundance = abundance(sums);
    let mut at = 0;
    while at < sums.len() {
        let same = |other: &usize| match (weights(at), weights(*other)) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            _ => false,
        };
        let end = (at..sums.len().min(at + BLOCK)).take_while(same).last().unwrap_or(at) + 1;
        if let Some(weights) = weights(at) {
            let least: Vec<f32> = weights.head().kinds.iter().map(&least).collect();
            ask(weights, (outlines, sums, abundance), &least, at..end, &mut chances[at..end]);
        }
        at = end;
    }
    let sides = view.transcript.speakers.iter().any(|speaker| speaker.side.is_some());
    for (at, odds) in chances.iter_mut().enumerate() {
        let side = view.side(at);
        for (number, kind) in weights(at).into_iter().flat_map(Weights::kind_labels) {
            odds[number] += match side {
                None => unknown_side(kind, sides),
                // Only our side, or a partner, binds itself.
                Some(Side::Customer) if matches!(kind, Kind::Promise | Kind::Exclusion) => f32::NEG_INFINITY,
                Some(_) => 0.0,
            };
        }
    }
    chances
}

/// Asks the trees of every label about the utterances `block`, which one language's weights read.
fn ask(
    weights: &Weights,
    (outlines, sums, abundance): (&[Outline], &[Sums], f32),
    least: &[f32],
    block: std::ops::Range<usize>,
    chances: &mut [Sums],
) {
    let mut measured = Vec::new();
    block.clone().for_each(|at| measure(outlines, sums, abundance, at, &mut measured));
    let measures = measured.len() / block.len();
    let rows: Vec<&[f32]> = measured.chunks_exact(measures).collect();
    let mut columns = vec![[0.0; LANES]; measures];
    for (number, (label, forest)) in weights.head().kinds.iter().zip(&weights.forests).enumerate() {
        let above = |row: &usize| sums[block.start + row][number] >= label.floor;
        let asked: Vec<usize> = (0..rows.len()).filter(above).collect();
        for asked in asked.chunks(LANES) {
            for (lane, row) in asked.iter().enumerate() {
                columns.iter_mut().zip(rows[*row]).for_each(|(column, measure)| column[lane] = *measure);
            }
            let answers = forest.sums(&columns, least[number]);
            for (row, answer) in asked.iter().zip(answers) {
                chances[*row][number] = label.log_odds(answer);
            }
        }
    }
}

/// Returns what a finding of `kind` loses where its speaker's side is unknown; `sides` tells whether anybody's is known.
fn unknown_side(kind: Kind, sides: bool) -> f32 {
    match kind {
        Kind::Promise if sides => UNKNOWN_SIDE + STRANGER,
        Kind::Promise | Kind::NextStep => UNKNOWN_SIDE,
        _ if sides => UNKNOWN_SIDE,
        _ => UNKNOWN_SIDE + NO_SIDES,
    }
}

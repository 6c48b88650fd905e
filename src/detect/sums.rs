//! The weights of what is noticed about each utterance, summed.

use super::evident::Evident;
use super::key::{Place, Stand};
use crate::rules::{UNIT, Weights};

/// The sums of an utterance by label of the kinds' table, in log-odds.
pub(super) type Sums = Vec<f32>;

/// What an utterance's own evidence adds, by column of the kinds' table.
type Columns = [i32; 256];

/// Returns the sums of every utterance. What an utterance says is looked up once and counts for all who hear it.
pub(super) fn sums(evident: &Evident<'_, '_>) -> Vec<Sums> {
    let utterances = &evident.view.utterances;
    let weights = |at: usize| utterances[at].pack.weights();
    let labels = |at: usize| weights(at).map_or(0, |weights| weights.head().kinds.len());
    let mut units: Vec<Vec<i32>> = (0..utterances.len()).map(|at| vec![0; labels(at)]).collect();
    let (mut keys, mut columns) = (Vec::new(), [0; 256]);
    for at in 0..utterances.len() {
        keys.clear();
        evident.own(at, &mut |key, _| keys.push(key));
        // The weights by which the columns were summed: a neighbour may speak another language.
        let mut summed: Option<&Weights> = None;
        let here = [(at, Stand::At(Place::Here)), (at, Stand::Said(evident.view.side(at)))];
        let hearers = evident.hearers(at).map(|(hearer, place)| (hearer, Stand::At(place)));
        for (hearer, stand) in here.into_iter().chain(hearers) {
            let Some(weights) = weights(hearer) else { continue };
            if !summed.is_some_and(|summed| std::ptr::eq(summed, weights)) {
                columns = sum(weights, &keys);
                summed = Some(weights);
            }
            add(&mut units[hearer], &columns, stand);
        }
        if let Some(weights) = weights(at) {
            keys.clear();
            for (other, place, _) in evident.neighbours(at) {
                evident.beside(at, other, place, &mut |key, _| keys.push(key));
            }
            add(&mut units[at], &sum(weights, &keys), Stand::Alone);
        }
    }
    let log_odds = |units: Vec<i32>| units.into_iter().map(|units| units as f32 * UNIT).collect();
    units.into_iter().map(log_odds).collect()
}

fn sum(weights: &Weights, keys: &[u32]) -> Columns {
    let mut columns = [0; 256];
    for key in keys {
        for (column, units) in weights.kinds.row(*key) {
            columns[usize::from(column)] += i32::from(units);
        }
    }
    columns
}

fn add(units: &mut [i32], columns: &Columns, stand: Stand) {
    let first = stand.column(0, units.len());
    for (units, column) in units.iter_mut().zip(columns.get(first..).unwrap_or_default()) {
        *units += column;
    }
}

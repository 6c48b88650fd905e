//! How wide the columns of a table are, where nobody can measure them: DOCX and PDF share it.

use super::document::{Run, plain};

/// No column gets less than this share of the width that an equal split would give it.
const LEAST: f32 = 0.35;

/// Returns the widths of a table's columns, which fill `width`. A column of long text gets more than one of dates, but
/// not in proportion: the square root of its longest cell keeps short columns readable.
pub(super) fn widths(head: &[Vec<Run>], rows: &[Vec<Vec<Run>>], width: f32) -> Vec<f32> {
    let letters = |cell: &Vec<Run>| plain(cell).chars().count();
    let longest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.chain(head.get(column)).map(letters).max().unwrap_or_default()
    };
    let equal = 1.0 / head.len().max(1) as f32;
    let weights: Vec<f32> = (0..head.len()).map(|column| (longest(column).max(1) as f32).sqrt()).collect();
    let sum: f32 = weights.iter().sum();
    let shares: Vec<f32> = weights.iter().map(|weight| (weight / sum).max(LEAST * equal)).collect();
    let sum: f32 = shares.iter().sum();
    shares.into_iter().map(|share| share / sum * width).collect()
}

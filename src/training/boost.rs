//! Gradient boosting of small trees over binned measures, for the logistic loss (Friedman 2001; histograms and
//! best-first growth as in LightGBM, Ke et al. 2017).

use crate::eval::Generator;
use crate::rules::{Forest, Node};

/// Trees, leaves of a tree, and how much of each tree's answer counts.
const TREES: usize = 100;
const LEAVES: usize = 12;
const RATE: f32 = 0.07;
/// A leaf speaks for at least so many examples.
const FEWEST: usize = 25;
/// A tree asks for one measure in so many, drawn anew for each: it is quicker, and no measure is leant on alone.
const COLUMNS: usize = 3;
/// Of fewer measures than this a tree asks for all.
const FEW: usize = 30;
/// Draws answers towards zero.
const L2: f32 = 1.0;
/// Values of a measure are told apart this finely.
const BINS: usize = 32;
/// A split must better the loss by this.
const LEAST_GAIN: f32 = 1e-3;

/// Measures of examples, binned: a column for each measure.
pub(super) struct Binned {
    columns: Vec<Vec<u8>>,
    /// For each measure, the largest value of each bin but the last.
    bounds: Vec<Vec<f32>>,
    rows: usize,
}

impl Binned {
    pub(super) fn new(rows: &[&[f32]]) -> Self {
        let measures = rows.first().map_or(0, |row| row.len());
        let (mut columns, mut all_bounds) = (Vec::new(), Vec::new());
        for measure in 0..measures {
            let mut values: Vec<f32> = rows.iter().map(|row| row[measure]).collect();
            values.sort_by(f32::total_cmp);
            let mut bounds: Vec<f32> = (1..BINS).map(|bin| values[bin * (values.len() - 1) / BINS]).collect();
            bounds.dedup();
            if bounds.last() == values.last() {
                bounds.pop();
            }
            let bin = |row: &&[f32]| bounds.partition_point(|bound| *bound < row[measure]) as u8;
            columns.push(rows.iter().map(bin).collect());
            all_bounds.push(bounds);
        }
        Self { columns, bounds: all_bounds, rows: rows.len() }
    }
}

/// The sum of slopes and curvatures of the loss, over some examples.
#[derive(Clone, Copy, Debug, Default)]
struct Pull {
    slope: f32,
    curve: f32,
    count: u32,
}

impl Pull {
    fn add(&mut self, other: Self) {
        self.slope += other.slope;
        self.curve += other.curve;
        self.count += other.count;
    }

    fn without(self, other: Self) -> Self {
        Self {
            slope: self.slope - other.slope,
            curve: self.curve - other.curve,
            count: self.count - other.count,
        }
    }

    fn score(self) -> f32 {
        self.slope * self.slope / (self.curve + L2)
    }

    fn answer(self) -> f32 {
        -RATE * self.slope / (self.curve + L2)
    }
}

/// A way to split a leaf.
#[derive(Clone, Copy, Debug)]
struct Split {
    gain: f32,
    measure: usize,
    bin: u8,
}

/// A leaf of a growing tree.
struct Leaf {
    examples: Vec<u32>,
    pull: Pull,
    best: Option<Split>,
}

/// A tree while it grows.
enum Grown {
    Leaf(Leaf),
    Split(Split, Box<Self>, Box<Self>),
}

/// Grows the trees that tell which of the rows have their label.
pub(super) fn boost(binned: &Binned, labels: &[bool]) -> Forest {
    let positive = labels.iter().filter(|label| **label).count() as f32 + 1.0;
    let base = (positive / (labels.len() as f32 + 2.0 - positive)).ln();
    let mut forest = Forest { base, ..Forest::default() };
    let mut sums = vec![base; binned.rows];
    let mut generator = Generator::new(0);
    for _ in 0..TREES {
        let pulls: Vec<Pull> = sums
            .iter()
            .zip(labels)
            .map(|(sum, label)| {
                let probability = 1.0 / (1.0 + (-sum).exp());
                let slope = probability - f32::from(u8::from(*label));
                Pull { slope, curve: probability * (1.0 - probability), count: 1 }
            })
            .collect();
        let measures = binned.columns.len();
        let asked: Vec<usize> =
            (0..measures).filter(|_| measures < FEW || generator.below(COLUMNS) == 0).collect();
        let tree = grow(binned, &asked, &pulls);
        answer(&tree, &mut sums);
        forest.roots.push(forest.nodes.len() as u32);
        plant(&tree, binned, &mut forest.nodes);
    }
    forest
}

fn grow(binned: &Binned, asked: &[usize], pulls: &[Pull]) -> Grown {
    let mut tree = Grown::Leaf(leaf(binned, asked, pulls, (0..binned.rows as u32).collect()));
    for _ in 1..LEAVES {
        let Some(best) = widest(&mut tree) else { break };
        let Grown::Leaf(old) = best else { break };
        let Some(split) = old.best else { break };
        let column = &binned.columns[split.measure];
        let (left, right) = old.examples.iter().partition(|row| column[**row as usize] <= split.bin);
        let (left, right) = (leaf(binned, asked, pulls, left), leaf(binned, asked, pulls, right));
        *best = Grown::Split(split, Box::new(Grown::Leaf(left)), Box::new(Grown::Leaf(right)));
    }
    tree
}

/// Returns the leaf whose split gains most.
fn widest(tree: &mut Grown) -> Option<&mut Grown> {
    if matches!(tree, Grown::Leaf(_)) {
        return Some(tree).filter(|tree| gain(tree) > LEAST_GAIN);
    }
    let Grown::Split(_, left, right) = tree else { return None };
    let (one, other) = (widest(left), widest(right));
    match (one, other) {
        (Some(one), Some(other)) => Some(if gain(one) >= gain(other) { one } else { other }),
        (one, other) => one.or(other),
    }
}

fn gain(tree: &Grown) -> f32 {
    match tree {
        Grown::Leaf(leaf) => leaf.best.map_or(0.0, |best| best.gain),
        Grown::Split(..) => 0.0,
    }
}

fn leaf(binned: &Binned, asked: &[usize], pulls: &[Pull], examples: Vec<u32>) -> Leaf {
    let mut pull = Pull::default();
    examples.iter().for_each(|row| pull.add(pulls[*row as usize]));
    let mut best: Option<Split> = None;
    if examples.len() >= 2 * FEWEST {
        for measure in asked.iter().copied() {
            let column = &binned.columns[measure];
            let bins = binned.bounds[measure].len();
            let mut histogram = [Pull::default(); BINS];
            for row in &examples {
                histogram[usize::from(column[*row as usize])].add(pulls[*row as usize]);
            }
            let mut left = Pull::default();
            for (bin, here) in histogram.iter().enumerate().take(bins) {
                left.add(*here);
                let right = pull.without(left);
                let gain = left.score() + right.score() - pull.score();
                let enough = left.count as usize >= FEWEST && right.count as usize >= FEWEST;
                if enough && best.is_none_or(|best| gain > best.gain) {
                    best = Some(Split { gain, measure, bin: bin as u8 });
                }
            }
        }
    }
    Leaf { examples, pull, best }
}

/// Adds the tree's answers to the sums of the examples that it was grown from.
fn answer(tree: &Grown, sums: &mut [f32]) {
    match tree {
        Grown::Leaf(leaf) => {
            leaf.examples.iter().for_each(|row| sums[*row as usize] += leaf.pull.answer());
        }
        Grown::Split(_, left, right) => {
            answer(left, sums);
            answer(right, sums);
        }
    }
}

fn plant(tree: &Grown, binned: &Binned, nodes: &mut Vec<Node>) {
    match tree {
        Grown::Leaf(leaf) => nodes.push(Node::Answer(leaf.pull.answer())),
        Grown::Split(split, left, right) => {
            let at = nodes.len();
            let bound = binned.bounds[split.measure][usize::from(split.bin)];
            nodes.push(Node::Ask { measure: split.measure as u16, bound, otherwise: 0 });
            plant(left, binned, nodes);
            let behind = nodes.len() as u32;
            if let Some(Node::Ask { otherwise, .. }) = nodes.get_mut(at) {
                *otherwise = behind;
            }
            plant(right, binned, nodes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_learn_what_no_sum_of_weights_can() {
        // Either of two, but not both; the third measure is noise.
        let rows: Vec<[f32; 3]> =
            (0..800).map(|n| [(n % 2) as f32, (n / 2 % 2) as f32, (n * 37 % 101) as f32]).collect();
        let labels: Vec<bool> = rows.iter().map(|row| row[0] != row[1]).collect();
        let views: Vec<&[f32]> = rows.iter().map(|row| &row[..]).collect();
        let forest = boost(&Binned::new(&views), &labels);
        for (row, label) in rows.iter().zip(labels) {
            assert_eq!(forest.sum(row) > 0.0, label, "{row:?}");
        }
    }

    #[test]
    fn without_a_difference_there_is_nothing_to_ask() {
        let rows = vec![[1.0_f32]; 100];
        let views: Vec<&[f32]> = rows.iter().map(|row| &row[..]).collect();
        let forest = boost(&Binned::new(&views), &[false; 100]);
        assert!(forest.nodes.iter().all(|node| matches!(node, Node::Answer(_))));
    }
}

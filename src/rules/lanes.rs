use super::trees::{Forest, Node};

/// So many utterances are asked at a time.
pub(crate) const LANES: usize = 8;
/// More leaves than this has no tree.
const LEAVES: u32 = u32::BITS;
/// After so many trees it is looked whether the rest can matter.
const BLOCK: usize = 10;
/// Sums in another order differ by less than this.
const ROUNDING: f32 = 1e-3;

/// A forest as it is asked: every question of a tree to eight utterances at once, without a branch. A question strikes
/// out the leaves that an utterance cannot reach, and the first that is left answers (QuickScorer, Lucchese et al.
/// 2015).
#[derive(Clone, Debug, Default)]
pub(crate) struct Lanes {
    base: f32,
    trees: Vec<Tree>,
    questions: Vec<Question>,
    answers: Vec<f32>,
}

#[derive(Clone, Copy, Debug)]
struct Tree {
    /// Where its questions end; they begin where those of the tree before it do.
    questions: u32,
    /// Where its answers begin.
    answers: u32,
    /// The most that this tree and all behind it may add.
    most: f32,
}

/// Is `measure` greater than `bound`? Then only the leaves of `left` stay.
#[derive(Clone, Copy, Debug)]
struct Question {
    bound: f32,
    measure: u32,
    left: u32,
}

impl Lanes {
    /// Lays out `forest`; none where it has a tree with more leaves than are foreseen.
    pub(crate) fn new(forest: &Forest) -> Option<Self> {
        let mut lanes = Self { base: forest.base, ..Self::default() };
        for root in &forest.roots {
            let answers = lanes.answers.len() as u32;
            lanes.plant(forest, *root as usize, answers, 0)?;
            lanes.trees.push(Tree { questions: lanes.questions.len() as u32, answers, most: 0.0 });
        }
        let mut most = 0.0;
        let mut end = lanes.answers.len();
        for tree in lanes.trees.iter_mut().rev() {
            let own = &lanes.answers[tree.answers as usize..end];
            most += own.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            (tree.most, end) = (most, tree.answers as usize);
        }
        Some(lanes)
    }

    /// Notes the tree below node `at`, whose leaves are counted from `first`.
    fn plant(&mut self, forest: &Forest, at: usize, first: u32, depth: u32) -> Option<()> {
        let leaves = |lanes: &Self| lanes.answers.len() as u32 - first;
        match forest.nodes.get(at) {
            Some(Node::Ask { measure, bound, otherwise }) if depth < LEAVES => {
                let before = leaves(self);
                self.plant(forest, at + 1, first, depth + 1)?;
                let below = (1 << leaves(self)) - (1 << before);
                let question = Question { bound: *bound, measure: u32::from(*measure), left: !below };
                self.questions.push(question);
                self.plant(forest, *otherwise as usize, first, depth + 1)?;
            }
            Some(Node::Answer(answer)) => self.answers.push(*answer),
            Some(Node::Ask { .. }) => return None,
            None => self.answers.push(0.0),
        }
        (leaves(self) < LEAVES).then_some(())
    }

    /// Returns the log-odds that the trees add up to for each utterance; `measures` are theirs, and what is missing is
    /// zero. Where no utterance can come to `least`, there are no odds at all.
    pub(crate) fn sums(&self, measures: &[[f32; LANES]], least: f32) -> [f32; LANES] {
        let mut sums = [self.base; LANES];
        let mut begin = 0;
        for (number, tree) in self.trees.iter().enumerate() {
            if number % BLOCK == 0 && sums.iter().all(|sum| sum + tree.most < least - ROUNDING) {
                return [f32::NEG_INFINITY; LANES];
            }
            let questions = &self.questions[begin..tree.questions as usize];
            begin = tree.questions as usize;
            let answers = &self.answers[tree.answers as usize..];
            for (sum, open) in sums.iter_mut().zip(open(questions, measures)) {
                *sum += answers[open.trailing_zeros() as usize];
            }
        }
        sums
    }
}

/// Returns the leaves that no question strikes out. Eight answers are two comparisons of four; a branch would be
/// guessed wrong every other time.
fn open(questions: &[Question], measures: &[[f32; LANES]]) -> [u32; LANES] {
    let mut open = [u32::MAX; LANES];
    for question in questions {
        let values = measures.get(question.measure as usize).unwrap_or(&[0.0; LANES]);
        for (open, value) in open.iter_mut().zip(values) {
            *open &= question.left | u32::from(*value > question.bound).wrapping_sub(1);
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Grows a tree of the shape that `picks` say; a pick beyond the measures is a leaf.
    fn grow(picks: &mut impl Iterator<Item = (u16, f32)>, depth: usize, nodes: &mut Vec<Node>) {
        let (measure, value) = picks.next().unwrap_or((9, 0.5));
        if measure > 4 || depth == 4 {
            return nodes.push(Node::Answer(value));
        }
        let at = nodes.len();
        nodes.push(Node::Answer(0.0));
        grow(picks, depth + 1, nodes);
        let otherwise = nodes.len() as u32;
        nodes[at] = Node::Ask { measure, bound: value, otherwise };
        grow(picks, depth + 1, nodes);
    }

    proptest! {
        #[test]
        fn eight_utterances_at_once_get_the_answers_that_each_gets_alone(
            picks in proptest::collection::vec((0_u16..7, -1.0_f32..1.0), 1..400),
            values in proptest::collection::vec(-1.0_f32..1.0, 4 * LANES),
        ) {
            let mut forest = Forest { base: 0.25, ..Forest::default() };
            let mut picks = picks.into_iter().peekable();
            while picks.peek().is_some() {
                forest.roots.push(forest.nodes.len() as u32);
                grow(&mut picks, 0, &mut forest.nodes);
            }
            // The fifth measure is missing.
            let rows: Vec<&[f32]> = values.chunks(4).collect();
            let measures: Vec<[f32; LANES]> =
                (0..4).map(|measure| std::array::from_fn(|lane| rows[lane][measure])).collect();
            let lanes = Lanes::new(&forest).unwrap();
            let alone: [f32; LANES] = std::array::from_fn(|lane| forest.sum(rows[lane]));
            prop_assert_eq!(lanes.sums(&measures, f32::NEG_INFINITY), alone);
            for least in [-1.0, 0.0, 1.0] {
                for (sum, alone) in lanes.sums(&measures, least).into_iter().zip(alone) {
                    prop_assert!(sum == alone || (sum < least && alone < least));
                }
            }
        }
    }
}

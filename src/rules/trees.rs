//! Boosted decision trees, as they are asked; `training` grows them.

/// A sum of trees over the measures of an utterance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    /// What every answer starts from.
    pub base: f32,
    /// The nodes of all trees, each tree's root where `roots` says.
    pub nodes: Vec<Node>,
    /// Where each tree begins.
    pub roots: Vec<u32>,
}

/// A question, or an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node {
    /// Is `measure` at most `bound`? Then the next node answers, else the node at `otherwise`.
    Ask {
        /// Number of the measure.
        measure: u16,
        /// Largest value that goes on to the next node.
        bound: f32,
        /// The other node.
        otherwise: u32,
    },
    /// Log-odds that the tree adds.
    Answer(f32),
}

/// Bytes of a stored node.
const NODE: usize = 10;

impl Forest {
    /// Returns the log-odds that the trees add up to.
    pub fn sum(&self, measures: &[f32]) -> f32 {
        self.roots.iter().fold(self.base, |sum, root| sum + self.answer(*root as usize, measures))
    }

    fn answer(&self, mut at: usize, measures: &[f32]) -> f32 {
        loop {
            match self.nodes.get(at) {
                Some(Node::Ask { measure, bound, otherwise }) => {
                    let value = measures.get(usize::from(*measure)).copied().unwrap_or(0.0);
                    at = if value <= *bound { at + 1 } else { *otherwise as usize };
                }
                Some(Node::Answer(answer)) => return *answer,
                None => return 0.0,
            }
        }
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.base.to_le_bytes());
        bytes.extend((self.roots.len() as u32).to_le_bytes());
        bytes.extend((self.nodes.len() as u32).to_le_bytes());
        self.roots.iter().for_each(|root| bytes.extend(root.to_le_bytes()));
        for node in &self.nodes {
            let (measure, value, otherwise) = match node {
                Node::Ask { measure, bound, otherwise } => (*measure, *bound, *otherwise),
                Node::Answer(answer) => (u16::MAX, *answer, 0),
            };
            bytes.extend(measure.to_le_bytes());
            bytes.extend(value.to_le_bytes());
            bytes.extend(otherwise.to_le_bytes());
        }
    }

    /// Reads what `write` wrote; trees that could go round in circles are refused.
    pub(super) fn read(bytes: &mut super::cursor::Cursor) -> Option<Self> {
        let base = f32::from_bits(bytes.number()?);
        let (roots, nodes) = (bytes.number()? as usize, bytes.number()? as usize);
        let mut forest = Self { base, nodes: Vec::new(), roots: Vec::new() };
        for _ in 0..roots {
            forest.roots.push(bytes.number()?);
        }
        let stored = bytes.take(nodes.checked_mul(NODE)?)?;
        for (at, node) in stored.chunks_exact(NODE).enumerate() {
            let measure = u16::from_le_bytes([node[0], node[1]]);
            let value = f32::from_le_bytes([node[2], node[3], node[4], node[5]]);
            let otherwise = u32::from_le_bytes([node[6], node[7], node[8], node[9]]);
            forest.nodes.push(match measure {
                u16::MAX => Node::Answer(value),
                _ if otherwise as usize <= at => return None,
                _ => Node::Ask { measure, bound: value, otherwise },
            });
        }
        Some(forest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_asked_from_their_roots_and_what_is_missing_adds_nothing() {
        let nodes = vec![
            Node::Ask { measure: 1, bound: 0.5, otherwise: 2 },
            Node::Answer(-1.0),
            Node::Answer(2.0),
            Node::Answer(0.25),
        ];
        let forest = Forest { base: 0.5, nodes, roots: vec![0, 3, 9] };
        assert_eq!(forest.sum(&[0.0, 0.5]), -0.25);
        assert_eq!(forest.sum(&[0.0, 0.6]), 2.75);
        assert_eq!(forest.sum(&[]), -0.25);
    }
}

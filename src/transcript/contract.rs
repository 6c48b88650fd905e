use serde::Serialize;

use super::Digest;

/// A paper that was signed, or is to be: an order form, a contract, a statement of work. Its words are as fixed as a
/// call's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contract {
    /// The file's name, as it was given: hostile text.
    pub name: String,
    /// Digest of the file's bytes.
    pub source: Digest,
    /// The text, as it was read out of the file.
    #[serde(skip)]
    pub text: String,
    /// The clauses, in order.
    pub clauses: Vec<Clause>,
}

/// A clause of a contract: a half-open byte range of its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Its number as the paper writes it, with that of the clause around it ("3.2 (a)"); empty where it has none.
    pub number: String,
    /// Whether it is a row of a table: what was ordered, as a rule.
    pub row: bool,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Contract {
    /// Returns the words of a clause, to the letter.
    pub fn words(&self, clause: &Clause) -> &str {
        self.text.get(clause.start..clause.end).unwrap_or_default()
    }

    /// Returns what was ordered: the first cell of each row of a table that holds a figure.
    pub fn ordered(&self) -> impl Iterator<Item = (&Clause, &str)> {
        self.clauses.iter().filter(|clause| clause.row).filter_map(|clause| {
            let (item, rest) = cells(self.words(clause))?;
            rest.contains(|c: char| c.is_ascii_digit()).then_some((clause, item))
        })
    }
}

/// Splits the first cell of a row from the others: columns are parted by `|`, a tab or a wide space.
pub(crate) fn cells(row: &str) -> Option<(&str, &str)> {
    let row = row.trim().trim_start_matches('|').trim_start();
    let at = [row.find('|'), row.find('\t'), row.find("   ")].into_iter().flatten().min()?;
    let (item, rest) = row.split_at(at);
    let rest = rest.trim_matches(|c: char| c == '|' || c.is_whitespace());
    (!item.trim().is_empty() && !rest.is_empty()).then_some((item.trim(), rest))
}

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::transcript::{Clause, Contract, Digest, cells};

/// What opens a numbered clause: `3.`, `3.2`, `§ 4`, `Section 7:`, `Artikel 2`. One figure alone needs its dot or
/// bracket, for a wrapped line may begin with "30 days".
const NUMBERED: &str = r"^\s*(?:§+\s*|(?i:section|clause|article|artikel|ziffer|art\.|cláusula|artículo)\s+)(\d{1,3}(?:\.\d{1,3}){0,4})[.):]?\s+\S|^\s*(\d{1,3}(?:\.\d{1,3}){1,4})[.):]?\s+\S|^\s*(\d{1,3})[.)]\s+\S";

/// What opens a lettered or Roman part of a clause: `(a)`, `b)`, `iv.`.
const LETTERED: &str = r"^\s*(\([a-z]\)|\([ivx]{1,4}\)|[a-z]\)|[ivx]{1,4}[.)])\s+\S";

/// What opens a part that has neither.
const BULLET: &str = r"^\s*[-•–*·]\s+\S";

/// The patterns that open a clause; none where one is malformed, which the tests would show.
static OPENINGS: LazyLock<Option<[Regex; 3]>> = LazyLock::new(|| {
    Some([Regex::new(NUMBERED).ok()?, Regex::new(LETTERED).ok()?, Regex::new(BULLET).ok()?])
});

/// Most clauses of one paper: a hundred pages have some two thousand.
const MOST: usize = 20_000;

/// Returns the paper `name` whose text is `text`, cut into clauses: at numbers, letters and bullets, at the rows of
/// tables and at blank lines. Each keeps its words to the letter.
pub fn contract(name: &str, source: Digest, text: String) -> Contract {
    let clauses = clauses(&text);
    Contract { name: name.to_owned(), source, text, clauses }
}

/// How a line opens a clause.
enum Opening {
    Numbered(String),
    Lettered(String),
    Plain,
    Row,
}

fn clauses(text: &str) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let (mut number, mut after_blank) = (String::new(), true);
    for line in lines(text) {
        let words = &text[line.clone()];
        if words.trim().is_empty() {
            after_blank = true;
            continue;
        }
        let blank = std::mem::replace(&mut after_blank, false);
        let trimmed =
            line.start + (words.len() - words.trim_start().len())..line.start + words.trim_end().len();
        let goes_on = !blank && clauses.last().is_some_and(|last| !last.row);
        let (whole, row) = match opening(words) {
            None if goes_on => {
                clauses.iter_mut().next_back().into_iter().for_each(|last| last.end = trimmed.end);
                continue;
            }
            Some(Opening::Numbered(own)) => {
                number.clone_from(&own);
                (own, false)
            }
            Some(Opening::Lettered(part)) => (format!("{number} {part}").trim().to_owned(), false),
            Some(Opening::Row) => (number.clone(), true),
            Some(Opening::Plain) | None => (number.clone(), false),
        };
        if clauses.len() < MOST {
            clauses.push(Clause { number: whole, row, start: trimmed.start, end: trimmed.end });
        }
    }
    clauses
}

fn opening(line: &str) -> Option<Opening> {
    let [numbered, lettered, bullet] = OPENINGS.as_ref()?;
    if let Some(found) = numbered.captures(line) {
        let number = found.iter().skip(1).flatten().next()?.as_str();
        return Some(Opening::Numbered(number.to_owned()));
    }
    if let Some(found) = lettered.captures(line) {
        let part = found.get(1)?.as_str().trim_matches(|c: char| !c.is_alphanumeric());
        return Some(Opening::Lettered(format!("({part})")));
    }
    if cells(line).is_some() {
        return Some(Opening::Row);
    }
    bullet.is_match(line).then_some(Opening::Plain)
}

/// Returns the byte range of each line, without its end.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some(start..start + line.trim_end_matches(['\n', '\r']).len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_is_cut_at_numbers_letters_rows_and_blank_lines() {
        let text = "ORDER FORM\n\nModule            Seats     Fee\nScheduling   40   $ 9,000\n\n1. Term. The term is\n36 months.\n\n2.1 Support\n(a) within\n30 days of notice;\nb) by phone.\nSection 3: Payment\n- net 45\n\nSigned by";
        let contract = contract("order-form.txt", Digest::of(b""), text.to_owned());
        let cut: Vec<_> =
            contract.clauses.iter().map(|clause| (clause.number.as_str(), contract.words(clause))).collect();
        assert_eq!(
            cut,
            [
                ("", "ORDER FORM"),
                ("", "Module            Seats     Fee"),
                ("", "Scheduling   40   $ 9,000"),
                ("1", "1. Term. The term is\n36 months."),
                ("2.1", "2.1 Support"),
                ("2.1 (a)", "(a) within\n30 days of notice;"),
                ("2.1 (b)", "b) by phone."),
                ("3", "Section 3: Payment"),
                ("3", "- net 45"),
                ("3", "Signed by"),
            ]
        );
        assert_eq!(contract.ordered().map(|(_, item)| item).collect::<Vec<_>>(), ["Scheduling"]);
    }
}

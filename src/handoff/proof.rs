use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{Action, Head, Link};

/// Rows that do not fit are held against each other's places to tell where each stood; a trail with more of them than
/// this was rewritten as a whole, and asking would take the square of their number.
const COMPARED: usize = 500;

/// Reads a trail from its first row to its last and says what was done to it.
pub struct Verifier {
    end: Head,
    rows: u64,
    flaws: Vec<Flaw>,
    /// Rows whose digest is not the one of their place.
    odd: Vec<Link>,
    emptied: BTreeSet<u64>,
    accounted: BTreeSet<u64>,
}

/// What reading a trail showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Proof {
    /// How many rows were read.
    pub rows: u64,
    /// How many of them an erasure has emptied.
    pub emptied: u64,
    /// The end of the trail, `NUMBER:DIGEST`. Keep it elsewhere: a trail that was rolled back is found against it.
    pub head: String,
    /// What is wrong.
    pub flaws: Vec<Flaw>,
}

/// Something wrong with a trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Flaw {
    /// The row.
    pub row: u64,
    /// What was done to it.
    pub fault: Fault,
    /// The same in words.
    pub words: String,
}

/// What can be done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is not what was written.
    Edited,
    /// It is gone.
    Removed,
    /// It stood elsewhere.
    Moved,
    /// It does not follow the row before it.
    Unlinked,
    /// It is empty, and no erasure says that it emptied it.
    Emptied,
    /// The trail does not reach, or does not hold, an end that is known from elsewhere.
    RolledBack,
}

impl Default for Verifier {
    fn default() -> Self {
        Self {
            end: Head::start(),
            rows: 0,
            flaws: Vec::new(),
            odd: Vec::new(),
            emptied: BTreeSet::new(),
            accounted: BTreeSet::new(),
        }
    }
}

impl Verifier {
    /// Reads the next row, in the order of the numbers. `known` are ends of the trail that somebody noted elsewhere.
    pub fn read(&mut self, link: &Link, known: &[Head]) {
        let (number, before) = (link.number, self.end.number);
        self.rows += 1;
        for lost in before + 1..number {
            self.flaw(lost, Fault::Removed, format!("row {lost} is gone"));
        }
        let as_sealed = link.body.as_ref().is_none_or(|body| body.digest() == link.sealed);
        let follows_odd = self.odd.last().is_some_and(|odd| odd.number == before);
        if !as_sealed || link.digest_at(number) != link.digest {
            self.odd.push(link.clone());
        } else if number == before + 1 && link.previous != self.end.digest && !follows_odd {
            let words = format!("row {number} does not follow row {before}: one of them was rewritten");
            self.flaw(number, Fault::Unlinked, words);
        }
        if known.iter().any(|head| head.number == number && head.digest != link.digest) {
            self.flaw(
                number,
                Fault::RolledBack,
                format!("row {number} is not the one that was noted elsewhere"),
            );
        }
        if link.body.is_none() {
            self.emptied.insert(number);
        }
        self.accounted.extend(emptied_by(link));
        self.end = link.head();
    }

    /// Returns what the trail shows. `head` is the end that the store has noted.
    pub fn finish(mut self, head: &Head, known: &[Head]) -> Proof {
        let last = self.end.number;
        for lost in last + 1..=head.number {
            self.flaw(lost, Fault::Removed, format!("row {lost} is gone from the end"));
        }
        for extra in head.number + 1..=last {
            self.flaw(
                extra,
                Fault::Unlinked,
                format!("row {extra} is behind the end that the store has noted"),
            );
        }
        if last == head.number && self.end.digest != head.digest && self.odd.is_empty() {
            self.flaw(last, Fault::Edited, format!("row {last} is not the last one that was written"));
        }
        for known in known.iter().filter(|known| known.number > last) {
            let words = format!("row {} was noted elsewhere, and the trail ends before it", known.number);
            self.flaw(known.number, Fault::RolledBack, words);
        }
        self.judge_odd();
        for row in self.emptied.difference(&self.accounted).copied().collect::<Vec<_>>() {
            self.flaw(
                row,
                Fault::Emptied,
                format!("row {row} is empty, and no erasure says that it emptied it"),
            );
        }
        self.flaws.sort_by_key(|flaw| flaw.row);
        let emptied = self.emptied.len() as u64;
        Proof { rows: self.rows, emptied, head: self.end.to_string(), flaws: self.flaws }
    }

    /// Tells rows that stood elsewhere from rows that were edited.
    fn judge_odd(&mut self) {
        let odd = std::mem::take(&mut self.odd);
        let places = || odd.iter().take(COMPARED).map(|link| link.number);
        for link in &odd {
            let row = link.number;
            let moved_from = places().find(|place| *place != row && link.digest_at(*place) == link.digest);
            match moved_from {
                Some(place) => self.flaw(row, Fault::Moved, format!("row {row} stood as row {place}")),
                None => self.flaw(row, Fault::Edited, format!("row {row} was edited")),
            }
        }
    }

    fn flaw(&mut self, row: u64, fault: Fault, words: String) {
        self.flaws.push(Flaw { row, fault, words });
    }
}

impl Proof {
    /// Tells whether the trail is as it was written.
    pub fn holds(&self) -> bool {
        self.flaws.is_empty()
    }
}

/// Returns the rows that an erasure says it emptied.
fn emptied_by(link: &Link) -> Vec<u64> {
    let body = link.body.as_ref().filter(|_| link.action == Action::Erased.as_str());
    let detail = body.and_then(|body| serde_json::from_str::<Json>(&body.detail).ok());
    let rows = detail.as_ref().and_then(|detail| detail.get("rows")).and_then(Json::as_array);
    rows.into_iter().flatten().filter_map(Json::as_u64).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Entry};
    use super::*;
    use crate::transcript::Digest;
    use proptest::prelude::*;

    fn trail(rows: usize) -> (Vec<Link>, Head) {
        let mut head = Head::start();
        let mut links = Vec::new();
        for row in 0..rows {
            let entry = Entry {
                id: uuid::Uuid::from_u128(row as u128 + 7),
                at: jiff::Timestamp::from_second(1_790_000_000 + row as i64).unwrap(),
                actor: format!("user-{}", row % 3),
                action: Action::Decided,
                deal: (row % 2 == 0).then(|| "harrow".to_owned()),
                target: format!("entry-{row}"),
                detail: serde_json::json!({ "digest": row }),
            };
            let link = Link::after(&head, &entry);
            head = link.head();
            links.push(link);
        }
        (links, head)
    }

    fn examine(links: &[Link], head: &Head, known: &[Head]) -> Vec<(u64, Fault)> {
        let mut verifier = Verifier::default();
        links.iter().for_each(|link| verifier.read(link, known));
        verifier.finish(head, known).flaws.iter().map(|flaw| (flaw.row, flaw.fault)).collect()
    }

    fn edited(link: &mut Link, change: impl FnOnce(&mut Body)) {
        link.body.as_mut().map(change).unwrap();
    }

    #[test]
    fn what_was_done_to_a_row_is_named() {
        let (links, head) = trail(9);
        assert_eq!(examine(&links, &head, std::slice::from_ref(&head)), []);
        type Case = (&'static str, fn(&mut Vec<Link>), &'static [(u64, Fault)]);
        let cases: &[Case] = &[
            ("another actor", |it| edited(&mut it[3], |b| b.actor = "x".into()), &[(4, Fault::Edited)]),
            ("no deal", |it| edited(&mut it[2], |b| b.deal = None), &[(3, Fault::Edited)]),
            ("another time", |it| it[3].at += jiff::SignedDuration::from_secs(1), &[(4, Fault::Edited)]),
            ("another action", |it| it[3].action = "exported".into(), &[(4, Fault::Edited)]),
            ("removed", |it| drop(it.remove(4)), &[(5, Fault::Removed)]),
            ("cut", |it| it.truncate(7), &[(8, Fault::Removed), (9, Fault::Removed)]),
            ("emptied", |it| it[5].body = None, &[(6, Fault::Emptied)]),
            (
                "swapped",
                |it| {
                    it.swap(1, 6);
                    (it[1].number, it[6].number) = (2, 7);
                },
                &[(2, Fault::Moved), (7, Fault::Moved)],
            ),
            (
                "rewritten with its digests",
                |it| {
                    edited(&mut it[3], |b| b.actor = "x".into());
                    it[3].sealed = it[3].body.as_ref().unwrap().digest();
                    it[3].digest = it[3].digest_at(4);
                },
                &[(5, Fault::Unlinked)],
            ),
            (
                "closed up",
                |it| {
                    it.remove(6);
                    (it[6].number, it[7].number) = (7, 8);
                },
                &[(7, Fault::Moved), (8, Fault::Edited), (9, Fault::Removed)],
            ),
        ];
        for (name, tamper, expected) in cases {
            let mut links = links.clone();
            tamper(&mut links);
            assert_eq!(examine(&links, &head, &[]), *expected, "{name}");
        }
    }

    #[test]
    fn a_trail_that_was_rolled_back_is_found_against_a_head_noted_elsewhere() {
        let (mut links, head) = trail(6);
        links.truncate(4);
        let end = links[3].head();
        assert_eq!(examine(&links, &end, &[]), []);
        assert_eq!(examine(&links, &end, std::slice::from_ref(&head)), [(6, Fault::RolledBack)]);
        let text = head.to_string();
        assert_eq!(text.parse::<Head>().unwrap(), head);
    }

    #[test]
    fn a_row_that_an_erasure_emptied_still_proves_that_it_stood_there() {
        let (mut links, head) = trail(4);
        links[1].body = None;
        let entry = Entry {
            id: uuid::Uuid::from_u128(99),
            at: links[3].at,
            actor: "admin".into(),
            action: Action::Erased,
            deal: None,
            target: "person".into(),
            detail: serde_json::json!({ "rows": [2] }),
        };
        links.push(Link::after(&head, &entry));
        let head = links[4].head();
        assert_eq!(examine(&links, &head, &[]), []);
        links[1].sealed = Digest::of(b"another");
        assert_eq!(examine(&links, &head, &[]), [(2, Fault::Edited)]);
    }

    proptest! {
        #[test]
        fn no_tampering_passes(rows in 2usize..12, at: prop::sample::Index, to: prop::sample::Index, how in 0u8..5) {
            let (mut links, head) = trail(rows);
            let (at, to) = (at.index(rows), to.index(rows));
            let before = links.clone();
            match how {
                0 => edited(&mut links[at], |body| body.detail.push(' ')),
                1 => drop(links.remove(at)),
                2 => links.truncate(at),
                3 => {
                    links.swap(at, to);
                    (links[at].number, links[to].number) = (at as u64 + 1, to as u64 + 1);
                }
                _ => links[at].sealed = Digest::of(b"x"),
            }
            prop_assert_eq!(links == before, examine(&links, &head, &[]).is_empty());
        }
    }
}

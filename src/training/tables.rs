use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::boost::{Binned, boost};
use super::ftrl::{Example, Ftrl};
use super::lesson::Taught;
use super::platt::platt;
use super::{HeldOut, Lesson};
use crate::detect::{ANSWERS, CONTINUES, abundance, measure};
use crate::rules::{Forest, Kind, Label, Weighed};
use crate::transcript::Digest;

/// What was decided of one label.
struct Decided {
    label: Label,
    forest: Forest,
    found: HeldOut,
}

/// Sums by lesson, utterance and label.
type Sums = Vec<Vec<Vec<f32>>>;

/// One in so many labelled utterances may lie below a label's floor.
const BELOW: usize = 100;

/// Where one author wrote more than one call in so many, too little is left to learn from without them.
const MOST_OF_AN_AUTHOR: usize = 3;
/// The calls are held out in so many parts.
const PARTS: usize = 4;
/// Evidence that was seen less often says nothing.
const RARE: u32 = 4;
/// Smaller weights are not worth their bytes.
const LEAST: f32 = 0.03;
/// Thresholds that are tried, in hundredths.
const THRESHOLDS: std::ops::Range<u8> = 8..60;

/// Tables of weights, and what calls held out say of them.
pub(super) struct Learned {
    pub(super) labels: Vec<Label>,
    pub(super) kinds_table: Vec<Weighed>,
    pub(super) values: Vec<String>,
    pub(super) values_table: Vec<Weighed>,
    pub(super) forests: Vec<Forest>,
    pub(super) held_out: Vec<HeldOut>,
}

/// The lessons of one language with their evidence numbered.
struct School<'l> {
    lessons: Vec<&'l Lesson>,
    /// For each lesson, the evidence of each utterance.
    evidence: Vec<Vec<Vec<u32>>>,
    /// For each lesson, the labels of each utterance.
    labels: Vec<Vec<Vec<bool>>>,
    /// The keys by their numbers.
    keys: Vec<u32>,
    /// The part in which each lesson is held out.
    parts: Vec<usize>,
}

impl Learned {
    pub(super) fn new(lessons: &[&Lesson], done: &mut dyn FnMut(&str)) -> Self {
        let school = School::new(lessons);
        done("evidence counted");
        let sums = school.held_out_sums(done);
        let whole = school.learn(None);
        done("kinds learned");
        let decided = school.decide_all(&sums);
        done("neighbours learned");
        let (mut labels, mut forests, mut held_out) = (Vec::new(), Vec::new(), Vec::new());
        for Decided { label, forest, found } in decided {
            labels.push(label);
            forests.push(forest);
            held_out.push(found);
        }
        let kinds_table = school.rows(&whole);
        let (values, values_table, attributes) = values(&school);
        held_out.extend(attributes);
        done("attributes learned");
        Self { labels, kinds_table, values, values_table, forests, held_out }
    }
}

/// Returns the keys that are not rare, sorted.
fn frequent(keys: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    let mut keys: Vec<u32> =
        counts.into_iter().filter(|(_, count)| *count >= RARE).map(|(key, _)| key).collect();
    keys.sort_unstable();
    keys
}

/// Returns the names of the labels of the kinds' table.
fn names() -> impl Iterator<Item = &'static str> {
    Kind::ALL.iter().map(|kind| kind.as_str()).chain([CONTINUES, ANSWERS])
}

/// Returns which labels an utterance has.
fn labels(taught: &Taught) -> Vec<bool> {
    let has = |kind: &Kind| taught.labels.iter().any(|(other, _)| other == kind);
    Kind::ALL.iter().map(has).chain([taught.continues, taught.answers]).collect()
}

impl<'l> School<'l> {
    fn new(lessons: &[&'l Lesson]) -> Self {
        let taught = lessons.iter().flat_map(|lesson| &lesson.utterances);
        let keys = frequent(taught.flat_map(|taught| taught.evidence.iter().map(|key| key.joined())));
        let numbers: HashMap<u32, u32> = keys.iter().zip(0..).map(|(key, number)| (*key, number)).collect();
        let numbered = |taught: &Taught| {
            taught.evidence.iter().filter_map(|key| numbers.get(&key.joined()).copied()).collect::<Vec<_>>()
        };
        Self {
            lessons: lessons.to_vec(),
            evidence: lessons.iter().map(|lesson| lesson.utterances.iter().map(numbered).collect()).collect(),
            labels: lessons.iter().map(|lesson| lesson.utterances.iter().map(labels).collect()).collect(),
            keys,
            parts: parts(lessons),
        }
    }

    /// Learns from all lessons but those of a part.
    fn learn(&self, without: Option<usize>) -> Ftrl {
        let taken = (0..self.lessons.len()).filter(|lesson| Some(self.parts[*lesson]) != without);
        let examples: Vec<_> = taken
            .flat_map(|lesson| self.evidence[lesson].iter().zip(&self.labels[lesson]))
            .map(|(evidence, labels)| Example { evidence, labels })
            .collect();
        Ftrl::learn(&examples, self.keys.len(), names().count())
    }

    /// Returns the sums of every utterance of every lesson, by weights learned without its call.
    fn held_out_sums(&self, done: &mut dyn FnMut(&str)) -> Sums {
        let learn = |part: usize| self.learn(Some(part));
        let parts: Vec<Ftrl> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..PARTS).map(|part| scope.spawn(move || learn(part))).collect();
            running.into_iter().filter_map(|learner| learner.join().ok()).collect()
        });
        done("held-out parts learned");
        let sums = |(part, evidence): (&usize, &Vec<Vec<u32>>)| {
            evidence.iter().map(|evidence| parts[*part].sums(evidence)).collect()
        };
        self.parts.iter().zip(&self.evidence).map(sums).collect()
    }

    /// Decides every label, two at a time.
    fn decide_all(&self, sums: &Sums) -> Vec<Decided> {
        let measured = |(lesson, sums): (&&Lesson, &Vec<Vec<f32>>)| {
            let abundance = abundance(sums);
            let measures = |at| {
                let mut measures = Vec::new();
                measure(&lesson.outlines, sums, abundance, at, &mut measures);
                measures
            };
            (0..sums.len()).map(measures).collect::<Vec<_>>()
        };
        let measured: Sums = self.lessons.iter().zip(sums).map(measured).collect();
        let names: Vec<_> = names().enumerate().collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut decided = Vec::new();
            while let Some((number, name)) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                decided.push((*number, self.decide(*number, name, sums, &measured)));
            }
            decided
        };
        let mut decided: Vec<_> = std::thread::scope(|scope| {
            let workers = [scope.spawn(work), scope.spawn(work)];
            workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect()
        });
        decided.sort_by_key(|(number, _)| *number);
        decided.into_iter().map(|(_, decided)| decided).collect()
    }

    /// Grows the trees of a label, calibrates them and chooses the threshold.
    fn decide(&self, number: usize, name: &str, sums: &Sums, measured: &Sums) -> Decided {
        let floor = self.floor(number, sums);
        // Lesson, utterance, and whether it has the label.
        let above: Vec<(usize, usize, bool)> = (0..self.lessons.len())
            .flat_map(|lesson| (0..sums[lesson].len()).map(move |at| (lesson, at)))
            .filter(|(lesson, at)| sums[*lesson][*at][number] >= floor)
            .map(|(lesson, at)| (lesson, at, self.labels[lesson][at][number]))
            .collect();
        let grow = |without: Option<usize>| {
            let kept = above.iter().filter(|row| Some(self.parts[row.0]) != without);
            let rows: Vec<&[f32]> = kept.clone().map(|row| &measured[row.0][row.1][..]).collect();
            let labels: Vec<bool> = kept.map(|row| row.2).collect();
            boost(&Binned::new(&rows), &labels)
        };
        let parts: Vec<Forest> = (0..PARTS).map(|part| grow(Some(part))).collect();
        let mut answers: Vec<Vec<f32>> =
            sums.iter().map(|sums| vec![f32::NEG_INFINITY; sums.len()]).collect();
        for (lesson, at, _) in &above {
            let forest = &parts[self.parts[*lesson]];
            answers[*lesson][*at] = forest.sum(&measured[*lesson][*at]);
        }
        let whole = above.iter().filter(|row| !self.lessons[row.0].copy);
        let pairs: Vec<(f32, bool)> = whole.map(|row| (answers[row.0][row.1], row.2)).collect();
        let (slope, offset) = platt(&pairs);
        let plain = Label { name: name.to_owned(), floor, slope, offset, threshold: 0.5 };
        let none = HeldOut { label: name.to_owned(), ..HeldOut::default() };
        let mut best = (plain, none);
        for threshold in THRESHOLDS.map(|hundredths| f32::from(hundredths) / 100.0) {
            let label = Label { threshold, ..best.0.clone() };
            let found = match name.parse::<Kind>() {
                Ok(kind) => self.found(kind, &label, &answers),
                Err(_) => counted(&pairs, &label),
            };
            if found.f1() > best.1.f1() {
                best = (label, found);
            }
        }
        Decided { label: best.0, forest: grow(None), found: best.1 }
    }

    /// Returns the sum above which all but a few utterances with the label lie.
    fn floor(&self, number: usize, sums: &Sums) -> f32 {
        let labelled = self.labels.iter().zip(sums).flat_map(|(labels, sums)| labels.iter().zip(sums));
        let mut own: Vec<f32> =
            labelled.filter(|(labels, _)| labels[number]).map(|(_, sums)| sums[number]).collect();
        own.sort_by(f32::total_cmp);
        own.get(own.len() / BELOW).copied().unwrap_or(f32::MAX)
    }

    /// Counts what is found of a kind at the label's threshold. Neighbours that are likely are one finding, as most
    /// often they are; a finding is right where a label that no other finding has stands in it.
    fn found(&self, kind: Kind, label: &Label, answers: &[Vec<f32>]) -> HeldOut {
        let mut found =
            HeldOut { label: label.name.clone(), threshold: label.threshold, ..HeldOut::default() };
        for (lesson, answers) in self.lessons.iter().zip(answers).filter(|(lesson, _)| !lesson.copy) {
            let of_kind = |taught: &Taught| -> BTreeSet<usize> {
                taught.labels.iter().filter(|(other, _)| *other == kind).map(|(_, number)| *number).collect()
            };
            let all: BTreeSet<usize> = lesson.utterances.iter().flat_map(of_kind).collect();
            found.labelled += all.len();
            let mut matched = BTreeSet::new();
            let mut last: Option<BTreeSet<usize>> = None;
            for (taught, answer) in lesson.utterances.iter().zip(answers) {
                if label.probability(*answer) < label.threshold {
                    last = None;
                    continue;
                }
                let here = of_kind(taught);
                let same = last.as_ref().is_some_and(|last| here.intersection(last).next().is_some());
                if !same {
                    found.found += 1;
                    if let Some(label) = here.iter().find(|label| !matched.contains(*label)) {
                        matched.insert(*label);
                        found.right += 1;
                    }
                }
                last = Some(here);
            }
        }
        found
    }

    /// Returns the rows of the kinds' table: for each thing that is noticed, what it counts by label and stand.
    fn rows(&self, learned: &Ftrl) -> Vec<Weighed> {
        let mut rows: BTreeMap<u32, Vec<(u8, f32)>> = BTreeMap::new();
        let mut known: Vec<bool> = vec![false; self.keys.len()];
        for key in
            self.lessons.iter().flat_map(|lesson| &lesson.utterances).flat_map(|taught| &taught.evidence)
        {
            let Ok(number) = self.keys.binary_search(&key.joined()) else { continue };
            if !std::mem::replace(&mut known[number], true) {
                let column = |label| key.column(label, names().count()) as u8;
                rows.entry(key.raw).or_default().extend(sparse(learned.row(number as u32), column));
            }
        }
        rows.into_iter().collect()
    }
}

fn counted(pairs: &[(f32, bool)], label: &Label) -> HeldOut {
    let found = pairs.iter().filter(|(sum, _)| label.probability(*sum) >= label.threshold);
    HeldOut {
        label: label.name.clone(),
        labelled: pairs.iter().filter(|(_, label)| *label).count(),
        found: found.clone().count(),
        right: found.filter(|(_, label)| *label).count(),
        threshold: label.threshold,
    }
}

/// Returns the weights of `row` that are worth their bytes, by the `column` of their label.
fn sparse(row: &[f32], column: impl Fn(usize) -> u8) -> Vec<(u8, f32)> {
    let weights = row.iter().enumerate().filter(|(_, weight)| weight.abs() >= LEAST);
    weights.map(|(label, weight)| (column(label), *weight)).collect()
}

/// Returns the part in which each lesson is held out. Calls by one author, whose ids begin alike (`a01`, `a02`), are
/// held out together where there are enough authors: what carries over to speech that nobody here wrote is the
/// question. Otherwise calls of one name are.
fn parts(lessons: &[&Lesson]) -> Vec<usize> {
    let author = |lesson: &Lesson| lesson.call.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    lessons.iter().for_each(|lesson| *calls.entry(author(lesson)).or_default() += 1);
    let largest = calls.values().max().copied().unwrap_or(0);
    if largest * MOST_OF_AN_AUTHOR > lessons.len() {
        let part = |lesson: &&Lesson| {
            let digest = Digest::of(lesson.call.as_bytes());
            digest.as_str().bytes().map(usize::from).sum::<usize>() % PARTS
        };
        return lessons.iter().map(part).collect();
    }
    // The largest author first, each to the part that has least.
    let mut authors: Vec<(String, usize)> = calls.into_iter().collect();
    authors.sort_by_key(|(_, calls)| std::cmp::Reverse(*calls));
    let mut filled = [0; PARTS];
    let mut part_of: BTreeMap<String, usize> = BTreeMap::new();
    for (author, calls) in authors {
        let part = (0..PARTS).min_by_key(|part| filled[*part]).unwrap_or(0);
        filled[part] += calls;
        part_of.insert(author, part);
    }
    lessons.iter().map(|lesson| part_of[&author(lesson)]).collect()
}

/// An utterance with a value of an attribute, and the part in which it is held out.
struct Valued<'l> {
    taught: &'l Taught,
    value: &'l str,
    part: usize,
}

/// Learns which value an attribute has, from the utterances that have it.
fn values(school: &School<'_>) -> (Vec<String>, Vec<Weighed>, Vec<HeldOut>) {
    let mut by_attribute: BTreeMap<&str, Vec<Valued<'_>>> = BTreeMap::new();
    for (lesson, part) in school.lessons.iter().zip(&school.parts) {
        for taught in &lesson.utterances {
            for (attribute, value) in &taught.values {
                let valued = Valued { taught, value, part: *part };
                by_attribute.entry(attribute).or_default().push(valued);
            }
        }
    }
    let (mut names, mut held_out) = (Vec::new(), Vec::new());
    let mut rows: BTreeMap<u32, Vec<(u8, f32)>> = BTreeMap::new();
    for (attribute, utterances) in by_attribute {
        let attribute = Attribute::new(attribute, &utterances);
        let learned = attribute.learn(None);
        for (key, number) in attribute.keys.iter().zip(0..) {
            let column = |choice| (names.len() + choice) as u8;
            rows.entry(*key).or_default().extend(sparse(learned.row(number), column));
        }
        names.extend(attribute.choices.iter().map(|value| format!("{}={value}", attribute.name)));
        held_out.push(attribute.held_out());
    }
    (names, rows.into_iter().collect(), held_out)
}

/// An attribute with the utterances that have a value of it.
struct Attribute<'l> {
    name: &'l str,
    choices: Vec<&'l str>,
    keys: Vec<u32>,
    /// Evidence, which choice is right, and the part.
    rows: Vec<(Vec<u32>, Vec<bool>, usize)>,
}

impl<'l> Attribute<'l> {
    fn new(name: &'l str, utterances: &[Valued<'l>]) -> Self {
        // What becomes of an objection is told by what follows it.
        let follows = name.starts_with(Kind::Objection.as_str());
        let keys_of = |taught: &Taught| -> Vec<u32> {
            let behind = taught.aftermath.iter().filter(|_| follows);
            taught.evidence.iter().chain(&taught.around).chain(behind).map(|key| key.joined()).collect()
        };
        let keys = frequent(utterances.iter().flat_map(|valued| keys_of(valued.taught)));
        let choices: BTreeSet<&str> = utterances.iter().map(|valued| valued.value).collect();
        let choices: Vec<&str> = choices.into_iter().collect();
        let row = |valued: &Valued<'_>| {
            let numbers = keys_of(valued.taught);
            let numbers = numbers.iter().filter_map(|key| keys.binary_search(key).ok().map(|at| at as u32));
            (numbers.collect(), choices.iter().map(|choice| *choice == valued.value).collect(), valued.part)
        };
        let rows = utterances.iter().map(row).collect();
        Self { name, choices, keys, rows }
    }

    fn learn(&self, without: Option<usize>) -> Ftrl {
        let kept = self.rows.iter().filter(|(.., part)| Some(*part) != without);
        let examples: Vec<_> = kept.map(|(evidence, labels, _)| Example { evidence, labels }).collect();
        Ftrl::learn(&examples, self.keys.len(), self.choices.len())
    }

    /// Returns how often the right value is chosen in calls held out.
    fn held_out(&self) -> HeldOut {
        let parts: Vec<Ftrl> = (0..PARTS).map(|part| self.learn(Some(part))).collect();
        let right = self.rows.iter().filter(|(evidence, labels, part)| {
            let sums = parts[*part].sums(evidence);
            let chosen = (0..sums.len()).rev().max_by(|one, other| sums[*one].total_cmp(&sums[*other]));
            chosen.is_some_and(|chosen| labels[chosen])
        });
        let (right, all) = (right.count(), self.rows.len());
        HeldOut { label: self.name.to_owned(), labelled: all, found: all, right, threshold: 0.0 }
    }
}

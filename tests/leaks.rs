//! The leak guard against two hundred seeded leaks and a hundred clean papers (`fixtures/leaks`).

#![expect(clippy::unwrap_used, reason = "a test says by a panic that it failed")]

use std::collections::BTreeMap;

use readback::papers::{Guard, Secret, SecretKind};
use serde::Deserialize;

use crate::support::service::fixture;

/// Clean papers of a hundred that may be refused all the same.
const REFUSED_AT_MOST: usize = 2;

#[derive(Deserialize)]
struct Papers {
    paper: Vec<Paper>,
}

#[derive(Deserialize)]
struct Paper {
    name: String,
    language: String,
    people: Vec<String>,
    lines: Vec<String>,
    secrets: Vec<Told>,
}

#[derive(Deserialize)]
struct Told {
    kind: SecretKind,
    words: String,
}

#[derive(Deserialize)]
struct Leaks {
    leak: Vec<SeededLeak>,
}

#[derive(Deserialize)]
struct SeededLeak {
    paper: String,
    how: String,
    line: String,
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> T {
    toml::from_str(&std::fs::read_to_string(fixture(file)).unwrap()).unwrap()
}

impl Paper {
    fn guard(&self) -> Guard {
        let secret = |told: &Told| Secret { kind: told.kind, words: told.words.clone() };
        let secrets: Vec<Secret> = self.secrets.iter().map(secret).collect();
        let people = self.people.iter().map(String::as_str);
        Guard::of(&secrets, &self.lines, people, &self.language)
    }
}

#[test]
fn no_seeded_leak_passes() {
    let papers: Papers = read("leaks/papers.toml");
    let leaks: Leaks = read("leaks/leaks.toml");
    assert_eq!(leaks.leak.len(), 200);
    let papers: BTreeMap<&str, &Paper> = papers.paper.iter().map(|it| (it.name.as_str(), it)).collect();
    let guards: BTreeMap<&str, Guard> = papers.iter().map(|(name, paper)| (*name, paper.guard())).collect();
    let mut passed = Vec::new();
    for leak in &leaks.leak {
        let seeded: Vec<String> = leak.line.lines().map(str::to_owned).collect();
        let mut lines = papers[leak.paper.as_str()].lines.clone();
        let middle = lines.len() / 2;
        lines.splice(middle..middle, seeded.clone());
        let found = guards[leak.paper.as_str()].leaks(&lines);
        // A leak over two lines may be named by either.
        if !found.iter().any(|leak| seeded.contains(&leak.line)) {
            passed.push(format!("{} ({}): {}", leak.paper, leak.how, leak.line));
        }
    }
    assert!(passed.is_empty(), "{} of 200 leaks passed:\n{}", passed.len(), passed.join("\n"));
}

#[test]
fn clean_papers_are_not_refused() {
    let papers: Papers = read("leaks/papers.toml");
    assert_eq!(papers.paper.len(), 100);
    let refused: Vec<String> = papers
        .paper
        .iter()
        .filter_map(|paper| {
            let leaks = paper.guard().leaks(&paper.lines);
            let told: Vec<String> = leaks.iter().map(ToString::to_string).collect();
            (!told.is_empty()).then(|| format!("{}: {}", paper.name, told.join("\n    ")))
        })
        .collect();
    assert!(refused.len() <= REFUSED_AT_MOST, "{} of 100 refused:\n{}", refused.len(), refused.join("\n"));
}

//! Labels written into the speech: what a person types who labels a call.
//!
//! ```text
//! # call: acme-01
//! # started_at: 2026-02-17T14:00:00+00:00
//! customer Dana Whitfield: {{q1 | Can you do that by March?}}
//! rep Marcus Lee: [[promise category=scope due=2026-03-31 due_text="by March" context=q1 | Yep, no problem.]]
//! @ Dana Whitfield | aliases: Dana | side: customer | title: VP | roles: champion | attitude: supportive
//! ```

use std::collections::HashSet;
use std::fmt;

use crate::transcript::{CallTime, Place, Problem};

use super::LabelledPerson;
use super::speech::{Mark, Speech};

/// What a file in this notation says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notation {
    /// `# key: value` lines.
    pub headers: Vec<(String, String)>,
    /// What was said.
    pub speeches: Vec<Speech>,
    /// `@` lines.
    pub people: Vec<LabelledPerson>,
}

/// Headers that a file may have.
const HEADERS: [&str; 7] =
    ["call", "language", "started_at", "our_company", "our_people", "customer", "sides"];

impl Notation {
    /// Reads a file.
    ///
    /// # Errors
    /// All that is broken, each with its line and column.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let (mut notation, mut problems) = (Self::default(), Vec::new());
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let line_number = number as u32 + 1;
            if let Err(broken) = notation.read_line(line, line_number) {
                problems.push(broken.problem(line, line_number));
            }
        }
        problems.extend(notation.dangling());
        if problems.is_empty() { Ok(notation) } else { Err(problems) }
    }

    fn read_line(&mut self, line: &str, number: u32) -> Result<(), Broken> {
        if let Some(header) = line.strip_prefix('#') {
            self.headers.push(read_header(header)?);
        } else if let Some(person) = line.strip_prefix('@') {
            self.people.push(read_person(person)?);
        } else {
            self.speeches.push(Speech::read(line, number)?);
        }
        Ok(())
    }

    /// Returns the value of a header.
    pub fn header(&self, key: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Returns the words that each id stands for, with the line of the speech.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&str, &str, u32)> {
        self.speeches.iter().flat_map(|speech| {
            speech.marks.iter().flat_map(move |mark| {
                let words = speech.words(mark);
                mark.ids().map(move |id| (id, words, speech.line))
            })
        })
    }

    /// Names references to ids that no mark bears, and ids that two marks bear.
    fn dangling(&self) -> Vec<Problem> {
        let mut known = HashSet::new();
        let mut problems = Vec::new();
        for (id, _, line) in self.ids() {
            if !known.insert(id) {
                problems.push(problem(line, format!("two marks bear the id `{id}`")));
            }
        }
        for speech in &self.speeches {
            let references = speech.marks.iter().flat_map(Mark::references);
            for id in references.filter(|id| !known.contains(id)) {
                problems.push(problem(speech.line, format!("no mark bears the id `{id}`")));
            }
        }
        problems
    }
}

/// What is broken in a line, and at which byte.
#[derive(Debug)]
pub(super) struct Broken {
    at: usize,
    message: String,
}

impl Broken {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }

    fn problem(self, line: &str, number: u32) -> Problem {
        let column = line[..line.floor_char_boundary(self.at)].chars().count() + 1;
        problem(number, format!("column {column}: {}", self.message))
    }
}

fn problem(line: u32, message: String) -> Problem {
    Problem::new("label-broken", Place::Line(line), message)
}

fn read_header(header: &str) -> Result<(String, String), Broken> {
    let (key, value) = header.split_once(':').ok_or_else(|| Broken::new(1, "a header is `# key: value`"))?;
    let key = key.trim();
    let value = value.trim();
    if !HEADERS.contains(&key) {
        return Err(Broken::new(1, format!("`{key}` is none of {}", HEADERS.join(", "))));
    }
    if key == "started_at" {
        value.parse::<CallTime>().map_err(|message| Broken::new(1, message))?;
    }
    if key == "sides" && value != "unknown" {
        return Err(Broken::new(
            1,
            "sides stand before each name; the header says `unknown` where nobody knows them",
        ));
    }
    Ok((key.to_owned(), value.to_owned()))
}

fn read_person(line: &str) -> Result<LabelledPerson, Broken> {
    let mut person = LabelledPerson::default();
    let mut at = 1;
    for (place, field) in line.split('|').enumerate() {
        let trimmed = field.trim();
        if place == 0 {
            person.name = Some(trimmed).filter(|name| !name.is_empty() && *name != "null").map(str::to_owned);
        } else {
            read_field(&mut person, trimmed).map_err(|message| Broken::new(at, message))?;
        }
        at += field.len() + 1;
    }
    Ok(person)
}

fn read_field(person: &mut LabelledPerson, field: &str) -> Result<(), String> {
    let (key, value) = field.split_once(':').ok_or_else(|| format!("`{field}` is not `key: value`"))?;
    let value = value.trim();
    match key.trim() {
        "aliases" => person.aliases = listed(value, ';').map(str::to_owned).collect(),
        "side" => person.side = Some(value.parse()?),
        "title" => person.title = Some(value.to_owned()).filter(|title| !title.is_empty()),
        "roles" => person.roles = listed(value, ',').map(str::parse).collect::<Result<_, _>>()?,
        "attitude" => person.attitude = Some(value.parse()?),
        other => return Err(format!("`{other}` is none of aliases, side, title, roles, attitude")),
    }
    Ok(())
}

fn listed(value: &str, separator: char) -> impl Iterator<Item = &str> {
    value.split(separator).map(str::trim).filter(|part| !part.is_empty())
}

/// As it is read: a line for each header, speech and person.
impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (key, value) in &self.headers {
            writeln!(f, "{}", format!("# {key}: {value}").trim_end())?;
        }
        for speech in &self.speeches {
            writeln!(f, "{speech}")?;
        }
        self.people.iter().try_for_each(|person| write_person(f, person))
    }
}

fn write_person(f: &mut fmt::Formatter<'_>, person: &LabelledPerson) -> fmt::Result {
    write!(f, "@ {}", person.name.as_deref().unwrap_or("null"))?;
    let roles: Vec<_> = person.roles.iter().map(|role| role.as_str()).collect();
    let fields = [
        ("aliases", Some(person.aliases.join("; "))),
        ("side", person.side.map(|side| side.to_string())),
        ("title", Some(person.title.clone().unwrap_or_default())),
        ("roles", Some(roles.join(", "))),
        ("attitude", person.attitude.map(|attitude| attitude.to_string())),
    ];
    for (key, value) in fields {
        match value {
            Some(value) if value.is_empty() => write!(f, " | {key}:")?,
            Some(value) => write!(f, " | {key}: {value}")?,
            None => {}
        }
    }
    writeln!(f)
}

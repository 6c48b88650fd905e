//! From rule files as written to rules that cannot be wrong, with every problem of every file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use regex::{Regex, RegexBuilder};
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::cue::{Cue, Lexicons};
use super::pack::{KindDefaults, Modifier, Pack, Use};
use super::rule::Find;
use super::syntax::{ContextSyntax, FindSyntax, KindSyntax, LexiconSyntax, RuleSyntax, TopicSyntax};
use super::topic::{Topic, TopicRow};
use super::{Example, Examples, Features, Goal, Rule, RuleFile, RuleProblem, Speech};
use crate::transcript::Digest;

/// Larger files are not written by people.
const FILE: usize = 256 * 1024;
/// A rule with more cues is several rules.
const CUES: usize = 400;
/// Longest cue or pattern in bytes.
const PHRASE: usize = 4_000;
/// Memory of one compiled pattern; the largest of ours needs a tenth.
const PATTERN: usize = 512 * 1024;
/// Patterns of one rule.
const PATTERNS: usize = 12;
/// Examples of one rule.
const EXAMPLES: usize = 300;

type Span = Option<Range<usize>>;

/// The problems of one file while it is read.
struct Reader<'a> {
    file: &'a RuleFile,
    problems: &'a mut Vec<RuleProblem>,
}

impl Reader<'_> {
    fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(RuleProblem::at(&self.file.path, &self.file.text, span, message));
    }

    fn read<T: DeserializeOwned>(&mut self) -> Option<T> {
        if self.file.text.len() > FILE {
            self.problem(None, format!("the file is larger than {FILE} bytes"));
            return None;
        }
        match toml::from_str(&self.file.text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(error.span(), error.message().lines().collect::<Vec<_>>().join(" "));
                None
            }
        }
    }

    fn say<T>(&mut self, span: Range<usize>, result: Result<T, String>) -> Option<T> {
        result.map_err(|message| self.problem(Some(span), message)).ok()
    }
}

/// Where a file belongs by its path below the language's folder.
enum Part<'a> {
    Speech,
    Shapes,
    Context,
    Kinds,
    Lexicon(&'a str),
    Topic(&'a str),
    Rule(&'a str),
    Elsewhere,
}

fn part(path: &str) -> Part<'_> {
    let Some(path) = path.strip_suffix(".toml") else { return Part::Elsewhere };
    match path.split('/').collect::<Vec<_>>()[..] {
        [_, "speech"] => Part::Speech,
        [_, "shapes"] => Part::Shapes,
        [_, "context"] => Part::Context,
        [_, "kinds"] => Part::Kinds,
        [_, "lexicon", name] => Part::Lexicon(name),
        [_, "topics", name] => Part::Topic(name),
        // Names and dates have readers of their own.
        [_, "people" | "slots", ..] => Part::Elsewhere,
        [_, kind, _] => Part::Rule(kind),
        _ => Part::Elsewhere,
    }
}

/// Compiles the files of one language: its shared files first, then its rules.
pub(super) fn pack(language: &str, files: &[&RuleFile], problems: &mut Vec<RuleProblem>) -> Pack {
    let mut compiler = Compiler { pack: Pack::new(language), ..Compiler::default() };
    for file in files {
        compiler.shared(&mut Reader { file, problems });
    }
    for file in files {
        compiler.phrased(&mut Reader { file, problems });
    }
    for file in files {
        compiler.rule(&mut Reader { file, problems });
    }
    if let (Err(message), Some(file)) = (compiler.pack.index(&compiler.lexicons), files.first()) {
        Reader { file, problems }.problem(None, message);
    }
    compiler.pack
}

#[derive(Default)]
struct Compiler {
    pack: Pack,
    lexicons: Lexicons,
    shapes: BTreeMap<String, String>,
}

impl Compiler {
    /// Reads what cues are folded and built with.
    fn shared(&mut self, reader: &mut Reader<'_>) {
        match part(&reader.file.path) {
            Part::Speech => self.pack.speech = reader.read().map(Speech::new).unwrap_or_default(),
            Part::Shapes => self.shapes = reader.read().unwrap_or_default(),
            Part::Lexicon(name) => {
                let Some(list) = reader.read::<LexiconSyntax>() else { return };
                if list.origin.trim().is_empty() {
                    reader.problem(None, "a word list states its origin");
                }
                if let Some(evidence) = list.evidence {
                    self.pack.list_evidence(name, evidence, &list.words);
                }
                self.lexicons.insert(name, list.words);
            }
            _ => {}
        }
    }

    /// Reads the shared files that are made of cues.
    fn phrased(&mut self, reader: &mut Reader<'_>) {
        match part(&reader.file.path) {
            Part::Context => self.context(reader),
            Part::Kinds => self.kinds(reader),
            Part::Topic(name) => self.topic(reader, name),
            _ => {}
        }
    }

    fn context(&mut self, reader: &mut Reader<'_>) {
        for row in reader.read::<ContextSyntax>().unwrap_or_default().modifier {
            let number = self.pack.modifiers.len() as u32;
            let stop = row.stop.iter().map(|word| self.pack.words.number(word)).collect();
            let modifier = Modifier { feature: row.feature, reach: row.reach, words: row.words, stop };
            self.pack.modifiers.push(modifier);
            self.cues(reader, &row.cues, Use::Modifier(number));
            self.cues(reader, &row.look_alike, Use::LookAlike(number));
        }
    }

    fn kinds(&mut self, reader: &mut Reader<'_>) {
        let kinds = reader.read::<BTreeMap<Spanned<String>, KindSyntax>>().unwrap_or_default();
        for (name, kind) in kinds {
            let Some(goal) = reader.say(name.span(), name.get_ref().parse::<Goal>()) else { continue };
            let defaults = KindDefaults {
                weight: kind.weight,
                forbidden: kind.forbidden.into_iter().collect(),
                features: kind.features.into_iter().collect(),
            };
            self.pack.kinds.insert(goal, defaults);
        }
    }

    fn topic(&mut self, reader: &mut Reader<'_>, name: &str) {
        let Some(topic) = Topic::ALL.iter().copied().find(|topic| topic.as_str() == name) else {
            return reader.problem(None, format!("there is no topic `{name}`"));
        };
        let Some(table) = reader.read::<TopicSyntax>() else { return };
        if table.doc.trim().is_empty() {
            reader.problem(None, "a topic says in `doc` what it decides");
        }
        if let Some(fallback) = &table.fallback
            && reader.say(fallback.span(), topic.check(fallback.get_ref())).is_some()
        {
            self.pack.fallbacks.insert(topic, fallback.get_ref().clone());
        }
        for row in table.row {
            if reader.say(row.value.span(), topic.check(row.value.get_ref())).is_none() {
                continue;
            }
            let number = self.pack.topics.len() as u32;
            self.pack.topics.push(TopicRow { topic, value: row.value.into_inner(), weight: row.weight });
            self.cues(reader, &row.cues, Use::Topic(number));
        }
    }

    fn rule(&mut self, reader: &mut Reader<'_>) {
        let Part::Rule(folder) = part(&reader.file.path) else { return };
        let goal = match folder.parse::<Goal>() {
            Ok(goal) => goal,
            Err(message) => return reader.problem(None, message),
        };
        let Some(syntax) = reader.read::<RuleSyntax>() else { return };
        let before = reader.problems.len();
        let cues_before = self.pack.cues.len();
        let number = self.pack.rules.len() as u32;
        let forbidden = self.pack.kinds.get(&goal).map(|kind| kind.forbidden).unwrap_or_default();
        let find = self.find(reader, &syntax.find, forbidden, Use::Find(number));
        let ask =
            syntax.ask.as_ref().map(|ask| self.find(reader, ask, Features::default(), Use::Ask(number)));
        self.cues(reader, &syntax.unless.before, Use::Before(number));
        self.cues(reader, &syntax.unless.after, Use::After(number));
        self.cues(reader, &syntax.unless.anywhere, Use::Anywhere(number));
        check_attrs(reader, goal, &syntax.attrs);
        for (field, what) in [(&syntax.title, "title"), (&syntax.doc, "doc")] {
            if field.get_ref().trim().is_empty() {
                reader.problem(Some(field.span()), format!("a rule needs a {what}"));
            }
        }
        let examples = examples(reader, &syntax);
        if reader.problems.len() > before {
            self.pack.cues.truncate(cues_before);
            return;
        }
        self.pack.rules.push(Rule {
            id: reader.file.path.trim_end_matches(".toml").to_owned(),
            goal,
            title: syntax.title.into_inner(),
            doc: syntax.doc.into_inner(),
            digest: Digest::of(reader.file.text.as_bytes()),
            examples,
            who: syntax.side,
            weight: syntax.weight,
            ask,
            find,
            attrs: syntax.attrs.into_iter().map(|(name, value)| (name, value.into_inner())).collect(),
        });
    }

    fn find(
        &mut self,
        reader: &mut Reader<'_>,
        syntax: &FindSyntax,
        forbidden: Features,
        purpose: Use,
    ) -> Find {
        if syntax.cues.is_empty() {
            reader.problem(None, "a rule needs a cue to hold on to");
        }
        if syntax.patterns.len() > PATTERNS {
            reader.problem(None, format!("a rule has at most {PATTERNS} patterns"));
        }
        self.cues(reader, &syntax.cues, purpose);
        let allowed: Features = syntax.allowed.iter().copied().collect();
        let all = forbidden.and(syntax.forbidden.iter().copied().collect());
        Find {
            patterns: syntax.patterns.iter().take(PATTERNS).filter_map(|p| self.pattern(reader, p)).collect(),
            required: syntax.required.iter().copied().collect(),
            forbidden: all.missing(allowed).collect(),
        }
    }

    fn cues(&mut self, reader: &mut Reader<'_>, cues: &[Spanned<String>], purpose: Use) {
        if cues.len() > CUES {
            return reader
                .problem(cues.get(CUES).map(Spanned::span), format!("there are more than {CUES} cues"));
        }
        let mut seen = BTreeSet::new();
        for cue in cues {
            if cue.get_ref().len() > PHRASE {
                reader.problem(Some(cue.span()), format!("a cue is longer than {PHRASE} bytes"));
                continue;
            }
            if !seen.insert(cue.get_ref()) {
                reader.problem(Some(cue.span()), format!("`{}` stands here twice", cue.get_ref()));
            }
            let parsed =
                Cue::parse(cue.get_ref(), &self.pack.speech, &mut self.lexicons, &mut self.pack.words);
            if let Some(parsed) = reader.say(cue.span(), parsed) {
                self.pack.cues.push((parsed, purpose));
            }
        }
    }

    /// Compiles a pattern after putting the shapes that it names (`{money}`) in.
    fn pattern(&self, reader: &mut Reader<'_>, pattern: &Spanned<String>) -> Option<Regex> {
        let mut source = pattern.get_ref().clone();
        for (name, shape) in &self.shapes {
            source = source.replace(&format!("{{{name}}}"), &format!("(?:{shape})"));
            if source.len() > PHRASE {
                reader.problem(Some(pattern.span()), format!("a pattern is longer than {PHRASE} bytes"));
                return None;
            }
        }
        let built = RegexBuilder::new(&source).size_limit(PATTERN).dfa_size_limit(PATTERN).build();
        let shown =
            |error: regex::Error| error.to_string().lines().last().unwrap_or_default().trim().to_owned();
        reader.say(pattern.span(), built.map_err(shown))
    }
}

/// Attributes that a rule may fix, and the guide's words for them.
fn check_attrs(reader: &mut Reader<'_>, goal: Goal, attrs: &BTreeMap<String, Spanned<String>>) {
    for (name, value) in attrs {
        let checked = super::attrs::check(goal, name, value.get_ref());
        reader.say(value.span(), checked);
    }
}

fn examples(reader: &mut Reader<'_>, syntax: &RuleSyntax) -> Examples {
    let lists = &syntax.examples;
    for (list, what) in [(&lists.r#match, "match"), (&lists.ignore, "ignore")] {
        if list.is_empty() {
            reader.problem(None, format!("a rule needs a line in `examples.{what}`"));
        }
    }
    if lists.r#match.len() + lists.ignore.len() + lists.known_miss.len() > EXAMPLES {
        reader.problem(None, format!("a rule has at most {EXAMPLES} examples"));
        return Examples::default();
    }
    let mut read = |list: &[Spanned<String>]| -> Vec<Example> {
        list.iter().filter_map(|line| reader.say(line.span(), Example::parse(line.get_ref()))).collect()
    };
    Examples {
        matches: read(&lists.r#match),
        ignores: read(&lists.ignore),
        known_misses: read(&lists.known_miss),
    }
}

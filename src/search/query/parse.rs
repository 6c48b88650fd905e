use jiff::civil::Date;

use super::lex::{Kind, Token, lex};
use super::{Node, Query, Words};
use crate::rules;
use crate::search::{Filters, words};
use crate::transcript::Language;

/// Bytes of a query at most: about a page.
const LONGEST: usize = 2_000;

/// Words of a query at most, so that no query costs more than a few dozen lookups.
const MOST_WORDS: usize = 64;

/// Words between one pair of quotes at most: those are sure to stand within one passage.
const LONGEST_PHRASE: usize = 32;

/// Parentheses and minus signs within each other at most.
const DEEPEST: usize = 16;

/// A shorter beginning of a word fits too many words to be of use.
const SHORTEST_PREFIX: usize = 2;

/// Why a query cannot be understood, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {})", .at + 1)]
pub struct QueryError {
    /// The character, counted from 0.
    pub at: usize,
    /// What is wrong, for whoever typed it.
    pub message: String,
}

/// Understands what was typed; while somebody is `typing`, the end is open.
pub(super) fn parse(text: &str, typing: bool) -> Result<Query, QueryError> {
    let mut parser =
        Parser { text, tokens: lex(text), next: 0, depth: 0, words: 0, typing, filters: Filters::default() };
    if text.len() > LONGEST {
        return Err(parser.error(LONGEST, format!("a query has at most {LONGEST} bytes")));
    }
    let node = parser.either()?;
    match parser.peek() {
        None => Ok(Query { node, filters: parser.filters }),
        Some(token) => Err(parser.error(token.at, "this parenthesis closes nothing")),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    next: usize,
    /// How many parentheses and minus signs are open.
    depth: usize,
    words: usize,
    typing: bool,
    filters: Filters,
}

impl<'a> Parser<'a> {
    /// Returns what is left of an `OR`, and what is right of it; `None` where nothing but punctuation was typed.
    fn either(&mut self) -> Result<Option<Node>, QueryError> {
        let mut choices: Vec<Node> = self.all()?.into_iter().collect();
        while self.take(&Kind::Or).is_some() {
            choices.extend(self.all()?);
        }
        Ok(one_or(choices, Node::Or))
    }

    fn all(&mut self) -> Result<Option<Node>, QueryError> {
        let mut parts = Vec::new();
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Or | Kind::Close => break,
                Kind::And => self.next += 1,
                _ => parts.extend(self.part(token)?),
            }
        }
        Ok(one_or(parts, Node::And))
    }

    fn part(&mut self, token: Token<'a>) -> Result<Option<Node>, QueryError> {
        self.next += 1;
        match token.kind {
            Kind::Minus | Kind::Not => {
                let Some(operand) = self.peek().filter(|next| !matches!(next.kind, Kind::Or | Kind::Close))
                else {
                    return self.unfinished(token.at, "nothing follows to be ruled out");
                };
                let ruled_out = self.deeper(token.at, |parser| parser.part(operand))?;
                Ok(ruled_out.map(|node| Node::Not(Box::new(node))))
            }
            Kind::Open => {
                let inside = self.deeper(token.at, Self::either)?;
                if self.take(&Kind::Close).is_none() {
                    self.unfinished(token.at, "this parenthesis is never closed")?;
                }
                Ok(inside)
            }
            Kind::Quoted { text, closed } => self.quoted(token.at, text, closed),
            Kind::Word(word) => self.word(token.at, word),
            Kind::Filter { key, value, closed } => self.filter(token.at, key, value, closed).map(|()| None),
            Kind::And | Kind::Or | Kind::Close => Ok(None),
        }
    }

    fn quoted(&mut self, at: usize, text: &str, closed: bool) -> Result<Option<Node>, QueryError> {
        if !closed {
            self.unfinished(at, "this quote is never closed")?;
        }
        let going_on = !closed && !text.ends_with(char::is_whitespace);
        self.together(at, text, true, going_on)
    }

    fn word(&mut self, at: usize, word: &str) -> Result<Option<Node>, QueryError> {
        let begins = word.ends_with('*');
        let last = self.typing && at + word.len() == self.text.len();
        let node = self.together(at, word, begins, begins || last)?;
        match &node {
            Some(Node::Words(words)) if begins && !words.prefix => {
                Err(self.error(at, format!("the beginning of a word needs {SHORTEST_PREFIX} letters")))
            }
            _ => Ok(node),
        }
    }

    /// Returns the node of words that stand together.
    fn together(
        &mut self,
        at: usize,
        text: &str,
        exact: bool,
        prefix: bool,
    ) -> Result<Option<Node>, QueryError> {
        let folded: Vec<String> = words::words(text).into_iter().map(|word| word.folded).collect();
        self.words += folded.len();
        if self.words > MOST_WORDS {
            return Err(self.error(at, format!("a query has at most {MOST_WORDS} words")));
        }
        if folded.len() > LONGEST_PHRASE {
            return Err(self.error(at, format!("at most {LONGEST_PHRASE} words can stand together")));
        }
        let long_enough = |word: &String| word.chars().count() >= SHORTEST_PREFIX;
        let prefix = prefix && folded.last().is_some_and(long_enough);
        let exact = exact || folded.len() > 1;
        Ok((!folded.is_empty()).then_some(Node::Words(Words { folded, exact, prefix })))
    }

    fn filter(&mut self, at: usize, key: &str, value: &str, closed: bool) -> Result<(), QueryError> {
        if self.depth > 0 {
            let message =
                format!("`{key}:` narrows the whole query and cannot stand in parentheses or after a minus");
            return Err(self.error(at, message));
        }
        if !closed || value.is_empty() {
            return self.unfinished(at, &format!("`{key}:` needs a value")).map(drop);
        }
        if let Err(message) = set(&mut self.filters, key, value) {
            return self.unfinished(at, &message).map(drop);
        }
        Ok(())
    }

    fn deeper<T>(
        &mut self,
        at: usize,
        inside: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        if self.depth == DEEPEST {
            return Err(self.error(at, format!("parentheses go at most {DEEPEST} deep")));
        }
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        result
    }

    /// Returns an error, unless the query is still being typed.
    fn unfinished(&self, at: usize, message: &str) -> Result<Option<Node>, QueryError> {
        if self.typing { Ok(None) } else { Err(self.error(at, message)) }
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).cloned()
    }

    fn take(&mut self, kind: &Kind<'_>) -> Option<Token<'a>> {
        let token = self.peek().filter(|token| token.kind == *kind)?;
        self.next += 1;
        Some(token)
    }

    fn error(&self, at: usize, message: impl Into<String>) -> QueryError {
        let before = &self.text[..self.text.floor_char_boundary(at)];
        QueryError { at: before.chars().count(), message: message.into() }
    }
}

fn one_or(mut nodes: Vec<Node>, join: impl FnOnce(Vec<Node>) -> Node) -> Option<Node> {
    if nodes.len() < 2 { nodes.pop() } else { Some(join(nodes)) }
}

/// Adds a filter that stood in the query, or says why it cannot.
fn set(filters: &mut Filters, key: &str, value: &str) -> Result<(), String> {
    let date = || value.parse::<Date>().map_err(|_| format!("`{value}` is no date; write it as 2026-05-01"));
    let shifted = |date: Result<Date, jiff::Error>| date.map_err(|_| "there is no such day".to_owned());
    match key {
        "account" => filters.accounts.push(value.to_owned()),
        "deal" => filters.deals.push(value.to_owned()),
        "call" => filters.calls.push(value.to_owned()),
        "speaker" => filters.speakers.push(value.to_owned()),
        "side" => filters.sides.push(value.parse()?),
        "kind" => filters.kinds.push(value.replace('-', "_").parse::<rules::Kind>()?),
        "language" | "lang" => filters.languages.push(Language::from_tag(value)),
        "from" | "since" => filters.from = filters.from.max(Some(date()?)),
        "after" => filters.from = filters.from.max(Some(shifted(date()?.tomorrow())?)),
        "to" | "until" => filters.to = earlier(filters.to, date()?),
        "before" => filters.to = earlier(filters.to, shifted(date()?.yesterday())?),
        _ => {}
    }
    Ok(())
}

fn earlier(before: Option<Date>, date: Date) -> Option<Date> {
    Some(before.map_or(date, |before| before.min(date)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Writes a query back as one sees it: `=` before exact words, `…` after a beginning.
    fn written(node: &Node) -> String {
        let joined = |nodes: &[Node], with: &str| nodes.iter().map(written).collect::<Vec<_>>().join(with);
        match node {
            Node::Words(words) => {
                let (exact, prefix) =
                    (if words.exact { "=" } else { "" }, if words.prefix { "…" } else { "" });
                format!("{exact}{}{prefix}", words.folded.join("_"))
            }
            Node::And(nodes) => format!("({})", joined(nodes, " & ")),
            Node::Or(nodes) => format!("({})", joined(nodes, " | ")),
            Node::Not(node) => format!("!{}", written(node)),
        }
    }

    #[test]
    fn queries_mean_what_people_mean() {
        let cases = [
            ("sso march", "(sso & march)"),
            ("\"by March 14th\" sso", "(=by_march_14th & sso)"),
            ("„by March“", "=by_march"),
            ("sso OR saml audit", "(sso | (saml & audit))"),
            ("(sso OR saml) AND audit", "((sso | saml) & audit)"),
            ("audit -soc -\"type two\"", "(audit & !soc & !=type_two)"),
            ("NOT soc", "!soc"),
            ("lau*", "=lau…"),
            ("we'll", "=we_ll"),
            ("single-sign-on", "=single_sign_on"),
            ("note: https://x", "(note & =https_x)"),
            ("price - - & OR", "price"),
            ("kind:promise sso", "sso"),
            ("()", ""),
        ];
        for (text, wanted) in cases {
            let query = Query::parse(text).unwrap();
            assert_eq!(query.node.as_ref().map(written).unwrap_or_default(), wanted, "{text}");
        }
    }

    #[test]
    fn while_typing_the_end_is_open() {
        let cases = [
            ("sso rol", "(sso & rol…)"),
            ("sso rol ", "(sso & rol)"),
            ("s", "s"),
            ("\"by mar", "=by_mar…"),
            ("(sso", "sso…"),
            ("sso -", "sso"),
            ("sso kind:prom", "sso"),
            ("sso before:2026-", "sso"),
        ];
        for (text, wanted) in cases {
            let query = Query::parse_typing(text).unwrap();
            assert_eq!(query.node.as_ref().map(written).unwrap_or_default(), wanted, "{text}");
        }
    }

    #[test]
    fn filters_may_stand_among_the_words() {
        let text = "speaker:dana kind:promise kind:next-step side:customer account:\"Acme Corp\" before:2026-05-01 lang:EN";
        let filters = Query::parse(text).unwrap().filters;
        assert_eq!(filters.speakers, ["dana"]);
        assert_eq!(filters.accounts, ["Acme Corp"]);
        assert_eq!(filters.kinds, [rules::Kind::Promise, rules::Kind::NextStep]);
        assert_eq!(filters.to.unwrap().to_string(), "2026-04-30");
        assert_eq!(filters.languages[0].as_str(), "en");
    }

    #[test]
    fn what_cannot_be_understood_is_pointed_at() {
        let cases = [
            ("ünder \"open", 6, "never closed"),
            ("(sso", 0, "never closed"),
            ("sso )", 4, "closes nothing"),
            ("a*", 0, "needs 2 letters"),
            ("sso NOT", 4, "ruled out"),
            ("kind:promis", 0, "is none of"),
            ("before:May", 0, "no date"),
            ("(kind:promise)", 1, "whole query"),
        ];
        for (text, at, message) in cases {
            let error = Query::parse(text).unwrap_err();
            assert_eq!(error.at, at, "{text}: {error}");
            assert!(error.message.contains(message), "{text}: {error}");
        }
        assert!(Query::parse(&"(".repeat(500)).unwrap_err().message.contains("deep"));
        assert!(Query::parse(&"NOT ".repeat(400)).unwrap_err().message.contains("deep"));
        assert!(Query::parse(&"word ".repeat(100)).unwrap_err().message.contains("words"));
        assert!(Query::parse(&"w".repeat(9_999)).unwrap_err().message.contains("bytes"));
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_panics(text in "(\\PC|[-()\"*: ]|OR|NOT|kind:|before:|é|“){0,60}") {
            let _ = Query::parse(&text);
            let typing = Query::parse_typing(&text);
            if let Ok(query) = Query::parse(&text) {
                prop_assert_eq!(query.filters, typing.unwrap().filters);
            }
        }
    }
}

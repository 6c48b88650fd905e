/// A piece of what was typed, with the byte where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) at: usize,
    pub(super) kind: Kind<'a>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Open,
    Close,
    Minus,
    Or,
    And,
    Not,
    /// Between quotes; `closed` tells whether the second one is there.
    Quoted {
        text: &'a str,
        closed: bool,
    },
    Word(&'a str),
    /// `key:` with what follows it.
    Filter {
        key: &'a str,
        value: &'a str,
        closed: bool,
    },
}

/// The words before a colon that make a filter. Others ("note: …", "https://…") are words like any.
const KEYS: &[&str] = &[
    "account", "deal", "call", "speaker", "side", "kind", "language", "lang", "from", "since", "to", "until",
    "before", "after",
];

/// Cuts what was typed into pieces.
pub(super) fn lex(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = match c {
            _ if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' => (Kind::Open, 1),
            ')' => (Kind::Close, 1),
            '-' | '\u{2212}' if starts_operand(&rest[c.len_utf8()..]) => (Kind::Minus, c.len_utf8()),
            _ if is_quote(c) => {
                let (text, closed, length) = quoted(rest);
                (Kind::Quoted { text, closed }, length)
            }
            _ => word(rest),
        };
        tokens.push(Token { at, kind });
        at += length;
    }
    tokens
}

fn starts_operand(rest: &str) -> bool {
    rest.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '(' || is_quote(c))
}

/// Word processors and phones type quotes of their own.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

/// Returns what stands between the quote that `rest` begins with and the next, and how long all of it is.
fn quoted(rest: &str) -> (&str, bool, usize) {
    let start = rest.chars().next().map_or(0, char::len_utf8);
    match rest[start..].char_indices().find(|(_, c)| is_quote(*c)) {
        Some((end, quote)) => (&rest[start..start + end], true, start + end + quote.len_utf8()),
        None => (&rest[start..], false, rest.len()),
    }
}

fn word(rest: &str) -> (Kind<'_>, usize) {
    let ends = |c: char| c.is_whitespace() || c == '(' || c == ')' || is_quote(c);
    let end = rest.find(ends).unwrap_or(rest.len());
    let word = &rest[..end];
    if let Some((key, value)) = word.split_once(':').filter(|(key, _)| KEYS.contains(key)) {
        let start = key.len() + 1;
        if value.is_empty() && rest[start..].starts_with(is_quote) {
            let (value, closed, length) = quoted(&rest[start..]);
            return (Kind::Filter { key, value, closed }, start + length);
        }
        return (Kind::Filter { key, value, closed: true }, end);
    }
    let kind = match word {
        "OR" => Kind::Or,
        "AND" => Kind::And,
        "NOT" => Kind::Not,
        _ => Kind::Word(word),
    };
    (kind, end)
}

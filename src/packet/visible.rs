use std::borrow::Cow;

/// Returns `text` on one line, as a reader sees it: line breaks and tabs are spaces, and characters that would
/// steer a terminal, turn the reading direction or hide are shown by their number (`[U+202E]`).
///
/// Words of a call are hostile: a name that ends in a right-to-left override would otherwise rewrite its line.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| c == '\t' || c == '\n' || c == '\r' || steers(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => shown.push(' '),
            c if steers(c) => shown.push_str(&format!("[U+{:04X}]", u32::from(c))),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Tells whether a character is a control, a bidirectional control, or invisible. Joiners are left alone: emoji
/// and several scripts need them.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Returns `url` where a browser would open it as a page and nothing else: `http` or `https`, no spaces or
/// controls.
pub fn web_link(url: &str) -> Option<&str> {
    let starts =
        |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let clean =
        !url.contains(|c: char| c.is_whitespace() || steers(c) || matches!(c, '<' | '>' | '"' | '\\'));
    (clean && (starts("https://") || starts("http://"))).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_the_reader_is_shown() {
        assert_eq!(visible("plain – ümlaut"), "plain – ümlaut");
        assert_eq!(visible("a\nb\u{202E}c\u{1B}[31m"), "a b[U+202E]c[U+001B][31m");
    }

    #[test]
    fn only_pages_are_linked() {
        assert!(web_link("HTTPS://rec.example/1?a=b").is_some());
        for bad in ["javascript:alert(1)", "data:text/html,x", "//rec.example", "https://a b", " https://a"] {
            assert_eq!(web_link(bad), None, "{bad}");
        }
    }
}

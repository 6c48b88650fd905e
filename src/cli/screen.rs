use std::io::{self, IsTerminal, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

/// Standard output: tables on a terminal, JSON in a pipe.
pub(super) struct Screen {
    out: io::StdoutLock<'static>,
    terminal: bool,
}

impl Screen {
    /// Takes hold of standard output.
    pub(super) fn new() -> Self {
        let out = io::stdout().lock();
        let terminal = out.is_terminal();
        Self { out, terminal }
    }

    /// Prints `value` as JSON.
    pub(super) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut self.out, value)?;
        writeln!(self.out)
    }

    /// Prints rows as a table on a terminal, else `value` as JSON.
    pub(super) fn table(
        &mut self,
        header: &[&str],
        rows: impl IntoIterator<Item = Vec<String>>,
        value: &impl Serialize,
    ) -> io::Result<()> {
        if !self.terminal {
            return self.json(value);
        }
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(header.to_vec());
        for row in rows {
            table.add_row(row.iter().map(|cell| harmless(cell)));
        }
        writeln!(self.out, "{table}")
    }

    /// Prints `text` on a terminal, else `value` as JSON.
    pub(super) fn either(&mut self, text: &str, value: &impl Serialize) -> io::Result<()> {
        if self.terminal { self.text(text) } else { self.json(value) }
    }

    /// Prints a text that may hold words of a call.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        match self.terminal {
            true => write!(self.out, "{}", harmless(text)),
            false => write!(self.out, "{text}"),
        }
    }

    /// Prints a file; a terminal is told to take it elsewhere.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.terminal {
            return Err(io::Error::other("this is a file and no text: name one with `-o FILE`"));
        }
        self.out.write_all(bytes)
    }

    /// Prints a line that may hold words of a call.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        self.text(text)?;
        writeln!(self.out)?;
        self.out.flush()
    }
}

/// Prints a line to standard error, where progress and problems belong.
pub(super) fn note(text: &str) {
    // Nobody is left to tell where standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{}", harmless(text));
}

/// Returns `text` with control characters shown instead of obeyed: words of a call must not move the cursor of
/// whoever reads them, nor turn the reading direction round.
fn harmless(text: &str) -> String {
    let obeyed = |c: char| (c.is_control() && c != '\n' && c != '\t') || is_bidi_control(c);
    if !text.contains(obeyed) {
        return text.to_owned();
    }
    text.chars().map(|c| if obeyed(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_call_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\u{1b}[31mb\u{202e}c"), "a\\u{1b}[31mb\\u{202e}c");
        assert_eq!(harmless("Zoë said\n\t\"ok\""), "Zoë said\n\t\"ok\"");
    }
}

//! Templates are Markdown; values of calls and people go into them as text that cannot become markup.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::packet::{visible, web_link};

use super::document::{Block, Document, Run, Style, UNKNOWN, plain};

/// The scheme of a link that marks a blank; its title is the question.
const BLANK: &str = "blank:";

/// Returns `text` so that Markdown shows it to the letter, on one line. CommonMark takes a backslash before any ASCII
/// punctuation as "this is text", whatever it would mean there.
pub(super) fn literal(text: &str) -> String {
    let text = visible(text.trim());
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Returns the mark of a missing `field` and the question that fills it.
pub(super) fn blank(field: &str, ask: &str) -> String {
    format!("[{UNKNOWN}: {}]({BLANK} \"{}\")", literal(field), literal(ask))
}

/// Reads a filled template.
pub(super) fn parse(text: &str) -> Document {
    let mut reader = Reader::default();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        reader.read(event);
    }
    let blocks = reader.blocks;
    let title = blocks.iter().find_map(|block| match block {
        Block::Heading { text, .. } => Some(plain(text)),
        _ => None,
    });
    Document { title: title.unwrap_or_default(), blocks }
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    runs: Vec<Run>,
    style: Style,
    link: Option<String>,
    /// Parts of the quote, list or table that is open.
    parts: Vec<Vec<Run>>,
    rows: Vec<Vec<Vec<Run>>>,
    ordered: bool,
    quotes: usize,
    lists: usize,
}

impl Reader {
    fn read(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.text(&text);
            }
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.push("\n".to_owned()),
            Event::Rule => self.blocks.push(Block::Rule),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Strong => self.style.bold = true,
            Tag::Emphasis => self.style.italic = true,
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::List(first) => {
                self.lists += 1;
                self.ordered = first.is_some();
            }
            Tag::Link { dest_url, title, .. } if &*dest_url == BLANK => {
                self.style.blank = Some(title.into_string());
            }
            Tag::Link { dest_url, .. } => self.link = web_link(&dest_url).map(str::to_owned),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.style.bold = false,
            TagEnd::Emphasis => self.style.italic = false,
            TagEnd::Link => (self.style.blank, self.link) = (None, None),
            TagEnd::Heading(level) => {
                let text = std::mem::take(&mut self.runs);
                self.blocks.push(Block::Heading { level: depth(level), text });
            }
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock => self.paragraph(),
            TagEnd::TableCell => self.parts.push(std::mem::take(&mut self.runs)),
            // An item with paragraphs has pushed them already.
            TagEnd::Item if !self.runs.is_empty() => self.parts.push(std::mem::take(&mut self.runs)),
            TagEnd::TableHead | TagEnd::TableRow => self.rows.push(std::mem::take(&mut self.parts)),
            TagEnd::BlockQuote(_) => {
                self.quotes -= 1;
                self.blocks.push(Block::Quote(std::mem::take(&mut self.parts)));
            }
            TagEnd::List(_) => {
                self.lists -= 1;
                let items = std::mem::take(&mut self.parts);
                self.blocks.push(Block::List { ordered: self.ordered, items });
            }
            TagEnd::Table => {
                let mut rows = std::mem::take(&mut self.rows).into_iter();
                let head = rows.next().unwrap_or_default();
                self.blocks.push(Block::Table { head, rows: rows.collect() });
            }
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        match (self.quotes, self.lists) {
            _ if runs.is_empty() => {}
            (0, 0) => self.blocks.push(Block::Paragraph(runs)),
            _ => self.parts.push(runs),
        }
    }

    fn text(&mut self, text: &str) {
        let same = self.runs.last_mut().filter(|run| run.style == self.style && run.link == self.link);
        match same.filter(|run| run.text != "\n") {
            Some(run) => run.text.push_str(text),
            None => self.push(text.to_owned()),
        }
    }

    fn push(&mut self, text: String) {
        self.runs.push(Run { text, style: self.style.clone(), link: self.link.clone() });
    }
}

fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_words_come_out_to_the_letter() {
        let cases = [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "![x](https://evil.example/p.png)",
            "a | b `c` *d* __e__ ~~f~~",
            "# no heading",
            "- no item",
            "1. no item",
            "> no quote",
            "```",
            "&lt;b&gt; &amp;",
            "=2+5+cmd|' /C calc'!A0",
            "ends in a backslash \\",
            "[x]: https://evil.example",
            "{{ 7 * 7 }}",
        ];
        for words in cases {
            for document in
                [parse(&literal(words)), parse(&format!("| a |\n|---|\n| {} |\n", literal(words)))]
            {
                assert_eq!(document.lines().last().map(String::as_str), Some(words));
            }
        }
        assert_eq!(parse(&literal("a\n\n# b\u{202E}c")).lines(), ["a  # b[U+202E]c"]);
    }

    #[test]
    fn a_template_s_own_link_leads_to_a_page_or_nowhere() {
        let document = parse("[a](https://a.example) [b](javascript:alert)");
        let Block::Paragraph(runs) = &document.blocks[0] else { panic!("{document:?}") };
        let links: Vec<_> = runs.iter().map(|run| (run.text.as_str(), run.link.as_deref())).collect();
        assert_eq!(links, [("a", Some("https://a.example")), (" b", None)]);
    }
}

use crate::packet::escape;

use super::document::{Block, Document, Run};

/// Draws a document as Markdown that reads well unrendered too.
pub(super) fn markdown(document: &Document) -> String {
    let mut text = String::new();
    for block in &document.blocks {
        text.push_str(&drawn(block));
        text.push_str("\n\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn drawn(block: &Block) -> String {
    match block {
        Block::Heading { level, text } => format!("{} {}", "#".repeat(usize::from(*level)), line(text)),
        Block::Paragraph(text) => line(text),
        Block::Quote(parts) => {
            let quoted = parts.iter().map(|part| format!("> {}", line(part).replace('\n', "\n> ")));
            quoted.collect::<Vec<_>>().join("\n>\n")
        }
        Block::List { ordered, items } => {
            let mark = |at: usize| if *ordered { format!("{}.", at + 1) } else { "-".to_owned() };
            let items = items.iter().enumerate().map(|(at, item)| format!("{} {}", mark(at), line(item)));
            items.collect::<Vec<_>>().join("\n")
        }
        Block::Table { head, rows } => {
            let row = |cells: &Vec<Vec<Run>>| {
                let cells = cells.iter().map(|cell| line(cell).replace("  \n", " "));
                format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
            };
            let rule = format!("|{}", "---|".repeat(head.len()));
            [row(head), rule].into_iter().chain(rows.iter().map(row)).collect::<Vec<_>>().join("\n")
        }
        Block::Rule => "---".to_owned(),
    }
}

fn line(runs: &[Run]) -> String {
    runs.iter().map(run).collect()
}

fn run(run: &Run) -> String {
    if run.text == "\n" {
        return "  \n".to_owned();
    }
    let words = escape(&run.text);
    let mark = match &run.style {
        style if style.bold || style.blank.is_some() => "**",
        style if style.italic => "*",
        _ => "",
    };
    // Marks must touch the words that they mark.
    let (inner, lead, tail) = split(&words);
    let marked = if inner.is_empty() { String::new() } else { format!("{mark}{inner}{mark}") };
    match &run.link {
        Some(page) => format!("{lead}[{marked}](<{page}>){tail}"),
        None => format!("{lead}{marked}{tail}"),
    }
}

fn split(words: &str) -> (&str, &str, &str) {
    let inner = words.trim();
    let lead = &words[..words.len() - words.trim_start().len()];
    let tail = if inner.is_empty() { "" } else { &words[words.trim_end().len()..] };
    (inner, lead, tail)
}

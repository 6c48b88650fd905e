use super::document::{Block, Document, Run, plain};

/// Draws a document as plain text without its title: a message, or the body of a mail, whose subject the title is.
pub(super) fn text(document: &Document) -> String {
    let blocks = document.blocks.iter().filter(|block| !matches!(block, Block::Heading { level: 1, .. }));
    let mut text = blocks.map(drawn).collect::<Vec<_>>().join("\n\n");
    text.push('\n');
    text
}

fn drawn(block: &Block) -> String {
    match block {
        Block::Heading { text, .. } => line(text).to_uppercase(),
        Block::Paragraph(text) => line(text),
        Block::Quote(parts) => {
            parts.iter().map(|part| format!("    {}", line(part))).collect::<Vec<_>>().join("\n")
        }
        Block::List { ordered, items } => {
            let mark = |at: usize| if *ordered { format!("{}.", at + 1) } else { "-".to_owned() };
            let items = items.iter().enumerate().map(|(at, item)| format!("{} {}", mark(at), line(item)));
            items.collect::<Vec<_>>().join("\n")
        }
        Block::Table { head, rows } => {
            rows.iter().map(|row| labelled(head, row)).collect::<Vec<_>>().join("\n")
        }
        Block::Rule => "----".to_owned(),
    }
}

/// Returns a row as `column: value` pairs: columns do not line up in proportional type.
fn labelled(head: &[Vec<Run>], row: &[Vec<Run>]) -> String {
    let cells = head.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
    let cells = cells.map(|(name, cell)| match plain(name) {
        name if name.is_empty() => line(cell),
        name => format!("{name}: {}", line(cell)),
    });
    format!("- {}", cells.collect::<Vec<_>>().join(" · "))
}

fn line(runs: &[Run]) -> String {
    let shown = |run: &Run| match (&run.style.blank, &run.link) {
        (Some(_), _) => format!("[{}]", run.text),
        (None, Some(page)) => format!("{} ({page})", run.text),
        (None, None) => run.text.clone(),
    };
    runs.iter().map(shown).collect()
}

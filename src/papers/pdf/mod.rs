//! PDF with its letters inside. Lines are broken and pages filled here; a letter that the font lacks is shown by its
//! number, and the paper says so at its end.

mod face;
mod page;
mod wrap;

use std::collections::BTreeSet;

use super::document::{Block, Document, Run, Style};
use face::Faces;
use page::{Color, Pages};
use wrap::{Line, wrap};

const INK: Color = [0.122, 0.137, 0.157];
const SOFT: Color = [0.353, 0.384, 0.424];
const RULE: Color = [0.835, 0.824, 0.796];
const ACCENT: Color = [0.114, 0.373, 0.659];

/// A quote's distance from its bar, in points.
const QUOTE_INDENT: f32 = 12.0;
/// A list item's distance from its mark.
const ITEM_INDENT: f32 = 15.0;
/// Between the cells of a row.
const GUTTER: f32 = 8.0;
const BODY: f32 = 10.5;
const SMALL: f32 = 9.0;

/// Draws a document as PDF; the same document gives the same bytes.
///
/// # Errors
/// Where the embedded fonts cannot be read.
pub(super) fn pdf(document: &Document) -> Result<Vec<u8>, String> {
    let mut sheet = Sheet { faces: Faces::embedded()?, pages: Pages::new(), missing: BTreeSet::new() };
    for block in &document.blocks {
        sheet.block(block);
    }
    if !sheet.missing.is_empty() {
        sheet.say_what_is_missing();
    }
    sheet.pages.finish(&document.title, sheet.faces)
}

struct Sheet {
    faces: Faces,
    pages: Pages,
    /// Letters that the font lacks.
    missing: BTreeSet<char>,
}

/// Where lines stand and how they look.
#[derive(Clone, Copy)]
struct Setting {
    size: f32,
    color: Color,
    /// From the left margin.
    x: f32,
    width: f32,
}

impl Sheet {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph(text) => {
                self.lines(text, Setting { size: BODY, color: INK, x: 0.0, width: page::WIDTH });
                self.pages.skip(5.0);
            }
            Block::Quote(parts) => self.quote(parts),
            Block::List { ordered, items } => self.list(*ordered, items),
            Block::Table { head, rows } => self.table(head, rows),
            Block::Rule => {
                self.pages.skip(4.0);
                self.pages.rule(RULE);
                self.pages.skip(8.0);
            }
        }
    }

    fn heading(&mut self, level: u8, text: &[Run]) {
        let (size, before, after) = match level {
            1 => (20.0, 0.0, 8.0),
            2 => (13.5, 14.0, 5.0),
            _ => (11.0, 9.0, 2.0),
        };
        // A heading stays with the first lines below it.
        self.pages.need(before + size + 45.0);
        self.pages.skip(before);
        self.lines(&bold(text), Setting { size, color: INK, x: 0.0, width: page::WIDTH });
        self.pages.skip(after);
    }

    fn quote(&mut self, parts: &[Vec<Run>]) {
        self.pages.need(2.0 * leading(BODY));
        for (at, part) in parts.iter().enumerate() {
            let by = at > 0 && at + 1 == parts.len();
            let (size, color) = if by { (SMALL, SOFT) } else { (BODY, INK) };
            let setting = Setting { size, color, x: QUOTE_INDENT, width: page::WIDTH - QUOTE_INDENT };
            for line in self.wrap(part, setting) {
                self.pages.need(leading(size));
                self.pages.bar(ACCENT, leading(size));
                self.put(&line, setting);
            }
        }
        self.pages.skip(8.0);
    }

    fn list(&mut self, ordered: bool, items: &[Vec<Run>]) {
        for (at, item) in items.iter().enumerate() {
            let mark = if ordered { format!("{}.", at + 1) } else { "•".to_owned() };
            let setting =
                Setting { size: BODY, color: INK, x: ITEM_INDENT, width: page::WIDTH - ITEM_INDENT };
            for (row, line) in self.wrap(item, setting).iter().enumerate() {
                self.pages.need(leading(BODY));
                if row == 0 {
                    let mark = Run { text: mark.clone(), ..Run::default() };
                    let beside = Setting { x: 2.0, width: page::WIDTH, ..setting };
                    for line in self.wrap(&[mark], beside) {
                        self.pages.print(&line, &mut self.faces, beside.x, BODY, SOFT);
                    }
                }
                self.put(line, setting);
            }
            self.pages.skip(2.0);
        }
        self.pages.skip(4.0);
    }

    fn table(&mut self, head: &[Vec<Run>], rows: &[Vec<Vec<Run>>]) {
        let widths = super::columns::widths(head, rows, page::WIDTH);
        let head: Vec<Vec<Run>> = head.iter().map(|cell| bold(cell)).collect();
        self.pages.need(4.0 * leading(SMALL));
        self.row(&head, &widths, SMALL, SOFT);
        for row in rows {
            if self.row_height(row, &widths) > self.pages.left() {
                self.pages.turn();
                self.row(&head, &widths, SMALL, SOFT);
            }
            self.row(row, &widths, 9.5, INK);
        }
        self.pages.skip(8.0);
    }

    fn row_height(&mut self, cells: &[Vec<Run>], widths: &[f32]) -> f32 {
        let lines = cells.iter().zip(widths).map(|(cell, width)| {
            let setting = Setting { size: 9.5, color: INK, x: 0.0, width: width - GUTTER };
            self.wrap(cell, setting).len()
        });
        lines.max().unwrap_or_default() as f32 * leading(9.5) + 6.0
    }

    /// Draws a row line by line, so that one that is longer than a page runs on.
    fn row(&mut self, cells: &[Vec<Run>], widths: &[f32], size: f32, color: Color) {
        let mut x = 0.0;
        let mut columns = Vec::new();
        for (cell, width) in cells.iter().zip(widths) {
            let setting = Setting { size, color, x, width: width - GUTTER };
            columns.push((self.wrap(cell, setting), setting));
            x += width;
        }
        self.pages.skip(3.0);
        let height = columns.iter().map(|(lines, _)| lines.len()).max().unwrap_or_default();
        for at in 0..height {
            self.pages.need(leading(size));
            for (lines, setting) in &columns {
                if let Some(line) = lines.get(at) {
                    self.pages.print(line, &mut self.faces, setting.x, size, color);
                }
            }
            self.pages.skip(leading(size));
        }
        self.pages.skip(3.0);
        self.pages.rule(RULE);
    }

    fn say_what_is_missing(&mut self) {
        let numbers: Vec<String> = self.missing.iter().map(|c| format!("U+{:04X}", u32::from(*c))).collect();
        let text = format!(
            "The font of this file has no shapes for some of its letters ({}); they are shown by their numbers. The \
             DOCX and HTML forms show them.",
            numbers.join(", ")
        );
        self.pages.skip(10.0);
        let note = Run { text, ..Run::default() };
        self.lines(&[note], Setting { size: SMALL, color: SOFT, x: 0.0, width: page::WIDTH });
    }

    fn lines(&mut self, runs: &[Run], setting: Setting) {
        for line in self.wrap(runs, setting) {
            self.pages.need(leading(setting.size));
            self.put(&line, setting);
        }
    }

    fn wrap(&mut self, runs: &[Run], setting: Setting) -> Vec<Line> {
        wrap(runs, &self.faces, setting.size, setting.width, &mut self.missing)
    }

    fn put(&mut self, line: &Line, setting: Setting) {
        self.pages.print(line, &mut self.faces, setting.x, setting.size, setting.color);
        self.pages.skip(leading(setting.size));
    }
}

/// From one line to the next.
fn leading(size: f32) -> f32 {
    size * 1.42
}

fn bold(runs: &[Run]) -> Vec<Run> {
    let heavy = |run: &Run| Run { style: Style { bold: true, ..run.style.clone() }, ..run.clone() };
    runs.iter().map(heavy).collect()
}

//! Word and LibreOffice: real headings, lists and tables, so that people can go on writing.

use std::io::Cursor;

use docx_rs::{
    AbstractNumbering, BorderType, BreakType, Docx, Footer, IndentLevel, Level, LevelJc, LevelText,
    LineSpacing, LineSpacingType, NumPages, NumberFormat, Numbering, NumberingId, PageMargin, PageNum,
    Paragraph, ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, Run as Words, RunFonts,
    SpecialIndentType, Start, Style as Look, StyleType, Table, TableBorder, TableBorderPosition,
    TableBorders, TableCell, TableCellMargins, TableLayoutType, TableRow, WidthType,
};

use super::document::{Block, Document, Run};

/// Width between the margins of an A4 page, in twentieths of a point.
const WIDTH: usize = 11906 - 2 * MARGIN as usize;
const MARGIN: i32 = 1134;

const INK: &str = "1F2328";
const SOFT: &str = "5A626C";
const LINE: &str = "D5D2CB";
const ACCENT: &str = "1D5FA8";

/// Ids of the numberings; the crate keeps 1 for itself. `ORDERED` is the first numbered list, each further list counts
/// from one again.
const BULLETS: usize = 10;
const ORDERED: usize = 11;

/// Draws a document as DOCX; the same document gives the same bytes.
///
/// # Errors
/// Those of the archive's writer.
pub(super) fn docx(document: &Document) -> Result<Vec<u8>, String> {
    let mut page = Page { docx: styled(), paragraphs: 0, lists: 0 };
    for block in &document.blocks {
        page.block(block);
    }
    let mut bytes = Cursor::new(Vec::new());
    page.docx.build().pack(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}

struct Page {
    docx: Docx,
    /// Paragraphs so far: their ids are counted here, for the crate's counter runs on from document to document.
    paragraphs: usize,
    /// Numbered lists so far.
    lists: usize,
}

impl Page {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                let style = format!("Heading{level}");
                let paragraph = self.paragraph(text, Shade::Plain).style(&style).keep_next(true);
                self.add(paragraph);
            }
            Block::Paragraph(text) => {
                let paragraph = self.paragraph(text, Shade::Plain);
                self.add(paragraph);
            }
            Block::Quote(parts) => self.quote(parts),
            Block::List { ordered, items } => self.list(*ordered, items),
            Block::Table { head, rows } => self.table(head, rows),
            Block::Rule => {
                let mut paragraph = self.paragraph(&[], Shade::Plain);
                let line = border(ParagraphBorderPosition::Bottom, LINE, 6);
                paragraph.property = paragraph.property.set_borders(ParagraphBorders::with_empty().set(line));
                self.add(paragraph);
            }
        }
    }

    fn add(&mut self, paragraph: Paragraph) {
        self.docx = std::mem::take(&mut self.docx).add_paragraph(paragraph);
    }

    fn paragraph(&mut self, runs: &[Run], shade: Shade) -> Paragraph {
        self.paragraphs += 1;
        let paragraph = Paragraph::new().id(format!("{:08X}", self.paragraphs));
        runs.iter().fold(paragraph, |paragraph, run| paragraph.add_run(words(run, shade)))
    }

    fn quote(&mut self, parts: &[Vec<Run>]) {
        for (at, part) in parts.iter().enumerate() {
            let said = at + 1 < parts.len() || parts.len() == 1;
            let shade = if said { Shade::Plain } else { Shade::Soft };
            let mut paragraph = self.paragraph(part, shade).style("Quotation").keep_lines(true);
            paragraph = paragraph.keep_next(said && parts.len() > 1);
            let bar = border(ParagraphBorderPosition::Left, ACCENT, 18);
            paragraph.property = paragraph
                .property
                .set_borders(ParagraphBorders::with_empty().set(bar))
                .line_spacing(LineSpacing::new().after(if said { 0 } else { 160 }));
            self.add(paragraph);
        }
    }

    fn list(&mut self, ordered: bool, items: &[Vec<Run>]) {
        let id = if ordered { ORDERED + self.lists } else { BULLETS };
        if ordered {
            self.lists += 1;
            self.docx = std::mem::take(&mut self.docx)
                .add_abstract_numbering(AbstractNumbering::new(id).add_level(level(
                    "decimal",
                    "%1.",
                    LevelJc::new("left"),
                )))
                .add_numbering(Numbering::new(id, id));
        }
        for item in items {
            let paragraph = self
                .paragraph(item, Shade::Plain)
                .numbering(NumberingId::new(id), IndentLevel::new(0))
                .line_spacing(LineSpacing::new().after(60));
            self.add(paragraph);
        }
    }

    fn table(&mut self, head: &[Vec<Run>], rows: &[Vec<Vec<Run>>]) {
        let widths = super::columns::widths(head, rows, WIDTH as f32);
        let widths: Vec<usize> = widths.into_iter().map(|width| width as usize).collect();
        let mut table_rows = vec![self.row(head, &widths, Shade::Head)];
        for row in rows {
            let row = self.row(row, &widths, Shade::Plain);
            table_rows.push(row);
        }
        let line = |position| TableBorder::new(position).border_type(BorderType::Single).size(4).color(LINE);
        let borders = TableBorders::with_empty()
            .set(line(TableBorderPosition::InsideH))
            .set(line(TableBorderPosition::Bottom));
        let table = Table::without_borders(table_rows)
            .set_grid(widths)
            .layout(TableLayoutType::Fixed)
            .width(WIDTH, WidthType::Dxa)
            .margins(TableCellMargins::new().margin(50, 110, 50, 0))
            .set_borders(borders);
        self.docx = std::mem::take(&mut self.docx).add_table(table);
        let space = self.paragraph(&[], Shade::Plain).line_spacing(LineSpacing::new().after(60));
        self.add(space);
    }

    fn row(&mut self, cells: &[Vec<Run>], widths: &[usize], shade: Shade) -> TableRow {
        let cells = cells.iter().zip(widths).map(|(cell, width)| {
            let paragraph = self.paragraph(cell, shade).style("Cell");
            TableCell::new().add_paragraph(paragraph).width(*width, WidthType::Dxa)
        });
        TableRow::new(cells.collect()).cant_split()
    }
}

/// How the words of a block differ from plain ones.
#[derive(Clone, Copy, PartialEq)]
enum Shade {
    Plain,
    Soft,
    Head,
}

fn words(run: &Run, shade: Shade) -> Words {
    if run.text == "\n" {
        return Words::new().add_break(BreakType::TextWrapping);
    }
    let text = match &run.link {
        Some(page) => format!("{} ({page})", run.text),
        None => run.text.clone(),
    };
    let mut words = Words::new().add_text(text);
    if run.style.bold || shade == Shade::Head {
        words = words.bold();
    }
    if run.style.italic {
        words = words.italic();
    }
    if run.style.blank.is_some() {
        words = words.highlight("yellow");
    }
    match shade {
        Shade::Plain => words,
        Shade::Soft | Shade::Head => words.color(SOFT).size(18),
    }
}

fn styled() -> Docx {
    let fonts = || RunFonts::new().ascii("Calibri").hi_ansi("Calibri").cs("Calibri");
    let paragraph = |id: &str, name: &str| Look::new(id, StyleType::Paragraph).name(name);
    let heading = |level: usize, size: usize, before: u32, after: u32| {
        paragraph(&format!("Heading{level}"), &format!("heading {level}"))
            .based_on("Normal")
            .next("Normal")
            .size(size)
            .bold()
            .color(INK)
            .outline_lvl(level - 1)
            .line_spacing(LineSpacing::new().before(before).after(after))
    };
    let body = LineSpacing::new().line_rule(LineSpacingType::Auto).line(276).after(120);
    let footer = Footer::new().add_paragraph(
        Paragraph::new()
            .id("FFFFFFFE")
            .align(docx_rs::AlignmentType::Right)
            .add_page_num(PageNum::new())
            .add_run(Words::new().add_text(" / ").color(SOFT).size(16))
            .add_num_pages(NumPages::new()),
    );
    Docx::new()
        .page_size(11906, 16838)
        .page_margin(PageMargin {
            top: MARGIN,
            left: MARGIN,
            bottom: MARGIN,
            right: MARGIN,
            ..PageMargin::default()
        })
        .default_fonts(fonts())
        .default_size(22)
        .footer(footer)
        .add_style(paragraph("Normal", "Normal").color(INK).line_spacing(body))
        .add_style(heading(1, 40, 0, 120))
        .add_style(heading(2, 28, 320, 100))
        .add_style(heading(3, 23, 200, 60))
        .add_style(paragraph("Quotation", "Quotation").based_on("Normal").indent(Some(227), None, None, None))
        .add_style(
            paragraph("Cell", "Cell").based_on("Normal").size(20).line_spacing(LineSpacing::new().after(0)),
        )
        .add_abstract_numbering(AbstractNumbering::new(BULLETS).add_level(level(
            "bullet",
            "•",
            LevelJc::new("left"),
        )))
        .add_numbering(Numbering::new(BULLETS, BULLETS))
}

fn level(format: &str, text: &str, align: LevelJc) -> Level {
    Level::new(0, Start::new(1), NumberFormat::new(format), LevelText::new(text), align).indent(
        Some(397),
        Some(SpecialIndentType::Hanging(284)),
        None,
        None,
    )
}

fn border(position: ParagraphBorderPosition, color: &str, size: usize) -> ParagraphBorder {
    ParagraphBorder::new(position).val(BorderType::Single).size(size).space(6).color(color)
}

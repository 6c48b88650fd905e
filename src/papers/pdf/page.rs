use pdf_writer::types::{ActionType, AnnotationType};
use pdf_writer::{Content, Finish, Pdf, Rect, Ref, Str, TextStr};

use super::face::{Cut, Faces};
use super::wrap::Line;

/// Red, green and blue, 0 to 1.
pub(super) type Color = [f32; 3];

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 62.0;
/// Between the margins.
pub(super) const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
const MARK: Color = [1.0, 0.945, 0.761];
const SOFT: Color = [0.353, 0.384, 0.424];

/// The pages so far, and how far the last one is filled.
pub(super) struct Pages {
    pages: Vec<Sheet>,
    /// Where the next line's upper edge is, from the bottom.
    y: f32,
}

struct Sheet {
    content: Content,
    links: Vec<(Rect, String)>,
}

impl Pages {
    pub(super) fn new() -> Self {
        let mut pages = Self { pages: Vec::new(), y: 0.0 };
        pages.turn();
        pages
    }

    /// Begins a new page.
    pub(super) fn turn(&mut self) {
        self.pages.push(Sheet { content: Content::new(), links: Vec::new() });
        self.y = PAGE.1 - MARGIN;
    }

    /// Returns what is left of the page.
    pub(super) fn left(&self) -> f32 {
        self.y - MARGIN
    }

    /// Begins a new page where less than `height` is left.
    pub(super) fn need(&mut self, height: f32) {
        if self.left() < height {
            self.turn();
        }
    }

    /// Leaves `height` free; at the top of a page nothing is left free.
    pub(super) fn skip(&mut self, height: f32) {
        self.y -= height;
    }

    fn last(&mut self) -> Option<&mut Sheet> {
        self.pages.last_mut()
    }

    /// Draws a line across.
    pub(super) fn rule(&mut self, color: Color) {
        let y = self.y;
        self.fill(color, Rect::new(MARGIN, y, MARGIN + WIDTH, y + 0.6));
    }

    /// Draws the bar beside a line of a quote.
    pub(super) fn bar(&mut self, color: Color, height: f32) {
        let y = self.y;
        self.fill(color, Rect::new(MARGIN, y - height, MARGIN + 2.0, y));
    }

    fn fill(&mut self, color: Color, area: Rect) {
        let Some(sheet) = self.last() else { return };
        let [red, green, blue] = color;
        sheet.content.save_state().set_fill_rgb(red, green, blue);
        sheet.content.rect(area.x1, area.y1, area.x2 - area.x1, area.y2 - area.y1);
        sheet.content.fill_nonzero().restore_state();
    }

    /// Prints a line `x` points from the left margin; the pen stays where it is.
    pub(super) fn print(&mut self, line: &Line, faces: &mut Faces, x: f32, size: f32, color: Color) {
        let base = self.y - size * 1.07;
        let mut pen = MARGIN + x;
        for piece in line {
            let area = Rect::new(pen - 1.0, base - size * 0.27, pen + piece.width + 1.0, base + size * 0.95);
            if piece.blank {
                self.fill(MARK, area);
            }
            let encoded = faces.encode(&piece.text, piece.cut);
            let Some(sheet) = self.last() else { return };
            if let Some(link) = &piece.link {
                sheet.links.push((area, link.clone()));
            }
            let [red, green, blue] = color;
            sheet.content.begin_text().set_fill_rgb(red, green, blue);
            sheet.content.set_font(Faces::resource(piece.cut), size);
            sheet.content.set_text_matrix([1.0, 0.0, 0.0, 1.0, pen, base]);
            sheet.content.show(Str(&encoded)).end_text();
            pen += piece.width;
        }
    }

    /// Writes the file.
    pub(super) fn finish(mut self, title: &str, mut faces: Faces) -> Result<Vec<u8>, String> {
        self.number(&mut faces);
        let mut pdf = Pdf::new();
        let mut next = Ref::new(1);
        let [catalog, tree, info] = [next.bump(), next.bump(), next.bump()];
        let fonts = faces.write(&mut pdf, &mut next)?;
        let sheets: Vec<_> = self.pages.into_iter().map(|sheet| (next.bump(), next.bump(), sheet)).collect();

        pdf.document_info(info).title(TextStr(title)).producer(TextStr("Readback"));
        let mut root = pdf.catalog(catalog);
        root.pages(tree).lang(TextStr("en"));
        root.viewer_preferences().display_doc_title(true);
        root.finish();
        pdf.pages(tree).kids(sheets.iter().map(|(page, _, _)| *page)).count(sheets.len() as i32);
        for (page, content, sheet) in sheets {
            let links: Vec<_> = sheet.links.into_iter().map(|link| (next.bump(), link)).collect();
            let mut written = pdf.page(page);
            written.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).parent(tree).contents(content);
            written.annotations(links.iter().map(|(place, _)| *place));
            let mut resources = written.resources();
            let mut named = resources.fonts();
            for (cut, font) in [Cut::Regular, Cut::Bold, Cut::Italic].into_iter().zip(&fonts) {
                named.pair(Faces::resource(cut), font);
            }
            named.finish();
            resources.finish();
            written.finish();
            pdf.stream(content, &sheet.content.finish());
            for (place, (area, address)) in links {
                let mut link = pdf.annotation(place);
                link.subtype(AnnotationType::Link).rect(area);
                link.action().action_type(ActionType::Uri).uri(Str(address.as_bytes()));
                link.border(0.0, 0.0, 0.0, None);
            }
        }
        Ok(pdf.finish())
    }

    /// Writes page numbers, which are known at the end only.
    fn number(&mut self, faces: &mut Faces) {
        let count = self.pages.len();
        for (at, sheet) in self.pages.iter_mut().enumerate() {
            let text = format!("{} / {count}", at + 1);
            let width = faces.width(&text, Cut::Regular, 8.5);
            let encoded = faces.encode(&text, Cut::Regular);
            sheet.content.begin_text().set_fill_rgb(SOFT[0], SOFT[1], SOFT[2]);
            sheet.content.set_font(Faces::resource(Cut::Regular), 8.5);
            sheet.content.set_text_matrix([1.0, 0.0, 0.0, 1.0, PAGE.0 - MARGIN - width, MARGIN / 2.0]);
            sheet.content.show(Str(&encoded)).end_text();
        }
    }
}

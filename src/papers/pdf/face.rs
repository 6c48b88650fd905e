use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Finish, Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;

/// Open Sans by Steve Matteson, Apache-2.0: Latin, Greek and Cyrillic.
const FILES: [(&str, &[u8]); 3] = [
    ("OpenSans-Regular", include_bytes!("../../../fonts/OpenSans-Regular.ttf")),
    ("OpenSans-Semibold", include_bytes!("../../../fonts/OpenSans-Semibold.ttf")),
    ("OpenSans-Italic", include_bytes!("../../../fonts/OpenSans-Italic.ttf")),
];

const SYSTEM: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Which of the embedded fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Regular,
    Bold,
    Italic,
}

/// The fonts, and which of their shapes a document uses.
pub(super) struct Faces([Face; 3]);

struct Face {
    name: &'static str,
    data: &'static [u8],
    parsed: ttf_parser::Face<'static>,
    remapper: GlyphRemapper,
    /// By the number of a shape in the file: the letter that it stands for and its width.
    used: BTreeMap<u16, (char, f32)>,
}

impl Faces {
    pub(super) fn embedded() -> Result<Self, String> {
        let face = |(name, data): (&'static str, &'static [u8])| {
            let parsed = ttf_parser::Face::parse(data, 0).map_err(|error| format!("{name}: {error}"))?;
            Ok::<_, String>(Face {
                name,
                data,
                parsed,
                remapper: GlyphRemapper::new(),
                used: BTreeMap::new(),
            })
        };
        let [regular, bold, italic] = FILES;
        Ok(Self([face(regular)?, face(bold)?, face(italic)?]))
    }

    /// Tells whether there is a shape for `c`. The cuts have the same letters.
    pub(super) fn has(&self, c: char) -> bool {
        self.0[0].parsed.glyph_index(c).is_some()
    }

    /// Returns the width of `text`, in points.
    pub(super) fn width(&self, text: &str, cut: Cut, size: f32) -> f32 {
        let face = &self.0[cut as usize];
        text.chars().map(|c| face.advance(c)).sum::<f32>() * size / 1000.0
    }

    /// Returns the name of a cut in a page's resources.
    pub(super) fn resource(cut: Cut) -> Name<'static> {
        [Name(b"F0"), Name(b"F1"), Name(b"F2")][cut as usize]
    }

    /// Returns `text` as numbers of shapes, two bytes each, and notes that they are used.
    pub(super) fn encode(&mut self, text: &str, cut: Cut) -> Vec<u8> {
        let face = &mut self.0[cut as usize];
        let mut encoded = Vec::with_capacity(text.len() * 2);
        for c in text.chars() {
            let Some(glyph) = face.parsed.glyph_index(c) else { continue };
            let number = face.remapper.remap(glyph.0);
            let width = face.advance(c);
            face.used.entry(number).or_insert((c, width));
            encoded.extend(number.to_be_bytes());
        }
        encoded
    }

    /// Writes the shapes that are used and returns the fonts' places, in the order of the cuts.
    pub(super) fn write(self, pdf: &mut Pdf, next: &mut Ref) -> Result<Vec<Ref>, String> {
        self.0.into_iter().map(|face| face.write(pdf, next)).collect()
    }
}

impl Face {
    /// Returns how far `c` moves the pen, in thousandths of the size.
    fn advance(&self, c: char) -> f32 {
        let width = self.parsed.glyph_index(c).and_then(|glyph| self.parsed.glyph_hor_advance(glyph));
        f32::from(width.unwrap_or_default()) * self.scale()
    }

    fn scale(&self) -> f32 {
        1000.0 / f32::from(self.parsed.units_per_em())
    }

    fn write(self, pdf: &mut Pdf, next: &mut Ref) -> Result<Ref, String> {
        let [font, cid, descriptor, file, cmap] =
            [next.bump(), next.bump(), next.bump(), next.bump(), next.bump()];
        // A subset is named by six letters, so that no reader takes it for the whole font.
        let name = format!("RDBACK+{}", self.name);
        let name = Name(name.as_bytes());
        let shapes = subsetter::subset(self.data, 0, &self.remapper)
            .map_err(|error| format!("{}: {error}", self.name))?;

        pdf.type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);

        let mut cid_font = pdf.cid_font(cid);
        cid_font.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM);
        cid_font.font_descriptor(descriptor).default_width(0.0);
        cid_font.cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = cid_font.widths();
        for (number, (_, width)) in &self.used {
            widths.consecutive(*number, [*width]);
        }
        widths.finish();
        cid_font.finish();

        let scale = self.scale();
        let bounds = self.parsed.global_bounding_box();
        let of = |value: i16| f32::from(value) * scale;
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(of(bounds.x_min), of(bounds.y_min), of(bounds.x_max), of(bounds.y_max)))
            .italic_angle(self.parsed.italic_angle())
            .ascent(of(self.parsed.ascender()))
            .descent(of(self.parsed.descender()))
            .cap_height(of(self.parsed.capital_height().unwrap_or(self.parsed.ascender())))
            .stem_v(80.0)
            .font_file2(file);
        pdf.stream(file, &shapes).pair(Name(b"Length1"), shapes.len() as i32);

        let mut unicode = UnicodeCmap::new(Name(b"Readback"), SYSTEM);
        for (number, (c, _)) in &self.used {
            unicode.pair(*number, *c);
        }
        pdf.cmap(cmap, &unicode.finish());
        Ok(font)
    }
}

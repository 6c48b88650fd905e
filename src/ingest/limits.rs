/// How much `ingest` takes on: input is hostile, and every count below bounds memory before it is spent.
#[derive(Clone, Copy, Debug)]
pub struct Limits;

impl Limits {
    /// Bytes of one delivered file. A ten-hour call is under 2 MB as WebVTT and under 40 MB as word-level JSON.
    pub const INPUT_BYTES: usize = 64 << 20;
    /// Bytes that the parts of a document may unpack to, all together.
    pub const UNPACKED_BYTES: u64 = 64 << 20;
    /// How many times larger than packed a part may become: real documents stay under 50, a bomb is near 1,000.
    pub const UNPACK_RATIO: u64 = 100;
    /// Unpacked bytes up to which the ratio is not asked for: a short document of one repeated word is no bomb.
    pub const RATIO_FREE_BYTES: u64 = 1 << 20;
    /// Parts of a document's package; word processors write some twenty.
    pub const PARTS: usize = 2_000;
    /// Nesting of a document's elements; tables in tables stay under 60.
    pub const XML_DEPTH: usize = 256;
    /// Nesting of a JSON document; the deepest recorder's has 12.
    pub const JSON_DEPTH: usize = 128;
    /// Lines of a text or paragraphs of a document: each row may take five.
    pub const LINES: usize = 1_000_000;
    /// Rows of a recording: a ten-hour call has some 20,000 captions.
    pub const ROWS: usize = 200_000;
    /// Bytes of one row: ten hours of speech without a single break are 600 kB.
    pub const ROW_BYTES: usize = 4 << 20;
    /// Bytes of an attached paper: a contract of two hundred pages with its logos is under 10 MB.
    pub const PAPER_BYTES: usize = 16 << 20;
    /// Bytes of its text: two hundred pages are under 1 MB.
    pub const PAPER_TEXT: usize = 4 << 20;
    /// Problems of one code that are listed one by one; the rest are counted.
    pub const PROBLEMS_PER_CODE: usize = 50;
}

/// A paper as headings, paragraphs, quotes, lists and tables: what every drawing of it starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The first heading, which is also a mail's subject.
    pub title: String,
    /// What is read from top to bottom; the title is the first block.
    pub blocks: Vec<Block>,
}

/// One part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading; level 1 is the title.
    Heading {
        /// 1 to 6.
        level: u8,
        /// The words.
        text: Vec<Run>,
    },
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// Words of a call and, as the last paragraph, who said them and when.
    Quote(Vec<Vec<Run>>),
    /// A list.
    List {
        /// Whether its items are numbered.
        ordered: bool,
        /// The items.
        items: Vec<Vec<Run>>,
    },
    /// A table.
    Table {
        /// The names of the columns.
        head: Vec<Vec<Run>>,
        /// The rows, each as long as the head.
        rows: Vec<Vec<Vec<Run>>>,
    },
    /// A line across.
    Rule,
}

/// Text in one style; a line break is a run of its own with the text `"\n"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Its style.
    pub style: Style,
    /// The page it leads to: `http` or `https` and nothing else.
    pub link: Option<String>,
}

/// How a run looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Heavy.
    pub bold: bool,
    /// Slanted.
    pub italic: bool,
    /// The question that fills it, where the run is a blank.
    pub blank: Option<String>,
}

/// What a paper lacks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, utoipa::ToSchema)]
pub struct Blank {
    /// What is missing.
    pub field: String,
    /// The question to ask.
    pub ask: String,
}

impl Document {
    /// Returns what is missing, each once, in the order of the paper.
    pub fn blanks(&self) -> Vec<Blank> {
        let mut blanks: Vec<Blank> = Vec::new();
        for run in self.blocks.iter().flat_map(Block::lines).flatten() {
            let Some(ask) = &run.style.blank else { continue };
            let field = run.text.trim_start_matches(UNKNOWN).trim_start_matches(": ").to_owned();
            let blank = Blank { field, ask: ask.clone() };
            if !blanks.contains(&blank) {
                blanks.push(blank);
            }
        }
        blanks
    }

    /// Returns every line of text in order: what the leak guard reads.
    pub fn lines(&self) -> Vec<String> {
        self.blocks.iter().flat_map(Block::lines).map(plain).collect()
    }

    /// Returns the document as a customer may see it before all is agreed: its blanks say so, without our questions.
    #[must_use]
    pub fn for_customer(mut self) -> Self {
        for run in self.blocks.iter_mut().flat_map(Block::runs_mut) {
            if run.style.blank.is_some() {
                run.text = TO_BE_AGREED.to_owned();
                run.style.blank = Some(String::new());
            }
        }
        self
    }
}

/// What a blank says instead of a value.
pub(super) const UNKNOWN: &str = "UNKNOWN";

/// What a customer reads where we have a blank.
const TO_BE_AGREED: &str = "to be agreed";

impl Block {
    /// Returns its lines: a paragraph is one, a list one an item, a table one a cell.
    pub(super) fn lines(&self) -> Vec<&[Run]> {
        match self {
            Self::Heading { text, .. } | Self::Paragraph(text) => vec![text],
            Self::Quote(parts) | Self::List { items: parts, .. } => parts.iter().map(Vec::as_slice).collect(),
            Self::Table { head, rows } => {
                head.iter().chain(rows.iter().flatten()).map(Vec::as_slice).collect()
            }
            Self::Rule => Vec::new(),
        }
    }

    fn runs_mut(&mut self) -> Vec<&mut Run> {
        match self {
            Self::Heading { text, .. } | Self::Paragraph(text) => text.iter_mut().collect(),
            Self::Quote(parts) | Self::List { items: parts, .. } => parts.iter_mut().flatten().collect(),
            Self::Table { head, rows } => {
                head.iter_mut().chain(rows.iter_mut().flatten()).flatten().collect()
            }
            Self::Rule => Vec::new(),
        }
    }
}

/// Returns the text of runs; a line break is a space.
pub(super) fn plain(runs: &[Run]) -> String {
    runs.iter().map(|run| if run.text == "\n" { " " } else { run.text.as_str() }).collect()
}

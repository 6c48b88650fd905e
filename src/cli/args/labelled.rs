//! Labelled calls, by which reading is measured and learned.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::eval::Group;

/// `readback eval`
#[derive(Debug, Args)]
pub(in crate::cli) struct Eval {
    /// A folder of labelled calls: `NN-slug.gold.json` beside transcripts, or `.txt` files with marks in the speech;
    /// one such `.txt` will do as well.
    #[arg(value_name = "LABELLED_DIR")]
    pub(in crate::cli) labelled: PathBuf,
    /// Only this kind; `commitment` and `stakeholder` are kinds too.
    #[arg(long)]
    pub(in crate::cli) kind: Option<Group>,
    /// Most missed labels and false findings of each kind to print.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(in crate::cli) misses: usize,
    /// Leave out findings below this confidence, 0 to 1.
    #[arg(long, value_name = "X", default_value_t = 0.0)]
    pub(in crate::cli) min_confidence: f64,
    /// How well the words are put down.
    #[arg(long, value_enum, default_value_t = Rendering::AsIs)]
    pub(in crate::cli) rendering: Rendering,
    /// Score what is found with a model too, by the replies that are kept; a model of the settings is asked for those
    /// that are not, and they are kept.
    #[arg(long)]
    pub(in crate::cli) llm: bool,
    /// Folder of kept replies.
    #[arg(long, value_name = "DIR", default_value = "fixtures/replies")]
    pub(in crate::cli) replies: PathBuf,
    /// Folder of rule files to use in place of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
}

/// How well the words of labelled calls are put down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Rendering {
    /// As the recorder wrote them.
    AsIs,
    /// In lower case without punctuation.
    Plain,
    /// Plain, with words misheard and swallowed.
    Noisy,
}

/// `readback train`
#[derive(Debug, Args)]
pub(in crate::cli) struct Train {
    /// Folders of labelled calls, as for `eval`.
    #[arg(value_name = "LABELLED_DIR", required = true)]
    pub(in crate::cli) labelled: Vec<PathBuf>,
    /// Folder of rule files; `LANGUAGE/weights.bin` is written into it, and `shared/ledger/learned.toml` where there are
    /// deals whose labels name their entry.
    #[arg(long, value_name = "DIR", default_value = "rules")]
    pub(in crate::cli) rules: PathBuf,
    /// Learn only this.
    #[arg(long, value_enum)]
    pub(in crate::cli) only: Option<Learnt>,
}

/// What can be learned from labelled calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Learnt {
    /// What is found in a call.
    Reading,
    /// Which findings of a deal are one promise or one objection.
    Merging,
}

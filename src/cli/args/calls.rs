//! Calls and what is drafted from them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::transcript::Side;

/// `readback extract`
#[derive(Debug, Args)]
pub(in crate::cli) struct Extract {
    /// The recorder's file; `-` reads standard input.
    pub(in crate::cli) transcript: PathBuf,
    /// Metadata of the call; `NN-slug.call.json` beside the transcript is found by itself.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) call: Option<PathBuf>,
    /// Metadata of the deal; `deal.json` beside the transcript is found by itself.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) deal: Option<PathBuf>,
    /// Ask the model of the settings too; it may cost money.
    #[arg(long)]
    pub(in crate::cli) llm: bool,
    /// Folder of rule files to use in place of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
}

/// `readback draft`
#[derive(Debug, Args)]
pub(in crate::cli) struct Draft {
    /// A deal's folder, or its transcripts.
    #[arg(required = true, value_name = "DEAL_DIR|TRANSCRIPT")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Md)]
    pub(in crate::cli) format: Format,
    /// Ask the model of the settings too; it may cost money.
    #[arg(long)]
    pub(in crate::cli) llm: bool,
    /// Where to write it, in place of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Folder of rule files to use in place of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
}

/// The form of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// Markdown.
    Md,
    /// One self-contained page.
    Html,
    /// JSON, as other programs read it.
    Json,
    /// Word and LibreOffice.
    Docx,
    /// PDF.
    Pdf,
}

/// `readback ledger`
#[derive(Debug, Args)]
pub(in crate::cli) struct Ledger {
    /// A deal's folder, or its transcripts.
    #[arg(required = true, value_name = "DEAL_DIR|TRANSCRIPT")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Merge what the labels beside the transcripts say (`NN-slug.gold.json`) in place of what is found in them: merging
    /// measured apart from reading.
    #[arg(long)]
    pub(in crate::cli) from_labels: bool,
    /// Folder of rule files to use in place of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
}

/// `readback kickoff`
#[derive(Debug, Args)]
pub(in crate::cli) struct Kickoff {
    /// The deal's folder; a kickoff in it is left out of the packet.
    #[arg(value_name = "DEAL_DIR")]
    pub(in crate::cli) deal: PathBuf,
    /// The kickoff's transcript.
    #[arg(value_name = "KICKOFF")]
    pub(in crate::cli) transcript: PathBuf,
    /// Write promises that the customer named and the ledger lacks, as far as a call heard them, as a labelled call.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) misses: Option<PathBuf>,
    /// Folder of rule files to use in place of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) rules: Option<PathBuf>,
}

/// `readback speaker`
#[derive(Debug, Args)]
pub(in crate::cli) struct Speaker {
    /// The call's id.
    pub(in crate::cli) call: String,
    /// The speaker as the recorder wrote them.
    pub(in crate::cli) label: String,
    /// The person's name.
    #[arg(long)]
    pub(in crate::cli) name: Option<String>,
    /// Job title.
    #[arg(long)]
    pub(in crate::cli) title: Option<String>,
    /// Side: rep, customer, partner.
    #[arg(long)]
    pub(in crate::cli) side: Option<Side>,
    /// The label of another speaker of the call, who is the same person.
    #[arg(long, value_name = "LABEL")]
    pub(in crate::cli) merge_into: Option<String>,
}

/// `readback attach`
#[derive(Debug, Args)]
pub(in crate::cli) struct Attach {
    /// The deal's id.
    pub(in crate::cli) deal: String,
    /// The order form or contract: text, DOCX or PDF.
    pub(in crate::cli) file: PathBuf,
}

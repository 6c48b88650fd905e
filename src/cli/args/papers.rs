//! Papers drawn from a packet.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::papers::{Form, Paper};

/// `readback paper`
#[derive(Debug, Args)]
pub(in crate::cli) struct PaperArgs {
    /// The paper's name; `readback papers list` tells which there are.
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: Paper,
    /// A deal's folder, or the id of a deal in the data directory.
    #[arg(value_name = "DEAL_DIR|DEAL")]
    pub(in crate::cli) deal: String,
    /// `md`, `html`, `docx`, `pdf`, `txt`; mails also `eml`, meetings also `ics`.
    #[arg(long, default_value = "md")]
    pub(in crate::cli) format: Form,
    /// What the paper needs beside the calls, as TOML or JSON; `occasion.toml` in the deal's folder is found by itself.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) occasion: Option<PathBuf>,
    /// Where to write it, in place of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

/// `readback papers`
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Papers {
    /// List the papers: who may read them, and in which forms they can be had.
    List,
    /// Fill every template, with much known and with nothing, and name what is wrong.
    #[command(after_help = "Example:\n  readback papers check /etc/readback/papers")]
    Check {
        /// A folder of templates; without it, the one of the settings.
        folder: Option<PathBuf>,
    },
}

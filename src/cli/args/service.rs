//! The service and what it runs with.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `readback serve`
#[derive(Debug, Args)]
pub(in crate::cli) struct Serve {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR")]
    pub(in crate::cli) listen: Option<String>,
    /// A folder whose files are delivered as calls.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) watch: Option<PathBuf>,
}

/// `readback demo`
#[derive(Debug, Args)]
pub(in crate::cli) struct Demo {
    /// Folder of deals.
    #[arg(default_value = "fixtures/deals")]
    pub(in crate::cli) deals: PathBuf,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR")]
    pub(in crate::cli) listen: Option<String>,
}

/// `readback llm …`
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Llm {
    /// Print what each model cost, day by day.
    Usage,
    /// Print the calls of which a model was not heard, and the answers that were refused.
    Refused,
}

/// `readback config …`
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Config {
    /// Print each setting, its value and where it comes from.
    Show,
}

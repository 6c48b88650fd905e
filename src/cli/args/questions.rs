//! What is looked for in all that was said.

use std::path::PathBuf;

use clap::Args;

use crate::rules::Kind;
use crate::transcript::Side;

/// `readback search`
#[derive(Debug, Args)]
pub(in crate::cli) struct Search {
    /// Words, "an exact phrase", -without, begin*, OR.
    pub(in crate::cli) query: String,
    #[command(flatten)]
    /// Narrows the search.
    pub(in crate::cli) filters: SearchFilters,
    /// Most hits to print.
    #[arg(long, default_value_t = 10)]
    pub(in crate::cli) limit: u32,
    /// How to reach a server.
    #[command(flatten)]
    pub(in crate::cli) remote: Remote,
}

/// What narrows a search.
#[derive(Clone, Debug, Default, Args)]
pub(in crate::cli) struct SearchFilters {
    /// Customer.
    #[arg(long)]
    pub(in crate::cli) account: Option<String>,
    /// Deal.
    #[arg(long)]
    pub(in crate::cli) deal: Option<String>,
    /// Call.
    #[arg(long)]
    pub(in crate::cli) call: Option<String>,
    /// Who said it.
    #[arg(long)]
    pub(in crate::cli) speaker: Option<String>,
    /// On whose side: rep, customer, partner.
    #[arg(long)]
    pub(in crate::cli) side: Option<Side>,
    /// Only turns in which this was found.
    #[arg(long)]
    pub(in crate::cli) kind: Option<Kind>,
    /// Language (`en`).
    #[arg(long)]
    pub(in crate::cli) language: Option<String>,
    /// First day (`2026-03-01`).
    #[arg(long)]
    pub(in crate::cli) from: Option<jiff::civil::Date>,
    /// Last day.
    #[arg(long)]
    pub(in crate::cli) to: Option<jiff::civil::Date>,
}

/// `readback promises`
#[derive(Debug, Args)]
pub(in crate::cli) struct Promises {
    /// Only this deal.
    #[arg(long)]
    pub(in crate::cli) deal: Option<String>,
    /// Only this status: open, changed, withdrawn, fulfilled.
    #[arg(long)]
    pub(in crate::cli) status: Option<String>,
    /// Only this category.
    #[arg(long)]
    pub(in crate::cli) category: Option<crate::rules::Category>,
    /// Only promises due on or before this day.
    #[arg(long, value_name = "DATE")]
    pub(in crate::cli) due_by: Option<jiff::civil::Date>,
    /// How to reach a server.
    #[command(flatten)]
    pub(in crate::cli) remote: Remote,
}

/// `readback ask`
#[derive(Debug, Args)]
pub(in crate::cli) struct Ask {
    /// The deal's id.
    pub(in crate::cli) deal: String,
    /// The question, in plain words.
    pub(in crate::cli) question: String,
    /// How to reach a server.
    #[command(flatten)]
    pub(in crate::cli) remote: Remote,
}

/// A running server in place of a data directory.
#[derive(Clone, Debug, Default, Args)]
pub(in crate::cli) struct Remote {
    /// Address of a running server, in place of the data directory.
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) server: Option<String>,
    /// File that holds the API token.
    #[arg(long, value_name = "FILE", requires = "server")]
    pub(in crate::cli) token_file: Option<PathBuf>,
}

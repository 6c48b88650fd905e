//! What an operator does with a data directory.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `readback import`
#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    /// Deal folders, folders of them, or transcripts.
    #[arg(required = true)]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Make the accounts of administrators too that an export holds.
    #[arg(long)]
    pub(in crate::cli) admins: bool,
}

/// `readback export`
#[derive(Debug, Args)]
pub(in crate::cli) struct Export {
    /// Folder to write into; must be empty or new.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) to: PathBuf,
}

/// `readback verify`
#[derive(Debug, Args)]
pub(in crate::cli) struct Verify {
    /// The packet as JSON.
    pub(in crate::cli) packet: PathBuf,
    /// The calls it cites: deal folder or transcripts. Without it they come from the data directory.
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) calls: Vec<PathBuf>,
}

/// `readback backup`
#[derive(Debug, Args)]
pub(in crate::cli) struct Backup {
    /// File to write; must not exist.
    pub(in crate::cli) to: PathBuf,
}

/// `readback restore`
#[derive(Debug, Args)]
pub(in crate::cli) struct Restore {
    /// The backup.
    pub(in crate::cli) from: PathBuf,
}

/// `readback forget …`
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Forget {
    /// Erase a call with all that was found in it and written of it.
    Call {
        /// The call's id.
        id: String,
    },
    /// Erase what a person said on the calls of a deal, and their name.
    #[command(after_help = "Example:\n  readback forget person 'Dana Whitfield' --deal acme-2026")]
    Person {
        /// Their name, as on the calls.
        name: String,
        /// The deal's id.
        #[arg(long)]
        deal: String,
    },
    /// Erase every call that took place more than so many days ago.
    OlderThan {
        /// Days.
        days: u32,
    },
}

/// `readback audit …`
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Audit {
    /// Read the whole trail and name every row that is not as it was written.
    #[command(
        after_help = "Note the head that it prints where nobody who can write the data can change it:\n  readback audit verify --head 4711:9f86d0…"
    )]
    Verify {
        /// An end of the trail that was noted earlier; a trail that was rolled back is found against it.
        #[arg(long, value_name = "NUMBER:DIGEST")]
        head: Vec<crate::handoff::Head>,
        /// A copy that `export` wrote, to be proven in place of the data; no data directory is needed.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Write the whole trail as JSON lines, which `verify --file` proves anywhere.
    #[command(
        after_help = "Example:\n  readback audit export > audit.jsonl\n  readback audit verify --file audit.jsonl"
    )]
    Export,
    /// List what was done, the latest first.
    List {
        /// Only what was done to this deal.
        #[arg(long)]
        deal: Option<String>,
        /// Only what was done by this person.
        #[arg(long)]
        actor: Option<String>,
        /// Only rows before this number.
        #[arg(long)]
        before: Option<u64>,
        /// Most rows to print.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

//! Rule files.

use std::path::PathBuf;

use clap::Subcommand;

use super::Remote;

/// `readback rules …`
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Rules {
    /// Write a new rule file to fill in.
    #[command(after_help = "Example:\n  readback rules new en/promise/hardware-loan")]
    New {
        /// The rule's id: language/kind/name.
        id: String,
        /// Folder of rule files.
        #[arg(long, default_value = "rules")]
        dir: PathBuf,
    },
    /// Run every example of every rule and print all problems.
    #[command(after_help = "Example:\n  readback rules check rules/en/promise/hardware-loan.toml")]
    Check {
        /// Rule files or folders; the rules in force where none is given.
        paths: Vec<PathBuf>,
    },
    /// Print what one rule finds in calls.
    #[command(after_help = "Example:\n  readback rules try en/promise/will-deliver fixtures/deals")]
    Try {
        /// The rule's id, or its file.
        rule: String,
        /// Deal folders or transcripts.
        #[arg(required = true)]
        calls: Vec<PathBuf>,
    },
    /// Say why a finding was made.
    #[command(
        after_help = "Example:\n  readback rules explain fixtures/deals/credit-union/01-intro.vtt turn:12"
    )]
    Explain {
        /// The call: a transcript, or the id of a call in the data directory.
        call: String,
        /// The finding's id, or a turn as `turn:12` to see what was weighed there.
        finding: String,
    },
    /// List the rules in force.
    List,
    /// Say what reviews made of each rule's findings.
    #[command(after_help = "Example:\n  readback rules stats --data /var/lib/readback")]
    Stats {
        /// Ask a server instead of a data directory.
        #[command(flatten)]
        remote: Remote,
    },
}

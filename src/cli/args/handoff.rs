//! Handoffs and their deadlines.

use clap::Args;

use super::Remote;
use crate::access::Role;

/// `readback handoff`
#[derive(Debug, Args)]
pub(in crate::cli) struct Handoff {
    /// The deal's id.
    pub(in crate::cli) deal: String,
    /// What to do first, in this order: the name of an act, or an act as JSON; `/openapi.json` lists them.
    #[arg(value_name = "ACT", requires_all = ["by", "role"])]
    pub(in crate::cli) acts: Vec<String>,
    /// Who acts: a login.
    #[arg(long, value_name = "LOGIN")]
    pub(in crate::cli) by: Option<String>,
    /// As what: ae, csm, manager, cs_manager, admin.
    #[arg(long = "as", value_name = "ROLE")]
    pub(in crate::cli) role: Option<Role>,
    /// How to reach a server, to look; acts are done on the data directory.
    #[command(flatten)]
    pub(in crate::cli) remote: Remote,
}

/// `readback clocks`
#[derive(Debug, Args)]
pub(in crate::cli) struct Clocks {
    /// Only handoffs with a deadline that is over and not met.
    #[arg(long)]
    pub(in crate::cli) late: bool,
}

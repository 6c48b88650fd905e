//! Accounts, tokens, and who sees a deal.

use clap::{Args, Subcommand};

use crate::access::{Act, Role};

/// `readback user …`
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum User {
    /// Make an account.
    #[command(
        after_help = "Example:\n  readback user create ola@tillwise.example --name 'Ola Berg' --role ae --data ./readback-data"
    )]
    Create {
        /// What the person signs in with: most often their mail address.
        login: String,
        /// The name as others read it.
        #[arg(long)]
        name: Option<String>,
        /// What they are: admin, ae, csm, manager, cs_manager.
        #[arg(long)]
        role: Role,
        /// Ask for a password, or read it from standard input; without one, the person signs in at the OpenID provider.
        #[arg(long)]
        password: bool,
    },
    /// Give somebody another password, asked for or read from standard input; they are signed out everywhere.
    Password {
        /// Their login.
        login: String,
    },
    /// List accounts; never a password.
    List,
    /// Change what somebody is.
    Role {
        /// Their login.
        login: String,
        /// What they are from now on.
        role: Role,
    },
    /// Put somebody into a team; managers in it see its members' restricted deals.
    Team {
        /// Their login.
        login: String,
        /// The team's name.
        team: String,
        /// Take them out of it instead.
        #[arg(long)]
        leave: bool,
    },
    /// Close an account: sessions and tokens open nothing at once.
    Disable {
        /// Their login.
        login: String,
    },
    /// Open a closed account again.
    Enable {
        /// Their login.
        login: String,
    },
}

/// `readback access`
#[derive(Debug, Args)]
pub(in crate::cli) struct Access {
    /// The deal's id.
    pub(in crate::cli) deal: String,
    /// Let the deal be there for its members, those who lead a team of theirs, and administrators alone.
    #[arg(long, conflicts_with = "open")]
    pub(in crate::cli) restrict: bool,
    /// Let everybody see it who may read.
    #[arg(long)]
    pub(in crate::cli) open: bool,
    /// Add a member.
    #[arg(long, value_name = "LOGIN")]
    pub(in crate::cli) add: Vec<String>,
    /// Remove a member.
    #[arg(long, value_name = "LOGIN")]
    pub(in crate::cli) remove: Vec<String>,
}

/// `readback token …`
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Token {
    /// Create a token and print it as the last line; it is shown once.
    #[command(
        after_help = "Example:\n  readback token create --data ./readback-data --name recorder --role recorder"
    )]
    Create {
        /// What the token is for.
        #[arg(long)]
        name: String,
        /// What a machine with it is: admin, ae, csm, manager, cs_manager, recorder.
        #[arg(long, required_unless_present = "user", conflicts_with = "user")]
        role: Option<Role>,
        /// The person whose token it is; what they are and see, it is and sees.
        #[arg(long, value_name = "LOGIN")]
        user: Option<String>,
        /// What it may be used for, within what the role may do: read, red_flags, deliver, correct, …; all of it
        /// where none is named.
        #[arg(long, value_name = "SCOPE")]
        scope: Vec<Act>,
        /// Days after which it opens nothing by itself.
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..))]
        days: Option<u16>,
    },
    /// List tokens; never their secret.
    List,
    /// Revoke a token.
    Revoke {
        /// The token's id, as `list` prints it.
        id: String,
    },
}

//! What was typed.

mod calls;
mod handoff;
mod keeping;
mod labelled;
mod papers;
mod people;
mod questions;
mod review;
mod rules;
mod service;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub(super) use calls::{Attach, Draft, Extract, Format, Kickoff, Ledger, Speaker};
pub(super) use handoff::{Clocks, Handoff};
pub(super) use keeping::{Audit, Backup, Export, Forget, Import, Restore, Verify};
pub(super) use labelled::{Eval, Learnt, Rendering, Train};
pub(super) use papers::{PaperArgs, Papers};
pub(super) use people::{Access, Token, User};
pub(super) use questions::{Ask, Promises, Remote, Search};
pub(super) use review::{QuoteArgs, Review, ReviewStep};
pub(super) use rules::Rules;
pub(super) use service::{Config, Demo, Llm, Serve};

/// Keeps what was promised on sales calls, word for word, and drafts the handoff packet.
#[derive(Debug, Parser)]
#[command(name = "readback", version, propagate_version = true, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 done with problems that the output names, 2 wrong use or unreadable input."
)]
pub(super) struct Cli {
    /// Settings file; `readback.toml` in the working directory is read by itself.
    #[arg(long, global = true, env = "READBACK_CONFIG", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Data directory.
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print the findings of one call as JSON.
    #[command(after_help = "Example:\n  readback extract fixtures/deals/credit-union/01-intro.vtt")]
    Extract(Extract),
    /// Draft the packet of a deal from its calls; needs no server.
    #[command(
        after_help = "Examples:\n  readback draft fixtures/deals/credit-union\n  readback draft 01.vtt 02.json --format html > packet.html"
    )]
    Draft(Draft),
    /// Print what stands after the calls of a deal: each promise, objection, step, metric and person once.
    #[command(
        after_help = "Examples:\n  readback ledger fixtures/deals/credit-union\n  readback ledger fixtures/deals/credit-union --from-labels"
    )]
    Ledger(Ledger),
    /// Draw a paper of a deal: a plan for the customer, a mail, an agenda, a report.
    #[command(
        after_help = "Examples:\n  readback paper success-plan fixtures/deals/credit-union --format docx -o plan.docx\n  readback paper introduction-mail harrow-creek-2026 --occasion occasion.toml --format eml -o mail.eml"
    )]
    Paper(PaperArgs),
    /// List the papers, and check templates of one's own.
    #[command(subcommand)]
    Papers(Papers),
    /// Replay a kickoff call against the packet of its deal: what was asked again, what was promised and not kept here.
    #[command(
        after_help = "Example:\n  readback kickoff fixtures/deals/credit-union fixtures/kickoffs/credit-union/kickoff.vtt"
    )]
    Kickoff(Kickoff),
    /// Score what is found in labelled calls.
    #[command(
        after_help = "Examples:\n  readback eval fixtures/labelled\n  readback eval fixtures/deals --kind promise --misses 20\n  readback eval fixtures/labelled --rendering plain --min-confidence 0.5"
    )]
    Eval(Eval),
    /// Learn from labelled calls how calls are read, and write it into a folder of rules.
    #[command(
        after_help = "Examples:\n  readback train fixtures/labelled fixtures/deals\n  readback train our-labelled-calls --rules /etc/readback/rules"
    )]
    Train(Train),
    /// Run the service: API, pipeline, search.
    #[command(
        after_help = "Example:\n  readback serve --data /var/lib/readback --listen 0.0.0.0:7340 --watch /srv/recordings"
    )]
    Serve(Serve),
    /// Draft a packet from the fixtures, then serve them: everything at a glance.
    #[command(after_help = "Example:\n  readback demo")]
    Demo(Demo),
    /// Search the words of all calls.
    #[command(
        after_help = "Examples:\n  readback search 'single sign-on'\n  readback search '\"by the end of June\" -maybe' --side rep\n  readback search sso --server http://127.0.0.1:7340 --token-file token"
    )]
    Search(Search),
    /// Answer a question about a deal from its packet and its calls, with quotes.
    #[command(after_help = "Example:\n  readback ask acme-2026 'what did we promise on SSO?'")]
    Ask(Ask),
    /// Say what the model cost, and what was refused of it.
    #[command(subcommand)]
    Llm(Llm),
    /// List promises over all deals or one.
    #[command(after_help = "Example:\n  readback promises --deal acme-2026 --status open")]
    Promises(Promises),
    /// Review the lines of a deal's packet: accept, edit, reject, add, answer what is open.
    #[command(
        after_help = "Examples:\n  readback review acme-2026\n  readback review acme-2026 --by 'Renske de Wit' accept 0f3c66d41b2a9e57\n  readback review acme-2026 --by 'Renske de Wit' set 0f3c66d41b2a9e57 due 2026-12-01\n  readback review acme-2026 --by 'Renske de Wit' answer Risks --nothing 'Renske de Wit' --on 2026-11-20\n  readback review acme-2026 --server http://127.0.0.1:7340 --token-file token accept 0f3c66d41b2a9e57"
    )]
    Review(Review),
    /// Take deal folders and single transcripts into a data directory.
    #[command(after_help = "Example:\n  readback import fixtures/deals --data ./readback-data")]
    Import(Import),
    /// Write every deal with its calls and what people did with it, and the accounts, as folders that `import` reads.
    #[command(after_help = "Example:\n  readback export --to ./everything")]
    Export(Export),
    /// Prove offline that every quote of a packet stands in its calls.
    #[command(
        after_help = "Example:\n  readback draft fixtures/deals/credit-union --format json > packet.json\n  readback verify packet.json --calls fixtures/deals/credit-union"
    )]
    Verify(Verify),
    /// Rebuild the search index from the store.
    #[command(after_help = "Example:\n  readback reindex --data /var/lib/readback")]
    Reindex,
    /// Copy the database, whole and consistent, while the service runs.
    #[command(after_help = "Example:\n  readback backup /backups/readback-2026-11-21.sqlite")]
    Backup(Backup),
    /// Put a backup in place of an empty data directory's database.
    #[command(
        after_help = "Example:\n  readback restore /backups/readback-2026-11-21.sqlite --data ./restored"
    )]
    Restore(Restore),
    /// Write, check, try and explain rules.
    #[command(subcommand)]
    Rules(Rules),
    /// Make, list and change accounts of people.
    #[command(subcommand)]
    User(User),
    /// Say, or change, who sees a deal.
    #[command(after_help = "Example:\n  readback access acme-2026 --restrict --add ola@tillwise.example")]
    Access(Access),
    /// Say where a handoff stands, and act in it: sign, initial, dispute, approve, report.
    #[command(
        after_help = "Examples:\n  readback handoff acme-2026\n  readback handoff acme-2026 begin_review sign hand_over --by ola@tillwise.example --as ae\n  readback handoff acme-2026 '{\"act\": \"report\", \"event\": \"kickoff_held\"}' --by bo@tillwise.example --as csm"
    )]
    Handoff(Handoff),
    /// List the deadlines of all handoffs.
    #[command(after_help = "Example:\n  readback clocks --late")]
    Clocks(Clocks),
    /// Erase a call, a person or what is too old, for good.
    #[command(subcommand)]
    Forget(Forget),
    /// Prove that nobody edited, removed or moved a row of the audit trail; list it.
    #[command(subcommand)]
    Audit(Audit),
    /// Create, list and revoke API tokens.
    #[command(subcommand)]
    Token(Token),
    /// Correct who a speaker of a call is; the findings follow.
    #[command(
        after_help = "Examples:\n  readback speaker acme-01 'Speaker 1' --name 'Dana Whitfield' --side customer\n  readback speaker acme-01 'Dana (Guest)' --merge-into 'Dana Whitfield'"
    )]
    Speaker(Speaker),
    /// Attach a signed paper to a deal: promises are held against its clauses.
    #[command(after_help = "Example:\n  readback attach acme-2026 order-form.pdf --data ./readback-data")]
    Attach(Attach),
    /// Print the text of the paper on standard input.
    #[command(hide = true)]
    ReadPaper {
        /// Print what stands beside the text instead: author, title, comments.
        #[arg(long)]
        beside: bool,
    },
    /// Say which settings are in force and where they come from.
    #[command(subcommand)]
    Config(Config),
    /// Look whether everything is in order.
    #[command(after_help = "Example:\n  readback doctor --data /var/lib/readback")]
    Doctor,
}

//! What was typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::access::{Act, Role};
use crate::eval::Group;
use crate::papers::{Form, Paper};
use crate::review::{Field, LineKind};
use crate::rules::Kind;
use crate::transcript::Side;

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

/// `readback extract`
#[derive(Debug, Args)]
pub(super) struct Extract {
    /// The recorder's file; `-` reads standard input.
    pub(super) transcript: PathBuf,
    /// Metadata of the call; `NN-slug.call.json` beside the transcript is found by itself.
    #[arg(long, value_name = "FILE")]
    pub(super) call: Option<PathBuf>,
    /// Metadata of the deal; `deal.json` beside the transcript is found by itself.
    #[arg(long, value_name = "FILE")]
    pub(super) deal: Option<PathBuf>,
    /// Ask the model of the settings too; it may cost money.
    #[arg(long)]
    pub(super) llm: bool,
    /// Folder of rule files to use in place of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
}

/// `readback draft`
#[derive(Debug, Args)]
pub(super) struct Draft {
    /// A deal's folder, or its transcripts.
    #[arg(required = true, value_name = "DEAL_DIR|TRANSCRIPT")]
    pub(super) paths: Vec<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Md)]
    pub(super) format: Format,
    /// Ask the model of the settings too; it may cost money.
    #[arg(long)]
    pub(super) llm: bool,
    /// Where to write it, in place of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Folder of rule files to use in place of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
}

/// `readback ledger`
#[derive(Debug, Args)]
pub(super) struct Ledger {
    /// A deal's folder, or its transcripts.
    #[arg(required = true, value_name = "DEAL_DIR|TRANSCRIPT")]
    pub(super) paths: Vec<PathBuf>,
    /// Merge what the labels beside the transcripts say (`NN-slug.gold.json`) in place of what is found in them: merging
    /// measured apart from reading.
    #[arg(long)]
    pub(super) from_labels: bool,
    /// Folder of rule files to use in place of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
}

/// `readback kickoff`
#[derive(Debug, Args)]
pub(super) struct Kickoff {
    /// The deal's folder; a kickoff in it is left out of the packet.
    #[arg(value_name = "DEAL_DIR")]
    pub(super) deal: PathBuf,
    /// The kickoff's transcript.
    #[arg(value_name = "KICKOFF")]
    pub(super) transcript: PathBuf,
    /// Write promises that the customer named and the ledger lacks, as far as a call heard them, as a labelled call.
    #[arg(long, value_name = "FILE")]
    pub(super) misses: Option<PathBuf>,
    /// Folder of rule files to use in place of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
}

/// `readback paper`
#[derive(Debug, Args)]
pub(super) struct PaperArgs {
    /// The paper's name; `readback papers list` tells which there are.
    #[arg(value_name = "NAME")]
    pub(super) name: Paper,
    /// A deal's folder, or the id of a deal in the data directory.
    #[arg(value_name = "DEAL_DIR|DEAL")]
    pub(super) deal: String,
    /// `md`, `html`, `docx`, `pdf`, `txt`; mails also `eml`, meetings also `ics`.
    #[arg(long, default_value = "md")]
    pub(super) format: Form,
    /// What the paper needs beside the calls, as TOML or JSON; `occasion.toml` in the deal's folder is found by itself.
    #[arg(long, value_name = "FILE")]
    pub(super) occasion: Option<PathBuf>,
    /// Where to write it, in place of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// `readback papers`
#[derive(Debug, Subcommand)]
pub(super) enum Papers {
    /// List the papers: who may read them, and in which forms they can be had.
    List,
    /// Fill every template, with much known and with nothing, and name what is wrong.
    #[command(after_help = "Example:\n  readback papers check /etc/readback/papers")]
    Check {
        /// A folder of templates; without it, the one of the settings.
        folder: Option<PathBuf>,
    },
}

/// `readback eval`
#[derive(Debug, Args)]
pub(super) struct Eval {
    /// A folder of labelled calls: `NN-slug.gold.json` beside transcripts, or `.txt` files with marks in the speech;
    /// one such `.txt` will do as well.
    #[arg(value_name = "LABELLED_DIR")]
    pub(super) labelled: PathBuf,
    /// Only this kind; `commitment` and `stakeholder` are kinds too.
    #[arg(long)]
    pub(super) kind: Option<Group>,
    /// Most missed labels and false findings of each kind to print.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) misses: usize,
    /// Leave out findings below this confidence, 0 to 1.
    #[arg(long, value_name = "X", default_value_t = 0.0)]
    pub(super) min_confidence: f64,
    /// How well the words are put down.
    #[arg(long, value_enum, default_value_t = Rendering::AsIs)]
    pub(super) rendering: Rendering,
    /// Score what is found with a model too, by the replies that are kept; a model of the settings is asked for those
    /// that are not, and they are kept.
    #[arg(long)]
    pub(super) llm: bool,
    /// Folder of kept replies.
    #[arg(long, value_name = "DIR", default_value = "fixtures/replies")]
    pub(super) replies: PathBuf,
    /// Folder of rule files to use in place of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
}

/// `readback train`
#[derive(Debug, Args)]
pub(super) struct Train {
    /// Folders of labelled calls, as for `eval`.
    #[arg(value_name = "LABELLED_DIR", required = true)]
    pub(super) labelled: Vec<PathBuf>,
    /// Folder of rule files; `LANGUAGE/weights.bin` is written into it, and `shared/ledger/learned.toml` where there are
    /// deals whose labels name their entry.
    #[arg(long, value_name = "DIR", default_value = "rules")]
    pub(super) rules: PathBuf,
    /// Learn only this.
    #[arg(long, value_enum)]
    pub(super) only: Option<Learnt>,
}

/// What can be learned from labelled calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Learnt {
    /// What is found in a call.
    Reading,
    /// Which findings of a deal are one promise or one objection.
    Merging,
}

/// How well the words of labelled calls are put down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Rendering {
    /// As the recorder wrote them.
    AsIs,
    /// In lower case without punctuation.
    Plain,
    /// Plain, with words misheard and swallowed.
    Noisy,
}

/// The form of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
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

/// `readback serve`
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR")]
    pub(super) listen: Option<String>,
    /// A folder whose files are delivered as calls.
    #[arg(long, value_name = "DIR")]
    pub(super) watch: Option<PathBuf>,
}

/// `readback demo`
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Folder of deals.
    #[arg(default_value = "fixtures/deals")]
    pub(super) deals: PathBuf,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR")]
    pub(super) listen: Option<String>,
}

/// `readback search`
#[derive(Debug, Args)]
pub(super) struct Search {
    /// Words, "an exact phrase", -without, begin*, OR.
    pub(super) query: String,
    #[command(flatten)]
    /// Narrows the search.
    pub(super) filters: SearchFilters,
    /// Most hits to print.
    #[arg(long, default_value_t = 10)]
    pub(super) limit: u32,
    /// How to reach a server.
    #[command(flatten)]
    pub(super) remote: Remote,
}

/// What narrows a search.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct SearchFilters {
    /// Customer.
    #[arg(long)]
    pub(super) account: Option<String>,
    /// Deal.
    #[arg(long)]
    pub(super) deal: Option<String>,
    /// Call.
    #[arg(long)]
    pub(super) call: Option<String>,
    /// Who said it.
    #[arg(long)]
    pub(super) speaker: Option<String>,
    /// On whose side: rep, customer, partner.
    #[arg(long)]
    pub(super) side: Option<Side>,
    /// Only turns in which this was found.
    #[arg(long)]
    pub(super) kind: Option<Kind>,
    /// Language (`en`).
    #[arg(long)]
    pub(super) language: Option<String>,
    /// First day (`2026-03-01`).
    #[arg(long)]
    pub(super) from: Option<jiff::civil::Date>,
    /// Last day.
    #[arg(long)]
    pub(super) to: Option<jiff::civil::Date>,
}

/// A running server in place of a data directory.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Remote {
    /// Address of a running server, in place of the data directory.
    #[arg(long, value_name = "URL")]
    pub(super) server: Option<String>,
    /// File that holds the API token.
    #[arg(long, value_name = "FILE", requires = "server")]
    pub(super) token_file: Option<PathBuf>,
}

/// `readback ask`
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// The deal's id.
    pub(super) deal: String,
    /// The question, in plain words.
    pub(super) question: String,
    /// How to reach a server.
    #[command(flatten)]
    pub(super) remote: Remote,
}

/// `readback llm …`
#[derive(Debug, Subcommand)]
pub(super) enum Llm {
    /// Print what each model cost, day by day.
    Usage,
    /// Print the calls of which a model was not heard, and the answers that were refused.
    Refused,
}

/// `readback promises`
#[derive(Debug, Args)]
pub(super) struct Promises {
    /// Only this deal.
    #[arg(long)]
    pub(super) deal: Option<String>,
    /// Only this status: open, changed, withdrawn, fulfilled.
    #[arg(long)]
    pub(super) status: Option<String>,
    /// Only this category.
    #[arg(long)]
    pub(super) category: Option<crate::rules::Category>,
    /// Only promises due on or before this day.
    #[arg(long, value_name = "DATE")]
    pub(super) due_by: Option<jiff::civil::Date>,
    /// How to reach a server.
    #[command(flatten)]
    pub(super) remote: Remote,
}

/// `readback import`
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Deal folders, folders of them, or transcripts.
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Make the accounts of administrators too that an export holds.
    #[arg(long)]
    pub(super) admins: bool,
}

/// `readback export`
#[derive(Debug, Args)]
pub(super) struct Export {
    /// Folder to write into; must be empty or new.
    #[arg(long, value_name = "DIR")]
    pub(super) to: PathBuf,
}

/// `readback verify`
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The packet as JSON.
    pub(super) packet: PathBuf,
    /// The calls it cites: deal folder or transcripts. Without it they come from the data directory.
    #[arg(long, value_name = "PATH")]
    pub(super) calls: Vec<PathBuf>,
}

/// `readback backup`
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// File to write; must not exist.
    pub(super) to: PathBuf,
}

/// `readback restore`
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup.
    pub(super) from: PathBuf,
}

/// `readback rules …`
#[derive(Debug, Subcommand)]
pub(super) enum Rules {
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

/// `readback user …`
#[derive(Debug, Subcommand)]
pub(super) enum User {
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
pub(super) struct Access {
    /// The deal's id.
    pub(super) deal: String,
    /// Let the deal be there for its members, those who lead a team of theirs, and administrators alone.
    #[arg(long, conflicts_with = "open")]
    pub(super) restrict: bool,
    /// Let everybody see it who may read.
    #[arg(long)]
    pub(super) open: bool,
    /// Add a member.
    #[arg(long, value_name = "LOGIN")]
    pub(super) add: Vec<String>,
    /// Remove a member.
    #[arg(long, value_name = "LOGIN")]
    pub(super) remove: Vec<String>,
}

/// `readback handoff`
#[derive(Debug, Args)]
pub(super) struct Handoff {
    /// The deal's id.
    pub(super) deal: String,
    /// What to do first, in this order: the name of an act, or an act as JSON; `/openapi.json` lists them.
    #[arg(value_name = "ACT", requires_all = ["by", "role"])]
    pub(super) acts: Vec<String>,
    /// Who acts: a login.
    #[arg(long, value_name = "LOGIN")]
    pub(super) by: Option<String>,
    /// As what: ae, csm, manager, cs_manager, admin.
    #[arg(long = "as", value_name = "ROLE")]
    pub(super) role: Option<Role>,
    /// How to reach a server, to look; acts are done on the data directory.
    #[command(flatten)]
    pub(super) remote: Remote,
}

/// `readback clocks`
#[derive(Debug, Args)]
pub(super) struct Clocks {
    /// Only handoffs with a deadline that is over and not met.
    #[arg(long)]
    pub(super) late: bool,
}

/// `readback forget …`
#[derive(Debug, Subcommand)]
pub(super) enum Forget {
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
pub(super) enum Audit {
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

/// `readback token …`
#[derive(Debug, Subcommand)]
pub(super) enum Token {
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

/// `readback speaker`
#[derive(Debug, Args)]
pub(super) struct Speaker {
    /// The call's id.
    pub(super) call: String,
    /// The speaker as the recorder wrote them.
    pub(super) label: String,
    /// The person's name.
    #[arg(long)]
    pub(super) name: Option<String>,
    /// Job title.
    #[arg(long)]
    pub(super) title: Option<String>,
    /// Side: rep, customer, partner.
    #[arg(long)]
    pub(super) side: Option<Side>,
    /// The label of another speaker of the call, who is the same person.
    #[arg(long, value_name = "LABEL")]
    pub(super) merge_into: Option<String>,
}

/// `readback review`
#[derive(Debug, Args)]
pub(super) struct Review {
    /// The deal's id.
    pub(super) deal: String,
    /// Who decides; a server knows by the token.
    #[arg(long, value_name = "NAME")]
    pub(super) by: Option<String>,
    /// A running server to ask in place of the data directory.
    #[command(flatten)]
    pub(super) remote: Remote,
    /// What to do; the lines that nobody has settled where nothing is said.
    #[command(subcommand)]
    pub(super) step: Option<ReviewStep>,
}

/// A step of a review. Lines go by the ids that the list shows.
#[derive(Debug, Subcommand)]
pub(super) enum ReviewStep {
    /// List the lines that nobody has settled, and what is open.
    List {
        /// List the settled lines too.
        #[arg(long)]
        all: bool,
    },
    /// Lines are right as they stand.
    Accept {
        /// The lines.
        #[arg(required = true)]
        entries: Vec<String>,
    },
    /// Say what a line comes to, beside its quotes.
    Edit {
        /// The line.
        entry: String,
        /// Your words.
        text: String,
    },
    /// A line is wrong.
    Reject {
        /// The line.
        entry: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Settle a field of a line.
    Set {
        /// The line.
        entry: String,
        /// The field: due, owner, class, stance, strength, status …
        field: Field,
        /// Its value; `none` says that there is none.
        value: String,
    },
    /// Add a line that was not found.
    Add {
        /// What it is: promise, objection, risk, stakeholder …
        kind: LineKind,
        /// What it comes to, in your words.
        #[arg(long)]
        text: Option<String>,
        /// Words of a call.
        #[command(flatten)]
        words: QuoteArgs,
        /// Fields of the line, as `due=2026-12-01`.
        #[arg(long = "field", value_name = "FIELD=VALUE")]
        fields: Vec<String>,
    },
    /// Several lines of one kind are one.
    Merge {
        /// The line that stays.
        into: String,
        /// The lines that join it.
        #[arg(required = true)]
        entries: Vec<String>,
    },
    /// Part sayings from a line.
    Split {
        /// The line.
        entry: String,
        /// The findings that part, as the packet's JSON names them.
        #[arg(required = true)]
        findings: Vec<String>,
    },
    /// Answer a required field.
    #[command(group = clap::ArgGroup::new("is").required(true).args(["quote", "stated", "nothing", "unknown"]))]
    Answer {
        /// The field, as the list of open questions names it.
        field: String,
        /// The line that lacks it, where it is a line's.
        #[arg(long, value_name = "ENTRY")]
        about: Option<String>,
        /// Words of a call.
        #[command(flatten)]
        words: QuoteArgs,
        /// What you know from elsewhere.
        #[arg(long, value_name = "TEXT")]
        stated: Option<String>,
        /// There is nothing: who looked.
        #[arg(long, value_name = "NAME", requires = "on")]
        nothing: Option<String>,
        /// Nobody knows: who finds out.
        #[arg(long, value_name = "NAME", requires = "on")]
        unknown: Option<String>,
        /// The day somebody looked, or finds out by.
        #[arg(long, value_name = "DATE")]
        on: Option<jiff::civil::Date>,
    },
    /// Make somebody answer for a section by a date.
    Assign {
        /// The section's id.
        section: String,
        /// Who.
        owner: String,
        /// By when.
        due: jiff::civil::Date,
    },
    /// Remark on a line.
    Comment {
        /// The line.
        entry: String,
        /// The remark.
        text: String,
    },
    /// Ask about a line.
    Ask {
        /// The line.
        entry: String,
        /// The question.
        text: String,
    },
    /// Answer a question or comment.
    Reply {
        /// Its decision's id.
        to: uuid::Uuid,
        /// The answer.
        text: String,
    },
    /// Take a decision back.
    Undo {
        /// Its id.
        decision: uuid::Uuid,
    },
    /// Print what was decided about a line, as JSON.
    History {
        /// The line.
        entry: String,
    },
}

/// Words of a call, to the letter.
#[derive(Debug, Args)]
pub(super) struct QuoteArgs {
    /// Words of a call, to the letter.
    #[arg(long, requires = "call")]
    pub(super) quote: Option<String>,
    /// The call's id.
    #[arg(long, requires = "quote")]
    pub(super) call: Option<String>,
    /// The turn, where the words are said in several.
    #[arg(long, requires = "quote")]
    pub(super) turn: Option<u32>,
}

/// `readback attach`
#[derive(Debug, Args)]
pub(super) struct Attach {
    /// The deal's id.
    pub(super) deal: String,
    /// The order form or contract: text, DOCX or PDF.
    pub(super) file: PathBuf,
}

/// `readback config …`
#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Print each setting, its value and where it comes from.
    Show,
}

//! This room turns a command line into calls of the other rooms, and their values into text and an exit code.

mod access;
mod args;
mod attach;
mod audit;
mod config;
mod demo;
mod deployment;
mod doctor;
mod door;
mod draft;
mod eval;
mod export;
mod extract;
mod forget;
mod handoff;
mod import;
mod keeping;
mod kickoff;
mod labelled;
mod ledger;
mod llm;
mod log;
mod paper;
mod password;
mod promises;
mod remote;
mod review;
mod rules;
mod screen;
mod search;
mod serve;
mod speaker;
mod token;
mod train;
mod user;
mod verify;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;

use crate::handoff::{Action, Entry};
use crate::rules::RuleSet;
use crate::settings::{Settings, Shown, Sources};
use crate::transcript::Problem;
use args::{Cli, Command};
use screen::{Screen, note};

/// How a command ended; the only place where exit codes are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Exit code 0.
    Done,
    /// Exit code 1: done, with problems that the output names.
    Problems,
}

impl Outcome {
    fn of(problems: &[Problem]) -> Self {
        if problems.is_empty() { Self::Done } else { Self::Problems }
    }
}

/// Runs the command line and returns the process's exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            note(&format!("readback: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<Outcome> {
    // The commands that need nothing but files stay free of settings: they run anywhere.
    match &cli.command {
        Command::Extract(args) if !args.llm => return extract::run(args, None),
        Command::Draft(args) if !args.llm => return draft::run(args, None),
        Command::Eval(args) if !args.llm => return eval::run(args, None),
        Command::Ledger(args) => return ledger::run(args),
        Command::Kickoff(args) => return kickoff::run(args),
        Command::Train(args) => return train::run(args),
        Command::ReadPaper { beside } => return attach::read_paper(*beside),
        _ => {}
    }
    let (settings, shown) = settings(cli)?;
    log::start(&settings.log)?;
    // One provider of cryptography for every client; a second installation changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    with_settings(&cli.command, &settings, &shown)
}

fn with_settings(command: &Command, settings: &Settings, shown: &[Shown]) -> anyhow::Result<Outcome> {
    match command {
        Command::Extract(args) => extract::run(args, Some(&llm::required(&settings.llm)?)),
        Command::Draft(args) => draft::run(args, Some(&llm::required(&settings.llm)?)),
        Command::Paper(args) => block_on(paper::run(settings, args)),
        Command::Papers(command) => paper::papers(settings, command),
        Command::Eval(args) => eval::run(args, Some(&llm::recorded(&settings.llm, &args.replies)?)),
        Command::Ledger(args) => ledger::run(args),
        Command::Kickoff(args) => kickoff::run(args),
        Command::Train(args) => train::run(args),
        Command::ReadPaper { beside } => attach::read_paper(*beside),
        Command::Verify(args) => verify::run(settings, args),
        Command::Rules(command) => rules::run(settings, command),
        Command::Config(args::Config::Show) => config::show(shown),
        Command::Serve(_) => block_on(serve::run(settings)),
        Command::Demo(args) => block_on(demo::run(settings, args)),
        Command::Search(args) => block_on(search::run(settings, args)),
        Command::Promises(args) => block_on(promises::run(settings, args)),
        Command::Review(args) => block_on(review::run(settings, args)),
        Command::Ask(args) => block_on(llm::ask(settings, args)),
        Command::Llm(command) => block_on(llm::run(settings, command)),
        Command::Import(args) => block_on(import::run(settings, args)),
        Command::Export(args) => block_on(export::export(settings, args)),
        Command::Reindex => block_on(keeping::reindex(settings)),
        Command::Backup(args) => block_on(keeping::backup(settings, args)),
        Command::Restore(args) => block_on(keeping::restore(settings, args)),
        Command::User(command) => block_on(user::run(settings, command)),
        Command::Access(args) => block_on(access::run(settings, args)),
        Command::Handoff(args) => block_on(handoff::run(settings, args)),
        Command::Clocks(args) => block_on(handoff::clocks(settings, args)),
        Command::Forget(command) => block_on(forget::run(settings, command)),
        Command::Audit(command) => block_on(audit::run(settings, command)),
        Command::Token(command) => block_on(token::run(settings, command)),
        Command::Speaker(args) => block_on(speaker::run(settings, args)),
        Command::Attach(args) => block_on(attach::run(settings, args)),
        Command::Doctor => block_on(doctor::run(settings)),
    }
}

fn settings(cli: &Cli) -> anyhow::Result<(Settings, Vec<Shown>)> {
    let mut flags = BTreeMap::new();
    let mut flag = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            flags.insert(key.to_owned(), value);
        }
    };
    let path = |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
    flag("store.data", path(&cli.data));
    match &cli.command {
        Command::Serve(args) => {
            flag("server.listen", args.listen.clone());
            flag("server.watch", path(&args.watch));
        }
        Command::Demo(args) => flag("server.listen", args.listen.clone()),
        _ => {}
    }
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    let environment = std::env::vars_os().filter_map(text).collect();
    let sources = Sources { flags, environment, file: cli.config.clone() };
    Settings::read(&sources).context("failed to read the settings")
}

/// Who the audit trail says it was: whoever sits at the data directory has no account there.
const ACTOR: &str = "command line";

/// Returns the entry of the audit trail for a change of who may do what.
fn permission_changed(target: &str, detail: serde_json::Value) -> Entry {
    let now = jiff::Timestamp::now();
    Entry::new(uuid::Uuid::now_v7(), now, ACTOR, Action::PermissionChanged, target).with(detail)
}

/// Threads for work that blocks: reading calls, searching. More would not be quicker on the processors there are, and
/// each keeps its own share of freed memory.
const BLOCKING_THREADS: usize = 16;

/// Runs a command that waits for disk and network.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime =
        runtime.enable_all().max_blocking_threads(BLOCKING_THREADS).build().context("failed to start")?;
    runtime.block_on(work)
}

/// Whoever read our output has seen enough (`readback … | head`).
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let broken = |cause: &std::io::Error| cause.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().filter_map(|cause| cause.downcast_ref()).any(broken)
}

/// Returns the rules to read with: the built-in ones, or those of a folder.
fn rule_set(folder: Option<&Path>) -> anyhow::Result<Arc<RuleSet>> {
    let Some(folder) = folder else { return Ok(RuleSet::builtin()) };
    let files = crate::pipeline::rule_files(folder).context("failed to read the rules")?;
    let (rules, problems) = RuleSet::compile(&files);
    for problem in &problems {
        note(&problem.to_string());
    }
    anyhow::ensure!(problems.is_empty(), "{} has {} broken rules", folder.display(), problems.len());
    let weights = crate::pipeline::weights(folder).context("failed to read what was learned")?;
    Ok(Arc::new(rules.with_weights(weights)))
}

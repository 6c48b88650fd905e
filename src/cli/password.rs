use std::io::{BufRead as _, IsTerminal as _, stdin};

use crate::sign_in::{self, hashed};

/// Asks for a new password, twice on a terminal; else reads one line of standard input. Returns its hash. Never an
/// argument: those are seen by everybody on the machine.
pub(super) fn ask() -> anyhow::Result<String> {
    let password = if stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ")?;
        anyhow::ensure!(password == rpassword::prompt_password("Again: ")?, "the two are not the same");
        password
    } else {
        let mut line = String::new();
        stdin().lock().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    hashed(&password).map_err(|error| match error {
        sign_in::Error::Unfit => anyhow::anyhow!("failed to {error}"),
        other => other.into(),
    })
}

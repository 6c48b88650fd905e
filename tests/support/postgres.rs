//! A PostgreSQL cluster of the tests' own: in a temporary directory, on a socket inside it, gone at the end.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test says by a panic that it failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub(crate) struct Cluster {
    directory: TempDir,
    binaries: PathBuf,
    user: Option<u32>,
}

impl Cluster {
    /// Starts a cluster, or says why there is none.
    pub(crate) fn start() -> Option<Self> {
        let Some(binaries) = binaries() else {
            let required = std::env::var_os("READBACK_REQUIRE_POSTGRES").is_some();
            assert!(!required, "PostgreSQL is required here and not installed");
            println!("PostgreSQL is not installed: this suite ran on SQLite only");
            return None;
        };
        // PostgreSQL refuses to run as root.
        let user = if number("id", &["-u"]) == Some(0) { number("id", &["-u", "postgres"]) } else { None };
        let directory = TempDir::new().unwrap();
        if user.is_some() {
            std::os::unix::fs::chown(directory.path(), user, None).unwrap();
        }
        let cluster = Self { directory, binaries, user };
        cluster.run("initdb", &["-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]);
        let options = format!("-k {} -c listen_addresses= -c fsync=off", cluster.directory.path().display());
        cluster.run("pg_ctl", &["-D", "data", "-l", "log", "-w", "-o", &options, "start"]);
        Some(cluster)
    }

    /// Makes an empty database and returns its address.
    pub(crate) fn database(&self, name: &str) -> String {
        let socket = self.directory.path().display().to_string();
        self.run("createdb", &["-h", &socket, "-U", "postgres", name]);
        format!("postgres://postgres@localhost/{name}?host={socket}")
    }

    fn run(&self, program: &str, args: &[&str]) {
        let output = self.directory.path().join("output");
        let file = std::fs::File::create(&output).unwrap();
        let mut command = Command::new(self.binaries.join(program));
        command.args(args).current_dir(self.directory.path()).stdin(Stdio::null());
        command.stdout(file.try_clone().unwrap()).stderr(file);
        if let Some(user) = self.user {
            std::os::unix::process::CommandExt::uid(&mut command, user);
        }
        let done = command.status().unwrap();
        assert!(done.success(), "{program}: {}", std::fs::read_to_string(output).unwrap_or_default());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", "data", "-m", "immediate", "-w", "stop"]);
    }
}

fn binaries() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut places: Vec<PathBuf> = installed.map(|version| version.path().join("bin")).collect();
    places.sort();
    places.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    places
        .into_iter()
        .find(|place: &PathBuf| Path::new(place).join("pg_ctl").exists() && place.join("initdb").exists())
}

fn number(program: &str, args: &[&str]) -> Option<u32> {
    let output = Command::new(program).args(args).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

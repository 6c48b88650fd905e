//! The real binary, run as a user would run it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest wait for something that should come about by itself.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs `readback` with `args` and returns what came out.
pub(crate) fn readback(args: &[&str]) -> Output {
    command().args(args).output().unwrap()
}

/// Runs `readback` and returns standard output, where it ended with exit code 0.
pub(crate) fn readback_ok(args: &[&str]) -> String {
    ok(args, std::iter::empty())
}

fn ok<'a>(args: &[&str], environment: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let output = command().args(args).envs(environment).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "readback {args:?}: {}\n{text}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_readback"));
    command.env_remove("READBACK_CONFIG").env_remove("READBACK_TOKEN");
    command
}

/// Returns a folder or file of the fixtures.
pub(crate) fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)
}

/// A running service on a data directory of its own.
pub(crate) struct Service {
    child: Child,
    data: String,
    environment: Vec<(String, String)>,
    pub(crate) address: String,
    pub(crate) token: String,
    client: reqwest::blocking::Client,
}

impl Service {
    /// Starts the service on `data`, with a new token of an administrator.
    pub(crate) fn start(data: &Path, environment: &[(&str, &str)], flags: &[&str]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let data = data.to_str().unwrap();
        let create = ["token", "create", "--data", data, "--name", "test", "--role", "admin"];
        let token = ok(&create, environment.iter().copied()).lines().last().unwrap().to_owned();
        let mut child = command()
            .args(["serve", "--data", data, "--listen", "127.0.0.1:0"])
            .args(flags)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "the service ended before it listened");
            if let Some((_, address)) = line.split_once("listening on ") {
                break address.trim().to_owned();
            }
        };
        std::thread::spawn(move || log.read_to_end(&mut Vec::new()));
        let client = reqwest::blocking::Client::builder().timeout(PATIENCE).build().unwrap();
        let environment = environment.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let (data, environment) = (data.to_owned(), environment.collect());
        Self { child, data, environment, address, token, client }
    }

    /// Runs `readback` on the service's own data and returns standard output.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        let args: Vec<_> = args.iter().copied().chain(["--data", &self.data]).collect();
        ok(&args, self.environment.iter().map(|(key, value)| (key.as_str(), value.as_str())))
    }

    /// Like [`run`](Self::run), with `input` as standard input, whatever comes of it.
    pub(crate) fn try_with(&self, args: &[&str], input: &str) -> Output {
        let mut command = command();
        command.args(args).args(["--data", &self.data]).envs(self.environment.iter().cloned());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{input}").unwrap();
        child.wait_with_output().unwrap()
    }

    /// Like [`run`](Self::run), with `input` as standard input.
    pub(crate) fn run_with(&self, args: &[&str], input: &str) {
        let output = self.try_with(args, input);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Makes a token and returns its secret.
    pub(crate) fn make_token(&self, args: &[&str]) -> String {
        let args: Vec<_> = ["token", "create"].iter().chain(args).copied().collect();
        self.run(&args).lines().last().unwrap().to_owned()
    }

    /// Sends a request with another token, or none.
    pub(crate) fn request_as(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
    ) -> reqwest::blocking::RequestBuilder {
        let request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.address));
        token.iter().fold(request, |request, token| request.bearer_auth(token))
    }

    /// Sends a request with the token.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::blocking::RequestBuilder {
        self.request_as(Some(&self.token), method, path)
    }

    /// Returns the status and JSON of a GET.
    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        let response = self.request("GET", path).send().unwrap();
        let status = response.status().as_u16();
        (status, response.json().unwrap_or(Value::Null))
    }

    /// Delivers a file of the fixtures as the body, under the call id `id` of deal `deal`.
    pub(crate) fn deliver(&self, file: &str, id: &str, deal: &str) -> (u16, Value) {
        let bytes = std::fs::read(fixture(file)).unwrap();
        let path = format!("/v1/calls?id={id}&deal={deal}");
        let request = self.request("POST", &path).header("content-type", "application/octet-stream");
        let response = request.body(bytes).send().unwrap();
        let status = response.status().as_u16();
        (status, response.json().unwrap())
    }

    /// Asks for `path` until `holds`, and returns the answer.
    pub(crate) fn wait(&self, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let (status, answer) = self.get(path);
            if status == 200 && holds(&answer) {
                return answer;
            }
            assert!(Instant::now() < until, "{path} never came about; last: {status} {answer:#}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills the process without warning, as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to stop and returns whether it ended well.
    #[cfg(unix)]
    pub(crate) fn stop(mut self) -> bool {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().success()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! Times the pages of a running service that holds 2,000 one-hour calls, over a million turns: `cargo bench --bench pages`.
//!
//! The calls are the corridor's hours, six to a deal, and are read once; `READBACK_BENCH_DATA` names a folder in which
//! they are kept for the next run, `READBACK_BENCH_CALLS` another number of them.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run says so by a panic")]
#![expect(clippy::print_stdout, reason = "the table is what a bench is run for")]

#[path = "../corridor/call.rs"]
#[expect(dead_code, reason = "the corridor times more of it")]
mod call;

use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use serde_json::{Value, json};

/// Calls of the store, where nobody says.
const CALLS: usize = 2_000;

/// Calls of a deal.
const OF_A_DEAL: usize = 6;

/// Requests for each page. The longest but one is the 99th percentile.
const REQUESTS: usize = 200;

/// The service, as its own process.
struct Service {
    child: Child,
    address: String,
    data: PathBuf,
    client: Client,
}

fn main() {
    // `cargo test` runs benches too, to see that they compile.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let kept = std::env::var_os("READBACK_BENCH_DATA").map(PathBuf::from);
    let calls = std::env::var("READBACK_BENCH_CALLS").map_or(CALLS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let data = kept.unwrap_or_else(|| folder.path().to_owned());
    let service = Service::start(&data);
    let token = service.token("admin");
    service.fill(&token, calls);
    let turns = service.get(&token, "/v1/search?q=")["total"].as_u64().unwrap_or_default();
    println!("{calls} calls, {turns} turns");
    println!("{:<40}{:>12}{:>12}{:>10}", "page", "median ms", "99 % ms", "bytes");
    let (ae, manager) = (service.token("ae"), service.token("manager"));
    let pages = [
        ("home, AE", "/", &ae),
        ("home, manager", "/", &manager),
        ("home, administrator", "/", &token),
        ("packet", "/deals/deal-0", &ae),
        ("deal", "/deals/deal-0/overview", &ae),
        ("deal, asked", "/deals/deal-0/overview?q=what+did+we+promise+on+the+gates", &ae),
        ("call", "/calls/call-0-0", &ae),
        ("promises", "/promises", &ae),
        ("promises, asked", "/promises?q=what+did+we+promise+on+the+gates", &ae),
        ("insight", "/insight", &manager),
        ("search, a word", "/search?q=sandbox", &ae),
        ("search, a frequent word", "/search?q=gates", &ae),
        ("search, two words", "/search?q=opening+hours", &ae),
        ("search, a phrase", "/search?q=%22the+sandbox%22", &ae),
        ("search, while typing", "/search?q=sandb&typing=true", &ae),
        ("search API, while typing", "/v1/search?q=sandb&typing=true", &ae),
        ("search API, two words", "/v1/search?q=opening+hours", &ae),
    ];
    for (name, path, token) in pages {
        service.time(name, path, token);
    }
}

impl Service {
    fn start(data: &Path) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut child = Command::new(env!("CARGO_BIN_EXE_readback"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
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
        let client = Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
        Self { child, address, data: data.to_owned(), client }
    }

    /// Runs `readback` on the service's data and returns standard output.
    fn run(&self, args: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_readback"))
            .args(args)
            .arg("--data")
            .arg(&self.data)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    fn token(&self, role: &str) -> String {
        self.run(&["token", "create", "--name", "bench", "--role", role]).lines().last().unwrap().to_owned()
    }

    fn get(&self, token: &str, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.address)).bearer_auth(token).send().unwrap();
        answer.json().unwrap_or_default()
    }

    /// Delivers so many calls, and waits until they are read, drafted and indexed.
    fn fill(&self, token: &str, calls: usize) {
        let hours = call::hours();
        let start = Instant::now();
        for number in 0..calls {
            let (deal, at) = (number / OF_A_DEAL, number % OF_A_DEAL);
            let hour = &hours[at % hours.len()];
            let mut about = json!(hour.call);
            about["id"] = json!(format!("call-{deal}-{at}"));
            about["started_at"] = json!(format!("2026-{:02}-{:02}T10:00:00Z", 1 + at, 1 + deal % 28));
            let mut of = json!(hour.deal);
            (of["deal"], of["account"]) =
                (json!(format!("deal-{deal}")), json!(format!("Customer {deal:04}")));
            let body = json!({"call": about, "deal": of, "transcript": hour.vtt});
            let request = self.client.post(format!("{}/v1/calls", self.address)).bearer_auth(token);
            let answer = request.json(&body).send().unwrap();
            assert!(answer.status().is_success(), "{}", answer.text().unwrap());
        }
        while !self.run(&["doctor"]).contains("0 steps owed") || self.is_behind(token) {
            std::thread::sleep(Duration::from_secs(1));
        }
        println!("delivered, read, drafted and indexed in {:.0} s", start.elapsed().as_secs_f64());
    }

    fn is_behind(&self, token: &str) -> bool {
        let ready = self.get(token, "/readyz");
        ready["changes"] != ready["indexed_through"]
    }

    fn time(&self, name: &str, path: &str, token: &str) {
        let mut times = Vec::new();
        let mut bytes = 0;
        for _ in 0..REQUESTS {
            let start = Instant::now();
            let answer =
                self.client.get(format!("{}{path}", self.address)).bearer_auth(token).send().unwrap();
            let status = answer.status();
            bytes = answer.bytes().unwrap().len();
            times.push(start.elapsed().as_secs_f64() * 1_000.0);
            assert!(status.is_success(), "{path}: {status}");
        }
        times.sort_by(f64::total_cmp);
        let late = times[REQUESTS * 99 / 100 - 1];
        println!("{name:<40}{:>12.1}{late:>12.1}{bytes:>10}", times[REQUESTS / 2]);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! Times the pages of a running service that holds 2,000 one-hour calls, over a million turns: `cargo bench --bench pages`.
//!
//! The calls are the corridor's hours, six to a deal, and are read once; `READBACK_BENCH_DATA` names a folder in which
//! they are kept for the next run, `READBACK_BENCH_CALLS` another number of them.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run says so by a panic")]
#![expect(clippy::print_stdout, reason = "the table is what a bench is run for")]

#[path = "../corridor/call.rs"]
#[expect(dead_code, reason = "the corridor times more of it")]
mod call;
#[path = "../../tests/support/service.rs"]
#[expect(dead_code, reason = "the tests ask more of a service")]
mod service;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use service::Service;

/// Calls of the store, where nobody says.
const CALLS: usize = 2_000;

/// Calls of a deal.
const OF_A_DEAL: usize = 6;

/// Promises of each deal that its AE has accepted.
const ACCEPTED: usize = 10;

/// Requests for each page. The longest but one is the 99th percentile.
const REQUESTS: usize = 200;

/// Deals from one request for a page of any deal to the next: few enough requests lie between two for the same one.
const STRIDE: usize = 7;

fn main() {
    // `cargo test` runs benches too, to see that they compile.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let kept = std::env::var_os("READBACK_BENCH_DATA").map(PathBuf::from);
    let calls = std::env::var("READBACK_BENCH_CALLS").map_or(CALLS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let data = kept.unwrap_or_else(|| folder.path().to_owned());
    let filled = fill(&Service::start(&data, &[], &[]), calls);
    // A service that has just begun holds nothing in memory.
    let service = Service::start(&data, &[], &[]);
    let (turns, load) = (service.get("/v1/search?q=").1["total"].clone(), load());
    println!("{calls} calls, {turns} turns; {filled}; load of the machine {load}");
    println!("{:<40}{:>12}{:>12}{:>10}", "page", "median ms", "99 % ms", "bytes");
    let token = |role: &str| service.make_token(&["--name", "bench", "--role", role]);
    let (ae, csm, manager, admin) = (token("ae"), token("csm"), token("manager"), service.token.clone());
    let pages = [
        ("home, AE", "/", &ae),
        ("home, CSM", "/", &csm),
        ("home, manager", "/", &manager),
        ("home, administrator", "/", &admin),
        ("packet, of any deal", "/deals/deal-N", &ae),
        ("packet, again", "/deals/deal-0", &ae),
        ("deal, any", "/deals/deal-N/overview", &ae),
        ("deal, asked", "/deals/deal-N/overview?q=what+did+we+promise+on+the+gates", &ae),
        ("call, any", "/calls/call-N-0", &ae),
        ("call, again", "/calls/call-0-0", &ae),
        ("promises", "/promises", &csm),
        ("promises, asked", "/promises?q=what+did+we+promise+on+the+gates", &csm),
        ("promises API, a page", "/v1/promises", &csm),
        ("insight, manager", "/insight", &manager),
        ("insight, administrator", "/insight", &admin),
        ("search, a word", "/search?q=sandbox", &ae),
        ("search, a frequent word", "/search?q=gates", &ae),
        ("search, two words", "/search?q=opening+hours", &ae),
        ("search, a phrase", "/search?q=%22the+sandbox%22", &ae),
        ("search, while typing", "/search?q=sandb&typing=true", &ae),
        ("search API, while typing", "/v1/search?q=sandb&typing=true", &ae),
        ("search API, two words", "/v1/search?q=opening+hours", &ae),
    ];
    for (name, path, token) in pages {
        time(&service, name, path, token, calls.div_ceil(OF_A_DEAL));
    }
}

/// Delivers so many calls, waits until they are read, drafted and indexed, reviews some lines, and tells how long it
/// took.
fn fill(service: &Service, calls: usize) -> String {
    let start = Instant::now();
    let recorder = service.make_token(&["--name", "recorder", "--role", "recorder"]);
    let hours = call::hours();
    for number in 0..calls {
        let (deal, at) = (number / OF_A_DEAL, number % OF_A_DEAL);
        let hour = &hours[at % hours.len()];
        let mut about = json!(hour.call);
        about["id"] = json!(format!("call-{deal}-{at}"));
        about["started_at"] = json!(format!("2026-{:02}-{:02}T10:00:00Z", 1 + at, 1 + deal % 28));
        let mut of = json!(hour.deal);
        (of["deal"], of["account"]) = (json!(format!("deal-{deal}")), json!(format!("Customer {deal:04}")));
        post(service, &recorder, "/v1/calls", &json!({"call": about, "deal": of, "transcript": hour.vtt}));
    }
    let is_behind = || {
        let ready = service.get("/readyz").1;
        ready["changes"] != ready["indexed_through"]
    };
    while !service.run(&["doctor"]).contains(" 0 steps owed") || is_behind() {
        std::thread::sleep(Duration::from_secs(1));
    }
    let read = start.elapsed().as_secs_f64();
    let ae = service.make_token(&["--name", "reviewer", "--role", "ae"]);
    for deal in 0..calls.div_ceil(OF_A_DEAL) {
        review(service, &ae, deal);
    }
    let reviewed = start.elapsed().as_secs_f64() - read;
    format!("read and indexed in {read:.0} s, reviewed in {reviewed:.0} s")
}

/// Accepts some promises of a deal that nobody has reviewed.
fn review(service: &Service, ae: &str, deal: usize) {
    let decisions = format!("/v1/deals/deal-{deal}/decisions");
    if service.get(&decisions).1["items"].as_array().is_some_and(|made| !made.is_empty()) {
        return;
    }
    let (_, promises) = service.get(&format!("/v1/promises?deal=deal-{deal}"));
    let promises = promises["items"].as_array().unwrap().iter().take(ACCEPTED);
    let accept = |promise: &Value| json!({"act": "accept", "entry": promise["id"]});
    post(service, ae, &decisions, &promises.map(accept).collect());
}

/// Posts, as fast as the service lets one caller.
fn post(service: &Service, token: &str, path: &str, body: &Value) {
    loop {
        let request = service.request_as(Some(token), "POST", path).header("if-match", "*");
        let answer = request.json(body).send().unwrap();
        if answer.status().is_success() {
            return;
        }
        assert_eq!(answer.status(), 429, "{path}: {}", answer.text().unwrap());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Times a page; `N` in its path is another deal of `deals` each time.
fn time(service: &Service, name: &str, path: &str, token: &str, deals: usize) {
    let mut times = Vec::new();
    let mut bytes = 0;
    for number in 0..REQUESTS {
        let path = path.replace("-N", &format!("-{}", number * STRIDE % deals));
        let request = service.request_as(Some(token), "GET", &path);
        let start = Instant::now();
        let answer = request.send().unwrap();
        let status = answer.status();
        bytes = answer.bytes().unwrap().len();
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        assert!(status.is_success(), "{path}: {status}");
    }
    times.sort_by(f64::total_cmp);
    let late = times[REQUESTS * 99 / 100 - 1];
    println!("{name:<40}{:>12.1}{late:>12.1}{bytes:>10}", times[REQUESTS / 2]);
}

/// Returns how many processes wanted the machine in the last minute, where it tells.
fn load() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split(' ').next().unwrap_or("unknown").to_owned()
}

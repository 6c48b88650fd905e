//! A real browser: Chromium, driven over WebDriver.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Longest wait for something that should come about by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// Longest run of a script: axe-core looks at each of thousands of elements.
const SCRIPT: Duration = Duration::from_secs(120);

/// The key of an element in WebDriver's JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// One window of a browser without a profile, and the driver that belongs to it.
pub(crate) struct Browser {
    driver: Child,
    session: String,
    client: reqwest::blocking::Client,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts a browser; none where the machine has no Chromium, unless `READBACK_REQUIRE_BROWSER` is set.
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    pub(crate) fn start(script: bool) -> Option<Self> {
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut driver) = driver else {
            assert!(std::env::var_os("READBACK_REQUIRE_BROWSER").is_none(), "chromedriver is not installed");
            eprintln!("skipped: there is no chromedriver on this machine");
            return None;
        };
        let mut log = BufReader::new(driver.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "chromedriver ended before it listened");
            if let Some((_, port)) = line.trim_end().split_once("successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        std::thread::spawn(move || log.read_to_end(&mut Vec::new()));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::blocking::Client::builder().timeout(SCRIPT + PATIENCE).build().unwrap();
        let profile = tempfile::tempdir().unwrap();
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1440,1000",
            &format!("--user-data-dir={}", profile.path().display()),
        ];
        let scripts = if script { 1 } else { 2 };
        let prefs = json!({"profile.managed_default_content_settings.javascript": scripts});
        let asked = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "timeouts": {"script": SCRIPT.as_millis() as u64},
            "goog:chromeOptions": {"args": args, "prefs": prefs},
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
        }}});
        let root = format!("http://127.0.0.1:{port}/session");
        let answer: Value = client.post(&root).json(&asked).send().unwrap().json().unwrap();
        let id = answer["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no browser: {answer}"));
        let session = format!("{root}/{id}");
        Some(Self { driver, session, client, _profile: profile })
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.session));
        let request = if method == "POST" { request.json(body) } else { request };
        let mut answer: Value = request.send().unwrap().json().unwrap();
        let error = answer["value"]["error"].as_str();
        assert!(error.is_none(), "{method} {path} {body}: {}", answer["value"]["message"]);
        answer["value"].take()
    }

    /// Opens a page.
    pub(crate) fn open(&self, address: &str) {
        self.call("POST", "/url", &json!({ "url": address }));
    }

    /// Returns where the browser is.
    pub(crate) fn address(&self) -> String {
        self.call("GET", "/url", &Value::Null).as_str().unwrap().to_owned()
    }

    /// Runs a script of the test in the page, whatever the page itself may run, and returns what it returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.call("POST", "/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Returns what a script's promise comes to.
    pub(crate) fn run_async(&self, script: &str) -> Value {
        self.call("POST", "/execute/async", &json!({"script": script, "args": []}))
    }

    /// Asks a script until it returns `true`.
    pub(crate) fn wait(&self, script: &str) {
        let until = Instant::now() + PATIENCE;
        while self.run(script) != Value::Bool(true) {
            assert!(Instant::now() < until, "never came about: {script}\n{}", self.text("main"));
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until an element shows some words.
    pub(crate) fn wait_for(&self, selector: &str, words: &str) {
        let (selector, words) = (json!(selector), json!(words));
        self.wait(&format!(
            "return document.querySelector({selector})?.innerText.includes({words}) ?? false"
        ));
    }

    fn element(&self, selector: &str) -> String {
        let found = self.call("POST", "/element", &json!({"using": "css selector", "value": selector}));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    /// Returns the text of an element as it is shown.
    pub(crate) fn text(&self, selector: &str) -> String {
        let id = self.element(selector);
        self.call("GET", &format!("/element/{id}/text"), &Value::Null).as_str().unwrap().to_owned()
    }

    /// Clicks an element.
    pub(crate) fn click(&self, selector: &str) {
        let id = self.element(selector);
        self.call("POST", &format!("/element/{id}/click"), &json!({}));
    }

    /// Types into an element.
    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        let id = self.element(selector);
        self.call("POST", &format!("/element/{id}/value"), &json!({ "text": text }));
    }

    /// Presses keys, wherever the focus is.
    pub(crate) fn press(&self, keys: &str) {
        let keys =
            keys.chars().flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key})));
        let keys: Vec<_> = keys.collect();
        self.call("POST", "/actions", &json!({"actions": [{"type": "key", "id": "keys", "actions": keys}]}));
    }

    /// Sets light or dark, and the size of the window.
    pub(crate) fn look(&self, scheme: &str, width: u32, height: u32) {
        let feature = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": feature }));
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Sends a command of the DevTools protocol.
    pub(crate) fn devtools(&self, command: &str, params: &Value) -> Value {
        self.call("POST", "/goog/cdp/execute", &json!({"cmd": command, "params": params}))
    }

    /// Returns the hosts that were asked for anything since the last look.
    pub(crate) fn hosts(&self) -> BTreeSet<String> {
        let log = self.call("POST", "/se/log", &json!({"type": "performance"}));
        let messages = log.as_array().unwrap().iter().filter_map(|row| row["message"].as_str());
        let messages = messages.map(|text| serde_json::from_str::<Value>(text).unwrap());
        let asked = messages.filter(|it| it["message"]["method"] == "Network.requestWillBeSent");
        let addresses =
            asked.map(|it| it["message"]["params"]["request"]["url"].as_str().unwrap().to_owned());
        // The browser draws its own first pages from inside itself.
        let sent = addresses.filter(|it| !it.starts_with("chrome://") && !it.starts_with("data:"));
        sent.map(|address| address.split('/').nth(2).unwrap_or_default().to_owned()).collect()
    }

    /// Returns what the browser complained of since the last look.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.call("POST", "/se/log", &json!({"type": "browser"}));
        log.as_array().unwrap().iter().map(|row| row["message"].to_string()).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends the browser; the driver may be gone already.
        let _ = self.client.delete(&self.session).send();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

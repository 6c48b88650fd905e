//! A provider that answers, or fails, as it is told to: HTTP by hand, because what is tested is what no library sends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

/// What the provider does with a request.
#[derive(Clone)]
pub(crate) enum Play {
    /// Answers with a status, headers and a body.
    Say(u16, &'static str, String),
    /// Says it is fine and stops in the middle.
    Half,
    /// Sends a byte a second.
    Drip,
    /// Sends fifty megabytes.
    Flood,
    /// Answers a chat with what the function makes of the request.
    Chat(Arc<dyn Fn(&Value) -> String + Send + Sync>),
}

/// The provider.
pub(crate) struct Provider {
    pub(crate) base_url: String,
    asked: Arc<AtomicUsize>,
    bodies: Arc<Mutex<Vec<String>>>,
    plays: Arc<Mutex<Vec<Play>>>,
}

impl Provider {
    /// Starts a provider that does `plays` one after the other, and the last for ever.
    pub(crate) fn start(plays: Vec<Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (asked, bodies) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let plays = Arc::new(Mutex::new(plays));
        let it = Self { base_url, asked: asked.clone(), bodies: bodies.clone(), plays: plays.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let at = asked.fetch_add(1, Ordering::SeqCst);
                let play = {
                    let plays = plays.lock().unwrap();
                    plays[at.min(plays.len() - 1)].clone()
                };
                let bodies = bodies.clone();
                std::thread::spawn(move || serve(stream, &play, &bodies));
            }
        });
        it
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Returns what was sent to it.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }

    /// Does something else from now on.
    pub(crate) fn play(&self, play: Play) {
        *self.plays.lock().unwrap() = vec![play];
    }
}

fn serve(stream: TcpStream, play: &Play, bodies: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line).ok()? > 2 {
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    bodies.lock().unwrap().push(body.clone());
    let mut stream = stream;
    let head = |status: u16, headers: &str, length: usize| {
        format!(
            "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}connection: close\r\n\r\n"
        )
    };
    match play {
        Play::Say(status, headers, text) => {
            stream.write_all(head(*status, headers, text.len()).as_bytes()).ok()?;
            stream.write_all(text.as_bytes()).ok()
        }
        Play::Half => {
            stream.write_all(head(200, "", 1000).as_bytes()).ok()?;
            stream.write_all(b"{\"choices\": [{\"message\": {\"content\": \"{\\\"answers\\\": [").ok()
        }
        Play::Drip => {
            stream.write_all(head(200, "", 1000).as_bytes()).ok()?;
            loop {
                stream.write_all(b" ").ok()?;
                std::thread::sleep(Duration::from_secs(1));
            }
        }
        Play::Flood => {
            let chunk = vec![b' '; 1 << 16];
            stream.write_all(head(200, "", 50_000_000).as_bytes()).ok()?;
            for _ in 0..(50_000_000 / chunk.len()) {
                stream.write_all(&chunk).ok()?;
            }
            None
        }
        Play::Chat(answer) => {
            let text = chat(&answer(&serde_json::from_str(&body).ok()?));
            stream.write_all(head(200, "", text.len()).as_bytes()).ok()?;
            stream.write_all(text.as_bytes()).ok()
        }
    }
}

/// Returns a chat completion whose words are `content`.
pub(crate) fn chat(content: &str) -> String {
    json!({"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
           "usage": {"prompt_tokens": 900, "completion_tokens": 90}})
    .to_string()
}

/// Says yes to every question of a request.
pub(crate) fn agrees(request: &Value) -> String {
    answers(request, true)
}

/// Says `holds` to every question of a request.
pub(crate) fn answers(request: &Value, holds: bool) -> String {
    let user: Value = serde_json::from_str(request["messages"][1]["content"].as_str().unwrap()).unwrap();
    let answer = |question: &Value| json!({"turn": question["turn"], "quote": question["quote"], "kind": question["kind"], "holds": holds, "labels": []});
    let empty = Vec::new();
    let questions = user["questions"].as_array().unwrap_or(&empty);
    json!({"answers": questions.iter().map(answer).collect::<Vec<_>>()}).to_string()
}

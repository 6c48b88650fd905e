//! A real server with a model that knows nothing: what it says follows the schema and means nothing, and nothing must
//! come of it.

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use readback::eval::Generator;
use serde_json::Value;

use crate::support::service::fixture;

const PATIENCE: Duration = Duration::from_secs(120);

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_model_of_random_weights_yields_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("random.gguf");
    write_model(&model);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let program = std::env::var("READBACK_LLAMA_SERVER").unwrap_or_else(|_| "llama-server".to_owned());
    let flags = [
        "--host",
        "127.0.0.1",
        "--port",
        &port,
        "--ctx-size",
        "32768",
        "--threads",
        "2",
        "--no-warmup",
        "--jinja",
        "--chat-template",
        "{% for m in messages %}{{ m.content }}{% endfor %}",
        "--parallel",
        "1",
    ];
    let mut command = Command::new(&program);
    command
        .arg("--model")
        .arg(&model)
        .args(flags)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let Ok(child) = command.spawn() else {
        println!(
            "{program} is not installed: no real model was asked (READBACK_LLAMA_SERVER names one elsewhere)"
        );
        return;
    };
    let mut server = Server(child);
    let address = format!("http://127.0.0.1:{port}");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::blocking::Client::new();
    let until = Instant::now() + PATIENCE;
    while !client.get(format!("{address}/health")).send().is_ok_and(|answer| answer.status().is_success()) {
        assert!(server.0.try_wait().unwrap().is_none(), "{program} ended before it listened");
        assert!(Instant::now() < until, "{program} never listened");
        std::thread::sleep(Duration::from_millis(100));
    }
    let extract = |llm: bool| -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_readback"));
        command.arg("extract").arg(fixture("deals/credit-union/01-intro.vtt")).args(llm.then_some("--llm"));
        let base_url = format!("{address}/v1");
        command.envs([
            ("READBACK_LLM__PROVIDER", "openai"),
            ("READBACK_LLM__BASE_URL", base_url.as_str()),
            ("READBACK_LLM__MODEL", "random"),
            ("READBACK_LLM__TIMEOUT_SECONDS", "100"),
            ("READBACK_LLM__RETRIES", "0"),
        ]);
        let output = command.output().unwrap();
        println!("{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let (alone, with) = (extract(false), extract(true));
    println!("{:#}", with["problems"]);
    assert_eq!(with["findings"], alone["findings"]);
    assert!(
        !with["problems"].to_string().contains("cannot be reached"),
        "it was asked: {:#}",
        with["problems"]
    );
}

const WIDTH: usize = 64;
const INNER: usize = 128;

/// Writes a model of one layer with random weights and a vocabulary of bytes, as GGUF.
fn write_model(path: &Path) {
    let tokens: Vec<String> = ["<unk>", "<s>", "</s>"]
        .iter()
        .map(|special| (*special).to_owned())
        .chain((0..=255).map(|byte| format!("<0x{byte:02X}>")))
        .collect();
    let mut head = Vec::new();
    let (mut keys, mut count) = (Vec::new(), 0_u64);
    let mut key = |name: &str, kind: u32, value: &[u8]| {
        text(&mut keys, name);
        keys.extend(kind.to_le_bytes());
        keys.extend(value);
        count += 1;
    };
    let words = |words: &str| {
        let mut bytes = Vec::new();
        text(&mut bytes, words);
        bytes
    };
    let list = |kind: u32, length: usize, items: Vec<u8>| {
        [&kind.to_le_bytes()[..], &(length as u64).to_le_bytes()[..], &items].concat()
    };
    key("general.architecture", 8, &words("llama"));
    key("general.name", 8, &words("random"));
    for (name, value) in [
        ("llama.context_length", 32_768_u32),
        ("llama.embedding_length", WIDTH as u32),
        ("llama.block_count", 1),
        ("llama.feed_forward_length", INNER as u32),
        ("llama.attention.head_count", 4),
        ("llama.attention.head_count_kv", 4),
        ("llama.rope.dimension_count", 16),
        ("llama.vocab_size", tokens.len() as u32),
        ("tokenizer.ggml.unknown_token_id", 0),
        ("tokenizer.ggml.bos_token_id", 1),
        ("tokenizer.ggml.eos_token_id", 2),
    ] {
        key(name, 4, &value.to_le_bytes());
    }
    key("llama.attention.layer_norm_rms_epsilon", 6, &1e-5_f32.to_le_bytes());
    key("tokenizer.ggml.model", 8, &words("llama"));
    key(
        "tokenizer.ggml.tokens",
        9,
        &list(8, tokens.len(), tokens.iter().flat_map(|token| words(token)).collect()),
    );
    key("tokenizer.ggml.scores", 9, &list(6, tokens.len(), vec![0; 4 * tokens.len()]));
    let kind = |at: usize| match at {
        0 => 2_i32,
        1 | 2 => 3,
        _ => 6,
    };
    let kinds = (0..tokens.len()).flat_map(|at| kind(at).to_le_bytes()).collect();
    key("tokenizer.ggml.token_type", 9, &list(5, tokens.len(), kinds));

    let square = vec![WIDTH, WIDTH];
    let tensors = [
        ("token_embd.weight", vec![WIDTH, tokens.len()]),
        ("blk.0.attn_norm.weight", vec![WIDTH]),
        ("blk.0.attn_q.weight", square.clone()),
        ("blk.0.attn_k.weight", square.clone()),
        ("blk.0.attn_v.weight", square.clone()),
        ("blk.0.attn_output.weight", square),
        ("blk.0.ffn_norm.weight", vec![WIDTH]),
        ("blk.0.ffn_gate.weight", vec![WIDTH, INNER]),
        ("blk.0.ffn_up.weight", vec![WIDTH, INNER]),
        ("blk.0.ffn_down.weight", vec![INNER, WIDTH]),
        ("output_norm.weight", vec![WIDTH]),
        ("output.weight", vec![WIDTH, tokens.len()]),
    ];
    let (mut generator, mut data) = (Generator::new(7), Vec::new());
    let mut infos = Vec::new();
    for (name, shape) in &tensors {
        text(&mut infos, name);
        infos.extend((shape.len() as u32).to_le_bytes());
        shape.iter().for_each(|size| infos.extend((*size as u64).to_le_bytes()));
        infos.extend(0_u32.to_le_bytes());
        infos.extend((data.len() as u64).to_le_bytes());
        for _ in 0..shape.iter().product() {
            data.extend((generator.below(2001) as f32 / 1000.0 - 1.0).to_le_bytes());
        }
    }
    head.extend(b"GGUF");
    head.extend(3_u32.to_le_bytes());
    head.extend((tensors.len() as u64).to_le_bytes());
    head.extend(count.to_le_bytes());
    head.extend(keys);
    head.extend(infos);
    head.resize(head.len().next_multiple_of(32), 0);
    let mut file = std::fs::File::create(path).unwrap();
    file.write_all(&head).unwrap();
    file.write_all(&data).unwrap();
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

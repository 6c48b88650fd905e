//! A small OpenID provider of the tests' own, over HTTP: discovery, keys, a page that lets everybody in, and a token
//! endpoint that checks client, code, redirect and PKCE, and signs with RS256.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey};
use openidconnect::{JsonWebKeyId, PrivateSigningKey as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Made for these tests and used nowhere else.
const KEY: &str = include_str!("provider-key.pem");

/// How the provider cheats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cheat {
    None,
    /// Says that nobody signed.
    Unsigned,
    /// Changes what was signed.
    Forged,
    /// Speaks for another client.
    Audience,
    /// Speaks in another's name.
    Issuer,
    /// Answers another sign-in.
    Nonce,
    /// Is late.
    Expired,
}

/// What happens at the provider.
struct Desk {
    issuer: String,
    /// Claims of whoever comes next.
    person: Value,
    cheat: Cheat,
    /// What was asked for, by code.
    codes: HashMap<String, HashMap<String, String>>,
}

pub(crate) struct Provider {
    pub(crate) issuer: String,
    desk: Arc<Mutex<Desk>>,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let desk =
            Desk { issuer: issuer.clone(), person: Value::Null, cheat: Cheat::None, codes: HashMap::new() };
        let desk = Arc::new(Mutex::new(desk));
        let shared = Arc::clone(&desk);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &mut shared.lock().unwrap());
            }
        });
        Self { issuer, desk }
    }

    /// Says who comes next, and how the provider cheats about them.
    pub(crate) fn expect(&self, person: Value, cheat: Cheat) {
        let mut desk = self.desk.lock().unwrap();
        (desk.person, desk.cheat) = (person, cheat);
    }
}

fn answer(mut stream: TcpStream, desk: &mut Desk) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (status, head, body) = match path {
        "/.well-known/openid-configuration" => ("200 OK", String::new(), discovery(&desk.issuer).to_string()),
        "/keys" => ("200 OK", String::new(), json!({"keys": [key().as_verification_key()]}).to_string()),
        "/authorize" => ("302 Found", format!("location: {}\r\n", authorize(desk, query)), String::new()),
        "/token" => match token(desk, &headers, &String::from_utf8(body).unwrap()) {
            Ok(answer) => ("200 OK", String::new(), answer.to_string()),
            Err(error) => ("400 Bad Request", String::new(), json!({"error": error}).to_string()),
        },
        _ => ("404 Not Found", String::new(), String::new()),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{head}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    // A client that has gone away asks for nothing more.
    let _ = stream.write_all(answer.as_bytes());
}

fn key() -> CoreRsaPrivateSigningKey {
    CoreRsaPrivateSigningKey::from_pem(KEY, Some(JsonWebKeyId::new("k1".to_owned()))).unwrap()
}

fn discovery(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })
}

fn authorize(desk: &mut Desk, query: &str) -> String {
    let asked: HashMap<String, String> = form(query);
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
    let code = format!("code-{}", desk.codes.len());
    let back = format!("{}?code={code}&state={}", asked["redirect_uri"], asked["state"]);
    desk.codes.insert(code, asked);
    back
}

fn token(desk: &mut Desk, headers: &HashMap<String, String>, body: &str) -> Result<Value, &'static str> {
    let sent = form(body);
    let basic = STANDARD.encode("readback:hush");
    if headers.get("authorization") != Some(&format!("Basic {basic}")) {
        return Err("invalid_client");
    }
    let asked = desk.codes.remove(&sent["code"]).ok_or("invalid_grant")?;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(sent["code_verifier"].as_bytes()));
    if asked["code_challenge"] != challenge || asked["redirect_uri"] != sent["redirect_uri"] {
        return Err("invalid_grant");
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut claims = json!({"iss": desk.issuer, "aud": "readback", "iat": now, "exp": now + 300,
                            "nonce": asked["nonce"]});
    claims.as_object_mut().unwrap().extend(desk.person.as_object().unwrap().clone());
    match desk.cheat {
        Cheat::Audience => claims["aud"] = json!("another"),
        Cheat::Issuer => claims["iss"] = json!("https://elsewhere.example"),
        Cheat::Nonce => claims["nonce"] = json!("another"),
        Cheat::Expired => claims["exp"] = json!(now - 3_600),
        Cheat::None | Cheat::Unsigned | Cheat::Forged => {}
    }
    let token = signed(&claims, desk.cheat);
    Ok(json!({"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": token}))
}

fn signed(claims: &Value, cheat: Cheat) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    if cheat == Cheat::Unsigned {
        return format!("{}.{}.", encode(&json!({"alg": "none"})), encode(claims));
    }
    let head = encode(&json!({"alg": "RS256", "kid": "k1"}));
    let text = format!("{head}.{}", encode(claims));
    let signature = key().sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, text.as_bytes()).unwrap();
    let text = match cheat {
        Cheat::Forged => {
            let mut claims = claims.clone();
            claims["groups"] = json!(["RevOps"]);
            format!("{head}.{}", encode(&claims))
        }
        _ => text,
    };
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn form(text: &str) -> HashMap<String, String> {
    openidconnect::url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

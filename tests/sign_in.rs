//! People sign in with a password, stay signed in, and are out when they should be; on both engines.

use std::time::Instant;

use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::postgres::Cluster;
use crate::support::service::Service;

const PASSWORD: &str = "correct horse battery";

struct House {
    service: Service,
    client: Client,
    _data: tempfile::TempDir,
}

impl House {
    fn new(environment: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let service = Service::start(data.path(), environment, &[]);
        let house = Self { service, client: Client::new(), _data: data };
        for (login, role) in [("Ada@Tillwise.example", "ae"), ("max@tillwise.example", "manager")] {
            house.service.run_with(&["user", "create", login, "--role", role, "--password"], PASSWORD);
        }
        house
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(method.parse().unwrap(), format!("{}{path}", self.service.address))
    }

    fn try_to_sign_in(&self, login: &str, password: &str) -> Response {
        let body = json!({"login": login, "password": password});
        self.request("POST", "/v1/sign-in").json(&body).send().unwrap()
    }

    /// Signs in and returns the cookie as a browser sends it back.
    fn sign_in(&self, login: &str) -> String {
        let response = self.try_to_sign_in(login, PASSWORD);
        assert_eq!(response.status(), 200);
        cookie(&response)
    }

    fn status(&self, method: &str, path: &str, cookie: &str) -> u16 {
        let origin = self.service.address.clone();
        let request = self.request(method, path).header("cookie", cookie).header("origin", origin);
        request.send().unwrap().status().as_u16()
    }
}

fn cookie(response: &Response) -> String {
    let line = response.headers()["set-cookie"].to_str().unwrap();
    line.split(';').next().unwrap().to_owned()
}

fn check(house: &House) {
    let answer = house.try_to_sign_in("ada@tillwise.EXAMPLE ", PASSWORD);
    let line = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax") && !line.contains("Secure"), "{line}");
    let who: Value = answer.json().unwrap();
    assert_eq!((&who["name"], &who["role"]), (&json!("ada@tillwise.example"), &json!("ae")));

    let first = house.sign_in("ada@tillwise.example");
    assert_eq!(house.status("GET", "/v1/deals", &first), 200);
    assert_eq!(house.status("GET", "/metrics", &first), 403);
    let answer = house
        .request("POST", "/v1/sign-in")
        .header("cookie", &first)
        .json(&json!({"login": "ada@tillwise.example", "password": PASSWORD}));
    let second = cookie(&answer.send().unwrap());
    assert_ne!(first, second, "a new secret at every sign-in");
    assert_eq!(house.status("GET", "/v1/deals", &first), 401, "what the browser had before opens nothing");
    assert_eq!(house.status("DELETE", "/v1/session", &second), 204);
    assert_eq!(house.status("GET", "/v1/deals", &second), 401, "signed out at the server");
    let doubled = format!("{}; readback=x", house.sign_in("ada@tillwise.example"));
    assert_eq!(house.status("GET", "/v1/deals", &doubled), 401);

    no_page_of_others_acts_for_a_person(house);
    a_new_password_and_a_closed_account_end_every_session(house);
    all_of_it_is_on_record(house);
}

/// Who came, went, was refused or was given rights stands in the audit trail, and the trail holds.
fn all_of_it_is_on_record(house: &House) {
    let trail = house.service.get("/v1/audit?limit=200").1;
    let rows = trail["items"].as_array().unwrap_or_else(|| panic!("{trail:#}"));
    let has = |action: &str, actor: &str, target: &str| {
        let row = rows.iter().any(|row| {
            (row["action"].as_str(), row["actor"].as_str(), row["target"].as_str())
                == (Some(action), Some(actor), Some(target))
        });
        assert!(row, "no {action} by {actor} of {target} in {trail:#}");
    };
    has("signed_in", "ada@tillwise.example", "session");
    has("signed_out", "ada@tillwise.example", "session");
    has("sign_in_refused", "max@tillwise.example", "session");
    has("permission_changed", "max@tillwise.example", "max@tillwise.example");
    has("permission_changed", "command line", "max@tillwise.example");
    assert!(!trail.to_string().contains(PASSWORD));
    house.service.run(&["audit", "verify"]);
}

fn no_page_of_others_acts_for_a_person(house: &House) {
    let cookie = house.sign_in("ada@tillwise.example");
    let send = |headers: &[(&str, &str)]| {
        let request = house.request("POST", "/v1/calls?id=forged").header("cookie", &cookie);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response =
            request.header("content-type", "text/plain").body("Ola: Hi.\nMira: Hello.\n").send().unwrap();
        response.status().as_u16()
    };
    let ours = house.service.address.as_str();
    assert_eq!(send(&[]), 403, "a browser says who sent it");
    assert_eq!(send(&[("origin", "null")]), 403);
    assert_eq!(send(&[("origin", "https://evil.example")]), 403);
    assert_eq!(send(&[("sec-fetch-site", "cross-site"), ("origin", ours)]), 403);
    assert_eq!(send(&[("sec-fetch-site", "same-site")]), 403);
    assert_eq!(send(&[("origin", "https://evil.example"), ("hx-request", "true")]), 403);
    assert_eq!(house.service.get("/v1/calls/forged").0, 404, "nothing was kept");
    assert_eq!(send(&[("sec-fetch-site", "same-origin"), ("origin", ours)]), 201);
    let body = json!({"login": "ada@tillwise.example", "password": PASSWORD});
    let forged = house.request("POST", "/v1/sign-in").header("origin", "https://evil.example").json(&body);
    assert_eq!(forged.send().unwrap().status(), 403, "nobody is signed in by a page of others");
}

fn a_new_password_and_a_closed_account_end_every_session(house: &House) {
    let (one, other) = (house.sign_in("max@tillwise.example"), house.sign_in("max@tillwise.example"));
    let change = |current: &str, new: &str| {
        let request = house.request("PUT", "/v1/session/password").header("cookie", &one);
        let request = request.header("origin", &house.service.address);
        request.json(&json!({"current": current, "new": new})).send().unwrap()
    };
    let easy: Value = change(PASSWORD, "short").json().unwrap();
    assert_eq!(easy["errors"][0]["pointer"], "/new", "{easy}");
    let wrong: Value = change("wrong", "another horse battery").json().unwrap();
    assert_eq!(wrong["errors"][0]["pointer"], "/current", "{wrong}");
    assert_eq!(change(PASSWORD, "another horse battery").status(), 204);
    assert_eq!([&one, &other].map(|cookie| house.status("GET", "/v1/deals", cookie)), [401, 401]);
    assert_eq!(house.try_to_sign_in("max@tillwise.example", PASSWORD).status(), 401);

    house.service.run_with(&["user", "password", "max@tillwise.example"], PASSWORD);
    let cookie = house.sign_in("max@tillwise.example");
    house.service.run(&["user", "role", "max@tillwise.example", "cs_manager"]);
    assert_eq!(house.status("GET", "/v1/deals", &cookie), 200);
    house.service.run(&["user", "disable", "max@tillwise.example"]);
    assert_eq!(house.status("GET", "/v1/deals", &cookie), 401);
    assert_eq!(house.try_to_sign_in("max@tillwise.example", PASSWORD).status(), 401);
    house.service.run(&["user", "enable", "max@tillwise.example"]);
    assert_eq!(house.status("GET", "/v1/deals", &cookie), 401, "an opened account begins without sessions");
}

#[test]
fn people_sign_in_and_are_out_when_they_should_be() {
    check(&House::new(&[]));
}

#[test]
fn people_sign_in_and_are_out_when_they_should_be_on_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    check(&House::new(&[("READBACK_STORE__URL", &cluster.database("sign_in"))]));
}

#[test]
fn an_unknown_login_is_answered_as_a_wrong_password_and_guessing_is_slowed_down() {
    let house = House::new(&[]);
    let timed = |login: &str| {
        let started = Instant::now();
        let response = house.try_to_sign_in(login, "not the password");
        assert_eq!(response.status(), 401);
        (started.elapsed(), response.text().unwrap())
    };
    timed("ada@tillwise.example");
    let known: Vec<_> = (0..3).map(|_| timed("ada@tillwise.example")).collect();
    let unknown: Vec<_> = (0..3).map(|n| timed(&format!("nobody-{n}@tillwise.example"))).collect();
    assert!(known.iter().chain(&unknown).all(|(_, body)| *body == known[0].1), "one answer for both");
    let quickest = |all: &[(std::time::Duration, String)]| all.iter().map(|(time, _)| *time).min().unwrap();
    let ratio = quickest(&unknown).as_secs_f64() / quickest(&known).as_secs_f64();
    assert!((0.3..3.0).contains(&ratio), "an unknown login took {ratio} times as long");

    let slowed = (0..20).map(|_| house.try_to_sign_in("ada@tillwise.example", "not the password"));
    let slowed =
        slowed.into_iter().find(|response| response.status() == 429).expect("guessing is slowed down");
    assert!(slowed.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
    let right = house.try_to_sign_in("ada@tillwise.example", PASSWORD);
    assert_eq!(right.status(), 429, "the right one is not told apart from the others");
}

#[test]
fn a_session_ends_by_itself_and_is_safe_behind_tls() {
    let https = ("READBACK_SERVER__PUBLIC_URL", "https://readback.example");
    let house = House::new(&[https, ("READBACK_SIGN_IN__IDLE_MINUTES", "0")]);
    let response = house.try_to_sign_in("ada@tillwise.example", PASSWORD);
    let line = response.headers()["set-cookie"].to_str().unwrap();
    assert!(line.starts_with("__Host-readback=") && line.ends_with("; Secure"), "{line}");
    let cookie = cookie(&response);
    assert_eq!(house.status("GET", "/v1/deals", &cookie), 401, "idle for too long");

    let house = House::new(&[("READBACK_SIGN_IN__SESSION_HOURS", "0")]);
    let cookie = house.sign_in("ada@tillwise.example");
    assert_eq!(house.status("GET", "/v1/deals", &cookie), 401, "over, whatever happened");
}

#[test]
fn a_password_is_read_from_standard_input_and_never_shown() {
    let house = House::new(&[]);
    let listed = house.service.run(&["user", "list"]);
    assert!(!listed.contains("argon2") && !listed.contains(PASSWORD), "{listed}");
    let short = house.service.try_with(&["user", "password", "ada@tillwise.example"], "short");
    assert_eq!(short.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&short.stderr).contains("12 to 256 characters"));
}

#[test]
fn a_flood_of_posts_is_slowed_down_by_caller() {
    let house = House::new(&[]);
    let recorder = house.service.make_token(&["--name", "zoom", "--role", "recorder"]);
    let post = |token: &str| house.service.request_as(Some(token), "POST", "/v1/calls").send().unwrap();
    let slowed = (0..5_000).map(|_| post(&recorder)).find(|response| response.status() == 429);
    let slowed = slowed.expect("a flood is slowed down");
    assert!(slowed.headers().contains_key("retry-after"));
    assert_eq!(post(&house.service.token).status(), 400, "others are not disturbed");
}

//! People sign in at an OpenID provider; a small real one runs inside the test.

use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::support::provider::{Cheat, Provider};
use crate::support::service::{Service, readback};

struct House {
    service: Service,
    provider: Provider,
    client: Client,
    _data: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let provider = Provider::start();
        let data = tempfile::tempdir().unwrap();
        let settings = data.path().join("settings.toml");
        let text = format!(
            "[server]\npublic_url = \"https://readback.example\"\n[oidc]\nissuer = \"{}\"\nclient_id = \"readback\"\n\
             client_secret = \"hush\"\n[oidc.roles]\n\"Sales EMEA\" = \"ae\"\n\"CS Leads\" = \"cs_manager\"\nRevOps = \"admin\"\n",
            provider.issuer
        );
        std::fs::write(&settings, text).unwrap();
        let service = Service::start(data.path(), &[("READBACK_CONFIG", settings.to_str().unwrap())], &[]);
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { service, provider, client, _data: data }
    }

    fn get(&self, url: &str, cookie: Option<&str>) -> Response {
        // The service is behind TLS for browsers; the test speaks to it directly.
        let url = url.replace("https://readback.example", &self.service.address);
        let request = self.client.get(url);
        cookie.iter().fold(request, |request, cookie| request.header("cookie", *cookie)).send().unwrap()
    }

    /// Goes to the provider and returns where it sends the browser back to, and the browser's cookie.
    fn go(&self, next: &str) -> (String, String) {
        let answer = self.get(&format!("{}/v1/sign-in/oidc{next}", self.service.address), None);
        assert_eq!(answer.status(), 303, "{:?}", answer.text());
        let cookie = cookies(&answer).remove(0);
        assert!(cookie.starts_with("__Host-readback-sign-in="));
        (location(&self.get(&location(&answer), None)), cookie)
    }

    /// Signs `person` in and returns the last answer.
    fn sign_in(&self, person: Value, cheat: Cheat) -> Response {
        self.provider.expect(person, cheat);
        let (back, cookie) = self.go("?next=/v1/deals");
        self.get(&back, Some(&cookie))
    }
}

fn location(answer: &Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn cookies(answer: &Response) -> Vec<String> {
    let lines = answer.headers().get_all("set-cookie").iter();
    lines.map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned()).collect()
}

fn ola() -> Value {
    json!({"sub": "u-17", "email": "Ola@tillwise.example", "email_verified": true, "name": "Ola Berg",
           "groups": ["Everybody", "Sales EMEA"]})
}

#[test]
fn a_person_is_what_their_groups_say_today() {
    let house = House::new();
    let answer = house.sign_in(ola(), Cheat::None);
    assert_eq!((answer.status().as_u16(), location(&answer).as_str()), (303, "/v1/deals"));
    let session = cookies(&answer).into_iter().find(|cookie| cookie.starts_with("__Host-readback=")).unwrap();
    let who = |cookie: &str| -> Value {
        house.get(&format!("{}/v1/session", house.service.address), Some(cookie)).json().unwrap()
    };
    assert_eq!(
        (&who(&session)["name"], &who(&session)["role"]),
        (&json!("ola@tillwise.example"), &json!("ae"))
    );

    let mut promoted = ola();
    promoted["groups"] = json!(["Sales EMEA", "CS Leads"]);
    promoted["email"] = json!("ola.berg@tillwise.example");
    assert_eq!(house.sign_in(promoted, Cheat::None).status(), 303);
    assert_eq!(who(&session)["role"], "ae", "of several roles the first counts");
    let mut moved = ola();
    moved["groups"] = json!("CS Leads");
    assert_eq!(house.sign_in(moved, Cheat::None).status(), 303);
    assert_eq!(who(&session)["role"], "cs_manager", "the session follows");
    let users: Value = serde_json::from_str(&house.service.run(&["user", "list"])).unwrap();
    assert_eq!(users.as_array().unwrap().len(), 1, "one person, whatever their address is: {users}");
    let row = &users[0];
    assert_eq!((&row["login"], &row["name"]), (&json!("ola@tillwise.example"), &json!("Ola Berg")));

    house.service.run(&["user", "disable", "ola@tillwise.example"]);
    assert_eq!(house.sign_in(ola(), Cheat::None).status(), 403);
    let mut stranger = ola();
    (stranger["sub"], stranger["email"], stranger["groups"]) =
        (json!("u-18"), json!("x@y.example"), json!(["Facilities"]));
    assert_eq!(house.sign_in(stranger, Cheat::None).status(), 403, "no group, no role, no account");
}

#[test]
fn an_account_is_opened_only_by_whom_it_waits_for() {
    let house = House::new();
    house.service.run(&["user", "create", "ola@tillwise.example", "--role", "csm"]);
    house.service.run_with(
        &["user", "create", "root@tillwise.example", "--role", "admin", "--password"],
        "correct horse battery",
    );
    let mut taken = ola();
    taken["email"] = json!("root@tillwise.example");
    assert_eq!(
        house.sign_in(taken, Cheat::None).status(),
        403,
        "an account with a password is nobody else's"
    );
    let mut unproven = ola();
    (unproven["email_verified"], unproven["preferred_username"]) =
        (json!(false), json!("ola@tillwise.example"));
    assert_eq!(house.sign_in(unproven, Cheat::None).status(), 403, "anybody can claim an address");
    assert_eq!(house.sign_in(ola(), Cheat::None).status(), 303);
    let users: Value = serde_json::from_str(&house.service.run(&["user", "list"])).unwrap();
    assert_eq!(users.as_array().unwrap().len(), 2, "{users}");
}

#[test]
fn a_token_that_is_not_the_providers_for_this_sign_in_opens_nothing() {
    let house = House::new();
    for cheat in
        [Cheat::Unsigned, Cheat::Forged, Cheat::Audience, Cheat::Issuer, Cheat::Nonce, Cheat::Expired]
    {
        let answer = house.sign_in(ola(), cheat);
        assert_eq!(answer.status(), 502, "{cheat:?}");
        assert!(cookies(&answer).is_empty(), "{cheat:?}");
    }
    assert_eq!(house.service.run(&["user", "list"]).trim(), "[]", "nobody got an account");
}

#[test]
fn only_the_browser_that_began_ends_a_sign_in_and_once() {
    let house = House::new();
    house.provider.expect(ola(), Cheat::None);
    let (back, cookie) = house.go("");
    let (_, other) = house.go("");
    assert_eq!(house.get(&back, None).status(), 400);
    assert_eq!(house.get(&back, Some(&other)).status(), 400, "a link that somebody else sent");
    assert_eq!(house.get(&format!("{back}x"), Some(&cookie)).status(), 400);
    let answer = house.get(&back, Some(&cookie));
    assert_eq!((answer.status().as_u16(), location(&answer).as_str()), (303, "/"));
    assert_eq!(house.get(&back, Some(&cookie)).status(), 400, "once");
    for next in ["//evil.example", "https://evil.example", "/%5Cevil.example", "/%09/evil.example"] {
        let url = format!("{}/v1/sign-in/oidc?next={next}", house.service.address);
        assert_eq!(house.get(&url, None).status(), 400, "{next}");
    }
}

#[test]
fn settings_that_would_not_work_are_refused_at_the_start() {
    let data = tempfile::tempdir().unwrap();
    let cases = [
        ("[oidc]\nissuer = \"http://idp.example\"\n", "https://"),
        ("[oidc]\nissuer = \"https://idp.example\"\n", "oidc.client_id"),
        ("[oidc]\nissuer = \"https://idp.example\"\nclient_id = \"x\"\n", "server.public_url"),
        ("[oidc.roles]\nSales = \"boss\"\n", "boss"),
        ("[server]\npublic_url = \"readback.example\"\n", "https://readback.example"),
    ];
    for (text, said) in cases {
        let settings = data.path().join("settings.toml");
        std::fs::write(&settings, text).unwrap();
        let (settings, data) = (settings.to_str().unwrap(), data.path().to_str().unwrap());
        let output = readback(&["serve", "--listen", "127.0.0.1:0", "--config", settings, "--data", data]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(said), "{text}: {error}");
    }
}

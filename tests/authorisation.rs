//! Every route of the OpenAPI document and every page × every kind of caller, against the table in `authorisation.toml`, on both
//! engines: a new route without a row there fails.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::postgres::Cluster;
use crate::support::service::Service;

/// A word that was said on the call of the restricted deal alone.
const CANARY: &str = "zebrafish";

/// The page to which whoever has not signed in is sent.
const SIGN_IN: &str = "/sign-in";

/// Roles that a token can have.
const ROLES: [&str; 6] = ["admin", "ae", "csm", "manager", "cs_manager", "recorder"];

/// What the table says of a route.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Row {
    may: BTreeSet<String>,
    scope: String,
    open: bool,
    params: BTreeMap<String, String>,
    answer: Option<u16>,
    spare: bool,
}

impl Row {
    /// Tells whether `status` is that of a request which got past the guard.
    fn passed(&self, status: u16) -> bool {
        self.answer == Some(status) || (!matches!(status, 401 | 403 | 404 | 405) && status < 500)
    }
}

fn table() -> BTreeMap<String, Row> {
    toml::from_str(include_str!("authorisation.toml")).unwrap()
}

/// Returns method and path of every page, as the source of the pages' router names them: nothing else lists them.
fn pages() -> Vec<(String, String)> {
    let source = include_str!("../src/web/mod.rs");
    let mut pages = Vec::new();
    for route in source.split(".route(\"").skip(1) {
        let (path, handlers) = route.split_once('"').unwrap();
        let handlers = handlers.split(['\n', ';']).next().unwrap();
        let methods = ["get", "post", "put", "delete", "patch"];
        let known = methods.iter().filter(|method| handlers.contains(&format!("{method}(")));
        let known: Vec<_> = known.map(|method| (method.to_uppercase(), path.to_owned())).collect();
        assert!(!known.is_empty(), "no method is read of {path}");
        pages.extend(known);
    }
    pages
}

/// A service with a deal for everybody, a restricted one, and people of every kind.
struct House {
    service: Service,
    /// Token by who has it: `ae` is a machine, `outsider ae` a person, `member ae` a member of the restricted deal.
    tokens: BTreeMap<String, String>,
    _data: tempfile::TempDir,
}

impl House {
    fn new(environment: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let service = Service::start(data.path(), environment, &[]);
        let mut house = Self { service, tokens: BTreeMap::new(), _data: data };
        house.deliver("open", "whiteboard");
        house.deliver("secret", CANARY);
        for role in ROLES {
            let token = house.service.make_token(&["--name", role, "--role", role]);
            house.tokens.insert(role.to_owned(), token);
        }
        for role in ["ae", "csm", "manager", "cs_manager"] {
            for kind in ["outsider", "member", "lead"] {
                house.person(kind, role);
            }
        }
        for scope in ["read", "deliver"] {
            let token = house.service.make_token(&["--name", "narrow", "--role", "admin", "--scope", scope]);
            house.tokens.insert(format!("only {scope}"), token);
        }
        house.end_some_tokens();
        house.restrict();
        house
    }

    fn deliver(&self, name: &str, word: &str) {
        let said = format!("Mira Holt: Hi.\nOla Berg: We'll have the {word} sync live by the end of June.\n");
        let participants =
            json!([{"name": "Mira Holt", "side": "customer"}, {"name": "Ola Berg", "side": "rep"}]);
        let body = json!({"call": {"id": format!("{name}-call"), "participants": participants},
                          "deal": {"deal": format!("{name}-deal"), "account": format!("{name} account")},
                          "transcript": said});
        assert_eq!(self.service.request("POST", "/v1/calls").json(&body).send().unwrap().status(), 201);
        self.service.wait(&format!("/v1/promises?deal={name}-deal"), |list| list["items"][0].is_object());
        self.service.wait(&format!("/v1/search?q={word}"), |found| found["total"] == 1);
    }

    /// Makes a person; members and those who lead are in one team, outsiders in another.
    fn person(&mut self, kind: &str, role: &str) {
        let login = format!("{kind}-{role}@tillwise.example");
        self.service.run(&["user", "create", &login, "--role", role]);
        let team = if kind == "outsider" { "blue" } else { "red" };
        self.service.run(&["user", "team", &login, team]);
        let token = self.service.make_token(&["--name", "mine", "--user", &login]);
        self.tokens.insert(format!("{kind} {role}"), token);
    }

    fn restrict(&self) {
        let members: Vec<_> = ["ae", "csm", "manager", "cs_manager"]
            .map(|role| format!("member-{role}@tillwise.example"))
            .into();
        let tag = self.service.request("GET", "/v1/deals/secret-deal/access").send().unwrap();
        let put = self
            .service
            .request("PUT", "/v1/deals/secret-deal/access")
            .header("if-match", &tag.headers()["etag"])
            .json(&json!({"restricted": true, "members": members}));
        assert_eq!(put.send().unwrap().status(), 200);
    }

    fn end_some_tokens(&mut self) {
        let revoked = self.service.make_token(&["--name", "revoked", "--role", "admin"]);
        let listed: Value = serde_json::from_str(&self.service.run(&["token", "list"])).unwrap();
        let row = listed.as_array().unwrap().iter().find(|row| row["name"] == "revoked").unwrap();
        self.service.run(&["token", "revoke", row["id"].as_str().unwrap()]);
        self.service.run(&["user", "create", "gone@tillwise.example", "--role", "admin"]);
        let gone = self.service.make_token(&["--name", "gone", "--user", "gone@tillwise.example"]);
        self.service.run(&["user", "disable", "gone@tillwise.example"]);
        self.tokens.extend([("revoked".to_owned(), revoked), ("gone".to_owned(), gone)]);
    }

    /// Returns method, path with its parameters as they are, and the table's row of every route and page.
    fn routes(&self) -> Vec<(String, String, Row)> {
        let (_, document) = self.service.get("/openapi.json");
        let table = table();
        let mut routes = Vec::new();
        let documented = document["paths"].as_object().unwrap().iter().flat_map(|(path, operations)| {
            let methods = operations.as_object().unwrap().keys();
            methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
        });
        for (method, path) in documented.chain(pages()) {
            let route = format!("{method} {path}");
            let row = table.get(&route);
            let row = row.unwrap_or_else(|| panic!("{route} has no row in tests/authorisation.toml"));
            routes.push((method, path, row.clone()));
        }
        assert_eq!(routes.len(), table.len(), "the table has a row for a route that is gone");
        routes
    }

    fn send(&self, who: Option<&str>, method: &str, path: &str) -> (u16, String) {
        let token = who.map(|who| self.tokens.get(who).unwrap_or_else(|| panic!("nobody is `{who}`")));
        let response = self.service.request_as(token.map(String::as_str), method, path).send().unwrap();
        // A page asks who it is in place of a 401.
        let asks_who = path != SIGN_IN && response.url().path() == SIGN_IN;
        let status = if asks_who { 401 } else { response.status().as_u16() };
        (status, response.text().unwrap())
    }
}

/// Fills the parameters of a path.
fn filled(path: &str, row: &Row, which: &str) -> String {
    let mut filled =
        path.replace("{deal}", &format!("{which}-deal")).replace("{call}", &format!("{which}-call"));
    for (name, value) in &row.params {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    assert!(!filled.contains('{'), "{path}: name its other parameters as `params` in the table");
    filled
}

fn check_every_route(house: &House) {
    let mut wrong = Vec::new();
    for (method, path, row) in house.routes() {
        let mut expect = |who: Option<&str>, which: &str, expected: Option<u16>| {
            if expected.is_none() && row.spare {
                return;
            }
            let (status, body) = house.send(who, &method, &filled(&path, &row, which));
            let held = expected.map_or_else(|| row.passed(status), |expected| status == expected);
            if !held {
                let expected = expected.map_or("to pass".to_owned(), |status| status.to_string());
                let who = who.unwrap_or("anonymous");
                wrong.push(format!(
                    "{method} {path} ({which}) as {who}: {status}, expected {expected}: {body}"
                ));
            }
        };
        if row.open {
            expect(None, "open", None);
            continue;
        }
        for who in [None, Some("revoked"), Some("gone")] {
            expect(who, "open", Some(401));
        }
        let guarded = |role: &str| (!row.may.contains(role)).then_some(403);
        let hides = path.contains("{deal}") || path.contains("{call}");
        for role in ROLES {
            expect(Some(role), "open", guarded(role));
            let sees_all = role == "admin" || !hides;
            expect(Some(role), "secret", guarded(role).or((!sees_all).then_some(404)));
        }
        for role in ["ae", "csm", "manager", "cs_manager"] {
            expect(Some(&format!("outsider {role}")), "open", guarded(role));
            expect(Some(&format!("outsider {role}")), "secret", guarded(role).or(hides.then_some(404)));
            expect(Some(&format!("member {role}")), "secret", guarded(role));
            // An AE in a member's team is a colleague, a manager there leads the member.
            let leads = role.ends_with("manager") || !hides;
            expect(Some(&format!("lead {role}")), "secret", guarded(role).or((!leads).then_some(404)));
        }
        if row.scope.is_empty() {
            continue;
        }
        let other = if row.scope == "read" { "deliver" } else { "read" };
        expect(Some(&format!("only {other}")), "open", Some(403));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is not there for somebody shows in no list, count, suggestion or difference between two refusals.
fn check_that_hidden_is_not_there(house: &House) {
    let lists = [
        "/v1/deals",
        "/v1/calls",
        "/v1/promises",
        "/v1/calls?deal=secret-deal",
        "/v1/promises?deal=secret-deal",
        "/v1/search?q=sync&facets=true",
        "/v1/search?q=deal:secret-deal&facets=true",
        "/v1/search?q=zebra&typing=true",
        "/v1/search?q=sync%20OR%20zebrafish&deal=secret-deal&facets=true",
    ];
    for path in lists {
        for who in ["outsider ae", "outsider manager", "ae", "lead csm"] {
            let (status, body) = house.send(Some(who), "GET", path);
            assert_eq!(status, 200, "{path}: {body}");
            assert!(!body.contains(CANARY) && !body.contains("secret"), "{path} as {who}: {body}");
        }
    }
    let search = "/v1/search?q=sync&facets=true";
    let counts = |who: &str| {
        let found: Value = serde_json::from_str(&house.send(Some(who), "GET", search).1).unwrap();
        let deals: u64 = found["facets"]["side"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["count"].as_u64().unwrap())
            .sum();
        (found["total"].as_u64().unwrap(), deals)
    };
    assert_eq!(
        (counts("outsider ae"), counts("member ae"), counts("lead manager")),
        ((1, 1), (2, 2), (2, 2))
    );
    assert_eq!(counts("admin"), (2, 2));
    for (_, path, row) in house.routes().into_iter().filter(|(method, _, row)| method == "GET" && !row.open) {
        let hidden = house.send(Some("outsider cs_manager"), "GET", &filled(&path, &row, "secret"));
        if path.contains('{') {
            let missing = house.send(Some("outsider cs_manager"), "GET", &filled(&path, &row, "no"));
            assert_eq!(hidden, missing, "{path}: a hidden thing and a missing one get one answer");
        }
    }
}

/// Nobody writes where they may not look.
fn check_that_nobody_delivers_blindly(house: &House) {
    let post = |who: &str, query: &str, words: &str| {
        let request =
            house.service.request_as(Some(&house.tokens[who]), "POST", &format!("/v1/calls?{query}"));
        request.header("content-type", "text/plain").body(words.to_owned()).send().unwrap().status().as_u16()
    };
    let words = "Mira Holt: I take it all back.\nOla Berg: Good.\n";
    assert_eq!(post("outsider ae", "id=secret-call", words), 404);
    assert_eq!(post("outsider ae", "id=new-call&deal=secret-deal", words), 404);
    assert_eq!(post("member ae", "id=new-call&deal=secret-deal", words), 201);
    let said = format!("Mira Holt: Hi.\nOla Berg: We'll have the {CANARY} sync live by the end of June.\n");
    assert_eq!(post("outsider ae", "", &said), 404, "the same bytes are a call that is not theirs");
    assert_eq!(post("recorder", "id=late-call&deal=secret-deal", &words.replace("Good", "Fine")), 201);
}

fn check(house: &House) {
    check_every_route(house);
    check_that_hidden_is_not_there(house);
    check_that_nobody_delivers_blindly(house);
}

#[test]
fn everybody_gets_what_the_table_says() {
    check(&House::new(&[]));
}

#[test]
fn everybody_gets_what_the_table_says_on_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    check(&House::new(&[("READBACK_STORE__URL", &cluster.database("authorisation"))]));
}

#[test]
fn a_guest_has_neither_account_nor_token() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let token: &[&str] = &["token", "create", "--name", "x", "--role", "guest"];
    for args in [token, &["user", "create", "x", "--role", "guest"]] {
        let mut args = args.to_vec();
        args.extend(["--data", data]);
        let output = crate::support::service::readback(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("plan"), "{args:?}");
    }
}

//! Accounts and tokens over HTTP: made, changed, closed, and what nobody may do; on both engines.

use serde_json::{Value, json};

use crate::support::postgres::Cluster;
use crate::support::service::Service;

fn send(service: &Service, token: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = service.request_as(Some(token), method, path);
    let answer = if body.is_null() { request } else { request.json(body) }.send().unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().unwrap_or(Value::Null))
}

fn check(service: &Service) {
    let admin = &service.make_token(&["--name", "root", "--role", "admin"]);
    let post = |path: &str, body: Value| send(service, admin, "POST", path, &body);
    let (status, made) =
        post("/v1/users", json!({"login": " Ola@Tillwise.example", "name": "Ola", "role": "ae"}));
    assert_eq!((status, &made["login"]), (201, &json!("ola@tillwise.example")), "{made}");
    let wrong = [
        (json!({"login": "ola@tillwise.example", "role": "ae"}), 409, "/problems/login-taken"),
        (json!({"login": " ", "role": "ae"}), 400, "/login"),
        (json!({"login": "r", "role": "recorder"}), 400, "/role"),
        (json!({"login": "s", "role": "ae", "password": "short"}), 400, "/password"),
        (json!({"login": "a\u{7}b", "role": "ae"}), 400, "/login"),
    ];
    for (body, status, word) in wrong {
        let (got, problem) = post("/v1/users", body);
        assert!(got == status && problem.to_string().contains(word), "{got} {problem}");
    }

    let patch =
        |login: &str, body: Value| send(service, admin, "PATCH", &format!("/v1/users/{login}"), &body);
    let teams = json!({"teams": ["north", "key accounts"], "role": "manager"});
    assert_eq!(patch("OLA@tillwise.example", teams).0, 204);
    assert_eq!(patch("ola@tillwise.example", json!({"teams": ["north"]})).0, 204);
    assert_eq!(patch("nobody", json!({"role": "ae"})).0, 404);
    assert_eq!(patch("ola@tillwise.example", json!({"colour": "red"})).0, 422);
    let (_, users) = send(service, admin, "GET", "/v1/users", &Value::Null);
    let ola = &users["items"][0];
    assert_eq!((&ola["role"], &ola["teams"]), (&json!("manager"), &json!(["north"])), "{users}");
    assert!(!users.to_string().contains("argon2"));

    // A person's token dies with the account, and comes back with it.
    let (status, token) =
        post("/v1/tokens", json!({"name": "mine", "user": "ola@tillwise.example", "days": 3}));
    assert_eq!(status, 201, "{token}");
    let theirs = token["token"].as_str().unwrap();
    let opens = |token: &str| send(service, token, "GET", "/v1/deals", &Value::Null).0;
    assert_eq!(opens(theirs), 200);
    assert_eq!(patch("ola@tillwise.example", json!({"closed": true})).0, 204);
    assert_eq!(opens(theirs), 401);
    assert_eq!(patch("ola@tillwise.example", json!({"closed": true})).0, 204, "twice is once");
    assert_eq!(patch("ola@tillwise.example", json!({"closed": false})).0, 204);
    assert_eq!(opens(theirs), 200);
    let (_, tokens) = send(service, admin, "GET", "/v1/tokens", &Value::Null);
    assert!(!tokens.to_string().contains(theirs), "a secret is shown once");
    let id = token["id"].as_str().unwrap();
    assert_eq!(send(service, admin, "DELETE", &format!("/v1/tokens/{id}"), &Value::Null).0, 204);
    assert_eq!(send(service, admin, "DELETE", &format!("/v1/tokens/{id}"), &Value::Null).0, 404);
    assert_eq!(opens(theirs), 401);
    let refused = [
        json!({"name": "x", "role": "guest"}),
        json!({"name": "x", "role": "recorder", "scopes": ["read"]}),
        json!({"name": "x", "role": "ae", "user": "ola@tillwise.example"}),
        json!({"name": "x"}),
        json!({"name": "", "role": "ae"}),
        json!({"name": "x", "role": "ae", "days": 0}),
        json!({"name": "x", "user": "nobody@tillwise.example"}),
        json!({"name": "x", "role": "ae", "scopes": ["fly"]}),
    ];
    for body in refused {
        let (status, problem) = post("/v1/tokens", body.clone());
        assert_eq!(status, 400, "{body}: {problem}");
    }

    // A token that was narrowed makes none that may do more.
    let (_, narrow) =
        post("/v1/tokens", json!({"name": "narrow", "role": "admin", "scopes": ["admit", "read"]}));
    let narrow = narrow["token"].as_str().unwrap();
    for (scopes, status) in [(json!([]), 403), (json!(["operate"]), 403), (json!(["read"]), 201)] {
        let wish = json!({"name": "more", "role": "admin", "scopes": scopes});
        let (got, told) = send(service, narrow, "POST", "/v1/tokens", &wish);
        assert_eq!(got, status, "{wish}: {told}");
    }

    // Nor does it make or change an account that may do more; it can close one.
    let ola = "/v1/users/ola@tillwise.example";
    let cases = [
        ("POST", "/v1/users", json!({"login": "eve", "role": "admin", "password": "quite long enough"}), 403),
        ("POST", "/v1/users", json!({"login": "eve", "role": "csm"}), 403),
        ("PATCH", ola, json!({"role": "admin"}), 403),
        ("PATCH", ola, json!({"password": "quite long enough"}), 403),
        ("PATCH", ola, json!({"closed": true, "teams": []}), 403),
        ("PATCH", ola, json!({"closed": true}), 204),
        ("PATCH", ola, json!({"closed": false}), 403),
    ];
    for (method, path, body, status) in cases {
        let (got, told) = send(service, narrow, method, path, &body);
        assert_eq!(got, status, "{method} {path} {body}: {told}");
        assert!(got != 403 || told["errors"][0]["pointer"] == "/role", "{method} {path} {body}: {told}");
    }
    assert_eq!(patch("ola@tillwise.example", json!({"closed": false})).0, 204);
    let of_manager = ["admit", "read", "ask", "hand_off", "measure", "grant", "discuss"];
    let (_, wider) = post("/v1/tokens", json!({"name": "wider", "role": "admin", "scopes": of_manager}));
    let wider = wider["token"].as_str().unwrap();
    for (role, status) in [("manager", 201), ("admin", 403), ("ae", 403)] {
        let wish = json!({"login": format!("{role}-made"), "role": role});
        assert_eq!(send(service, wider, "POST", "/v1/users", &wish).0, status, "{role}");
    }

    // Of many who change what they saw at once, one is first and the others learn of it.
    let changed = std::thread::scope(|scope| {
        let roles = ["ae", "csm", "cs_manager", "admin", "ae", "csm"];
        let change = |role| move || patch("manager-made", json!({"role": role, "was_role": "manager"})).0;
        let asked: Vec<_> = roles.map(|role| scope.spawn(change(role))).into_iter().collect();
        let got = asked.into_iter().map(|asked| asked.join().unwrap());
        got.filter(|status| *status == 204).count()
    });
    assert_eq!(changed, 1);

    // Of two administrators who look at one account, the second learns of the first; a comma is in no team.
    let overtaken = json!({"role": "csm", "was_role": "ae"});
    let (status, problem) = patch("ola@tillwise.example", overtaken);
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/changed-meanwhile")), "{problem}");
    assert_eq!(patch("ola@tillwise.example", json!({"teams": [], "was_teams": ["south"]})).0, 409);
    assert_eq!(patch("ola@tillwise.example", json!({"teams": ["north"], "was_teams": ["north"]})).0, 204);
    let (status, problem) = patch("ola@tillwise.example", json!({"teams": ["north, south"]}));
    assert_eq!((status, &problem["errors"][0]["pointer"]), (400, &json!("/teams")), "{problem}");

    // Nobody takes their own rights away: somebody must be left who can give them back.
    post("/v1/users", json!({"login": "rita", "role": "admin"}));
    let (_, own) = post("/v1/tokens", json!({"name": "own", "user": "rita"}));
    let rita = own["token"].as_str().unwrap();
    for change in [json!({"role": "ae"}), json!({"closed": true})] {
        let (status, problem) = send(service, rita, "PATCH", "/v1/users/rita", &change);
        assert_eq!((status, &problem["type"]), (409, &json!("/problems/yourself")), "{problem}");
    }
    assert_eq!(send(service, rita, "PATCH", "/v1/users/rita", &json!({"teams": ["ops"]})).0, 204);

    // The trail says who did what, and holds no secret.
    let (_, trail) =
        send(service, admin, "GET", "/v1/audit?action=permission_changed&actor=root", &Value::Null);
    let told = trail.to_string();
    for part in
        ["\"account\":\"made\"", "\"account\":\"closed\"", "\"role\":\"manager\"", "\"token\":\"revoked\""]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("rbk_"));
}

#[test]
fn accounts_and_tokens_are_made_and_taken_away() {
    let data = tempfile::tempdir().unwrap();
    check(&Service::start(data.path(), &[], &[]));
}

#[test]
fn accounts_and_tokens_are_made_and_taken_away_on_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    let data = tempfile::tempdir().unwrap();
    check(&Service::start(data.path(), &[("READBACK_STORE__URL", &cluster.database("accounts"))], &[]));
}

//! The pages in a real browser, against the real binary: each user's day by keyboard, hostile words, no script, and
//! what axe-core (tests/vendor/axe-core, MPL-2.0, part of no binary) finds wrong for people who cannot see or point.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::service::Service;

const PASSWORD: &str = "correct horse battery";
const AXE: &str = include_str!("vendor/axe-core/axe.min.js");

/// Words that would do harm where a page took them for markup.
const HOSTILE: &str = "Eve <script>window.harm=1</script>: We'll have <img src=x onerror=window.harm=2> the sync \
                       live by the end of June, see [the plan](javascript:window.harm=3).\nOla Berg: \u{202E}txt.exe\
                       \u{202C} and \u{200F}=HYPERLINK(1). ";

/// A service with a deal of three calls, a hostile one, and people of every role.
pub(crate) struct House {
    pub(crate) service: Service,
    _data: tempfile::TempDir,
}

impl House {
    pub(crate) fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let service = Service::start(data.path(), &[], &[]);
        for role in ["ae", "csm", "manager", "admin"] {
            let login = format!("{role}@hollin.example");
            service.run_with(&["user", "create", &login, "--role", role, "--password"], PASSWORD);
        }
        let deals = crate::support::service::fixture("deals/climbing-walls");
        service.run(&["import", deals.to_str().unwrap()]);
        let emoji = "🧗".repeat(5_000);
        let body = json!({"call": {"id": "hostile", "title": "<b>\u{202E}evil</b>", "participants": [{"name": "Eve", "side": "rep"}]},
                          "deal": {"deal": "hostile", "account": "<script>alert(1)</script> & \"Sons\""},
                          "transcript": format!("{HOSTILE}{emoji}\n")});
        assert_eq!(service.request("POST", "/v1/calls").json(&body).send().unwrap().status(), 201);
        service.wait("/v1/search?q=sync&deal=hostile", |found| found["total"] == 1);
        Self { service, _data: data }
    }

    pub(crate) fn deal(&self) -> String {
        let (_, deals) = self.service.get("/v1/deals");
        let deals = deals["items"].as_array().unwrap();
        let known = deals.iter().find(|deal| deal["deal"] != "hostile").unwrap();
        known["deal"].as_str().unwrap().to_owned()
    }

    pub(crate) fn open(&self, browser: &Browser, path: &str) {
        browser.open(&format!("{}{path}", self.service.address));
    }

    pub(crate) fn sign_in(&self, browser: &Browser, role: &str) {
        self.open(browser, "/sign-in");
        browser.type_into("[name=login]", &format!("{role}@hollin.example"));
        browser.type_into("[name=password]", PASSWORD);
        browser.click("main form button");
        browser.wait("return location.pathname === '/'");
    }

    pub(crate) fn call(&self) -> String {
        let (_, calls) = self.service.get(&format!("/v1/calls?deal={}", self.deal()));
        calls["items"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Sends a form of the pages as somebody with a token of their own, and returns status and page.
    pub(crate) fn send_form(&self, role: &str, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        let token = self.service.make_token(&["--name", "form", "--user", &format!("{role}@hollin.example")]);
        let filled = reqwest::Url::parse_with_params("form://filled", form).unwrap();
        let request = self.service.request_as(Some(&token), "POST", path);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(filled.query().unwrap_or_default().to_owned()).send().unwrap();
        (answer.status().as_u16(), answer.text().unwrap())
    }

    /// Returns the ledger entry of a promise.
    fn entry(&self) -> String {
        let (_, promises) = self.service.get(&format!("/v1/promises?deal={}", self.deal()));
        promises["items"][0]["id"].as_str().unwrap().to_owned()
    }

    fn pages(&self) -> Vec<(&'static str, String)> {
        let (deal, call) = (self.deal(), self.call());
        vec![
            ("home", "/".to_owned()),
            ("packet", format!("/deals/{deal}")),
            ("packet-hostile", "/deals/hostile".to_owned()),
            ("line", format!("/deals/{deal}/lines/{}", self.entry())),
            ("call", format!("/calls/{call}")),
            ("call-side", format!("/calls/{call}?side=customer")),
            ("call-kind", format!("/calls/{call}?kind=promise")),
            ("call-hostile", "/calls/hostile".to_owned()),
            ("search", "/search".to_owned()),
            ("search-found", "/search?q=gates".to_owned()),
            ("search-wrong", "/search?q=%28gates&side=nobody".to_owned()),
            ("promises", "/promises".to_owned()),
            ("promises-none", "/promises?firmness=none".to_owned()),
            ("upload", "/upload".to_owned()),
            ("missing", "/deals/nowhere".to_owned()),
        ]
    }
}

/// Fails where axe finds something serious or critical on the page, or the browser complains (of the policy, say).
/// `only` narrows it to some rules, for what was looked at before in other colours.
pub(crate) fn check_page(browser: &Browser, name: &str, only: &[&str]) {
    let rules = if only.is_empty() { json!(null) } else { json!({"type": "rule", "values": only}) };
    let script = format!(
        "const done = arguments[arguments.length - 1]; {AXE};
         axe.run({{resultTypes: ['violations'], runOnly: {rules} ?? undefined}}).then(r => done(r.violations
             .filter(v => ['serious', 'critical'].includes(v.impact))
             .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary).join(' | '))))"
    );
    let faults = browser.run_async(&script);
    assert_eq!(faults, json!([]), "{name}: {faults:#}");
}

/// Keeps a picture of the page where `READBACK_SCREENSHOTS` names a folder, for people to look at.
pub(crate) fn picture(browser: &Browser, name: &str) {
    use base64::Engine as _;
    let Some(folder) = std::env::var_os("READBACK_SCREENSHOTS") else { return };
    let taken = browser.devtools("Page.captureScreenshot", &json!({"captureBeyondViewport": false}));
    let bytes = base64::engine::general_purpose::STANDARD.decode(taken["data"].as_str().unwrap()).unwrap();
    std::fs::write(Path::new(&folder).join(format!("{name}.png")), bytes).unwrap();
}

/// Pages ask the policy of the API: what it hides, no page shows.
#[test]
fn a_page_shows_what_its_reader_may_see() {
    let house = House::new();
    let get = |role: &str, path: &str| {
        let token = house.service.make_token(&["--name", "x", "--user", &format!("{role}@hollin.example")]);
        let response = house.service.request_as(Some(&token), "GET", path).send().unwrap();
        assert!(
            response.headers()["content-security-policy"]
                .to_str()
                .unwrap()
                .starts_with("default-src 'none'; script-src 'self'")
        );
        (response.status().as_u16(), response.text().unwrap())
    };
    let packet = format!("/deals/{}", house.deal());
    assert!(get("ae", &packet).1.contains("class=\"red\""));
    assert!(!get("manager", &packet).1.contains("class=\"red\""));
    assert!(!get("manager", &packet).1.contains("value=\"accept\""));
    assert_eq!(get("manager", "/upload").0, 403);
    house.service.run(&["access", "hostile", "--restrict"]);
    for path in ["/deals/hostile", "/calls/hostile"] {
        let (hidden, missing) = (get("csm", path), get("csm", &path.replace("hostile", "nowhere")));
        assert_eq!((hidden.0, &hidden.1), (404, &missing.1), "{path}");
    }
    for path in ["/", "/promises", "/promises.csv", "/search?q=sync"] {
        assert!(!get("csm", path).1.contains("Eve"), "{path}");
        assert!(!get("csm", path).1.contains("alert(1)"), "{path}");
    }
    let (_, sheet) = get("admin", "/promises.csv");
    assert!(sheet.starts_with("\"account\",\"promise\"") && sheet.lines().count() > 3, "{sheet}");
    assert_eq!(house.service.request_as(None, "GET", "/").send().unwrap().url().path(), "/sign-in");
}

#[test]
fn every_page_is_for_everybody_and_asks_no_other_host() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    house.open(&browser, "/sign-in");
    check_page(&browser, "sign-in", &[]);
    picture(&browser, "sign-in");
    house.sign_in(&browser, "ae");
    let mut complaints = Vec::new();
    for (name, path) in house.pages() {
        for (look, width) in [("light", 1440), ("dark", 1440), ("light", 360)] {
            browser.look(look, width, 900);
            house.open(&browser, &path);
            match (look, width) {
                ("dark", _) => check_page(&browser, &format!("{name}, dark"), &["color-contrast"]),
                (_, 1440) => check_page(&browser, name, &[]),
                _ => {}
            }
            picture(&browser, &format!("{name}-{look}-{width}"));
            let wide = browser.run("return document.documentElement.scrollWidth - innerWidth");
            assert!(wide.as_i64().unwrap() <= 0, "{name} is {wide} px too wide for {width} px");
        }
        let said = browser.complaints();
        complaints.extend(said.into_iter().filter(|_| name != "missing"));
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
    let host = house.service.address.split_once("://").unwrap().1.to_owned();
    assert_eq!(browser.hosts(), BTreeSet::from([host]));
}

#[test]
fn a_packet_is_reviewed_by_keyboard_alone() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    house.sign_in(&browser, "ae");
    let deal = house.deal();
    house.open(&browser, &format!("/deals/{deal}"));
    let verdicts = |verdict: &str| {
        let script = format!("return document.querySelectorAll('#packet .item.{verdict}').length");
        browser.run(&script).as_u64().unwrap()
    };
    let lines =
        browser.run("return document.querySelectorAll('#packet [data-item]').length").as_u64().unwrap();
    assert!(lines > 5 && verdicts("open") >= lines, "{lines}");
    browser.press("?");
    browser.wait("return document.querySelector('#keys').open");
    browser.press("?jjk");
    browser.wait("return document.activeElement === document.querySelector('#packet [data-item]')");
    browser.wait("return document.querySelector('#beside .here') !== null");
    picture(&browser, "review-beside");
    browser.press("a");
    browser.wait("return document.querySelectorAll('#packet .item.accepted').length === 1");
    browser.wait("return document.activeElement === document.querySelectorAll('#packet [data-item]')[1]");
    browser.press("e");
    browser.wait("return document.activeElement.tagName === 'TEXTAREA'");
    browser.press("Kirsty signs off the gates <b>\u{E004}\u{E007}");
    browser.wait("return document.querySelectorAll('#packet .item.edited').length === 1");
    assert!(browser.text("#packet .item.edited").contains("Kirsty signs off the gates <b>"));
    browser.press("jx");
    browser.wait("return document.activeElement.matches('[data-act=reject] input')");
    browser.press("nobody said so\u{E007}");
    browser.wait("return document.querySelectorAll('#packet .item.rejected').length === 1");
    assert!(browser.text("#set-aside").contains("nobody said so"));
    browser.press("u");
    browser.wait("return document.querySelectorAll('#packet .item.rejected').length === 0");
    let (_, kept) = house.service.get(&format!("/v1/deals/{deal}/decisions"));
    let acts: Vec<_> = kept["items"].as_array().unwrap().iter().map(|it| it["what"]["act"].clone()).collect();
    assert_eq!(acts, ["accept", "edit", "reject", "undo"].map(Value::from));
    // Somebody else decides meanwhile: nothing is overwritten, and the page says who was faster.
    let entry = kept["items"][2]["what"]["entry"].clone();
    let other = house
        .service
        .request("POST", &format!("/v1/deals/{deal}/decisions"))
        .header("if-match", "*")
        .json(&json!({"act": "comment", "entry": entry, "text": "look at the date"}));
    assert_eq!(other.send().unwrap().status(), 201);
    browser.press("ja");
    browser.wait("return document.querySelector('#said').textContent.includes('decided since')");
}

#[test]
fn search_answers_while_one_types_and_the_address_holds_the_question() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    house.sign_in(&browser, "csm");
    house.open(&browser, "/search");
    browser.type_into("[name=q]", "sandb");
    browser.wait("return document.querySelectorAll('.hits mark').length > 0");
    assert!(browser.address().ends_with("/search?q=sandb"), "{}", browser.address());
    assert!(browser.text(".hits mark").to_lowercase().starts_with("sandb"));
    house.open(&browser, "/search?q=sandbox");
    browser.click("a.around");
    browser.wait("return document.querySelector('.around-turns .here') !== null");
    browser.click(".facets a");
    browser.wait("return document.querySelector('.chips a') !== null");
    assert!(browser.address().contains("q=sandbox&") || browser.address().contains("&q=sandbox"));
    browser.click(".hits footer a");
    browser.wait("return document.querySelector('.turn:target') !== null");
}

#[test]
fn hostile_words_come_out_as_text() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    house.sign_in(&browser, "ae");
    for path in ["/", "/deals/hostile", "/calls/hostile", "/search?q=sync%20OR%20hyperlink", "/promises"] {
        house.open(&browser, path);
        let harm = "return [window.harm === undefined, document.querySelectorAll('main img, main script').length, \
                    [...document.querySelectorAll('a')].filter(a => a.protocol === 'javascript:').length]";
        assert_eq!(browser.run(harm), json!([true, 0, 0]), "{path}");
        assert!(!browser.text("main").contains('\u{202E}'), "{path}");
    }
    house.open(&browser, "/calls/hostile");
    let words = browser.text("main");
    for shown in [
        "<img src=x onerror=window.harm=2>",
        "[the plan](javascript:window.harm=3)",
        "[U+202E]txt.exe",
        "🧗🧗",
    ] {
        assert!(words.contains(shown), "{shown}: {words:.2000}");
    }
}

#[test]
fn pages_work_without_script() {
    let Some(browser) = Browser::start(false) else { return };
    let house = House::new();
    house.sign_in(&browser, "ae");
    let deal = house.deal();
    house.open(&browser, &format!("/deals/{deal}"));
    browser.click("[data-item] form[data-act=accept] button");
    browser.wait("return location.hash.startsWith('#item-')");
    browser.wait("return document.querySelectorAll('#packet .item.accepted').length === 1");
    house.open(&browser, "/search?q=gates");
    browser.click(".hits footer a");
    browser.wait("return document.querySelector('.turn:target') !== null");
    house.open(&browser, &format!("/calls/{}", house.call()));
    browser.click("#speakers summary");
    browser.run("document.querySelector('#speakers [name=name]').value = 'Gareth ap Huw'");
    browser.click("#speakers form button");
    browser.wait("return document.querySelector('#speakers summary').textContent.includes('Gareth ap Huw')");
    browser.click(".who button");
    browser.wait("return location.pathname === '/sign-in'");
    house.open(&browser, &format!("/deals/{deal}"));
    assert!(browser.address().contains("/sign-in?next=%2Fdeals%2F"), "{}", browser.address());
}

//! The day of a manager and of an administrator, and the question of a CSM, in a browser.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::pages::{House, check_page, picture};
use crate::support::browser::Browser;
use crate::support::service::fixture;

/// Calls of the longest deal that a page must draw.
const MANY: usize = 60;

/// Delivers a deal of so many calls that its pages must narrow.
fn long_deal(house: &House) {
    for call in 0..MANY {
        let day = format!("2026-{:02}-{:02}T10:00:00Z", 1 + call / 28, 1 + call % 28);
        let words = format!(
            "Eve Long: Hello.\nOla Berg: We'll have export number {call} live by the end of June.\n\
             Eve Long: I'm worried about the price of seats in region {call}.\n"
        );
        let people = json!([{"name": "Eve Long", "side": "customer"}, {"name": "Ola Berg", "side": "rep"}]);
        let about = json!({"id": format!("long-{call:02}"), "title": format!("Call {call}"), "started_at": day,
                           "participants": people});
        let body = json!({"call": about, "deal": {"deal": "long", "account": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"},
                          "transcript": words});
        assert_eq!(house.service.request("POST", "/v1/calls").json(&body).send().unwrap().status(), 201);
    }
    house
        .service
        .wait("/v1/deals/long/packet", |packet| packet["calls"].as_array().map(Vec::len) == Some(MANY));
}

fn page(house: &House, role: &str, path: &str) -> (u16, String) {
    let token = house.service.make_token(&["--name", "x", "--user", &format!("{role}@hollin.example")]);
    let answer = house.service.request_as(Some(&token), "GET", path).send().unwrap();
    (answer.status().as_u16(), answer.text().unwrap())
}

#[test]
fn a_deal_s_page_shows_what_its_reader_may_see() {
    let house = House::new();
    let overview = format!("/deals/{}/overview", house.deal());
    let (ae, manager) = (page(&house, "ae", &overview).1, page(&house, "manager", &overview).1);
    assert!(ae.contains("papers/red-flags?format=pdf") && !manager.contains("papers/red-flags"));
    assert!(ae.contains("Attach an order form") && !manager.contains("Attach an order form"));
    for paper in ["red-flags", "nonsense"] {
        let path = format!("/deals/{}/papers/{paper}?format=md", house.deal());
        assert!(matches!(page(&house, "manager", &path).0, 403 | 404), "{paper}");
    }
    let (status, plan) = page(&house, "csm", &format!("/deals/{}/papers/success-plan", house.deal()));
    assert!(matches!(status, 200 | 409), "{plan}");
    house.service.run(&["access", "hostile", "--restrict"]);
    for path in ["/deals/hostile/overview", "/deals/hostile/overview?q=sync", "/deals/hostile/papers/packet"]
    {
        let (hidden, missing) =
            (page(&house, "csm", path), page(&house, "csm", &path.replace("hostile", "nowhere")));
        assert_eq!((hidden.0, &hidden.1), (404, &missing.1), "{path}");
    }
    assert!(!page(&house, "manager", "/insight").1.contains("hostile"));
    for (role, path) in
        [("ae", "/insight"), ("csm", "/insight"), ("manager", "/accounts"), ("ae", "/accounts")]
    {
        assert_eq!(page(&house, role, path).0, 403, "{role} {path}");
    }
}

#[test]
fn the_new_pages_are_for_everybody_and_ask_no_other_host() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    long_deal(&house);
    house.sign_in(&browser, "admin");
    let overview = "/deals/overhang-2026/overview";
    let pages = [
        ("admin", "/".to_owned()),
        ("overview", overview.to_owned()),
        ("overview-asked", format!("{overview}?q=What+did+we+promise+on+the+sandbox%3F")),
        ("overview-nothing", format!("{overview}?q=submarines")),
        ("overview-hostile", "/deals/hostile/overview?q=%3Cb%3Esync".to_owned()),
        ("overview-long", "/deals/long/overview".to_owned()),
        ("insight", "/insight".to_owned()),
        ("insight-ae", "/insight?by=ae".to_owned()),
        ("promises-asked", "/promises?q=What+did+we+promise+on+the+sandbox%3F".to_owned()),
        ("accounts", "/accounts".to_owned()),
    ];
    let mut complaints = Vec::new();
    for (name, path) in pages {
        for (look, width) in [("light", 1440), ("dark", 1440), ("light", 360)] {
            browser.look(look, width, 1400);
            house.open(&browser, &path);
            match (look, width) {
                ("dark", _) => check_page(&browser, &format!("{name}, dark"), &["color-contrast"]),
                _ => check_page(&browser, name, &[]),
            }
            picture(&browser, &format!("{name}-{look}-{width}"));
            let wide = browser.run("return document.documentElement.scrollWidth - innerWidth");
            assert!(wide.as_i64().unwrap() <= 0, "{name} is {wide} px too wide for {width} px");
        }
        complaints.extend(browser.complaints());
        let harm =
            "return [window.harm === undefined, document.querySelectorAll('main img, main script').length]";
        assert_eq!(browser.run(harm), json!([true, 0]), "{path}");
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
    let host = house.service.address.split_once("://").unwrap().1.to_owned();
    assert_eq!(browser.hosts(), BTreeSet::from([host]));
}

/// The picture and the table tell the same.
#[test]
fn sixty_calls_stand_in_a_picture_and_in_a_table() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    long_deal(&house);
    house.sign_in(&browser, "csm");
    browser.look("light", 360, 900);
    house.open(&browser, "/deals/long/overview");
    let drawn = browser.run(
        "const marks = [...document.querySelectorAll('.timeline .mark')];
         return [document.querySelectorAll('.timeline .call').length,
                 marks.reduce((sum, mark) => sum + Number(mark.querySelector('text')?.textContent ?? 1), 0),
                 document.querySelectorAll('.same tbody tr').length,
                 Math.min(...marks.map(mark => mark.querySelector('circle').getBoundingClientRect().width))]",
    );
    let drawn: Vec<f64> = drawn.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect();
    assert_eq!(drawn[0], MANY as f64);
    assert!(drawn[1] > MANY as f64 && drawn[1] == drawn[2], "{drawn:?}");
    assert!(drawn[3] >= 12.0, "a mark of {} px is not seen", drawn[3]);
}

#[test]
fn a_csm_asks_what_was_promised_and_reads_it_where_it_was_said() {
    for script in [true, false] {
        let Some(browser) = Browser::start(script) else { return };
        let house = House::new();
        house.sign_in(&browser, "csm");
        house.open(&browser, "/");
        browser.click(".deals a[href$='/overview']");
        house.open(&browser, &format!("/deals/{}/overview", house.deal()));
        browser.type_into("#ask [name=q]", "What did we promise on the sandbox?\u{E007}");
        browser.wait("return document.querySelectorAll('.answer .hits li').length > 0");
        assert!(browser.text(".answer .hits").to_lowercase().contains("sandbox"));
        assert!(browser.address().contains("?q=What"), "{}", browser.address());
        browser.click(".answer .hits footer a");
        browser.wait("return document.querySelector('.turn:target') !== null");
        house.open(&browser, "/promises?q=what+did+we+promise+on+the+sandbox");
        assert!(browser.text("#results").to_lowercase().contains("sandbox"));
    }
}

#[test]
fn a_manager_sees_what_is_late_and_how_handoffs_go() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    for login in ["manager", "ae"] {
        house.service.run(&["user", "team", &format!("{login}@hollin.example"), "north"]);
    }
    let signed = r#"{"act": "report", "event": "countersigned", "at": "2026-04-10T10:00:00Z"}"#;
    let acts = ["handoff", &house.deal(), "begin_review", signed, "--by", "ae@hollin.example", "--as", "ae"];
    house.service.run(&acts);
    house.sign_in(&browser, "manager");
    let first = browser.text("section h2");
    assert!(first.starts_with("Late or disputed"), "{first}");
    assert!(browser.text("#late .deadlines").contains("days late"), "{}", browser.text("main"));
    browser.click(".chips a[href='/?of=all']");
    browser.wait("return document.querySelector('.chips a[aria-current]').textContent === 'all'");
    browser.click(".bar a[href='/insight']");
    browser.wait("return document.querySelectorAll('.chart svg').length >= 7");
    browser.click(".chips a[href*='by=ae']");
    browser.wait("return document.querySelector('.chart .label') !== null");
    assert!(browser.text(".charts").contains("ae"), "{}", browser.text(".charts"));
    browser.click(".chart summary");
    browser.click(".chart table a[href*='ae=']");
    browser.wait("return location.search.includes('ae=ae%40hollin.example')");
}

/// A deal is a manager's as soon as one side of it is.
#[test]
fn a_manager_keeps_a_deal_in_which_the_other_side_takes_part() {
    let house = House::new();
    for login in ["manager", "ae"] {
        house.service.run(&["user", "team", &format!("{login}@hollin.example"), "north"]);
    }
    let deal = house.deal();
    house.service.run(&["handoff", &deal, "begin_review", "--by", "ae@hollin.example", "--as", "ae"]);
    let link = format!("href=\"/deals/{deal}\"");
    assert!(page(&house, "manager", "/").1.contains(&link));
    let kickoff = r#"{"act": "schedule_kickoff", "at": "2026-05-10T10:00:00Z"}"#;
    house.service.run(&["handoff", &deal, kickoff, "--by", "csm@hollin.example", "--as", "csm"]);
    assert!(page(&house, "manager", "/").1.contains(&link));
}

/// S-077: opening the packet is kept, another page of the deal is not. A sheet is.
#[test]
fn the_trail_tells_of_packets_that_were_opened_and_of_sheets() {
    let house = House::new();
    let deal = house.deal();
    let rows = |action: &str| {
        let (_, rows) = house.service.get(&format!("/v1/audit?action={action}"));
        rows["items"].as_array().unwrap().clone()
    };
    page(&house, "ae", &format!("/deals/{deal}/overview"));
    assert_eq!(rows("packet_viewed").len(), 0);
    page(&house, "ae", &format!("/deals/{deal}"));
    assert_eq!(rows("packet_viewed").len(), 1);
    page(&house, "csm", &format!("/deals/{deal}"));
    assert_eq!(rows("packet_viewed").len(), 2);
    // A page that asks for itself is no further reading, whatever a header says of where it comes from; what somebody else
    // has decided is read anew.
    let comment = |role: &str| {
        let token = house.service.make_token(&["--name", "x", "--user", &format!("{role}@hollin.example")]);
        let (_, packet) = house.service.get(&format!("/v1/deals/{deal}/packet"));
        let entry = &packet["ledger"]["promises"][0]["id"];
        let act = json!({"act": "comment", "entry": entry, "text": "seen"});
        let request = house.service.request_as(Some(&token), "POST", &format!("/v1/deals/{deal}/decisions"));
        let answer = request.header("if-match", "*").json(&act).send().unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().unwrap());
    };
    comment("csm");
    page(&house, "csm", &format!("/deals/{deal}"));
    page(&house, "csm", &format!("/deals/{deal}"));
    let by = |actor: &str| {
        rows("packet_viewed").iter().filter(|row| row["actor"] == format!("{actor}@hollin.example")).count()
    };
    assert_eq!((by("ae"), by("csm")), (1, 1));
    page(&house, "ae", &format!("/deals/{deal}"));
    comment("ae");
    page(&house, "csm", &format!("/deals/{deal}"));
    page(&house, "ae", &format!("/deals/{deal}"));
    assert_eq!((by("ae"), by("csm")), (2, 2));
    let (_, sheet) = page(&house, "csm", &format!("/promises.csv?deal={deal}&status=open&q=sandbox"));
    let kept = &rows("exported")[0];
    assert_eq!((&kept["target"], &kept["deal"]), (&json!("promises.csv"), &json!(deal)));
    let told =
        json!({"filters": {"deal": deal, "status": "open", "q": "…"}, "promises": sheet.lines().count() - 1});
    assert_eq!(kept["detail"], told);
}

/// Who has to sign in while sending a form comes back to the page that it stands on.
#[test]
fn a_form_leads_back_to_its_page_and_says_what_became_of_each_file() {
    let house = House::new();
    let address = &house.service.address;
    let request = house.service.request_as(None, "POST", "/deals/x/decisions");
    let answer = request.header("referer", format!("{address}/deals/x?a=1")).send().unwrap();
    assert!(answer.url().as_str().ends_with("/sign-in?next=%2Fdeals%2Fx%3Fa%3D1"), "{}", answer.url());
    let answer = house.service.request_as(None, "POST", "/deals/x/decisions").send().unwrap();
    assert!(answer.url().as_str().ends_with("/sign-in?next=%2F"), "{}", answer.url());

    let token = house.service.make_token(&["--name", "x", "--user", "ae@hollin.example"]);
    let file = |name: &str, words: &str| {
        format!(
            "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{words}\r\n"
        )
    };
    let long = "n".repeat(2_000);
    let body = [file("order.txt", "1. Term"), file(&long, "2. Fees"), "--x--\r\n".to_owned()].concat();
    let path = format!("/deals/{}/attachments", house.deal());
    let request = house.service.request_as(Some(&token), "POST", &path);
    let answer = request.header("content-type", "multipart/form-data; boundary=x").body(body).send().unwrap();
    assert_eq!(answer.status(), 400);
    let told = answer.text().unwrap();
    assert!(told.contains("order.txt: attached") && told.contains("n: not attached, "), "{told}");
    let (_, kept) = house.service.get(&format!("/v1{path}"));
    assert!(kept.as_array().unwrap().iter().any(|paper| paper["name"] == "order.txt"), "{kept}");
}

#[test]
fn an_administrator_lets_people_and_machines_in() {
    for script in [true, false] {
        let Some(browser) = Browser::start(script) else { return };
        let house = House::new();
        house.sign_in(&browser, "admin");
        assert!(browser.text("#care").contains("All is well"));
        browser.click(".bar a[href='/accounts']");
        browser.wait("return location.pathname === '/accounts'");
        assert!(browser.run("return document.querySelectorAll('.accounts').length") == json!(2));
        // An easy password is refused, and the page says why.
        let refused = house.send_form(
            "admin",
            "/accounts",
            &[("login", "new@hollin.example"), ("role", "csm"), ("password", "short")],
        );
        assert!(refused.0 == 422 && refused.1.contains("12 to 256 characters"), "{refused:?}");
        browser.click("form[action='/accounts'] [name=login], .new summary");
        browser.type_into("form[action='/accounts'] [name=login]", "<b>new</b>@hollin.example");
        browser.type_into("form[action='/accounts'] [name=password]", "battery horse correct");
        browser.click("form[action='/accounts'] button");
        browser.wait(
            "return document.querySelector('.accounts').textContent.includes('<b>new</b>@hollin.example')",
        );
        browser.click("#tokens .new summary");
        browser.type_into("form[action='/tokens'] [name=name]", "the recorder");
        browser.click("form[action='/tokens'] button");
        browser.wait("return document.querySelector('.token') !== null");
        let secret = browser.text(".token");
        let answer = house.service.request_as(Some(&secret), "GET", "/v1/session").send().unwrap();
        assert_eq!(answer.json::<Value>().unwrap()["role"], "recorder");
        house.open(&browser, "/accounts");
        assert!(!browser.run("return document.body.innerHTML").as_str().unwrap().contains(&secret));
        browser.click("#tokens form[action$='/revoke'] button");
        browser.wait("return document.querySelector('#tokens .closed') !== null");
        let answer = house.service.request_as(Some(&secret), "GET", "/v1/session").send().unwrap();
        assert_eq!(answer.status(), 401);
        let own = house.send_form("admin", "/accounts/admin%40hollin.example", &[("closed", "true")]);
        assert!(own.0 == 422 && own.1.contains("another administrator"), "{own:?}");
    }
}

#[test]
fn files_are_added_one_by_one_and_a_bad_one_says_what_to_do() {
    for script in [true, false] {
        let Some(browser) = Browser::start(script) else { return };
        let house = House::new();
        house.sign_in(&browser, "ae");
        let folder = tempfile::tempdir().unwrap();
        let bad = folder.path().join("photo.vtt");
        std::fs::write(&bad, [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]).unwrap();
        let good = fixture("deals/credit-union/01-intro.vtt");
        house.open(&browser, "/upload?deal=harrow");
        browser.type_into("[name=file]", &format!("{}\n{}", bad.display(), good.display()));
        browser.click("main form button");
        browser.wait("return document.querySelectorAll('.outcomes .good, .outcomes .bad').length === 2");
        let told = browser.text(".outcomes .bad");
        assert!(told.contains("photo.vtt") && told.contains("Ask the recorder"), "{told}");
        browser.click(".outcomes .good a");
        browser.wait("return location.pathname.startsWith('/calls/')");
        house.service.wait("/v1/deals/harrow", |deal| deal["deal"] == "harrow");
    }
}

#[test]
fn a_hit_is_added_to_the_packet_in_its_own_words() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    house.sign_in(&browser, "ae");
    house.open(&browser, "/search?q=gates&side=customer");
    browser.click(".hits details.add summary");
    browser.run("document.querySelector('.hits [name=kind]').value = 'pain'");
    browser.click(".hits details.add button");
    browser.wait("return location.pathname.startsWith('/calls/')");
    let (_, kept) = house.service.get(&format!("/v1/deals/{}/decisions", house.deal()));
    assert_eq!(kept["items"][0]["what"]["act"], "add", "{kept}");
    house.open(&browser, &format!("/deals/{}", house.deal()));
    assert!(browser.run("return document.querySelectorAll('#packet .item.added').length") == json!(1));
}

//! Names of any length and script, and deals of many calls, on every page and on a narrow screen.

use serde_json::json;

use crate::pages::{House, picture};
use crate::support::browser::Browser;

const ARABIC: &str = "شركة الأفق للتجارة والخدمات اللوجستية";
const HEBREW: &str = "רחל בן־דוד";
const LONG: &str = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorstandsvorsitzendenstellvertreterinnenbüro";

/// Calls of the longest deal.
const CALLS: usize = 60;

/// Delivers a call of `deal`, in which people of those names speak.
fn deliver(house: &House, deal: (&str, &str), number: usize, title: &str) {
    let (id, account) = deal;
    let (month, day) = (1 + number / 28, 1 + number % 28);
    let turn = |speaker: &str, text: String| json!({"speaker": speaker, "text": text});
    let transcript = json!({"readback": 1, "turns": [
        turn(LONG, format!("We'll have part {number} of the sync live by the end of June.")),
        turn(HEBREW, format!("Our worry is the price, it is too expensive for us. {ARABIC}.")),
        turn(LONG, format!("I'll send you quote {number} by Friday.")),
    ]});
    let people =
        json!([{"name": HEBREW, "side": "customer", "title": ARABIC}, {"name": LONG, "side": "rep"}]);
    let started_at = format!("2026-{month:02}-{day:02}T10:00:00Z");
    let body = json!({
        "call": {"id": format!("{id}-{number}"), "title": title, "started_at": started_at, "participants": people},
        "deal": {"deal": id, "account": account},
        "transcript": transcript.to_string(),
    });
    assert_eq!(house.service.request("POST", "/v1/calls").json(&body).send().unwrap().status(), 201);
}

#[test]
fn nothing_is_wider_than_the_screen() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    let make = ["user", "create", "long@hollin.example", "--name", LONG, "--role", "admin", "--password"];
    house.service.run_with(&make, "correct horse battery");
    for number in 0..CALLS {
        deliver(&house, ("many", HEBREW), number, &format!("Call {number}"));
    }
    deliver(&house, ("arabic", ARABIC), 0, ARABIC);
    deliver(&house, (LONG, LONG), 0, LONG);
    house.service.wait("/v1/search?q=sync&deal=many", |found| found["total"] == CALLS);
    house.service.wait("/v1/promises?deal=many", |promises| {
        let told = promises["items"].to_string();
        told.contains(&format!("part {} ", CALLS - 1))
    });
    house.sign_in(&browser, "long");
    let entry = |deal: &str| {
        let (_, promises) = house.service.get(&format!("/v1/promises?deal={deal}"));
        promises["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let long = reqwest::Url::parse("form://x").unwrap().join(LONG).unwrap();
    let long = long.path().trim_start_matches('/').to_owned();
    let mut pages = vec![
        ("home", "/".to_owned()),
        ("search", "/search?q=sync".to_owned()),
        ("promises", "/promises".to_owned()),
        ("insight", "/insight?by=ae".to_owned()),
        ("accounts", "/accounts".to_owned()),
        ("upload", "/upload".to_owned()),
    ];
    for (name, deal, call) in
        [("many", "many", "many-59"), ("arabic", "arabic", "arabic-0"), ("long", long.as_str(), "")]
    {
        let call = if call.is_empty() { format!("{long}-0") } else { call.to_owned() };
        pages.extend([
            (name, format!("/deals/{deal}")),
            (name, format!("/deals/{deal}/overview?q=what+did+we+promise+on+the+sync")),
            (name, format!("/deals/{deal}/lines/{}", entry(deal))),
            (name, format!("/calls/{call}")),
        ]);
    }
    for (at, (name, path)) in pages.iter().enumerate() {
        for width in [360, 1440] {
            browser.look("light", width, 900);
            house.open(&browser, path);
            picture(&browser, &format!("layout-{at:02}-{name}-{width}"));
            let wide = browser
                .run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert_eq!(wide, json!(0), "{path} is too wide for {width} px");
            let status = browser.run("return document.querySelector('#trouble')?.textContent ?? ''");
            assert_eq!(status, json!(""), "{path}");
        }
    }
}

//! What people do on a call's page: correct who spoke, choose what is shown, add words that nobody found.

use serde_json::json;

use crate::pages::{House, check_page, picture};
use crate::support::browser::Browser;

/// What is hidden in words counts as what stands there, and not as what is shown.
const SAID: &str = "Dana Ortiz: Well \u{202E}hidden\u{202C} things, 🧗 and then we bring the grün ropes ourselves, all of them.\n\
                    Ola Berg: Thank you. That is a help.\n";

impl House {
    fn deliver_odd_call(&self) {
        let body = json!({"call": {"id": "odd", "participants": [{"name": "Ola Berg", "side": "rep"}]},
                          "deal": {"deal": "odd", "account": "Odd"}, "transcript": SAID});
        assert_eq!(self.service.request("POST", "/v1/calls").json(&body).send().unwrap().status(), 201);
        self.service.wait("/v1/calls/odd", |call| call["state"] == "read");
    }

    /// Returns the words that were added by hand, as the packet has them.
    fn added(&self) -> Vec<String> {
        let (_, packet) = self.service.get("/v1/deals/odd/packet");
        let items =
            packet["sections"].as_array().unwrap().iter().flat_map(|it| it["items"].as_array().unwrap());
        let added = items.filter(|item| item["review"]["verdict"] == "added");
        added.map(|item| item["lines"][0]["quote"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn selected_words_are_added_to_the_letter() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    house.deliver_odd_call();
    house.sign_in(&browser, "ae");
    house.open(&browser, "/calls/odd");
    // As a hand selects them: with a space too many, behind hidden characters and an emoji.
    browser.run(
        "const words = document.querySelector('#turn-0 .words');
         const texts = [...words.childNodes].flatMap(n => n.nodeType === 3 ? [n] : [...n.childNodes]);
         const last = texts.find(n => n.data?.includes('ropes'));
         const range = document.createRange();
         range.setStart(last, last.data.indexOf(' we bring')); range.setEnd(last, last.data.indexOf(' ourselves') + 1);
         getSelection().removeAllRanges(); getSelection().addRange(range);
         document.dispatchEvent(new Event('mouseup'))",
    );
    browser.wait("return document.querySelector('#pick').classList.contains('picked')");
    picture(&browser, "call-picked");
    browser.run("document.querySelector('#pick [name=kind]').value = 'preference'");
    browser.click("#pick button");
    browser.wait("return document.querySelector('mark.by-hand') !== null");
    assert_eq!(house.added(), ["we bring the grün ropes"]);
    assert_eq!(browser.text("mark.by-hand"), "we bring the grün ropes");
    assert!(browser.address().ends_with("/calls/odd#turn-0"));
    // Hidden characters can be part of it.
    browser.run(
        "const words = document.querySelector('#turn-0 .words'), range = document.createRange();
         range.selectNodeContents(words); range.setEndAfter(words.querySelectorAll('[data-bytes]')[1]);
         getSelection().removeAllRanges(); getSelection().addRange(range);
         document.dispatchEvent(new Event('mouseup'))",
    );
    browser.wait("return document.querySelector('#pick').classList.contains('picked')");
    browser.run("document.querySelector('#pick [name=kind]').value = 'pain'");
    browser.click("#pick button");
    browser.wait("return document.querySelectorAll('mark.by-hand').length > 1");
    assert!(house.added().contains(&"Well \u{202E}hidden\u{202C}".to_owned()), "{:?}", house.added());
    check_page(&browser, "call, with words added", &[]);
}

#[test]
fn words_are_added_without_script_and_only_where_they_stand() {
    let Some(browser) = Browser::start(false) else { return };
    let house = House::new();
    house.deliver_odd_call();
    house.sign_in(&browser, "ae");
    let add = |turn: &str, quote: &str| {
        house.open(&browser, "/calls/odd");
        browser.type_into("#pick [name=turn]", turn);
        browser.type_into("#pick [name=quote]", quote);
        browser.run("document.querySelector('#pick [name=kind]').value = 'preference'");
        browser.click("#pick button");
    };
    add("0", "we bring the green ropes");
    browser.wait_for("main", "nobody says that there to the letter");
    add("1", "we bring the");
    browser.wait_for("main", "nobody says that there to the letter");
    assert!(house.added().is_empty());
    add("0", "we bring the grün ropes");
    browser.wait_for("mark.by-hand", "we bring the grün ropes");
    assert_eq!(house.added(), ["we bring the grün ropes"]);
    // A speaker is corrected in place, and what was found is read again.
    house.open(&browser, "/calls/odd");
    browser.click("#turn-0 a.voice");
    browser.wait(
        "return document.querySelector('#speakers').open && document.querySelector('form:target') !== null",
    );
    browser.run("document.querySelector('form:target [name=side]').value = 'customer'");
    browser.click("form:target button");
    browser.wait_for("#turn-0 .side", "customer");
}

/// Bytes of a selection are a hand's work only where the page that was read still stands.
#[test]
fn a_selection_is_checked_against_the_call() {
    let house = House::new();
    house.deliver_odd_call();
    let digest = house.service.get("/v1/calls/odd/transcript").1["digest"].as_str().unwrap().to_owned();
    let send = |role: &str, form: &[(&str, &str)]| house.send_form(role, "/calls/odd/lines", form).0;
    let at = |start: &'static str, end: &'static str, digest: &str| {
        let form = [("turn", "0"), ("start", start), ("end", end), ("kind", "pain"), ("transcript", digest)];
        let form: Vec<_> = form.map(|(name, value)| (name, value.to_owned())).into();
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        send("ae", &form)
    };
    for (start, end) in
        [("6", "9"), ("4", "5"), ("9", "4"), ("0", "4000"), ("-1", "4"), ("4294967295", "4294967296")]
    {
        assert_eq!(at(start, end, &digest), 400, "{start}..{end}");
    }
    assert_eq!(at("0", "4", &digest.replace(&digest[..4], "0000")), 400);
    assert_eq!(send("csm", &[("turn", "0"), ("quote", "Well"), ("kind", "pain")]), 403);
    assert_eq!(send("ae", &[("turn", "0"), ("quote", "Well"), ("kind", "dance")]), 400);
    assert!(house.added().is_empty());
    assert_eq!(at("0", "4", &digest), 200);
    assert_eq!(house.added(), ["Well"]);
}

#[test]
fn a_call_is_narrowed_by_kind_and_side() {
    let house = House::new();
    let call = house.call();
    let (_, found) = house.service.get(&format!("/v1/calls/{call}/findings"));
    let (_, read) = house.service.get(&format!("/v1/calls/{call}/transcript"));
    let turns = |query: &str| {
        let page = house.service.request("GET", &format!("/calls/{call}?{query}")).send().unwrap();
        assert_eq!(page.status(), 200, "{query}");
        page.text().unwrap().matches("class=\"turn\"").count()
    };
    let kind =
        found["findings"].as_array().unwrap().iter().find(|it| it["side"] == "customer").unwrap()["kind"]
            .clone();
    let word = kind.as_str().unwrap();
    let of_kind = |side: Option<&str>| {
        let findings = found["findings"].as_array().unwrap().iter();
        let marked = findings.filter(|it| it["kind"] == kind && side.is_none_or(|side| it["side"] == side));
        marked.map(|it| it["turn"].as_u64().unwrap()).collect::<std::collections::BTreeSet<_>>().len()
    };
    let of_side =
        |side: &str| read["turns"].as_array().unwrap().iter().filter(|it| it["side"] == side).count();
    assert!(of_kind(None) > 0 && of_side("customer") > 0);
    assert_eq!(turns(""), read["turns"].as_array().unwrap().len());
    assert_eq!(turns(&format!("kind={word}")), of_kind(None));
    assert_eq!(turns("side=customer"), of_side("customer"));
    assert_eq!(turns(&format!("kind={word}&side=customer")), of_kind(Some("customer")));
    assert_eq!(
        house.service.request("GET", &format!("/calls/{call}?side=nobody")).send().unwrap().status(),
        400
    );
}

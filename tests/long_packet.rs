//! A packet with a section of more lines than a page shows at first.

use serde_json::{Value, json};

use crate::pages::{House, picture};
use crate::support::browser::Browser;

/// Promises that the AE states beside those of the calls.
const STATED: usize = 60;

/// States many promises, and returns the entry of the last line of the packet's promises.
fn state(house: &House) -> String {
    let deal = house.deal();
    let state = |number| json!({"act": "add", "kind": "promise", "text": format!("Wall number {number} gets its own map")});
    let acts: Vec<Value> = (0..STATED).map(state).collect();
    let path = format!("/v1/deals/{deal}/decisions");
    let request = house.service.request("POST", &path).header("if-match", "*");
    assert_eq!(request.json(&acts).send().unwrap().status(), 201);
    let (_, packet) = house.service.get(&format!("/v1/deals/{deal}/packet"));
    let sections = packet["sections"].as_array().unwrap();
    let promises = sections.iter().find(|section| section["id"] == "promises").unwrap();
    let last = promises["items"].as_array().unwrap().last().unwrap();
    last["entry"].as_str().unwrap().to_owned()
}

const SHOWN: &str = "return document.querySelectorAll('#promises > article').length";

#[test]
fn a_long_section_opens_as_one_reviews_on() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    let last = state(&house);
    house.sign_in(&browser, "ae");
    let packet = format!("/deals/{}", house.deal());
    house.open(&browser, &packet);
    assert_eq!(browser.run(SHOWN), json!(50));
    assert!(browser.text("#promises .rest").starts_with("50 of "), "{}", browser.text("#promises .rest"));
    picture(&browser, "packet-long");
    // All lines count, and what is typed elsewhere stays when the rest is shown.
    let left = browser.text("#left");
    browser.run("document.querySelectorAll('#promises > article')[49].focus()");
    browser.press("j");
    browser.wait("return document.activeElement === document.querySelectorAll('#promises > article')[50]");
    assert!(browser.address().contains("?whole=promises"), "{}", browser.address());
    assert_eq!(browser.text("#left"), left);
    browser.press("a");
    browser.wait("return document.querySelectorAll('#promises .item.accepted').length === 1");
    browser.wait("return document.activeElement === document.querySelectorAll('#promises > article')[51]");
    // A line in the rest is arrived at, by our links and by an address that was kept before there was a rest.
    for way in [format!("?whole={last}#item-{last}"), format!("#item-{last}")] {
        house.open(&browser, "/search");
        house.open(&browser, &format!("{packet}{way}"));
        browser.wait(&format!("return document.querySelector('#item-{last}:target') !== null"));
    }
    // Every line on one page, as it is printed.
    house.open(&browser, &format!("{packet}?whole=all"));
    assert_eq!(browser.run("return document.querySelectorAll('.rest').length"), json!(0));
}

#[test]
fn a_long_section_opens_without_script() {
    let Some(browser) = Browser::start(false) else { return };
    let house = House::new();
    let last = state(&house);
    house.sign_in(&browser, "ae");
    let packet = format!("/deals/{}", house.deal());
    house.open(&browser, &packet);
    browser.click("#promises .rest a");
    browser.wait("return location.search === '?whole=promises'");
    assert!(browser.run(SHOWN).as_u64().unwrap() > 50);
    // What is decided there is shown there.
    browser.click(&format!("#item-{last} form[data-act=accept] button"));
    browser.wait(&format!("return document.querySelector('#item-{last}.accepted:target') !== null"));
    assert!(browser.address().contains("?whole=promises#item-"), "{}", browser.address());
    // From the page of the line the way leads back to it.
    house.open(&browser, &format!("{packet}/lines/{last}"));
    browser.click("main .head a[href*='#item-']");
    browser.wait(&format!("return document.querySelector('#item-{last}:target') !== null"));
}

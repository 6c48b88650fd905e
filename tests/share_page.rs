//! The customer's links to the plan on a deal's page, in a browser.

use serde_json::json;

use crate::pages::{House, picture};
use crate::support::browser::Browser;
use crate::support::service::fixture;

const DEAL: &str = "harrow-creek-2026";

/// A service with a deal whose plan tells nothing that is not for the customer.
fn house() -> House {
    let house = House::new();
    house.service.run(&["import", fixture("deals/credit-union").to_str().unwrap()]);
    house
}

#[test]
fn a_link_is_shown_once_opens_the_plan_and_is_revoked() {
    for script in [true, false] {
        let Some(browser) = Browser::start(script) else { return };
        let house = house();
        house.sign_in(&browser, "csm");
        let overview = format!("/deals/{DEAL}/overview");
        house.open(&browser, &overview);
        browser.click("#shares form button");
        browser.wait("return document.querySelector('#shares .token') !== null");
        picture(&browser, "share-made");
        let address = browser.text("#shares .token");
        assert!(address.starts_with(&format!("{}/share/rbs_", house.service.address)), "{address}");
        let path = address.strip_prefix(&house.service.address).unwrap();
        let open = || house.service.request_as(None, "GET", path).send().unwrap().status().as_u16();
        assert_eq!(open(), 200);
        house.open(&browser, &overview);
        assert!(!browser.run("return document.body.innerHTML").as_str().unwrap().contains(path));
        assert!(browser.text("#shares").contains("opened 1 time, last"), "{}", browser.text("#shares"));
        browser.click("#shares form[action$='/revoke'] button");
        browser.wait("return document.querySelector('#shares .closed') !== null");
        assert_eq!(open(), 404);
        // What would tell too much makes no link, and the line is named.
        let leak = json!({"milestones": [{"day": 30, "what": "we gave in because their board was about to walk"}],
                          "comments": ["We only gave in because their board was about to walk."]});
        let occasion = house.service.request("PUT", &format!("/v1/deals/{DEAL}/occasion"));
        let kept = occasion.header("if-none-match", "*").json(&leak).send().unwrap();
        assert_eq!(kept.status(), 200);
        house.open(&browser, &overview);
        browser.click("#shares form button");
        browser.wait("return document.querySelector('#shares .wrong') !== null");
        picture(&browser, "share-refused");
        let told = browser.text("#shares .wrong li");
        assert!(told.contains("we gave in because") && told.starts_with("line "), "{told}");
        assert_eq!(browser.run("return document.querySelectorAll('#shares .token').length"), json!(0));
    }
    // Who may not make links sees those that are there, and no way to make one.
    let house = house();
    let overview = format!("/deals/{DEAL}/overview");
    let token = house.service.make_token(&["--name", "m", "--role", "manager"]);
    let page = || house.service.request_as(Some(&token), "GET", &overview).send().unwrap().text().unwrap();
    assert!(!page().contains("id=\"shares\""));
    let made = house.send_form("ae", &format!("/deals/{DEAL}/shares"), &[("days", "7")]);
    assert!(made.0 == 201 && made.1.contains("/share/rbs_"), "{}", made.0);
    assert!(page().contains("id=\"shares\"") && !page().contains("/shares#shares"));
}

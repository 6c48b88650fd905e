//! What AE and CSM do on a packet's page, in a browser and by the forms that it sends.

use serde_json::{Value, json};

use crate::pages::{House, check_page, picture};
use crate::support::browser::Browser;

impl House {
    fn revision(&self, deal: &str) -> String {
        self.service.get(&format!("/v1/deals/{deal}/handoff")).1["revision"].to_string()
    }

    fn promises(&self, deal: &str) -> Vec<Value> {
        let (_, handoff) = self.service.get(&format!("/v1/deals/{deal}/handoff"));
        handoff["promises"].as_array().unwrap().clone()
    }

    /// Does acts of a handoff as somebody, whatever stands.
    fn does(&self, role: &str, deal: &str, acts: impl IntoIterator<Item = Value>) {
        let token = self.service.make_token(&["--name", "act", "--user", &format!("{role}@hollin.example")]);
        for act in acts {
            let path = format!("/v1/deals/{deal}/handoff/acts");
            let request = self.service.request_as(Some(&token), "POST", &path).header("if-match", "*");
            let answer = request.json(&act).send().unwrap();
            assert_eq!(answer.status(), 201, "{act}: {}", answer.text().unwrap());
        }
    }

    /// Returns the promises that the gate of the signature names for a reason.
    fn named(&self, deal: &str, reason: &str) -> Vec<Value> {
        let (_, handoff) = self.service.get(&format!("/v1/deals/{deal}/handoff"));
        let sign = handoff["gates"].as_array().unwrap().iter().find(|gate| gate["gate"] == "sign").unwrap();
        let missing = sign["missing"].as_array().unwrap().iter();
        missing.filter(|it| it["kind"] == reason).map(|it| it["about"].clone()).collect()
    }

    /// Takes out what is read as promised by somebody of whom nobody knows on whose side they are.
    fn reject_the_unsure(&self, deal: &str) {
        let reject = |entry| json!({"act": "reject", "entry": entry, "reason": "nobody of ours said it"});
        let acts: Vec<_> = self.named(deal, "speaker_unsure").into_iter().map(reject).collect();
        if !acts.is_empty() {
            self.decides(deal, &acts);
        }
    }

    /// Decides about lines as an administrator, whatever stands.
    fn decides(&self, deal: &str, acts: &[Value]) {
        let path = format!("/v1/deals/{deal}/decisions");
        let request = self.service.request("POST", &path).header("if-match", "*");
        assert_eq!(request.json(&acts).send().unwrap().status(), 201);
    }

    /// Settles what the calls contradict, as the gate of the signature asks.
    fn settle_contradictions(&self, deal: &str) {
        for promise in self.named(deal, "contradicted") {
            let dispute = json!({"act": "dispute", "promise": promise, "reason": "Two dates."});
            let settle =
                json!({"act": "settle", "promise": promise, "outcome": "kept", "reason": "The later."});
            self.does("ae", deal, [dispute, settle]);
        }
    }

    /// Names who answers for every open field, as the gate of the signature asks.
    fn assign_gaps(&self, deal: &str) {
        let (_, packet) = self.service.get(&format!("/v1/deals/{deal}/packet"));
        let unknown = |gap: &Value| {
            json!({"act": "answer", "field": gap["field"],
                   "answer": {"is": "unknown", "owner": "Simone Adeyemi", "due": "2030-01-31"}})
        };
        let acts: Vec<_> = packet["gaps"].as_array().unwrap().iter().map(unknown).collect();
        self.decides(deal, &acts);
    }
}

fn initials(promises: &[Value]) -> impl Iterator<Item = Value> {
    promises.iter().map(|promise| json!({"act": "initial", "promise": promise["id"]}))
}

/// S-078, S-094, S-110: the two days on which a packet changes hands, on its page alone.
#[test]
fn a_packet_is_signed_disputed_settled_and_approved_on_its_page() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    let deal = house.deal();
    let page = format!("/deals/{deal}");
    house.reject_the_unsure(&deal);
    let promises = house.promises(&deal);
    let first = format!("#item-{}", promises[0]["id"].as_str().unwrap());
    let shows = |selector: &str, words: &str| browser.wait_for(selector, words);
    house.settle_contradictions(&deal);
    house.sign_in(&browser, "ae");
    house.open(&browser, &page);
    shows("#handoff", "waits for");
    browser.click("#handoff .offer summary");
    shows("#handoff .waits", "nobody answers for it by a day");
    picture(&browser, "handoff-waits");

    // The AE goes to the first promise and initials it by keyboard; the rest is more of the same.
    browser.run(&format!("document.querySelector('{first}').focus()"));
    browser.press("i");
    shows(&format!("{first} .marks"), "ae@hollin.example");
    house.does("ae", &deal, initials(&promises[1..]));
    house.assign_gaps(&deal);
    house.open(&browser, &page);
    browser.click("#handoff button[value=sign]");
    shows("#handoff", "Signed by ae@hollin.example");
    browser.click("#handoff button[value=hand_over]");
    shows("#handoff", "The handoff is with the CSM");
    browser.click(".who button");

    // The CSM asks on one line and disputes another; the approval waits for both.
    house.sign_in(&browser, "csm");
    house.open(&browser, &page);
    browser.run(&format!("document.querySelector('{first}').focus()"));
    browser.press("c");
    browser.wait("return document.activeElement.tagName === 'TEXTAREA'");
    browser.press("Does <b>Kirsty</b> know?");
    browser.click(&format!("{first} button[value=ask]"));
    shows(&format!("{first} .threads"), "Does <b>Kirsty</b> know?");
    let second = format!("#item-{}", promises[1]["id"].as_str().unwrap());
    browser.click(&format!("{second} details[data-act=dispute] summary"));
    browser.type_into(&format!("{second} details[data-act=dispute] textarea"), "Nobody asked the engineers.");
    browser.click(&format!("{second} button[value=dispute]"));
    shows(&format!("{second} .dispute"), "Nobody asked the engineers.");
    shows("#handoff .bad", "Disputed");
    picture(&browser, "handoff-disputed");
    check_page(&browser, "packet, disputed", &[]);
    browser.click(&format!("{second} details[data-act=settle] summary"));
    browser.type_into(&format!("{second} details[data-act=settle] textarea"), "They can.");
    browser.click(&format!("{second} button[value=settle]"));
    shows(&format!("{second} .dispute"), "it holds");
    house.does("ae", &deal, initials(&promises[1..2]));
    let (_, handoff) = house.service.get(&format!("/v1/deals/{deal}/handoff"));
    let asked = handoff["questions"][0]["number"].clone();
    house.does("ae", &deal, [json!({"act": "answer", "question": asked, "answer": "She does."})]);
    house.does("csm", &deal, initials(&promises));
    house.open(&browser, &page);
    shows(&format!("{first} .threads"), "She does.");
    browser.click("#handoff details:has(button[value=approve_with_conditions]) > summary");
    browser.type_into("#handoff [name=conditions]", "The order form is attached\nThe gates are named");
    browser.run("document.querySelector('#handoff [name=repair_by]').value = '2030-02-01'");
    browser.click("#handoff button[value=approve_with_conditions]");
    shows("#handoff", "The handoff is approved");
    shows("#handoff .waits", "The gates are named");
    picture(&browser, "handoff-approved");

    // All of it stands in the history of the line, which opens beside the packet.
    browser.run(&format!("document.querySelector('{second}').focus()"));
    browser.press("h");
    shows("#beside .history", "settled the dispute");
    for words in ["initialled it", "Nobody asked the engineers.", "They can."] {
        assert!(browser.text("#beside .history").contains(words), "{words}");
    }
    picture(&browser, "line-beside");
}

#[test]
fn a_line_is_settled_split_and_merged_on_its_own_page_without_script() {
    let Some(browser) = Browser::start(false) else { return };
    let house = House::new();
    house.sign_in(&browser, "ae");
    let deal = house.deal();
    let promises = house.promises(&deal);
    let [one, other] = [&promises[0], &promises[1]].map(|it| it["id"].as_str().unwrap().to_owned());
    let line = format!("/deals/{deal}/lines/{one}");
    house.open(&browser, &line);
    browser.run("document.querySelector('.settings [name=class]').value = 'good_faith'");
    browser.run("document.querySelector('.settings [name=owner]').value = 'Simone Adeyemi'");
    browser.click(".settings button");
    browser.wait("return document.querySelectorAll('.history li').length === 2");
    assert!(browser.address().ends_with(&line), "{}", browser.address());
    let history = browser.text(".history");
    assert!(history.contains("set class to good faith") && history.contains("set owner"), "{history}");
    assert!(browser.text(".facts").contains("good faith"), "{}", browser.text(".facts"));

    browser.click("details:has(button[value=merge]) > summary");
    browser.click(&format!("input[name=entries][value='{other}']"));
    browser.click("button[value=merge]");
    browser.wait_for(".history", "merged 1 line into it");
    assert_eq!(house.promises(&deal).len(), promises.len() - 1);
    browser.run("document.querySelector('input[name=findings]').checked = true");
    browser.click("button[value=split]");
    browser.wait_for(".history", "split 1 line off");
    assert_eq!(house.promises(&deal).len(), promises.len());

    // A line that nobody found is stated, a field that nobody answered gets an owner and a day.
    house.open(&browser, &format!("/deals/{deal}"));
    browser.click("#add summary");
    browser.run("document.querySelector('#add [name=kind]').value = 'preference'");
    browser.type_into("#add textarea", "Bram reads mail on Mondays only");
    browser.click("#add button");
    browser.wait_for("#preferences", "Bram reads mail on Mondays only");
    browser.click(".gaps details:has([value=unknown]) > summary");
    browser.run("document.querySelector('.gaps [name=due]').value = '2030-01-31'");
    browser.click(".gaps form:has([value=unknown]) button");
    browser.wait_for(".gaps", "ae@hollin.example asks by 2030-01-31");
}

/// Pages ask the policy of the API, and say the same no.
#[test]
fn a_form_is_for_whom_the_api_lets_and_counts_once() {
    let house = House::new();
    let deal = house.deal();
    let (decisions, acts) = (format!("/deals/{deal}/decisions"), format!("/deals/{deal}/acts"));
    let promise = house.promises(&deal)[0].clone();
    let entry = promise["id"].as_str().unwrap();
    let digest = promise["digest"].as_str().unwrap();
    let line = format!("/deals/{deal}/lines/{entry}");
    let revision = house.revision(&deal);
    let rests = |form: &[(&'static str, &str)]| {
        let mut form: Vec<(&str, String)> =
            form.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        form.push(("revision", revision.clone()));
        form.push(("entry", entry.to_owned()));
        form
    };
    let send = |role: &str, path: &str, form: &[(&'static str, &str)]| {
        let form = rests(form);
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        house.send_form(role, path, &form)
    };
    for (role, path, form) in [
        ("csm", &decisions, vec![("act", "accept")]),
        ("manager", &decisions, vec![("act", "edit"), ("text", "mine")]),
        ("csm", &line, vec![("class", "contractual")]),
        ("manager", &acts, vec![("act", "initial"), ("seen", digest)]),
        ("ae", &acts, vec![("act", "approve")]),
        ("csm", &acts, vec![("act", "sign"), ("packet", digest)]),
    ] {
        let (status, page) = send(role, path, &form);
        assert_eq!(status, 403, "{role} {form:?}: {page}");
    }
    // The gate is closed, a field is missing, a value is none.
    let gate = send(
        "ae",
        &acts,
        &[
            ("act", "sign"),
            ("packet", house.service.get(&format!("/v1/deals/{deal}/handoff")).1["packet"].as_str().unwrap()),
        ],
    );
    assert!(gate.0 == 409 && gate.1.contains("is not initialled by the AE"), "{}", gate.1);
    for form in [
        vec![("act", "reject")],
        vec![("act", "answer"), ("field", "Risks"), ("is", "unknown")],
        vec![("act", "dance")],
    ] {
        assert_eq!(send("ae", &decisions, &form).0, 400, "{form:?}");
    }
    assert_eq!(send("ae", &line, &[("class", "a whim")]).0, 422);
    assert_eq!(send("ae", &format!("/deals/{deal}/lines/nothing"), &[("class", "")]).0, 404);
    assert_eq!(house.revision(&deal), revision, "nothing of it was kept");
    // The same form twice is one decision.
    assert_eq!(send("ae", &acts, &[("act", "initial"), ("seen", digest)]).0, 200);
    let again = send("ae", &acts, &[("act", "initial"), ("seen", digest)]);
    assert!(again.0 == 412 && again.1.contains("Somebody was faster"), "{}", again.1);
    // What somebody says of a person is for AE, CSM and CS manager.
    let (_, packet) = house.service.get(&format!("/v1/deals/{deal}/packet"));
    let people = packet["ledger"]["stakeholders"].as_array().unwrap();
    let person = people[0]["id"].as_str().unwrap();
    let request =
        house.service.request("POST", &format!("/v1/deals/{deal}/decisions")).header("if-match", "*");
    let set = json!({"act": "set", "entry": person, "field": "stance", "value": "opposed"});
    assert_eq!(request.json(&set).send().unwrap().status(), 201);
    let read = |role: &str| {
        let token = house.service.make_token(&["--name", "x", "--user", &format!("{role}@hollin.example")]);
        let path = format!("/deals/{deal}/lines/{person}");
        house.service.request_as(Some(&token), "GET", &path).send().unwrap().text().unwrap()
    };
    assert!(read("csm").contains("set stance to opposed"));
    assert!(!read("manager").contains("opposed"));
}

#[test]
fn moments_are_told_in_the_zone_of_whoever_looks_and_paper_shows_no_forms() {
    let Some(browser) = Browser::start(true) else { return };
    let house = House::new();
    let deal = house.deal();
    house.sign_in(&browser, "ae");
    let entry = house.promises(&deal)[0]["id"].clone();
    house.does("ae", &deal, [json!({"act": "initial", "promise": entry})]);
    browser.devtools("Emulation.setTimezoneOverride", &json!({"timezoneId": "Pacific/Kiritimati"}));
    house.open(&browser, &format!("/deals/{deal}"));
    let told = browser.run(
        "const time = document.querySelector('.marks time');
         return time.title.endsWith(' UTC')
             && time.textContent === new Date(time.dateTime).toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'short'})",
    );
    assert_eq!(told, true, "{}", browser.text(".marks time"));
    browser.devtools("Emulation.setEmulatedMedia", &json!({"media": "print"}));
    let left = browser.run(
        "return [...document.querySelectorAll('form, button, textarea, summary')].filter(it => it.checkVisibility()).map(it => it.outerHTML)",
    );
    assert_eq!(left, json!([]), "{left:#}");
    assert!(browser.text("main").contains("Promises ledger"));
    picture(&browser, "packet-print");
}

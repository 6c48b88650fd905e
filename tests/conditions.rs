//! A promise's condition stands until a call shows that it was met, lapsed or dropped.

use readback::detect::Attrs;
use readback::ledger::{ConditionStatus, Event};
use readback::packet::markdown;
use readback::rules::{Category, Firmness};

use crate::scripted::{Scripted, ledger, packet};

fn conditional(condition: &str) -> Attrs {
    Attrs::Promise {
        category: Category::Pricing,
        firmness: Firmness::Conditional,
        due: None,
        due_text: None,
        condition: Some(condition.to_owned()),
    }
}

fn firm() -> Attrs {
    Attrs::Promise {
        category: Category::Pricing,
        firmness: Firmness::Firm,
        due: None,
        due_text: None,
        condition: None,
    }
}

/// A call on which fifteen percent hang on the board, and what was said before and after.
fn offered() -> Scripted {
    Scripted::call("offer-01", "2026-03-03")
        .says("Dana", "It is a lot of money for one warehouse.", &[])
        .says(
            "Marcus",
            "Fair. [[If your board approves the budget by March thirtieth, you get fifteen percent off the scanners.]]",
            &[conditional("If your board approves the budget by March thirtieth")],
        )
        .says("Dana", "I'll see.", &[])
}

#[test]
fn later_words_settle_a_condition_and_small_talk_does_not() {
    use ConditionStatus::{Lapsed, Met, Pending};
    let cases = [
        ("Dana", "So the board approved the budget on the twenty-sixth.", Met),
        ("Dana", "Good news, the board approved the budget last week.", Met),
        ("Marcus", "March thirtieth came and went and the board never approved the budget.", Lapsed),
        ("Dana", "The board rejected the budget, I'm sorry.", Lapsed),
        ("Dana", "How was your holiday?", Pending),
        ("Dana", "When does your board meet, by the way?", Pending),
    ];
    for (who, words, wanted) in cases {
        let later = Scripted::call("offer-02", "2026-04-14")
            .says("Marcus", "Hello again, everybody.", &[])
            .says(who, words, &[]);
        let promise = &ledger(&[offered(), later]).promises[0];
        assert_eq!(promise.condition_status, Some(wanted), "{words}");
        let told = promise.said.last().filter(|saying| saying.finding.is_none());
        assert_eq!(told.map(|saying| saying.words.quote.text()), (wanted != Pending).then_some(words));
    }
}

#[test]
fn a_promise_said_again_without_its_condition_still_hangs_on_it_unless_that_is_dropped() {
    for (words, wanted) in [
        ("And fifteen percent off the scanners, as I said.", ConditionStatus::Pending),
        ("The fifteen percent off the scanners you get either way.", ConditionStatus::Waived),
    ] {
        let again =
            Scripted::call("offer-02", "2026-04-14").says("Marcus", &format!("[[{words}]]"), &[firm()]);
        let ledger = ledger(&[offered(), again]);
        assert_eq!(ledger.promises.len(), 1, "{words}");
        let promise = &ledger.promises[0];
        assert_eq!(promise.condition_status, Some(wanted), "{words}");
        assert!(promise.condition.as_deref().is_some_and(|it| it.starts_with("If your board")));
    }
}

#[test]
fn a_condition_that_lapsed_frees_us_and_the_packet_says_so() {
    let later = Scripted::call("offer-02", "2026-04-14").says(
        "Dana",
        "The board rejected the budget, I'm sorry.",
        &[],
    );
    let calls = [offered(), later];
    let ledger = ledger(&calls);
    assert!(!ledger.promises[0].is_open());
    assert_eq!(ledger.promises[0].said.last().map(|saying| saying.event), Some(Event::Lapsed));
    let packet = packet(&calls);
    assert!(packet.changed.iter().any(|change| change.what == "condition lapsed"), "{:?}", packet.changed);
    let markdown = markdown(&packet);
    assert!(markdown.contains("Condition is: lapsed"), "{markdown}");
    assert!(!packet.gaps.iter().any(|gap| gap.field == "A date for each promise"), "{:?}", packet.gaps);
}

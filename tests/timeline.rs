//! What happened to a made-up deal, call by call, and what lists of many deals show of it.

use std::collections::BTreeMap;

use readback::packet::{Stop, Track};
use readback::review::Verdict;

use crate::packets::lantern;
use crate::scripted::packet;

fn happened(stops: &[Stop]) -> Vec<(String, Track, String)> {
    let told = |stop: &Stop| {
        let call = stop.call.clone();
        let each = stop.happenings.clone().into_iter().map(move |it| {
            let words = it.words.map(|words| words.quote.text().to_owned());
            (call.clone(), it.track, it.name.or(words).unwrap_or_default())
        });
        each.collect::<Vec<_>>()
    };
    stops.iter().flat_map(told).collect()
}

#[test]
fn the_timeline_tells_what_each_call_did() {
    let stops = packet(&lantern()).timeline();
    assert_eq!(
        stops.iter().map(|stop| stop.call.as_str()).collect::<Vec<_>>(),
        ["lantern-01", "lantern-02", "lantern-03"]
    );
    let told = happened(&stops);
    let has = |call: &str, track: Track, words: &str| {
        told.iter().any(|(on, of, text)| on == call && *of == track && text.contains(words))
    };
    assert!(has("lantern-01", Track::Promised, "the NetSuite sync live"), "{told:#?}");
    assert!(has("lantern-02", Track::Moved, "The NetSuite sync slipped"), "{told:#?}");
    assert!(has("lantern-03", Track::TakenBack, "pulled bulk label printing"), "{told:#?}");
    assert!(has("lantern-01", Track::Raised, "my pickers will ever open"), "{told:#?}");
    assert!(has("lantern-01", Track::Joined, "Dana Whitfield"), "{told:#?}");
    assert!(!told.iter().any(|(_, track, _)| *track == Track::Settled), "the objection was only deferred");
}

/// Each person joins once, and each promise is made once, however many calls they are on.
#[test]
fn nothing_begins_twice() {
    let packet = packet(&lantern());
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    for happening in packet.timeline().into_iter().flat_map(|stop| stop.happenings) {
        if matches!(happening.track, Track::Promised | Track::Joined) {
            *made.entry(happening.entry).or_default() += 1;
        }
    }
    assert!(
        made.len() > packet.ledger.promises.len() && made.values().all(|number| *number == 1),
        "{made:?}"
    );
}

#[test]
fn a_glance_is_what_the_packet_says() {
    let packet = packet(&lantern());
    let glance = packet.glance();
    assert_eq!((glance.percent, glance.calls), (packet.completeness.percent, 3));
    assert_eq!(glance.last_call.unwrap().date.unwrap().to_string(), "2026-05-12");
    let counted =
        |what: &str| glance.changed.iter().find(|it| it.what == what).map(|it| (it.number, it.red_flags));
    assert_eq!(counted("promise withdrawn"), Some((1, false)));
    assert_eq!(counted("new risk"), Some((1, true)), "who may not read red flags must not hear of it");
    let rows = packet.promise_rows();
    assert_eq!(rows.len(), packet.ledger.promises.len());
    let sync = rows.iter().find(|row| row.words.contains("NetSuite")).unwrap();
    let said = sync.said.as_ref().unwrap();
    assert_eq!((said.call.as_str(), said.speaker.as_str()), ("lantern-02", "Marcus Lee"));
    assert_eq!((sync.status.as_str(), sync.verdict), ("changed", Verdict::Open));
}

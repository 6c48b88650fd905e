//! Deadlines by profile, over weekends, holidays, changes of the clocks and zones; and the figures of the same events.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use readback::handoff::{
    Calendar, Clock, ClockState, Event, Events, GroupBy, Profile, Record, Who, clocks, figures,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn events(events: &[(Event, &str)]) -> Events {
    events.iter().map(|(event, when)| (*event, at(when))).collect()
}

fn calendar(zone: &str) -> Calendar {
    let toml = "holidays = [\"2026-12-24\", \"2026-12-25\", \"2026-04-06\"]";
    Calendar::parse(toml, TimeZone::get(zone).unwrap()).unwrap()
}

fn clock(profile: &str, step: &str, zone: &str, known: &[(Event, &str)], now: &str) -> Clock {
    let profile = Profile::builtin(profile).unwrap();
    let clocks = clocks(&events(known), &profile, &calendar(zone), at(now));
    clocks.into_iter().find(|clock| clock.step == step).unwrap_or_else(|| panic!("no step {step}"))
}

use Event::{
    AlignmentHeld, Approved, ClosedWon, Contacted, Countersigned, Introduced, KickoffHeld, KickoffPlanned,
    Signed,
};

/// Profile, step, zone, start, and the deadline in the words of that zone.
type Deadline = (&'static str, &'static str, &'static str, (Event, &'static str), &'static str);

const DEADLINES: &[Deadline] = &[
    // Hours are hours, over a weekend too.
    ("a", "document", "UTC", (ClosedWon, "2026-03-06T15:00:00Z"), "2026-03-08T15:00:00"),
    ("d", "document", "UTC", (Countersigned, "2026-03-06T15:00:00Z"), "2026-03-07T15:00:00"),
    ("e", "document", "UTC", (ClosedWon, "2026-03-06T15:00:00Z"), "2026-03-06T15:00:00"),
    ("b", "announcement", "UTC", (Countersigned, "2026-03-06T15:00:00Z"), "2026-03-06T19:00:00"),
    // Business days end with the day; neither weekend nor holiday counts.
    ("a", "alignment", "Europe/Berlin", (ClosedWon, "2026-12-18T09:00:00Z"), "2026-12-29T23:59:59"),
    ("a", "kickoff", "Europe/Berlin", (ClosedWon, "2026-12-18T09:00:00Z"), "2026-12-31T23:59:59"),
    ("e", "kickoff", "Europe/Berlin", (ClosedWon, "2026-03-04T09:00:00Z"), "2026-03-11T23:59:59"),
    ("b", "both-signed", "UTC", (Countersigned, "2026-03-02T10:00:00Z"), "2026-03-09T23:59:59"),
    // One moment is Saturday in Tokyo and Friday in Los Angeles.
    ("a", "alignment", "Asia/Tokyo", (ClosedWon, "2026-03-06T23:30:00Z"), "2026-03-13T23:59:59"),
    ("a", "alignment", "America/Los_Angeles", (ClosedWon, "2026-03-05T23:30:00Z"), "2026-03-12T23:59:59"),
    // Friday's countersignature means Monday or Tuesday (S-080), Wednesday where Monday is a holiday.
    ("b", "kickoff", "America/New_York", (Countersigned, "2026-03-06T21:00:00Z"), "2026-03-10T23:59:59"),
    ("b", "kickoff", "Europe/Berlin", (Countersigned, "2026-04-03T10:00:00Z"), "2026-04-08T23:59:59"),
    // Where it was Saturday already, the rule does not hold; 72 hours end on Tuesday morning.
    ("b", "kickoff", "Asia/Tokyo", (Countersigned, "2026-03-06T23:30:00Z"), "2026-03-10T08:30:00"),
    // 72 hours that end on a day off end with the next business day.
    ("b", "kickoff", "America/New_York", (Countersigned, "2026-03-04T15:00:00Z"), "2026-03-09T23:59:59"),
    ("b", "kickoff", "America/New_York", (Countersigned, "2026-03-02T15:00:00Z"), "2026-03-05T10:00:00"),
    // An hour is lost in New York on March 8 and another won on November 1: hours on the clock, days on the calendar.
    ("a", "document", "America/New_York", (ClosedWon, "2026-03-07T15:00:00Z"), "2026-03-09T11:00:00"),
    ("a", "document", "America/New_York", (ClosedWon, "2026-10-31T14:00:00Z"), "2026-11-02T09:00:00"),
    ("a", "day-30", "America/New_York", (ClosedWon, "2026-03-01T15:00:00Z"), "2026-03-31T23:59:59"),
    ("d", "introduction", "Europe/Berlin", (Countersigned, "2026-03-27T22:30:00Z"), "2026-03-30T23:59:59"),
    ("a", "first-milestone", "UTC", (ClosedWon, "2026-01-01T00:00:00Z"), "2026-03-02T23:59:59"),
    ("a", "first-contact", "UTC", (Introduced, "2026-03-06T15:00:00Z"), "2026-03-07T15:00:00"),
    // Backwards from what is to come.
    ("a", "alignment-before-kickoff", "UTC", (KickoffPlanned, "2026-03-11T14:00:00Z"), "2026-03-09T23:59:59"),
    (
        "a",
        "alignment-before-kickoff",
        "Europe/Berlin",
        (KickoffPlanned, "2026-04-08T08:00:00Z"),
        "2026-04-03T23:59:59",
    ),
    ("b", "reading", "UTC", (KickoffPlanned, "2026-03-11T14:00:00Z"), "2026-03-11T14:00:00"),
    ("c", "approved-before-kickoff", "UTC", (KickoffPlanned, "2026-03-11T14:00:00Z"), "2026-03-11T14:00:00"),
    ("d", "handed-over", "UTC", (AlignmentHeld, "2026-03-09T14:00:00Z"), "2026-03-06T23:59:59"),
    ("d", "kickoff", "UTC", (Countersigned, "2026-03-02T10:00:00Z"), "2026-03-09T23:59:59"),
    ("b", "plan-signed", "UTC", (Countersigned, "2026-03-02T10:00:00Z"), "2026-03-09T23:59:59"),
];

#[test]
fn each_profile_has_its_deadlines_in_the_zone_of_the_deal() {
    for (profile, step, zone, start, due) in DEADLINES {
        let clock = clock(profile, step, zone, &[*start], "2020-01-01T00:00:00Z");
        let local = clock.due_at.unwrap().to_zoned(TimeZone::get(zone).unwrap());
        assert_eq!(local.datetime().to_string(), *due, "{profile} {step} in {zone} from {start:?}");
    }
}

#[test]
fn a_deadline_is_waited_for_due_near_breached_and_met() {
    let closed = (ClosedWon, "2026-03-02T10:00:00Z");
    type Case<'a> = (&'a [(Event, &'a str)], &'a str, ClockState);
    let cases: &[Case] = &[
        (&[], "2026-03-09T00:00:00Z", ClockState::Waiting),
        (&[closed], "2026-03-02T10:00:00Z", ClockState::Due),
        (&[closed], "2026-03-03T21:59:59Z", ClockState::Due),
        (&[closed], "2026-03-03T22:00:00Z", ClockState::Near),
        (&[closed], "2026-03-04T10:00:00Z", ClockState::Near),
        (&[closed], "2026-03-04T10:00:01Z", ClockState::Breached),
        (&[closed, (Signed, "2026-03-04T10:00:00Z")], "2026-03-09T00:00:00Z", ClockState::Met),
        (&[closed, (Signed, "2026-02-20T10:00:00Z")], "2026-03-09T00:00:00Z", ClockState::Met),
        (&[closed, (Signed, "2026-03-04T12:00:00Z")], "2026-03-09T00:00:00Z", ClockState::MetLate),
        (&[(Signed, "2026-03-04T12:00:00Z")], "2026-03-09T00:00:00Z", ClockState::Met),
    ];
    for (known, now, state) in cases {
        let clock = clock("a", "document", "UTC", known, now);
        assert_eq!(clock.state, *state, "{known:?} at {now}");
        let told: &[Who] = match state {
            ClockState::Near => &[Who::Ae],
            ClockState::Breached => &[Who::Ae, Who::Manager],
            _ => &[],
        };
        assert_eq!(clock.tell, told, "a late one goes to the manager too");
    }
    let late =
        clock("a", "document", "UTC", &[closed, (Signed, "2026-03-04T13:30:00Z")], "2026-03-09T00:00:00Z");
    assert_eq!(late.late_by_hours, Some(3));
    let kickoff = clock("e", "kickoff", "UTC", &[closed], "2026-03-02T10:00:00Z");
    assert_eq!(
        kickoff.not_before,
        Some(at("2026-03-05T00:00:00Z")),
        "three to five business days after (S-155)"
    );
}

#[test]
fn a_profile_and_a_calendar_of_ones_own_are_read_and_mistakes_named() {
    let own = r#"
        name = "Ours"
        [gates]
        reading_minutes = 20
        [[step]]
        id = "kickoff"
        title = "Kick off"
        from = "countersigned"
        done = "kickoff_held"
        within = "4 business days"
        near = "1 business day"
        tell = ["csm"]
    "#;
    let profile = Profile::parse(own).unwrap();
    let gulf = Calendar::parse("weekend = [\"friday\", \"Saturday\"]", TimeZone::get("Asia/Riyadh").unwrap())
        .unwrap();
    let known = events(&[(Countersigned, "2026-03-03T10:00:00Z")]);
    let due = |now| clocks(&known, &profile, &gulf, at(now)).remove(0);
    assert_eq!(
        due("2026-03-04T00:00:00Z").due_at,
        Some(at("2026-03-09T20:59:59Z")),
        "Sunday is a business day there"
    );
    assert_eq!(due("2026-03-08T20:00:00Z").state, ClockState::Due);
    assert_eq!(due("2026-03-08T21:00:00Z").state, ClockState::Near);
    let cases = [
        (own.replace("4 business days", "soon"), "`soon` is no time such as"),
        (own.replace("4 business days", "9999 days"), "longer than"),
        (own.replace("countersigned", "signed_at_last"), "signed_at_last"),
        (own.replace("from = \"countersigned\"", ""), "step `kickoff` needs one of"),
        (own.replace("tell", "tel"), "tel"),
        (format!("{own}\n{}", &own[own.find("[[step]]").unwrap()..]), "step `kickoff` is there twice"),
    ];
    for (toml, words) in cases {
        let error = Profile::parse(&toml).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
    assert!(Profile::builtin("z").unwrap_err().contains("there are a, b, c, d, e"));
    let all = "weekend = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \"saturday\", \"sunday\"]";
    for (toml, words) in [
        (all, "some day must be left"),
        ("weekend = [\"sun\"]", "`sun` is no day"),
        ("holidays = [\"x\"]", "x"),
    ] {
        let error = Calendar::parse(toml, TimeZone::UTC).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn no_time_that_somebody_reports_stops_the_clocks() {
    for name in ["a", "b", "c", "d", "e"] {
        let profile = Profile::builtin(name).unwrap();
        for extreme in [Timestamp::MIN, Timestamp::MAX] {
            let known =
                [ClosedWon, Countersigned, KickoffPlanned, AlignmentHeld].map(|event| (event, extreme));
            for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
                assert_eq!(clocks(&known.into(), &profile, &calendar("UTC"), now).len(), profile.steps.len());
            }
        }
    }
}

#[test]
fn the_same_events_give_the_figures_by_person_team_and_month() {
    let record = |deal: &str, ae: &str, known: &[(Event, &str)], rating| Record {
        deal: deal.to_owned(),
        ae: Some(ae.to_owned()),
        csm: Some("bo".to_owned()),
        teams: [format!("team of {ae}")].into(),
        events: events(known),
        rating,
        calendar: calendar("America/New_York"),
    };
    let records = [
        record(
            "one",
            "ada",
            &[
                (ClosedWon, "2026-03-02T15:00:00Z"),
                (Approved, "2026-03-05T15:00:00Z"),
                (Contacted, "2026-03-03T14:00:00Z"),
                (KickoffHeld, "2026-03-04T15:00:00Z"),
                (Countersigned, "2026-03-02T15:00:00Z"),
            ],
            Some(5),
        ),
        record(
            "two",
            "ada",
            &[
                (ClosedWon, "2026-03-02T15:00:00Z"),
                (Approved, "2026-03-20T15:00:00Z"),
                (Contacted, "2026-03-09T15:00:00Z"),
            ],
            Some(2),
        ),
        // S-099: where nobody said when it was won, the countersignature is the close.
        record("three", "cy", &[(Countersigned, "2026-04-01T03:30:00Z")], None),
    ];
    let figure = |by, group: &str, id: &str, now: &str| {
        let groups = figures(&records, by, at(now)).unwrap();
        let group =
            groups.iter().find(|it| it.group == group).unwrap_or_else(|| panic!("no {group} in {groups:#?}"));
        let figure = group.measures.iter().find(|figure| figure.id == id).unwrap();
        (figure.met, figure.decided, figure.percent, figure.late.join(","))
    };
    let later = "2026-05-01T00:00:00Z";
    let signed = "packet-signed";
    assert_eq!(figure(GroupBy::All, "", signed, later), (1, 3, Some(33), "two,three".to_owned()));
    assert_eq!(figure(GroupBy::Ae, "ada", signed, later), (1, 2, Some(50), "two".to_owned()));
    assert_eq!(figure(GroupBy::Team, "team of cy", signed, later), (0, 1, Some(0), "three".to_owned()));
    assert_eq!(figure(GroupBy::Csm, "bo", "first-contact", later), (1, 3, Some(33), "two,three".to_owned()));
    assert_eq!(
        figure(GroupBy::All, "", "kickoff-within-72-hours", later),
        (1, 2, Some(50), "three".to_owned())
    );
    // S-165, S-166, S-167: of what is late by now, the deal is named.
    assert_eq!(figure(GroupBy::Ae, "ada", "kickoff-within-5-days", later).3, "two");
    assert_eq!(
        figure(GroupBy::Month, "2026-03", "document", later),
        (0, 3, Some(0), "one,two,three".to_owned())
    );
    // 23:30 on March 31 in New York.
    assert_eq!(figure(GroupBy::Month, "2026-03", signed, later).1, 3);
    assert_eq!(
        figure(GroupBy::Ae, "cy", signed, "2026-04-02T00:00:00Z"),
        (0, 0, None, String::new()),
        "it has time"
    );
    let groups = figures(&records, GroupBy::Ae, at(later)).unwrap();
    assert_eq!(
        (groups[0].rating, groups[0].rated, groups[0].measures[2].median_hours),
        (Some(3.5), 2, Some(168))
    );
}

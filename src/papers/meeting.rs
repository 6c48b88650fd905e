use icalendar::{Calendar, Component, Event, EventLike, Property};
use jiff::{Timestamp, Zoned};

use crate::packet::{Packet, visible};

use super::document::Document;
use super::{DrawError, Occasion, Paper, text};

/// How long a meeting lasts, in minutes: the sums of the agendas.
fn minutes(paper: Paper) -> i64 {
    match paper {
        Paper::AlignmentCall => 35,
        Paper::AlignmentAgenda => 45,
        _ => 50,
    }
}

/// Draws a meeting as a calendar entry (RFC 5545) with the agenda inside. The same meeting of a deal keeps its UID, so
/// that a new file moves the entry.
///
/// # Errors
/// Where nobody said when it is.
pub(super) fn ics(
    paper: Paper,
    packet: &Packet,
    occasion: &Occasion,
    document: &Document,
) -> Result<Vec<u8>, DrawError> {
    let (meeting, field, kind) = match paper {
        Paper::KickoffAgenda => (&occasion.kickoff, "kickoff.at", "kickoff"),
        _ => (&occasion.alignment, "alignment.at", "alignment"),
    };
    let at = meeting.at.as_ref().ok_or(DrawError::Missing { field, what: "when the meeting begins" })?;
    let written =
        occasion.written_at.ok_or(DrawError::Missing { field: "written_at", what: "when it is written" })?;
    let end = Timestamp::from_second(at.timestamp().as_second() + 60 * minutes(paper))
        .map_err(|error| DrawError::Wrong { field, message: error.to_string() })?;

    let mut event = Event::new();
    event
        .uid(&format!("{kind}.{}@readback", visible(&packet.deal.id)))
        .summary(&visible(&document.title))
        .description(&text::text(document))
        .append_property(Property::new("DTSTAMP", utc(written)))
        .append_property(Property::new("DTSTART", utc(at.timestamp())))
        .append_property(Property::new("DTEND", utc(end)));
    if let Some(place) = &meeting.place {
        event.location(&visible(place));
    }
    for (name, email) in attendees(paper, occasion) {
        let mut property = Property::new("ATTENDEE", format!("mailto:{email}"));
        // Quotes and controls would end the parameter.
        property.add_parameter("CN", &visible(name).replace(['"', ';', ':', ','], " "));
        event.append_multi_property(property.done());
    }
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//Readback//papers//EN"));
    calendar.push(event.done());
    Ok(calendar.to_string().into_bytes())
}

fn attendees(paper: Paper, occasion: &Occasion) -> Vec<(&str, &str)> {
    let ours = [&occasion.ae, &occasion.csm];
    let mut all: Vec<(&str, &str)> = ours
        .into_iter()
        .filter_map(|it| Some((it.name.as_deref()?, it.email.as_deref().filter(|email| is_address(email))?)))
        .collect();
    if paper == Paper::KickoffAgenda {
        let champion = occasion.champion_email.as_deref().filter(|email| is_address(email));
        all.extend(champion.map(|email| (email, email)));
    }
    all
}

fn is_address(text: &str) -> bool {
    text.parse::<lettre::Address>().is_ok()
}

fn utc(at: Timestamp) -> String {
    Zoned::new(at, jiff::tz::TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

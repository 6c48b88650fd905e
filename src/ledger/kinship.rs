//! How far a saying speaks for belonging to an entry, measured and weighed.

use super::entries::Entry;
use super::topic::Topic;

/// What is measured between a saying and an entry, in the order of the numbers.
pub(super) const MEASURES: [&str; 22] = [
    "words_shared",
    "share_of_words",
    "names_shared",
    "class_same",
    "lead_in_shared",
    "due_same",
    "due_moved",
    "date_recalled",
    "figures_shared",
    "figures_differ",
    "same_person",
    "same_call",
    "recent",
    "recent_and_brief",
    "comes_back",
    "times_said",
    "latest_entry",
    "own_words_shared",
    "contexts_shared",
    "calls_apart",
    "takes_back",
    "names_apart",
];

/// How much of each measure counts: beyond this, more of it tells no more.
const MOST: f64 = 4.0;

/// Measures `topic` beside `entry`, which alone has `own` of its words; `latest` tells that no entry is younger.
pub(super) fn measure(topic: &Topic, entry: &Entry, own: usize, latest: bool) -> Vec<f64> {
    let (mut shared, mut share, mut named) = (0, 0.0_f64, 0);
    for said in entry.latest() {
        let common = topic.gist.words.shared(&said.gist.words);
        let shorter = topic.gist.words.len().min(said.gist.words.len()).max(1);
        shared = shared.max(common);
        share = share.max(common as f64 / shorter as f64);
        named = named.max(topic.gist.named(&said.gist));
    }
    let last = entry.last();
    let same_call = last.call == topic.call;
    let recent = if same_call { 2.0 / (2.0 + f64::from(topic.turn.saturating_sub(last.turn))) } else { 0.0 };
    let brief = 1.0 / (1.0 + topic.gist.words.len() as f64);
    let same_due = topic.due.is_some_and(|due| entry.dues.contains(&due));
    let moved = topic.due.is_some() && !entry.dues.is_empty() && !same_due;
    let figures = topic.gist.figures.shared(&entry.gist.figures);
    let recalled =
        topic.gist.moments.shared(&entry.gist.moments) + topic.lead.moments.shared(&entry.gist.moments);
    let flag = |holds: bool| f64::from(u8::from(holds));
    let count = |number: usize| (number as f64).min(MOST);
    vec![
        count(shared),
        share,
        count(named),
        flag(entry.classes.contains(&topic.class)),
        count(topic.lead.words.shared(&entry.gist.words)),
        flag(same_due),
        flag(moved),
        count(recalled),
        count(figures),
        flag(figures == 0 && !topic.gist.figures.is_empty() && !entry.gist.figures.is_empty()),
        flag(topic.person == last.person),
        flag(same_call),
        recent,
        recent * brief,
        flag(topic.again),
        count(entry.times),
        flag(latest),
        count(own),
        count(topic.lead.words.shared(&entry.lead.words)),
        count(topic.call - last.call),
        flag(topic.takes_back),
        flag(entry.gist.names.apart(&topic.gist.names)),
    ]
}

//! Deepgram: utterances, else paragraphs, else words of each channel. Times in seconds.
//!
//! With several channels the channel is the speaker (`channel 0`), with the number behind it where a channel was
//! diarised too.

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::Call;

use super::Said;
use super::node::Node;
use super::words::{self, Word};

pub(super) fn recognises(document: &Value) -> bool {
    let results = document.get("results");
    results.is_some_and(|results| {
        results.get("channels").or(results.get("utterances")).is_some_and(Value::is_array)
    })
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let channels = root.at(&["results", "channels"]).map(|list| list.elements()).unwrap_or_default();
    let utterances = root.at(&["results", "utterances"]).map(|list| list.elements()).unwrap_or_default();
    let several = channels.len() > 1
        || utterances.iter().any(|utterance| utterance.id("channel").is_some_and(|c| c != "0"));
    let mut rows: Vec<_> = utterances.iter().map(|utterance| utterance_row(utterance, several)).collect();
    if rows.is_empty() {
        let of_channel =
            |(index, channel): (usize, &Node<'_>)| channel_rows(channel, several.then_some(index));
        rows = channels.iter().enumerate().flat_map(of_channel).collect();
        words::interleave(&mut rows);
    }
    let call = Call {
        id: root.at(&["metadata", "request_id"]).and_then(|id| id.string()).unwrap_or_default().to_owned(),
        language: channels.first().and_then(|channel| channel.language("detected_language")),
        ..Call::default()
    };
    Ok(Said { call, rows })
}

fn utterance_row(utterance: &Node<'_>, several: bool) -> Row {
    let channel = utterance.id("channel").filter(|_| several);
    Row { label: label(channel, utterance), ..row(utterance, "transcript") }
}

fn row(node: &Node<'_>, text: &str) -> Row {
    Row {
        label: None,
        text: node.words(text).unwrap_or_default(),
        start: node.seconds("start"),
        end: node.seconds("end"),
        language: None,
        place: node.place(),
    }
}

fn label(channel: Option<String>, node: &Node<'_>) -> Option<String> {
    match (channel, node.id("speaker")) {
        (Some(channel), Some(speaker)) => Some(format!("channel {channel} speaker {speaker}")),
        (Some(channel), None) => Some(format!("channel {channel}")),
        (None, speaker) => speaker,
    }
}

fn channel_rows(channel: &Node<'_>, index: Option<usize>) -> Vec<Row> {
    let Some(best) = channel.list("alternatives").into_iter().next() else {
        return Vec::new();
    };
    let channel = index.map(|index| index.to_string());
    let paragraphs = best.at(&["paragraphs", "paragraphs"]).map(|list| list.elements()).unwrap_or_default();
    let sentences = |paragraph: &Node<'_>| {
        let label = label(channel.clone(), paragraph);
        let of_paragraph = |sentence: &Node<'_>| Row { label: label.clone(), ..row(sentence, "text") };
        paragraph.list("sentences").iter().map(of_paragraph).collect::<Vec<_>>()
    };
    let rows: Vec<_> = paragraphs.iter().flat_map(sentences).collect();
    if !rows.is_empty() {
        return rows;
    }
    let word = |word: &Node<'_>| Word {
        label: label(channel.clone(), word),
        text: word.words("punctuated_word").or_else(|| word.words("word")).unwrap_or_default(),
        start: word.seconds("start"),
        end: word.seconds("end"),
        language: word.language("language"),
        place: word.place(),
        ..Word::default()
    };
    let rows = words::rows(best.list("words").iter().map(word));
    if !rows.is_empty() {
        return rows;
    }
    vec![Row { label: label(channel, &best), ..row(&best, "transcript") }]
}

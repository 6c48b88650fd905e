use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A recorder's file format, recognised by content and never by file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// WebVTT: Zoom's `Name: text`, Teams' `<v Name>`, and the standard at large.
    WebVtt,
    /// SubRip (`.srt`).
    SubRip,
    /// Text with a speaker on every paragraph: `Name: text`, with or without times.
    Plain,
    /// Otter's text export: name and time on a line, the paragraph below.
    Otter,
    /// Google Meet: the transcript document as text, or the entries of its API.
    GoogleMeet,
    /// A word processor's document, as Teams writes it.
    Docx,
    /// Gong `calls/transcript`, alone or joined with `calls/extensive`.
    Gong,
    /// Fireflies' GraphQL transcript.
    Fireflies,
    /// AssemblyAI.
    AssemblyAi,
    /// Deepgram.
    Deepgram,
    /// AWS Transcribe.
    AwsTranscribe,
    /// OpenAI Whisper's JSON (`segments`), `verbose_json` and `diarized_json` alike.
    Whisper,
    /// whisper.cpp's JSON.
    WhisperCpp,
    /// WhisperX: Whisper's segments with speakers.
    WhisperX,
    /// Recall.ai.
    RecallAi,
    /// Rev and Rev.ai.
    Rev,
    /// Speechmatics.
    Speechmatics,
    /// Gladia.
    Gladia,
    /// HubSpot's call transcripts.
    HubSpot,
    /// Fathom.
    Fathom,
    /// Readback's own JSON, described in the README.
    Readback,
}

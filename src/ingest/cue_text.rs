use std::borrow::Cow;

use fasrt::srt::text::{PlainText, Segment};
use fasrt::vtt::cue::{CueParser, CueToken, Tag};

/// A stretch of one cue by one voice.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Voice {
    /// The name in `<v Name>`.
    pub(super) name: Option<String>,
    /// The words, without markup; the line breaks of the cue are still there.
    pub(super) text: String,
}

/// What a cue says, voice by voice.
#[derive(Debug, Default)]
pub(super) struct CueText {
    /// Voices that say something.
    pub(super) voices: Vec<Voice>,
    /// The reading aids (`<rt>`) above the words, which nobody spoke.
    pub(super) ruby: String,
}

impl CueText {
    /// Reads the markup of a cue of WebVTT or SubRip; what only looks like markup (`I <3 it`) is words.
    pub(super) fn of(body: &str) -> Self {
        if !body.contains(['<', '&', '{']) {
            return Self { voices: vec![Voice { name: None, text: body.to_owned() }], ruby: String::new() };
        }
        let subrip_read = without_subrip_tags(body);
        let escaped = escape_words(&subrip_read);
        let mut cue = Self { voices: vec![Voice::default()], ruby: String::new() };
        let mut in_ruby = false;
        for token in CueParser::new(&escaped) {
            match token {
                CueToken::Text(text) if in_ruby => cue.ruby.push_str(text.normalize()),
                CueToken::Text(text) => cue.say(text.normalize()),
                CueToken::StartTag { tag: Tag::Voice, annotation, .. } => {
                    let name = annotation.map(|name| name.normalize().to_owned());
                    cue.voices.push(Voice { name: name.filter(|name| !name.is_empty()), ..Voice::default() });
                }
                CueToken::EndTag(Tag::Voice) => cue.voices.push(Voice::default()),
                CueToken::StartTag { tag: Tag::RubyText, .. } => in_ruby = true,
                CueToken::EndTag(Tag::RubyText | Tag::Ruby) => in_ruby = false,
                CueToken::StartTag { .. } | CueToken::EndTag(_) | CueToken::Timestamp(_) => {}
            }
        }
        cue.voices.retain(|voice| !voice.text.trim().is_empty());
        cue
    }

    fn say(&mut self, text: &str) {
        if let Some(voice) = self.voices.last_mut() {
            voice.text.push_str(text);
        }
    }
}

/// Drops `<font>`, `{\an8}` and their like, which WebVTT does not know.
fn without_subrip_tags(body: &str) -> String {
    let segments = PlainText::new(body).segments().map(|segment| match segment {
        Segment::Text(text) => text.to_owned(),
        Segment::LineBreak => "\n".to_owned(),
    });
    segments.collect()
}

/// Escapes each `<` that opens no tag: by the standard, everything up to the next `>` would be lost.
fn escape_words(body: &str) -> Cow<'_, str> {
    let opens_words = |(at, _): &(usize, &str)| !opens_tag(&body[at + 1..]);
    if !body.match_indices('<').any(|found| opens_words(&found)) {
        return Cow::Borrowed(body);
    }
    let mut escaped = String::with_capacity(body.len() + 16);
    let mut from = 0;
    for (at, _) in body.match_indices('<').filter(opens_words) {
        escaped.push_str(&body[from..at]);
        escaped.push_str("&lt;");
        from = at + 1;
    }
    escaped.push_str(&body[from..]);
    Cow::Owned(escaped)
}

fn opens_tag(after: &str) -> bool {
    let Some(tag) = after.find(['<', '>']).filter(|end| after[*end..].starts_with('>')) else { return false };
    let inside = &after[..tag];
    if inside.starts_with(|c: char| c.is_ascii_digit()) {
        return inside.contains(':')
            && inside.bytes().all(|byte| byte.is_ascii_digit() || b":.".contains(&byte));
    }
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let name = inside.split(|c: char| c == '.' || c.is_ascii_whitespace()).next().unwrap_or_default();
    matches!(name, "b" | "c" | "i" | "lang" | "rt" | "ruby" | "u" | "v")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voices(body: &str) -> Vec<(Option<String>, String)> {
        CueText::of(body).voices.into_iter().map(|voice| (voice.name, voice.text)).collect()
    }

    fn said(name: &str, text: &str) -> (Option<String>, String) {
        (Some(name.to_owned()).filter(|name| !name.is_empty()), text.to_owned())
    }

    #[test]
    fn voices_are_told_apart_closed_or_not() {
        assert_eq!(
            voices("<v Whitfield, Dana (External)>We &amp; they</v> <v.loud Kofi>no<v Ama>yes"),
            [said("Whitfield, Dana (External)", "We & they"), said("Kofi", "no"), said("Ama", "yes")],
        );
        assert_eq!(voices("before <v >nobody"), [said("", "before "), said("", "nobody")]);
    }

    #[test]
    fn markup_goes_and_words_stay() {
        for (body, wanted) in [
            ("<i.loud>really</i> <00:00:05.000>now", "really now"),
            ("I <3 this, 4 < 5 > 3", "I <3 this, 4 < 5 > 3"),
            ("<laughs> sure", "<laughs> sure"),
            ("{\\an8}<font color=\"red\">up</font><br/>down", "up\ndown"),
            ("R&D at Q&A &lt;here&gt; &#39;s", "R&D at Q&A <here> 's"),
            ("cut <v Dan", "cut <v Dan"),
            ("<ruby>漢<rt>kan</rt></ruby>字", "漢字"),
        ] {
            assert_eq!(voices(body), [said("", wanted)], "{body}");
        }
    }
}

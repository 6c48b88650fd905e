use super::Format;

/// A line by which a recorder speaks of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    /// The format that it gives away, where it is of one recorder only.
    pub(super) format: Option<Format>,
}

impl Notice {
    /// Reads `line` as a recorder's word about itself.
    pub(super) fn of(line: &str) -> Option<Self> {
        /// Notices are short; speech may contain their words.
        const LONGEST: usize = 200;
        if line.len() > LONGEST {
            return None;
        }
        let line = line.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let meet = line.starts_with("meeting ended after")
            || line.starts_with("transcription ended after")
            || (line.starts_with("this editable transcript was computer generated"))
            || line.starts_with("people can also change the text after it was created");
        let otter = line.starts_with("transcribed by http") || line.starts_with("transcribed by otter");
        let teams = line.ends_with(" started transcription") || line.ends_with(" stopped transcription");
        match (meet, otter, teams) {
            (true, ..) => Some(Self { format: Some(Format::GoogleMeet) }),
            (_, true, _) => Some(Self { format: Some(Format::Otter) }),
            (.., true) => Some(Self { format: None }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorders_speak_of_themselves() {
        let format = |line| Notice::of(line).and_then(|notice| notice.format);
        assert_eq!(format("### Meeting ended after 00:41:07 👋"), Some(Format::GoogleMeet));
        assert_eq!(format("Transcribed by https://otter.ai"), Some(Format::Otter));
        assert_eq!(Notice::of("Dana Whitfield stopped transcription"), Some(Notice { format: None }));
        assert_eq!(Notice::of("Dana: the meeting ended after ten minutes"), None);
    }
}

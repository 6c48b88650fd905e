use std::ops::Range;

use super::evident::Evident;
use super::key::Key;
use super::measures::Outline;

/// An utterance as weights are learned from it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its turn.
    pub turn: u32,
    /// Its bytes in the turn.
    pub range: Range<u32>,
    /// Its language.
    pub language: String,
    /// Keys of the evidence.
    pub evidence: Vec<Key>,
    /// Keys of what is spoken of around it.
    pub around: Vec<Key>,
    /// Keys of what follows it.
    pub aftermath: Vec<Key>,
    /// What is measured of it.
    pub outline: Outline,
}

/// Returns every utterance of a call with its evidence.
pub(super) fn samples(evident: &Evident<'_, '_>, outlines: &[Outline]) -> Vec<Sample> {
    let view = evident.view;
    let sample = |at: usize| {
        let words = view.utterances[at].words.clone();
        let span = view.span(words.clone(), words.start)?;
        let (mut evidence, mut around, mut aftermath) = (Vec::new(), Vec::new(), Vec::new());
        evident.each(at, &mut |key, stands, _| {
            evidence.extend(stands.iter().map(|stand| Key::new(key, *stand)));
        });
        evident.around(at, &mut |key| around.push(key));
        evident.aftermath(at, &mut |key| aftermath.push(key));
        let language = view.utterances[at].pack.language.clone();
        Some(Sample {
            turn: span.turn,
            range: span.start..span.end,
            language,
            evidence,
            around,
            aftermath,
            outline: outlines[at].clone(),
        })
    };
    (0..view.utterances.len()).filter_map(sample).collect()
}

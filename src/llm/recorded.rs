use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Completion, Model, NotHeard, Prompt, Reply, Usage};
use crate::transcript::Digest;

/// Share of the words of a prompt that a recorded one must have for its reply to be heard: rules may have learned
/// meanwhile and ask a little otherwise, and answers are found by the words that they cite.
const SAME: f64 = 0.5;
/// Words are compared in runs of so many.
const RUN: usize = 4;

/// A reply as it is kept in a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    model: String,
    prompt: Digest,
    usage: Usage,
    /// What was asked, so that a person can read the reply.
    user: String,
    text: String,
}

/// Replies in a folder, and a model to ask for those that are not there.
pub struct Recorded {
    folder: PathBuf,
    records: Mutex<Vec<Record>>,
    name: String,
    behind: Option<Arc<dyn Model>>,
}

impl Recorded {
    /// Reads the replies in `folder`; what is not there is asked of `behind` and kept.
    ///
    /// # Errors
    /// Where a file cannot be read, with its name.
    pub fn open(folder: &Path, behind: Option<Arc<dyn Model>>) -> Result<Self, String> {
        let mut records: Vec<Record> = Vec::new();
        let mut files: Vec<_> = match std::fs::read_dir(folder) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
            Err(_) if behind.is_some() => Vec::new(),
            Err(error) => return Err(format!("failed to read {}: {error}", folder.display())),
        };
        files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
        files.sort();
        for file in files {
            let read = std::fs::read(&file).map_err(|error| error.to_string());
            let read =
                read.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()));
            records.push(read.map_err(|error| format!("failed to read {}: {error}", file.display()))?);
        }
        let recorded = records.first().map(|record| record.model.clone());
        let name = behind.as_ref().map(|model| model.name().to_owned()).or(recorded);
        let name = name.unwrap_or_else(|| "none".to_owned());
        Ok(Self { folder: folder.to_owned(), records: Mutex::new(records), name, behind })
    }

    fn find(&self, prompt: &Prompt) -> Option<Completion> {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let digest = prompt.digest();
        let wanted = runs(&prompt.user);
        let share = |record: &Record| {
            let same = runs(&record.user).intersection(&wanted).count();
            same as f64 / wanted.len().max(1) as f64
        };
        let own = records.iter().find(|record| record.prompt == digest);
        let own = own.or_else(|| {
            let like = records.iter().map(|record| (share(record), record));
            like.filter(|(share, _)| *share >= SAME)
                .max_by(|one, other| one.0.total_cmp(&other.0))
                .map(|(_, it)| it)
        });
        own.map(|record| Completion { text: record.text.clone(), usage: record.usage })
    }

    fn keep(&self, prompt: &Prompt, completion: &Completion) -> std::io::Result<()> {
        let record = Record {
            model: self.name.clone(),
            prompt: prompt.digest(),
            usage: completion.usage,
            user: prompt.user.clone(),
            text: completion.text.clone(),
        };
        std::fs::create_dir_all(&self.folder)?;
        let path = self.folder.join(format!("{}.json", prompt.digest().short()));
        std::fs::write(path, serde_json::to_vec_pretty(&record)?)?;
        self.records.lock().unwrap_or_else(PoisonError::into_inner).push(record);
        Ok(())
    }
}

impl Model for Recorded {
    fn name(&self) -> &str {
        &self.name
    }

    fn answer<'a>(&'a self, prompt: &'a Prompt) -> Reply<'a> {
        Box::pin(async move {
            if let Some(completion) = self.find(prompt) {
                return Ok(completion);
            }
            let Some(model) = &self.behind else { return Err(NotHeard::NotRecorded) };
            let completion = model.answer(prompt).await?;
            if let Err(error) = self.keep(prompt, &completion) {
                tracing::warn!(%error, "failed to keep a reply");
            }
            Ok(completion)
        })
    }
}

fn runs(text: &str) -> HashSet<Vec<&str>> {
    let words: Vec<_> = text.split_whitespace().collect();
    words.windows(RUN).map(<[&str]>::to_vec).collect()
}

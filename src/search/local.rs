use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::directory::{Directory as _, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{Index, IndexReader, IndexWriter, TantivyDocument, TantivyError, Term};

use super::document::Passage;
use super::query::Query;
use super::{Answer, Change, Error, Found, QuoteIndex, Search};

mod ask;

/// Memory for the words of one commit before they go to disk: tantivy's least, which a commit of two hundred calls
/// fills once or twice. More would only be held by an idle service.
const WRITER_BYTES: usize = 15 << 20;

/// An index in files of its own: tantivy, beside a store on one machine.
#[derive(Clone)]
pub struct LocalIndex {
    inner: Arc<Inner>,
}

struct Inner {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    /// Opened by the first change, so that a process which only searches leaves the writing to another.
    writer: Mutex<Option<IndexWriter>>,
    /// Where the files are.
    directory: PathBuf,
}

/// The fields of a passage.
#[derive(Clone, Copy)]
struct Fields {
    call: Field,
    keys: Field,
    exact: Field,
    stems: Field,
    day: Field,
    facets: [Field; FACETS.len()],
    shown: Field,
}

/// The fields that are counted.
pub(super) const FACETS: [&str; 8] =
    ["account", "deal", "call", "speaker", "side", "kind", "month", "language"];

impl LocalIndex {
    /// Opens the index in `directory`, or makes one. One that is damaged, or was made by a program with other fields,
    /// is renamed and begun anew: it must be filled from the store again, as [`QuoteIndex::indexed_through`] tells. A
    /// lock or missing rights are never a reason for that.
    ///
    /// # Errors
    /// Where the directory cannot be used.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        let place = |source| Error::Place { path: directory.to_owned(), source };
        std::fs::create_dir_all(directory).map_err(place)?;
        match Self::open_as_it_is(directory) {
            Err(TantivyError::LockFailure(..)) => Err(Error::Locked),
            Err(error) if is_damage(&error) => {
                let aside = set_aside(directory)?;
                tracing::warn!(%error, aside = %aside.display(), "the index is damaged; it was set aside and begun anew");
                std::fs::create_dir_all(directory).map_err(place)?;
                Ok(Self::open_as_it_is(directory)?)
            }
            other => Ok(other?),
        }
    }

    fn open_as_it_is(directory: &Path) -> tantivy::Result<Self> {
        let (schema, fields) = Fields::schema();
        let index = Index::open_or_create(MmapDirectory::open(directory)?, schema)?;
        through(&index)?;
        let reader = index.reader()?;
        let (writer, directory) = (Mutex::new(None), directory.to_owned());
        Ok(Self { inner: Arc::new(Inner { index, reader, fields, writer, directory }) })
    }

    /// Runs `work` on a thread where waiting for the disk keeps nobody.
    fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Error> + Send + 'static,
    ) -> Answer<'_, T> {
        let inner = Arc::clone(&self.inner);
        Box::pin(async move {
            tokio::task::spawn_blocking(move || work(&inner)).await.map_err(|_| Error::Interrupted)?
        })
    }
}

impl QuoteIndex for LocalIndex {
    fn apply(&self, changes: Vec<Change>, through: u64) -> Answer<'_, ()> {
        self.aside(move |inner| inner.apply(&changes, through))
    }

    fn indexed_through(&self) -> Answer<'_, u64> {
        self.aside(|inner| Ok(through(&inner.index)?))
    }

    fn search(&self, search: Search) -> Answer<'_, Found> {
        self.aside(move |inner| {
            let query = Query::of(&search)?;
            ask::ask(inner, &search, &query)
        })
    }

    fn clear(&self) -> Answer<'_, ()> {
        self.aside(|inner| {
            inner.write(0, |writer| {
                writer.delete_all_documents()?;
                Ok(())
            })
        })
    }

    fn check(&self) -> Answer<'_, Vec<String>> {
        self.aside(|inner| {
            let damaged = inner.index.validate_checksum()?;
            Ok(damaged.iter().map(|file| format!("{} is not as it was written", file.display())).collect())
        })
    }
}

impl Inner {
    fn apply(&self, changes: &[Change], seq: u64) -> Result<(), Error> {
        if seq <= through(&self.index)? {
            return Ok(());
        }
        self.write(seq, |writer| {
            for change in changes {
                writer.delete_term(Term::from_field_text(self.fields.call, change.call()));
                let Change::Put(document) = change else { continue };
                for passage in document.passages() {
                    writer.add_document(self.fields.document(&passage)?)?;
                }
            }
            Ok(())
        })?;
        if changes.iter().any(|change| matches!(change, Change::Remove(_))) {
            self.wipe()?;
        }
        Ok(())
    }

    /// Rewrites the files that hold deleted passages: who erases a call wants its words gone, not hidden.
    fn wipe(&self) -> Result<(), Error> {
        // Only the ids are kept: whoever holds the descriptions keeps the files.
        let segments = self.index.searchable_segment_metas()?.into_iter();
        let worn: Vec<_> = segments.filter(|meta| meta.has_deletes()).map(|meta| meta.id()).collect();
        if let Some(writer) = self.writer().as_mut().filter(|_| !worn.is_empty()) {
            writer.merge(&worn).wait()?;
            self.reader.reload()?;
            writer.garbage_collect_files().wait()?;
        }
        for aside in asides(&self.directory).take_while(|aside| aside.exists()) {
            let place = |source| Error::Place { path: aside.clone(), source };
            std::fs::remove_dir_all(&aside).map_err(place)?;
        }
        Ok(())
    }

    /// Commits what `work` does together with the number of the last change it covers, and makes it visible.
    fn write(
        &self,
        seq: u64,
        work: impl FnOnce(&mut IndexWriter) -> tantivy::Result<()>,
    ) -> Result<(), Error> {
        let mut slot = self.writer();
        let writer = match slot.take() {
            Some(writer) => slot.insert(writer),
            None => slot.insert(self.index.writer_with_num_threads(1, WRITER_BYTES)?),
        };
        let commit = |writer: &mut IndexWriter| {
            work(writer)?;
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&seq.to_string());
            commit.commit()
        };
        if let Err(error) = commit(writer) {
            // A writer whose thread died or whose disk was full takes nothing more; the next change opens another.
            *slot = None;
            return Err(error.into());
        }
        Ok(self.reader.reload()?)
    }

    fn writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        // A writer is put back whole or not at all, so that a panic elsewhere leaves nothing half done.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fields {
    fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        // The words come folded and with a space between; tantivy's own tokenizers would drop what is long.
        let words = |record| {
            let indexing = TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let counted = TextOptions::default().set_fast("raw");
        let fields = Self {
            call: schema.add_text_field("id", STRING),
            keys: schema.add_text_field("keys", STRING),
            exact: schema.add_text_field("exact", words(IndexRecordOption::WithFreqsAndPositions)),
            stems: schema.add_text_field("stems", words(IndexRecordOption::WithFreqs)),
            day: schema.add_i64_field("day", FAST | INDEXED),
            facets: FACETS.map(|name| schema.add_text_field(name, counted.clone())),
            shown: schema.add_text_field("shown", STORED),
        };
        (schema.build(), fields)
    }

    fn document(&self, passage: &Passage) -> tantivy::Result<TantivyDocument> {
        let shown = &passage.shown;
        let mut document = TantivyDocument::default();
        document.add_text(self.call, &shown.call);
        for key in &passage.keys {
            document.add_text(self.keys, key);
        }
        document.add_text(self.exact, &passage.exact);
        document.add_text(self.stems, passage.stems.join(" "));
        document.add_i64(self.day, shown.date.map_or(i64::MIN, ask::day));
        for (field, name) in self.facets.iter().zip(FACETS) {
            for value in shown.facet(name) {
                document.add_text(*field, value);
            }
        }
        let json =
            serde_json::to_string(shown).map_err(|error| TantivyError::InternalError(error.to_string()))?;
        document.add_text(self.shown, json);
        Ok(document)
    }
}

/// Returns the number of the last change that the index on disk covers.
fn through(index: &Index) -> tantivy::Result<u64> {
    let payload = index.load_metas()?.payload;
    Ok(payload.and_then(|payload| payload.parse().ok()).unwrap_or(0))
}

/// Tells whether an index must be made anew: its files do not fit each other or this program.
fn is_damage(error: &TantivyError) -> bool {
    use tantivy::directory::error::OpenReadError;
    match error {
        TantivyError::DataCorruption(_)
        | TantivyError::SchemaError(_)
        | TantivyError::IncompatibleIndex(_) => true,
        TantivyError::OpenReadError(
            OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_),
        ) => true,
        // A file that was cut: its end is read as something else.
        TantivyError::IoError(error) => {
            matches!(error.kind(), std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData)
        }
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => {
            matches!(io_error.kind(), std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData)
        }
        _ => false,
    }
}

/// Returns where damaged indexes are set aside, the first first.
fn asides(directory: &Path) -> impl Iterator<Item = PathBuf> {
    (1..).map(|number| directory.with_added_extension(format!("damaged-{number}")))
}

/// Renames the directory of a damaged index, unless another process writes to it.
fn set_aside(directory: &Path) -> Result<PathBuf, Error> {
    let files = MmapDirectory::open(directory).map_err(|error| Error::Index(error.into()))?;
    let _lock = files.acquire_lock(&INDEX_WRITER_LOCK).map_err(|_| Error::Locked)?;
    let Some(aside) = asides(directory).find(|path| !path.exists()) else { return Err(Error::Locked) };
    std::fs::rename(directory, &aside)
        .map_err(|source| Error::Place { path: directory.to_owned(), source })?;
    Ok(aside)
}

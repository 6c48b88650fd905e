use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use super::document::{Passage, Shown};
use super::found::FACET_VALUES;
use super::index::DEEPEST;
use super::query::{Node, Query, Words};
use super::words::stems_in_all;
use super::{Answer, Change, Error, FacetCount, Facets, Filters, Found, Hit, QuoteIndex, Search};
use crate::store::{self, Engine, Store, Tx, args};

/// An index in the store's own PostgreSQL, which every replica shares.
///
/// A passage is a `tsvector` of the program's own making: `=word` as it was said, `en~stem` at the same place, and
/// `@field:value` for the filters. PostgreSQL's dictionaries have no part in it, and so a query means here what it
/// means in tantivy.
#[derive(Clone)]
pub struct PostgresIndex {
    store: Store,
}

/// The name of this index among the watermarks.
const NAME: &str = "turns";

/// Every passage has this term, for queries that name no other.
const ANY: &str = "@any";

/// What a passage must be: `$1` a tsquery, `$2` and `$3` the first and last day or nothing.
macro_rules! matching {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " FROM turns WHERE words @@ $1::tsquery AND ($2 = '' OR happened_on >= $2)
              AND ($3 = '' OR (happened_on <= $3 AND happened_on <> '')) ",
            $after
        )
    };
}

impl PostgresIndex {
    /// Returns the index of a store.
    ///
    /// # Errors
    /// [`Error::NoIndex`] where the store is not PostgreSQL.
    pub fn new(store: &Store) -> Result<Self, Error> {
        match store.engine() {
            Engine::Postgres => Ok(Self { store: store.clone() }),
            Engine::Sqlite => Err(Error::NoIndex),
        }
    }
}

impl QuoteIndex for PostgresIndex {
    fn apply(&self, changes: Vec<Change>, through: u64) -> Answer<'_, ()> {
        Box::pin(self.store.write(move |tx| Box::pin(async move { apply(tx, &changes, through).await })))
    }

    fn indexed_through(&self) -> Answer<'_, u64> {
        Box::pin(async move {
            let sql = "SELECT through FROM watermarks WHERE name = $1";
            let row = self.store.first(sql, args![NAME]).await?;
            Ok(row.map_or(Ok(0), |row| row.number(0))?)
        })
    }

    fn search(&self, search: Search) -> Answer<'_, Found> {
        Box::pin(async move {
            let query = Query::of(&search)?;
            let indexed_through = self.indexed_through().await?;
            let work = async move |tx: &mut Tx| ask(tx, &search, &query).await;
            let found = self.store.write(move |tx| Box::pin(async move { work(tx).await })).await?;
            Ok(Found { indexed_through, ..found })
        })
    }

    fn clear(&self) -> Answer<'_, ()> {
        Box::pin(self.store.write(|tx| {
            Box::pin(async move {
                tx.hold(NAME).await?;
                tx.run("DELETE FROM turns", args![]).await?;
                tx.run("DELETE FROM watermarks WHERE name = $1", args![NAME]).await?;
                Ok(())
            })
        }))
    }

    fn check(&self) -> Answer<'_, Vec<String>> {
        // PostgreSQL keeps checksums of its own pages.
        Box::pin(async { Ok(Vec::new()) })
    }
}

async fn apply(tx: &mut Tx, changes: &[Change], through: u64) -> Result<(), Error> {
    tx.hold(NAME).await?;
    let sql = "INSERT INTO watermarks (name, through) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET through = excluded.through
               WHERE watermarks.through < excluded.through";
    if tx.run(sql, args![NAME, through as i64]).await? == 0 {
        return Ok(());
    }
    for change in changes {
        tx.run("DELETE FROM turns WHERE call_id = $1", args![change.call()]).await?;
        let Change::Put(document) = change else { continue };
        let rows: Vec<_> =
            document.passages().enumerate().map(|(number, passage)| row(number, &passage)).collect();
        let sql = "INSERT INTO turns SELECT $2, passage, turn, happened_on, account, deal, speaker, side, kinds,
                       language, shown, words::tsvector
                   FROM json_to_recordset($1::json) AS row (passage bigint, turn bigint, happened_on text,
                       account text, deal text, speaker text, side text, kinds text, language text, shown text,
                       words text)";
        tx.run(sql, args![store::Value::json(&rows)?, change.call()]).await?;
    }
    Ok(())
}

fn row(number: usize, passage: &Passage) -> serde_json::Value {
    let shown = &passage.shown;
    let joined = |name| shown.facet(name).join(" ");
    json!({
        "passage": number,
        "turn": shown.turn,
        "happened_on": shown.date.map(|date| date.to_string()).unwrap_or_default(),
        "account": joined("account"),
        "deal": joined("deal"),
        "speaker": joined("speaker"),
        "side": joined("side"),
        "kinds": joined("kind"),
        "language": joined("language"),
        // As text within text, so that a NUL stays an escape: PostgreSQL has no such character.
        "shown": serde_json::to_string(shown).unwrap_or_default(),
        "words": vector(passage),
    })
}

/// Writes a passage as a `tsvector`.
fn vector(passage: &Passage) -> String {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (at, word) in passage.exact.split(' ').filter(|word| !word.is_empty()).enumerate() {
        places.entry(format!("={word}")).or_default().push(format!("{}A", at + 1));
    }
    for (at, stem) in passage.stems.iter().enumerate() {
        places.entry(stem.clone()).or_default().push((at + 1).to_string());
    }
    let mut vector = quoted(ANY);
    for key in &passage.keys {
        let _ = write!(vector, " {}", quoted(&format!("@{key}")));
    }
    for (term, places) in places {
        let _ = write!(vector, " {}:{}", quoted(&term), places.join(","));
    }
    vector
}

fn quoted(term: &str) -> String {
    format!("'{}'", term.replace('\\', "\\\\").replace('\'', "''"))
}

async fn ask(tx: &mut Tx, search: &Search, query: &Query) -> Result<Found, Error> {
    // A search that takes longer than this is given up: somebody types.
    tx.run("SET LOCAL statement_timeout = '5s'", args![]).await?;
    let asked = condition(search, query);
    let phrase = query.as_phrase().map(|words| words_query(&words)).unwrap_or_default();
    let scored = query.node.as_ref().map(node_query).unwrap_or_default();
    let (from, to) = days(search, query);
    let sql = matching!(
        "SELECT shown, (ts_rank(words, $5::tsquery) * 1000000)::bigint, (words @@ $4::tsquery)::int::bigint",
        "ORDER BY 3 DESC, 2 DESC, happened_on DESC, call_id, passage LIMIT $6 OFFSET $7"
    );
    let (limit, offset) = (search.shown() as i64, search.skipped() as i64);
    let rows = tx.all(sql, args![&asked, &from, &to, phrase, scored, limit, offset]).await?;
    let mut hits = Vec::new();
    for row in &rows {
        let score = row.number::<i64>(1)? as f64 / 1e6 + row.number::<u32>(2)? as f64;
        hits.push(Hit::new(row.json::<Shown>(0)?, query, score));
    }
    let sql = matching!("SELECT count(*) FROM (SELECT 1", "LIMIT $4) AS counted");
    let most = DEEPEST as i64 + 1;
    let row = tx.first(sql, args![&asked, &from, &to, most]).await?;
    let counted: u64 = row.map_or(Ok(0), |row| row.number(0))?;
    let total = counted.min(DEEPEST as u64);
    let facets = if search.facets { facets(tx, &asked, &from, &to).await? } else { Facets::default() };
    let next = Found::next_page(search, hits.len(), total);
    Ok(Found { hits, total, total_is_least: counted > total, facets, next, indexed_through: 0 })
}

/// Returns the words and filters of a search as a `tsquery`.
fn condition(search: &Search, query: &Query) -> String {
    let group = |group: Vec<String>| {
        let keys: Vec<_> = group.iter().map(|key| quoted(&format!("@{key}"))).collect();
        format!("({})", keys.join(" | "))
    };
    let filters = search.filters.groups().into_iter().chain(query.filters.groups());
    let mut parts: Vec<_> = filters.map(group).chain(query.node.as_ref().map(node_query)).collect();
    if parts.is_empty() {
        parts.push(quoted(ANY));
    }
    if !search.hidden.is_empty() {
        parts.push(format!("!{}", group(search.hidden_keys().collect())));
    }
    parts.join(" & ")
}

fn node_query(node: &Node) -> String {
    let joined =
        |nodes: &[Node], with| format!("({})", nodes.iter().map(node_query).collect::<Vec<_>>().join(with));
    match node {
        Node::Words(words) => words_query(words),
        Node::And(nodes) => joined(nodes, " & "),
        Node::Or(nodes) => joined(nodes, " | "),
        Node::Not(node) => format!("!{}", node_query(node)),
    }
}

fn words_query(words: &Words) -> String {
    let mut terms: Vec<String> = words.folded.iter().map(|word| quoted(&format!("={word}"))).collect();
    if words.prefix
        && let Some(last) = terms.last_mut()
    {
        last.push_str(":*");
    }
    let together = terms.join(" <-> ");
    match words.folded.as_slice() {
        [word] if !words.exact => {
            let forms = stems_in_all(word).into_iter().map(|stem| quoted(&stem));
            format!("({})", std::iter::once(together).chain(forms).collect::<Vec<_>>().join(" | "))
        }
        _ => format!("({together})"),
    }
}

/// Returns the first and the last day that both sets of filters allow, or nothing.
fn days(search: &Search, query: &Query) -> (String, String) {
    let (one, other): (&Filters, &Filters) = (&search.filters, &query.filters);
    let from = one.from.max(other.from);
    let to = one.to.into_iter().chain(other.to).min();
    // A call without a date has an empty day, which stands before all others.
    let text = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    (text(from), text(to))
}

async fn facets(tx: &mut Tx, asked: &str, from: &str, to: &str) -> Result<Facets, Error> {
    let sql = matching!(
        "WITH found AS MATERIALIZED (SELECT account, deal, call_id, speaker, side, kinds, language, happened_on",
        ") SELECT field, value, count(*) FROM found, LATERAL (
               VALUES ('account', account), ('deal', deal), ('call', call_id), ('speaker', speaker), ('side', side),
                      ('language', language), ('month', substr(happened_on, 1, 7))
               UNION ALL SELECT 'kind', unnest(string_to_array(kinds, ' '))) AS each (field, value)
           WHERE value <> '' GROUP BY field, value ORDER BY 1, 3 DESC, 2"
    );
    let mut facets: Facets =
        super::local::FACETS.iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
    for row in tx.all(sql, args![asked, from, to]).await? {
        let counts = facets.entry(row.text(0)?).or_default();
        if counts.len() < FACET_VALUES {
            counts.push(FacetCount { value: row.text(1)?, count: row.number(2)? });
        }
    }
    Ok(facets)
}

//! How tantivy is asked.

use std::ops::Bound;

use jiff::civil::Date;
use serde_json::json;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::{AggContextParams, AggregationCollector};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, PhrasePrefixQuery,
    PhraseQuery, Query as Ask, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value as _};
use tantivy::{DocAddress, Order, Searcher, TantivyDocument, TantivyError, Term};

use super::{FACETS, Fields, Inner, through};
use crate::search::document::Shown;
use crate::search::found::FACET_VALUES;
use crate::search::query::{Node, Query, Words};
use crate::search::words::stems_in_all;
use crate::search::{Error, FacetCount, Facets, Filters, Found, Hit, Search};

/// A word as it was typed counts this much more than another form of it.
const TYPED: f32 = 2.0;

/// No sum of word scores comes near, so that passages with the exact phrase come first.
const PHRASE: f32 = 10_000.0;

/// Words that the beginning at the end of a phrase may stand for.
const EXPANSIONS: u32 = 1_000;

/// The same where the phrase only ranks: with a thousand, every hundredth search while typing took 140 ms.
const EXPANSIONS_TO_RANK: u32 = 30;

pub(super) fn ask(inner: &Inner, search: &Search, query: &Query) -> Result<Found, Error> {
    let searcher = inner.reader.searcher();
    let indexed_through = through(&inner.index)?;
    let asked = compile(&inner.fields, search, query);
    let total = searcher.search(&asked, &Count)? as u64;
    let mut hits = Vec::new();
    for (score, address) in best(&searcher, search, query, &asked)? {
        hits.push(Hit::new(shown(&searcher, &inner.fields, address)?, query, score));
    }
    let facets = if search.facets { facets(&searcher, &asked)? } else { Facets::default() };
    let next = Found::next_page(search, hits.len(), total);
    Ok(Found { hits, total, total_is_least: false, facets, next, indexed_through })
}

/// Returns the page of best matches; without words to compare by, the latest.
fn best(
    searcher: &Searcher,
    search: &Search,
    query: &Query,
    asked: &dyn Ask,
) -> tantivy::Result<Vec<(f64, DocAddress)>> {
    let page = TopDocs::with_limit(search.shown()).and_offset(search.skipped());
    if query.node.is_none() {
        let latest = searcher.search(asked, &page.order_by_fast_field::<i64>("day", Order::Desc))?;
        return Ok(latest.into_iter().map(|(_, address)| (0.0, address)).collect());
    }
    let best = searcher.search(asked, &page.order_by_score())?;
    Ok(best.into_iter().map(|(score, address)| (f64::from(score), address)).collect())
}

fn shown(searcher: &Searcher, fields: &Fields, address: DocAddress) -> Result<Shown, Error> {
    let document: TantivyDocument = searcher.doc(address)?;
    let json = document.get_first(fields.shown).and_then(|value| value.as_str()).unwrap_or_default();
    serde_json::from_str(json).map_err(|error| Error::Index(TantivyError::InternalError(error.to_string())))
}

fn compile(fields: &Fields, search: &Search, query: &Query) -> BooleanQuery {
    let mut clauses: Vec<(Occur, Box<dyn Ask>)> = Vec::new();
    clauses.push((
        Occur::Must,
        query.node.as_ref().map_or_else(|| boxed(AllQuery), |node| node_query(fields, node)),
    ));
    if let Some(phrase) = query.as_phrase() {
        clauses.push((
            Occur::Should,
            boxed(ConstScoreQuery::new(phrase_query(fields, &phrase, EXPANSIONS_TO_RANK), PHRASE)),
        ));
    }
    for filters in [&search.filters, &query.filters] {
        let asked = filter_queries(fields, filters);
        clauses.extend(asked.into_iter().map(|asked| (Occur::Must, boxed(ConstScoreQuery::new(asked, 0.0)))));
    }
    let hidden = search.hidden_keys().map(|key| Term::from_field_text(fields.keys, &key));
    clauses.push((Occur::MustNot, boxed(TermSetQuery::new(hidden))));
    BooleanQuery::new(clauses)
}

fn node_query(fields: &Fields, node: &Node) -> Box<dyn Ask> {
    match node {
        Node::Words(words) => words_query(fields, words),
        Node::Or(nodes) => {
            boxed(BooleanQuery::union(nodes.iter().map(|node| node_query(fields, node)).collect()))
        }
        Node::Not(node) => boxed(BooleanQuery::new(vec![
            (Occur::Must, boxed(AllQuery)),
            (Occur::MustNot, ruled_out(fields, node)),
        ])),
        Node::And(nodes) => {
            let clause = |node: &Node| match node {
                Node::Not(unwanted) => (Occur::MustNot, ruled_out(fields, unwanted)),
                wanted => (Occur::Must, node_query(fields, wanted)),
            };
            let mut clauses: Vec<_> = nodes.iter().map(clause).collect();
            if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                clauses.push((Occur::Must, boxed(AllQuery)));
            }
            boxed(BooleanQuery::new(clauses))
        }
    }
}

/// Returns the query of what is ruled out. tantivy 0.27 asks an excluded phrase about documents before its first match,
/// against which the phrase asserts; a union, be it of a query with itself, is asked in order.
fn ruled_out(fields: &Fields, node: &Node) -> Box<dyn Ask> {
    let query = node_query(fields, node);
    match node {
        Node::Words(words) if words.folded.len() == 1 => query,
        _ => boxed(BooleanQuery::union(vec![query.box_clone(), query])),
    }
}

fn words_query(fields: &Fields, words: &Words) -> Box<dyn Ask> {
    match words.folded.as_slice() {
        [word] => one_word(fields, word, words),
        _ => phrase_query(fields, words, EXPANSIONS),
    }
}

fn phrase_query(fields: &Fields, words: &Words, expansions: u32) -> Box<dyn Ask> {
    let terms = words.folded.iter().map(|word| Term::from_field_text(fields.exact, word)).collect();
    if !words.prefix {
        return boxed(PhraseQuery::new(terms));
    }
    let mut query = PhrasePrefixQuery::new(terms);
    query.set_max_expansions(expansions);
    boxed(query)
}

fn one_word(fields: &Fields, word: &str, words: &Words) -> Box<dyn Ask> {
    let typed = term_query(fields.exact, word);
    if words.exact && !words.prefix {
        return typed;
    }
    let mut forms = vec![boxed(BoostQuery::new(typed, TYPED))];
    if !words.exact {
        forms.extend(stems_in_all(word).iter().map(|stem| term_query(fields.stems, stem)));
    }
    if words.prefix {
        let begins = FuzzyTermQuery::new_prefix(Term::from_field_text(fields.exact, word), 0, false);
        forms.push(boxed(begins));
    }
    boxed(BooleanQuery::union(forms))
}

fn filter_queries(fields: &Fields, filters: &Filters) -> Vec<Box<dyn Ask>> {
    let any = |group: Vec<String>| {
        boxed(BooleanQuery::union(group.iter().map(|key| term_query(fields.keys, key)).collect()))
    };
    let mut asked: Vec<_> = filters.groups().into_iter().map(any).collect();
    if filters.from.is_some() || filters.to.is_some() {
        let bound = |date: Date| Bound::Included(Term::from_field_i64(fields.day, day(date)));
        // A call without a date is in no range of dates.
        let first = filters.from.map_or(Bound::Excluded(Term::from_field_i64(fields.day, i64::MIN)), bound);
        asked.push(boxed(RangeQuery::new(first, filters.to.map_or(Bound::Unbounded, bound))));
    }
    asked
}

/// Returns a number that sorts as the date does: 2026-05-01 is 20260501.
pub(super) fn day(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

fn term_query(field: Field, text: &str) -> Box<dyn Ask> {
    boxed(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn boxed(query: impl Ask) -> Box<dyn Ask> {
    Box::new(query)
}

fn facets(searcher: &Searcher, asked: &dyn Ask) -> Result<Facets, Error> {
    let odd = |error: serde_json::Error| Error::Index(TantivyError::InternalError(error.to_string()));
    let terms = |name: &str| (name.to_owned(), json!({"terms": {"field": name, "size": FACET_VALUES}}));
    let wanted: Aggregations =
        serde_json::from_value(FACETS.iter().map(|name| terms(name)).collect()).map_err(odd)?;
    let collector = AggregationCollector::from_aggs(wanted, AggContextParams::default());
    let counted = serde_json::to_value(searcher.search(asked, &collector)?).map_err(odd)?;
    let count = |bucket: &serde_json::Value| {
        Some(FacetCount { value: bucket["key"].as_str()?.to_owned(), count: bucket["doc_count"].as_u64()? })
    };
    let counts = |name: &str| {
        let buckets = counted[name]["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
        (name.to_owned(), buckets.iter().filter_map(count).collect())
    };
    Ok(FACETS.iter().map(|name| counts(name)).collect())
}

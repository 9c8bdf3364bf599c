use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use oxrdf::NamedNode;
use serde_json::json;
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::agg_result::AggregationResults;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, Query, RangeQuery, RegexQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value as _};
use tantivy::snippet::SnippetGenerator;
use tantivy::{DocAddress, Order, Searcher, SegmentReader, TantivyDocument, Term};

use super::schema::{folded, stemmed, tokens};
use super::sync::day;
use super::{Index, Progress, SearchError};
use crate::serve::data::{Data, encode, node, ns};
use crate::serve::texts::Language;

/// Entities with the same words in their names at most: the best known ones.
const BEARERS: usize = 1000;

/// A query, if the index takes its words.
type Made = Result<Box<dyn Query>, SearchError>;

/// What is searched for, as the form of the page has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Words.
    pub text: String,
    /// A kind of thing, or empty.
    pub kind: String,
    /// First date (ISO), or empty. With a date or an issuer only releases are found.
    pub from: String,
    /// Last date (ISO), or empty.
    pub to: String,
    /// Words of the issuer's name, or empty.
    pub issuer: String,
}

impl Filters {
    /// The address of the search page with one filter set anew.
    pub fn with(&self, key: &str, value: &str) -> String {
        let mut other = self.clone();
        match key {
            "kind" => other.kind = value.to_owned(),
            "issuer" => other.issuer = value.to_owned(),
            _ => {
                other.from = format!("{value}-01-01");
                other.to = format!("{value}-12-31");
            }
        }
        other.href(1)
    }

    /// The address of a page of results.
    pub fn href(&self, page: usize) -> String {
        let pairs =
            [("q", &self.text), ("kind", &self.kind), ("from", &self.from), ("to", &self.to), ("issuer", &self.issuer)];
        let set = pairs.iter().filter(|(_, value)| !value.is_empty());
        let mut query: Vec<String> = set.map(|(name, value)| format!("{name}={}", encode(value))).collect();
        if page > 1 {
            query.push(format!("page={page}"));
        }
        format!("/search?{}", query.join("&"))
    }

    /// Whether anything but words is asked for.
    pub fn are_set(&self) -> bool {
        self.for_releases() || !self.kind.is_empty()
    }

    fn for_releases(&self) -> bool {
        !(self.from.is_empty() && self.to.is_empty() && self.issuer.is_empty())
    }
}

/// A value of a filter with the number of results that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The value.
    pub value: String,
    /// How many results have it.
    pub count: u64,
}

/// One result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    /// Its IRI.
    pub iri: String,
    /// Its page.
    pub href: String,
    /// Its name or title.
    pub label: String,
    /// Its kind.
    pub kind: String,
    /// Date of a release.
    pub date: Option<String>,
    /// Issuer of a release.
    pub issuer: Option<String>,
    /// In how many releases an entity is named.
    pub releases: u64,
    /// What tells an entity from the namesakes beside it; empty where there are none.
    pub distinction: String,
    /// Words of the text in pieces; whether each is what was searched for.
    pub snippet: Vec<(String, bool)>,
}

/// The results of a search.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How many there are.
    pub total: usize,
    /// Those of the page asked for, best first.
    pub hits: Vec<Hit>,
    /// Counts by `kind`, `issuer` and `year`, largest first; empty unless asked for.
    pub counts: BTreeMap<&'static str, Vec<Facet>>,
    /// Whether the index is still being brought in step with the store, so that there may be more.
    pub incomplete: bool,
}

impl Found {
    /// The counts with their headings.
    pub fn facets(&self, language: &Language) -> Vec<(&'static str, &'static str, &[Facet])> {
        let of = |key: &str| self.counts.get(key).map_or(&[][..], Vec::as_slice);
        let headings = match language {
            Language::French => ["Types", "Années", "Émetteurs"],
            Language::English => ["Types", "Years", "Issuers"],
        };
        headings.into_iter().zip(["kind", "year", "issuer"]).map(|(heading, key)| (heading, key, of(key))).collect()
    }
}

impl Index {
    /// Searches: `limit` results after `skip`, with counts if wanted.
    ///
    /// # Errors
    /// When the index fails.
    pub fn find(&self, filters: &Filters, skip: usize, limit: usize, with_counts: bool) -> Result<Found, SearchError> {
        let searcher = self.reader.searcher();
        let query = self.query(filters);
        // All that is asked for is gathered in one pass over what fits.
        let counts = if with_counts { Some(aggregation()?) } else { None };
        let top = TopDocs::with_limit(limit.max(1)).and_offset(skip);
        let has_words = !tokens(folded(), &filters.text).is_empty();
        let (addresses, total, counts): (Vec<DocAddress>, _, _) = if has_words {
            // Entities come before the releases whose titles name them, and those that many releases name before others.
            let top = top.tweak_score(|segment: &SegmentReader| {
                let releases = segment.fast_fields().u64("releases").ok().map(|column| column.first_or_default_col(0));
                move |document, score: f32| {
                    let count = releases.as_ref().map_or(0, |column| column.get_val(document));
                    let is_entity = if count > 0 { 1.5 } else { 1.0 };
                    score * is_entity * (1.0 + 0.15 * (1.0 + count as f32).ln())
                }
            });
            let (hits, total, counts) = searcher.search(&query, &(top, Count, counts))?;
            (hits.into_iter().map(|(_, address)| address).collect(), total, counts)
        } else {
            let is_release = filters.kind.is_empty() || filters.kind == "release" || filters.for_releases();
            let top = top.order_by_fast_field::<u64>(if is_release { "day" } else { "releases" }, Order::Desc);
            let (hits, total, counts) = searcher.search(&query, &(top, Count, counts))?;
            (hits.into_iter().map(|(_, address)| address).collect(), total, counts)
        };
        let incomplete = self.progress() != Progress::Ready;
        let mut found = Found { total, incomplete, ..Found::default() };
        for address in addresses {
            found.hits.push(self.hit(&searcher.doc(address)?));
        }
        if let Some(counts) = counts {
            found.counts = facets(counts)?;
        }
        Ok(found)
    }

    /// The best known entities that have all these words in their names, the last perhaps only begun; where none has,
    /// those with words that contain them. With `all`, every entity with a name that may contain the words as they stand.
    /// `None` without words.
    fn bearing(&self, searcher: &Searcher, words: &str, all: bool) -> Result<Option<Vec<String>>, SearchError> {
        let names = tokens(folded(), words);
        if names.is_empty() {
            return Ok(None);
        }
        let last = names.len() - 1;
        let term = |word: &str| Term::from_field_text(self.fields.names, word);
        let begun = |word: &str| -> Made { Ok(Box::new(FuzzyTermQuery::new_prefix(term(word), 0, false))) };
        let exact = |word: &str| -> Made { Ok(Box::new(TermQuery::new(term(word), IndexRecordOption::Basic))) };
        // Tokens are letters and digits: nothing in them means anything in a pattern.
        let fits = |pattern: String| -> Made { Ok(Box::new(RegexQuery::from_pattern(&pattern, self.fields.names)?)) };
        let whole = |index: usize, word: &str| if index == last { begun(word) } else { exact(word) };
        let within = |_: usize, word: &str| fits(format!(".*{word}.*"));
        // The first may be the end of a word of the name, the last the beginning of one, those between are whole.
        let part = |index: usize, word: &str| match index {
            0 if last == 0 => fits(format!(".*{word}.*")),
            0 => fits(format!(".*{word}")),
            index => whole(index, word),
        };
        if all {
            return self.entities(searcher, &names, usize::MAX, &part).map(Some);
        }
        let found = self.entities(searcher, &names, BEARERS, &whole)?;
        Ok(Some(if found.is_empty() { self.entities(searcher, &names, BEARERS, &within)? } else { found }))
    }

    /// The entities that fit the queries of all words, best known first.
    fn entities(
        &self,
        searcher: &Searcher,
        words: &[String],
        limit: usize,
        query: &dyn Fn(usize, &str) -> Made,
    ) -> Result<Vec<String>, SearchError> {
        let mut all: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::MustNot, term(self.fields.kind, "release"))];
        for (index, word) in words.iter().enumerate() {
            all.push((Occur::Must, query(index, word)?));
        }
        let query = BooleanQuery::new(all);
        let limit = if limit == usize::MAX { searcher.search(&query, &Count)? } else { limit };
        let top = TopDocs::with_limit(limit.max(1)).order_by_fast_field::<u64>("releases", Order::Desc);
        let mut entities = Vec::new();
        for (_, address) in searcher.search(&query, &top)? {
            entities.push(self.hit(&searcher.doc(address)?).iri);
        }
        Ok(entities)
    }

    /// What stands for the entities that bear a name with these words in the `limit` newest releases that name one, and
    /// how many releases there are; `None` without words. Without a limit (`usize::MAX`), whoever may bear one.
    ///
    /// # Errors
    /// When the index fails.
    pub fn named(&self, words: &str, limit: usize) -> Result<Option<(Vec<NamedNode>, usize)>, SearchError> {
        let searcher = self.reader.searcher();
        let Some(entities) = self.bearing(&searcher, words, limit == usize::MAX)? else { return Ok(None) };
        let entities: BTreeSet<String> = entities.into_iter().collect();
        let terms = entities.iter().map(|entity| Term::from_field_text(self.fields.entity, entity));
        let query = TermSetQuery::new(terms);
        let total = searcher.search(&query, &Count)?;
        let top = TopDocs::with_limit(limit.min(total).max(1)).order_by_fast_field::<u64>("day", Order::Desc);
        let mut members = Vec::new();
        for (_, address) in searcher.search(&query, &top)? {
            let document: TantivyDocument = searcher.doc(address)?;
            let release = self.hit(&document).iri;
            let pairs = document.get_all(self.fields.member).filter_map(|value| value.as_str()?.split_once(' '));
            let bearers = pairs.filter(|(_, joined)| entities.contains(*joined));
            members.extend(bearers.map(|(fragment, _)| NamedNode::new_unchecked(format!("{release}#{fragment}"))));
        }
        Ok(Some((members, total)))
    }

    /// The releases that name an entity, newest first, each with the fragments of the IRIs that stand for it
    /// there, and how many releases there are.
    ///
    /// # Errors
    /// When the index fails.
    #[expect(clippy::type_complexity, reason = "a page of pairs and their number")]
    pub fn naming(
        &self,
        entity: &str,
        skip: usize,
        limit: usize,
    ) -> Result<(Vec<(Hit, Vec<String>)>, usize), SearchError> {
        let searcher = self.reader.searcher();
        let query = term(self.fields.entity, entity);
        let top = TopDocs::with_limit(limit.max(1)).and_offset(skip).order_by_fast_field::<u64>("day", Order::Desc);
        let mut hits = Vec::new();
        let (found, total) = searcher.search(&query, &(top, Count))?;
        for (_, address) in found {
            let document: TantivyDocument = searcher.doc(address)?;
            let members = document.get_all(self.fields.member).filter_map(|value| value.as_str()?.split_once(' '));
            let fragments = members.filter(|(_, joined)| *joined == entity).map(|(fragment, _)| fragment.to_owned());
            hits.push((self.hit(&document), fragments.collect()));
        }
        Ok((hits, total))
    }

    /// Adds to release hits the words of their text around what was searched for.
    ///
    /// # Errors
    /// When the index or the store fails.
    pub fn add_snippets(&self, data: Data<'_>, filters: &Filters, hits: &mut [Hit]) -> Result<(), SearchError> {
        let words = tokens(stemmed(), &filters.text);
        if words.is_empty() {
            return Ok(());
        }
        let parts = words.iter().map(|word| (Occur::Should, term(self.fields.stems, word))).collect();
        let mut generator =
            SnippetGenerator::create(&self.reader.searcher(), &BooleanQuery::new(parts), self.fields.stems)?;
        generator.set_max_num_chars(200);
        for hit in hits.iter_mut().filter(|hit| hit.kind == "release") {
            let release = NamedNode::new_unchecked(hit.iri.as_str());
            let Some(text) = data.text(release.as_ref(), &node(ns::NIF, "isString"))? else { continue };
            let snippet = generator.snippet(&text);
            let fragment = snippet.fragment();
            let mut at = 0;
            for lit in snippet.highlighted() {
                hit.snippet.push((fragment.get(at..lit.start).unwrap_or("").to_owned(), false));
                hit.snippet.push((fragment.get(lit.clone()).unwrap_or("").to_owned(), true));
                at = lit.end;
            }
            if at > 0 {
                hit.snippet.push((fragment.get(at..).unwrap_or("").to_owned(), false));
            }
        }
        Ok(())
    }

    fn hit(&self, document: &TantivyDocument) -> Hit {
        let text = |field| document.get_first(field).and_then(|value| value.as_str()).map(str::to_owned);
        Hit {
            iri: text(self.fields.iri).unwrap_or_default(),
            href: String::new(),
            label: text(self.fields.label).unwrap_or_default(),
            kind: text(self.fields.kind).unwrap_or_default(),
            date: text(self.fields.date),
            issuer: text(self.fields.issuer),
            releases: document.get_first(self.fields.releases).and_then(|value| value.as_u64()).unwrap_or(0),
            distinction: String::new(),
            snippet: Vec::new(),
        }
    }

    /// All words must be there, in a name or a text; the last one may be only begun.
    fn query(&self, filters: &Filters) -> Box<dyn Query> {
        let fields = &self.fields;
        let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let (words, stems) = (tokens(folded(), &filters.text), tokens(stemmed(), &filters.text));
        for (index, word) in words.iter().enumerate() {
            let mut any: Vec<(Occur, Box<dyn Query>)> = vec![
                (Occur::Should, boosted(term(fields.names, word), 6.0)),
                (Occur::Should, term(fields.words, word)),
            ];
            if let Some(stem) = stems.get(index) {
                any.push((Occur::Should, boosted(term(fields.name_stems, stem), 3.0)));
                any.push((Occur::Should, term(fields.stems, stem)));
            }
            if index + 1 == words.len() && !filters.text.ends_with(' ') {
                let begun = |field, score| -> (Occur, Box<dyn Query>) {
                    let prefix = FuzzyTermQuery::new_prefix(Term::from_field_text(field, word), 0, false);
                    (Occur::Should, Box::new(ConstScoreQuery::new(Box::new(prefix), score)))
                };
                any.push(begun(fields.names, 2.0));
                // A short beginning fits too many words of the texts to say anything.
                if word.chars().count() >= 4 {
                    any.push(begun(fields.words, 0.5));
                }
            }
            all.push((Occur::Must, Box::new(BooleanQuery::new(any))));
        }
        let kind = if filters.for_releases() && filters.kind.is_empty() { "release" } else { &filters.kind };
        if !kind.is_empty() {
            all.push((Occur::Must, Box::new(ConstScoreQuery::new(term(fields.kind, kind), 0.0))));
        }
        for word in tokens(folded(), &filters.issuer) {
            all.push((Occur::Must, Box::new(ConstScoreQuery::new(term(fields.issuer_words, &word), 0.0))));
        }
        if !(filters.from.is_empty() && filters.to.is_empty()) {
            let bound = |number| Term::from_field_u64(fields.day, number);
            let last = if filters.to.is_empty() { u64::MAX } else { last_day(&filters.to) };
            let range = RangeQuery::new(Bound::Included(bound(day(&filters.from))), Bound::Included(bound(last)));
            all.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(range), 0.0))));
        }
        if all.is_empty() { Box::new(AllQuery) } else { Box::new(BooleanQuery::new(all)) }
    }
}

/// The fields whose values are counted.
const COUNTED: [&str; 3] = ["kind", "year", "issuer"];

/// Counts the values of the fields among what is found.
fn aggregation() -> Result<AggregationCollector, SearchError> {
    let request = COUNTED.map(|field| (field.to_owned(), json!({ "terms": { "field": field, "size": 12 } })));
    let request = serde_json::Value::Object(request.into_iter().collect());
    let request: Aggregations = serde_json::from_value(request).map_err(|e| SearchError::Store(e.to_string()))?;
    Ok(AggregationCollector::from_aggs(request, Default::default()))
}

/// What was counted, years newest first.
fn facets(result: AggregationResults) -> Result<BTreeMap<&'static str, Vec<Facet>>, SearchError> {
    let result = serde_json::to_value(result).map_err(|error| SearchError::Store(error.to_string()))?;
    let facets = |field: &str| {
        let buckets = result.get(field).and_then(|field| field.get("buckets")).and_then(|b| b.as_array());
        let facet = |bucket: &serde_json::Value| {
            let value = bucket.get("key")?.as_str()?.to_owned();
            Some(Facet { value, count: bucket.get("doc_count")?.as_u64()? })
        };
        buckets.into_iter().flatten().filter_map(facet).collect::<Vec<_>>()
    };
    let mut counts: BTreeMap<_, _> = COUNTED.into_iter().map(|field| (field, facets(field))).collect();
    if let Some(years) = counts.get_mut("year") {
        years.sort_by(|a, b| b.value.cmp(&a.value));
    }
    Ok(counts)
}

/// The last day that a date as precise as `iso` covers.
fn last_day(iso: &str) -> u64 {
    match iso.len() {
        0..=4 => day(iso) + 1130,
        5..=7 => day(iso) + 30,
        _ => day(iso),
    }
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn boosted(query: Box<dyn Query>, boost: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, boost))
}

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};

/// Name of the tokenizer that folds case and accents.
const FOLDED: &str = "folded";
/// Name of the tokenizer that also takes French stems.
const STEMMED: &str = "stemmed";

/// The fields of the index. A document is a joined entity or a release.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// IRI: the key.
    pub(super) iri: Field,
    /// `person`… or `release`.
    pub(super) kind: Field,
    /// Preferred label or title, stored.
    pub(super) label: Field,
    /// All labels, folded.
    pub(super) names: Field,
    /// All labels, stemmed.
    pub(super) name_stems: Field,
    /// The text of a release, folded.
    pub(super) words: Field,
    /// The text of a release, stemmed.
    pub(super) stems: Field,
    /// Date of a release as the number YYYYMMDD; for sorting and ranges.
    pub(super) day: Field,
    /// Date as written (ISO), stored.
    pub(super) date: Field,
    /// Year, for counts.
    pub(super) year: Field,
    /// Label of the issuer, whole.
    pub(super) issuer: Field,
    /// Label of the issuer, folded words.
    pub(super) issuer_words: Field,
    /// What the release was made from: differs when the store has another.
    pub(super) version: Field,
    /// The joined entities that a release names.
    pub(super) entity: Field,
    /// What stands for them in the release: the fragment, a space, the IRI of the joined entity.
    pub(super) member: Field,
    /// In how many releases an entity is named.
    pub(super) releases: Field,
}

impl Fields {
    pub(super) fn new() -> Self {
        let mut builder = Schema::builder();
        let text = |tokenizer: &str| {
            let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer);
            TextOptions::default().set_indexing_options(indexing.set_index_option(IndexRecordOption::WithFreqs))
        };
        Self {
            iri: builder.add_text_field("iri", STRING | STORED),
            kind: builder.add_text_field("kind", STRING | STORED | FAST),
            label: builder.add_text_field("label", STORED),
            names: builder.add_text_field("names", text(FOLDED)),
            name_stems: builder.add_text_field("name_stems", text(STEMMED)),
            words: builder.add_text_field("words", text(FOLDED)),
            stems: builder.add_text_field("stems", text(STEMMED)),
            day: builder.add_u64_field("day", INDEXED | FAST),
            date: builder.add_text_field("date", STORED),
            year: builder.add_text_field("year", STRING | FAST),
            issuer: builder.add_text_field("issuer", STRING | STORED | FAST),
            issuer_words: builder.add_text_field("issuer_words", text(FOLDED)),
            version: builder.add_text_field("version", STORED),
            entity: builder.add_text_field("entity", STRING | STORED),
            member: builder.add_text_field("member", STORED),
            releases: builder.add_u64_field("releases", STORED | FAST),
            schema: builder.build(),
        }
    }
}

/// Registers the tokenizers with an index.
pub(super) fn register(index: &tantivy::Index) {
    index.tokenizers().register(FOLDED, folded());
    index.tokenizers().register(STEMMED, stemmed());
}

/// Words without case and accents.
pub(super) fn folded() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(60))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

/// French stems without accents. Stemming comes first: it knows the accents.
pub(super) fn stemmed() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(60))
        .filter(LowerCaser)
        .filter(Stemmer::new(Language::French))
        .filter(AsciiFoldingFilter)
        .build()
}

/// The tokens of a text.
pub(super) fn tokens(mut analyzer: TextAnalyzer, text: &str) -> Vec<String> {
    let mut stream = analyzer.token_stream(text);
    let mut tokens = Vec::new();
    while let Some(token) = stream.next() {
        tokens.push(token.text.clone());
    }
    tokens
}

//! The stages in their order: text in, entities and facts out.

use std::sync::{Arc, OnceLock};

use crate::entities::authority::{Authorities, Links};
use crate::entities::{GivenEntity, Resolution, locate};
use crate::mentions::{Lexicon, LexiconError, Mentions};
use crate::model::{ResourceError, Resources};
use crate::read::{Layout, Metadata, Release};
use crate::relations::language::RuleError;
use crate::relations::{Analysis, Fact, QuotationError, Quotations, Relations};
use crate::segment::Segmentation;
use crate::tag::names::{NameTagger, NameTaggerError};
use crate::tag::{EntityType, MorphError, MorphTagger, NameTag, Tags};
use crate::text::{Document, PartialDate, Span};

/// What a release says: the result of the whole extraction, with what each stage found.
#[derive(Clone, Debug)]
pub struct Extraction {
    /// The text, which all spans refer to.
    pub document: Document,
    /// What the format of the release says of it, which wins over its layout; empty for a mere text.
    pub metadata: Metadata,
    /// Headline, dateline, sections.
    pub layout: Layout,
    /// Its sentences and tokens.
    pub segmentation: Segmentation,
    /// What each token is.
    pub tags: Tags,
    /// Names and values.
    pub mentions: Mentions,
    /// The entities named, references to them, and who publishes the release.
    pub resolution: Resolution,
    /// What the release states, in order of evidence.
    pub facts: Vec<Fact>,
    authorities: Arc<Authorities>,
    /// Found when they are first asked for: only RDF tells them.
    links: OnceLock<Links>,
}

impl Extraction {
    /// What the relations are read from.
    pub fn analysis(&self) -> Analysis<'_> {
        Analysis {
            document: &self.document,
            layout: &self.layout,
            segmentation: &self.segmentation,
            tags: &self.tags,
            mentions: &self.mentions,
            resolution: &self.resolution,
        }
    }

    /// What its places and organisations are known as elsewhere, and the identifiers written in it.
    pub fn links(&self) -> &Links {
        self.links.get_or_init(|| self.authorities.link(&self.document, &self.resolution, &self.mentions.identifiers))
    }

    /// The date of publication: from the format, else from the text.
    pub fn issued(&self) -> Option<PartialDate> {
        self.metadata.issued.or(self.layout.issued)
    }

    /// The headline: from the format, else from the text.
    pub fn title(&self) -> Option<&str> {
        let title = self.layout.title.map(|span| self.document.source_slice(span));
        self.metadata.title.as_deref().or(title)
    }
}

/// Why an extractor could not be built.
#[derive(Debug, thiserror::Error)]
pub enum ExtractorError {
    /// A data file is missing or cannot be read.
    #[error(transparent)]
    Resource(#[from] ResourceError),
    /// The models of the name tagger cannot be read.
    #[error(transparent)]
    Names(#[from] NameTaggerError),
    /// The model of parts of speech and lemmas cannot be loaded.
    #[error(transparent)]
    Morph(#[from] MorphError),
    /// A lexicon is missing or has a wrong line.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// A rule or lexicon does not compile.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The data of the quotations is not well-formed.
    #[error(transparent)]
    Quotation(#[from] QuotationError),
}

/// The names that `tagger` finds in a text, for who wants nothing else; none without a tagger.
pub fn tag_names(tagger: Option<&NameTagger>, text: &str) -> (Document, Vec<(Span, EntityType)>) {
    let document = Document::new(text);
    let segmentation = Segmentation::new(&document);
    let names = tagger.map_or_else(Vec::new, |tagger| tagger.tag(&document, &segmentation));
    let span = |name: &NameTag| {
        let tokens = segmentation.tokens.get(name.tokens.clone())?;
        Some((tokens.first()?.span.cover(tokens.last()?.span), name.kind))
    };
    let spans = names.iter().filter_map(span).collect();
    (document, spans)
}

/// The extractor: immutable data, shared by all threads.
#[derive(Debug)]
pub struct Extractor {
    /// Without a model of names, none are found.
    names: Option<NameTagger>,
    morph: MorphTagger,
    lexicon: Lexicon,
    authorities: Arc<Authorities>,
    relations: Relations,
    /// `None` where no relations are to be found.
    quotations: Option<Quotations>,
}

impl Extractor {
    /// An extractor with the built-in models, lexicons and rules.
    pub fn new() -> Result<Self, ExtractorError> {
        Self::with(&Resources::embedded())
    }

    /// An extractor with the models, lexicons and rules of `resources`.
    pub fn with(resources: &Resources) -> Result<Self, ExtractorError> {
        // The rules take as long to compile as all the rest to read.
        let (relations, rest) = rayon::join(|| Relations::new(resources), || Self::without_relations(resources));
        Ok(Self { relations: relations?, quotations: Some(Quotations::new(resources)?), ..rest? })
    }

    /// An extractor that finds names, values and entities, but no facts.
    pub fn without_relations(resources: &Resources) -> Result<Self, ExtractorError> {
        Ok(Self {
            names: NameTagger::read(resources)?,
            morph: MorphTagger::load(resources)?,
            lexicon: Lexicon::load(resources)?,
            authorities: Arc::new(Authorities::load(resources)?),
            relations: Relations::default(),
            quotations: None,
        })
    }

    /// The rules that find the facts.
    pub fn relations(&self) -> &Relations {
        &self.relations
    }

    /// The authority tables that its links refer to.
    pub fn authorities(&self) -> &Arc<Authorities> {
        &self.authorities
    }

    /// Extracts entities and facts from the text of one release. Never fails: dirty text gives the
    /// best analysis there is.
    pub fn extract(&self, text: &str) -> Extraction {
        self.extract_published(text, None)
    }

    /// As [`Extractor::extract`], of a release that `publisher` publishes as its format says.
    fn extract_published(&self, text: &str, publisher: Option<&str>) -> Extraction {
        let read = self.read(text);
        let names = self.names.as_ref();
        let names = names.map_or_else(Vec::new, |n| n.propose(&read.document, &read.segmentation, &read.tags));
        let mentions =
            Mentions::new(&read.document, &read.segmentation, &read.tags, &read.layout, &self.lexicon, &names);
        let resolution = Resolution::new(
            &read.document,
            &read.segmentation,
            &read.tags,
            &read.layout,
            &mentions,
            &self.lexicon,
            publisher,
        );
        let mut extraction = self.relate(read, mentions, resolution);
        drop_doubtful(&mut extraction);
        extraction
    }

    /// The names that the tagger alone finds in a text, before later stages mend them.
    pub fn tag_names(&self, text: &str) -> (Document, Vec<(Span, EntityType)>) {
        tag_names(self.names.as_ref(), text)
    }

    /// Extracts entities and facts from a release and keeps what its format says of it.
    pub fn extract_release(&self, release: &Release) -> Extraction {
        let metadata = release.metadata.clone();
        let extraction = self.extract_published(&release.text, metadata.issuer.as_deref());
        Extraction { metadata, ..extraction }
    }

    /// Extracts the facts from the text of one release, with the names and entities that somebody
    /// else has found.
    pub fn extract_with(&self, text: &str, given: &[GivenEntity]) -> Extraction {
        let read = self.read(text);
        let located = locate(&read.document, &read.segmentation, given);
        let names = located.iter().map(|(mention, _)| mention.clone()).collect();
        let mentions = Mentions::with_names(&read.document, &read.segmentation, &read.tags, &read.layout, names);
        let resolution = Resolution::from_given(
            &read.document,
            &read.segmentation,
            &read.tags,
            &read.layout,
            &mentions,
            &self.lexicon,
            &located,
            given,
        );
        self.relate(read, mentions, resolution)
    }

    /// What is known of a text before its names are.
    fn read(&self, text: &str) -> Read {
        let document = Document::new(text);
        let layout = Layout::new(&document);
        let segmentation = Segmentation::new(&document);
        let tags = self.morph.tag(&document, &segmentation);
        Read { document, layout, segmentation, tags }
    }

    /// The facts between the entities of a release.
    fn relate(&self, read: Read, mentions: Mentions, resolution: Resolution) -> Extraction {
        let Read { document, layout, segmentation, tags } = read;
        let (metadata, authorities) = (Metadata::default(), Arc::clone(&self.authorities));
        let (facts, links) = (Vec::new(), OnceLock::new());
        let mut extraction = Extraction {
            document,
            metadata,
            layout,
            segmentation,
            tags,
            mentions,
            resolution,
            facts,
            authorities,
            links,
        };
        if let Some(quotations) = &self.quotations {
            let analysis = extraction.analysis();
            let mut facts = self.relations.find(&analysis);
            facts.extend(quotations.find(&analysis));
            facts.sort_by_key(|fact| fact.evidence.first().copied());
            extraction.facts = facts;
        }
        extraction
    }
}

/// Entities that have no name surer than this are wrong more often than right where no fact uses them.
const DOUBTFUL: f32 = 0.5;

/// Takes out entities that are doubtful and that no fact confirms: the rules know what a name must be that stands where it
/// stands, so that the tagger may propose more than it would assert.
fn drop_doubtful(extraction: &mut Extraction) {
    let Extraction { mentions, resolution, facts, .. } = extraction;
    let mut keep = vec![false; resolution.entities.len()];
    let sure = mentions.names.iter().zip(&resolution.of_names).filter(|(name, _)| name.confidence >= DOUBTFUL);
    let stated = facts.iter().flat_map(|fact| fact.arguments.iter().map(|(_, id)| id));
    for id in sure.map(|(_, id)| id).chain(stated).chain(&resolution.issuer) {
        if let Some(keep) = keep.get_mut(id.0) {
            *keep = true;
        }
    }
    for &(site, place) in &resolution.inner_places {
        let named = keep.get(site.0).copied().unwrap_or(false);
        if let Some(keep) = keep.get_mut(place.0).filter(|_| named) {
            *keep = true;
        }
    }
    if keep.iter().all(|keep| *keep) {
        return;
    }
    let numbers = resolution.retain(&mut mentions.names, &keep);
    for (_, id) in facts.iter_mut().flat_map(|fact| &mut fact.arguments) {
        // Invariant: what a fact uses is kept.
        *id = numbers.get(id.0).copied().flatten().unwrap_or(*id);
    }
}

/// What is known of a text before its names are.
struct Read {
    document: Document,
    layout: Layout,
    segmentation: Segmentation,
    tags: Tags,
}

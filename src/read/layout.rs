use crate::text::{Document, PartialDate, Span};

/// What a part of a release is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SectionKind {
    /// The headline and what stands above it (`COMMUNIQUÉ DE PRESSE`).
    Headline,
    /// The text itself.
    Body,
    /// A paragraph `À propos de…`: what an organisation is.
    About,
    /// Names, telephone numbers and addresses for the press.
    Contact,
    /// Legal notes, warnings, page footers.
    Boilerplate,
}

/// A stretch of whole lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its lines, without the white space around them.
    pub span: Span,
    /// What it is for.
    pub kind: SectionKind,
}

/// Place and date at the head of the text (`Lyon, le 12 mars 2024 –`).
#[derive(Clone, Debug, PartialEq)]
pub struct Dateline {
    /// The whole of it.
    pub span: Span,
    /// The words of the place.
    pub place: Option<Span>,
    /// The date.
    pub date: Option<PartialDate>,
}

/// The parts of a release.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The headline.
    pub title: Option<Span>,
    /// Place and date.
    pub dateline: Option<Dateline>,
    /// Date of publication, from the dateline or a line of its own.
    pub issued: Option<PartialDate>,
    /// All of the text, in order.
    pub sections: Vec<Section>,
}

impl Layout {
    /// The parts of `document`, told by its lines.
    pub fn new(_document: &Document) -> Self {
        Self::default()
    }

    /// What the part around byte `at` of the text is for.
    pub fn kind_at(&self, at: usize) -> SectionKind {
        let section = self.sections.partition_point(|section| section.span.end <= at);
        self.sections.get(section).filter(|s| s.span.start <= at).map_or(SectionKind::Body, |s| s.kind)
    }
}

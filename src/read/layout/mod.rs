//! The parts of a release, told by its lines.

mod dateline;
mod lines;

use crate::text::{Document, PartialDate, Span};
use lines::{Line, LineKind};

/// What a part of a release is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SectionKind {
    /// The headline and what stands above it (`COMMUNIQUÉ DE PRESSE`).
    Headline,
    /// The text itself.
    Body,
    /// A paragraph `À propos de…`: what an organisation is.
    About,
    /// Names, telephone numbers and addresses for the press; the source of the release.
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
    /// The headline, without the marks of Markdown.
    pub title: Option<Span>,
    /// The line below the headline that goes on with it.
    pub subtitle: Option<Span>,
    /// Place and date.
    pub dateline: Option<Dateline>,
    /// Date of publication: from the dateline, a line of its own, or the line that names the source.
    pub issued: Option<PartialDate>,
    /// All of the text, in order.
    pub sections: Vec<Section>,
}

/// Within so many lines of the top the dateline stands.
const DATELINE_WITHIN: usize = 8;

/// Within so many lines of the end the source and its date stand.
const SOURCE_WITHIN: usize = 6;

impl Layout {
    /// The parts of `document`, told by its lines.
    pub fn new(document: &Document) -> Self {
        let lines = lines::lines(document.text());
        let mut layout = Self::default();
        let body = layout.read_head(document.text(), &lines);
        layout.read_sections(&lines, body);
        layout.issued = layout.dateline.as_ref().and_then(|dateline| dateline.date).or_else(|| published(&lines));
        layout
    }

    /// What the part around byte `at` of the text is for.
    pub fn kind_at(&self, at: usize) -> SectionKind {
        let section = self.sections.partition_point(|section| section.span.end <= at);
        self.sections.get(section).filter(|s| s.span.start <= at).map_or(SectionKind::Body, |s| s.kind)
    }

    /// Finds headline, subtitle and dateline; answers the index of the first line of the body.
    fn read_head(&mut self, text: &str, lines: &[Line<'_>]) -> usize {
        let mut body = 0;
        for (i, line) in lines.iter().enumerate().take(DATELINE_WITHIN) {
            if line.kind != LineKind::Text {
                break;
            }
            let dateline = || dateline::opening(line.text, line.span.start, self.title.is_some());
            if let Some(dateline) = self.dateline.is_none().then(dateline).flatten() {
                let alone = line.span.end - dateline.span.end < 60;
                self.dateline = Some(dateline);
                if !alone {
                    break;
                }
                body = i + 1;
            } else if self.title.is_none() && (line.is_banner() || is_rubric(lines, i)) {
                body = i + 1;
            } else if self.title.is_none() && line.is_headline() {
                self.title = Some(line.words());
                body = i + 1;
            } else if self.title.is_some() && self.subtitle.is_none() && body == i && line.is_subtitle(lines.get(i + 1))
            {
                self.subtitle = Some(line.words());
                body = i + 1;
            } else if !line.is_banner() || self.title.is_none() {
                if self.dateline.is_none() {
                    self.dateline = dateline::place_only(line.text, line.span.start);
                }
                if self.dateline.is_none() {
                    // A date of its own may still follow an opening paragraph.
                    self.dateline = lines[i + 1..].iter().take(2).find_map(|next| {
                        let found = dateline::opening(next.text, next.span.start, true)?;
                        let free = text.get(found.span.end..next.span.end).is_some_and(|rest| rest.trim().is_empty());
                        free.then_some(found)
                    });
                }
                break;
            } else {
                body = i + 1;
            }
        }
        body
    }

    fn read_sections(&mut self, lines: &[Line<'_>], body: usize) {
        let mut kind = SectionKind::Body;
        for (i, line) in lines.iter().enumerate() {
            kind = if i < body {
                SectionKind::Headline
            } else {
                match line.kind {
                    LineKind::About => SectionKind::About,
                    LineKind::Contact => SectionKind::Contact,
                    LineKind::Boilerplate => SectionKind::Boilerplate,
                    LineKind::Text => match kind {
                        SectionKind::Headline => SectionKind::Body,
                        // A long paragraph after the names of the press officers is text again.
                        SectionKind::Contact if line.is_long() => SectionKind::Body,
                        SectionKind::Boilerplate
                            if line.after_blank && !line.is_long() && lines[i - 1].is_short_note() =>
                        {
                            SectionKind::Body
                        }
                        other => other,
                    },
                }
            };
            match self.sections.last_mut() {
                Some(last) if last.kind == kind && line.kind != LineKind::About => {
                    last.span = last.span.cover(line.span)
                }
                _ => self.sections.push(Section { span: line.span, kind }),
            }
        }
    }
}

/// Whether line `i` is a rubric above the headline: one word, with the headline right below.
fn is_rubric(lines: &[Line<'_>], i: usize) -> bool {
    let one_word = lines[i].text.split_whitespace().count() <= 2 && lines[i].text.len() < 40;
    one_word
        && i == 0
        && lines.get(1).is_some_and(|next| !next.after_blank && next.is_headline() && next.text.len() > 30)
}

/// The date of publication where there is no dateline at its place: in the first lines after `communiqué de presse
/// du`, in the lines at the end that name the source, in the one line that has a place and a date and nothing else, at the head of one of
/// the first paragraphs, or where one of them tells what happens `ce jeudi 20 juin 2019`.
fn published(lines: &[Line<'_>]) -> Option<PartialDate> {
    let head = lines.iter().take(DATELINE_WITHIN).filter(|line| line.tells_publication());
    let foot = lines.iter().rev().take(SOURCE_WITHIN).filter(|line| line.tells_source());
    let told = head.chain(foot).find_map(|line| dateline::closing(line.text));
    let top = || lines.iter().take(DATELINE_WITHIN);
    told.or_else(|| alone(lines))
        .or_else(|| top().find_map(|line| placed(line).and_then(|dateline| dateline.date)))
        .or_else(|| top().find_map(|line| dateline::today(line.text)))
}

/// The place and date that open a line somewhere below the headline.
fn placed(line: &Line<'_>) -> Option<Dateline> {
    let dateline = dateline::opening(line.text, line.span.start, true)?;
    let whole = dateline.date.is_some_and(|date| date.day.is_some());
    (whole && dateline.place.is_some()).then_some(dateline)
}

/// The date of the one line that has a place and a date and nothing else; none where there are more, as in programmes.
fn alone(lines: &[Line<'_>]) -> Option<PartialDate> {
    let mut dates = lines.iter().filter_map(|line| {
        let dateline = placed(line)?;
        (dateline.span.end == line.span.end).then_some(dateline.date?)
    });
    dates.next().filter(|_| dates.next().is_none())
}

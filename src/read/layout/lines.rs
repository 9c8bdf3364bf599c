//! The lines of a release and what each one looks like by itself.

use crate::text::{Span, lower};

/// What a line opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    /// No more than a line.
    Text,
    /// `À propos de…`.
    About,
    /// `Contact presse`, `Source : …`.
    Contact,
    /// `Avertissement`, `Crédit photo`.
    Boilerplate,
}

/// A line that is not blank.
pub(super) struct Line<'a> {
    /// Its words, without the white space around.
    pub(super) text: &'a str,
    /// Where they stand.
    pub(super) span: Span,
    /// What it opens.
    pub(super) kind: LineKind,
    /// Whether a blank line stands before it, or it is the first.
    pub(super) after_blank: bool,
}

/// The lines of `text` that are not blank.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut after_blank = true;
    for line in text.split('\n') {
        let words = line.trim();
        if words.is_empty() {
            after_blank = true;
        } else {
            let start = at + line.len() - line.trim_start().len();
            let span = Span::new(start, start + words.len());
            out.push(Line { text: words, span, kind: kind(words), after_blank });
            after_blank = false;
        }
        at += line.len() + 1;
    }
    out
}

/// At most the first 160 bytes of `line` in lower case, without the marks of Markdown and lists.
fn opening(line: &str) -> String {
    let words = line.trim_start_matches(['#', '*', '_', '-', '•', ' ', '>', '[']);
    lower(&words[..words.floor_char_boundary(160)])
}

fn kind(line: &str) -> LineKind {
    let lower = opening(line);
    let starts = |prefixes: &[&str]| {
        prefixes.iter().any(|prefix| {
            lower.strip_prefix(prefix).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        })
    };
    let short = line.len() <= 120 && !line.ends_with(['.', '!', '…']);
    let labelled = lower.find([':', '|', '–', '—']).is_some_and(|at| at < 70);
    if starts(&["à propos", "a propos", "qui est", "qui sommes-nous", "about"]) && (short || labelled) {
        LineKind::About
    } else if (starts(&["contact", "contacts", "vos contacts", "votre contact", "press contact", "media contact"])
        || starts(&[
            "relations presse",
            "relations médias",
            "relations investisseurs",
            "relation presse",
            "service de presse",
        ])
        || starts(&[
            "service presse",
            "attachée de presse",
            "attaché de presse",
            "attachés de presse",
            "informations presse",
        ]))
        && (line.len() <= 160 || labelled)
        || !line.starts_with('*')
            && starts(&["source", "sources", "rédaction", "fait à"])
            && (labelled || starts(&["fait à"]))
            && line.len() <= 200
        || starts(&["tél", "tel", "téléphone", "e-mail", "email", "courriel", "mail"]) && line.len() <= 120
    {
        LineKind::Contact
    } else if starts(&["avertissement", "mentions légales", "disclaimer", "déclarations prospectives"])
        || starts(&["crédit photo", "crédits photo", "crédits photos", "crédit photos", "crédit", "crédits"])
            && line.len() <= 200
            && labelled
        || starts(&["note aux rédacteurs", "note aux rédactions", "notes aux éditeurs", "notes"]) && short
        || lower.starts_with('©')
        || lower.starts_with("ce communiqué contient")
        || lower.starts_with("ce communiqué de presse contient")
        || lower.starts_with("le présent communiqué")
        || lower.starts_with("ce communiqué de presse peut contenir")
        || lower.starts_with("tous droits réservés")
    {
        LineKind::Boilerplate
    } else {
        LineKind::Text
    }
}

/// What stands above headlines.
const BANNERS: [&str; 12] = [
    "communiqué",
    "communique",
    "information presse",
    "informations presse",
    "info presse",
    "dossier de presse",
    "pour diffusion immédiate",
    "diffusion immédiate",
    "pour publication immédiate",
    "embargo",
    "sous embargo",
    "press release",
];

impl Line<'_> {
    /// Whether it only says what the text is (`COMMUNIQUÉ DE PRESSE`, `Embargo jusqu'à 8 h`), or is an address.
    pub(super) fn is_banner(&self) -> bool {
        let lower = opening(self.text);
        let only = self.text.split_whitespace().count() <= 6 && self.text.len() <= 70;
        only && BANNERS.iter().any(|banner| lower.starts_with(banner))
            || self.text.len() < 100 && (lower.starts_with("http") || lower.starts_with("www."))
            || lower.chars().all(|c| !c.is_alphanumeric())
    }

    /// Whether it can be a headline: not long, and no full sentence of running text.
    pub(super) fn is_headline(&self) -> bool {
        self.text.len() <= 320 && !(self.text.len() > 160 && self.text.ends_with('.'))
    }

    /// Whether it can go on with the headline above it: no full stop, and the body begins with a longer line.
    pub(super) fn is_subtitle(&self, next: Option<&Self>) -> bool {
        if next.is_some_and(|next| !next.after_blank && next.text.starts_with(char::is_lowercase)) {
            return false;
        }
        let marked = self.text.starts_with("- ") || self.text.starts_with('•') || self.text.starts_with('«');
        let closed = self.text.ends_with(['.', ':', '»', ';', ',']);
        !marked && !closed && self.text.len() <= 260 && next.is_some_and(|next| next.text.len() > self.text.len())
    }

    /// Its words without the marks of Markdown around them.
    pub(super) fn words(&self) -> Span {
        let marks = ['#', '*', '_', ' '];
        let start = self.text.len() - self.text.trim_start_matches(marks).len();
        let inner = self.text[start..].trim_end_matches(marks);
        if inner.is_empty() {
            return self.span;
        }
        Span::new(self.span.start + start, self.span.start + start + inner.len())
    }

    /// Whether it is a paragraph.
    pub(super) fn is_long(&self) -> bool {
        self.text.len() > 200
    }

    /// Whether it is a note of one line, such as the name of a photographer.
    pub(super) fn is_short_note(&self) -> bool {
        self.kind == LineKind::Boilerplate && self.text.len() <= 120
    }

    /// Whether it speaks of the release itself, so that a date in it is the date of publication.
    pub(super) fn tells_publication(&self) -> bool {
        let lower = if self.text.len() <= 300 { lower(self.text) } else { String::new() };
        lower.contains("communiqué")
            || lower.starts_with("publié")
            || lower.starts_with("mis en ligne")
            || lower.starts_with("sous embargo")
    }

    /// Whether it names the source of the release, or where and when it was made.
    pub(super) fn tells_source(&self) -> bool {
        let lower = opening(self.text);
        self.text.len() <= 300
            && ["source", "rédaction", "fait à", "fait le", "publié", "communiqué"]
                .iter()
                .any(|word| lower.starts_with(word))
    }
}

//! Characters to lines.

use unicode_normalization::UnicodeNormalization;

use super::columns;
use super::glyphs::{Glyph, Page};

/// Characters that follow each other on one baseline.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) size: f64,
    pub(super) text: String,
}

impl Run {
    /// The right edge.
    pub(super) fn end(&self) -> f64 {
        self.x + self.width
    }
}

/// A line of a block of text.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) x: f64,
    pub(super) end: f64,
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) text: String,
    /// Which block of the page it belongs to; lines of two blocks are two paragraphs.
    pub(super) block: usize,
    /// Height on the page, from 0 at the bottom to 1 at the top.
    pub(super) height: f64,
}

/// The lines of a page, in the order in which they are read.
pub(super) fn of_page(page: Page) -> Vec<Line> {
    let (bottom, extent) = (page.bottom, (page.top - page.bottom).max(1.0));
    let mut out = Vec::new();
    for (block, runs) in columns::blocks(runs(page.glyphs)).into_iter().enumerate() {
        for mut line in lines(runs) {
            line.block = block;
            line.height = (line.y - bottom) / extent;
            out.push(line);
        }
    }
    out
}

/// Joins characters that follow each other: on one baseline, with no more than a space between them.
fn runs(glyphs: Vec<Glyph>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for glyph in glyphs {
        let follows = |run: &Run| {
            let gap = glyph.x - run.end();
            let size = run.size.max(glyph.size);
            (glyph.y - run.y).abs() < size * 0.3 && gap > -size * 0.7 && gap < size * 0.9
        };
        let is_accent = out.last_mut().is_some_and(|run| compose(run, &glyph));
        match out.last_mut() {
            Some(_) if is_accent => {}
            Some(run) if follows(run) => {
                let is_space = glyph.text.trim().is_empty();
                if !is_space && glyph.x - run.end() > run.size.max(glyph.size) * 0.17 && !run.text.ends_with(' ') {
                    run.text.push(' ');
                }
                push(run, &glyph);
                run.width = run.width.max(glyph.x + glyph.width - run.x);
                run.size = run.size.max(glyph.size);
            }
            _ if glyph.text.trim().is_empty() => {}
            _ => {
                let mut run = Run { x: glyph.x, y: glyph.y, width: glyph.width, size: glyph.size, text: String::new() };
                push(&mut run, &glyph);
                out.push(run);
            }
        }
    }
    out
}

/// Adds the text of a glyph: ligatures as letters, one space for many.
fn push(run: &mut Run, glyph: &Glyph) {
    for c in glyph.text.chars() {
        match c {
            'ﬀ' => run.text.push_str("ff"),
            'ﬁ' => run.text.push_str("fi"),
            'ﬂ' => run.text.push_str("fl"),
            'ﬃ' => run.text.push_str("ffi"),
            'ﬄ' => run.text.push_str("ffl"),
            '\0' => {}
            c if c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}' => {
                if !run.text.ends_with(' ') {
                    run.text.push(' ');
                }
            }
            c => run.text.push(c),
        }
    }
}

/// Puts an accent that is drawn over a letter onto it: the accent drawn second, or first.
fn compose(run: &mut Run, glyph: &Glyph) -> bool {
    let mut chars = glyph.text.chars();
    let (Some(new), None) = (chars.next(), chars.next()) else { return false };
    let Some(last) = run.text.chars().last() else { return false };
    let near = (glyph.y - run.y).abs() < run.size;
    // Drawn at the place of the last character, not behind it.
    let over = near && glyph.x < run.end() - run.size * 0.12 && glyph.x > run.end() - run.size * 1.2;
    if unicode_normalization::char::is_combining_mark(new) {
        run.text.push(new);
    } else if let Some(mark) = combining(new).filter(|_| over && last.is_alphabetic()) {
        run.text.push(mark);
    } else if let Some(mark) = combining(last).filter(|_| over && new.is_alphabetic()) {
        run.text.pop();
        run.text.push(if new == 'ı' { 'i' } else { new });
        run.text.push(mark);
        run.width = run.width.max(glyph.x + glyph.width - run.x);
        run.y = glyph.y;
    } else {
        return false;
    }
    run.text = run.text.nfc().collect();
    true
}

/// The combining form of an accent that stands by itself.
fn combining(c: char) -> Option<char> {
    Some(match c {
        '`' | '\u{2cb}' => '\u{300}',
        '´' | '\u{2ca}' => '\u{301}',
        '^' | '\u{2c6}' => '\u{302}',
        '~' | '\u{2dc}' => '\u{303}',
        '¨' => '\u{308}',
        '¸' => '\u{327}',
        _ => return None,
    })
}

/// The lines of a block from top to bottom. Raised letters (`1er`, `n°`) belong to the line they stand in.
fn lines(mut runs: Vec<Run>) -> Vec<Line> {
    // A stable order: by baseline, then from left to right.
    runs.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    let mut rows: Vec<(f64, f64, Vec<Run>)> = Vec::new();
    for run in runs {
        match rows.last_mut() {
            Some((y, size, row)) if (*y - run.y).abs() < size.max(run.size) * 0.45 => {
                // The largest letters give the baseline.
                if run.size > *size {
                    (*y, *size) = (run.y, run.size);
                }
                row.push(run);
            }
            _ => rows.push((run.y, run.size, vec![run])),
        }
    }
    rows.into_iter().filter_map(|(y, size, row)| line(y, size, row)).collect()
}

fn line(y: f64, size: f64, mut row: Vec<Run>) -> Option<Line> {
    row.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut text = String::new();
    let (mut end, x) = (f64::NEG_INFINITY, row.first()?.x);
    for run in row {
        let gap = run.x - end;
        if !text.is_empty() && gap > size * 3.0 {
            text.push('\t');
        } else if !text.is_empty() && gap > size * 0.17 && !text.ends_with(' ') && !run.text.starts_with(' ') {
            text.push(' ');
        }
        text.push_str(&run.text);
        end = end.max(run.end());
    }
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(Line { x, end, y, size, text, block: 0, height: 0.0 })
}

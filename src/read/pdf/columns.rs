//! The reading order of a page: columns from left to right, what spans them above and below.
//!
//! A recursive cut of the page along white gutters, after the XY-cut of Nagy and Seth,
//! "Hierarchical representation of optically scanned documents" (1984).

use super::lines::Run;

/// Lines that must stand on either side of a gutter.
const LINES: usize = 3;
/// Mean characters of a line of a column: columns of tables and of labels are narrower.
const WIDTH: f64 = 14.0;
/// Columns within columns.
const DEPTH: usize = 6;

/// The runs of a page in blocks, in the order in which they are read.
pub(super) fn blocks(runs: Vec<Run>) -> Vec<Vec<Run>> {
    let mut out = Vec::new();
    cut(runs, DEPTH, &mut out);
    out
}

fn cut(runs: Vec<Run>, depth: usize, out: &mut Vec<Vec<Run>>) {
    if runs.is_empty() {
        return;
    }
    let found = if depth == 0 { None } else { gutter(&runs) };
    let Some(gutter) = found else {
        out.push(runs);
        return;
    };
    let (mut above, mut left, mut right, mut below) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for run in runs {
        let side = if run.y > gutter.top {
            &mut above
        } else if run.y < gutter.bottom {
            &mut below
        } else if run.x < gutter.x {
            &mut left
        } else {
            &mut right
        };
        side.push(run);
    }
    for part in [above, left, right, below] {
        cut(part, depth - 1, out);
    }
}

/// A white vertical strip with columns on both sides.
struct Gutter {
    x: f64,
    top: f64,
    bottom: f64,
}

/// The best gutter: the one with the most lines on its emptier side.
fn gutter(runs: &[Run]) -> Option<Gutter> {
    let mut best: Option<(usize, Gutter)> = None;
    for x in candidates(runs) {
        // What crosses the candidate parts the page into bands.
        let mut crossing: Vec<f64> = runs.iter().filter(|run| run.x < x && run.end() > x).map(|run| run.y).collect();
        crossing.push(f64::INFINITY);
        crossing.push(f64::NEG_INFINITY);
        crossing.sort_by(|a, b| b.total_cmp(a));
        for pair in crossing.windows(2) {
            let [top, bottom] = pair else { continue };
            let within = |run: &&Run| run.y < *top && run.y > *bottom;
            let left = side(runs.iter().filter(within).filter(|run| run.end() <= x));
            let right = side(runs.iter().filter(within).filter(|run| run.x >= x));
            let lines = left.lines.min(right.lines);
            let is_text = left.width() >= WIDTH && right.width() >= WIDTH;
            if lines >= LINES && is_text && best.as_ref().is_none_or(|(known, _)| lines > *known) {
                // As far as the longer column goes.
                let (top, bottom) = (left.top.max(right.top), left.bottom.min(right.bottom));
                best = Some((lines, Gutter { x, top: top + 0.01, bottom: bottom - 0.01 }));
            }
        }
    }
    best.map(|(_, gutter)| gutter)
}

/// The left edges at which many runs begin, with white space before them.
fn candidates(runs: &[Run]) -> Vec<f64> {
    let mut edges: Vec<f64> = runs.iter().map(|run| run.x - run.size * 0.4).collect();
    edges.sort_by(f64::total_cmp);
    let mut out: Vec<f64> = Vec::new();
    let mut from = 0;
    while let Some(&edge) = edges.get(from) {
        let same = edges.get(from..).unwrap_or_default().iter().take_while(|other| **other - edge < 3.0).count();
        if same >= LINES {
            out.push(edge);
        }
        from += same.max(1);
        if out.len() > 40 {
            break;
        }
    }
    out
}

/// What stands on one side of a gutter.
struct Side {
    lines: usize,
    characters: usize,
    top: f64,
    bottom: f64,
}

impl Side {
    fn width(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a mean of small counts")]
        if self.lines == 0 { 0.0 } else { self.characters as f64 / self.lines as f64 }
    }
}

fn side<'a>(runs: impl Iterator<Item = &'a Run>) -> Side {
    let mut baselines: Vec<f64> = Vec::new();
    let mut side = Side { lines: 0, characters: 0, top: f64::NEG_INFINITY, bottom: f64::INFINITY };
    for run in runs {
        side.characters += run.text.chars().count();
        side.top = side.top.max(run.y);
        side.bottom = side.bottom.min(run.y);
        baselines.push(run.y);
    }
    baselines.sort_by(f64::total_cmp);
    baselines.dedup_by(|a, b| (*a - *b).abs() < 3.0);
    side.lines = baselines.len();
    side
}

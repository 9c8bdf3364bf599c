//! The characters of a page with their places, as the library calls them out.

use std::time::{Duration, Instant};

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};

use super::super::guard;

/// Characters that a page may have: two hundred times a full one.
const GLYPHS: usize = 1_000_000;

/// A character, or what a ligature stands for.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// Left edge, in points from the left.
    pub(super) x: f64,
    /// Baseline, in points from the bottom.
    pub(super) y: f64,
    /// Width in points.
    pub(super) width: f64,
    /// Size of the font in points.
    pub(super) size: f64,
    pub(super) text: String,
}

/// The characters of a page, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) glyphs: Vec<Glyph>,
    /// Lower and upper edge.
    pub(super) bottom: f64,
    pub(super) top: f64,
}

/// Receives the characters of one page.
pub(super) struct Collector {
    page: Page,
    deadline: Instant,
    late: bool,
}

impl Collector {
    pub(super) fn new() -> Self {
        // Well before the guard gives up, so that nothing runs on behind it.
        let deadline = Instant::now() + Duration::from_secs(guard::SECONDS / 2);
        Self { page: Page::default(), deadline, late: false }
    }

    /// Whether it has stopped the library for its slowness.
    pub(super) fn is_late(&self) -> bool {
        self.late
    }

    pub(super) fn finish(self) -> Page {
        self.page
    }

    fn check(&mut self) -> Result<(), OutputError> {
        self.late = self.page.glyphs.len() > GLYPHS || Instant::now() > self.deadline;
        if self.late { Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()) } else { Ok(()) }
    }
}

impl OutputDev for Collector {
    fn begin_page(&mut self, _: u32, media_box: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        (self.page.bottom, self.page.top) = (media_box.lly.min(media_box.ury), media_box.lly.max(media_box.ury));
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        trm: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        // Text that stands upright is read; stamps along the edge are not.
        let size = (font_size * trm.m22).abs();
        let upright = trm.m11 > 0.0 && trm.m12.abs() < trm.m11 * 0.2;
        let placed = [trm.m31, trm.m32, size, width].iter().all(|value| value.is_finite() && value.abs() < 1e6);
        if upright && placed && size > 0.5 && !text.is_empty() {
            let width = width * font_size.abs() * trm.m11;
            self.page.glyphs.push(Glyph { x: trm.m31, y: trm.m32, width, size, text: text.to_owned() });
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.check()
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

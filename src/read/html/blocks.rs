/// Builds a text of paragraphs, lines and list items from the events of a parser: runs of white
/// space become one space, paragraphs are parted by an empty line.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    out: String,
    pending: Pending,
    /// Inside an item whose mark has been written, before its first word.
    after_mark: bool,
}

/// What parts the next words from the last ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Pending {
    #[default]
    Nothing,
    Space,
    Cell,
    Line,
    Paragraph,
}

impl Blocks {
    /// Adds running text.
    pub(crate) fn text(&mut self, text: &str) {
        for (number, word) in text.split(|c: char| c.is_ascii_whitespace()).enumerate() {
            if number > 0 {
                self.pending = self.pending.max(Pending::Space);
            }
            if !word.is_empty() {
                self.write_pending();
                self.out.push_str(word);
                self.after_mark = false;
            }
        }
    }

    /// Adds text as it stands, with its spaces and lines.
    pub(crate) fn verbatim(&mut self, text: &str) {
        if !text.is_empty() {
            self.write_pending();
            self.out.push_str(text);
            self.after_mark = false;
        }
    }

    /// Ends the line.
    pub(crate) fn line(&mut self) {
        self.pending = self.pending.max(Pending::Line);
    }

    /// Ends the cell of a table.
    pub(crate) fn cell(&mut self) {
        self.pending = self.pending.max(Pending::Cell);
    }

    /// Ends the paragraph; the first one of an item stays behind the item's mark.
    pub(crate) fn paragraph(&mut self) {
        if !self.after_mark {
            self.pending = Pending::Paragraph;
        }
    }

    /// Begins an item of a list.
    pub(crate) fn item(&mut self) {
        if !self.after_mark {
            self.line();
            self.write_pending();
            self.out.push_str("• ");
            self.after_mark = true;
        }
    }

    /// How many bytes are written.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// What has been written from byte `start`, a former [`Blocks::len`], on.
    pub(crate) fn text_from(&self, start: usize) -> &str {
        self.out.get(start..).unwrap_or("")
    }

    /// The whole text.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    fn write_pending(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if self.out.is_empty() || self.after_mark {
            return;
        }
        self.out.push_str(match pending {
            Pending::Nothing => "",
            Pending::Space => " ",
            Pending::Cell => "\t",
            Pending::Line => "\n",
            Pending::Paragraph => "\n\n",
        });
    }
}

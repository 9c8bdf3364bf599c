use std::io::{BufRead, BufReader, Cursor, Read};
use std::ops::ControlFlow;

use super::{Options, archive};
use crate::read::{Content, Entry, Format, Origin, Reason, Refusal, SNIFF, Sniffed, csv, decode, sniff};

/// Takes entries one by one and says whether it wants more.
pub(super) type Sink<'a> = dyn FnMut(Result<Entry, Refusal>) -> ControlFlow<()> + 'a;

/// Reads one file, whatever it holds.
pub(super) struct Reader<'a, 'b> {
    pub(super) options: &'a Options,
    sink: &'a mut Sink<'b>,
    /// Archives and compressions around what is read now.
    depth: usize,
}

impl<'a, 'b> Reader<'a, 'b> {
    pub(super) fn new(options: &'a Options, sink: &'a mut Sink<'b>) -> Self {
        Self { options, sink, depth: 0 }
    }

    pub(super) fn refuse(&mut self, origin: &Origin, reason: Reason) -> ControlFlow<()> {
        (self.sink)(Err(Refusal { origin: origin.clone(), reason }))
    }

    fn emit(&mut self, origin: &Origin, content: Content) -> ControlFlow<()> {
        (self.sink)(Ok(Entry { origin: origin.clone(), content }))
    }

    /// Reads an open file; a ZIP archive is read in place.
    pub(super) fn file(&mut self, origin: &Origin, mut file: std::fs::File) -> ControlFlow<()> {
        let mut start = Vec::new();
        if let Err(error) = file.by_ref().take(SNIFF as u64).read_to_end(&mut start) {
            return self.refuse(origin, error.into());
        }
        let seekable = file.metadata().is_ok_and(|metadata| metadata.is_file());
        if seekable && sniff(&origin.source.path, &start) == Sniffed::Zip {
            return self.inside(origin, |reader| archive::zip(reader, origin, BufReader::new(file)));
        }
        self.sniffed(origin, start, &mut file)
    }

    /// Reads what comes from `input`.
    pub(super) fn stream(&mut self, origin: &Origin, input: &mut dyn Read) -> ControlFlow<()> {
        let mut start = Vec::new();
        if let Err(error) = input.take(SNIFF as u64).read_to_end(&mut start) {
            return self.refuse(origin, failure(&error));
        }
        self.sniffed(origin, start, input)
    }

    /// Runs `read` one level deeper.
    fn inside(&mut self, origin: &Origin, read: impl FnOnce(&mut Self) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.depth >= self.options.limits.depth {
            return self.refuse(origin, Reason::TooDeep(self.depth));
        }
        self.depth += 1;
        let flow = read(self);
        self.depth -= 1;
        flow
    }

    /// Reads a file by its first bytes `start` and the `rest`.
    fn sniffed(&mut self, origin: &Origin, start: Vec<u8>, rest: &mut dyn Read) -> ControlFlow<()> {
        let kind = sniff(&origin.source.path, &start);
        let is_utf16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
        let mut input = Cursor::new(start.clone()).chain(rest);
        match kind {
            Sniffed::Gzip => self.inside(origin, |reader| archive::gzip(reader, origin, &mut input)),
            Sniffed::Zstd => self.inside(origin, |reader| archive::zstd(reader, origin, &mut input)),
            Sniffed::Tar => self.inside(origin, |reader| archive::tar(reader, origin, &mut input)),
            Sniffed::Zip => {
                let limit = self.options.limits.archive;
                match self.whole(&mut input, limit) {
                    Ok(bytes) => self.inside(origin, |reader| archive::zip(reader, origin, Cursor::new(bytes))),
                    Err(reason) => self.refuse(origin, reason),
                }
            }
            Sniffed::Unsupported(what) => self.refuse(origin, Reason::Unsupported(what)),
            Sniffed::Format(Format::Csv) if is_utf16 => self.decoded(origin, &mut input, Self::rows),
            Sniffed::Format(Format::Csv) => self.rows(origin, &mut input),
            Sniffed::Format(Format::Json) if is_json_lines(&origin.source.path, &start) => {
                if is_utf16 {
                    self.decoded(origin, &mut input, Self::lines)
                } else {
                    self.lines(origin, &mut input)
                }
            }
            Sniffed::Format(format) => self.release(origin, format, &mut input),
        }
    }

    /// A file that is converted as a whole.
    pub(super) fn release(&mut self, origin: &Origin, format: Format, input: &mut dyn Read) -> ControlFlow<()> {
        let limit = self.options.limits.file;
        match self.whole(input, limit) {
            Ok(bytes) => self.emit(origin, Content::File(format, bytes)),
            Err(reason) => self.refuse(origin, reason),
        }
    }

    /// All of `input`, unless it is longer than `limit`.
    #[expect(clippy::unused_self, reason = "reads as the other steps do")]
    fn whole(&self, input: &mut dyn Read, limit: u64) -> Result<Vec<u8>, Reason> {
        let mut bytes = Vec::new();
        input.take(limit + 1).read_to_end(&mut bytes).map_err(|error| failure(&error))?;
        if bytes.len() as u64 > limit { Err(Reason::TooLarge(limit >> 20)) } else { Ok(bytes) }
    }

    /// Reads a file with many records that is in UTF-16, as spreadsheets write it: decoded as a whole first.
    fn decoded(
        &mut self,
        origin: &Origin,
        input: &mut dyn Read,
        read: impl FnOnce(&mut Self, &Origin, &mut dyn Read) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let limit = self.options.limits.file;
        match self.whole(input, limit).and_then(|bytes| Ok(decode(&bytes)?.into_owned())) {
            Ok(text) => read(self, origin, &mut text.as_bytes()),
            Err(reason) => self.refuse(origin, reason),
        }
    }

    /// Reads JSON Lines; a line that is too long is skipped in bounded memory.
    fn lines(&mut self, origin: &Origin, input: &mut dyn Read) -> ControlFlow<()> {
        let limit = self.options.limits.record;
        let mut input = BufReader::with_capacity(1 << 16, input);
        let mut number = 0;
        loop {
            number += 1;
            let at = origin.at_line(number);
            let mut line = Vec::new();
            match input.by_ref().take(limit + 1).read_until(b'\n', &mut line) {
                Ok(0) => return ControlFlow::Continue(()),
                Ok(_) if line.len() as u64 > limit && line.last() != Some(&b'\n') => {
                    self.refuse(&at, Reason::TooLarge(limit >> 20))?;
                    if let Err(error) = input.skip_until(b'\n') {
                        return self.refuse(&at, failure(&error));
                    }
                }
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => self.emit(&at, Content::Line(line))?,
                Err(error) => return self.refuse(&at, failure(&error)),
            }
        }
    }

    /// Reads the rows of a CSV file.
    fn rows(&mut self, origin: &Origin, input: &mut dyn Read) -> ControlFlow<()> {
        let mut input = BufReader::with_capacity(1 << 16, input);
        let separator = match input.fill_buf() {
            Ok(start) => csv::separator(start),
            Err(error) => return self.refuse(origin, failure(&error)),
        };
        let records = match csv::Records::new(input, separator, self.options.limits.record) {
            Ok(records) => records,
            Err(reason) => return self.refuse(origin, reason),
        };
        for (line, fields) in records {
            let at = origin.at_line(line);
            match fields {
                Ok(fields) => self.emit(&at, Content::Row(fields))?,
                Err(reason) => self.refuse(&at, reason)?,
            }
        }
        ControlFlow::Continue(())
    }
}

/// Why reading failed; a decompressor says what it found, the rest is the system.
pub(super) fn failure(error: &std::io::Error) -> Reason {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Reason>()) {
        Some(reason) => reason.clone(),
        None => Reason::Io(error.to_string()),
    }
}

/// Whether a JSON file has an object per line, rather than one value over several.
fn is_json_lines(name: &str, start: &[u8]) -> bool {
    let name = name.to_lowercase();
    let is_named = [".jsonl", ".ndjson"].iter().any(|extension| name.trim_end_matches(".gz").ends_with(extension));
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    if start.first() != Some(&b'{') {
        return is_named;
    }
    let line = start.split(|&b| b == b'\n').next().unwrap_or(start);
    is_named || line.len() == start.len() && start.len() >= SNIFF / 2 || line.trim_ascii_end().ends_with(b"}")
}

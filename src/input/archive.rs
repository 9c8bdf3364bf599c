//! Archives and compressed files, without trust in anything they say of themselves.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::rc::Rc;

use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use zip::result::ZipError;

use super::stream::{Reader, failure};
use crate::read::{Format, Origin, Reason};

/// Unpacking to less than this is never a bomb.
const HARMLESS: u64 = 16 << 20;

pub(super) fn gzip(reader: &mut Reader<'_, '_>, origin: &Origin, input: &mut dyn Read) -> ControlFlow<()> {
    let ratio = reader.options.limits.ratio;
    let packed = Counter::new(input);
    let count = packed.count();
    let mut unpacked = Watched::new(flate2::read::MultiGzDecoder::new(packed), count, ratio, "gzip");
    reader.stream(origin, &mut unpacked)
}

pub(super) fn zstd(reader: &mut Reader<'_, '_>, origin: &Origin, input: &mut dyn Read) -> ControlFlow<()> {
    let ratio = reader.options.limits.ratio;
    let packed = Counter::new(input);
    let count = packed.count();
    let mut unpacked = Watched::new(Frames::Between(BufReader::new(packed)), count, ratio, "Zstandard");
    reader.stream(origin, &mut unpacked)
}

pub(super) fn tar(reader: &mut Reader<'_, '_>, origin: &Origin, input: &mut dyn Read) -> ControlFlow<()> {
    let mut archive = tar::Archive::new(input);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return reader.refuse(origin, damaged("tar", &error)),
    };
    for entry in entries {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => return reader.refuse(origin, damaged("tar", &error)),
        };
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        member(reader, origin, &name, |reader, origin| reader.stream(origin, &mut entry))?;
    }
    ControlFlow::Continue(())
}

/// Reads a ZIP archive, or the one document that a DOCX or ODT is.
pub(super) fn zip(reader: &mut Reader<'_, '_>, origin: &Origin, mut input: impl Read + Seek) -> ControlFlow<()> {
    let size = input.seek(std::io::SeekFrom::End(0)).unwrap_or(0);
    let mut archive = match zip::ZipArchive::new(input) {
        Ok(archive) => archive,
        Err(error) => return reader.refuse(origin, Reason::Damaged { format: "ZIP", detail: error.to_string() }),
    };
    let has = |name: &str| archive.index_for_name(name).is_some();
    let document = if has("word/document.xml") {
        Some(Ok(Format::Docx))
    } else if has("content.xml") && has("mimetype") {
        Some(Ok(Format::Odt))
    } else if has("xl/workbook.xml") || has("ppt/presentation.xml") {
        Some(Err(Reason::Unsupported("Excel and PowerPoint")))
    } else if has("META-INF/container.xml") {
        Some(Err(Reason::Unsupported("EPUB")))
    } else {
        None
    };
    match document {
        Some(Ok(format)) => {
            let mut input = archive.into_inner();
            if let Err(error) = input.rewind() {
                return reader.refuse(origin, error.into());
            }
            return reader.release(origin, format, &mut input);
        }
        Some(Err(reason)) => return reader.refuse(origin, reason),
        None => {}
    }
    // All members count together: they may overlap.
    let packed = Rc::new(Cell::new(size));
    let unpacked = Rc::new(Cell::new(0));
    let ratio = reader.options.limits.ratio;
    for index in 0..archive.len() {
        let name = name_of(&archive, index);
        let entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                let reason = if matches!(&error, ZipError::UnsupportedArchive(why) if *why == ZipError::PASSWORD_REQUIRED)
                {
                    Reason::Encrypted
                } else {
                    Reason::Damaged { format: "ZIP", detail: error.to_string() }
                };
                reader.refuse(&origin.part(&name), reason)?;
                continue;
            }
        };
        if !entry.is_file() {
            continue;
        }
        let mut input =
            Watched { inner: entry, packed: Rc::clone(&packed), unpacked: Rc::clone(&unpacked), ratio, format: "ZIP" };
        member(reader, origin, &name, |reader, origin| reader.stream(origin, &mut input))?;
    }
    ControlFlow::Continue(())
}

fn name_of<R: Read + Seek>(archive: &zip::ZipArchive<R>, index: usize) -> String {
    archive.name_for_index(index).and_then(Result::ok).map_or_else(|| index.to_string(), std::borrow::Cow::into_owned)
}

fn damaged(format: &'static str, error: &std::io::Error) -> Reason {
    match failure(error) {
        Reason::Io(detail) => Reason::Damaged { format, detail },
        reason => reason,
    }
}

/// Reads the member `name` of an archive, unless it is hidden or its path leaves the archive.
fn member<'a, 'b>(
    reader: &mut Reader<'a, 'b>,
    origin: &Origin,
    name: &str,
    read: impl FnOnce(&mut Reader<'a, 'b>, &Origin) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let name = name.replace('\\', "/");
    let name = name.trim_start_matches("./");
    if name.split('/').any(|part| part == ".." || part.contains('\0'))
        || name.starts_with('/')
        || name.get(1..3) == Some(":/")
    {
        return reader.refuse(&origin.part(name), Reason::UnsafePath);
    }
    if name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX") {
        return ControlFlow::Continue(());
    }
    read(reader, &origin.part(name))
}

/// Counts what is read of `inner`.
struct Counter<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R> Counter<R> {
    fn new(inner: R) -> Self {
        Self { inner, count: Rc::default() }
    }

    fn count(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.count)
    }
}

impl<R: Read> Read for Counter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// Fails once far more comes out of a decompressor than goes in, and names the errors of its format.
struct Watched<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    unpacked: Rc<Cell<u64>>,
    ratio: u64,
    format: &'static str,
}

impl<R> Watched<R> {
    fn new(inner: R, packed: Rc<Cell<u64>>, ratio: u64, format: &'static str) -> Self {
        Self { inner, packed, unpacked: Rc::default(), ratio, format }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer).map_err(|error| std::io::Error::other(damaged(self.format, &error)))?;
        let unpacked = self.unpacked.get() + read as u64;
        self.unpacked.set(unpacked);
        if unpacked > HARMLESS && unpacked / self.ratio > self.packed.get() {
            return Err(std::io::Error::other(Reason::Bomb(self.ratio)));
        }
        Ok(read)
    }
}

/// The frames of a Zstandard file one after the other; none where the file has ended or failed.
enum Frames<R: Read> {
    Between(BufReader<R>),
    Within(Box<StreamingDecoder<BufReader<R>, FrameDecoder>>),
    Ended,
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            // What fails is not read further.
            match std::mem::replace(self, Self::Ended) {
                Self::Ended => return Ok(0),
                Self::Within(mut frame) => {
                    let read = frame.read(buffer)?;
                    if read > 0 {
                        *self = Self::Within(frame);
                        return Ok(read);
                    }
                    *self = Self::Between(frame.into_inner());
                }
                Self::Between(mut input) => {
                    if input.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    *self = if skip_frame(&mut input)? {
                        Self::Between(input)
                    } else {
                        let frame = StreamingDecoder::new(input).map_err(std::io::Error::other)?;
                        Self::Within(Box::new(frame))
                    };
                }
            }
        }
    }
}

/// Skips a frame without data, if the input is at one (RFC 8878, 3.1.2).
fn skip_frame(input: &mut impl BufRead) -> std::io::Result<bool> {
    // The magic number is peeked at; where the buffer ends within it, the decoder says what is wrong.
    if !matches!(input.fill_buf()?, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]) {
        return Ok(false);
    }
    let mut header = [0; 8];
    input.read_exact(&mut header)?;
    let [_, _, _, _, length @ ..] = header;
    std::io::copy(&mut input.take(u32::from_le_bytes(length).into()), &mut std::io::sink())?;
    Ok(true)
}

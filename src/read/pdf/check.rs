//! What a PDF must not do before a library reads it: unpack without end, refer to itself, draw
//! itself again and again. The library follows all that without bounds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use pdf_extract::{Dictionary, Document, Object, ObjectId};

use super::super::Reason;

/// Bytes that one stream may unpack to, unless it is only [`RATIO`] times larger.
const STREAM: u64 = 64 << 20;
/// Bytes that all streams may unpack to.
const ALL_STREAMS: u64 = 1 << 30;
/// How many times its size a large stream may unpack to.
const RATIO: u64 = 200;
/// Brackets within each other.
const BRACKETS: usize = 200;
/// Bytes of instructions for a page, and for the pages all told, each time they are run.
const PAGE: usize = 8 << 20;
const ALL_PAGES: usize = 64 << 20;
/// Forms drawn within forms.
const FORMS: usize = 12;
/// Folders of pages within each other.
const TREE: usize = 64;
/// Saved graphics states within each other.
const STATES: usize = 512;

/// Refuses a file whose compressed streams unpack beyond reason or whose objects nest beyond reason.
pub(super) fn streams(bytes: &[u8]) -> Result<(), Reason> {
    let mut all = 0;
    let mut depth = 0_usize;
    let mut last = 0;
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        let is_end = at >= 3 && bytes.get(at - 3..at) == Some(b"end");
        if is_end {
            last = at;
            continue;
        }
        nesting(bytes.get(last..at).unwrap_or_default(), &mut depth)?;
        let start = at + b"stream".len();
        let data = bytes.get(start..).unwrap_or_default().trim_ascii_start();
        // Zlib's header: deflate, and a check sum over both bytes.
        let is_zlib = matches!(data, [first, second, ..]
            if first & 0x0f == 8 && (u16::from(*first) * 256 + u16::from(*second)).is_multiple_of(31));
        if is_zlib {
            let mut decoder = flate2::read::ZlibDecoder::new(data);
            let unpacked = std::io::copy(&mut decoder.by_ref().take(ALL_STREAMS), &mut std::io::sink()).unwrap_or(0);
            let packed = decoder.total_in().max(1);
            all += unpacked.max(decoder.total_out());
            if unpacked > STREAM && unpacked / packed > RATIO || all > ALL_STREAMS {
                return Err(Reason::Bomb(RATIO));
            }
        }
    }
    nesting(bytes.get(last..).unwrap_or_default(), &mut depth)
}

/// Follows the brackets of objects; streams are passed over by the caller.
fn nesting(bytes: &[u8], depth: &mut usize) -> Result<(), Reason> {
    for byte in bytes {
        match byte {
            b'[' | b'<' | b'(' => *depth += 1,
            b']' | b'>' | b')' => *depth = depth.saturating_sub(1),
            _ => {}
        }
        if *depth > BRACKETS {
            return Err(Reason::TooDeep(BRACKETS));
        }
    }
    Ok(())
}

/// Refuses a document that refers to itself where the library would follow.
pub(super) fn structure(document: &Document) -> Result<(), Reason> {
    let mut cost = Cost { document, forms: BTreeMap::new(), left: ALL_PAGES };
    let mut pages = BTreeSet::new();
    for id in document.get_pages().into_values() {
        if !pages.insert(id) {
            return Err(damaged("a page stands twice in the tree of pages"));
        }
        let page = document.get_dictionary(id).map_err(|error| damaged(&error.to_string()))?;
        let resources = inherited(document, page)?;
        let content = document.get_page_content(id).unwrap_or_default();
        if content.len() > PAGE {
            return Err(Reason::TooLarge((PAGE >> 20) as u64));
        }
        let drawing = Drawing::of(&content)?;
        cost.run(&drawing, resources, 0)?;
    }
    Ok(())
}

fn damaged(detail: &str) -> Reason {
    Reason::Damaged { format: "PDF", detail: detail.to_owned() }
}

/// The resources of a page, its own or those of a folder above it; refuses a page that is above itself.
fn inherited<'a>(document: &'a Document, page: &'a Dictionary) -> Result<Option<&'a Dictionary>, Reason> {
    let mut folder = page;
    let mut resources = None;
    for _ in 0..TREE {
        resources = resources.or_else(|| dictionary(document, folder, b"Resources"));
        let parent = folder.get(b"Parent").and_then(Object::as_reference);
        match parent.and_then(|id| document.get_dictionary(id)) {
            Ok(parent) => folder = parent,
            Err(_) => return Ok(resources),
        }
    }
    Err(Reason::TooDeep(TREE))
}

/// The dictionary under `key`, given itself or by reference.
fn dictionary<'a>(document: &'a Document, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    match dict.get(key).ok()? {
        Object::Reference(id) => document.get_dictionary(*id).ok(),
        object => object.as_dict().ok(),
    }
}

/// What instructions draw: their size and the names of the forms they draw.
#[derive(Clone)]
struct Drawing {
    size: usize,
    names: Vec<Vec<u8>>,
}

impl Drawing {
    fn of(content: &[u8]) -> Result<Self, Reason> {
        let mut names = Vec::new();
        let mut states = 0_usize;
        let mut name: &[u8] = b"";
        for word in content.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty()) {
            match word {
                b"Do" => names.push(name.to_vec()),
                b"q" => states += 1,
                b"Q" => states = states.saturating_sub(1),
                _ => {}
            }
            if states > STATES {
                return Err(Reason::TooDeep(STATES));
            }
            name = word.rsplit(|&b| b == b'/').next().unwrap_or_default();
        }
        Ok(Self { size: content.len() + 1, names })
    }
}

/// How much of what may be run is left, as the library would run it.
struct Cost<'a> {
    document: &'a Document,
    forms: BTreeMap<ObjectId, Drawing>,
    left: usize,
}

impl<'a> Cost<'a> {
    fn run(&mut self, drawing: &Drawing, resources: Option<&'a Dictionary>, depth: usize) -> Result<(), Reason> {
        if depth > FORMS {
            return Err(Reason::TooDeep(FORMS));
        }
        self.left = self.left.checked_sub(drawing.size).ok_or(Reason::TooLarge((ALL_PAGES >> 20) as u64))?;
        let Some(forms) = resources.and_then(|resources| dictionary(self.document, resources, b"XObject")) else {
            return Ok(());
        };
        for name in &drawing.names {
            let Ok(id) = forms.get(name).and_then(Object::as_reference) else { continue };
            let Ok(stream) = self.document.get_object(id).and_then(Object::as_stream) else { continue };
            let form = match self.forms.get(&id) {
                Some(form) => form.clone(),
                None => {
                    let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                    if content.len() > PAGE {
                        return Err(Reason::TooLarge((PAGE >> 20) as u64));
                    }
                    let form = Drawing::of(&content)?;
                    self.forms.insert(id, form.clone());
                    form
                }
            };
            let own = dictionary(self.document, &stream.dict, b"Resources");
            self.run(&form, own.or(resources), depth + 1)?;
        }
        Ok(())
    }
}

//! What brings signatures together in a block: their keys.

use twox_hash::XxHash64;

use super::Signature;
use super::likeness::{SHORTEST, letters, plain};
use super::record::{initial, is_generic_acronym};
use crate::entities::EntityType;
use crate::entities::authority::name::acronym_key;

/// A key of a block, as a hash of what it says. Two that had one hash by chance would do no harm: a block would be larger than
/// it need be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u64);

impl Key {
    /// The key that says so (XXH64, Collet 2012: the same on every machine).
    fn new(text: &[u8]) -> Self {
        Self(XxHash64::oneshot(0, text))
    }
}

/// The keys of a signature's block: what shares one may be the same.
#[derive(Clone, Debug)]
pub struct Keys {
    /// That of the name, those of acronyms, then all others.
    all: Vec<Key>,
    /// How many are those of acronyms.
    acronyms: usize,
    /// Whether many things may have the name.
    can_crowd: bool,
}

impl Keys {
    /// All.
    pub fn all(&self) -> &[Key] {
        &self.all
    }

    /// As text; [`Keys::parse`] reads it.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(2 + 16 * self.all.len());
        text.push(if self.can_crowd { '+' } else { '-' });
        for (at, key) in self.all.iter().enumerate() {
            if at == self.acronyms + 1 {
                text.push('|');
            }
            text.extend(
                (0..16).rev().map(|digit| char::from_digit((key.0 >> (4 * digit)) as u32 & 15, 16).unwrap_or('0')),
            );
        }
        text
    }

    /// Reads what [`Keys::text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (can_crowd, digits) = (text.starts_with('+'), text.as_bytes().get(1..)?);
        let (mut all, mut acronyms) = (Vec::with_capacity(digits.len() / 16), None);
        let mut rest = digits;
        while let Some((first, behind)) = rest.split_first() {
            if *first == b'|' {
                acronyms = Some(all.len());
                rest = behind;
            }
            let (key, behind) = rest.split_first_chunk::<16>()?;
            let digit = |byte: &u8| {
                u64::from(if *byte < b'a' { byte.wrapping_sub(b'0') } else { byte.wrapping_sub(b'a' - 10) })
            };
            all.push(Key(key.iter().fold(0, |number, byte| number << 4 | digit(byte))));
            rest = behind;
        }
        let acronyms = acronyms.unwrap_or(all.len()).checked_sub(1)?;
        Some(Self { all, acronyms, can_crowd })
    }

    /// That of the name, where many things may have the name.
    pub(super) fn crowding_name(&self) -> Option<Key> {
        self.all.first().copied().filter(|_| self.can_crowd)
    }

    /// Those that may be crowded, each once: those of acronyms and that of a name that tells nothing alone.
    pub(super) fn crowding(&self) -> &[Key] {
        self.all.get(usize::from(!self.can_crowd)..=self.acronyms).unwrap_or_default()
    }
}

/// Writes keys, one after the other in the same memory.
struct Writer {
    keys: Vec<Key>,
    text: Vec<u8>,
}

impl Writer {
    fn key(&mut self, parts: &[&str]) {
        self.text.clear();
        for part in parts {
            self.text.extend_from_slice(part.as_bytes());
        }
        self.finish();
    }

    fn finish(&mut self) {
        self.keys.push(Key::new(&self.text));
    }
}

impl Signature {
    /// The keys of its block.
    pub fn keys(&self) -> Keys {
        let mut writer = Writer { keys: Vec::with_capacity(8), text: Vec::with_capacity(64) };
        writer.keys.push(self.name_key());
        self.acronym_keys(&mut writer);
        let acronyms = writer.keys.len() - 1;
        self.context_keys(&mut writer);
        // A town and its council, which share a code, are two things.
        let scheme = if self.kind == EntityType::Place { "il|" } else { "i|" };
        for id in &self.identifiers {
            writer.key(&[scheme, id]);
        }
        let can_crowd = self.can_crowd();
        if !can_crowd {
            self.spelling_keys(&mut writer);
        }
        Keys { all: writer.keys, acronyms, can_crowd }
    }

    /// The key of the name.
    pub(super) fn name_key(&self) -> Key {
        let mut text = Vec::with_capacity(64);
        text.extend_from_slice(b"n|");
        text.extend_from_slice(initial(self.kind).as_bytes());
        for word in &self.words {
            text.push(b' ');
            text.extend_from_slice(word.as_bytes());
        }
        Key::new(&text)
    }

    /// Whether many things may have this name, which then tells nothing without a context.
    pub(super) fn can_crowd(&self) -> bool {
        self.is_ambiguous() && !self.is_acronym()
    }

    /// The keys of its acronyms, and of the initials that may be one, each once.
    fn acronym_keys(&self, writer: &mut Writer) {
        if self.is_acronym() && !is_generic_acronym(&self.label) {
            writer.key(&["a|", &acronym_key(&self.label)]);
        }
        for acronym in &self.acronyms {
            writer.key(&["a|", &acronym_key(acronym)]);
        }
        if let Some(initials) = self.initials() {
            writer.key(&["a|", &initials]);
        }
        // Invariant: the first is that of the name.
        writer.keys[1..].sort_unstable();
        writer.keys.dedup();
    }

    /// The keys of what sounds alike in one context: slips of the pen, and initials that meet the full name, join only there.
    fn context_keys(&self, writer: &mut Writer) {
        // An acronym that differs by a letter is another.
        if self.is_acronym() || self.told_by().next().is_none() {
            return;
        }
        let kind = initial(self.kind);
        let mut sounds = [String::new(), String::new()];
        match (self.kind, &self.words[..]) {
            (EntityType::Person, [given @ .., surname]) => {
                let first =
                    given.first().and_then(|word| Some(&word[..word.chars().next()?.len_utf8()])).unwrap_or(" ");
                // Some leave out the last part of a double surname.
                let former = given.get(1..).and_then(<[_]>::last);
                for (sound, name) in sounds.iter_mut().zip([Some(surname), former].into_iter().flatten()) {
                    sound.push_str(first);
                    sound.push('|');
                    push_sound(name, sound);
                }
            }
            (_, words) => words.iter().for_each(|word| push_sound(word, &mut sounds[0])),
        }
        for element in self.told_by() {
            for sound in sounds.iter().filter(|sound| !sound.is_empty()) {
                writer.key(&["c|", kind, "|", sound, "|", element]);
            }
        }
    }

    /// The keys of the name's spelling, for names that tell the thing: what stays of it without plurals, doubled letters and
    /// spaces, and its letters whatever their order. Nearly equal names ([`super::likeness`] of 0.9 and more) share one.
    fn spelling_keys(&self, writer: &mut Writer) {
        let kind = initial(self.kind).as_bytes();
        writer.text.clear();
        writer.text.extend_from_slice(b"q|");
        writer.text.extend_from_slice(kind);
        let mut last = None;
        for letter in plain(&self.words).flat_map(str::chars) {
            if last != Some(letter) {
                writer.text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
            last = Some(letter);
        }
        writer.finish();
        self.swap_key(writer);
    }

    /// The key of the letters whatever their order, but for the first: two that change places are a slip, seldom there. Of short
    /// names an other order is another name.
    fn swap_key(&self, writer: &mut Writer) {
        writer.text.clear();
        writer.text.extend_from_slice(b"s|");
        writer.text.extend_from_slice(initial(self.kind).as_bytes());
        let start = writer.text.len() + 1;
        let is_long = self.words.iter().map(String::len).sum::<usize>() >= SHORTEST;
        if letters(&self.words).all(|letter| letter.is_ascii()) {
            writer.text.extend(letters(&self.words).map(|letter| letter as u8));
            if is_long {
                writer.text[start..].sort_unstable(); // Invariant: the text grew since.
            }
        } else {
            let mut sorted: Vec<char> = letters(&self.words).collect();
            if is_long {
                sorted[1..].sort_unstable(); // Invariant: it is not short.
            }
            writer.text.extend_from_slice(sorted.into_iter().collect::<String>().as_bytes());
        }
        writer.finish();
    }

    /// The publishers of the releases that say nothing else of it, as [`super::element`] writes them.
    pub(super) fn issuers(&self) -> impl Iterator<Item = &str> {
        self.surroundings.iter().filter_map(|element| element.strip_prefix("i/"))
    }

    /// What it belongs to; where that is not said, the publishers.
    fn told_by(&self) -> impl Iterator<Item = &str> {
        self.context.iter().map(String::as_str).chain(self.issuers())
    }
}

/// Writes how a word sounds: its first letter and the classes of its consonants, doubled ones once; words with digits stay.
/// Errors of vowels, doubling, plurals and like consonants vanish.
fn push_sound(word: &str, out: &mut String) {
    if word.bytes().any(|b| b.is_ascii_digit()) {
        out.push_str(word);
        return;
    }
    let word = if word.len() > 3 { word.trim_end_matches(['s', 'x', 'e']) } else { word };
    let mut last = ' ';
    for (at, c) in word.chars().enumerate() {
        let class = match c {
            'b' | 'p' | 'f' | 'v' => '1',
            'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => '2',
            'd' | 't' => '3',
            'l' => '4',
            'm' | 'n' => '5',
            'r' => '6',
            'a'..='z' => '0',
            other => other,
        };
        if at == 0 {
            out.push(match c {
                'k' | 'q' => 'c',
                'z' => 's',
                'y' => 'i',
                'h' => 'h',
                other => other,
            });
        } else if class != '0' && class != last {
            out.push(class);
        }
        last = class;
    }
}

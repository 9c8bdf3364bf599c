//! Which forms of names are variants of one name.

use rustc_hash::FxHashMap;

use super::EntityType;
use super::form::{Form, is_function_word};

/// Forms that share a word are compared at most with so many others, so that no text takes quadratic time.
const COMPARED: usize = 48;

/// The distinct forms of one type of names, and which of them are joined.
pub(super) struct Variants {
    kind: EntityType,
    forms: Vec<Form>,
    /// How often each is mentioned, and the position of its first mention.
    parents: Vec<usize>,
    by_word: FxHashMap<String, Vec<usize>>,
}

impl Variants {
    /// `forms` in order of first mention, each with another [`Form::key`].
    pub(super) fn new(kind: EntityType, forms: Vec<Form>) -> Self {
        let mut by_word: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (i, form) in forms.iter().enumerate() {
            for word in form.words.iter().filter(|word| !is_function_word(word)) {
                let list = by_word.entry(word.clone()).or_default();
                if list.len() < COMPARED && list.last() != Some(&i) {
                    list.push(i);
                }
            }
        }
        let parents = (0..forms.len()).collect();
        Self { kind, forms, parents, by_word }
    }

    /// The representative of the forms joined with `i`: the earliest.
    pub(super) fn root(&self, mut i: usize) -> usize {
        while self.parents[i] != i {
            i = self.parents[i];
        }
        i
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (first, second) = (a.min(b), a.max(b));
        self.parents[second] = first;
    }

    pub(super) fn form(&self, i: usize) -> &Form {
        &self.forms[i]
    }

    /// Joins each form with the one longer form it is short for.
    pub(super) fn resolve(&mut self) {
        self.join_acronyms();
        if self.kind == EntityType::Product {
            self.join_versions();
        }
        for i in 0..self.forms.len() {
            let Some(longer) = self.longer(i) else { continue };
            self.join(i, longer);
        }
    }

    /// Joins acronyms with the one name whose initials they are.
    fn join_acronyms(&mut self) {
        let mut by_initials: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (i, form) in self.forms.iter().enumerate().filter(|(_, form)| form.words.len() > 1) {
            let [all, content] = form.initials();
            if all != content {
                by_initials.entry(all).or_default().push(i);
            }
            // `CNS` of `Conseil national du sel marin`: the last words may have no letter.
            for (end, _) in content.char_indices().skip(3) {
                by_initials.entry(content[..end].to_owned()).or_default().push(i);
            }
            by_initials.entry(content).or_default().push(i);
        }
        for i in 0..self.forms.len() {
            let form = &self.forms[i];
            if self.kind == EntityType::Person || !form.is_acronym() {
                continue;
            }
            let letters: String = form.words.concat();
            let Some(longs) = by_initials.get(&letters) else { continue };
            let root = self.root(longs[0]);
            if longs.iter().take(COMPARED).all(|&long| self.root(long) == root) {
                self.join(i, root);
            }
        }
    }

    /// Joins the versions of one product with each other.
    fn join_versions(&mut self) {
        let mut known: FxHashMap<String, usize> = FxHashMap::default();
        for i in 0..self.forms.len() {
            let words = self.forms[i].words.iter().filter(|word| !is_version(word));
            let key: String = words.map(String::as_str).collect();
            if !key.is_empty() {
                let first = *known.entry(key).or_insert(i);
                self.join(first, i);
            }
        }
    }

    /// The longer form that form `i` is short for, if there is one (of several that are joined: any).
    fn longer(&self, i: usize) -> Option<usize> {
        let short = &self.forms[i];
        let mut found: Option<usize> = None;
        let content = short.words.iter().filter(|word| !is_function_word(word)).take(3);
        let keys = content.flat_map(|word| [Some(word.as_str()), Some(plain(word)).filter(|stem| stem != word)]);
        let candidates = keys.flatten().filter_map(|key| self.by_word.get(key)).flatten();
        for &long in candidates {
            if long == i || self.root(long) == self.root(i) || !self.is_short_for(short, &self.forms[long]) {
                continue;
            }
            match found {
                Some(other) if self.root(other) != self.root(long) => {
                    // Two names fit: a person's is the one named last before, others stay apart.
                    if self.kind != EntityType::Person {
                        return None;
                    }
                    if long < i && (other > i || long > other) {
                        found = Some(long);
                    }
                }
                _ => found = Some(long),
            }
        }
        found
    }

    fn is_short_for(&self, short: &Form, long: &Form) -> bool {
        let (a, b) = (&short.words, &long.words);
        match self.kind {
            EntityType::Person => is_short_person(short, long),
            EntityType::Product => {
                same_but(a, b, is_version) && !a.iter().any(|word| is_version(word))
                    || plural(a, b)
                    || without_domain(a, b)
            }
            EntityType::Event | EntityType::Program => {
                b.len() > a.len()
                    && (b.starts_with(a) || same_but(a, b, is_edition) && !a.iter().any(|word| is_edition(word)))
                    && (a.len() > 1 || a[0].len() > 3)
            }
            EntityType::Site => b.len() > a.len() && (b.starts_with(a) || b.ends_with(a)) && a[0].len() > 2,
            EntityType::Place => is_short_place(a, b),
            EntityType::Organization => is_short_organization(a, b),
        }
    }
}

/// Whether `short` names the person `long`: its words in the same order (initials may stand for given
/// names), or the surname first.
fn is_short_person(short: &Form, long: &Form) -> bool {
    let (a, b) = (&short.words, &long.words);
    if a.len() > b.len() || b.len() < 2 {
        return false;
    }
    // `J. Morel`, `Ch. Morel`.
    let dotted = |x: &str| x.len() == 1 || x.len() == 2 && short.text.contains('.');
    let fits = |x: &str, y: &str| x == y || dotted(x) && y.starts_with(x);
    let mut rest = b.iter();
    let in_order = a.iter().all(|x| rest.any(|y| fits(x, y)));
    let whole_word = a.iter().any(|x| x.len() > 1 && b.contains(x));
    // `De Marsy J`, `MOREL Jeanne`.
    let turned = a.split_last().is_some_and(|(given, surname)| {
        let initial = &given[..given.chars().next().map_or(0, char::len_utf8)];
        let named = b[0] == *given || given.len() <= 2 && b[0].starts_with(initial);
        !surname.is_empty() && b[1..].ends_with(surname) && named
    });
    // `Roux` is not short for `Morel-Roux`: the parts of a double name are one word here.
    let last_names = long.text.split(' ').skip(1).any(|word| {
        word.contains('-') && Form::new(word).words.len() > 1 && a.len() == 1 && Form::new(word).words.contains(&a[0])
    });
    whole_word && (in_order || turned) && !last_names
}

fn is_version(word: &str) -> bool {
    let word = word.strip_prefix('v').unwrap_or(word);
    word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || c == '.' || c == 'x')
}

fn is_edition(word: &str) -> bool {
    word == "edition" || word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether the words are the same once those that `extra` holds of are left out of both; some must remain.
fn same_but(a: &[String], b: &[String], extra: fn(&str) -> bool) -> bool {
    let kept = |words: &[String]| words.iter().filter(|word| !extra(word)).cloned().collect::<Vec<_>>();
    let (a, b) = (kept(a), kept(b));
    !a.is_empty() && a == b
}

fn plural(a: &[String], b: &[String]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(x, y)| x == y || x.len() > 3 && (x.strip_suffix('s') == Some(y) || y.strip_suffix('s') == Some(x)))
}

/// A word without the ending of an internet domain.
fn plain(word: &str) -> &str {
    [".fr", ".com", ".org", ".eu", ".net", ".io"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

fn without_domain(a: &[String], b: &[String]) -> bool {
    a.len() == 1 && b.len() == 1 && a[0] != b[0] && plain(&a[0]) == plain(&b[0])
}

/// `Sud-Kivu` for `Province du Sud-Kivu`, `Romans` for `Romans-sur-Isère`.
fn is_short_place(a: &[String], b: &[String]) -> bool {
    let heads =
        ["province", "republique", "region", "departement", "canton", "ville", "commune", "etat", "royaume", "comte"];
    if b.len() <= a.len() {
        return false;
    }
    let behind_head = heads.contains(&b[0].as_str()) && b.ends_with(a);
    let river = b.starts_with(a) && matches!(b[a.len()].as_str(), "sur" | "sous" | "les" | "lez" | "en");
    let etang = b.starts_with(a) && a.len() > 1;
    behind_head || river || etang
}

/// Legal forms and words that say what a body is; names go with and without them.
const LIGHT: [&str; 30] = [
    "sa",
    "sas",
    "sasu",
    "sarl",
    "se",
    "inc",
    "ltd",
    "llc",
    "plc",
    "gmbh",
    "ag",
    "nv",
    "spa",
    "corp",
    "corporation",
    "company",
    "co",
    "cie",
    "group",
    "groupe",
    "holding",
    "foundation",
    "fondation",
    "societe",
    "compagnie",
    "entreprise",
    "s.a",
    "s.a.s",
    "s.e",
    "gie",
];

/// Nouns in front of a proper name that can stand without them (`Institut Claudius Regaud`).
const HEADS: [&str; 25] = [
    "institut",
    "association",
    "federation",
    "universite",
    "ecole",
    "laboratoire",
    "labo",
    "centre",
    "agence",
    "cabinet",
    "club",
    "collectif",
    "confederation",
    "syndicat",
    "hopital",
    "clinique",
    "lycee",
    "college",
    "chu",
    "ong",
    "cooperative",
    "reseau",
    "maison",
    "editions",
    "banque",
];

/// Words behind a proper name that it can stand without.
const TAILS: [&str; 16] = [
    "business",
    "school",
    "university",
    "institute",
    "association",
    "international",
    "paris",
    "region",
    "france",
    "consulting",
    "partners",
    "technologies",
    "solutions",
    "services",
    "capital",
    "presents",
];

/// Whether two names can be of one organisation, the one the other's with a legal form or such.
pub(super) fn name_one_organization(a: &Form, b: &Form) -> bool {
    a.key() == b.key() || is_short_organization(&a.words, &b.words) || is_short_organization(&b.words, &a.words)
}

/// Whether the organisation `b` is also called `a`.
fn is_short_organization(a: &[String], b: &[String]) -> bool {
    let light = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| !LIGHT.contains(&word.as_str())).cloned().collect()
    };
    let (core_a, core_b) = (light(a), light(b));
    if !core_a.is_empty() && core_a == core_b || without_domain(a, b) {
        return true;
    }
    if b.len() <= a.len() {
        return plural(a, b);
    }
    let generic = |words: &[String]| words.len() == 1 && (HEADS.contains(&words[0].as_str()) || words[0].len() < 2);
    if generic(a) {
        return false;
    }
    let behind_head = HEADS.contains(&b[0].as_str()) && b[1..] == *a;
    let rest = b.strip_prefix(a).unwrap_or(&[]);
    let complement = matches!(rest, [first, ..] if matches!(first.as_str(), "de" | "du" | "des" | "d" | "sur"));
    let ministry = b[0] == "ministere" && rest.first().is_some_and(|word| word == "et");
    // `Paris-Region`, `Business School`: more than one such word, or one that is no name of a branch.
    let tail = rest.len() > 1 && rest.iter().all(|word| TAILS.contains(&word.as_str()));
    behind_head || complement || ministry || tail
}

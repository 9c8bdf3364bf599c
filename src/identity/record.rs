//! What a release says of an entity that helps to tell it.

use super::likeness::{letters, plain};
use crate::entities::EntityType;
use crate::entities::authority::name::{acronym_key, is_acronym, name_words, words};

/// What a release says of an entity that helps to tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The IRI of the entity in its release.
    pub entity: String,
    /// What it is.
    pub kind: EntityType,
    /// Its name in the release.
    pub name: String,
    /// Its other names.
    pub aliases: Vec<String>,
    /// What identifies it beyond doubt, as `SCHEME:VALUE`: identifiers written in the release and `auth:IRI`, the
    /// authority that it is linked to.
    pub identifiers: Vec<String>,
    /// What it belongs to: the organisations of a person, the seat and parent of an organisation, the producer of a
    /// product, the owner of a site; as [`element`] writes them.
    pub context: Vec<String>,
    /// What else the release names: its publisher, as [`element`] writes it with `i/` before it, and other organisations.
    /// Weak evidence.
    pub surroundings: Vec<String>,
}

/// How something that an entity belongs to is written in a context: its kind and the words that tell it. `None` for a
/// name of mere generic words (`CHU`, `le ministère`).
pub fn element(kind: EntityType, name: &str) -> Option<String> {
    let words = name_words(kind, name);
    if words.is_empty() || (kind == EntityType::Organization && words.iter().all(|word| is_generic(word))) {
        return None;
    }
    let told = if kind == EntityType::Organization { without_form(&words) } else { &words };
    Some([initial(kind), ":", &told.join(" ")].concat())
}

/// The words of a body's name without the noun of its legal form, which some releases leave out: `Fondation Hydravel`,
/// `Hydravel Foundation`.
fn without_form(words: &[String]) -> &[String] {
    let is_form = |word: &String| matches!(word.as_str(), "association" | "fondation" | "foundation");
    match words {
        [first, rest @ ..] if is_form(first) && rest.iter().any(|word| !is_generic(word)) => rest,
        [rest @ .., last] if is_form(last) && rest.iter().any(|word| !is_generic(word)) => rest,
        _ => words,
    }
}

/// Words that say what kind of body something is, not which.
pub(super) fn is_generic(word: &str) -> bool {
    matches!(
        word,
        "centre"
            | "hospitalier"
            | "universitaire"
            | "regional"
            | "agence"
            | "regionale"
            | "sante"
            | "chambre"
            | "commerce"
            | "industrie"
            | "institut"
            | "universite"
            | "ecole"
            | "college"
            | "lycee"
            | "conseil"
            | "departemental"
            | "ministere"
            | "mairie"
            | "ville"
            | "region"
            | "departement"
            | "association"
            | "federation"
            | "fondation"
            | "societe"
            | "entreprise"
            | "groupe"
            | "laboratoire"
            | "clinique"
            | "hopital"
            | "prefecture"
            | "tribunal"
            | "direction"
            | "service"
            | "national"
            | "nationale"
            | "municipal"
            | "syndicat"
            | "comite"
            | "club"
            | "caisse"
            | "primaire"
            | "assurance"
            | "maladie"
            | "ur"
            | "umr"
            | "intercommunal"
            | "metiers"
            | "artisanat"
            | "technologie"
            | "etudes"
            | "politiques"
            | "etat"
            | "gouvernement"
    )
}

/// Nouns of local bodies: two in different towns are two, whatever their name.
fn is_local_body(words: &[String]) -> bool {
    let noun = |word: &str| {
        matches!(
            word,
            "clinique"
                | "lycee"
                | "college"
                | "ecole"
                | "pharmacie"
                | "maison"
                | "association"
                | "club"
                | "comite"
                | "theatre"
                | "musee"
                | "mediatheque"
                | "bibliotheque"
                | "creche"
                | "ehpad"
                | "residence"
                | "hotel"
                | "restaurant"
                | "cinema"
                | "gymnase"
                | "paroisse"
                | "amicale"
                | "foyer"
                | "cabinet"
                | "garage"
                | "office"
                | "hopital"
                | "polyclinique"
                | "mission"
                | "conservatoire"
                | "stade"
        )
    };
    let social = |word: &str| {
        matches!(word, "social" | "medical" | "commercial" | "culturel" | "sportif" | "aere" | "technique")
    };
    words.len() <= 4
        && match words {
            [first, second, ..] if first == "centre" => social(second),
            [first, ..] => noun(first),
            [] => false,
        }
}

/// The label of a research unit (`UMR 5219`), which identifies it.
fn unit_label(name: &str) -> Option<String> {
    match &words(name)[..] {
        [kind, number]
            if matches!(kind.as_str(), "umr" | "upr" | "ums" | "usr" | "uar" | "ulr" | "ea" | "ur" | "umi" | "irl") =>
        {
            (number.len() > 1 && number.bytes().all(|b| b.is_ascii_digit())).then(|| format!("unit:{kind}{number}"))
        }
        _ => None,
    }
}

fn initial(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Person => "p",
        EntityType::Organization => "o",
        EntityType::Place => "l",
        EntityType::Site => "s",
        EntityType::Product => "r",
        EntityType::Program => "g",
        EntityType::Event => "e",
    }
}

/// What the keys of acronyms begin with.
const ACRONYM: &str = "a|";

/// All that the records of one signature have in common: equal records are the same thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature {
    /// What it is.
    pub kind: EntityType,
    /// The name as written.
    pub label: String,
    /// The words that tell the name.
    pub words: Vec<String>,
    /// Acronyms that the release gives beside the name, as written.
    pub acronyms: Vec<String>,
    /// As [`Record::identifiers`], sorted.
    pub identifiers: Vec<String>,
    /// As [`Record::context`], sorted.
    pub context: Vec<String>,
    /// As [`Record::surroundings`]; only where there is no context.
    pub surroundings: Vec<String>,
}

impl Signature {
    /// The signature of a record: what does not help to tell it is left out, so that signatures stay few.
    pub fn new(record: &Record) -> Self {
        let words = name_words(record.kind, &record.name);
        let sorted = |list: &[String]| {
            let mut list = list.to_vec();
            list.sort();
            list.dedup();
            list
        };
        let mut acronyms: Vec<String> = Vec::new();
        if record.kind == EntityType::Organization && !is_acronym(&record.name) {
            acronyms = record
                .aliases
                .iter()
                .filter(|alias| is_acronym(alias) && !is_generic_acronym(alias))
                .cloned()
                .collect();
            acronyms = sorted(&acronyms);
        }
        let mut signature = Self {
            kind: record.kind,
            label: record.name.split_whitespace().collect::<Vec<_>>().join(" "),
            words,
            acronyms,
            identifiers: sorted(&record.identifiers),
            context: sorted(&record.context),
            surroundings: Vec::new(),
        };
        if record.kind == EntityType::Organization {
            let names = std::iter::once(&record.name).chain(&record.aliases);
            signature.identifiers.extend(names.filter_map(|name| unit_label(name)));
            signature.identifiers.sort();
            signature.identifiers.dedup();
        }
        let is_linked = signature.identifiers.iter().any(|id| id.starts_with("auth:"));
        match record.kind {
            EntityType::Place | EntityType::Program | EntityType::Event => signature.context.clear(),
            EntityType::Organization if is_linked => signature.context.clear(),
            // Who works there tells local bodies apart; other names tell themselves.
            EntityType::Organization if !signature.is_ambiguous() => signature.context.retain(|e| !e.starts_with("p:")),
            EntityType::Organization => one_of_staff(&mut signature.context),
            EntityType::Site | EntityType::Product | EntityType::Person => {}
        }
        // A frequent name that nothing surrounds stands alone.
        if signature.context.is_empty() && (record.kind == EntityType::Person || signature.is_ambiguous()) && !is_linked
        {
            // That a body publishes its own releases tells nothing.
            let own = element(record.kind, &record.name);
            signature.surroundings = sorted(&record.surroundings);
            // For a body the publisher tells enough; all that is named beside would give each release a signature of its own.
            if record.kind != EntityType::Person
                && signature.surroundings.iter().any(|element| element.starts_with("i/"))
            {
                signature.surroundings.retain(|element| element.starts_with("i/"));
            }
            if let Some(own) = own {
                signature.surroundings.retain(|element| element.trim_start_matches("i/") != own);
            }
        }
        signature
    }

    /// The words joined.
    pub fn key(&self) -> String {
        self.words.join(" ")
    }

    /// Whether the name is an acronym.
    pub fn is_acronym(&self) -> bool {
        self.kind == EntityType::Organization && is_acronym(&self.label)
    }

    /// Whether the name alone does not tell the thing: local bodies, acronyms, sites, products of one short word.
    pub fn is_ambiguous(&self) -> bool {
        match self.kind {
            EntityType::Person => true,
            EntityType::Organization => {
                self.is_acronym() || is_local_body(&self.words) || self.words.iter().all(|word| is_generic(word))
            }
            EntityType::Site => true,
            EntityType::Product => self.words.len() < 2,
            EntityType::Place | EntityType::Program | EntityType::Event => false,
        }
    }

    /// The initials of the words of an organisation's name, where they are four or more: what its acronym would be.
    pub fn initials(&self) -> Option<String> {
        let initials: String = self.words.iter().filter_map(|word| word.chars().next()).collect();
        (self.kind == EntityType::Organization && self.words.len() > 3).then_some(initials)
    }

    /// The keys of its block: what shares one may be the same. The first is that of the name.
    pub fn block_keys(&self) -> Vec<String> {
        let mut keys = vec![self.name_key()];
        keys.extend(self.context_keys());
        // A town and its council, which share a code, are two things.
        let scheme = if self.kind == EntityType::Place { "il" } else { "i" };
        keys.extend(self.identifiers.iter().map(|id| [scheme, "|", id].concat()));
        keys.extend(self.acronym_keys());
        keys.extend(self.spelling_keys());
        keys
    }

    /// The keys of what sounds alike in one context: slips of the pen, and initials that meet the full name, join only there.
    fn context_keys(&self) -> Vec<String> {
        // An acronym that differs by a letter is another.
        if self.is_acronym() {
            return Vec::new();
        }
        let kind = initial(self.kind);
        let mut sounds = Vec::new();
        match (self.kind, &self.words[..]) {
            (EntityType::Person, [given @ .., surname]) => {
                let first =
                    given.first().and_then(|word| Some(&word[..word.chars().next()?.len_utf8()])).unwrap_or(" ");
                sounds.push([first, "|", &sound(surname)].concat());
                // Some leave out the last part of a double surname.
                if let [_, .., former] = given {
                    sounds.push([first, "|", &sound(former)].concat());
                }
            }
            (_, words) => sounds.push(words.iter().map(|word| sound(word)).collect()),
        }
        let told_by = self.told_by();
        let key = |element: &str, sound: &str| ["c|", kind, "|", sound, "|", element].concat();
        told_by.flat_map(|element| sounds.iter().map(move |sound| key(element, sound))).collect()
    }

    /// The keys of its acronyms, and of the initials that may be one, each once.
    fn acronym_keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        if self.is_acronym() && !is_generic_acronym(&self.label) {
            keys.push([ACRONYM, &acronym_key(&self.label)].concat());
        }
        keys.extend(self.acronyms.iter().map(|acronym| [ACRONYM, &acronym_key(acronym)].concat()));
        keys.extend(self.initials().map(|initials| [ACRONYM, &initials].concat()));
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The keys of the name's spelling, for names that tell the thing: what stays of it without plurals, doubled letters and
    /// spaces, and its letters sorted. Nearly equal names ([`super::likeness`] of 0.9 and more) share one.
    pub(super) fn spelling_keys(&self) -> Vec<String> {
        if self.can_crowd() {
            return Vec::new();
        }
        let kind = initial(self.kind);
        let mut sorted: Vec<char> = letters(&self.words).collect();
        sorted.sort_unstable();
        let mut squeezed: Vec<char> = plain(&self.words).flat_map(str::chars).collect();
        squeezed.dedup();
        let key = |spelling: &str, letters: &[char]| {
            let mut key = String::with_capacity(letters.len() + 8);
            key.extend([spelling, kind, "|"]);
            key.extend(letters);
            key
        };
        vec![key("q|", &squeezed), key("s|", &sorted)]
    }

    /// The key of the name.
    pub(super) fn name_key(&self) -> String {
        ["n|", initial(self.kind), "|", &self.key()].concat()
    }

    /// Whether many things may have this name, which then tells nothing without a context.
    pub(super) fn can_crowd(&self) -> bool {
        self.is_ambiguous() && !self.is_acronym()
    }

    /// Which of its keys (as [`Signature::block_keys`] gives them) may be crowded: those of acronyms and, of a name that tells
    /// nothing alone, the first. Each once.
    pub(super) fn crowd_keys<'k>(&self, keys: &'k [String]) -> impl Iterator<Item = &'k String> {
        let named = keys.first().filter(|_| self.can_crowd());
        named.into_iter().chain(keys.iter().filter(|key| key.starts_with(ACRONYM)))
    }

    /// The publishers of the releases that say nothing else of it, as [`element`] writes them.
    pub(super) fn issuers(&self) -> impl Iterator<Item = &str> {
        self.surroundings.iter().filter_map(|element| element.strip_prefix("i/"))
    }

    /// What it belongs to; where that is not said, the publishers.
    fn told_by(&self) -> impl Iterator<Item = &str> {
        self.context.iter().map(String::as_str).chain(self.issuers())
    }

    /// The signature as one line of text; [`Signature::parse`] reads it.
    pub fn text(&self) -> String {
        let list = |list: &[String]| {
            list.iter().map(|item| item.replace(['\t', '|', '\n'], " ")).collect::<Vec<_>>().join("|")
        };
        [
            self.kind.as_str().to_owned(),
            self.label.replace(['\t', '\n'], " "),
            list(&self.acronyms),
            list(&self.identifiers),
            list(&self.context),
            list(&self.surroundings),
        ]
        .join("\t")
    }

    /// Reads what [`Signature::text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split('\t').collect();
        let [kind, label, acronyms, identifiers, context, surroundings] = fields[..] else { return None };
        let list = |field: &str| field.split('|').filter(|item| !item.is_empty()).map(str::to_owned).collect();
        let kind = EntityType::parse(kind)?;
        Some(Self {
            kind,
            label: label.to_owned(),
            words: name_words(kind, label),
            acronyms: list(acronyms),
            identifiers: list(identifiers),
            context: list(context),
            surroundings: list(surroundings),
        })
    }

    /// The identifier of a signature: a hash of its text (FNV-1a, 128 bits), in hexadecimal.
    pub fn hash(text: &str) -> String {
        format!("{:032x}", Self::digest(text))
    }

    /// The number that [`Signature::hash`] writes.
    pub fn digest(text: &str) -> u128 {
        text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        })
    }
}

/// Keeps one of the people beside a seat: more would give each release a signature of its own.
fn one_of_staff(context: &mut Vec<String>) {
    if context.iter().any(|element| element.starts_with("l:")) {
        // Full names before initials.
        let staff = context.iter().filter(|element| element.starts_with("p:"));
        let kept =
            staff.max_by_key(|e| (e.split(' ').all(|word| word.len() > 3), std::cmp::Reverse((*e).clone()))).cloned();
        context.retain(|element| !element.starts_with("p:") || Some(element) == kept.as_ref());
    }
}

/// Acronyms of kinds of bodies, which tell nothing alone.
pub(super) fn is_generic_acronym(name: &str) -> bool {
    matches!(
        acronym_key(name).as_str(),
        "chu"
            | "chru"
            | "chr"
            | "ch"
            | "chi"
            | "ars"
            | "cci"
            | "cma"
            | "cpam"
            | "caf"
            | "crous"
            | "iut"
            | "iep"
            | "sdis"
            | "dreal"
            | "drac"
            | "mjc"
            | "pme"
            | "eti"
            | "ong"
            | "gie"
            | "gip"
            | "epci"
            | "scop"
            | "sem"
            | "spl"
            | "ufr"
            | "ehpad"
            | "cfa"
            | "ens"
            | "insa"
            | "iae"
            | "bts"
            | "rh"
            | "drh"
            | "dg"
            | "pdg"
            | "ca"
            | "cse"
            | "sa"
            | "sas"
            | "ccas"
            | "ot"
            | "ddt"
            | "dsden"
            | "inp"
    )
}

/// How a word sounds: its first letter and the classes of its consonants, doubled ones once; words with digits stay. Errors of
/// vowels, doubling, plurals and like consonants vanish.
pub(super) fn sound(word: &str) -> String {
    if word.bytes().any(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    let word = if word.len() > 3 { word.trim_end_matches(['s', 'x', 'e']) } else { word };
    let mut out = String::new();
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
    out
}

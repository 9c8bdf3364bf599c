//! What a release says of an entity that helps to tell it.

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

pub(super) fn initial(kind: EntityType) -> &'static str {
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

/// What parts the fields and lists of a signature's text.
const PARTING: [char; 3] = ['\t', '|', '\n'];

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

/// A list as the text of a signature takes it: sorted, each item once.
fn sorted(list: &[String]) -> Vec<String> {
    let clean = |item: &String| if item.contains(PARTING) { item.replace(PARTING, " ") } else { item.clone() };
    let mut list: Vec<String> = list.iter().filter(|item| !item.is_empty()).map(clean).collect();
    list.sort_unstable();
    list.dedup();
    list
}

impl Signature {
    /// The signature of a record: what does not help to tell it is left out, so that signatures stay few.
    pub fn new(record: &Record) -> Self {
        let words = name_words(record.kind, &record.name);
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

    /// The signature as one line of text; [`Signature::parse`] reads it.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(128);
        text.push_str(self.kind.as_str());
        text.push('\t');
        text.push_str(&self.label);
        for list in [&self.acronyms, &self.identifiers, &self.context, &self.surroundings] {
            let mut parting = '\t';
            if list.is_empty() {
                text.push(parting);
            }
            for item in list {
                text.push(parting);
                text.push_str(item);
                parting = '|';
            }
        }
        text
    }

    /// Reads what [`Signature::text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let mut signature = Self::parse_with(text, "")?;
        signature.words = name_words(signature.kind, &signature.label);
        Some(signature)
    }

    /// The same where the words of the name are known (as [`Signature::key`]).
    pub(super) fn parse_with(text: &str, words: &str) -> Option<Self> {
        let mut fields = text.split('\t');
        let mut field = || fields.next();
        let (kind, label) = (field()?, field()?);
        let (acronyms, identifiers, context, surroundings) = (field()?, field()?, field()?, field()?);
        if field().is_some() {
            return None;
        }
        let list = |field: &str, parting: char| {
            let items = field.split(parting).filter(|item| !item.is_empty());
            if field.is_empty() { Vec::new() } else { items.map(str::to_owned).collect() }
        };
        Some(Self {
            kind: EntityType::parse(kind)?,
            label: label.to_owned(),
            words: list(words, ' '),
            acronyms: list(acronyms, '|'),
            identifiers: list(identifiers, '|'),
            context: list(context, '|'),
            surroundings: list(surroundings, '|'),
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

//! Synthetic releases with known identities, hard on purpose: shared acronyms, namesakes, towns in proportion to their
//! inhabitants, slips of the pen, legal forms, abbreviations. Deterministic: the same number gives the same records.

use std::collections::BTreeMap;

use pressgraph::entities::EntityType;
use pressgraph::identity::{Record, element};

/// A generator of numbers (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize) % n.max(1)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(1000) < percent * 10
    }

    /// Low numbers far more often than high ones.
    fn skewed(&mut self, n: usize) -> usize {
        let (a, b) = (self.below(n), self.below(n));
        a * b / n.max(1)
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const GIVEN: [&str; 48] = [
    "Jean",
    "Marie",
    "Pierre",
    "Michel",
    "Philippe",
    "Nathalie",
    "Isabelle",
    "Nicolas",
    "Christophe",
    "Sophie",
    "Julien",
    "Catherine",
    "Laurent",
    "Stéphane",
    "Sandrine",
    "Valérie",
    "Éric",
    "Olivier",
    "Céline",
    "Thomas",
    "Camille",
    "Hélène",
    "François",
    "Françoise",
    "Anne-Sophie",
    "Jean-Pierre",
    "Jean-Luc",
    "Marie-Claude",
    "Antoine",
    "Claire",
    "Émilie",
    "Guillaume",
    "Karim",
    "Fatima",
    "Yves",
    "Denis",
    "Denise",
    "Michèle",
    "Romain",
    "Delphine",
    "Benoît",
    "Élodie",
    "Hugo",
    "Léa",
    "Mehdi",
    "Gaëlle",
    "Yann",
    "Aurore",
];
const SYLLABLES: [&str; 40] = [
    "va", "lo", "ri", "hy", "dra", "no", "vel", "mé", "ca", "loi", "bio", "syl", "ver", "ra", "opti", "vi", "gne",
    "ar", "ve", "lis", "tech", "ter", "ra", "so", "lu", "tem", "po", "ki", "na", "qua", "li", "mar", "ti", "o", "zen",
    "du", "fa", "go", "ron", "be",
];
const TRADES: [&str; 14] = [
    "Énergies",
    "Santé",
    "Systèmes",
    "Industrie",
    "Conseil",
    "Transports",
    "Immobilier",
    "Robotique",
    "Pharma",
    "Logistique",
    "Services",
    "Capital",
    "Agro",
    "Diagnostics",
];
const HEADS: [&str; 8] =
    ["Institut", "Centre", "Agence", "Observatoire", "Laboratoire", "Fédération", "Union", "Société"];
const MIDDLES: [&str; 8] = [
    "national",
    "français",
    "européen",
    "régional",
    "pour la recherche",
    "de développement",
    "d'études",
    "de valorisation",
];
const TOPICS: [&str; 26] = [
    "de la mer",
    "du bois",
    "des énergies",
    "de la vigne",
    "du climat",
    "des matériaux",
    "de la santé",
    "du vivant",
    "des transports",
    "du numérique",
    "de l'eau",
    "des sols",
    "de l'habitat",
    "de la forêt",
    "du cerveau",
    "des données",
    "de la montagne",
    "du littoral",
    "des arts",
    "de la nutrition",
    "du commerce",
    "des océans",
    "de l'élevage",
    "du sport",
    "de la lumière",
    "des risques",
];
const LOCAL: [&str; 24] = [
    "Clinique Saint-Jean",
    "Clinique du Parc",
    "Lycée Jean Moulin",
    "Lycée Victor Hugo",
    "Collège Jules Ferry",
    "Association Envol",
    "Pharmacie du Marché",
    "Maison de santé des Tilleuls",
    "Théâtre municipal",
    "Club nautique",
    "École Sainte-Anne",
    "Polyclinique des Fleurs",
    "Musée des Beaux-Arts",
    "Foyer rural",
    "Association Espoir",
    "Comité des fêtes",
    "Hôtel de la Gare",
    "Résidence des Chênes",
    "Mission locale",
    "Office de tourisme",
    "Clinique des Cèdres",
    "Lycée Marie Curie",
    "Garage central",
    "Centre social Molière",
];

struct Body {
    /// How it is named in full, and its acronym.
    name: String,
    acronym: Option<String>,
    town: usize,
    kind: BodyKind,
}

#[derive(Clone, Copy, PartialEq)]
enum BodyKind {
    Company,
    Institute,
    Local,
    Hospital,
}

struct Person {
    name: String,
    employers: Vec<usize>,
}

pub struct World {
    towns: Vec<(String, String, u64)>,
    total: u64,
    bodies: Vec<Body>,
    persons: Vec<Person>,
    staff: BTreeMap<usize, Vec<usize>>,
}

/// A record with the number of the thing that it names.
pub struct Known {
    pub record: Record,
    pub thing: String,
}

impl World {
    /// A world for that many releases.
    pub fn new(releases: usize) -> Self {
        let mut dice = Dice::new(7);
        let table = include_str!("../../data/authorities/communes.tsv");
        let mut towns: Vec<(String, String, u64)> = table
            .lines()
            .skip(1)
            .filter_map(|line| {
                let mut fields = line.split('\t');
                let (name, insee, people) = (fields.next()?, fields.next()?, fields.next()?.parse().ok()?);
                (people > 1_000).then(|| (name.to_owned(), insee.to_owned(), people))
            })
            .collect();
        towns.sort_by_key(|town| (std::cmp::Reverse(town.2), town.1.clone()));
        let total = towns.iter().map(|town| town.2).sum();
        let mut world = Self { towns, total, bodies: Vec::new(), persons: Vec::new(), staff: BTreeMap::new() };
        let mut taken = std::collections::BTreeSet::new();
        while world.bodies.len() < releases / 4 + 20 {
            let body = world.body(&mut dice);
            // Two companies or institutes of exactly one name do not exist; local bodies of one name in one town neither.
            let town = if body.kind == BodyKind::Local { body.town } else { 0 };
            if taken.insert((body.name.clone(), town)) {
                world.bodies.push(body);
            }
        }
        let common: Vec<&str> = include_str!("../../data/authorities/common-surnames.txt").lines().collect();
        for number in 0..releases / 2 + 40 {
            let surname = if dice.chance(45) {
                common[dice.skewed(common.len())].to_owned()
            } else {
                (0..3).map(|_| dice.pick(&SYLLABLES)).collect::<String>()
            };
            let mut letters = surname.chars();
            let surname =
                letters.next().map(|c| c.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default();
            let name = format!("{} {surname}", GIVEN[dice.skewed(GIVEN.len())]);
            let mut employers = vec![dice.skewed(world.bodies.len())];
            if dice.chance(10) {
                employers.push(dice.below(world.bodies.len()));
            }
            for employer in &employers {
                world.staff.entry(*employer).or_default().push(number);
            }
            world.persons.push(Person { name, employers });
        }
        world
    }

    fn town(&self, dice: &mut Dice) -> usize {
        let mut at = (dice.below(1 << 30) as u64 * (1 << 10) + dice.below(1 << 10) as u64) % self.total;
        for (number, town) in self.towns.iter().enumerate() {
            if at < town.2 {
                return number;
            }
            at -= town.2;
        }
        0
    }

    fn body(&self, dice: &mut Dice) -> Body {
        let town = self.town(dice);
        match dice.below(100) {
            0..55 => {
                let parts = 2 + dice.below(3);
                let coined: String = (0..parts).map(|_| dice.pick(&SYLLABLES)).collect();
                let mut letters = coined.chars();
                let coined: String =
                    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default();
                let name =
                    if dice.chance(50) || parts < 3 { format!("{coined} {}", dice.pick(&TRADES)) } else { coined };
                Body { name, acronym: None, town, kind: BodyKind::Company }
            }
            55..80 => {
                let mut name = format!("{} {} {}", dice.pick(&HEADS), dice.pick(&MIDDLES), dice.pick(&TOPICS));
                if dice.chance(60) {
                    name = format!("{name} et {}", dice.pick(&TOPICS));
                }
                let small = ["de", "la", "du", "des", "et", "pour", "d'études", "l'eau", "l'habitat", "l'élevage"];
                let acronym: String = name
                    .split(' ')
                    .filter(|word| !small[..6].contains(word))
                    .filter_map(|word| word.rsplit('\'').next()?.chars().next())
                    .flat_map(char::to_uppercase)
                    .collect();
                Body { name, acronym: Some(acronym), town, kind: BodyKind::Institute }
            }
            80..94 => Body { name: dice.pick(&LOCAL).to_owned(), acronym: None, town, kind: BodyKind::Local },
            _ => {
                let place = &self.towns[town].0;
                let of = if place.starts_with(['A', 'E', 'I', 'O', 'U', 'É']) { "d'" } else { "de " };
                let name =
                    format!("Centre hospitalier {}{of}{place}", if dice.chance(30) { "universitaire " } else { "" });
                Body { name, acronym: None, town, kind: BodyKind::Hospital }
            }
        }
    }

    /// How a release writes a body: name, aliases.
    fn written(&self, dice: &mut Dice, body: usize) -> (String, Vec<String>) {
        let it = &self.bodies[body];
        let name = it.name.clone();
        match it.kind {
            BodyKind::Company => {
                let name = match dice.below(20) {
                    0..2 => format!("groupe {name}"),
                    2..5 => format!("{name} {}", dice.pick(&["SA", "SAS", "SARL", "S.A.S.", "SE"])),
                    5 => name.to_uppercase(),
                    _ => name,
                };
                (slip(dice, name, 2), Vec::new())
            }
            BodyKind::Institute => {
                let acronym = it.acronym.clone().unwrap_or_default();
                match dice.below(20) {
                    0..4 => (acronym, Vec::new()),
                    4..8 => (slip(dice, name, 2), Vec::new()),
                    _ => (name, vec![acronym]),
                }
            }
            BodyKind::Local => (if dice.chance(10) { name.replace('-', " ") } else { name }, Vec::new()),
            BodyKind::Hospital => {
                let short = name.replace("Centre hospitalier universitaire", "CHU").replace("Centre hospitalier", "CH");
                (if dice.chance(50) { short } else { name }, Vec::new())
            }
        }
    }

    /// The records of release `number`.
    pub fn release(&self, number: usize) -> Vec<Known> {
        let mut dice = Dice::new(number as u64 + 1_000_003);
        let (bodies, persons) = self.cast(&mut dice);
        let mut out = Vec::new();
        let mut forms: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for body in &bodies {
            let (name, aliases) = self.written(&mut dice, *body);
            let own = std::iter::once(&name).chain(&aliases);
            forms.insert(*body, own.filter_map(|form| element(EntityType::Organization, form)).collect());
            let it = &self.bodies[*body];
            let seat = dice.chance(if it.kind == BodyKind::Local { 85 } else { 45 });
            let context = if seat { vec![format!("l:{}", self.towns[it.town].1)] } else { Vec::new() };
            out.push(Named { thing: format!("o{body}"), kind: EntityType::Organization, name, aliases, context });
        }
        for person in persons {
            let it = &self.persons[person];
            let name = person_written(&mut dice, &it.name);
            let stated = dice.chance(85);
            for body in out.iter_mut().filter(|_| stated) {
                if it.employers.iter().any(|employer| body.thing == format!("o{employer}")) {
                    body.context.extend(element(EntityType::Person, &name));
                }
            }
            let context =
                it.employers.iter().filter(|_| stated).filter_map(|e| forms.get(e)).flatten().cloned().collect();
            let aliases = Vec::new();
            out.push(Named { thing: format!("p{person}"), kind: EntityType::Person, name, aliases, context });
        }
        // Invariant: the issuer is the first of the bodies.
        let issuer = forms.get(&bodies[0]).into_iter().flatten().map(|element| format!("i/{element}"));
        let surroundings: Vec<String> = forms.values().flatten().cloned().chain(issuer).collect();
        out.into_iter().enumerate().map(|(at, named)| named.known(number, at, &surroundings)).collect()
    }

    /// The bodies of a release, its issuer first, and its people, each once.
    fn cast(&self, dice: &mut Dice) -> (Vec<usize>, Vec<usize>) {
        let mut bodies = vec![dice.skewed(self.bodies.len())];
        for _ in 0..dice.below(3) {
            bodies.push(if dice.chance(50) { dice.skewed(self.bodies.len()) } else { dice.below(self.bodies.len()) });
        }
        let mut persons: Vec<usize> = Vec::new();
        for staff in bodies.iter().filter_map(|body| self.staff.get(body)) {
            for _ in 0..1 + dice.below(2) {
                persons.push(staff[dice.skewed(staff.len())]);
            }
        }
        for person in &persons {
            // Who speaks is introduced: the other body of somebody who has two is named now and then.
            if dice.chance(40) {
                bodies.extend(&self.persons[*person].employers);
            }
        }
        (distinct(bodies), distinct(persons))
    }
}

/// Each number once, where it first stands.
fn distinct(mut numbers: Vec<usize>) -> Vec<usize> {
    let mut seen = std::collections::BTreeSet::new();
    numbers.retain(|number| seen.insert(*number));
    numbers
}

/// Somebody or something as a release names it.
struct Named {
    thing: String,
    kind: EntityType,
    name: String,
    aliases: Vec<String>,
    context: Vec<String>,
}

impl Named {
    /// Its record, the entity `at` of release `number`.
    fn known(self, number: usize, at: usize, surroundings: &[String]) -> Known {
        let Self { thing, kind, name, aliases, context } = self;
        let (identifiers, surroundings) = (Vec::new(), surroundings.to_vec());
        let release = format!("https://pressgraph.example/release/s/{number}");
        let entity = format!("{release}#{}-{at}", kind.as_str().to_lowercase());
        Known { thing, record: Record { entity, kind, name, aliases, identifiers, context, surroundings } }
    }
}

/// A name as releases write it.
fn person_written(dice: &mut Dice, name: &str) -> String {
    let (given, surname) = name.split_once(' ').unwrap_or(("", name));
    match dice.below(40) {
        0..3 => {
            let initials: Vec<String> =
                given.split('-').filter_map(|part| part.chars().next()).map(|c| format!("{c}.")).collect();
            format!("{} {surname}", initials.join("-"))
        }
        3 => format!("{} {given}", surname.to_uppercase()),
        4 => format!("{given} {}", surname.to_uppercase()),
        5 => name.replace(['é', 'è', 'ë'], "e").replace(['É'], "E").replace('ç', "c"),
        _ => slip(dice, name.to_owned(), 2),
    }
}

/// In `percent` of cases one letter doubled, dropped or swapped with the next, but the first.
fn slip(dice: &mut Dice, name: String, percent: usize) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 6 || !dice.chance(percent) {
        return name;
    }
    let at = 2 + dice.below(letters.len() - 4);
    if !letters[at].is_alphabetic() || !letters[at + 1].is_alphabetic() {
        return name;
    }
    match dice.below(3) {
        0 => letters.insert(at, letters[at]),
        1 => {
            letters.remove(at);
        }
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

/// Precision and recall of pairs, and of B-cubed, from (found, true) labels.
pub fn scores(labels: &[(String, String)]) -> [f64; 4] {
    let (mut both, mut found, mut known) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (a, b) in labels {
        *both.entry((a, b)).or_insert(0_u64) += 1;
        *found.entry(a).or_insert(0_u64) += 1;
        *known.entry(b).or_insert(0_u64) += 1;
    }
    let pairs = |n: &u64| (n * (n - 1) / 2) as f64;
    let hit: f64 = both.values().map(pairs).sum();
    let (all_found, all_known): (f64, f64) = (found.values().map(pairs).sum(), known.values().map(pairs).sum());
    let total = labels.len() as f64;
    let cubed = |side: &dyn Fn(&(&String, &String)) -> u64| {
        both.iter().map(|(key, n)| (*n as f64) * (*n as f64) / side(key) as f64).sum::<f64>() / total
    };
    let ratio = |a: f64, b: f64| if b == 0.0 { 1.0 } else { a / b };
    [ratio(hit, all_found), ratio(hit, all_known), cubed(&|key| found[key.0]), cubed(&|key| known[key.1])]
}

//! Synthetic releases for measurements: as many as wanted, the same for the same seed, with invented
//! names and the truth about who is who.

use crate::tag::EntityType;

/// A synthetic release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synthetic {
    /// Its number, as path.
    pub id: String,
    /// The headline.
    pub title: String,
    /// The text, headline included.
    pub text: String,
    /// ISO date of publication.
    pub date: String,
    /// The name of the publisher.
    pub issuer: String,
    /// Who is named: the fullest form, the type, and who that is among all releases (`person-17`).
    pub entities: Vec<(String, EntityType, String)>,
}

const GIVEN: [&str; 24] = [
    "Marie", "Paul", "Sophie", "Julien", "Claire", "Antoine", "Nadia", "Karim", "Élodie", "Thomas", "Inès", "Hugo",
    "Camille", "Louis", "Amandine", "Benoît", "Lucie", "Mathieu", "Fatima", "Olivier", "Chloé", "Yann", "Agnès",
    "Rémi",
];
const BEGIN: [&str; 20] = [
    "Bar", "Vel", "Mor", "Tri", "Gal", "Sor", "Pel", "Dran", "Lou", "Ker", "Fon", "Rab", "Cha", "Mon", "Ber", "Del",
    "Val", "Nor", "Gui", "Tas",
];
const MIDDLE: [&str; 16] =
    ["ti", "bo", "ra", "lan", "vi", "mar", "de", "lo", "san", "ga", "ri", "pe", "no", "che", "mi", "dou"];
const SURNAME: [&str; 12] = ["er", "ot", "ard", "eau", "in", "ier", "ez", "aud", "elle", "ois", "on", "et"];
const COMPANY: [&str; 12] = ["tech", "pharma", "dis", "lia", "gen", "max", "nova", "rail", "mer", "bio", "tis", "lys"];
const CITIES: [&str; 16] = [
    "Lyon",
    "Nantes",
    "Toulouse",
    "Lille",
    "Rennes",
    "Grenoble",
    "Dijon",
    "Angers",
    "Metz",
    "Tours",
    "Caen",
    "Brest",
    "Amiens",
    "Limoges",
    "Nîmes",
    "Besançon",
];
const TITLES: [&str; 8] = [
    "directrice générale",
    "président",
    "directeur scientifique",
    "directrice financière",
    "directeur technique",
    "directrice de la communication",
    "responsable des achats",
    "directeur des opérations",
];
const TOPICS: [&str; 10] = [
    "le recyclage des batteries",
    "la découverte de médicaments",
    "les emballages sans plastique",
    "la mobilité électrique",
    "l'éolien en mer",
    "la détection précoce des maladies",
    "les matériaux biosourcés",
    "la sécurité des réseaux",
    "la gestion de l'eau",
    "l'agriculture de précision",
];
const FILLERS: [&str; 12] = [
    "Cette étape confirme une stratégie engagée depuis plusieurs années.",
    "Les équipes des deux côtés travailleront dans des locaux communs.",
    "Le calendrier reste soumis à l'avis des instances représentatives du personnel.",
    "Les premiers résultats sont attendus au second semestre.",
    "Le marché progresse d'environ dix pour cent par an en Europe.",
    "La demande vient surtout des industriels et des collectivités.",
    "Aucune suppression d'emploi n'est prévue.",
    "Une part importante des achats se fait auprès de fournisseurs locaux.",
    "L'opération sera financée sur fonds propres.",
    "Les clients pourront suivre leurs commandes en temps réel.",
    "Un comité de suivi se réunira tous les trimestres.",
    "Plusieurs prototypes ont déjà été éprouvés sur le terrain.",
];

/// SplitMix64 (Steele, Lea, Flood, 2014).
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        // Invariant: the lists are not empty.
        of[self.below(of.len())]
    }
}

/// A name made of syllables, by number: other numbers, other names, as far as the syllables reach.
fn name(number: usize, ends: &[&str]) -> String {
    let (a, rest) = (number % BEGIN.len(), number / BEGIN.len());
    let (b, rest) = (rest % MIDDLE.len(), rest / MIDDLE.len());
    let (c, rest) = (rest % ends.len(), rest / ends.len());
    let more = if rest > 0 { MIDDLE[rest % MIDDLE.len()] } else { "" };
    format!("{}{}{more}{}", BEGIN[a], MIDDLE[b], ends[c])
}

/// Releases without end. The world grows with their number: an organisation per two releases and a
/// person per release, each named again and again.
pub fn releases(seed: u64) -> impl Iterator<Item = Synthetic> {
    releases_from(seed, 0)
}

/// The same from the release of that number on; those before are not made.
pub fn releases_from(seed: u64, first: usize) -> impl Iterator<Item = Synthetic> {
    (first..).map(move |number| release(seed, number))
}

/// An entity of the world: its name, its type, who it is.
type Named = (String, EntityType, String);

fn organization(random: &mut Random, number: usize) -> Named {
    let id = random.below(number / 2 + 20);
    (name(id * 7 + 3, &COMPANY), EntityType::Organization, format!("organization-{id}"))
}

fn person(random: &mut Random, number: usize) -> Named {
    let id = random.below(number + 30);
    let given = GIVEN[(id * 5) % GIVEN.len()];
    (format!("{given} {}", name(id * 3 + 1, &SURNAME)), EntityType::Person, format!("person-{id}"))
}

/// What a release tells: two organisations, two people, and what it is about.
struct Story<'a> {
    organizations: [&'a str; 2],
    people: [&'a str; 2],
    city: &'a str,
    topic: &'a str,
    title: &'a str,
    amount: usize,
    jobs: usize,
}

/// The headline and the first paragraph, one of six kinds.
fn tell(story: &Story<'_>, kind: usize) -> (String, String) {
    let Story { organizations: [an, bn], people: [pn, qn], city, topic, title, amount, jobs } = story;
    match kind {
        0 => (
            format!("{pn} est nommé à la direction de {an}"),
            format!(
                "{an} annonce la nomination de {pn} au poste de {title}. Cette nomination suit le départ de {qn}, qui a rejoint {bn}."
            ),
        ),
        1 => (
            format!("{an} acquiert {bn}"),
            format!(
                "Le groupe {an} a racheté {bn}, spécialiste de {topic}, pour {amount} millions d'euros. {qn}, fondateur de {bn}, reste à sa tête."
            ),
        ),
        2 => (
            format!("{an} et {bn} signent un accord sur {topic}"),
            format!(
                "{an} et {bn} ont signé un accord de collaboration de trois ans sur {topic}. L'accord a été négocié par {qn}, directeur de {bn}."
            ),
        ),
        3 => (
            format!("{an} lève {amount} millions d'euros"),
            format!(
                "La société {an} annonce une levée de fonds de {amount} millions d'euros auprès de {bn} pour développer {topic}."
            ),
        ),
        4 => (
            format!("{an} ouvre une usine à {city}"),
            format!("{an} inaugure une usine à {city}, qui emploiera {jobs} personnes. {bn} en est le premier client."),
        ),
        _ => (
            format!("{bn} choisit {an} pour {topic}"),
            format!(
                "{bn} a confié à {an} un contrat de {amount} millions d'euros pour {topic}. Les livraisons partiront de {city}."
            ),
        ),
    }
}

fn release(seed: u64, number: usize) -> Synthetic {
    let mut random = Random(seed ^ (number as u64).wrapping_mul(0xd134_2543_de82_ef95));
    let r = &mut random;
    let (a, b, p, q) = (organization(r, number), organization(r, number), person(r, number), person(r, number));
    let (city, other, topic, title) = (r.pick(&CITIES), r.pick(&CITIES), r.pick(&TOPICS), r.pick(&TITLES));
    let (day, year, amount, jobs) = (1 + r.below(28), 2015 + r.below(10), 2 + r.below(95), 20 + r.below(900));
    let (an, bn, pn, qn) = (&a.0, &b.0, &p.0, &q.0);
    let story = Story { organizations: [an, bn], people: [pn, qn], city, topic, title, amount, jobs };
    let (headline, lead) = tell(&story, r.below(6));
    let mut body = String::new();
    for _ in 0..3 + r.below(4) {
        body.push_str(r.pick(&FILLERS));
        body.push(' ');
    }
    let text = format!(
        "{headline}\n\n{city}, le {day} mars {year} – {lead}\n\n{}\n\n« Nous voulons aller plus loin dans {topic}, avec {jobs} collaborateurs », déclare {pn}, {title} de {an}.\n\n\
         À propos de {an}\nFondée en {}, {an} est basée à {other} et emploie {} personnes. Son chiffre d'affaires a atteint {} millions d'euros en {}.\n\n\
         Contact presse\n{qn}, chargé de communication, {bn}\n",
        body.trim_end(),
        1950 + (number * 7) % 70,
        jobs * 3 + number % 97,
        amount * 4,
        year - 1
    );
    let place = |city: &str| (city.to_owned(), EntityType::Place, format!("place-{city}"));
    let (issuer, date) = (an.clone(), format!("{year}-03-{day:02}"));
    Synthetic {
        id: format!("s/{number:07}.txt"),
        title: headline,
        text,
        date,
        issuer,
        entities: vec![a, b, p, q, place(city), place(other)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_releases() {
        let first: Vec<Synthetic> = releases(7).take(50).collect();
        assert_eq!(first, releases(7).take(50).collect::<Vec<_>>());
        assert_ne!(first, releases(8).take(50).collect::<Vec<_>>());
        assert!(first.iter().all(|r| r.text.contains(&r.issuer) && r.text.len() > 500));
    }
}

//! The words of the page in French and English, and how values are written in each.

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// French, the language of the releases.
    French,
    /// English.
    English,
}

impl Language {
    /// The language of a tag: `fr` or `en`.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag {
            "fr" => Some(Self::French),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        self.say("fr", "en")
    }

    /// The language to switch to.
    pub fn other(self) -> Self {
        match self {
            Self::French => Self::English,
            Self::English => Self::French,
        }
    }

    /// Whichever of the two is in this language: `say("Chercher", "Search")`.
    pub fn say<'a>(self, french: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }

    /// A number with its thousands apart: `12 345` (narrow no-break spaces) or `12,345`.
    pub fn number(self, number: impl Count) -> String {
        let digits = number.digits();
        let mut out = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push_str(self.say("\u{202f}", ","));
            }
            out.push(digit);
        }
        out
    }

    /// A date as precise as its ISO form: `2024-03-12`, `2024-03` or `2024`; anything else as it is.
    pub fn date(self, iso: &str) -> String {
        let mut parts = iso.splitn(3, '-');
        let (year, month, day) = (parts.next().unwrap_or(""), parts.next(), parts.next());
        let month_name = month.and_then(|m| m.parse::<usize>().ok()).and_then(|m| self.months().get(m.checked_sub(1)?));
        match (month_name, day) {
            _ if year.is_empty() || !year.bytes().all(|b| b.is_ascii_digit()) => iso.to_owned(),
            (Some(month), Some(day)) => match (self, day.trim_start_matches('0')) {
                (Self::French, "1") => format!("1er {month} {year}"),
                (_, day) => format!("{day} {month} {year}"),
            },
            (Some(month), None) => format!("{month} {year}"),
            (None, _) => iso.to_owned(),
        }
    }

    fn months(self) -> &'static [&'static str; 12] {
        match self {
            Self::French => &[
                "janvier",
                "février",
                "mars",
                "avril",
                "mai",
                "juin",
                "juillet",
                "août",
                "septembre",
                "octobre",
                "novembre",
                "décembre",
            ],
            Self::English => &[
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
        }
    }

    /// The word for a kind of thing (`person`, `release`…), as it stands in its IRI.
    pub fn kind(self, kind: &str) -> &str {
        match kind {
            "person" => self.say("Personne", "Person"),
            "organization" => self.say("Organisation", "Organisation"),
            "place" => self.say("Lieu", "Place"),
            "site" => self.say("Site", "Site"),
            "product" => self.say("Produit", "Product"),
            "program" => self.say("Programme", "Programme"),
            "event" => self.say("Événement", "Event"),
            "release" => self.say("Communiqué", "Release"),
            other => other,
        }
    }

    /// A number of releases: `1 communiqué`, `12 releases`.
    pub fn releases(self, number: impl Count) -> String {
        let word = if number.digits() == "1" {
            self.say("communiqué", "release")
        } else {
            self.say("communiqués", "releases")
        };
        format!("{} {word}", self.number(number))
    }

    /// The name of a format of RDF, by its media type.
    pub fn format(self, media_type: &str) -> &str {
        match media_type {
            "text/turtle" => "Turtle",
            "application/n-triples" => "N-Triples",
            "application/rdf+xml" => "RDF/XML",
            "application/ld+json" => "JSON-LD",
            other => other,
        }
    }

    /// The word for a class of things, by the last part of its IRI.
    pub fn class(self, name: &str) -> &str {
        match name {
            "Project" => self.kind("program"),
            "Person" => self.kind("person"),
            "Organization" => self.kind("organization"),
            "Place" => self.kind("place"),
            "Product" => self.kind("product"),
            "Event" => self.kind("event"),
            other => other,
        }
    }

    /// The heading of the facts of a relation (`role`, `acquisition`…, names of the output format).
    pub fn relation(self, relation: &str) -> &str {
        match relation {
            "role" => self.say("Fonctions", "Roles"),
            "appointment" => self.say("Nominations", "Appointments"),
            "departure" => self.say("Départs", "Departures"),
            "agreement" => self.say("Accords", "Agreements"),
            "supply" => self.say("Contrats de fourniture", "Supply contracts"),
            "acquisition" => self.say("Acquisitions", "Acquisitions"),
            "investment" => self.say("Financements", "Funding"),
            "part_of" => self.say("Structure", "Structure"),
            "member_of" => self.say("Appartenances", "Memberships"),
            "located_in" => self.say("Implantations", "Locations"),
            "founded" => self.say("Créations", "Foundations"),
            "produces" => self.say("Produits et activités", "Products and activities"),
            "participates_in" => self.say("Participations", "Participations"),
            "figure" => self.say("Chiffres", "Figures"),
            "quote" => self.say("Citations", "Quotes"),
            other => other,
        }
    }

    /// What one fact of a relation is called.
    pub fn relation_one(self, relation: &str) -> &str {
        match relation {
            "role" => self.say("Fonction", "Role"),
            "appointment" => self.say("Nomination", "Appointment"),
            "departure" => self.say("Départ", "Departure"),
            "agreement" => self.say("Accord", "Agreement"),
            "supply" => self.say("Contrat de fourniture", "Supply contract"),
            "acquisition" => self.say("Acquisition", "Acquisition"),
            "investment" => self.say("Financement", "Funding"),
            "part_of" => self.say("Structure", "Structure"),
            "member_of" => self.say("Appartenance", "Membership"),
            "located_in" => self.say("Implantation", "Location"),
            "founded" => self.say("Création", "Foundation"),
            "produces" => self.say("Produit ou activité", "Product or activity"),
            "participates_in" => self.say("Participation", "Participation"),
            "figure" => self.say("Chiffre", "Figure"),
            "quote" => self.say("Citation", "Quote"),
            other => other,
        }
    }

    /// A share from 0 to 1 in hundredths: `68 %` or `68%`; anything else as it is.
    pub fn percent(self, share: &str) -> String {
        match share.parse::<f64>() {
            Ok(share) if (0.0..=1.0).contains(&share) => format!("{:.0}{}", share * 100.0, self.say("\u{202f}%", "%")),
            _ => share.to_owned(),
        }
    }

    /// A text with the signs of French print: apostrophes, and the spaces before `:`, `;`, `?` and `!` that do not break.
    pub fn typeset(self, text: &str) -> String {
        if self == Self::English {
            return text.to_owned();
        }
        let text = text.replace('\'', "’").replace(" :", "\u{a0}:");
        [" ?", " !", " ;"].into_iter().fold(text, |text, sign| text.replace(sign, &sign.replace(' ', "\u{202f}")))
    }

    /// The word for an argument or attribute of a fact (`person`, `acquirer`, `amount`…).
    pub fn argument(self, name: &str) -> &str {
        match name {
            "party" => self.say("partie", "party"),
            "negotiator" => self.say("négociateur", "negotiator"),
            "supplier" => self.say("fournisseur", "supplier"),
            "customer" => self.say("client", "customer"),
            "object" => self.say("objet", "object"),
            "acquirer" => self.say("acquéreur", "acquirer"),
            "target" => self.say("cible", "target"),
            "seller" => self.say("vendeur", "seller"),
            "investor" => self.say("financeur", "investor"),
            "recipient" => self.say("bénéficiaire", "recipient"),
            "part" => self.say("partie", "part"),
            "whole" => self.say("ensemble", "whole"),
            "member" => self.say("membre", "member"),
            "group" => self.say("groupe", "group"),
            "entity" => self.say("situé", "located"),
            "founder" => self.say("fondateur", "founder"),
            "producer" => self.say("producteur", "producer"),
            "participant" => self.say("participant", "participant"),
            "speaker" => self.say("locuteur", "speaker"),
            "person" => self.say("personne", "person"),
            "organization" => self.say("organisation", "organisation"),
            "title" => self.say("fonction", "title"),
            "kind" => self.say("nature", "kind"),
            "topic" => self.say("objet", "topic"),
            "duration" => self.say("durée", "duration"),
            "amount" => self.say("montant", "amount"),
            "stake" => self.say("part", "stake"),
            "round" => self.say("tour", "round"),
            "date" => self.say("date", "date"),
            "metric" => self.say("grandeur", "metric"),
            "value" => self.say("valeur", "value"),
            "period" => self.say("période", "period"),
            "text" => self.say("texte", "text"),
            "place" => self.say("lieu", "place"),
            "product" => self.say("produit", "product"),
            "event" => self.say("événement", "event"),
            other => other,
        }
    }

    /// A duration of ISO 8601 such as `P5Y6M` in words; anything else as it is.
    pub fn duration(self, iso: &str) -> String {
        let mut parts = Vec::new();
        let mut number = String::new();
        for letter in iso.strip_prefix('P').unwrap_or("?").chars() {
            let units = match letter {
                digit if digit.is_ascii_digit() => {
                    number.push(digit);
                    continue;
                }
                'Y' => self.say("an/ans", "year/years"),
                'M' => self.say("mois/mois", "month/months"),
                'W' => self.say("semaine/semaines", "week/weeks"),
                'D' => self.say("jour/jours", "day/days"),
                _ => return iso.to_owned(),
            };
            let (one, many) = units.split_once('/').unwrap_or((units, units));
            parts.push(format!("{number} {}", if number == "1" { one } else { many }));
            number.clear();
        }
        if parts.is_empty() || !number.is_empty() { iso.to_owned() } else { parts.join(" ") }
    }

    /// An attribute of a fact in words.
    pub fn attribute(self, name: &str, value: &str) -> String {
        match name {
            "duration" => self.duration(value),
            "period" => self.date(value),
            "amount" | "value" => self.quantity(value),
            _ => self.value(value).to_owned(),
        }
    }

    /// A number with a unit, the thousands apart: `12 000 000 EUR`.
    fn quantity(self, value: &str) -> String {
        let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
        let (digits, rest) = value.split_at(end);
        match digits.parse::<u64>() {
            // Years and small numbers stay, and so does what has decimals.
            Ok(number) if digits.len() > 4 && !rest.starts_with(['.', ',']) => format!("{}{rest}", self.number(number)),
            _ => value.to_owned(),
        }
    }

    /// The word for a value of a closed list: status, kind of agreement, metric.
    pub fn value(self, value: &str) -> &str {
        match value {
            "current" => self.say("en cours", "current"),
            "former" => self.say("passé", "former"),
            "planned" => self.say("annoncé", "planned"),
            "partnership" => self.say("partenariat", "partnership"),
            "licence" => self.say("licence", "licence"),
            "contract" => self.say("contrat", "contract"),
            "joint-venture" => self.say("coentreprise", "joint venture"),
            "merger" => self.say("fusion", "merger"),
            "revenue" => self.say("chiffre d’affaires", "revenue"),
            "net_income" => self.say("résultat net", "net income"),
            "headcount" => self.say("effectif", "headcount"),
            "customers" => self.say("clients", "customers"),
            "countries" => self.say("pays", "countries"),
            other => other,
        }
    }
}

/// A number of things.
pub trait Count {
    /// Its decimal digits.
    fn digits(&self) -> String;
}

impl Count for usize {
    fn digits(&self) -> String {
        self.to_string()
    }
}

impl Count for u64 {
    fn digits(&self) -> String {
        self.to_string()
    }
}

impl<T: Count> Count for &T {
    fn digits(&self) -> String {
        (**self).digits()
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{English, French};

    #[test]
    fn dates_and_numbers_are_written_as_each_language_does() {
        assert_eq!(French.date("2024-03-01"), "1er mars 2024");
        assert_eq!(English.date("2024-03-12"), "12 March 2024");
        assert_eq!(French.date("2024-08"), "août 2024");
        assert_eq!(French.date("2024"), "2024");
        assert_eq!(French.date("2024-13-01"), "2024-13-01");
        assert_eq!(French.date("<b>"), "<b>");
        assert_eq!(French.number(1_234_567_usize), "1\u{202f}234\u{202f}567");
        assert_eq!(English.number(999_u64), "999");
        assert_eq!(French.duration("P5Y"), "5 ans");
        assert_eq!(English.duration("P1Y6M"), "1 year 6 months");
        assert_eq!(French.duration("PT5H"), "PT5H");
        assert_eq!(French.duration("cinq ans"), "cinq ans");
        assert_eq!(English.attribute("amount", "12000000 EUR"), "12,000,000 EUR");
        assert_eq!(English.attribute("value", "12345.5 t"), "12345.5 t");
        assert_eq!((French.percent("0.678"), English.percent("0.9")), ("68\u{202f}%".to_owned(), "90%".to_owned()));
        assert_eq!(French.typeset("Qui l'a dit : où ?"), "Qui l’a dit\u{a0}: où\u{202f}?");
    }
}

//! Names made comparable: case, accents, articles, legal forms and usual abbreviations folded away.

use crate::tag::EntityType;

/// The words of `name` in lower case, without accents and punctuation: `L'Oréal` gives `l`, `oreal`;
/// `S.A.` gives `sa`.
pub fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    push_words(name, &mut words);
    words
}

/// Adds the [`words`] of `name`.
fn push_words(name: &str, words: &mut Vec<String>) {
    let mut word = String::new();
    for c in name.chars() {
        match c {
            'a'..='z' | '0'..='9' => word.push(c),
            'A'..='Z' => word.push(c.to_ascii_lowercase()),
            // Abbreviating periods join single letters (`S.A.`); others part words.
            '.' if word.chars().count() <= 1 || is_dotted(&word) => word.push('.'),
            c if c.is_ascii() => finish(&mut word, words),
            c => fold(c, &mut word, words),
        }
    }
    finish(&mut word, words);
}

/// Whether `word` is letters that each have a period (`s.a`, not `st`).
fn is_dotted(word: &str) -> bool {
    word.contains('.') && !word.ends_with('.')
}

fn finish(word: &mut String, words: &mut Vec<String>) {
    if word.contains('.') {
        word.retain(|c| c != '.');
    }
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

fn fold(c: char, word: &mut String, words: &mut Vec<String>) {
    let letters = match c {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' | 'ą' | 'À' | 'Â' | 'Ä' | 'Á' | 'Ã' | 'Å' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'î' | 'ï' | 'í' | 'ì' | 'ı' | 'Î' | 'Ï' | 'Í' | 'İ' => "i",
        'ô' | 'ö' | 'ó' | 'ò' | 'õ' | 'ø' | 'Ô' | 'Ö' | 'Ó' | 'Ø' => "o",
        'û' | 'ü' | 'ù' | 'ú' | 'ů' | 'Û' | 'Ü' | 'Ù' | 'Ú' => "u",
        'ç' | 'ć' | 'č' | 'Ç' | 'Č' => "c",
        'ñ' | 'ń' | 'Ñ' => "n",
        'ÿ' | 'ý' | 'Ÿ' => "y",
        'š' | 'ś' | 'ş' | 'Š' | 'Ş' => "s",
        'ž' | 'ź' | 'ż' | 'Ž' => "z",
        'ł' | 'Ł' => "l",
        'ř' => "r",
        'ğ' => "g",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' => "ss",
        '\u{300}'..='\u{36f}' => "",
        other if other.is_alphanumeric() => {
            word.extend(other.to_lowercase());
            return;
        }
        _ => return finish(word, words),
    };
    word.push_str(letters);
}

/// Articles and prepositions that names have or lack at will.
fn is_stop_word(word: &str) -> bool {
    matches!(
        word,
        "de" | "du" | "des" | "d" | "la" | "le" | "les" | "l" | "et" | "a" | "au" | "aux" | "the" | "of" | "and" | "en"
    )
}

/// Legal forms of companies, French and foreign.
fn is_legal_form(word: &str) -> bool {
    matches!(
        word,
        "sa" | "sas"
            | "sasu"
            | "sarl"
            | "eurl"
            | "snc"
            | "sca"
            | "scop"
            | "scic"
            | "se"
            | "nv"
            | "bv"
            | "ltd"
            | "limited"
            | "inc"
            | "incorporated"
            | "corp"
            | "corporation"
            | "plc"
            | "gmbh"
            | "ag"
            | "kg"
            | "kgaa"
            | "llc"
            | "llp"
            | "spa"
            | "srl"
            | "ab"
            | "asa"
            | "oy"
            | "oyj"
            | "aps"
            | "pty"
            | "sgps"
            | "sci"
            | "selarl"
    )
}

/// What usual abbreviations stand for.
fn expansion(word: &str) -> Option<&'static [&'static str]> {
    Some(match word {
        "chu" | "chru" => &["centre", "hospitalier", "universitaire"],
        "chr" => &["centre", "hospitalier", "regional"],
        "ch" => &["centre", "hospitalier"],
        "chi" => &["centre", "hospitalier", "intercommunal"],
        "st" => &["saint"],
        "ste" => &["sainte"],
        "univ" => &["universite"],
        "inst" => &["institut"],
        "ets" => &["etablissements"],
        "cie" => &["compagnie"],
        "assoc" | "asso" => &["association"],
        "labo" | "lab" => &["laboratoire"],
        "nat" => &["national"],
        "dpt" | "dept" => &["departement"],
        "ars" => &["agence", "regionale", "sante"],
        "cci" => &["chambre", "commerce", "industrie"],
        "cma" => &["chambre", "metiers", "artisanat"],
        "cpam" => &["caisse", "primaire", "assurance", "maladie"],
        "sdis" => &["service", "departemental", "incendie", "secours"],
        "dreal" => &["direction", "regionale", "environnement", "amenagement", "logement"],
        "drac" => &["direction", "regionale", "affaires", "culturelles"],
        "mjc" => &["maison", "jeunes", "culture"],
        "cd" => &["conseil", "departemental"],
        "iep" => &["institut", "etudes", "politiques"],
        "iut" => &["institut", "universitaire", "technologie"],
        "inp" => &["institut", "national", "polytechnique"],
        "upr" | "ur" | "ea" | "umr" => return None,
        _ => return None,
    })
}

/// The words of an organisation's name that tell it: without articles, legal forms and a leading or final
/// `groupe`, usual abbreviations spelled out. Never empty for a name with a letter or digit.
pub fn organization_words(name: &str) -> Vec<String> {
    let plain = words(name);
    if plain.iter().all(|word| is_stop_word(word)) {
        return plain;
    }
    let is_single = plain.len() == 1;
    let mut kept: Vec<String> = Vec::with_capacity(plain.len() + 2);
    for word in plain.into_iter().filter(|word| !is_stop_word(word)) {
        match expansion(&word).filter(|_| !is_single) {
            Some(long) => kept.extend(long.iter().map(|&part| part.to_owned())),
            None => kept.push(word),
        }
    }
    if let Some(at) = kept.windows(2).position(|w| w[0] == "regional" && w[1] == "universitaire") {
        kept.remove(at); // centre hospitalier régional (et) universitaire
    }
    while kept.len() > 1
        && kept.last().is_some_and(|w| is_legal_form(w) || w == "groupe" || w == "group" || w == "anonyme")
    {
        if kept.pop().as_deref() == Some("anonyme") && kept.len() > 1 && kept.last().is_some_and(|w| w == "societe") {
            kept.pop();
        }
    }
    while kept.len() > 1
        && kept.first().is_some_and(|w| is_legal_form(w) || matches!(w.as_str(), "groupe" | "societe" | "ste"))
    {
        kept.remove(0);
    }
    // The council is the body of the region, the town hall that of the town.
    let body = match &kept[..] {
        [first, second, _, ..] if first == "conseil" && second == "regional" => Some(("region", 2)),
        [first, second, _, ..] if first == "conseil" && (second == "departemental" || second == "general") => {
            Some(("departement", 2))
        }
        [first, _, ..] if first == "mairie" => Some(("ville", 1)),
        _ => None,
    };
    if let Some((noun, dropped)) = body {
        kept.splice(..dropped, [noun.to_owned()]);
    }
    kept
}

/// The words of a place's name, without a leading kind (`région`, `département`, `ville`), saints spelled out.
pub fn place_words(name: &str) -> Vec<String> {
    let mut kept: Vec<String> = words(name)
        .into_iter()
        .map(|word| match word.as_str() {
            "st" => "saint".to_owned(),
            "ste" => "sainte".to_owned(),
            _ => word,
        })
        .collect();
    let kind = |w: &str| matches!(w, "region" | "departement" | "ville" | "commune" | "principaute" | "province");
    if kept.len() > 1 && kept.first().is_some_and(|w| kind(w)) {
        kept.remove(0);
        while kept.len() > 1 && kept.first().is_some_and(|w| matches!(w.as_str(), "de" | "du" | "d" | "des" | "l")) {
            kept.remove(0);
        }
    }
    kept
}

/// The words of a person's name, given names first (`DUPONT Jean` is turned), without honorifics.
pub fn person_words(name: &str) -> Vec<String> {
    // A surname in capitals; initials (`J.-P.`, `J-P`) are none.
    let is_capital = |w: &&str| {
        w.split(['-', '\'']).any(|part| part.chars().count() > 1 && !part.contains('.'))
            && !w.chars().any(char::is_lowercase)
    };
    let honorific = |part: &str| {
        matches!(
            part.trim_end_matches('.').to_lowercase().as_str(),
            "m" | "mme"
                | "mlle"
                | "dr"
                | "pr"
                | "me"
                | "monsieur"
                | "madame"
                | "docteur"
                | "professeur"
                | "maître"
                | "mr"
        )
    };
    let mut parts: Vec<&str> = name.split_whitespace().collect();
    while parts.len() > 1 && parts.first().is_some_and(|part| honorific(part)) {
        parts.remove(0);
    }
    let leading = parts.iter().take_while(|w| is_capital(w)).count();
    let turned = leading > 0 && leading < parts.len() && !parts.iter().skip(leading).any(is_capital);
    if turned {
        parts.rotate_left(leading);
    }
    let mut kept = Vec::with_capacity(parts.len() + 1);
    for part in parts.iter().flat_map(|part| part.split(['.', '-', '\''])) {
        push_words(part, &mut kept);
    }
    kept
}

/// The words of a name that tell it, by what it names.
pub fn name_words(kind: EntityType, name: &str) -> Vec<String> {
    match kind {
        EntityType::Person => person_words(name),
        EntityType::Organization => organization_words(name),
        EntityType::Place => place_words(name),
        EntityType::Site | EntityType::Product | EntityType::Program | EntityType::Event => {
            let mut all = words(name);
            let noun = |w: &str| matches!(w, "plan" | "programme" | "projet" | "dispositif");
            if kind == EntityType::Program && all.len() > 1 && all.first().is_some_and(|word| noun(word)) {
                all.remove(0);
            }
            if !all.iter().all(|word| is_stop_word(word)) {
                all.retain(|word| !is_stop_word(word));
            }
            all
        }
    }
}

/// The words joined by spaces: equal for two spellings of one name.
pub fn name_key(kind: EntityType, name: &str) -> String {
    name_words(kind, name).join(" ")
}

/// Whether `name` is an acronym as French writes them: one word of two to eight letters and digits, no
/// lower-case letter but after the first two capitals (`CNRS`, `INRAe`, `AP-HP`, `ICR`).
pub fn is_acronym(name: &str) -> bool {
    // Most names have a space and are done with here.
    if !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '&')) {
        return false;
    }
    let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
    let capitals = name.chars().filter(|c| c.is_uppercase()).count();
    (2..=8).contains(&letters) && capitals >= 2 && capitals + 1 >= letters
}

/// The acronym in lower case without hyphens and periods.
pub fn acronym_key(name: &str) -> String {
    if name.is_ascii() {
        let told = name.bytes().filter(u8::is_ascii_alphanumeric);
        return told.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    words(name).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_have_one_key() {
        let same = [
            (
                EntityType::Organization,
                &[
                    "CHU de Toulouse",
                    "Centre hospitalier universitaire de Toulouse",
                    "C.H.U. de Toulouse",
                    "CHRU Toulouse",
                ][..],
            ),
            (EntityType::Organization, &["Sanofi", "groupe Sanofi", "Sanofi SA", "SANOFI S.A.", "Sanofi Group"][..]),
            (EntityType::Organization, &["L'Oréal", "L’Oréal", "LOREAL".replace("LOREAL", "L'OREAL").leak()][..]),
            (EntityType::Place, &["Saint-Étienne", "St-Etienne", "SAINT ETIENNE"][..]),
            (EntityType::Person, &["Jean-Pierre Dupont", "DUPONT Jean-Pierre", "M. Jean-Pierre Dupont"][..]),
            (EntityType::Person, &["J.-P. Dupont", "J-P Dupont", "J. P. Dupont"][..]),
        ];
        for (kind, names) in same {
            let keys: Vec<String> = names.iter().map(|name| name_key(kind, name)).collect();
            assert!(keys.windows(2).all(|w| w[0] == w[1]), "{keys:?}");
        }
    }

    #[test]
    fn different_names_keep_different_keys() {
        for (a, b) in
            [("Université Paris 1", "Université Paris 2"), ("Hydravel France", "Hydravel"), ("CH de Dax", "CHU de Dax")]
        {
            assert_ne!(name_key(EntityType::Organization, a), name_key(EntityType::Organization, b));
        }
    }

    #[test]
    fn acronyms_are_told() {
        assert!(["CNRS", "ICR", "AP-HP", "INRAe", "S.N.C.F."].iter().all(|name| is_acronym(name)));
        assert!(!["Inserm", "Sanofi", "Le Monde", "A"].iter().any(|name| is_acronym(name)));
    }
}

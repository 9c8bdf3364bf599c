//! Names that the tagger has not seen and the words around them tell: the noun of a kind (`le syndicat mixte Envol`), a function
//! (`fondatrice de Lumis Magazine`), a number (`la 12e session de la conférence des maires`), the line of a prize.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::marked::covered;
use super::{Name, Text, tidy};
use crate::mentions::HeadUse;
use crate::segment::TokenKind;
use crate::tag::{EntityType, Upos, VerbForm};
use crate::text::fold;

/// Most words of a name that is found here.
const LONGEST: usize = 5;

/// Most words of the name of an edition, and of a prize.
const LONGEST_EDITION: usize = 9;

/// The names, and those that the words around them tell; `common` are the words that the text also writes in lower case.
pub(super) fn add(text: &Text<'_>, mut names: Vec<Name>, common: &FxHashSet<&str>) -> Vec<Name> {
    let search = Search::new(text, &names, common);
    let mut wide: Vec<Name> = Vec::new();
    let mut found: Vec<Name> = Vec::new();
    for i in 0..text.words.len() {
        wide.extend(edition(text, i).or_else(|| national_team(text, i)));
        if search.leads(i) {
            found
                .extend(search.behind_noun(i).or_else(|| search.behind_function(i)).or_else(|| search.listed_place(i)));
        }
    }
    let sentences = || text.segmentation.sentences.iter().map(|sentence| sentence.tokens.clone());
    let prizes: Vec<Name> = sentences().filter_map(|tokens| prize_line(text, tokens)).collect();
    if !prizes.is_empty() && sentences().any(|tokens| is_awarding(text, tokens)) {
        wide.extend(prizes);
    }
    let wide = tidy(wide);
    names.retain(|name| !covered(&wide, name));
    found.retain(|name| !covered(&wide, name));
    names.extend(wide);
    names.extend(found);
    tidy(names)
}

fn name(tokens: Range<usize>, kind: EntityType, score: f32) -> Name {
    Name { tokens, kind, score, guessed: false }
}

/// What the search for unseen names reads.
struct Search<'a, 'b> {
    text: &'a Text<'b>,
    common: &'a FxHashSet<&'b str>,
    /// Whether each token lies in a name already.
    taken: Vec<bool>,
    /// Whether a word with a capital that no name holds stands within [`REACH`] tokens behind each token.
    leads: Vec<bool>,
}

/// How far behind the noun of a kind or a function its name may begin.
const REACH: usize = 6;

impl<'a, 'b> Search<'a, 'b> {
    fn new(text: &'a Text<'b>, names: &[Name], common: &'a FxHashSet<&'b str>) -> Self {
        let mut taken = vec![false; text.words.len()];
        for name in names {
            if let Some(tokens) = taken.get_mut(name.tokens.clone()) {
                tokens.fill(true);
            }
        }
        let mut leads = vec![false; text.words.len()];
        let mut distance = usize::MAX;
        for (i, leads) in leads.iter_mut().enumerate().rev() {
            *leads = distance <= REACH;
            let open = text.is_capitalised(i) && !taken.get(i).copied().unwrap_or(false);
            distance = if open { 1 } else { distance.saturating_add(1) };
        }
        Self { text, common, taken, leads }
    }

    fn leads(&self, i: usize) -> bool {
        self.leads.get(i).copied().unwrap_or(false)
    }

    fn is_taken(&self, i: usize) -> bool {
        self.taken.get(i).copied().unwrap_or(false)
    }

    /// What stands behind the noun of a kind, in lower case, that token `i` is: `le syndicat mixte Envol`, `le fonds de dotation
    /// 12 Étoiles`.
    fn behind_noun(&self, i: usize) -> Option<Name> {
        let text = self.text;
        if text.is_capitalised(i) || text.words.kind(i) != Some(TokenKind::Word) || self.is_taken(i) {
            return None;
        }
        let noun = text.words.lower(i);
        if GENERAL.contains(&noun.as_ref()) {
            return None;
        }
        let mut head = text.lexicon.head(&noun)?;
        let mut at = i + 1;
        if text.words.is(at, &["de", "d'"])
            && text.words.tags.upos(at + 1) == Upos::Noun
            && !text.is_capitalised(at + 1)
        {
            let phrase = format!("{noun} de {}", text.words.lower(at + 1));
            head = text.lexicon.head(&phrase)?;
            at += 2;
        }
        for _ in 0..2 {
            let described = text.words.tags.upos(at) == Upos::Adj && !text.is_capitalised(at);
            at += usize::from(described);
        }
        let tokens = self.unseen(at)?;
        // `la ville Lumière` names nothing, nor does a plural.
        let plural = noun.strip_suffix('s').is_some_and(|one| text.lexicon.head(one).is_some());
        let kind = *head.kinds.first()?;
        let fits = !matches!(kind, EntityType::Place | EntityType::Site) && !plural;
        let start = if head.usage == HeadUse::Name && at == i + 1 { i } else { tokens.start };
        fits.then(|| name(start..tokens.end, kind, 0.6))
    }

    /// The body behind a function: `directrice générale de Lumis`, `chercheur à ZEST`.
    fn behind_function(&self, i: usize) -> Option<Name> {
        let text = self.text;
        let function = text.words.lower(i);
        if !text.lexicon.is_function(&function) || OF_PLACES.contains(&function.as_ref()) {
            return None;
        }
        let mut at = i + 1;
        for _ in 0..2 {
            at += usize::from(text.words.tags.upos(at) == Upos::Adj && !text.is_capitalised(at));
        }
        if !text.words.is(at, &["de", "d'", "du", "chez", "à"]) {
            return None;
        }
        let link = at;
        at += 1 + usize::from(text.words.is(at + 1, &["l'", "la"]));
        let tokens = self.unseen(at)?;
        let known = (tokens.clone()).any(|i| text.lexicon.is_function(&text.words.lower(i)));
        // `à` also leads to places.
        let place = text.words.is(link, &["à"]) && !is_acronym(text.words.form(tokens.start))
            || text.lexicon.is_place(&fold(text.words.form(tokens.start)));
        // `président du Directoire`, `garde de la Justice`: a noun with a capital.
        let article = at > link + 1 || text.words.is(link, &["du"]);
        let noun = article && tokens.len() == 1 && !is_acronym(text.words.form(tokens.start));
        (!known && !place && !noun).then(|| name(tokens, EntityType::Organization, 0.5))
    }

    /// The place that a list knows behind the preposition at token `i`: `à Lorbec`, `dans le Perche`.
    fn listed_place(&self, i: usize) -> Option<Name> {
        let text = self.text;
        let within = matches!(text.words.form(i), "dans" | "vers" | "depuis");
        if !within && !matches!(text.words.form(i), "à" | "en" | "au" | "aux") {
            return None;
        }
        let start = i + 1 + usize::from(within && text.words.is(i + 1, &["le", "la", "l'", "les"]));
        if !self.is_unseen(start) || !text.same_sentence(i, start) {
            return None;
        }
        let mut words = String::new();
        let mut end = None;
        for at in start..start + LONGEST {
            if self.is_taken(at) || text.words.kind(at) != Some(TokenKind::Word) || !text.same_sentence(start, at) {
                break;
            }
            if at > start {
                words.push(' ');
            }
            words.push_str(&fold(text.words.form(at)));
            if text.is_capitalised(at)
                && (text.lexicon.is_place(&words) || text.lexicon.is_place(&words.replace(' ', "-")))
            {
                end = Some(at + 1);
            }
        }
        let end = end?;
        // `à Lorbec Habitat`, `en Marche`
        let longer = text.is_capitalised(end) && text.words.kind(end) == Some(TokenKind::Word);
        let lower = text.words.lower(start);
        let noun = || text.lexicon.is_known_noun(&lower) || self.common.contains(lower.as_ref());
        let common = end == start + 1 && noun();
        (!longer && !common).then(|| name(start..end, EntityType::Place, 0.6))
    }

    /// The run of words with capitals from token `at` on that no name holds and that no list knows as nouns.
    fn unseen(&self, at: usize) -> Option<Range<usize>> {
        let text = self.text;
        let article = matches!(text.words.form(at), "La" | "Le" | "Les" | "L'") && text.is_capitalised(at + 1);
        let number = text.words.kind(at) == Some(TokenKind::Number) && text.is_capitalised(at + 1);
        let first = at + usize::from(article || number);
        if !self.is_unseen(first) || number && text.words.form(at).len() > 3 {
            return None;
        }
        let capital = |i: usize| text.words.kind(i) == Some(TokenKind::Word) && text.is_capitalised(i);
        let word = |i: usize| capital(i) || text.words.form(i) == "&" && capital(i + 1);
        let mut end = first + 1;
        while word(end) && text.same_sentence(first, end) && !self.is_taken(end) {
            end += 1;
        }
        let form = text.words.form(first);
        let lower = text.words.lower(first);
        let single = end == first + 1;
        let noun = text.lexicon.is_known_noun(&lower) || self.common.contains(lower.as_ref());
        let acronym = text.lexicon.is_common_acronym(form);
        let taken = self.is_taken(end) && word(end);
        (end - first <= LONGEST && !(single && (noun && !number || acronym)) && !taken).then_some(at..end)
    }

    /// Whether token `i` may begin a name that nobody has seen.
    fn is_unseen(&self, i: usize) -> bool {
        let text = self.text;
        let word = text.words.kind(i) == Some(TokenKind::Word) && text.is_capitalised(i) && !self.is_taken(i);
        let form = text.words.form(i);
        let roman = form.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
        word && !roman
            && (matches!(text.words.tags.upos(i), Upos::Propn | Upos::X) || is_acronym(text.words.form(i)))
            && text.words.form(i).chars().count() > 1
    }
}

/// Functions that serve places, or that name what they are for in words of its kind.
const OF_PLACES: [&str; 18] = [
    "maire",
    "mairesse",
    "préfet",
    "préfète",
    "gouverneur",
    "gouverneure",
    "ministre",
    "ministres",
    "député",
    "députée",
    "sénateur",
    "sénatrice",
    "ambassadeur",
    "ambassadrice",
    "consul",
    "évêque",
    "roi",
    "prince",
];

/// Nouns with which capitals say little: `format Sprint`, `équipe Ventes`, `livre II`.
const GENERAL: [&str; 9] = ["format", "équipe", "livre", "série", "édition", "offre", "poste", "base", "communauté"];

fn is_acronym(form: &str) -> bool {
    form.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// An edition of something that takes place, told by its number: `12e session de la conférence des maires`.
fn edition(text: &Text<'_>, i: usize) -> Option<Name> {
    let noun = i + 1;
    if !is_ordinal(text.words.form(i)) {
        return None;
    }
    let happens = text.words.is(
        noun,
        &[
            "forum",
            "session",
            "conférence",
            "congrès",
            "colloque",
            "sommet",
            "salon",
            "festival",
            "assemblée",
            "concours",
        ],
    );
    let link = noun + 1;
    if !happens || !text.words.is(link, &["de", "du", "des", "d'"]) {
        return None;
    }
    let goes_on = |at: usize| {
        let upos = text.words.tags.upos(at);
        let participle = text.words.tags.morphology(at).verb_form == Some(VerbForm::Participle);
        text.words.kind(at) == Some(TokenKind::Word)
            && text.same_sentence(i, at)
            && (text.words.is(at, &["de", "du", "des", "d'", "la", "le", "les", "l'", "et"])
                || matches!(upos, Upos::Noun | Upos::Propn | Upos::X)
                || upos == Upos::Adj && !participle)
    };
    let mut end = (link..i + LONGEST_EDITION).find(|&at| !goes_on(at)).unwrap_or(i + LONGEST_EDITION);
    while end > link && text.words.is(end - 1, &["de", "du", "des", "d'", "la", "le", "les", "l'", "et"]) {
        end -= 1;
    }
    (end > link + 1).then(|| name(i..end, EntityType::Event, 0.6))
}

/// `équipe de France de canoë`, `Équipe nationale du Mali`.
fn national_team(text: &Text<'_>, i: usize) -> Option<Name> {
    if !text.words.is(i, &["équipe"]) {
        return None;
    }
    let link = i + 1 + usize::from(text.words.is(i + 1, &["nationale"]));
    let country = link + 1 + usize::from(text.words.is(link + 1, &["la", "l'"]));
    let known = text.words.is(link, &["de", "du", "d'"]) && text.is_capitalised(country);
    if !known || !text.lexicon.is_country(&fold(text.words.form(country))) {
        return None;
    }
    let mut end = country + 1;
    let sport = |i: usize| matches!(text.words.tags.upos(i), Upos::Noun | Upos::Adj) && !text.is_capitalised(i);
    if text.words.is(end, &["de", "d'", "du"]) && sport(end + 1) {
        end += 2;
        while end < country + LONGEST && (sport(end) || text.words.is(end, &["de", "d'"]) && sport(end + 1)) {
            end += 1;
        }
    }
    Some(name(i..end, EntityType::Organization, 0.6))
}

/// Whether a word is a number in a series, in digits: `12e`, `1er`, `3ème`.
pub(super) fn is_ordinal(form: &str) -> bool {
    let digits = form.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3).contains(&digits) && matches!(&form[digits..], "e" | "er" | "re" | "ère" | "ème" | "è" | "ième")
}

/// Whether a sentence tells that prizes are given.
fn is_awarding(text: &Text<'_>, tokens: Range<usize>) -> bool {
    tokens.into_iter().any(|i| {
        let word = text.words.lower(i);
        ["lauréat", "récompens", "palmarès", "finaliste", "jury"].iter().any(|stem| word.starts_with(stem))
            || word == "remis" && text.words.is(i + 1, &["par"])
    })
}

/// The prize that a line begins with: `- Prix du coaching : l'équipe de Lorbec`, `Prix des lycéens, remis par Ozélia`.
fn prize_line(text: &Text<'_>, tokens: Range<usize>) -> Option<Name> {
    let start = tokens.clone().find(|&i| text.words.kind(i) == Some(TokenKind::Word))?;
    let grand = usize::from(text.words.form(start) == "Grand");
    let noun = start + grand;
    if start > tokens.start + 1 || !matches!(text.words.form(noun), "Prix" | "Trophée" | "Médaille") {
        return None;
    }
    let stops = |i: usize| {
        text.words.kind(i) != Some(TokenKind::Word) && !matches!(text.words.form(i), "&" | "«" | "»" | "“" | "”" | "\"")
            || text.words.is(
                i,
                &["remis", "remise", "décerné", "décernée", "attribué", "attribuée", "offert", "offerte", "pour", "à"],
            )
    };
    let mut end = (noun + 1..tokens.end).find(|&i| stops(i)).unwrap_or(tokens.end);
    let year = |i: usize| text.words.kind(i) == Some(TokenKind::Number) && text.words.form(i).len() == 4;
    end += usize::from(year(end));
    let long = (2..=LONGEST_EDITION).contains(&(end - noun));
    // A line of a price, or of a rank.
    let other = text.words.is(
        noun + 1,
        &["public", "publics", "conseillé", "conseillés", "unitaire", "de", "d'", "indicatif", "ttc", "ht", "moyen"],
    ) && !(text.words.is(noun + 1, &["de"]) && text.words.is(noun + 2, &["la", "l'"]));
    let tells = end == tokens.end || !matches!(text.words.form(end), "." | "!" | "?");
    (long && !other && tells).then(|| name(start..end, EntityType::Program, 0.6))
}

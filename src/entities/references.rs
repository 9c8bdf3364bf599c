//! What pronouns and generic nouns refer to.
//!
//! Candidates are ranked as in salience-based resolution (Lappin and Leass 1994): agreement in gender,
//! number and type first, then recency, the head of the sentence, and how often something is named.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::antecedents::{Antecedents, Pronoun};
use super::{EntityId, EntityType, Reference, Resolution};
use crate::mentions::{HeadUse, Lexicon, Mentions};
use crate::read::{Layout, SectionKind};
use crate::segment::{Segmentation, TokenKind};
use crate::tag::{Gender, Tags, Upos};
use crate::text::Document;

/// All that references are read from.
pub(super) struct Context<'a> {
    pub(super) document: &'a Document,
    pub(super) segmentation: &'a Segmentation,
    pub(super) tags: &'a Tags,
    pub(super) layout: &'a Layout,
    pub(super) mentions: &'a Mentions,
    pub(super) lexicon: &'a Lexicon,
    /// Who publishes the release, as its format says.
    pub(super) publisher: Option<&'a str>,
}

impl Context<'_> {
    pub(super) fn form(&self, i: usize) -> &str {
        self.segmentation.tokens.get(i).map_or("", |token| self.document.slice(token.span))
    }

    pub(super) fn lower(&self, i: usize) -> Cow<'_, str> {
        self.tags.lower(i).map_or_else(|| Cow::Owned(self.form(i).to_lowercase()), Cow::Borrowed)
    }

    fn is_name(&self, i: usize) -> bool {
        let names = &self.mentions.names;
        let at = names.partition_point(|name| name.tokens.end <= i);
        names.get(at).is_some_and(|name| name.tokens.contains(&i))
    }
}

/// How many sentences back a pronoun may look, and a noun that stands for a person.
const PRONOUN_SENTENCES: usize = 2;
const NOUN_SENTENCES: usize = 6;
/// The same for `dit-elle`: what is quoted may take some sentences.
const SPEECH_SENTENCES: usize = 4;

/// What a reference asks of its antecedent.
struct Wanted {
    tokens: std::ops::Range<usize>,
    what: What,
}

enum What {
    /// A noun such as `groupe`, in lower case and singular or plural as written.
    Noun(String),
    /// `la ville`, `le département`: the local authority of that kind, never the place.
    Authority(String),
    /// `la SICA`, a noun with a capital that begins a name.
    Capital(String),
    /// `il`, `elle`.
    Pronoun(Gender),
    /// `ce dernier`, `celle-ci`: what was named last.
    Latter(Gender),
    /// `la première`, `le second`: of two that were named together.
    Ordinal(usize),
    /// `cette ingénieure`, `le quadragénaire`.
    Human(Gender),
    /// `la chercheuse`, where only one person can be meant.
    Trade(Gender),
    /// `ils`, `elles`.
    Plural,
    /// `les deux partenaires`: so many.
    Several(usize, String),
    /// `nous`, `notre`.
    Publisher,
}

/// The references of the text, in order, and the gender of each entity.
pub(super) fn references(context: &Context<'_>, resolution: &Resolution) -> (Vec<Reference>, Vec<Option<Gender>>) {
    let quoted = quoted(context);
    let antecedents = Antecedents::new(context, resolution);
    let mut out: Vec<Reference> = Vec::new();
    for (s, sentence) in context.segmentation.sentences.iter().enumerate() {
        if context.layout.kind_at(sentence.span.start) == SectionKind::Boilerplate {
            continue;
        }
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            let Some(wanted) = wanted(context, at, sentence.tokens.end) else {
                at += 1;
                continue;
            };
            at = wanted.tokens.end.max(at + 1);
            let first = wanted.tokens.start;
            if context.is_name(first) || context.is_name(wanted.tokens.end - 1) {
                continue;
            }
            let entities = match &wanted.what {
                What::Noun(noun) => antecedents.of_noun(first, s, noun).into_iter().collect(),
                What::Authority(noun) => antecedents.of_authority(first, noun).into_iter().collect(),
                What::Trade(gender) => antecedents.of_trade(first, s, *gender).into_iter().collect(),
                What::Capital(noun) => antecedents.called(first, noun).into_iter().collect(),
                What::Ordinal(which) => antecedents.of_pair(first, s, *which).into_iter().collect(),
                What::Latter(gender) => antecedents.of_latter(first, s, *gender, &quoted).into_iter().collect(),
                What::Pronoun(gender) | What::Human(gender) => {
                    let noun = matches!(wanted.what, What::Human(_));
                    let speaks = context.form(first).starts_with('-');
                    let human = noun || speaks;
                    let reach = match () {
                        () if noun => NOUN_SENTENCES,
                        () if speaks => SPEECH_SENTENCES,
                        () => PRONOUN_SENTENCES,
                    };
                    let (gender, quoted, earlier) = (*gender, quoted.as_slice(), out.as_slice());
                    let pronoun = Pronoun { at: first, sentence: s, gender, human, reach, quoted, earlier };
                    antecedents.of_pronoun(&pronoun).into_iter().collect()
                }
                What::Plural => antecedents.of_plural(first, s, &quoted, &out),
                What::Several(count, noun) => antecedents.of_several(first, *count, noun),
                What::Publisher if quoted.get(first) == Some(&true) => Vec::new(),
                What::Publisher => resolution.issuer.into_iter().collect::<Vec<EntityId>>(),
            };
            let Some(span) = span(context, &wanted.tokens) else { continue };
            if !entities.is_empty() {
                out.push(Reference { span, tokens: wanted.tokens, entities });
            }
        }
    }
    (out, antecedents.genders())
}

fn span(context: &Context<'_>, tokens: &std::ops::Range<usize>) -> Option<crate::text::Span> {
    let tokens = context.segmentation.tokens.get(tokens.clone())?;
    Some(tokens.first()?.span.cover(tokens.last()?.span))
}

/// For each token whether it stands inside quotation marks. Guillemets nest; a blank line closes what is open.
pub(super) fn quoted(context: &Context<'_>) -> Vec<bool> {
    let mut inside = vec![false; context.segmentation.tokens.len()];
    let mut depth = 0_usize;
    let mut straight = false;
    for (i, token) in context.segmentation.tokens.iter().enumerate() {
        // Words, most of what there is, change nothing.
        if token.kind == TokenKind::Word {
            inside[i] = depth > 0 || straight;
            continue;
        }
        match context.document.slice(token.span) {
            "«" | "“" => depth += 1,
            "»" | "”" => depth = depth.saturating_sub(1),
            "\"" => straight = !straight,
            gap if token.kind == TokenKind::Break && gap.matches('\n').count() > 1 => {
                depth = 0;
                straight = false;
            }
            _ => inside[i] = depth > 0 || straight,
        }
    }
    inside
}

/// The reference that begins at token `i`, before token `end`.
fn wanted(context: &Context<'_>, i: usize, end: usize) -> Option<Wanted> {
    if context.segmentation.tokens.get(i)?.kind != TokenKind::Word {
        return None;
    }
    let word = context.lower(i);
    match word.as_ref() {
        "il" | "-il" | "-t-il" if !is_impersonal(context, i) => {
            Some(Wanted { tokens: i..i + 1, what: What::Pronoun(Gender::Masculine) })
        }
        "elle" | "-elle" | "-t-elle" => Some(Wanted { tokens: i..i + 1, what: What::Pronoun(Gender::Feminine) }),
        "ils" | "elles" => Some(Wanted { tokens: i..i + 1, what: What::Plural }),
        "celui-ci" => Some(Wanted { tokens: i..i + 1, what: What::Latter(Gender::Masculine) }),
        "celle-ci" => Some(Wanted { tokens: i..i + 1, what: What::Latter(Gender::Feminine) }),
        "ce" if context.lower(i + 1) == "dernier" => {
            Some(Wanted { tokens: i..i + 2, what: What::Latter(Gender::Masculine) })
        }
        "cette" if context.lower(i + 1) == "dernière" => {
            Some(Wanted { tokens: i..i + 2, what: What::Latter(Gender::Feminine) })
        }
        "nous" | "notre" | "nos" => Some(Wanted { tokens: i..i + 1, what: What::Publisher }),
        "les" | "ces" | "des" | "aux" => several(context, i, end),
        "le" | "la" | "l'" | "du" | "au" | "ce" | "cet" | "cette" | "sa" | "son" => {
            let others = || noun(context, i, end).or_else(|| capital(context, i, end));
            ordinal(context, i, end).or_else(|| human(context, i, end)).or_else(others)
        }
        _ => None,
    }
}

/// `il y a`, `il faut`, `il s'agit`, `il est important de`.
fn is_impersonal(context: &Context<'_>, i: usize) -> bool {
    let mut next = i + 1;
    while matches!(context.lower(next).as_ref(), "ne" | "n'" | "s'" | "se" | "en" | "nous" | "leur" | "me" | "lui") {
        next += 1;
    }
    let verb = context.lower(next);
    // Inverted: the verb stands in front.
    let before = if i > 0 && context.form(i).starts_with('-') { context.lower(i - 1) } else { Cow::Borrowed("") };
    let impersonal = [
        "y",
        "faut",
        "faudra",
        "faudrait",
        "fallait",
        "fallu",
        "agit",
        "agissait",
        "agira",
        "agisse",
        "existe",
        "existait",
        "reste",
        "convient",
        "convenait",
        "importe",
        "suffit",
        "paraît",
        "semble",
        "pleut",
        "vaut",
    ];
    let is = |word: &str| impersonal.contains(&word);
    let assessed = matches!(verb.as_ref(), "est" | "était" | "sera" | "serait" | "soit") && {
        let mut at = next + 1;
        while matches!(
            context.lower(at).as_ref(),
            "donc" | "aussi" | "plus" | "très" | "pas" | "ainsi" | "également" | "tout" | "à"
        ) {
            at += 1;
        }
        matches!(context.lower(at + 1).as_ref(), "de" | "d'" | "que" | "qu'") && context.tags.upos(at) != Upos::Noun
    };
    is(&verb) || is(&before) || assessed
}

/// `le groupe`, `cette jeune société`, `l'entreprise toulousaine`; not with a complement or name behind it.
fn noun(context: &Context<'_>, i: usize, end: usize) -> Option<Wanted> {
    let mut at = i + 1;
    if matches!(context.lower(at).as_ref(), "jeune" | "nouvelle" | "nouveau" | "petite" | "grande" | "célèbre") {
        at += 1;
    }
    let noun = context.lower(at);
    // `au quotidien`, `la société civile`, `dans la société` mean nothing named.
    let common = noun == "quotidien" && context.lower(i) == "au"
        || noun == "société" && (context.lower(at + 1) == "civile" || i > 0 && context.lower(i - 1) == "dans");
    if common {
        return None;
    }
    let head = context.lexicon.head(&noun)?;
    if at >= end || head.is_place() && i > 0 && matches!(context.lower(i - 1).as_ref(), "dans" | "en" | "à" | "hors") {
        return None;
    }
    let mut behind = at + 1;
    if is_relational(context, behind) {
        behind += 1;
    }
    // `le logiciel libre`, `la direction générale`: another notion.
    if context.tags.upos(behind) == Upos::Adj && behind == at + 1 {
        return None;
    }
    let next = context.lower(behind);
    let complemented = matches!(next.as_ref(), "de" | "d'" | "du" | "des" | "en" | "à" | "pour" | "-");
    let named = context.is_name(behind) || context.form(behind).chars().next().is_some_and(char::is_uppercase);
    // `l'association le Refuge`: the name brings its own article.
    let named = named || matches!(next.as_ref(), "le" | "la" | "l'" | "les") && context.is_name(behind + 1);
    let quoted_name = matches!(next.as_ref(), "«" | "“" | "\"");
    if (complemented && head.usage == HeadUse::Name)
        || complemented && next != "en" && next != "à" && next != "pour"
        || named
        || quoted_name
    {
        return None;
    }
    // `son association`: only where the noun fits a name.
    let owned = matches!(context.lower(i).as_ref(), "sa" | "son");
    // The preposition in `du groupe`, `au groupe` stays a word of its own.
    let start = if matches!(context.lower(i).as_ref(), "du" | "au") { i + 1 } else { i };
    let noun = noun.into_owned();
    let what = if head.is_place() { What::Authority(noun) } else { What::Noun(noun) };
    (!owned).then_some(Wanted { tokens: start..behind.min(end), what })
}

/// `la première devient …`, `par le second`: not with a noun behind it (`la première usine`).
fn ordinal(context: &Context<'_>, i: usize, end: usize) -> Option<Wanted> {
    let which = match context.lower(i + 1).as_ref() {
        "premier" | "première" => 0,
        "second" | "seconde" => 1,
        _ => return None,
    };
    let is_definite = matches!(context.lower(i).as_ref(), "le" | "la" | "du" | "au");
    let next = context.tags.upos(i + 2);
    let is_alone = !matches!(next, Upos::Noun | Upos::Adj | Upos::Num | Upos::Propn) && !context.is_name(i + 2);
    let starts = if matches!(context.lower(i).as_ref(), "du" | "au") { i + 1 } else { i };
    (is_definite && is_alone && i + 1 < end).then_some(Wanted { tokens: starts..i + 2, what: What::Ordinal(which) })
}

/// Nouns of people that tell no function.
const HUMANS: [&str; 13] = [
    "lauréat",
    "lauréate",
    "homme",
    "femme",
    "trentenaire",
    "quadragénaire",
    "quinquagénaire",
    "sexagénaire",
    "septuagénaire",
    "octogénaire",
    "intéressé",
    "intéressée",
    "autodidacte",
];

/// Trades that tell no office: with an article they mean who was named before, parted by spaces.
static TRADES: LazyLock<FxHashSet<&str>> = LazyLock::new(|| TRADE_NOUNS.split(' ').collect());
const TRADE_NOUNS: &str = "chercheur chercheuse scientifique réalisateur réalisatrice comédien comédienne musicien musicienne \
    romancier romancière écrivain écrivaine autrice artiste photographe plasticien plasticienne chorégraphe cinéaste \
    navigateur navigatrice athlète nageur nageuse coureur coureuse sportif sportive architecte entrepreneur \
    entrepreneuse médecin astronaute historien historienne biologiste physicien physicienne chimiste mathématicien \
    mathématicienne sociologue économiste généticien généticienne virologue cheffe magistrat magistrate";

/// Nouns of functions that companies and things bear too.
const UNSURE: [&str; 18] = [
    "acteur",
    "cadre",
    "champion",
    "courtier",
    "expert",
    "exploitant",
    "gestionnaire",
    "guide",
    "investisseur",
    "leader",
    "mandataire",
    "moniteur",
    "opérateur",
    "organisateur",
    "producteur",
    "promoteur",
    "propriétaire",
    "représentant",
];

/// `cette ingénieure agronome`, `cet ancien journaliste`, `la quadragénaire`: a person named before.
fn human(context: &Context<'_>, i: usize, end: usize) -> Option<Wanted> {
    let gender = match (context.lower(i).as_ref(), context.lower(i + 1).as_ref()) {
        ("cette" | "la", _) | ("l'", "ancienne" | "actuelle") => Gender::Feminine,
        ("ce" | "cet" | "le", _) | ("l'", "ancien" | "actuel") => Gender::Masculine,
        _ => return None,
    };
    let mut at = i + 1;
    let describes = matches!(
        context.lower(at).as_ref(),
        "jeune" | "ancien" | "ancienne" | "nouveau" | "nouvelle" | "actuel" | "actuelle"
    );
    if describes {
        at += 1;
    }
    let noun = context.lower(at);
    // `« … », reconnaît la chercheuse`: who speaks needs no more to be told apart.
    let points = context.lower(i).starts_with("ce") || context.lower(i) == "l'" || follows_speech(context, i);
    let is_trade = || TRADES.contains(noun.as_ref());
    let is_function = || context.lexicon.is_function(&noun) && !UNSURE.contains(&noun.as_ref());
    let is_human =
        HUMANS.contains(&noun.as_ref()) && (points || describes || !matches!(noun.as_ref(), "homme" | "femme"));
    if at >= end
        || context.is_name(at)
        || context.lexicon.head(&noun).is_some()
        || !(is_human || points && is_function() || is_trade())
    {
        return None;
    }
    let mut behind = at + 1;
    while behind < end.min(at + 3) && context.tags.upos(behind) == Upos::Adj && !context.is_name(behind) {
        behind += 1;
    }
    // `cette avocate Marie Durand`, `la directrice de Valoria`: a name or a body follows.
    let speaks = context.lower(i).starts_with('l');
    let next = context.lower(behind);
    let told = speaks && matches!(next.as_ref(), "de" | "d'" | "du" | "des" | "chez" | "à" | "au" | "aux");
    let named = context.is_name(behind) || next == "," && context.is_name(behind + 1);
    let what = if is_human || points { What::Human(gender) } else { What::Trade(gender) };
    let told = told || !(is_human || points) && matches!(next.as_ref(), "en" | "-" | "pour");
    (!told && !named).then_some(Wanted { tokens: i..behind, what })
}

/// How many words may stand between the end of a quotation and who speaks it.
const SPEECH_REACH: usize = 6;

/// Whether only a verb and its helpers stand between the end of a quotation and token `i`.
fn follows_speech(context: &Context<'_>, i: usize) -> bool {
    let before = (i.saturating_sub(SPEECH_REACH)..i).rev();
    let mut verbs = 0;
    for token in before {
        match context.form(token) {
            "»" | "”" | "\"" => return verbs > 0,
            "," => {}
            _ if matches!(context.tags.upos(token), Upos::Verb | Upos::Aux) => verbs += 1,
            _ if verbs > 0 && matches!(context.tags.upos(token), Upos::Pron | Upos::Adv) => {}
            _ => return false,
        }
    }
    false
}

/// `la SICA`, `la Fruitière`: a noun with a capital, alone, as the name that it stands for begins.
fn capital(context: &Context<'_>, i: usize, end: usize) -> Option<Wanted> {
    let at = i + 1;
    let starts = matches!(context.lower(i).as_ref(), "le" | "la" | "l'" | "du" | "au");
    let is_capital = context.form(at).chars().next().is_some_and(char::is_uppercase) && context.form(at).len() > 3;
    let is_word = context.segmentation.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word);
    let followed = context.form(at + 1).chars().next().is_some_and(char::is_uppercase)
        || matches!(context.lower(at + 1).as_ref(), "de" | "d'" | "du" | "des" | "-" | "&");
    if !starts || !is_capital || !is_word || followed || at >= end || context.is_name(at) {
        return None;
    }
    let start = if matches!(context.lower(i).as_ref(), "du" | "au") { at } else { i };
    Some(Wanted { tokens: start..at + 1, what: What::Capital(context.lower(at).into_owned()) })
}

/// Adjectives of origin whose endings do not tell it, and others that tell no other notion, parted by spaces.
const ORIGINS: &str = "provençal provençale breton bretonne belge suisse corse basque catalan catalane normand \
    picard picarde espagnol espagnole turc turque grec grecque russe suédois tchèque \
    britannique slovaque germanique savoyard savoyarde montagnard auvergnat auvergnate familial familiale \
    indépendant indépendante centenaire pionnier pionnière";

/// Whether token `i` is an adjective that tells where something is from (`toulousaine`, `français`).
fn is_relational(context: &Context<'_>, i: usize) -> bool {
    if !matches!(context.tags.upos(i), Upos::Adj | Upos::X) {
        return false;
    }
    let word = context.lower(i);
    // `haut-savoyarde`
    let word = word.rsplit('-').next().unwrap_or_default();
    let ending = ["ais", "aise", "ois", "oise", "ain", "aine", "ien", "ienne", "éen", "éenne", "and", "ande"];
    let tells = || ending.iter().any(|e| word.ends_with(e)) || ORIGINS.split_whitespace().any(|origin| origin == word);
    word.len() > 4 && tells()
}

/// `les deux partenaires`, `ces trois sociétés`.
fn several(context: &Context<'_>, i: usize, end: usize) -> Option<Wanted> {
    let count = match context.lower(i + 1).as_ref() {
        "deux" => 2,
        "trois" => 3,
        "quatre" => 4,
        "cinq" => 5,
        _ => return None,
    };
    let noun = context.lower(i + 2);
    let known = matches!(
        noun.as_ref(),
        "partenaires"
            | "parties"
            | "signataires"
            | "acteurs"
            | "entités"
            | "hommes"
            | "femmes"
            | "dirigeants"
            | "fondateurs"
    );
    let head = context.lexicon.head(&noun).is_some_and(|head| head.kinds.first() == Some(&EntityType::Organization));
    (i + 2 < end && (known || head))
        .then_some(Wanted { tokens: i..i + 3, what: What::Several(count, noun.into_owned()) })
}

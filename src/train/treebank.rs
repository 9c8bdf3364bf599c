//! Treebanks in CoNLL-U, laid over our own tokens.

use std::path::Path;

use super::TrainError;
use crate::segment::{Segmentation, TokenKind};
use crate::tag::morph::lexicon::Agreement;
use crate::tag::morph::tagset::{Conjugation, Tag};
use crate::tag::{Gender, MorphTagger, Number, Person, Upos};
use crate::text::Document;

/// A sentence: our tokens with what the treebank says of them.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Its text.
    pub text: String,
    /// Our tokens without line breaks.
    pub words: Vec<Word>,
}

/// One of our tokens.
#[derive(Clone, Debug)]
pub struct Word {
    /// As written.
    pub form: String,
    pub(crate) gold: Option<Gold>,
}

/// What a treebank says of a word.
#[derive(Clone, Debug)]
pub(crate) struct Gold {
    pub tag: Tag,
    pub agreement: Agreement,
    /// `None` where our token is not one of the treebank's.
    pub lemma: Option<String>,
}

/// A surface token of the treebank: one word, or a contraction of two.
#[derive(Debug)]
struct Surface {
    /// Code points of the sentence.
    start: usize,
    end: usize,
    gold: Gold,
    /// Where its syntactic head stands: index of the token, from 1; 0 is the root.
    id: usize,
    head: usize,
}

/// Reads the sentences of a CoNLL-U file and aligns its tokens with ours.
pub fn read(path: &Path) -> Result<Vec<Sentence>, TrainError> {
    let content = TrainError::read(path)?;
    let mut out = Vec::new();
    let mut lines: Vec<(usize, &str)> = Vec::new();
    for (number, line) in content.lines().chain([""]).enumerate() {
        if !line.is_empty() {
            lines.push((number + 1, line));
        } else if !lines.is_empty() {
            let (text, surfaces) = surfaces(&lines).map_err(|(line, reason)| TrainError::Format {
                path: path.to_owned(),
                line,
                reason: reason.to_owned(),
            })?;
            out.push(align(&text, &surfaces));
            lines.clear();
        }
    }
    Ok(out)
}

type Refusal = (usize, &'static str);

/// The text of a sentence and its surface tokens.
fn surfaces(lines: &[(usize, &str)]) -> Result<(String, Vec<Surface>), Refusal> {
    let mut text = String::new();
    let mut length = 0;
    let mut out: Vec<Surface> = Vec::new();
    // The words of a contraction that are still to come, and whether a space stands behind it.
    let mut inside: Vec<usize> = Vec::new();
    for &(number, line) in lines.iter().filter(|(_, line)| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, form, lemma, upos, _, features, head, _, _, misc] = fields[..] else {
            return Err((number, "a token has ten fields"));
        };
        if id.contains('.') {
            continue;
        }
        let mut write = |text: &mut String| {
            let start = length;
            text.push_str(form);
            length += form.chars().count();
            let end = length;
            if !misc.split('|').any(|m| m == "SpaceAfter=No") {
                text.push(' ');
                length += 1;
            }
            (start, end)
        };
        if let Some((first, last)) = id.split_once('-') {
            let (Ok(first), Ok(last)) = (first.parse::<usize>(), last.parse::<usize>()) else {
                return Err((number, "a range of words is two numbers"));
            };
            let (start, end) = write(&mut text);
            inside = (first..=last).collect();
            let gold = Gold { tag: Tag::new(Upos::X, None), agreement: Agreement::default(), lemma: None };
            out.push(Surface { start, end, gold, id: first, head: 0 });
            continue;
        }
        let id = id.parse::<usize>().map_err(|_| (number, "the first field is a number"))?;
        let head = head.parse::<usize>().map_err(|_| (number, "the head is a number"))?;
        let gold = gold(upos, features, lemma).ok_or((number, "unknown part of speech"))?;
        match (inside.iter().position(|word| *word == id), out.last_mut()) {
            // `du` is `de` and `le`, `duquel` is `de` and `lequel`: the tag of the preposition and the
            // agreement of the article, or all of the pronoun.
            (Some(0), Some(contraction)) => (contraction.gold, contraction.head) = (gold, head),
            (Some(_), Some(contraction)) => {
                if gold.tag.upos() == Upos::Pron {
                    contraction.gold = gold;
                } else {
                    contraction.gold.agreement = gold.agreement;
                }
            }
            _ => {
                let (start, end) = write(&mut text);
                out.push(Surface { start, end, gold, id, head });
            }
        }
    }
    Ok((text, out))
}

fn gold(upos: &str, features: &str, lemma: &str) -> Option<Gold> {
    let upos = Upos::parse(upos)?;
    let feature = |name: &str| features.split('|').find_map(|f| f.strip_prefix(name)?.strip_prefix('='));
    let conjugation = match (feature("VerbForm"), feature("Mood"), feature("Tense")) {
        (Some("Inf"), ..) => Conjugation::Infinitive,
        (Some("Part"), _, Some("Pres")) => Conjugation::PresentParticiple,
        (Some("Part"), ..) => Conjugation::PastParticiple,
        (_, Some("Cnd"), _) => Conjugation::Conditional,
        (_, Some("Imp"), _) => Conjugation::Imperative,
        (_, Some("Sub"), Some("Past" | "Imp")) => Conjugation::SubjunctiveImperfect,
        (_, Some("Sub"), _) => Conjugation::Subjunctive,
        (_, _, Some("Past")) => Conjugation::SimplePast,
        (_, _, Some("Imp")) => Conjugation::Imperfect,
        (_, _, Some("Fut")) => Conjugation::Future,
        _ => Conjugation::Present,
    };
    let gender = match feature("Gender") {
        Some("Masc") => Some(Gender::Masculine),
        Some("Fem") => Some(Gender::Feminine),
        _ => None,
    };
    let number = match feature("Number") {
        Some("Sing") => Some(Number::Singular),
        Some("Plur") => Some(Number::Plural),
        _ => None,
    };
    let person = match feature("Person") {
        Some("1") => Some(Person::First),
        Some("2") => Some(Person::Second),
        Some("3") => Some(Person::Third),
        _ => None,
    };
    let agreement = Agreement::new(gender, number, person);
    Some(Gold { tag: Tag::new(upos, Some(conjugation)), agreement, lemma: Some(lemma.to_owned()) })
}

/// Lays the treebank's tokens over ours. A token of ours that covers several has the tag of their
/// syntactic head and no lemma; one that is only a part of a treebank token has no gold at all.
fn align(text: &str, surfaces: &[Surface]) -> Sentence {
    let document = Document::new(text);
    let segmentation = Segmentation::new(&document);
    let mut words = Vec::new();
    for token in segmentation.tokens.iter().filter(|token| token.kind != TokenKind::Break) {
        let (start, end) = document.code_points(token.span);
        let covered: Vec<&Surface> = surfaces.iter().filter(|s| s.start < end && start < s.end).collect();
        let whole = covered.first().is_some_and(|s| s.start == start) && covered.last().is_some_and(|s| s.end == end);
        let gold = match covered[..] {
            _ if !whole => None,
            [only] => Some(only.gold.clone()),
            _ => {
                let head = covered.iter().find(|s| !covered.iter().any(|other| other.id == s.head));
                head.map(|s| Gold { lemma: None, ..s.gold.clone() })
            }
        };
        words.push(Word { form: document.slice(token.span).to_owned(), gold });
    }
    Sentence { text: text.to_owned(), words }
}

/// How a tagger does on a treebank. Only words that are tokens of ours as of the treebank's are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    /// Tokens of ours.
    pub tokens: usize,
    /// Those that are one token of the treebank too.
    pub aligned: usize,
    /// Right parts of speech among the aligned.
    pub upos: usize,
    /// Right lemmas among the aligned.
    pub lemma: usize,
    /// Right parts of speech together with mood, tense and verb form.
    pub conjugation: usize,
    /// Words whose gender the treebank gives, and those of them that are right.
    pub gender: (usize, usize),
    /// The same for number.
    pub number: (usize, usize),
}

impl std::fmt::Display for Scores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |part: usize, all: usize| part as f64 / all.max(1) as f64;
        write!(
            f,
            "tokens {} aligned {:.4} UPOS {:.4} lemma {:.4} UPOS+verb form {:.4} gender {:.4} number {:.4}",
            self.tokens,
            share(self.aligned, self.tokens),
            share(self.upos, self.aligned),
            share(self.lemma, self.aligned),
            share(self.conjugation, self.aligned),
            share(self.gender.1, self.gender.0),
            share(self.number.1, self.number.0),
        )
    }
}

/// Tags the sentences of a treebank and compares; `report` is told of each wrong word.
pub fn measure(tagger: &MorphTagger, path: &Path, report: &mut dyn FnMut(&str)) -> Result<Scores, TrainError> {
    let mut scores = Scores::default();
    for sentence in read(path)? {
        let document = Document::new(&sentence.text);
        let segmentation = Segmentation::new(&document);
        let tags = tagger.tag(&document, &segmentation);
        let tokens = segmentation.tokens.iter().enumerate().filter(|(_, token)| token.kind != TokenKind::Break);
        for ((i, _), word) in tokens.zip(&sentence.words) {
            scores.tokens += 1;
            let Some((gold, lemma)) = word.gold.as_ref().and_then(|gold| Some((gold, gold.lemma.as_ref()?))) else {
                report(&format!("token\t{}\t{}", word.form, sentence.text));
                continue;
            };
            scores.aligned += 1;
            let mut expected = gold.tag.morphology();
            gold.agreement.fill(&mut expected);
            let (upos, found) = (tags.upos(i), tags.morphology(i));
            let verbal =
                (expected.mood, expected.tense, expected.verb_form) == (found.mood, found.tense, found.verb_form);
            scores.upos += usize::from(upos == gold.tag.upos());
            scores.conjugation += usize::from(upos == gold.tag.upos() && verbal);
            scores.lemma += usize::from(tags.lemma(i) == lemma);
            if expected.gender.is_some() {
                scores.gender.0 += 1;
                scores.gender.1 += usize::from(expected.gender == found.gender);
            }
            if expected.number.is_some() {
                scores.number.0 += 1;
                scores.number.1 += usize::from(expected.number == found.number);
            }
            if upos != gold.tag.upos() {
                report(&format!("upos\t{}\t{:?}\t{upos:?}\t{}", word.form, gold.tag.upos(), sentence.text));
            } else if tags.lemma(i) != lemma {
                report(&format!("lemma\t{}\t{lemma}\t{}\t{upos:?}", word.form, tags.lemma(i)));
            }
        }
    }
    Ok(scores)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of CoNLL-U from fields parted by spaces; `_` where a field is empty.
    fn sentence(words: &[&str]) -> Sentence {
        let lines: Vec<String> = words.iter().map(|word| word.split(' ').collect::<Vec<_>>().join("\t")).collect();
        let numbered: Vec<(usize, &str)> = lines.iter().enumerate().map(|(at, line)| (at + 1, line.as_str())).collect();
        let (text, surfaces) = surfaces(&numbered).expect("well-formed");
        align(&text, &surfaces)
    }

    #[test]
    fn contractions_are_one_word() {
        let found = sentence(&[
            "1 siège siège NOUN _ Gender=Masc|Number=Sing 0 root _ _",
            "2-3 des _ _ _ _ _ _ _ _",
            "2 de de ADP _ _ 4 case _ _",
            "3 les le DET _ Number=Plur 4 det _ _",
            "4 villes ville NOUN _ Gender=Fem|Number=Plur 1 nmod _ SpaceAfter=No",
            "5 . . PUNCT _ _ 1 punct _ _",
        ]);
        assert_eq!(found.text.trim_end(), "siège des villes.");
        let forms: Vec<&str> = found.words.iter().map(|word| word.form.as_str()).collect();
        assert_eq!(forms, ["siège", "des", "villes", "."]);
        let gold = found.words[1].gold.as_ref().expect("our token is one of the treebank's");
        assert_eq!((gold.tag.upos(), gold.lemma.as_deref()), (Upos::Adp, Some("de")));
        assert_eq!(gold.agreement, Agreement::new(None, Some(Number::Plural), None));
    }

    #[test]
    fn tokens_that_differ_have_no_lemma() {
        // The treebank parts what is one token of ours, and the other way round.
        let found = sentence(&[
            "1 12 12 NUM _ _ 2 nummod _ _",
            "2 000 000 NUM _ _ 0 root _ _",
            "3 l'an l'an NOUN _ _ 2 nmod _ _",
        ]);
        let lemmas: Vec<(&str, bool)> = found
            .words
            .iter()
            .map(|word| (word.form.as_str(), word.gold.as_ref().is_some_and(|gold| gold.lemma.is_some())))
            .collect();
        assert_eq!(lemmas, [("12 000", false), ("l'", false), ("an", false)]);
    }

    #[test]
    fn damaged_lines_are_told() {
        let refusal = |line| surfaces(&[(7, line)]).err().map(|(number, _)| number);
        assert_eq!(refusal("1\tun"), Some(7));
        assert_eq!(refusal("1\tun\tun\tNOPE\t_\t_\t0\troot\t_\t_"), Some(7));
        assert_eq!(refusal("x\tun\tun\tDET\t_\t_\t0\troot\t_\t_"), Some(7));
    }
}

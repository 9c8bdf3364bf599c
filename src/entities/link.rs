//! From mentions to entities.

use rustc_hash::FxHashMap;

use super::form::Form;
use super::variants::Variants;
use super::{Entity, EntityId, EntityType};
use crate::mentions::Mention;
use crate::segment::Segmentation;
use crate::text::Document;

/// The entities that `names` name, in order of first mention, and the entity of each name.
pub(super) fn link(
    document: &Document,
    segmentation: &Segmentation,
    names: &[Mention],
) -> (Vec<Entity>, Vec<EntityId>) {
    let mut groups = Groups::new(document, names);
    groups.join_parentheses(document, segmentation, names);
    for variants in &mut groups.variants {
        variants.resolve();
    }
    groups.entities(document, names)
}

/// The id of the entity of that number among those of its type, from 1 on: `person-1`.
pub(super) fn numbered(kind: EntityType, number: usize) -> String {
    format!("{}-{number}", kind.as_str().to_lowercase())
}

/// The distinct forms of each type.
struct Groups {
    /// By the order of [`EntityType::ALL`].
    variants: Vec<Variants>,
    /// Type (index of [`EntityType::ALL`]) and form of each name.
    of_names: Vec<(usize, usize)>,
}

fn index_of(kind: EntityType) -> usize {
    EntityType::ALL.iter().position(|k| *k == kind).unwrap_or_default()
}

impl Groups {
    fn new(document: &Document, names: &[Mention]) -> Self {
        let mut forms: Vec<Vec<Form>> = EntityType::ALL.iter().map(|_| Vec::new()).collect();
        let mut known: FxHashMap<(usize, String), usize> = FxHashMap::default();
        // Most names are written as before: then their form is known without a look at their words.
        let mut written: FxHashMap<(usize, &str), usize> = FxHashMap::default();
        let of_names = names
            .iter()
            .map(|name| {
                let (text, kind) = (document.slice(name.span), index_of(name.kind));
                let index = *written.entry((kind, text)).or_insert_with(|| {
                    let form = Form::new(text);
                    // Invariant: `forms` has a list for each type.
                    let list = &mut forms[kind];
                    *known.entry((kind, form.key())).or_insert_with(|| {
                        list.push(form);
                        list.len() - 1
                    })
                });
                (kind, index)
            })
            .collect();
        let variants = EntityType::ALL.iter().zip(forms).map(|(kind, forms)| Variants::new(*kind, forms)).collect();
        Self { variants, of_names }
    }

    /// Joins `Institut Claudius Regaud (ICR)` and `ICR (Institut Claudius Regaud)`.
    fn join_parentheses(&mut self, document: &Document, segmentation: &Segmentation, names: &[Mention]) {
        for (i, pair) in names.windows(2).enumerate() {
            let (first, second) = (&pair[0], &pair[1]);
            let between = document.text().get(first.span.end..second.span.start).unwrap_or("");
            let behind = segmentation.tokens.get(second.tokens.end).map_or("", |token| document.slice(token.span));
            let opened = matches!(between.trim(), "(" | "[" | "(«" | "( «" | "(\"" | "» (");
            if !opened
                || !matches!(behind, ")" | "]" | "," | ":" | "»" | "\"" | "-" | ";" | "/")
                || first.kind != second.kind
            {
                continue;
            }
            let (kind, b) = self.of_names[i + 1];
            // `Laboratoire d'optique de l'Université X (LOUX)`: the long form may stand one name further back.
            let further = i.checked_sub(1).map(|before| self.of_names[before]).filter(|(other, _)| *other == kind);
            let (_, a) = further
                .filter(|&(_, long)| {
                    let spelled = |form: usize| self.variants[kind].form(form).spells(self.variants[kind].form(b));
                    !spelled(self.of_names[i].1)
                        && spelled(long)
                        && segmentation.sentence_at(names[i - 1].tokens.start)
                            == segmentation.sentence_at(second.tokens.start)
                })
                .unwrap_or(self.of_names[i]);
            let variants = &mut self.variants[kind];
            let (long, short) = (variants.form(a), variants.form(b));
            let (long, short) = if short.is_acronym() || !long.is_acronym() { (long, short) } else { (short, long) };
            let introduced = !short.text.contains(' ') && short.text.chars().count() <= 12 && long.spells(short);
            if introduced && short.text.chars().next().is_some_and(char::is_uppercase) {
                variants.join(a, b);
            }
        }
    }

    fn entities(&self, document: &Document, names: &[Mention]) -> (Vec<Entity>, Vec<EntityId>) {
        let mut entities: Vec<Entity> = Vec::new();
        let mut counts = [0_usize; EntityType::ALL.len()];
        let mut known: FxHashMap<(usize, usize), usize> = FxHashMap::default();
        let mut ids = Vec::with_capacity(names.len());
        for (name, &(kind, form)) in names.iter().zip(&self.of_names) {
            let root = self.variants[kind].root(form);
            let index = *known.entry((kind, root)).or_insert_with(|| {
                counts[kind] += 1;
                entities.push(Entity {
                    id: numbered(name.kind, counts[kind]),
                    kind: name.kind,
                    name: String::new(),
                    aliases: Vec::new(),
                    mentions: Vec::new(),
                });
                entities.len() - 1
            });
            // Invariant: `index` is that of an entity pushed just now or before.
            let entity = &mut entities[index];
            entity.mentions.push(name.span);
            let words = single_line(document.source_slice(name.span));
            if !entity.aliases.contains(&words) && entity.aliases.len() < MOST_FORMS {
                entity.aliases.push(words);
            }
            ids.push(EntityId(index));
        }
        for entity in &mut entities {
            name_fully(entity);
        }
        (entities, ids)
    }
}

/// More forms of one entity than any release has; keeps the search for a known form short.
const MOST_FORMS: usize = 64;

/// The words with single spaces, as the source spells them.
fn single_line(words: &str) -> String {
    if words.contains(['\n', '\t']) || words.contains("  ") {
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        words.to_owned()
    }
}

/// Makes the fullest of the aliases the name: most words, then not all in capitals, then the longest.
fn name_fully(entity: &mut Entity) {
    let fullness = |text: &String| {
        let form = Form::new(text);
        let shouted = form.is_shouted() && !form.is_acronym();
        (form.words.len(), !shouted, text.chars().count())
    };
    if entity.aliases.len() == 1 {
        entity.name = entity.aliases.remove(0);
        return;
    }
    let best = entity.aliases.iter().enumerate().max_by_key(|(i, alias)| (fullness(alias), std::cmp::Reverse(*i)));
    if let Some((best, _)) = best {
        entity.name = entity.aliases.remove(best);
    }
}

//! The words of the tables that named queries give.

use super::texts::Language;
use super::view::relation_of_class;
use crate::store::Parameter;

impl Language {
    /// The heading of a column, by its variable; in words of the language, the variable itself where none are known.
    pub fn column(self, variable: &str) -> &str {
        match variable {
            "acquirer" => self.say("Acquéreur", "Acquirer"),
            "amount" => self.say("Montant", "Amount"),
            "asWritten" => self.say("Dans le texte", "As written"),
            "body" | "organization" => self.say("Organisation", "Organisation"),
            "class" | "type" | "otherType" => self.say("Type", "Type"),
            "confidence" => self.say("Confiance", "Confidence"),
            "copyOf" => self.say("Copie de", "Copy of"),
            "currency" => self.say("Devise", "Currency"),
            "customer" => self.say("Client", "Customer"),
            "date" => self.say("Date", "Date"),
            "duration" => self.say("Durée", "Duration"),
            "event" => self.say("Mouvement", "Move"),
            "fact" => self.say("Fait", "Fact"),
            "heading" => self.say("Titre", "Title"),
            "investor" => self.say("Financeur", "Investor"),
            "issued" => self.say("Publié le", "Issued"),
            "kind" => self.say("Nature", "Kind"),
            "mentions" => self.say("Mentions", "Mentions"),
            "metric" => self.say("Grandeur", "Metric"),
            "name" => self.say("Nom", "Name"),
            "negotiators" => self.say("Négociateurs", "Negotiators"),
            "object" => self.say("Objet", "Object"),
            "other" => self.say("Avec", "With"),
            "parent" => self.say("Rattaché à", "Belongs to"),
            "part" => self.say("Partie", "Part"),
            "parties" => self.say("Parties", "Parties"),
            "product" => self.say("Produit ou activité", "Product or activity"),
            "publisher" => self.say("Émetteur", "Issuer"),
            "quotation" => self.say("Citation", "Quotation"),
            "recipient" => self.say("Bénéficiaire", "Recipient"),
            "relation" => self.say("Relation", "Relation"),
            "release" => self.say("Communiqué", "Release"),
            "releases" => self.say("Communiqués", "Releases"),
            "round" => self.say("Tour", "Round"),
            "rule" => self.say("Règle", "Rule"),
            "seller" => self.say("Vendeur", "Seller"),
            "sentence" => self.say("Phrase", "Sentence"),
            "site" => self.say("Site ou siège", "Site or seat"),
            "stake" => self.say("Part", "Stake"),
            "status" => self.say("Statut", "Status"),
            "supplier" => self.say("Fournisseur", "Supplier"),
            "target" => self.say("Cible", "Target"),
            "title" => self.say("Intitulé", "Title"),
            "topic" => self.say("Sujet", "Topic"),
            "unit" => self.say("Unité", "Unit"),
            "value" => self.say("Valeur", "Value"),
            "what" => self.say("Quoi", "What"),
            "where" => self.say("Lieu", "Where"),
            "whole" => self.say("Ensemble", "Whole"),
            other => other,
        }
    }

    /// The label of a parameter of a named query; `description` where none is known.
    pub fn parameter<'a>(self, name: &str, description: &'a str) -> &'a str {
        match name {
            "entity" => self.say("Nom de ce dont parle le communiqué", "Name of what the release speaks of"),
            "fact" => self.say("IRI du fait (COMMUNIQUÉ#role-1)", "IRI of the fact (RELEASE#role-1)"),
            "organisation" => self.say("Organisation (mots du nom)", "Organisation (words of the name)"),
            "party" => self.say("Partie (mots du nom)", "Party (words of the name)"),
            "person" => self.say("Personne (mots du nom)", "Person (words of the name)"),
            "place" => self.say("Lieu (mots du nom)", "Place (words of the name)"),
            "speaker" => self.say("Personne citée (mots du nom)", "Person quoted (words of the name)"),
            "status" => self.say("Statut", "Status"),
            "title" => self.say("Titre (mots)", "Title (words)"),
            "type" => self.say("Type", "Type"),
            "words" => self.say("Citation (mots)", "Quotation (words)"),
            _ => description,
        }
    }

    /// The values of a parameter that has a closed list of them, with their words.
    pub fn choices(self, parameter: &Parameter) -> Vec<(&str, &str)> {
        parameter.choices.iter().map(|value| (value.as_str(), self.word(value))).collect()
    }

    /// A value in a column as the page shows it.
    pub fn cell(self, variable: &str, value: &str) -> String {
        match variable {
            "status" | "kind" | "metric" | "event" | "what" => self.word(value).to_owned(),
            "date" | "issued" => self.date(value),
            "amount" | "value" | "mentions" | "releases" => self.attribute("value", value),
            _ => value.to_owned(),
        }
    }

    /// The word for a class or a value of a closed list.
    fn word(self, value: &str) -> &str {
        match value {
            "appointment" | "departure" => self.relation_one(value),
            "release" => self.kind(value),
            _ => match relation_of_class(value) {
                Some(relation) => self.relation_one(relation),
                None => self.value(self.class(value)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{English, French};
    use crate::store::{NamedQuery, Parameter};

    #[test]
    fn every_column_of_a_named_query_has_a_heading_in_french() {
        for (name, query) in NamedQuery::all() {
            let value = |p: &Parameter| p.choices.first().cloned().unwrap_or_else(|| "urn:x".to_owned());
            let values: Vec<_> = query.parameters.iter().map(|p| (p.name.clone(), value(p))).collect();
            let parsed = query.with(&values);
            for column in parsed.unwrap_or_else(|error| panic!("{name}: {error}")).variables() {
                assert!(French.column(&column).starts_with(char::is_uppercase), "{name}: {column}");
            }
        }
    }

    #[test]
    fn values_are_in_the_words_of_the_language() {
        assert_eq!(French.cell("status", "former"), "passé");
        assert_eq!(French.cell("what", "Acquisition"), "Acquisition");
        assert_eq!(English.cell("issued", "2024-03-12"), "12 March 2024");
        assert_eq!(French.cell("mentions", "12345"), "12\u{202f}345");
        assert_eq!(French.cell("title", "current"), "current");
    }
}

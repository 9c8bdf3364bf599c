//! Quotations and their speakers.

use pressgraph::relations::RelationType;
use proptest::prelude::*;

use crate::support::{EXTRACTOR, extract_marked};

/// The quotations found, as `speaker: words`.
fn quotes(text: &str) -> Vec<String> {
    let extraction = extract_marked(text);
    extraction
        .facts
        .iter()
        .filter(|fact| fact.relation == RelationType::Quote)
        .map(|fact| {
            let speaker = fact.argument("speaker").expect("a quotation has a speaker");
            let words = fact.attribute("quotation").expect("a quotation has words");
            format!("{}: {}", extraction.resolution.entities[speaker.0].name, words.text)
        })
        .collect()
}

#[test]
fn a_reporting_clause_behind() {
    assert_eq!(
        quotes(
            "« Nos équipes sont prêtes pour demain », explique [Marie Durand|Person], directrice de [Valoria|Organization]."
        ),
        ["Marie Durand: Nos équipes sont prêtes pour demain"]
    );
    assert_eq!(
        quotes(
            "“Nous avons réussi ensemble ce pari”, a pour sa part déclaré la présidente de [Valoria|Organization], [Marie Durand|Person]."
        ),
        ["Marie Durand: Nous avons réussi ensemble ce pari"]
    );
}

#[test]
fn a_quotation_goes_on_behind_its_clause() {
    assert_eq!(
        quotes("« C'est une belle suite donnée », estime [Yves Kerdon|Person], « car le savoir-faire demeure ici. »"),
        ["Yves Kerdon: C'est une belle suite donnée", "Yves Kerdon: car le savoir-faire demeure ici."]
    );
}

#[test]
fn a_clause_before() {
    assert_eq!(
        quotes(
            "[Marie Durand|Person], directrice de [Valoria|Organization] à [Lyon|Place], a rappelé : « Nous serons là pour nos clients. »"
        ),
        ["Marie Durand: Nous serons là pour nos clients."]
    );
    assert_eq!(
        quotes("Selon [Marie Durand|Person], « le marché est enfin mûr pour cela »."),
        ["Marie Durand: le marché est enfin mûr pour cela"]
    );
}

#[test]
fn a_signature_below() {
    assert_eq!(
        quotes(
            "« Ce partenariat ouvre une nouvelle voie. »\n\n[Paul Vidal|Person], président de [Valoria|Organization]\n\nLa suite du texte."
        ),
        ["Paul Vidal: Ce partenariat ouvre une nouvelle voie."]
    );
}

#[test]
fn a_clause_inside() {
    assert_eq!(
        quotes("« Ce projet est ambitieux, insiste [Eve Kona|Person], donc nous formons des équipes partout. »"),
        ["Eve Kona: Ce projet est ambitieux, insiste Eve Kona, donc nous formons des équipes partout."]
    );
}

#[test]
fn a_pronoun_inside_is_the_last_speaker() {
    assert_eq!(
        quotes(
            "« Ce tramway est le plus léger », précise [Guy Hoff|Person]. « Il consommera, dit-il, un cinquième de moins. »\n\nPour [Vera Tess|Person], « ce choix est celui du confort »."
        ),
        [
            "Guy Hoff: Ce tramway est le plus léger",
            "Guy Hoff: Il consommera, dit-il, un cinquième de moins.",
            "Vera Tess: ce choix est celui du confort",
        ]
    );
}

#[test]
fn a_speaker_is_told_by_the_office() {
    assert_eq!(
        quotes(
            "[Marie Durand|Person] a été portée à la présidence de [Valoria|Organization].\n\n« La filière manque de bras partout », a lancé la nouvelle présidente."
        ),
        ["Marie Durand: La filière manque de bras partout"]
    );
    assert_eq!(
        quotes("« Signer avec une marque locale avait du sens », fait valoir le président, [Paul Petit|Person]."),
        ["Paul Petit: Signer avec une marque locale avait du sens"]
    );
}

#[test]
fn several_speakers_and_opinions() {
    assert_eq!(
        quotes(
            "[Marie Durand|Person] ([Valoria|Organization]) et la Pre [Ada Leroy|Person] se disent « prudentes mais confiantes pour la suite »."
        ),
        ["Marie Durand: prudentes mais confiantes pour la suite", "Ada Leroy: prudentes mais confiantes pour la suite"]
    );
    assert_eq!(
        quotes("De l'avis de [Paul Petit|Person], l'équipe « a manqué de tout sauf de courage »."),
        ["Paul Petit: a manqué de tout sauf de courage"]
    );
}

#[test]
fn voices_and_second_speakers() {
    assert_eq!(
        quotes(
            "Interrogée mardi, la société « prend acte de la décision des élus » par la voix de sa porte-parole, [Marie Durand|Person]."
        ),
        ["Marie Durand: prend acte de la décision des élus"]
    );
    assert_eq!(
        quotes(
            "Selon le porte-parole de la ville [Paul Petit|Person], le maire « discutera avec eux des solutions possibles »."
        ),
        ["Paul Petit: discutera avec eux des solutions possibles"]
    );
    assert_eq!(
        quotes(
            "[Paul Petit|Person], et [Marie Durand|Person], chimiste, l'ont souligné : « Cela apporte beaucoup aussi aux équipes. »"
        ),
        [
            "Paul Petit: Cela apporte beaucoup aussi aux équipes.",
            "Marie Durand: Cela apporte beaucoup aussi aux équipes."
        ]
    );
}

#[test]
fn a_sentence_behind_is_no_signature() {
    assert_eq!(
        quotes(
            "La formule est de [Paul Petit|Person] : « La mer est trop grande pour un seul port. » [Marie Durand|Person], officière, l'a choisie pour devise."
        ),
        ["Paul Petit: La mer est trop grande pour un seul port."]
    );
}

#[test]
fn a_quotation_of_somebody_unnamed_is_not_continued() {
    assert_eq!(
        quotes(
            "« Nous avons été surpris par la vitesse », reconnaît [Marie Durand|Person]. « Le plus dur reste à faire demain matin », complète son collègue."
        ),
        ["Marie Durand: Nous avons été surpris par la vitesse"]
    );
}

#[test]
fn a_sentence_about_others_does_not_continue_a_speech() {
    let first = "« Nous avons été surpris par la vitesse », reconnaît [Marie Durand|Person].";
    let said = "Marie Durand: Nous avons été surpris par la vitesse";
    assert_eq!(quotes(&format!("{first} La commission relève « un défaut de conception du moteur ».")), [said]);
    assert_eq!(
        quotes(&format!("{first} Elle regrette « un défaut de conception du moteur ».")),
        [said, "Marie Durand: un défaut de conception du moteur"]
    );
    assert_eq!(
        quotes(
            "[Marie Durand|Person] a créé un site. « Les abonnés décident du contenu chaque semaine », peut-on y lire."
        ),
        [""; 0]
    );
}

#[test]
fn an_impersonal_pronoun_takes_up_nobody() {
    let first = "« Nous avons été surpris par la vitesse », reconnaît [Marie Durand|Person].";
    let said = "Marie Durand: Nous avons été surpris par la vitesse";
    assert_eq!(quotes(&format!("{first} Pour la donatrice, il s'agit de « l'effort de toute une vie ».")), [said]);
    assert_eq!(
        quotes(&format!("{first} Il s'agit « d'un défaut de conception du moteur », selon elle.")),
        [said, "Marie Durand: d'un défaut de conception du moteur"]
    );
}

#[test]
fn words_quoted_at_the_end_of_a_sentence_are_not_the_next_speakers() {
    assert_eq!(
        quotes(
            "La charte veut « établir les fondements d'une union ». « Nous avons appris la leçon », dit [Paul Petit|Person]."
        ),
        ["Paul Petit: Nous avons appris la leçon"]
    );
}

#[test]
fn an_opinion_is_that_of_the_titled_name() {
    assert_eq!(
        quotes(
            "Pour la directrice de [Valoria|Organization], [Marie Durand|Person], « il faut aller plus loin ensemble »."
        ),
        ["Marie Durand: il faut aller plus loin ensemble"]
    );
}

#[test]
fn a_pronoun_goes_on_with_the_subject_before() {
    assert_eq!(
        quotes(
            "Le professeur [Lucas Brand|Person] arrive de Brivane. Il encadrera [Sarah Mont|Person] et [Paul Wirth|Person].\n\n« Produire sans charbon, nous savons le faire », résume-t-il."
        ),
        ["Lucas Brand: Produire sans charbon, nous savons le faire"]
    );
}

#[test]
fn paragraphs_that_open_anew_are_one_quotation() {
    assert_eq!(
        quotes("« Nous avons beaucoup appris.\n\n« Nous livrons désormais tout », se réjouit [Delphine Rous|Person]."),
        ["Delphine Rous: Nous avons beaucoup appris.\n\n« Nous livrons désormais tout"]
    );
}

#[test]
fn titles_and_emphasis_are_no_quotations() {
    assert!(quotes("[Marie Durand|Person] présente le programme « École du futur » à [Lyon|Place].").is_empty());
    assert!(
        quotes(
            "La conférence « Demain, quelle eau pour tous ? » aura lieu à [Lyon|Place]. [Paul Vidal|Person] y viendra."
        )
        .is_empty()
    );
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "[a-z«»“”\"'`\n .,:-]{0,80}") {
        let facts = EXTRACTOR.extract(&text).facts;
        prop_assert!(facts.iter().all(|fact| fact.relation != RelationType::Quote), "nobody is named");
    }
}

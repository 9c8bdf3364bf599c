//! Pages of newsrooms.

use pressgraph::read::Format;

use super::{issued, read_one};

const PAGE: &str = r#"<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">
<title>Valoria et Mecaloire signent un partenariat | Valoria</title>
<meta property="og:site_name" content="Valoria">
<meta property="article:published_time" content="2024-03-12T08:30:00+01:00">
<link rel="canonical" href="https://www.valoria.example/presse/partenariat-mecaloire#haut">
<style>p { color: red }</style><script>var texte = "Publicité";</script></head><body>
<nav class="main-menu"><ul><li><a href="/">Accueil</a></li><li><a href="/produits">Produits</a></li></ul></nav>
<div id="cookie-banner"><p>Nous utilisons des cookies pour mesurer l’audience. Acceptez-vous les cookies de nos partenaires ?</p><button>Tout accepter</button></div>
<main><article><h1>Valoria et Mecaloire signent un partenariat</h1>
<p>Nantes, le 12 mars 2024 – La société <b>Valoria</b> annonce la signature d’un accord de cinq ans avec l’entreprise
Mecaloire, qui fabrique des vérins électriques dans son usine d’Angers et emploie deux cents personnes.</p>
<p>Les deux partenaires prévoient&nbsp;:</p>
<ul><li>une ligne de production commune à Angers, ouverte avant la fin de l’année&nbsp;;</li><li>un laboratoire à Nantes, où travailleront trente chercheurs des deux entreprises.</li></ul>
<p>«&nbsp;Cet accord ouvre une étape décisive pour nos équipes&nbsp;», déclare Marie Durand, directrice générale de Valoria.<br>
Le montant du contrat n’a pas été rendu public par les deux sociétés.</p></article></main>
<aside class="related"><h2>À lire aussi</h2><p>Valoria ouvre un bureau à Lyon pour ses clients.</p></aside>
<footer><p>Mentions légales – Plan du site – © Valoria</p></footer></body></html>"#;

#[test]
fn the_main_text_is_found_among_menus_and_banners() {
    let release = read_one("page.html", PAGE.as_bytes());
    let text = &release.text;
    assert!(text.starts_with("Valoria et Mecaloire signent un partenariat\n\nNantes, le 12 mars 2024"), "{text}");
    assert!(text.contains("l’entreprise Mecaloire, qui"), "words of a paragraph stand in one line: {text}");
    assert!(text.contains("\n• une ligne de production"), "{text}");
    assert!(text.contains("directrice générale de Valoria.\nLe montant"), "{text}");
    for outside in ["cookies", "Accueil", "Mentions légales", "Publicité", "color", "Tout accepter", "bureau à Lyon"]
    {
        assert!(!text.contains(outside), "{outside} in {text}");
    }
    assert_eq!(text.matches("signent un partenariat").count(), 1, "the headline stands once");
}

#[test]
fn the_head_gives_title_date_issuer_address_and_language() {
    let release = read_one("page", PAGE.as_bytes());
    assert_eq!(release.metadata.title.as_deref(), Some("Valoria et Mecaloire signent un partenariat"));
    assert_eq!(issued(&release), "2024-03-12");
    assert_eq!(release.metadata.issuer.as_deref(), Some("Valoria"));
    assert_eq!(release.source.url.as_deref(), Some("https://www.valoria.example/presse/partenariat-mecaloire"));
    assert_eq!(release.metadata.language.as_deref(), Some("fr"));
    assert_eq!(release.metadata.format, Format::Html);
}

#[test]
fn linked_data_wins_over_the_rest_of_the_head() {
    let page = r#"<html><head><title>Autre titre</title><meta name="date" content="2020-01-01">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Site"},
{"@type": ["NewsArticle"], "headline": "Valoria lève 3&nbsp;M€", "datePublished": "2024-05-17", "inLanguage": "fr-FR",
"author": {"@type": "Person", "name": "Jean Petit"}, "publisher": {"@type": "Organization", "name": "Valoria SA"},
"url": "https://valoria.example/levee"}]}</script></head>
<body><p>Valoria annonce une levée de fonds de trois millions d’euros auprès de ses actionnaires.</p></body></html>"#;
    let release = read_one("page", page.as_bytes());
    assert_eq!(release.metadata.title.as_deref(), Some("Valoria lève 3\u{a0}M€"));
    assert_eq!(issued(&release), "2024-05-17");
    assert_eq!(release.metadata.issuer.as_deref(), Some("Valoria SA"));
    assert_eq!(release.source.url.as_deref(), Some("https://valoria.example/levee"));
    assert!(release.text.starts_with("Valoria lève 3\u{a0}M€\n\nValoria annonce"), "{}", release.text);
}

#[test]
fn wires_and_home_pages_are_neither_issuer_nor_address() {
    let page = r#"<html><head><meta property="og:site_name" content="Business Wire"><link rel="canonical" href="https://wire.example/"></head>
<body><p>Valoria annonce la nomination de Marie Durand au poste de directrice générale.</p></body></html>"#;
    let release = read_one("page", page.as_bytes());
    assert_eq!(release.metadata.issuer, None);
    assert_eq!(release.source.url, None);
}

#[test]
fn a_declared_encoding_is_believed() {
    let page = "<html><head><meta charset=\"iso-8859-15\"></head><body><p>Une levée de 3 millions d’euros (3 M€) pour l’œuvre.</p></body></html>".replace('’', "'");
    let bytes = encoding_rs::ISO_8859_15.encode(&page).0;
    assert!(read_one("page", &bytes).text.contains("(3 M€) pour l'œuvre"));
}

#[test]
fn tables_and_short_pages_are_read_whole() {
    let page = "<body><p>Chiffres clés</p><table><tr><th>Année</th><th>Effectif</th></tr><tr><td>2023</td><td>120</td></tr></table></body>";
    assert_eq!(read_one("page.html", page.as_bytes()).text, "Chiffres clés\n\nAnnée\tEffectif\n2023\t120");
}

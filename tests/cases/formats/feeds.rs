//! RSS and Atom.

use pressgraph::read::{Format, Reason};

use super::{issued, read_all};

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Valoria – Communiqués de presse</title><link>https://valoria.example</link><description>d</description><language>fr</language>
<item><title>Un accord &amp; un site</title><link>https://valoria.example/1</link><guid isPermaLink="false">cp-1</guid>
<pubDate>Tue, 12 Mar 2024 00:30:00 +0100</pubDate><description>Résumé</description>
<content:encoded><![CDATA[<p>La société Valoria annonce un <b>accord</b>.</p><ul><li>Nantes</li></ul>]]></content:encoded></item>
<item><title>Second titre</title><description>&lt;p&gt;Texte du second communiqué.&lt;/p&gt;</description></item>
<item><title>Vide</title></item></channel></rss>"#;

#[test]
fn each_item_of_rss_is_a_release() {
    let items = read_all("flux.xml", RSS.as_bytes());
    assert_eq!(items.len(), 3, "{items:?}");
    let first = items[0].as_ref().expect("the item has content");
    assert_eq!(first.text, "Un accord & un site\n\nLa société Valoria annonce un accord.\n\n• Nantes");
    assert_eq!(first.metadata.title.as_deref(), Some("Un accord & un site"));
    assert_eq!(issued(first), "2024-03-12", "the day as written");
    assert_eq!(first.metadata.issuer.as_deref(), Some("Valoria"));
    assert_eq!(first.metadata.language.as_deref(), Some("fr"));
    assert_eq!(first.metadata.format, Format::Feed);
    assert_eq!(first.source.url.as_deref(), Some("https://valoria.example/1"));
    assert!(first.source.path.ends_with("/cp-1"), "{:?}", first.source);
    let second = items[1].as_ref().expect("the item has a description");
    assert_eq!(second.text, "Second titre\n\nTexte du second communiqué.");
    assert!(second.source.path.ends_with("/2"), "{:?}", second.source);
    assert_eq!(items[2].as_ref().expect_err("the item is empty").reason, Reason::NoText(Format::Feed));
}

#[test]
fn atom_is_read_with_its_content() {
    let atom = r#"<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Actualités</title><id>urn:f</id><updated>2024-03-01T00:00:00Z</updated>
<entry><id>urn:uuid:1</id><title>Un accord</title><link rel="alternate" href="https://valoria.example/a"/><updated>2024-03-13T00:00:00Z</updated><published>2024-03-12T23:00:00+01:00</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>La société Valoria.</p></div></content></entry></feed>"#;
    let items = read_all("a.atom", atom.as_bytes());
    let [Ok(entry)] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!(entry.text, "Un accord\n\nLa société Valoria.");
    assert_eq!(issued(entry), "2024-03-12");
    assert_eq!(entry.metadata.issuer, None, "a feed of news names no organisation");
    assert_eq!(entry.source.url.as_deref(), Some("https://valoria.example/a"));
}

#[test]
fn the_encoding_that_a_feed_declares_counts_once() {
    let feed = "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><rss version=\"2.0\"><channel><title>Valoria</title><item><title>Un œuvre à 3 M€</title><description>La société Valoria, basée à Béziers.</description></item></channel></rss>";
    let (bytes, _, _) = encoding_rs::ISO_8859_15.encode(feed);
    for bytes in [bytes.as_ref(), feed.as_bytes()] {
        let items = read_all("a.xml", bytes);
        let [Ok(item)] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!(item.text, "Un œuvre à 3 M€\n\nLa société Valoria, basée à Béziers.");
    }
}

//! DOCX and ODT.

use pressgraph::read::{Format, Reason};

use super::make::{docx, odt, zip};
use super::{read_one, refusal};

/// A paragraph of a DOCX, with the properties `style`.
fn paragraph(style: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{style}</w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

#[test]
fn docx_reads_as_when_all_changes_are_accepted() {
    let body = [
        paragraph("<w:pStyle w:val=\"Titre\"/>", "Valoria signe &amp; s’engage"),
        "<w:p><w:r><w:t>La soci</w:t></w:r><w:r><w:t>été</w:t></w:r><w:del><w:r><w:delText>supprimé</w:delText></w:r></w:del><w:r><w:tab/><w:t>Valoria</w:t><w:br/><w:t>à Nantes</w:t><w:instrText>PAGE</w:instrText></w:r></w:p>".to_owned(),
        paragraph("<w:numPr/>", "Nantes"),
        paragraph("<w:numPr/>", "Angers"),
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Effectif</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>120</w:t></w:r></w:p></w:tc></w:tr></w:tbl>".to_owned(),
    ];
    let release = read_one("a.docx", &docx(&body.concat(), "Modèle Word"));
    assert_eq!(
        release.text,
        "Valoria signe & s’engage\n\nLa société Valoria\nà Nantes\n\n• Nantes\n\n• Angers\n\nEffectif\t120"
    );
    assert_eq!(
        release.metadata.title.as_deref(),
        Some("Valoria signe & s’engage"),
        "the style tells, not the template"
    );
    assert_eq!(release.metadata.language.as_deref(), Some("fr-FR"));
    assert_eq!(release.metadata.format, Format::Docx);
}

#[test]
fn odt_keeps_headings_lists_spaces_and_tables() {
    let body = "<text:h text:outline-level=\"1\">Valoria signe</text:h><text:p>La société<text:s text:c=\"2\"/>Valoria<text:line-break/>à Nantes<text:note>1</text:note></text:p><text:list><text:list-item><text:p>Nantes</text:p></text:list-item><text:list-item><text:p>Angers</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>Effectif</text:p></table:table-cell><table:table-cell><text:p>120</text:p></table:table-cell></table:table-row></table:table>";
    let release = read_one("a.odt", &odt(body));
    assert_eq!(release.text, "Valoria signe\n\nLa société  Valoria\nà Nantes\n\n• Nantes\n\n• Angers\n\nEffectif\t120");
    assert_eq!(release.metadata.title.as_deref(), Some("Valoria signe"));
}

#[test]
fn damaged_and_empty_documents_are_refused() {
    assert!(matches!(refusal("a.docx", b"PK\x03\x04 and no archive"), Reason::Damaged { format: "DOCX", .. }));
    assert!(matches!(refusal("a.docx", &zip(&[("autre.xml", b"<a/>")])), Reason::Damaged { format: "DOCX", .. }));
    assert_eq!(refusal("a.docx", &docx("<w:p/>", "")), Reason::NoText(Format::Docx));
    assert_eq!(refusal("a.odt", &odt("<text:p/>")), Reason::NoText(Format::Odt));
}

//! PDF: columns, hyphens, ligatures, accents, repeated lines, pages.

use super::make::{Line, pdf, pdf_of_contents};
use super::{read_one, refusal};
use pdf_extract::{Dictionary, Object, Stream, dictionary};
use pressgraph::read::{Format, Reason};

/// Lines one below the other from `top`, 14 points apart.
fn block<'a>(x: f32, top: f32, lines: &[&'a str]) -> Vec<Line<'a>> {
    let mut y = top + 14.0;
    lines
        .iter()
        .map(|line| {
            y -= 14.0;
            (x, y, 11.0, *line)
        })
        .collect()
}

fn text(pages: &[Vec<Line<'_>>]) -> String {
    read_one("a.pdf", &pdf(pages)).text
}

#[test]
fn lines_become_paragraphs_and_hyphens_words() {
    let mut page = vec![(72.0, 760.0, 18.0, "Valoria signe un accord")];
    page.extend(block(
        72.0,
        720.0,
        &[
            "Nantes, le 12 mars 2024 – La société Valoria annonce la signature d’un parte-",
            "nariat avec Mecaloire, qui fabrique des vérins à Angers, où Marie Durand, vice-",
            "présidente, dirige l’usine de Saint-",
            "Nazaire.",
        ],
    ));
    page.extend(block(72.0, 640.0, &["• Nantes", "• Angers"]));
    assert_eq!(
        text(&[page]),
        "Valoria signe un accord\n\nNantes, le 12 mars 2024 – La société Valoria annonce la signature d’un partenariat avec Mecaloire, qui fabrique des vérins à Angers, où Marie Durand, vice-présidente, dirige l’usine de Saint-Nazaire.\n\n• Nantes\n• Angers"
            .replace("Saint-Nazaire", "Saint-\nNazaire")
    );
}

#[test]
fn what_browsers_print_around_a_page_is_left_out() {
    let body = block(72.0, 700.0, &["La société Valoria annonce un accord.", "Marie Durand s’en félicite."]);
    let mut page = vec![(28.0, 822.0, 8.0, "29/11/2024 09:30"), (260.0, 822.0, 8.0, "Communiqué | Valoria")];
    page.extend(body.clone());
    page.extend([(28.0, 16.0, 8.0, "https://www.valoria.example/12"), (560.0, 16.0, 8.0, "1/1")]);
    assert_eq!(text(&[page]), "La société Valoria annonce un accord. Marie Durand s’en félicite.");
    let mut dated = vec![(28.0, 822.0, 8.0, "29/11/2024 09:30")];
    dated.extend(body);
    assert!(text(&[dated]).starts_with("29/11/2024 09:30"), "a date alone may be that of the release");
}

#[test]
fn columns_are_read_one_after_the_other() {
    let left = [
        "La société Valoria annonce la",
        "signature d’un accord avec la",
        "société Mecaloire, qui emploie",
        "deux cents personnes à Angers.",
    ];
    let right = [
        "Marie Durand se félicite de ce",
        "partenariat, qui ouvre une voie",
        "nouvelle pour les équipes des",
        "deux entreprises de la région.",
    ];
    let mut page = vec![(72.0, 780.0, 16.0, "Un titre qui va par-dessus les deux colonnes de la page")];
    // Line by line across the page, as some programs write.
    for (left, right) in block(72.0, 740.0, &left).into_iter().zip(block(320.0, 740.0, &right)) {
        page.extend([left, right]);
    }
    page.push((
        72.0,
        640.0,
        11.0,
        "Contact presse pour les deux sociétés : Jean Petit, presse@valoria.example, à Nantes",
    ));
    assert_eq!(
        text(&[page]),
        format!(
            "Un titre qui va par-dessus les deux colonnes de la page\n\n{}\n\n{}\n\nContact presse pour les deux sociétés : Jean Petit, presse@valoria.example, à Nantes",
            left.join(" "),
            right.join(" ")
        )
    );
}

#[test]
fn headers_footers_and_page_numbers_part_no_sentence() {
    let page = |number: &'static str, lines: &[&'static str]| {
        let mut page = vec![(72.0, 810.0, 9.0, "VALORIA – COMMUNIQUÉ DE PRESSE")];
        page.extend(block(72.0, 600.0, lines));
        page.push((72.0, 40.0, 8.0, "Valoria SA, 12 rue des Vignes, 44000 Nantes"));
        page.push((500.0, 25.0, 8.0, number));
        page
    };
    let pages = [
        page("Page 1 sur 2", &["La société Valoria annonce un accord avec Mecaloire, qui fabrique des"]),
        page("Page 2 sur 2", &["vérins électriques à Angers."]),
    ];
    assert_eq!(
        text(&pages),
        "VALORIA – COMMUNIQUÉ DE PRESSE\n\nLa société Valoria annonce un accord avec Mecaloire, qui fabrique des vérins électriques à Angers.\n\nValoria SA, 12 rue des Vignes, 44000 Nantes"
    );
}

#[test]
fn accents_drawn_by_themselves_join_their_letter() {
    // As TeX sets them: the accent, back by its width, the letter.
    let content = b"BT /F1 12 Tf 1 0 0 1 72 700 Tm [(Soci) (\xb4) 333 (et) (\xb4) 333 (e Valoria)] TJ ET".to_vec();
    let bytes = pdf_of_contents(&[content], |_, _| {});
    assert_eq!(read_one("a.pdf", &bytes).text, "Société Valoria");
}

#[test]
fn widths_given_for_ranges_of_glyphs_part_the_cells_of_a_table() {
    // Digits are glyphs 19 to 28, all of one width; the second cell begins 4.5 points behind the first.
    let content = b"BT /F2 10 Tf 1 0 0 1 72 700 Tm <0015001300150015> Tj 1 0 0 1 102 700 Tm <00160014> Tj ET".to_vec();
    let bytes = pdf_of_contents(&[content], |document, resources| {
        let cmap = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /x def 1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0013> <001c> <0030> endbfrange endcmap end end";
        let cmap = document.add_object(Stream::new(Dictionary::new(), cmap.to_vec()));
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => "X", "DW" => 1000,
            "FontDescriptor" => dictionary! { "Type" => "FontDescriptor", "FontName" => "X" },
            "W" => vec![19.into(), 28.into(), Object::Real(636.0)],
        });
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "X", "Encoding" => "Identity-H",
            "DescendantFonts" => vec![font.into()], "ToUnicode" => cmap,
        });
        resources.set("Font", dictionary! { "F2" => font });
    });
    assert_eq!(read_one("a.pdf", &bytes).text, "2022 31");
}

#[test]
fn scans_and_protected_files_are_refused_with_advice() {
    let empty = pdf_of_contents(&[b"0 0 100 100 re f".to_vec()], |_, _| {});
    let reason = refusal("a.pdf", &empty);
    assert_eq!(reason, Reason::NoText(Format::Pdf));
    assert!(reason.to_string().contains("text recognition"), "{reason}");
    assert!(matches!(refusal("a.pdf", b"%PDF-1.7\nrien"), Reason::Damaged { format: "PDF", .. }));
}

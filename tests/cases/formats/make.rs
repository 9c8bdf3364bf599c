//! Files of each format, made from invented texts.

use std::io::{Cursor, Write};

use pdf_extract::content::{Content, Operation};
use pdf_extract::{Dictionary, Document, Object, Stream, dictionary};

/// A ZIP archive of `files`.
pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a name is free");
        writer.write_all(bytes).expect("memory takes all");
    }
    writer.finish().expect("the archive closes").into_inner()
}

/// A tar archive of `files`.
pub(super) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        // Written by hand, since the library refuses names that leave the archive.
        let field = header.as_old_mut();
        field.name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *bytes).expect("memory takes all");
    }
    builder.into_inner().expect("the archive closes")
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("the stream closes")
}

pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// A DOCX whose body is `body`, with the title of its properties.
pub(super) fn docx(body: &str, title: &str) -> Vec<u8> {
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    let core = format!(
        r#"<?xml version="1.0"?><cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:language>fr-FR</dc:language></cp:coreProperties>"#
    );
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
        ("docProps/core.xml", core.as_bytes()),
    ])
}

/// An ODT whose text is `body`.
pub(super) fn odt(body: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body><office:text>{body}</office:text></office:body></office:document-content>"#
    );
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content.as_bytes())])
}

/// A line of a PDF page: left edge and baseline in points from the lower left corner, size, text.
pub(super) type Line<'a> = (f32, f32, f32, &'a str);

/// A PDF of pages of lines in Helvetica, in Windows-1252.
pub(super) fn pdf(pages: &[Vec<Line<'_>>]) -> Vec<u8> {
    let operations = |lines: &Vec<Line<'_>>| {
        let mut operations = vec![Operation::new("BT", vec![])];
        for (x, y, size, text) in lines {
            let bytes = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
            operations.push(Operation::new("Tf", vec!["F1".into(), (*size).into()]));
            let matrix = [1.0, 0.0, 0.0, 1.0, *x, *y].map(Object::from).to_vec();
            operations.push(Operation::new("Tm", matrix));
            operations.push(Operation::new("Tj", vec![Object::string_literal(bytes)]));
        }
        operations.push(Operation::new("ET", vec![]));
        Content { operations }.encode().expect("operations encode")
    };
    pdf_of_contents(&pages.iter().map(operations).collect::<Vec<_>>(), |_, _| {})
}

/// A PDF whose pages have these contents; `change` may add to the objects and resources.
pub(super) fn pdf_of_contents(contents: &[Vec<u8>], change: impl Fn(&mut Document, &mut Dictionary)) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
    });
    let mut resources = dictionary! { "Font" => dictionary! { "F1" => font } };
    change(&mut document, &mut resources);
    let resources = document.add_object(resources);
    let kids: Vec<Object> = contents
        .iter()
        .map(|content| {
            let content = document.add_object(Stream::new(Dictionary::new(), content.clone()));
            let page = dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content };
            document.add_object(page).into()
        })
        .collect();
    let count = i64::try_from(kids.len()).expect("few pages");
    let tree = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    document.objects.insert(pages, Object::Dictionary(tree));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("memory takes all");
    bytes
}

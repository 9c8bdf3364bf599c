//! What the library reads wrongly in sound documents, written anew in a form that it reads rightly.

use pdf_extract::{Document, Object, ObjectId};

/// Widths that a font may list.
const WIDTHS: i64 = 70_000;

/// Takes the images out, which the library would read as instructions.
pub(super) fn images(document: &mut Document) {
    for object in document.objects.values_mut() {
        if let Object::Stream(stream) = object
            && stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image")
        {
            stream.dict.remove(b"Filter");
            stream.dict.remove(b"DecodeParms");
            stream.set_content(Vec::new());
        }
    }
}

/// Writes each range of glyphs of one width (`first last width`) as a list of widths
/// (`first [width width …]`): the library takes the first glyph for the last one and for the width.
pub(super) fn widths(document: &mut Document) {
    let is_font = |object: &Object| {
        let subtype = object.as_dict().and_then(|dict| dict.get(b"Subtype")).and_then(Object::as_name);
        subtype.is_ok_and(|name| name.starts_with(b"CIDFontType"))
    };
    let fonts: Vec<ObjectId> =
        document.objects.iter().filter(|(_, object)| is_font(object)).map(|(id, _)| *id).collect();
    for id in fonts {
        let widths = document.get_dictionary(id).and_then(|font| font.get(b"W"));
        let Some(widths) = widths.ok().and_then(|widths| resolve(document, widths).as_array().ok()) else { continue };
        let listed = listed(document, widths);
        if let Ok(font) = document.get_dictionary_mut(id) {
            font.set("W", listed);
        }
    }
}

/// The same widths, each range as a list. What is no width ends them.
fn listed(document: &Document, widths: &[Object]) -> Vec<Object> {
    let number = |object: &Object| resolve(document, object).as_float().ok();
    let mut out = Vec::new();
    let mut left = WIDTHS;
    let mut rest = widths;
    while let [first, second, after @ ..] = rest {
        #[expect(clippy::cast_possible_truncation, reason = "glyphs are numbered by 16 bits; the cast saturates")]
        let glyph =
            |object: &Object| number(object).map(|number| number as i64).filter(|glyph| (0..=0xffff).contains(glyph));
        let Some(start) = glyph(first) else { break };
        let list = if let Ok(list) = resolve(document, second).as_array() {
            rest = after;
            list.iter().map(|width| Object::Real(number(width).unwrap_or(0.0))).collect()
        } else if let ([width, after @ ..], Some(end)) = (after, glyph(second)) {
            rest = after;
            let count = usize::try_from(end - start + 1).unwrap_or(0);
            vec![Object::Real(number(width).unwrap_or(0.0)); count]
        } else {
            break;
        };
        left -= i64::try_from(list.len()).unwrap_or(i64::MAX);
        if left < 0 {
            break;
        }
        out.push(Object::Integer(start));
        out.push(Object::Array(list));
    }
    out
}

/// What a reference stands for; other objects themselves.
fn resolve<'a>(document: &'a Document, object: &'a Object) -> &'a Object {
    object.as_reference().ok().and_then(|id| document.get_object(id).ok()).unwrap_or(object)
}

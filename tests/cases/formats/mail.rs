//! Mails with a release in them.

use pressgraph::read::Format;

use super::make::docx;
use super::{TEXT, issued, read_all, read_one};

const HEAD: &str = "From: \"Valoria Presse\" <presse@valoria.example>\r\nTo: redaction@journal.example\r\nSubject: TR: =?utf-8?q?Valoria_et_Mecaloire_signent_un_partenariat?=\r\nDate: Tue, 12 Mar 2024 23:30:00 +0100\r\nOrganization: Valoria\r\nContent-Language: fr\r\nMIME-Version: 1.0\r\n";

#[test]
fn the_body_and_the_headers_are_read() {
    let mail = format!("{HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\n{TEXT}");
    let release = read_one("a.eml", mail.as_bytes());
    assert_eq!(release.text.replace("\r\n", "\n"), TEXT, "the headline stands in the text already");
    assert_eq!(release.metadata.title.as_deref(), Some("Valoria et Mecaloire signent un partenariat"));
    assert_eq!(issued(&release), "2024-03-12");
    assert_eq!(release.metadata.issuer.as_deref(), Some("Valoria"));
    assert_eq!(release.metadata.language.as_deref(), Some("fr"));
    assert_eq!(release.metadata.format, Format::Eml);
}

#[test]
fn html_is_preferred_and_flowed_lines_are_joined() {
    let mail = format!(
        "{HEAD}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nen texte\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>La soci=C3=A9t=C3=A9 Valoria=20\r\nannonce un accord.</p>\r\n--b--\r\n"
    );
    assert!(read_one("a.eml", mail.as_bytes()).text.ends_with("\n\nLa société Valoria annonce un accord."));
    let mail =
        format!("{HEAD}Content-Type: text/plain; format=flowed; charset=utf-8\r\n\r\nLa société \r\nValoria.\r\nFin");
    assert!(read_one("a.eml", mail.as_bytes()).text.ends_with("La société Valoria.\nFin\n"));
}

#[test]
fn an_attached_document_is_the_release_of_a_cover_note() {
    let attached =
        docx(&TEXT.split("\n\n").map(|p| format!("<w:p><w:r><w:t>{p}</w:t></w:r></w:p>")).collect::<String>(), "");
    let encoded = base64(&attached);
    let mail = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nBonjour, veuillez trouver notre communique ci-joint.\r\n--b\r\nContent-Type: application/octet-stream; name=\"communique.docx\"\r\nContent-Disposition: attachment; filename=\"communique.docx\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--b--\r\n"
    );
    let releases = read_all("a.eml", mail.as_bytes());
    let [Ok(release)] = releases.as_slice() else { panic!("{releases:?}") };
    assert_eq!(release.text, TEXT);
    assert!(release.source.path.ends_with("/communique.docx"), "{:?}", release.source);
}

#[test]
fn attached_texts_and_pages_are_read_and_notices_are_not() {
    let part = |kind: &str, name: &str, text: &str| {
        format!(
            "--b\r\nContent-Type: {kind}; charset=utf-8; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{text}\r\n"
        )
    };
    let long = format!("{TEXT}\n\n{}", "La société Valoria fabrique des vannes dans son usine de Nantes. ".repeat(8));
    let page =
        format!("<html><head><title>Valoria</title></head><body><script>Menu</script><p>{long}</p></body></html>");
    let mail = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nVoir les fichiers joints.\r\n{}{}{}--b--\r\n",
        part("text/plain", "communique.txt", &long),
        part("text/html", "page.html", &page),
        part("text/plain", "notice.txt", "Ce message est confidentiel."),
    );
    let releases = read_all("a.eml", mail.as_bytes());
    let [Ok(text), Ok(page)] = releases.as_slice() else { panic!("{releases:?}") };
    assert_eq!(text.text.trim_end(), long.trim_end());
    assert!(page.text.contains("Mecaloire") && !page.text.contains("Menu"), "{}", page.text);
    assert!(page.source.path.ends_with("/page.html"), "{:?}", page.source);
}

/// Base64 (RFC 4648), in lines.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (number, group) in bytes.chunks(3).enumerate() {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize] as char;
            out.push(if at <= group.len() { letter } else { '=' });
        }
        if number % 18 == 17 {
            out.push_str("\r\n");
        }
    }
    out
}

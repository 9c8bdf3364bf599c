//! What a client wants: media types by `Accept` (RFC 9110), languages by `Accept-Language`.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE};

use super::texts::Language;

/// One range of a header such as `Accept`, with its weight from 0 to 1000.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Range<'a> {
    value: &'a str,
    weight: u16,
}

/// The ranges of a header's value, in order. A weight that is no number counts as 1.
fn ranges(header: &str) -> impl Iterator<Item = Range<'_>> {
    header.split(',').filter_map(|part| {
        let mut parts = part.split(';').map(str::trim);
        let value = parts.next().filter(|value| !value.is_empty())?;
        let weight = parts
            .find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")))
            .and_then(|q| q.trim().parse::<f32>().ok())
            .map_or(1000, |q| (q.clamp(0.0, 1.0) * 1000.0).round() as u16);
        Some(Range { value, weight })
    })
}

/// How well `range` fits the media type `offer`: 3 for the type itself, 2 for `type/*`, 1 for `*/*`.
fn fit(range: &str, offer: &str) -> Option<u8> {
    if range.eq_ignore_ascii_case(offer) {
        return Some(3);
    }
    if range == "*/*" || range == "*" {
        return Some(1);
    }
    let (kind, _) = offer.split_once('/')?;
    range.strip_suffix("/*").filter(|wanted| wanted.eq_ignore_ascii_case(kind)).map(|_| 2)
}

/// The index of the media type among `offers` (ours, best first) that the `Accept` headers like
/// best; the first without such a header; `None` when they accept none of them.
///
/// ```
/// # use axum::http::{HeaderMap, header::ACCEPT};
/// use pressgraph::serve::negotiate::media_type;
/// let mut headers = HeaderMap::new();
/// headers.insert(ACCEPT, "text/csv;q=0.5, text/*;q=0.4, */*;q=0.1".parse().unwrap());
/// assert_eq!(media_type(&headers, &["application/json", "text/tab-separated-values", "text/csv"]), Some(2));
/// ```
pub fn media_type(headers: &HeaderMap, offers: &[&str]) -> Option<usize> {
    let accept: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = accept.join(",");
    if accept.trim().is_empty() {
        return (!offers.is_empty()).then_some(0);
    }
    let weight_of = |offer: &str| {
        let best = ranges(&accept).filter_map(|range| Some((fit(range.value, offer)?, range.weight)));
        // The most specific range decides; of equally specific ones the heaviest.
        best.max_by_key(|&(fit, weight)| (fit, weight)).map_or(0, |(_, weight)| weight)
    };
    let weighed = offers.iter().enumerate().map(|(index, offer)| (index, weight_of(offer)));
    weighed
        .filter(|&(_, weight)| weight > 0)
        .max_by_key(|&(index, weight)| (weight, usize::MAX - index))
        .map(|(i, _)| i)
}

/// The language of the page: the parameter `lang`, else the cookie `lang`, else `Accept-Language`,
/// else French, the language of the releases.
pub fn language(parameter: Option<&str>, headers: &HeaderMap) -> Language {
    if let Some(language) = parameter.and_then(Language::parse) {
        return language;
    }
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    if let Some(language) = cookies.find(|(name, _)| *name == "lang").and_then(|(_, v)| Language::parse(v)) {
        return language;
    }
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let wanted = ranges(accepted).filter(|range| range.weight > 0).enumerate().filter_map(|(index, range)| {
        let tag = range.value.split('-').next()?;
        let language = if tag == "*" { Language::French } else { Language::parse(&tag.to_ascii_lowercase())? };
        Some((range.weight, usize::MAX - index, language))
    });
    wanted.max_by_key(|&(weight, order, _)| (weight, order)).map_or(Language::French, |(_, _, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(axum::http::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().filter_map(|(name, value)| Some((name.clone(), value.parse().ok()?))).collect()
    }

    #[test]
    fn the_most_specific_range_decides() {
        let offers = ["text/turtle", "application/n-triples", "text/html"];
        let accept = |value| media_type(&headers(&[(ACCEPT, value)]), &offers);
        assert_eq!(accept("text/html,application/xhtml+xml,*/*;q=0.8"), Some(2));
        assert_eq!(accept("*/*"), Some(0));
        assert_eq!(accept("text/*;q=0.9, text/turtle;q=0"), Some(2));
        assert_eq!(accept("image/png"), None);
        assert_eq!(accept("application/n-triples;q=nonsense"), Some(1));
        assert_eq!(media_type(&HeaderMap::new(), &offers), Some(0));
    }

    #[test]
    fn the_switch_wins_over_the_cookie_and_the_cookie_over_the_browser() {
        let all = headers(&[(ACCEPT_LANGUAGE, "de, en-GB;q=0.9, fr;q=0.3"), (COOKIE, "a=b; lang=fr")]);
        assert_eq!(language(None, &headers(&[(ACCEPT_LANGUAGE, "de, en-GB;q=0.9, fr;q=0.3")])), Language::English);
        assert_eq!(language(None, &all), Language::French);
        assert_eq!(language(Some("en"), &all), Language::English);
        assert_eq!(language(Some("xx"), &HeaderMap::new()), Language::French);
    }
}

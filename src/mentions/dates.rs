//! Dates, absolute and relative to the date of the release.

use jiff::civil::{Date, Weekday};
use jiff::{Span as Period, ToSpan};

use super::numerals;
use super::words::Words;
use crate::segment::TokenKind;
use crate::text::{PartialDate, month_number, weekday};

/// A date that begins at some token: the token behind it, and the date where it can be told.
pub(super) type Found = (usize, Option<PartialDate>);

/// Whether something lies before or after the release.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Past,
    Future,
    Unknown,
}

/// Quarters and half-years in short.
pub(super) const PERIODS: [&str; 10] = ["t1", "t2", "t3", "t4", "s1", "s2", "q1", "q2", "q3", "q4"];

/// What stands before `semestre` and `trimestre`.
pub(super) const ORDINALS: [&str; 15] = [
    "premier",
    "première",
    "1er",
    "deuxième",
    "second",
    "seconde",
    "2e",
    "2ème",
    "troisième",
    "3e",
    "3ème",
    "quatrième",
    "4e",
    "4ème",
    "dernier",
];

/// Finds dates in `words`, those relative to the release by its date.
pub(super) struct Dates<'a> {
    pub(super) words: Words<'a>,
    pub(super) issued: Option<PartialDate>,
}

impl Dates<'_> {
    /// The date that begins at token `i`.
    pub(super) fn at(&self, i: usize) -> Option<Found> {
        if self.words.kind(i) == Some(TokenKind::Number) {
            return self.of_day(i).or_else(|| self.numeric(i)).or_else(|| self.period(i)).or_else(|| self.of_year(i));
        }
        let word = self.words.lower(i);
        if let Some(day) = weekday(&word) {
            return self.of_weekday(i, day);
        }
        self.of_month(i)
            .or_else(|| self.near(i))
            .or_else(|| self.vague(i))
            .or_else(|| self.period(i))
            .or_else(|| self.ago(i))
    }

    fn day(&self) -> Option<Date> {
        self.issued?.to_civil()
    }

    /// A year in digits at token `i`.
    fn year(&self, i: usize) -> Option<i32> {
        let form = self.words.form(i);
        (form.len() == 4 && self.words.kind(i) == Some(TokenKind::Number))
            .then(|| form.parse().ok())
            .flatten()
            .filter(|year| (1700..2120).contains(year))
    }

    fn day_number(&self, i: usize) -> Option<u8> {
        let form = self.words.form(i);
        let number = if form == "1er" { 1 } else { form.parse().ok()? };
        (self.words.kind(i) == Some(TokenKind::Number) && (1..=31).contains(&number)).then_some(number)
    }

    /// The side that `dernier` or `prochain` at token `i` tells, and the token behind.
    fn side(&self, i: usize) -> (Side, usize) {
        match self.words.lower(i).trim_end_matches('s') {
            "dernier" | "dernière" | "passé" | "passée" | "écoulé" | "écoulée" => (Side::Past, i + 1),
            "prochain" | "prochaine" => (Side::Future, i + 1),
            _ => (Side::Unknown, i),
        }
    }

    /// `12 mars 2024`, `13 et 14 décembre 2017`, `6 au 9 mai`, `9 mai dernier`: the first day.
    fn of_day(&self, i: usize) -> Option<Found> {
        let first = self.day_number(i)?;
        let mut at = i + 1;
        while self.words.is(at, &["et", "au", "-", "–", ",", "/", "ou", "à"]) && self.day_number(at + 1).is_some() {
            at += 2;
        }
        let month = month_number(&self.words.lower(at))?;
        self.with_year(at + 1, first, month)
    }

    fn with_year(&self, at: usize, day: u8, month: u8) -> Option<Found> {
        if let Some(year) = self.year(at) {
            return Some((at + 1, PartialDate::new(year, Some(month), Some(day))));
        }
        let (side, end) = self.side(at);
        Some((end, self.nearest(month, Some(day), side)))
    }

    /// The month (and day) without a year that lies nearest to the release, on `side` of it.
    fn nearest(&self, month: u8, day: Option<u8>, side: Side) -> Option<PartialDate> {
        let issued = self.issued?;
        let here = issued.month.unwrap_or(6);
        let behind = (month, day.unwrap_or(0)) < (here, issued.day.filter(|_| day.is_some()).unwrap_or(0));
        let ahead = (month, day.unwrap_or(0)) > (here, issued.day.filter(|_| day.is_some()).unwrap_or(31));
        let year = match side {
            Side::Past if ahead => issued.year - 1,
            Side::Future if behind => issued.year + 1,
            Side::Unknown if i16::from(month) - i16::from(here) > 8 => issued.year - 1,
            Side::Unknown if i16::from(here) - i16::from(month) > 8 => issued.year + 1,
            _ => issued.year,
        };
        PartialDate::new(year, Some(month), day)
    }

    /// `12/03/2024`, `12.03.2024`, `2024-03-12`.
    fn numeric(&self, i: usize) -> Option<Found> {
        let parts: Vec<&str> = self.words.form(i).split(['/', '.']).collect();
        if let &[day, month, year] = parts.as_slice() {
            let year = (year.len() == 4).then(|| year.parse().ok()).flatten()?;
            let date = PartialDate::new(year, Some(month.parse().ok()?), Some(day.parse().ok()?))?;
            return Some((i + 1, Some(date)));
        }
        let dashed =
            (1..5).all(|k| self.words.glued(i + k)) && self.words.form(i + 1) == "-" && self.words.form(i + 3) == "-";
        let (first, month, last) = (self.words.form(i), self.words.form(i + 2), self.words.form(i + 4));
        if !dashed || first.len() + month.len() + last.len() != 8 {
            return None;
        }
        let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
        let date = PartialDate::new(year.parse().ok()?, Some(month.parse().ok()?), Some(day.parse().ok()?))?;
        Some((i + 5, Some(date)))
    }

    /// `2019`, unless it counts something (`2019 salariés`).
    fn of_year(&self, i: usize) -> Option<Found> {
        let year = self.year(i)?;
        let cue = self.words.is(
            i.wrapping_sub(1),
            &["en", "depuis", "dès", "avant", "après", "fin", "début", "année", "années", "l'an", "exercice", "("],
        );
        let next = self.words.form(i + 1);
        let counts = next.chars().next().is_some_and(|c| c.is_lowercase() || matches!(c, '€' | '$' | '%' | '£'))
            && !self.words.is(
                i + 1,
                &[
                    "et", "à", "au", "ou", "en", "par", "pour", "avec", "sur", "dans", "grâce", "a", "est", "qui",
                    "puis", "comme", "lors", "par", "sous",
                ],
            );
        (cue || !counts && year >= 1900).then(|| (i + 1, PartialDate::new(year, None, None)))
    }

    /// `vendredi`, `vendredi 3 mai 2024`, `lundi prochain`.
    fn of_weekday(&self, i: usize, day: Weekday) -> Option<Found> {
        if let Some(found) = self.of_day(i + 1) {
            return Some(found);
        }
        if self.day_number(i + 1).is_some()
            && self.words.kind(i + 2) != Some(TokenKind::Number)
            && self.words.form(i + 2) != "%"
        {
            // `mercredi 20`: the day of the month of the release or of the one before.
            let number = self.day_number(i + 1)?;
            let date = self.day().and_then(|issued| {
                (-7..7).find_map(|k: i64| {
                    let day_there = issued.checked_add((k * 7).days()).ok()?;
                    let start = day_there.checked_sub(6.days()).ok()?;
                    (0..7_i64).find_map(|d| {
                        let candidate = start.checked_add(d.days()).ok()?;
                        (candidate.weekday() == day && candidate.day() == i8::try_from(number).ok()?)
                            .then_some(candidate)
                    })
                })
            });
            return Some((i + 2, date.map(PartialDate::of_civil)));
        }
        let end = if self.words.is(i + 1, &["matin", "soir", "après-midi", "midi"]) { i + 2 } else { i + 1 };
        let (side, end) = self.side(end);
        let date = self.day().and_then(|issued| match side {
            Side::Future => issued.nth_weekday(1, day).ok(),
            Side::Past => issued.nth_weekday(-1, day).ok(),
            Side::Unknown if issued.weekday() == day => Some(issued),
            Side::Unknown => issued.nth_weekday(-1, day).ok(),
        });
        Some((end, date.map(PartialDate::of_civil)))
    }

    /// `mars 2024`, `mars dernier`, `en mars`.
    fn of_month(&self, i: usize) -> Option<Found> {
        let month = month_number(&self.words.lower(i))?;
        if let Some(year) = self.year(i + 1) {
            return Some((i + 2, PartialDate::new(year, Some(month), None)));
        }
        let (side, end) = self.side(i + 1);
        let cues = ["en", "fin", "début", "depuis", "dès", "courant", "d'ici", "d'", "jusqu'en", "de", "à", "et"];
        // `un contrat de sept ans`: alone, the short form of September is a number.
        let is_word = self.words.form(i).chars().all(char::is_lowercase) && self.words.form(i) != "sept";
        let cued = self.words.is(i.wrapping_sub(1), &cues) && is_word;
        (side != Side::Unknown || cued).then(|| (end, self.nearest(month, None, side)))
    }

    /// `hier`, `aujourd'hui`, `ce jour`, `cette année`, `l'an dernier`, `ce mois-ci`.
    fn near(&self, i: usize) -> Option<Found> {
        let shifted = |days: i64| Some(PartialDate::of_civil(self.day()?.checked_add(days.days()).ok()?));
        let day_part = |at: usize| if self.words.is(at, &["matin", "soir", "après-midi"]) { at + 1 } else { at };
        let of_year = |years: i32| self.issued.and_then(|date| PartialDate::new(date.year + years, None, None));
        let next = self.words.lower(i + 1);
        Some(match self.words.lower(i).as_ref() {
            "hier" => (day_part(i + 1), shifted(-1)),
            "avant-hier" => (i + 1, shifted(-2)),
            "aujourd'hui" => (i + 1, self.issued),
            "demain" => (day_part(i + 1), shifted(1)),
            "ce" if matches!(next.as_ref(), "jour" | "matin" | "soir" | "midi") => (i + 2, self.issued),
            "ce" if matches!(next.as_ref(), "mois" | "mois-ci") => {
                let month = self.issued.and_then(|date| PartialDate::new(date.year, date.month, None));
                (if self.words.is(i + 2, &["-ci"]) { i + 3 } else { i + 2 }, month)
            }
            "cette" if next == "année" => (i + 2, of_year(0)),
            "an" | "année" => {
                let (side, end) = self.side(i + 1);
                (side != Side::Unknown).then(|| (end, of_year(if side == Side::Past { -1 } else { 1 })))?
            }
            "mois" | "semaine" => {
                let (side, end) = self.side(i + 1);
                let step: Period = match (side, self.words.lower(i).as_ref()) {
                    (Side::Unknown, _) => return None,
                    (Side::Past, "mois") => -1.month(),
                    (Side::Future, "mois") => 1.month(),
                    (Side::Past, _) => -1.week(),
                    (Side::Future, _) => 1.week(),
                };
                let there = self.day().and_then(|day| day.checked_add(step).ok()).map(PartialDate::of_civil);
                (end, there.and_then(|date| PartialDate::new(date.year, date.month, None)))
            }
            _ => return None,
        })
    }

    /// `fin 2025`, `début mars 2024`, `mi-2022`, `printemps 2026`, `courant 2024`, `fin de l'année`.
    fn vague(&self, i: usize) -> Option<Found> {
        let word = self.words.lower(i);
        if let Some(rest) = word.strip_prefix("mi-") {
            if let Some(year) = rest.parse().ok().filter(|year| (1900..2120).contains(year)) {
                return Some((i + 1, PartialDate::new(year, None, None)));
            }
            let month = month_number(rest)?;
            return match self.year(i + 1) {
                Some(year) => Some((i + 2, PartialDate::new(year, Some(month), None))),
                None => {
                    let (side, end) = self.side(i + 1);
                    Some((end, self.nearest(month, None, side)))
                }
            };
        }
        match word.as_ref() {
            "fin" | "début" | "courant" | "mi" => {
                if let Some(year) = self.year(i + 1) {
                    return Some((i + 2, PartialDate::new(year, None, None)));
                }
                if word == "fin"
                    && self.words.is(i + 1, &["de"])
                    && self.words.is(i + 2, &["l'"])
                    && self.words.is(i + 3, &["année", "exercice"])
                {
                    return Some((i + 4, self.issued.and_then(|date| PartialDate::new(date.year, None, None))));
                }
                month_number(&self.words.lower(i + 1))?;
                self.of_month(i + 1)
            }
            "printemps" | "été" | "automne" | "hiver" | "rentrée" => {
                if let Some(year) = self.year(i + 1) {
                    return Some((i + 2, PartialDate::new(year, None, None)));
                }
                let (side, end) = self.side(i + 1);
                if side != Side::Unknown {
                    return Some((end, None));
                }
                let year = self.issued.and_then(|date| PartialDate::new(date.year, None, None));
                (word != "rentrée" && self.words.before(i) == "cet" || self.words.before(i) == "cette")
                    .then_some((i + 1, year))
            }
            _ => None,
        }
    }

    /// `premier semestre 2024`, `2e trimestre`, `T3 2023`: the year.
    fn period(&self, i: usize) -> Option<Found> {
        let word = self.words.lower(i);
        let of_issue = self.issued.and_then(|date| PartialDate::new(date.year, None, None));
        let mut at = i + 1;
        if PERIODS.contains(&word.as_ref()) {
            return self.year(at).map(|year| (at + 1, PartialDate::new(year, None, None)));
        }
        if !ORDINALS.contains(&word.as_ref())
            || !self.words.is(at, &["semestre", "trimestre", "quadrimestre", "moitié"])
        {
            return None;
        }
        at += 1;
        if self.words.is(at, &["de", "d'"]) {
            if self.words.is(at + 1, &["l'"]) && self.words.is(at + 2, &["année", "exercice"]) {
                at += 2;
                if self.year(at + 1).is_none() {
                    return Some((at + 1, of_issue));
                }
            }
            at += 1;
        }
        match self.year(at) {
            Some(year) => Some((at + 1, PartialDate::new(year, None, None))),
            None => Some((i + 2, of_issue)),
        }
    }

    /// `il y a deux ans`.
    fn ago(&self, i: usize) -> Option<Found> {
        if !(self.words.is(i, &["il"]) && self.words.is(i + 1, &["y"]) && self.words.is(i + 2, &["a"])) {
            return None;
        }
        let (number, unit) = numerals::number(&self.words, i + 3)?;
        let years = self.words.is(unit, &["an", "ans", "années"]);
        let months = self.words.is(unit, &["mois"]);
        let other = self.words.is(unit, &["jour", "jours", "semaine", "semaines"]);
        #[expect(clippy::cast_possible_truncation, reason = "small numbers only")]
        let whole = (number.fract() == 0.0 && number < 1000.0).then_some(number as i32);
        let date = match whole {
            Some(n) if years => self.issued.and_then(|date| PartialDate::new(date.year - n, None, None)),
            Some(n) if months => {
                let there = self.day().and_then(|day| day.checked_sub(n.months()).ok()).map(PartialDate::of_civil);
                there.and_then(|date| PartialDate::new(date.year, date.month, None))
            }
            _ => None,
        };
        (years || months || other).then_some((unit + 1, date))
    }
}

//! Zones of time getters. The evaluator knows fixed offsets: an IANA name becomes the offset that it has at a constant
//! time, or else its offsets of some years, between which the program chooses by the time ([`Kind::Offsets`]).

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;

use super::problem::{Problem, ProblemKind};
use super::syntax::{Kind, Literal, Node};
use super::types::Type;
use crate::diagnostic::nearest;
use crate::schedule;

/// Mean Gregorian year.
const YEAR_S: i64 = 31_556_952;

/// Replaces an IANA name in `time.getHours(zone)`, of a release at `now_s`.
///
/// # Errors
/// A name or offset that is none, or a zone that is computed.
pub(super) fn rewrite(args: &mut [Node], now_s: i64) -> Result<(), Problem> {
    let [time, zone] = args else { return Ok(()) };
    let Kind::Literal(Literal::Str(name)) = &mut zone.kind else {
        let message = "the zone must be written out";
        let problem = Problem::new(ProblemKind::Unsupported, &zone.span, message);
        return Err(problem.help("write an IANA name (`Europe/London`); the shopper's own zone is in `time.hour`, `time.weekday` and their like"));
    };
    if name.is_empty() || ["UTC", "GMT", "Z", "z"].contains(&name.as_str()) || is_offset(name) {
        return Ok(());
    }
    let Ok(found) = schedule::zone(name) else {
        let database = TimeZoneDatabase::bundled();
        let names: Vec<_> = database.available().collect();
        let meant = nearest(name, names.iter().map(|name| name.as_str()));
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "write an IANA name (`Europe/London`) or an offset (`+01:00`)".to_owned(),
        };
        let problem = Problem::new(ProblemKind::Type, &zone.span, format!("there is no time zone `{name}`"));
        return Err(problem.help(help).suggest(meant.map(|meant| format!("\"{meant}\""))));
    };
    let offsets = match time.kind {
        Kind::Literal(Literal::Timestamp(s, _)) => {
            let Ok(at) = Timestamp::from_second(s) else { return Ok(()) };
            vec![(i64::MIN, (found.to_offset(at).seconds() / 60) as i16)]
        }
        _ => around(name, now_s),
    };
    *zone = Node { ty: Type::Str, ..Node::new(Kind::Offsets(offsets), zone.span.clone()) };
    Ok(())
}

/// `+01:00`, `-03:30`, `05:00`
fn is_offset(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
    let number = |pair: &[u8]| match pair {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some((tens - b'0') * 10 + ones - b'0'),
        _ => None,
    };
    let [hours @ .., b':', _, _] = digits else { return false };
    number(hours).is_some_and(|hours| hours < 24) && number(&digits[3..]).is_some_and(|minutes| minutes < 60)
}

/// A zone's offsets from three years before the year of the release to two years after it: packs last for weeks, memory
/// for a year or so. The same in the whole year, so that builds are.
fn around(name: &str, now_s: i64) -> Vec<(i64, i16)> {
    let year_s = now_s.saturating_sub(now_s.rem_euclid(YEAR_S));
    // The clock itself begins a year before.
    let offsets = schedule::clock(name, year_s.saturating_sub(2 * YEAR_S), year_s.saturating_add(3 * YEAR_S));
    offsets.unwrap_or_else(|_| vec![(i64::MIN, 0)])
}

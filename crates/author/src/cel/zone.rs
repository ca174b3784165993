//! Zones of time getters: the evaluator knows fixed offsets, so an IANA name is turned into the offset that
//! it has at a constant time; a name over a time that is only known in the browser is refused.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::problem::{Problem, ProblemKind};
use super::syntax::{Kind, Literal, Node};

/// Replaces an IANA name in `time.getHours(zone)` by its offset.
///
/// # Errors
/// A name that is none, or over a time that is not constant.
pub(super) fn rewrite(args: &mut [Node]) -> Result<(), Problem> {
    let [time, zone] = args else { return Ok(()) };
    let Kind::Literal(Literal::Str(name)) = &mut zone.kind else { return Ok(()) };
    let fixed = name.is_empty() || name == "UTC" || name == "Z" || name.contains(':');
    if fixed {
        return Ok(());
    }
    let Ok(found) = TimeZone::get(name) else {
        let problem = Problem::new(ProblemKind::Type, &zone.span, format!("there is no time zone `{name}`"));
        return Err(problem.help("write an IANA name (`Europe/London`) or an offset (`+01:00`)"));
    };
    let Kind::Literal(Literal::Timestamp(s, _)) = time.kind else {
        let message = "a named zone needs its table in the shopper's browser";
        let problem = Problem::new(ProblemKind::Unsupported, &zone.span, message);
        return Err(problem
            .help("write a fixed offset (`+01:00`), or use the `time` traits, which are local already"));
    };
    let Ok(at) = Timestamp::from_second(s) else { return Ok(()) };
    let offset_s = found.to_offset(at).seconds();
    let sign = if offset_s < 0 { '-' } else { '+' };
    let minutes = offset_s.unsigned_abs() / 60;
    *name = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
    Ok(())
}

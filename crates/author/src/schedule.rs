//! Civil dates of schedules as Unix seconds.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// The Unix second of a date (`2026-03-01`, its first moment), a local date-time
/// (`2026-03-01T09:00`) or an instant (`2026-03-01T09:00:00Z`), in an IANA time zone.
///
/// A local time that a clock change skips or repeats is the earlier instant's reading (RFC 5545).
///
/// # Errors
/// What is wrong, in words.
pub fn moment_s(text: &str, timezone: &str) -> Result<i64, String> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant.as_second());
    }
    let zone = zone(timezone)?;
    let local = text.parse::<Date>().map(|date| date.at(0, 0, 0, 0));
    let local = local.ok().filter(|_| text.len() <= 10).or_else(|| text.parse::<DateTime>().ok());
    let local = local.ok_or_else(|| format!("`{text}` is no date; write 2026-03-01 or 2026-03-01T09:00"))?;
    let zoned = local.to_zoned(zone).map_err(|error| format!("`{text}` is out of range: {error}"))?;
    Ok(zoned.timestamp().as_second())
}

/// A time zone of the bundled database.
///
/// # Errors
/// That there is none of that name.
pub fn zone(timezone: &str) -> Result<TimeZone, String> {
    let found = jiff::tz::TimeZoneDatabase::bundled().get(timezone);
    found.map_err(|_| format!("there is no time zone `{timezone}`; write one such as Europe/London"))
}

/// A zone's clock: from which Unix second it is how many minutes ahead of UTC. Begins with the clock of a
/// year before `from_s`, for all time before; ends at `until_s` or ten years after `from_s`.
///
/// # Errors
/// There is no such zone, or `from_s` is beyond the calendar.
pub fn clock(timezone: &str, from_s: i64, until_s: i64) -> Result<Vec<(i64, i16)>, String> {
    const YEAR_S: i64 = 366 * 86_400;
    let zone = zone(timezone)?;
    let begins = Timestamp::from_second(from_s.saturating_sub(YEAR_S));
    let begins = begins.map_err(|error| format!("the release time is beyond the calendar: {error}"))?;
    let until_s = until_s.min(from_s.saturating_add(10 * YEAR_S));
    let minutes = |offset: Offset| i16::try_from(offset.seconds() / 60).unwrap_or(0);
    let mut offsets = vec![(i64::MIN, minutes(zone.to_offset(begins)))];
    for change in zone.following(begins).take_while(|change| change.timestamp().as_second() < until_s) {
        let next = minutes(change.offset());
        if offsets.last().is_some_and(|(_, last)| *last != next) {
            offsets.push((change.timestamp().as_second(), next));
        }
    }
    Ok(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_changes_twice_a_year_or_never() {
        // London: ahead of UTC from 2025-03-30 01:00 UTC, level from 2025-10-26, ahead from 2026-03-29.
        let june_s = 1_781_481_600;
        let london = clock("Europe/London", june_s, june_s + 14 * 86_400).unwrap();
        let expected = [(i64::MIN, 60), (1_761_440_400, 0), (1_774_746_000, 60)];
        assert_eq!(london, expected);
        assert_eq!(clock("Asia/Kolkata", june_s, i64::MAX).unwrap(), [(i64::MIN, 330)]);
        assert!(clock("Mars/Olympus", june_s, june_s).is_err() && clock("UTC", i64::MAX, 0).is_err());
    }

    #[test]
    fn dates_are_local_to_their_zone() {
        assert_eq!(moment_s("2026-03-01", "UTC"), Ok(1_772_323_200));
        assert_eq!(moment_s("2026-07-01", "Europe/London"), Ok(1_782_860_400));
        assert_eq!(moment_s("2026-07-01T09:30", "Europe/London"), Ok(1_782_894_600));
        assert_eq!(moment_s("2026-07-01T09:30:00Z", "Europe/London"), Ok(1_782_898_200));
        assert!(moment_s("2026-02-30", "UTC").is_err());
        assert!(moment_s("2026-02-03", "Europe/Londn").is_err());
    }
}

//! Civil dates of schedules as Unix seconds.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

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

#[cfg(test)]
mod tests {
    use super::*;

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

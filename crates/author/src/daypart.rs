//! Days and hours of schedules, as the pack's dayparts.

use crate::diagnostic::Spanned;
use crate::pack::kinds::Zone;

/// Minutes of a day.
const DAY_MIN: u16 = 1_440;
/// All seven days.
const EVERY_DAY: u8 = 0b111_1111;
/// Monday first, as the pack's bits are.
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Hours of days of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Daypart {
    /// Bits of the days it begins on: 1 Monday, ... 64 Sunday.
    pub days: u8,
    /// Whose clock it goes by.
    pub zone: Zone,
    /// First minute of the day.
    pub from_min: u16,
    /// First minute after it; past 1440 it reaches into the next day.
    pub until_min: u16,
}

/// The dayparts of written days and hours; without days every day, without hours the whole day.
///
/// # Errors
/// The text that cannot be read, and why.
pub fn dayparts<'a>(
    days: &'a [Spanned<String>],
    hours: &'a [Spanned<String>],
    zone: Zone,
) -> Result<Vec<Daypart>, (&'a Spanned<String>, String)> {
    if days.is_empty() && hours.is_empty() {
        return Ok(Vec::new());
    }
    let mut bits = if days.is_empty() { EVERY_DAY } else { 0 };
    for text in days {
        bits |= day_bits(&text.value).map_err(|reason| (text, reason))?;
    }
    if hours.is_empty() {
        return Ok(vec![Daypart { days: bits, zone, from_min: 0, until_min: DAY_MIN }]);
    }
    let part = |text: &'a Spanned<String>| {
        let (from_min, until_min) = minutes(&text.value).map_err(|reason| (text, reason))?;
        Ok(Daypart { days: bits, zone, from_min, until_min })
    };
    hours.iter().map(part).collect()
}

/// Bits of `mon`, `Monday`, `mon-fri`, `sat-mon`, `weekdays` or `weekend`.
fn day_bits(text: &str) -> Result<u8, String> {
    let text = text.trim().to_ascii_lowercase();
    match text.as_str() {
        "weekdays" => return Ok(0b001_1111),
        "weekend" | "weekends" => return Ok(0b110_0000),
        _ => {}
    }
    let (first, last) = text.split_once('-').unwrap_or((&text, &text));
    let (first, last) = (day(first)?, day(last)?);
    let length = (last + 7 - first) % 7;
    Ok((0..=length).fold(0, |bits, step| bits | 1 << ((first + step) % 7)))
}

/// 0 for Monday.
fn day(text: &str) -> Result<u8, String> {
    let text = text.trim();
    let found = DAYS.iter().position(|name| text.len() >= 3 && name.starts_with(text));
    let found = found.and_then(|at| u8::try_from(at).ok());
    found.ok_or_else(|| format!("`{text}` is no day; write `mon`, `mon-fri`, `weekdays` or `weekend`"))
}

/// First minute and first minute after `9-17`, `09:00-17:30` or `22:00-02:00`.
fn minutes(text: &str) -> Result<(u16, u16), String> {
    let wrong = || format!("`{text}` are no hours; write `09:00-17:30`");
    let (from, until) = text.split_once('-').ok_or_else(wrong)?;
    let (from, until) = minute(from).zip(minute(until)).ok_or_else(wrong)?;
    if from == until || from == DAY_MIN {
        return Err(format!("`{text}` last no time; write `00:00-24:00` for a whole day"));
    }
    Ok((from, if until < from { until + DAY_MIN } else { until }))
}

/// Minute of the day of `9`, `09:00` or `24:00`.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "00"));
    let number = |text: &str| match text.len() {
        1 | 2 if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse::<u16>().ok(),
        _ => None,
    };
    let (hour, minute) = (number(hour)?, number(minute).filter(|minute| *minute < 60)?);
    Some(hour * 60 + minute).filter(|total| *total <= DAY_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_names_and_ranges() {
        assert_eq!(day_bits("mon"), Ok(1));
        assert_eq!(day_bits("Sunday"), Ok(64));
        assert_eq!(day_bits("mon-fri"), Ok(0b001_1111));
        assert_eq!(day_bits("sat-mon"), Ok(0b110_0001));
        assert_eq!(day_bits("weekend"), Ok(0b110_0000));
        assert!(day_bits("m").is_err() && day_bits("mon-").is_err() && day_bits("").is_err());
    }

    #[test]
    fn hours_may_reach_past_midnight() {
        assert_eq!(minutes("9-17"), Ok((540, 1_020)));
        assert_eq!(minutes("09:00 - 17:30"), Ok((540, 1_050)));
        assert_eq!(minutes("22:00-02:00"), Ok((1_320, 1_560)));
        assert_eq!(minutes("00:00-24:00"), Ok((0, 1_440)));
        for wrong in ["9", "9-9", "24:00-02:00", "9-25", "9:60-10", "a-b", "+9-10", "-", "é-1"] {
            assert!(minutes(wrong).is_err(), "{wrong}");
        }
    }
}

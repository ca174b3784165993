//! `page.*`, `device.*`, `place.*`, `time.*` and `consent.*`: the facts of this moment.

use super::table::code;
use super::values::Traits;
use super::{Context, given};
use crate::digits::push;
use crate::eval::{Instant, Value, civil};
use crate::pack::core::{Core, Place};
use crate::pack::kinds::{Climate, ConsentMode, Hemisphere};

/// Touch screens up to this width are phones, CSS pixels.
const PHONE_WIDTH_MAX: u32 = 767;
/// Touch screens up to this width are tablets, CSS pixels.
const TABLET_WIDTH_MAX: u32 = 1_366;

pub(super) fn set(traits: &mut Traits, context: &Context, core: &Core, now_s: i64) {
    traits.text(code::PAGE_TYPE, if context.page.is_empty() { "other" } else { &context.page });
    traits.text(code::PAGE_PATH, &context.path);
    traits.text(code::PAGE_QUERY, &context.query);
    traits.text(code::PAGE_CATEGORY, &context.category);
    traits.text(code::PAGE_SEARCH, &context.search.to_ascii_lowercase());
    traits.int(code::PAGE_ENGAGED, i64::from(context.engaged_ms / 1_000));
    traits.int(code::PAGE_SCROLL, i64::from(context.scroll_percent.min(100)));
    traits.int(code::PAGE_CLICKS, context.clicks.into());
    let shown_s = if context.shown_s == 0 { now_s } else { context.shown_s };
    traits.int(code::PAGE_TIME, now_s.saturating_sub(shown_s).max(0));
    given::set(traits, context);

    traits.text(code::DEVICE_TYPE, device_type(context));
    traits.bool(code::DEVICE_TOUCH, context.touch);
    traits.int(code::DEVICE_WIDTH, i64::from(context.viewport_width));
    traits.text(code::DEVICE_LANGUAGE, &context.language);
    traits.text(code::DEVICE_OS, &context.os);
    traits.text(code::DEVICE_BROWSER, &context.browser);

    let date = Date::of(now_s.saturating_add(i64::from(context.utc_offset_min) * 60));
    traits.int(code::TIME_HOUR, date.hour);
    traits.int(code::TIME_WEEKDAY, date.weekday);
    traits.int(code::TIME_MONTH, date.month);
    traits.int(code::TIME_DAY, date.day);
    traits.int(code::TIME_YEAR, date.year);
    traits.text(code::TIME_DATE, &date.text());
    traits.set(code::TIME_NOW, Value::Timestamp(Instant { s: now_s, ns: 0 }));

    let place = place_of(core, &context.timezone);
    let country = if context.country.is_empty() { core.text(place.country) } else { &context.country };
    let south = place.hemisphere == Hemisphere::South.code();
    traits.text(code::PLACE_COUNTRY, country);
    traits.text(code::PLACE_HEMISPHERE, if south { "south" } else { "north" });
    traits.text(code::PLACE_CLIMATE, climate(place.climate));
    traits.text(code::PLACE_SEASON, season(date.month, south));
    traits.text(code::PLACE_TIMEZONE, &context.timezone);

    let consent = context.consent.unwrap_or(ConsentMode::Contextual);
    traits.bool(code::CONSENT_REMEMBER, consent >= ConsentMode::Remember);
    traits.bool(code::CONSENT_PERSONALISE, consent >= ConsentMode::Personalise);
    traits.bool(code::CONSENT_HAND_OVER, consent >= ConsentMode::HandOver);
}

fn device_type(context: &Context) -> &'static str {
    match (context.touch, context.viewport_width) {
        (true, 0..=PHONE_WIDTH_MAX) => "phone",
        (true, 0..=TABLET_WIDTH_MAX) => "tablet",
        _ => "desktop",
    }
}

/// The place of a time zone; nothing known for a zone that the pack does not have.
fn place_of(core: &Core, zone: &str) -> Place {
    let (mut low, mut high) = (0, core.places.len() as u32);
    while low < high {
        let middle = low + (high - low) / 2;
        let place = core.places.get(middle).unwrap_or_default();
        match core.text(place.zone).cmp(zone) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return place,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Place::default()
}

fn climate(code: u8) -> &'static str {
    match Climate::from_code(code) {
        Some(Climate::Tropical) => "tropical",
        Some(Climate::Dry) => "dry",
        Some(Climate::Temperate) => "temperate",
        Some(Climate::Continental) => "continental",
        Some(Climate::Polar) => "polar",
        None => "",
    }
}

fn season(month: i64, south: bool) -> &'static str {
    let quarter = (month % 12 / 3 + if south { 2 } else { 0 }) % 4;
    ["winter", "spring", "summer", "autumn"][quarter as usize]
}

/// A moment of the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    /// 1 = Monday.
    pub weekday: i64,
}

impl Date {
    /// The date of a local time in seconds since 1970.
    pub(crate) fn of(local_s: i64) -> Self {
        let days = local_s.div_euclid(86_400);
        let (year, month, day) = civil(days);
        Self {
            year,
            month,
            day,
            hour: local_s.rem_euclid(86_400) / 3_600,
            weekday: (days + 3).rem_euclid(7) + 1,
        }
    }

    /// `2026-03-01`.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        push(&mut out, self.year.unsigned_abs(), 4);
        out.push('-');
        push(&mut out, self.month.unsigned_abs(), 2);
        out.push('-');
        push(&mut out, self.day.unsigned_abs(), 2);
        out
    }
}

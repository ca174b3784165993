//! Facts of the moment, given by the host as plain values.

use crate::pack::kinds::ConsentMode;

/// Page, device and place facts of one page view. Everything may be empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// Page type: `home category product search wishlist cart checkout thank-you other`.
    pub page: String,
    /// Path of the address.
    pub path: String,
    /// Query of the address, without `?`.
    pub query: String,
    /// Category the page shows.
    pub category: String,
    /// Product id of a product page.
    pub item: String,
    /// Search term of a search page.
    pub search: String,
    /// Referrer, an absolute address, of the page that began this visit.
    pub referrer: String,
    /// Query of the page that began this visit, for utm parameters and click ids.
    pub landing_query: String,
    /// Preferred language, a BCP 47 tag.
    pub language: String,
    /// IANA time zone.
    pub timezone: String,
    /// Minutes to add to UTC for the shopper's local time.
    pub utc_offset_min: i32,
    /// ISO 3166 country code when the shop knows better than the time zone.
    pub country: String,
    /// Width of the viewport, CSS pixels.
    pub viewport_width: u32,
    /// Whether the main pointer is a finger.
    pub touch: bool,
    /// Operating system, lower case.
    pub os: String,
    /// Browser, lower case.
    pub browser: String,
    /// Attention on this page, ms.
    pub engaged_ms: u32,
    /// Furthest scroll position, percent.
    pub scroll_percent: u8,
    /// What the shopper allowed; none = contextual.
    pub consent: Option<ConsentMode>,
    /// When the page was shown, Unix seconds; 0 = now.
    pub shown_s: i64,
    /// Clicks on this page.
    pub clicks: u32,
    /// Traits that the page side hands in by code, as text; the last one of a code counts.
    pub facts: Vec<(u16, String)>,
    /// The shop's own values, as text; the last one of a name counts.
    pub custom: Vec<(String, String)>,
}

impl Context {
    /// What the page side handed in for a trait; empty when nothing.
    #[must_use]
    pub fn fact(&self, code: u16) -> &str {
        self.facts.iter().rev().find(|fact| fact.0 == code).map_or("", |fact| &fact.1)
    }
}

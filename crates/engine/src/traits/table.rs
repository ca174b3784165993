//! The table of all traits. `docs/traits.md`, the CEL environment and completion lists come from it.

use crate::pack::kinds::{ConsentMode, CustomKind};

/// Type of a trait's value. A *keyed* trait is indexed by a string: `affinity.category["Garden"]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TraitType {
    /// True or false.
    Bool,
    /// 64-bit integer.
    Int,
    /// Binary64.
    Double,
    /// UTF-8 text.
    Str,
    /// Instant.
    Timestamp,
    /// List of texts.
    StrList,
    /// Text to binary64; absent keys read as 0.
    DoubleByKey,
    /// Text to a value of the type that the shop declared; absent keys have no value.
    AnyByKey,
}

impl TraitType {
    /// Whether a key goes with the code.
    #[must_use]
    pub const fn keyed(self) -> bool {
        matches!(self, Self::DoubleByKey | Self::AnyByKey)
    }

    /// The name in documentation, as CEL writes types.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Double => "double",
            Self::Str => "string",
            Self::Timestamp => "timestamp",
            Self::StrList => "list(string)",
            Self::DoubleByKey => "map(string, double)",
            Self::AnyByKey => "map(string, declared)",
        }
    }
}

/// Where a trait's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// What the device remembers.
    Memory,
    /// The page that is being looked at.
    Page,
    /// The product at hand: the page's, or the candidate in a row's filter.
    Item,
    /// The page, as the page side hands it in under the trait's own code.
    PageFact,
    /// The browser and its screen.
    Device,
    /// The browser, as the page side hands it in under the trait's own code.
    DeviceFact,
    /// The time zone, looked up in the pack.
    Place,
    /// The host's clock, in the shopper's time zone.
    Clock,
    /// What the shopper allowed.
    Consent,
    /// The shop, through its own call.
    Shop,
}

impl Source {
    /// The name in documentation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Page | Self::PageFact => "page",
            Self::Item => "item",
            Self::Device | Self::DeviceFact => "device",
            Self::Place => "time zone",
            Self::Clock => "clock",
            Self::Consent => "consent",
            Self::Shop => "shop",
        }
    }
}

/// One trait's definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trait {
    /// Stable code, as in packs; never reused.
    pub code: u16,
    /// Name in conditions: `visitor.visits`.
    pub path: &'static str,
    /// Type of the value.
    pub kind: TraitType,
    /// Unit, or empty for counts and names.
    pub unit: &'static str,
    /// Least to greatest value, or the list of names.
    pub range: &'static str,
    /// Meaning, one sentence.
    pub doc: &'static str,
    /// Consent below which only this page's own events and facts feed it.
    pub consent: ConsentMode,
    /// Where the value comes from.
    pub source: Source,
}

macro_rules! traits {
    ($($name:ident = $code:literal $path:literal $kind:ident, $unit:literal, $range:literal, $consent:ident, $source:ident, $doc:literal;)*) => {
        /// Codes of the traits, by name.
        pub mod code {
            $(#[doc = concat!("`", $path, "`: ", $doc)] pub const $name: u16 = $code;)*
        }

        /// Every trait, grouped by path.
        pub const TRAITS: &[Trait] = &[$(Trait {
            code: $code,
            path: $path,
            kind: TraitType::$kind,
            unit: $unit,
            range: $range,
            doc: $doc,
            consent: ConsentMode::$consent,
            source: Source::$source,
        },)*];
    };
}

traits! {
    VISITOR_VISITS = 1 "visitor.visits" Int, "", "1..", Remember, Memory, "Visits so far, this one included; a visit ends after 30 minutes without events.";
    VISITOR_IS_NEW = 2 "visitor.is_new" Bool, "", "", Remember, Memory, "Whether this is the first visit.";
    VISITOR_DAYS_SINCE_FIRST = 3 "visitor.days_since_first" Int, "days", "0..", Remember, Memory, "Whole days since the first event.";
    VISITOR_DAYS_SINCE_LAST = 4 "visitor.days_since_last" Int, "days", "0..", Remember, Memory, "Whole days between the last event of the visit before and now; 0 on the first visit.";
    VISITOR_ORDERS = 5 "visitor.orders" Int, "", "0..", Remember, Memory, "Orders so far.";
    VISITOR_SPEND = 6 "visitor.spend" Double, "shop currency", "0..", Remember, Memory, "Value of all orders.";
    VISITOR_AOV = 7 "visitor.aov" Double, "shop currency", "0..", Remember, Memory, "Average value of an order; 0 without orders.";
    VISITOR_FIRST_NAME = 8 "visitor.first_name" Str, "", "", Remember, Shop, "First name as the shop or the shopper gave it; never inferred.";
    VISITOR_LIFECYCLE = 9 "visitor.lifecycle" Str, "", "prospect new active loyal at-risk lost", Remember, Memory, "Stage by number of orders and the probability of still being a customer, else by days since the last order, cut by the pack's RFM points.";
    VISITOR_RFM_RECENCY = 10 "visitor.rfm.recency" Int, "fifth", "0..5", Remember, Memory, "5 = bought most recently of the shop's customers; 0 without orders.";
    VISITOR_RFM_FREQUENCY = 11 "visitor.rfm.frequency" Int, "fifth", "0..5", Remember, Memory, "5 = orders most often; 0 without orders.";
    VISITOR_RFM_MONETARY = 12 "visitor.rfm.monetary" Int, "fifth", "0..5", Remember, Memory, "5 = spends most; 0 without orders.";
    VISITOR_DAYS_SINCE_ORDER = 13 "visitor.days_since_order" Int, "days", "0..", Remember, Memory, "Whole days since the last order; no value without orders.";
    VISITOR_PREDICT_ALIVE = 14 "visitor.predict.alive" Double, "", "0..1", Remember, Memory, "Probability of still being a customer, by BG/NBD; 1 until the second order; no value without orders or a learnt model.";
    VISITOR_PREDICT_CLV_12M = 15 "visitor.predict.clv_12m" Double, "shop currency", "0..", Remember, Memory, "Expected value of the orders of the next 12 months, by BG/NBD and Gamma-Gamma; no value without orders or learnt models.";
    VISITOR_PREDICT_ORDERS_12M = 16 "visitor.predict.orders_12m" Double, "", "0..", Remember, Memory, "Expected orders of the next 12 months, by BG/NBD; no value without orders or a learnt model.";
    VISITOR_PREDICT_NEXT_ORDER_DAYS = 17 "visitor.predict.next_order_days" Int, "days", "0..3650", Remember, Memory, "Days until half of such customers, if still customers, have ordered again; no value without orders or a learnt model.";
    VISITOR_PREDICT_BUYS_AGAIN = 18 "visitor.predict.buys_again" Double, "", "0..1", Remember, Memory, "Probability of an order within 30 days, by the shop's own model, else by BG/NBD; no value without orders or a learnt model.";
    VISITOR_DISCOUNT_AFFINITY = 19 "visitor.discount_affinity" Double, "", "0..1", Remember, Memory, "Share of interest in reduced prices, as for categories; reduced is what cost less than before when it was looked at.";

    SESSION_PAGES = 20 "session.pages" Int, "", "0..", Contextual, Memory, "Pages viewed in this visit.";
    SESSION_ENGAGED = 21 "session.engaged" Int, "seconds", "0..", Contextual, Memory, "Attention in this visit: visible, focused and active.";
    SESSION_SOURCE = 22 "session.source" Str, "", "direct email referral social organic paid", Contextual, Page, "Where this visit came from, by utm parameters, click ids and referrer.";
    SESSION_REFERRER = 23 "session.referrer" Str, "", "", Contextual, Page, "Host name of the page that led to this visit, or empty.";
    SESSION_LANDING = 24 "session.landing" Str, "", "", Contextual, Memory, "Path of the first page of this visit.";
    SESSION_SEARCHES = 25 "session.searches" StrList, "", "", Contextual, Memory, "Search terms of this visit, lower case, oldest first.";
    SESSION_UTM_SOURCE = 26 "session.utm.source" Str, "", "", Contextual, Page, "utm_source, ASCII letters in lower case, or empty.";
    SESSION_UTM_MEDIUM = 27 "session.utm.medium" Str, "", "", Contextual, Page, "utm_medium, ASCII letters in lower case, or empty.";
    SESSION_UTM_CAMPAIGN = 28 "session.utm.campaign" Str, "", "", Contextual, Page, "utm_campaign, ASCII letters in lower case, or empty.";
    SESSION_UTM_TERM = 29 "session.utm.term" Str, "", "", Contextual, Page, "utm_term, ASCII letters in lower case, or empty.";
    SESSION_UTM_CONTENT = 30 "session.utm.content" Str, "", "", Contextual, Page, "utm_content, ASCII letters in lower case, or empty.";
    SESSION_ITEMS_VIEWED = 31 "session.items_viewed" Int, "", "0..", Contextual, Memory, "Distinct products viewed in this visit.";
    SESSION_INTENT = 32 "session.intent" Double, "", "0..1", Contextual, Memory, "Probability that a visit which did as much as this one since its last order, and no more, holds an order, by the shop's own model, else by what shops see on the whole.";
    SESSION_COMPARISONS = 33 "session.comparisons" Int, "", "0..", Contextual, Memory, "How often in this visit the shopper went back from one product to the one viewed before it: A, B, A.";
    SESSION_COMPARED = 34 "session.compared" StrList, "", "", Contextual, Memory, "Ids of the two products between which the shopper last went back and forth in this visit, or empty.";
    SESSION_CLICKS = 35 "session.clicks" Int, "", "0..", Contextual, Memory, "Clicks in this visit, those on this page once its attention is written down.";
    SESSION_DURATION = 36 "session.duration" Int, "seconds", "0..", Contextual, Memory, "Time since this visit began, attended or not.";
    SESSION_SIGNALS = 37 "session.signals" DoubleByKey, "", "0..", Contextual, Memory, "How often in this visit the shopper turned to what the shop marked with that name (`data-shelf-signal`): a size chart, a choice of colours, a part of the page that was seen.";

    PAGE_TYPE = 40 "page.type" Str, "", "home category product search wishlist cart checkout thank-you other", Contextual, Page, "Kind of page.";
    PAGE_PATH = 41 "page.path" Str, "", "", Contextual, Page, "Path of the address.";
    PAGE_QUERY = 42 "page.query" Str, "", "", Contextual, Page, "Query of the address, without the question mark.";
    PAGE_CATEGORY = 43 "page.category" Str, "", "", Contextual, Page, "Category the page shows, or that of its product.";
    PAGE_ENGAGED = 44 "page.engaged" Int, "seconds", "0..", Contextual, Page, "Attention on this page.";
    PAGE_SCROLL = 45 "page.scroll" Int, "percent", "0..100", Contextual, Page, "Furthest scroll position.";
    PAGE_SEARCH = 46 "page.search" Str, "", "", Contextual, Page, "Search term of a search page, lower case, or empty.";
    PAGE_BRAND = 47 "page.brand" Str, "", "", Contextual, PageFact, "Brand the page shows, or that of its product, or empty.";
    PAGE_TAGS = 48 "page.tags" StrList, "", "", Contextual, PageFact, "Tags the page says it has, or that its product's element says.";
    PAGE_PREVIOUS = 49 "page.previous" Str, "", "", Contextual, Memory, "Path of the page before this one in this visit, or empty; reloading is no other page.";
    PAGE_IDLE = 50 "page.idle" Int, "seconds", "0..", Contextual, PageFact, "Time without input on this page, in steps of 5.";
    PAGE_EXIT_INTENT = 51 "page.exit_intent" Bool, "", "", Contextual, PageFact, "Whether the pointer has left this page through the top of the window.";
    PAGE_CLICKS = 52 "page.clicks" Int, "", "0..", Contextual, Page, "Clicks on this page.";
    PAGE_TIME = 53 "page.time" Int, "seconds", "0..", Contextual, Page, "Time since this page was shown, attended or not.";

    ITEM_ID = 60 "item.id" Str, "", "", Contextual, Item, "Product id.";
    ITEM_TITLE = 61 "item.title" Str, "", "", Contextual, Item, "Title.";
    ITEM_BRAND = 62 "item.brand" Str, "", "", Contextual, Item, "Brand, or empty.";
    ITEM_CATEGORY = 63 "item.category" Str, "", "", Contextual, Item, "Category, or empty.";
    ITEM_TAGS = 64 "item.tags" StrList, "", "", Contextual, Item, "Tags.";
    ITEM_PRICE = 65 "item.price" Double, "shop currency", "0..", Contextual, Item, "Price.";
    ITEM_COMPARE_AT = 66 "item.compare_at" Double, "shop currency", "0..", Contextual, Item, "Price before reduction; 0 = none.";
    ITEM_IN_STOCK = 67 "item.in_stock" Bool, "", "", Contextual, Item, "Whether it can be bought now.";
    ITEM_AGE = 68 "item.age" Int, "days", "0..", Contextual, Item, "Days since it joined the catalogue.";
    ITEM_DISCOUNT = 69 "item.discount" Double, "", "0..1", Contextual, Item, "Part taken off the price before reduction.";

    CART_COUNT = 80 "cart.count" Int, "", "0..", Contextual, Memory, "Pieces in the cart.";
    CART_VALUE = 81 "cart.value" Double, "shop currency", "0..", Contextual, Memory, "Value of the cart.";
    CART_ITEMS = 82 "cart.items" StrList, "", "", Contextual, Memory, "Product ids in the cart.";
    CART_AGE = 83 "cart.age" Int, "minutes", "0..", Contextual, Memory, "Minutes since the cart was last changed; 0 when it is empty.";
    CART_ABANDONED = 84 "cart.abandoned" Bool, "", "", Contextual, Memory, "Whether the cart holds something and was last changed over an hour ago.";
    CART_CATEGORIES = 85 "cart.categories" StrList, "", "", Contextual, Memory, "Categories in the cart, each once.";
    CART_BRANDS = 86 "cart.brands" StrList, "", "", Contextual, Memory, "Brands in the cart, each once.";

    WISHLIST_COUNT = 100 "wishlist.count" Int, "", "0..", Contextual, Memory, "Products on the wishlist.";
    WISHLIST_VALUE = 101 "wishlist.value" Double, "shop currency", "0..", Contextual, Memory, "Value of the wishlist at the prices seen.";
    WISHLIST_ITEMS = 102 "wishlist.items" StrList, "", "", Contextual, Memory, "Product ids on the wishlist.";
    WISHLIST_AGE = 103 "wishlist.age" Int, "minutes", "0..", Contextual, Memory, "Minutes since something was last put on the wishlist; 0 when it is empty.";
    WISHLIST_ABANDONED = 104 "wishlist.abandoned" Bool, "", "", Contextual, Memory, "Whether the wishlist holds something and was last added to over a day ago.";
    WISHLIST_CATEGORIES = 105 "wishlist.categories" StrList, "", "", Contextual, Memory, "Categories on the wishlist, each once.";
    WISHLIST_BRANDS = 106 "wishlist.brands" StrList, "", "", Contextual, Memory, "Brands on the wishlist, each once.";

    AFFINITY_CATEGORY = 120 "affinity.category" DoubleByKey, "", "0..1", Remember, Memory, "Share of interest in a category, decayed by the shop's half-life; one short look stays low.";
    AFFINITY_BRAND = 121 "affinity.brand" DoubleByKey, "", "0..1", Remember, Memory, "Share of interest in a brand, as for categories.";
    AFFINITY_TAG = 122 "affinity.tag" DoubleByKey, "", "0..1", Remember, Memory, "Share of interest in a tag that products had when they were looked at, as for categories.";
    AFFINITY_PRICE_BAND = 123 "affinity.price_band" DoubleByKey, "", "0..1", Remember, Memory, "Share of interest in a price band, \"1\" (cheapest fifth of its category) to \"5\".";
    AFFINITY_TOP_CATEGORY = 124 "affinity.top_category" Str, "", "", Remember, Memory, "Category of greatest interest, or empty.";
    AFFINITY_TOP_BRAND = 125 "affinity.top_brand" Str, "", "", Remember, Memory, "Brand of greatest interest, or empty.";

    DEVICE_TYPE = 140 "device.type" Str, "", "phone tablet desktop", Contextual, Device, "Kind of device, by touch and width.";
    DEVICE_TOUCH = 141 "device.touch" Bool, "", "", Contextual, Device, "Whether the main pointer is a finger.";
    DEVICE_WIDTH = 142 "device.width" Int, "CSS pixels", "0..", Contextual, Device, "Width of the viewport.";
    DEVICE_LANGUAGE = 143 "device.language" Str, "", "", Contextual, Device, "Preferred language, a BCP 47 tag.";
    DEVICE_OS = 144 "device.os" Str, "", "", Contextual, Device, "Operating system, lower case, or empty.";
    DEVICE_BROWSER = 145 "device.browser" Str, "", "", Contextual, Device, "Browser, lower case, or empty.";
    DEVICE_HEIGHT = 146 "device.height" Int, "CSS pixels", "0..", Contextual, DeviceFact, "Height of the viewport.";
    DEVICE_SCREEN_WIDTH = 147 "device.screen_width" Int, "CSS pixels", "0..", Contextual, DeviceFact, "Width of the screen.";
    DEVICE_SCREEN_HEIGHT = 148 "device.screen_height" Int, "CSS pixels", "0..", Contextual, DeviceFact, "Height of the screen.";
    DEVICE_CONNECTION = 149 "device.connection" Str, "", "slow-2g 2g 3g 4g", Contextual, DeviceFact, "How fast the connection seems, or empty where the browser does not say.";
    DEVICE_SAVE_DATA = 150 "device.save_data" Bool, "", "", Contextual, DeviceFact, "Whether the shopper asked for less data; false where the browser does not say.";

    PLACE_COUNTRY = 160 "place.country" Str, "", "", Contextual, Place, "ISO 3166 code, given by the shop or by the time zone, or empty.";
    PLACE_HEMISPHERE = 161 "place.hemisphere" Str, "", "north south", Contextual, Place, "Half of the earth; north where the zone is unknown.";
    PLACE_CLIMATE = 162 "place.climate" Str, "", "tropical dry temperate continental polar", Contextual, Place, "Koeppen main group, or empty where the zone is unknown.";
    PLACE_SEASON = 163 "place.season" Str, "", "spring summer autumn winter", Contextual, Place, "Meteorological season of the hemisphere.";
    PLACE_TIMEZONE = 164 "place.timezone" Str, "", "", Contextual, Place, "IANA time zone.";

    TIME_HOUR = 180 "time.hour" Int, "hours", "0..23", Contextual, Clock, "Hour of the shopper's day.";
    TIME_WEEKDAY = 181 "time.weekday" Int, "", "1..7", Contextual, Clock, "Day of the week, 1 = Monday.";
    TIME_MONTH = 182 "time.month" Int, "", "1..12", Contextual, Clock, "Month.";
    TIME_DAY = 183 "time.day" Int, "", "1..31", Contextual, Clock, "Day of the month.";
    TIME_DATE = 184 "time.date" Str, "", "", Contextual, Clock, "Date, `2026-03-01`.";
    TIME_YEAR = 185 "time.year" Int, "", "1970..", Contextual, Clock, "Year.";
    TIME_NOW = 186 "time.now" Timestamp, "", "", Contextual, Clock, "This moment, for clocks of other zones: `time.now.getHours(\"Europe/London\")`.";

    CONSENT_REMEMBER = 200 "consent.remember" Bool, "", "", Contextual, Consent, "Whether memory may be kept on the device.";
    CONSENT_PERSONALISE = 201 "consent.personalise" Bool, "", "", Contextual, Consent, "Whether memory may change what is shown.";
    CONSENT_HAND_OVER = 202 "consent.hand_over" Bool, "", "", Contextual, Consent, "Whether derived traits may go to the shop's e-mail tool.";

    CUSTOM = 220 "custom" AnyByKey, "", "", Contextual, Shop, "The shop's own values, declared with their types in `shop.yaml`: said by the page, else answers that the shopper gave and that are remembered. A value of another type than declared is none.";
}

/// The trait of a path. Cost: a scan of the table; for building packs, not for pages.
#[must_use]
pub fn find(path: &str) -> Option<&'static Trait> {
    TRAITS.iter().find(|def| def.path == path)
}

/// Codes of amounts in the shop's currency, a bit each: asking [`TRAITS`] instead would put all its texts
/// into the shopper's module.
const MONEY: [u64; 4] = {
    let mut codes = [0; 4];
    let mut at = 0;
    while at < TRAITS.len() {
        if matches!(TRAITS[at].unit.as_bytes(), b"shop currency") {
            codes[TRAITS[at].code as usize / 64] |= 1 << (TRAITS[at].code % 64);
        }
        at += 1;
    }
    codes
};

/// What the page side hands in under a trait's own code.
const fn is_fact(found: &Trait) -> bool {
    matches!(found.source, Source::PageFact | Source::DeviceFact)
}

const FACTS_COUNT: usize = {
    let (mut count, mut at) = (0, 0);
    while at < TRAITS.len() {
        count += is_fact(&TRAITS[at]) as usize;
        at += 1;
    }
    count
};

/// Codes and types of what the page side hands in by code; a table of its own for the reason that [`MONEY`] is.
pub(super) const FACTS: [(u8, CustomKind); FACTS_COUNT] = {
    let mut facts = [(0, CustomKind::Bool); FACTS_COUNT];
    let (mut count, mut at) = (0, 0);
    while at < TRAITS.len() {
        if is_fact(&TRAITS[at]) {
            let kind = match TRAITS[at].kind {
                TraitType::Bool => CustomKind::Bool,
                TraitType::Int => CustomKind::Int,
                TraitType::Str => CustomKind::String,
                TraitType::StrList => CustomKind::Strings,
                _ => panic!("facts have one value"),
            };
            facts[count] = (TRAITS[at].code as u8, kind);
            count += 1;
        }
        at += 1;
    }
    facts
};

/// Whether a trait is an amount in the shop's currency.
#[must_use]
pub fn is_money(code: u16) -> bool {
    MONEY.get(usize::from(code / 64)).is_some_and(|codes| codes >> (code % 64) & 1 == 1)
}

/// The trait of a code. For tools, not for pages.
#[must_use]
pub fn by_code(code: u16) -> Option<&'static Trait> {
    TRAITS.binary_search_by_key(&code, |def| def.code).ok().map(|at| &TRAITS[at])
}

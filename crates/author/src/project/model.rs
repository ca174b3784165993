//! A merchant's project as read: every value with the place it was written at, nothing resolved yet.

use std::collections::BTreeMap;

use shelfwise_pack::kinds::{
    CampaignKind, ConsentMode, CustomKind, DiversityBy, MessageKind, Strategy, TriggerKind,
};

use super::strategy::Ranking;
use crate::diagnostic::{FileId, SourceText, Sources, Span, Spanned};

/// All files of a project.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The texts that spans point into.
    pub sources: Sources,
    /// `shop.yaml`.
    pub shop: Shop,
    /// `campaigns/*.yaml`, by file name, then in file order.
    pub campaigns: Vec<Campaign>,
    /// `audiences/*.yaml`.
    pub audiences: Vec<Audience>,
    /// `blocks/*.html` by path (`blocks/spring.html`).
    pub blocks: BTreeMap<String, FileId>,
    /// `scenarios/*.yaml`.
    pub scenarios: Vec<Scenario>,
}

impl Project {
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &Products> {
        let contents = self.campaigns.iter().flat_map(|campaign| {
            std::iter::once(&campaign.content)
                .chain(campaign.variations.iter().map(|variation| &variation.content))
        });
        contents.filter_map(|content| content.products.as_ref())
    }

    /// The steps of all rows.
    pub fn steps(&self) -> impl Iterator<Item = &StrategyName> {
        self.rows().flat_map(|row| &row.strategy)
    }
}

/// `shop.yaml`: the shop itself.
#[derive(Clone, Debug, Default)]
pub struct Shop {
    /// The file.
    pub file: FileId,
    /// Shop id, as in the script tag.
    pub shop: Spanned<String>,
    /// Release channel; `live` when not written.
    pub channel: Spanned<String>,
    /// ISO 4217 code.
    pub currency: Spanned<String>,
    /// BCP 47 tag.
    pub locale: Spanned<String>,
    /// IANA time zone; schedules without one of their own use it.
    pub timezone: Spanned<String>,
    /// Order value from which shipping is free, major units.
    pub free_shipping: Option<Spanned<f64>>,
    /// Product catalogue.
    pub catalogue: Option<CatalogueFile>,
    /// What `shelfwise learn` wrote.
    pub knowledge: Option<Spanned<String>>,
    /// Slots that the shop's pages have.
    pub slots: Vec<SlotEntry>,
    /// Hosts that blocks may link to, besides the shop's own.
    pub links: Vec<Spanned<String>>,
    /// Half-life of an interest, days; 30 when not written.
    pub affinity_half_life_days: u16,
    /// Manual product lists: name and product ids.
    pub lists: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
    /// Types of the shop's own `custom.*` traits, by the name after `custom.`.
    pub custom: Vec<(Spanned<String>, CustomKind)>,
    /// Most campaigns of a kind that one page may show, sorted by kind.
    pub page_limits: Vec<(CampaignKind, u8)>,
    /// Products with at most so many pieces left are low in stock; 5 when not written.
    pub low_stock: u32,
    /// Cards, and products whose neighbours lie together, in one file; chosen from the catalogue's size when not written.
    pub shard_items: Option<Spanned<u32>>,
}

/// The catalogue and how its columns are called.
#[derive(Clone, Debug, Default)]
pub struct CatalogueFile {
    /// Path inside the project or beside it.
    pub file: Spanned<String>,
    /// Our field name to the file's column name; fields not named use their own name.
    pub columns: BTreeMap<String, Spanned<String>>,
}

/// One slot of `shop.yaml`.
#[derive(Clone, Debug, Default)]
pub struct SlotEntry {
    /// `home.hero`.
    pub name: Spanned<String>,
    /// Page type, or any.
    pub page: Option<Spanned<String>>,
}

/// A named condition.
#[derive(Clone, Debug)]
pub struct Audience {
    /// Name that other conditions refer to.
    pub id: Spanned<String>,
    /// The condition, CEL.
    pub condition: SourceText,
}

/// A campaign as written.
#[derive(Clone, Debug, Default)]
pub struct Campaign {
    /// The file.
    pub file: FileId,
    /// The whole document.
    pub span: Span,
    /// Stable id.
    pub id: Spanned<String>,
    /// Slot name.
    pub slot: Option<Spanned<String>>,
    /// Kind; derived from the content when not written.
    pub kind: Option<Spanned<CampaignKind>>,
    /// Condition, CEL; may name audiences.
    pub audience: Option<SourceText>,
    /// When it may show.
    pub schedule: Option<Schedule>,
    /// How often it may show.
    pub cap: Option<Cap>,
    /// Higher wins; 0 when not written.
    pub priority: i16,
    /// Group of which one campaign a page may show.
    pub group: Option<Spanned<String>>,
    /// Consent it needs.
    pub consent: Option<Spanned<ConsentMode>>,
    /// When it fires.
    pub trigger: Option<Trigger>,
    /// How a message is shown.
    pub message: Option<Spanned<MessageKind>>,
    /// Experiment set-up.
    pub experiment: Option<Experiment>,
    /// What every variation but `control` shows unless it says otherwise.
    pub content: Content,
    /// Variations; when empty, there is one with the campaign's own content.
    pub variations: Vec<Variation>,
}

/// One variation as written.
#[derive(Clone, Debug, Default)]
pub struct Variation {
    /// Where.
    pub span: Span,
    /// Id inside the campaign; `control` leaves the merchant's markup alone.
    pub id: Spanned<String>,
    /// Share; weights of a campaign are relative to their sum.
    pub weight: Option<Spanned<f64>>,
    /// What it shows.
    pub content: Content,
}

/// What a campaign or variation shows.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Path of a block file.
    pub block: Option<Spanned<String>>,
    /// Id of a `<template>` in the merchant's page to fill.
    pub template: Option<Spanned<String>>,
    /// Block names, first to last.
    pub order: Option<Spanned<Vec<Spanned<String>>>>,
    /// A recommended row.
    pub products: Option<Products>,
    /// Name of a DOM event to dispatch.
    pub event: Option<Spanned<String>>,
    /// Values for the block's bindings; they may hold bindings to traits.
    pub data: Vec<(Spanned<String>, SourceText)>,
}

/// A recommended row as written.
#[derive(Clone, Debug, Default)]
pub struct Products {
    /// Where.
    pub span: Span,
    /// Fallback chain, first to last.
    pub strategy: Vec<StrategyName>,
    /// Most products; 8 when not written.
    pub limit: u8,
    /// Fewest products, else the merchant's markup stays. When not written half of `limit`, rounded up; 1 where rows are short
    /// by nature.
    pub minimum: u8,
    /// Condition over `item.*`.
    pub filter: Option<SourceText>,
    /// Attribute that diversity counts by.
    pub diversity_by: Option<DiversityBy>,
    /// Most products of one value of it.
    pub diversity_max: u8,
    /// Bits of [`shelfwise_pack::core::exclude`].
    pub exclude: u8,
    /// Weights and pins.
    pub adjustments: Vec<AdjustmentEntry>,
    /// What a product that is like one before it loses, in 255ths.
    pub spread: u8,
    /// Lowest score of neighbours that count, 0..=15.
    pub score_min: u8,
    /// Lowest and highest price, percent of that of the product it goes with; 0 = any.
    pub price_percent: [u16; 2],
    /// The same and where it was written, if it was.
    pub price: Option<Spanned<[u16; 2]>>,
    /// Bits of [`shelfwise_pack::core::kinship`].
    pub kinship: u8,
    /// Each of these bits and where it was written.
    pub kin: Vec<Spanned<u8>>,
    /// How much of the order of a reranked grid is the shopper's taste, in 255ths.
    pub taste: u8,
    /// Where `taste` was written, if it was.
    pub taste_at: Option<Span>,
}

/// A boost, a burial or a pin as written.
#[derive(Clone, Debug)]
pub struct AdjustmentEntry {
    /// Where.
    pub span: Span,
    /// Condition over `item.*` of what is weighed.
    pub filter: Option<SourceText>,
    /// Percent of the score that stays, or the place of a pin.
    pub amount: u16,
    /// Product id of a pin; none = a weight.
    pub item: Option<Spanned<String>>,
    /// Product id that the page must be about or the cart must hold.
    pub when: Option<Spanned<String>>,
    /// Local date or date-time it starts.
    pub from: Option<Spanned<String>>,
    /// Local date or date-time it ends.
    pub until: Option<Spanned<String>>,
}

impl AdjustmentEntry {
    /// What a message calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match (&self.item, self.amount) {
            (Some(_), _) => "pin",
            (None, 0..=99) => "burial",
            (None, _) => "boost",
        }
    }
}

/// One step of a fallback chain.
#[derive(Clone, Debug)]
pub struct StrategyName {
    /// The strategy.
    pub strategy: Spanned<Strategy>,
    /// Name of the manual list for [`Strategy::Manual`], else empty.
    pub list: String,
    /// Which list, for strategies that show one.
    pub ranking: Ranking,
}

/// When a campaign may show.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    /// Where.
    pub span: Span,
    /// Local date or date-time it starts.
    pub from: Option<Spanned<String>>,
    /// Local date or date-time it ends; the first moment it no longer shows.
    pub until: Option<Spanned<String>>,
    /// `shop`, `shopper` or an IANA time zone; the shop's when not written.
    pub timezone: Option<Spanned<String>>,
    /// Days of the week: `mon-fri`; every day when empty.
    pub days: Vec<Spanned<String>>,
    /// Hours of those days: `09:00-17:30`; the whole day when empty.
    pub hours: Vec<Spanned<String>>,
}

/// How often a campaign may show.
#[derive(Clone, Debug, Default)]
pub struct Cap {
    /// Most exposures in the window.
    pub exposures: Spanned<u32>,
    /// Window, seconds; 0 = ever.
    pub per_s: u32,
    /// Most exposures ever, beside those in the window.
    pub total: Option<u32>,
}

/// When a message or trigger campaign fires.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// What fires it.
    pub kind: Spanned<TriggerKind>,
    /// Seconds, percent or minutes, by kind.
    pub threshold: u32,
}

/// Experiment set-up.
#[derive(Clone, Debug, Default)]
pub struct Experiment {
    /// Key reported in exposures.
    pub key: Spanned<String>,
    /// Hash seed; the key when not written.
    pub seed: Option<Spanned<String>>,
    /// Share of shoppers, 0..=1; 1 when not written.
    pub coverage: f64,
    /// GrowthBook hash version, 1 or 2; 2 when not written.
    pub hash_version: u8,
    /// Namespace and this experiment's part of it, 0..=1.
    pub namespace: Option<(Spanned<String>, f64, f64)>,
}

/// A test of the campaigns: what a shopper did, and what must be decided.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// The file.
    pub file: FileId,
    /// The whole document.
    pub span: Span,
    /// Name: the file's, and the document's number when there are several.
    pub name: String,
    /// Facts of the page and surroundings: trait path and value as text ([`crate::trial::FACTS`]).
    pub context: Vec<(Spanned<String>, Spanned<String>)>,
    /// Moment of the decision, Unix seconds; the pack's release time when not written.
    pub now_s: Option<i64>,
    /// What happened, oldest first.
    pub given: Vec<Happening>,
    /// Slot name to expectation.
    pub expect: Vec<Expectation>,
    /// Audiences that the shopper must be in.
    pub inside: Vec<Spanned<String>>,
    /// Audiences that the shopper must not be in.
    pub outside: Vec<Spanned<String>>,
}

/// One thing that happened before the decision.
#[derive(Clone, Debug, Default)]
pub struct Happening {
    /// Where.
    pub span: Span,
    /// Seconds before the decision (never positive).
    pub at_s: i64,
    /// GA4 event name, or `visit`.
    pub event: Spanned<String>,
    /// Product id, page type, search term or order id, by event.
    pub subject: Spanned<String>,
    /// Attention, milliseconds.
    pub engaged_ms: u32,
    /// Pieces; 1 when not written.
    pub quantity: u16,
    /// Value, major units.
    pub value: Option<f64>,
}

/// What a slot must get.
#[derive(Clone, Debug, Default)]
pub struct Expectation {
    /// Slot name.
    pub slot: Spanned<String>,
    /// Campaign id; `none` = the merchant's own markup.
    pub campaign: Option<Spanned<String>>,
    /// Variation id.
    pub variation: Option<Spanned<String>>,
}

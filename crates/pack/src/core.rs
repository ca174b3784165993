//! The core file: campaigns, conditions, blocks and shop-wide knowledge; all that a homepage needs.

mod check;
mod meta;

pub use meta::Meta;

use crate::file::file;
use crate::items::Card;
use crate::kinds::{
    AdjustmentKind, CampaignKind, Climate, ConsentMode, ContentKind, CustomKind, CutKind, DiversityBy,
    Hemisphere, ListKind, MessageKind, NodeKind, PartKind, Strategy, TriggerKind, Zone,
};
use crate::limits;
use crate::program::CompareOp;
use crate::record::{Range, Ref, Str, record};
use crate::rules::{BY_HAND, SHARE, SORTED_TEXTS, above, code, index, not_below, refer, run};

record! {
    /// A named place in a page.
    Slot {
        /// `home.hero`.
        name: Str,
        /// Page type it is on, or empty for any.
        page: Str,
    }
}

record! {
    /// What to show, where, to whom, when, how often, how tested.
    Campaign {
        /// Stable id, as in its file.
        id: Str,
        /// Index into slots; none for messages and triggers.
        slot: Ref => &[refer(section::slots)],
        /// [`crate::kinds::CampaignKind`].
        kind: u8 => &[code(CampaignKind::CODES)],
        /// [`crate::kinds::ConsentMode`] that must be reached.
        consent: u8 => &[code(ConsentMode::CODES)],
        /// Higher wins; ties go to the smaller index.
        priority: i16,
        /// Run of `conjuncts`: predicates that must all hold. Empty = everyone.
        audience: Range => &[run(section::conjuncts, limits::CONJUNCTS_MAX)],
        /// First second it may show, Unix seconds; `i64::MIN` = always.
        from_s: i64,
        /// First second it may no longer show, Unix seconds; `i64::MAX` = never ends.
        until_s: i64,
        /// Most exposures in `cap_window_s`; 0 = no cap.
        cap_exposures: u32,
        /// Window of the cap, seconds; 0 = ever.
        cap_window_s: u32,
        /// Index into experiments; none = the first variation, always.
        experiment: Ref => &[refer(section::experiments)],
        /// Index into groups of which one campaign a page may show.
        group: Ref => &[refer(section::groups)],
        /// Index into triggers; none = with the page.
        trigger: Ref => &[refer(section::triggers)],
        /// Run of `variations`; at least one.
        variations: Range => &[run(section::variations, limits::VARIATIONS_MAX)],
    }
}

record! {
    /// Experiment set-up, with GrowthBook's semantics.
    Experiment {
        /// Experiment key reported in exposures.
        key: Str,
        /// Hash seed; the key when the merchant gave none.
        seed: Str,
        /// GrowthBook hash version, 1 or 2.
        hash_version: u8 => &[code((1, 2))],
        /// Share of shoppers in the experiment, parts per million.
        coverage_ppm: u32 => &[SHARE],
        /// Namespace of mutually exclusive experiments, or empty.
        namespace: Str,
        /// Start of this experiment's part of the namespace, parts per million.
        namespace_from_ppm: u32,
        /// End of this experiment's part of the namespace, parts per million.
        namespace_until_ppm: u32 => &[SHARE],
    }
}

record! {
    /// When a message or trigger campaign fires.
    Trigger {
        /// [`crate::kinds::TriggerKind`].
        kind: u8 => &[code(TriggerKind::CODES)],
        /// Seconds, percent or minutes, by kind.
        threshold: u32,
        /// Name of the DOM event to dispatch, or empty.
        event: Str,
    }
}

record! {
    /// One content of a campaign.
    Variation {
        /// Stable id inside its campaign.
        id: Str,
        /// Share, parts per million of the campaign's shoppers.
        weight_ppm: u32,
        /// [`crate::kinds::ContentKind`].
        content: u8 => &[code(ContentKind::CODES)],
        /// [`crate::kinds::MessageKind`] for messages, else 0.
        message: u8 => &[code((0, MessageKind::CODES.1))],
        /// Index into blocks, orders or rows, by content.
        target: Ref => BY_HAND,
        /// Run of `data`: values for the block's bindings.
        data: Range => &[run(section::data, limits::DATA_MAX)],
    }
}

record! {
    /// An order of a layout slot's blocks: a run of `order_names`.
    Order {
        /// Run of `order_names`; blocks not named keep their place behind these.
        names: Range => &[run(section::order_names, limits::ORDER_NAMES_MAX)],
    }
}

record! {
    /// One predicate, shared by every campaign that uses it.
    ///
    /// A comparison of one trait with one constant is `op` other than 0; anything else is a program.
    Predicate {
        /// [`crate::program::CompareOp`], or 0 for a program.
        op: u8 => &[code((0, CompareOp::CODES.1))],
        /// [`crate::program::ConstantKind`] of `value`.
        constant: u8,
        /// Trait code (`engine::traits`).
        trait_code: u16,
        /// Key of a keyed trait (`affinity.category[key]`), or empty.
        key: Str,
        /// The constant: bool, i64, f64 bits or string index.
        value: u64,
        /// Program bytes in `code`.
        code: Range => &[run(section::code, limits::PROGRAM_BYTES_MAX)],
    }
}

record! {
    /// A block: a typed tree in preorder.
    Block {
        /// File it was authored in, for diagnostics.
        name: Str,
        /// Id of a `<template>` in the merchant's page to fill instead of `nodes`, or empty.
        template: Str,
        /// Run of `nodes`, preorder.
        nodes: Range => &[run(section::nodes, limits::BLOCK_NODES_MAX)],
    }
}

record! {
    /// A node of a block.
    Node {
        /// [`crate::kinds::NodeKind`].
        kind: u8 => &[code(NodeKind::CODES)],
        /// Index into [`crate::blocks::TAGS`] for elements.
        tag: u8,
        /// Run of `attrs`.
        attrs: Range => &[run(section::attrs, limits::ATTRS_MAX)],
        /// Run of `parts`: the text of a text node.
        text: Range => &[run(section::parts, limits::PARTS_MAX)],
        /// How many of the nodes that follow are inside this one.
        descendants: u32,
    }
}

record! {
    /// An attribute of an element.
    Attr {
        /// Attribute name; checked against the allow-list when opened and when rendered.
        name: Str,
        /// Run of `parts`.
        value: Range => &[run(section::parts, limits::PARTS_MAX)],
    }
}

record! {
    /// A part of a text or attribute value.
    Part {
        /// [`crate::kinds::PartKind`].
        kind: u8 => &[code(PartKind::CODES)],
        /// Literal text, data field name, or default.
        text: Str,
        /// Trait code or [`crate::kinds::ItemField`].
        reference: u16,
        /// Key of a keyed trait, or empty.
        key: Str,
    }
}

record! {
    /// A named value that a variation gives to its block.
    Datum {
        /// Field name.
        name: Str,
        /// Run of `parts`.
        value: Range => &[run(section::parts, limits::PARTS_MAX)],
    }
}

record! {
    /// A recommended row.
    Row {
        /// Run of `sources`: the fallback chain.
        sources: Range => &[run(section::sources, limits::SOURCES_MAX)],
        /// Most products.
        limit: u8,
        /// Fewest products; with fewer the merchant's markup stays.
        minimum: u8,
        /// Bits of [`exclude`].
        exclude: u8 => &[code((0, exclude::ALL))],
        /// [`crate::kinds::DiversityBy`].
        diversity_by: u8 => &[code(DiversityBy::CODES)],
        /// Most products of one value of that attribute.
        diversity_max: u8,
        /// Predicate over `item.*`, or none.
        filter: Ref => &[refer(section::predicates)],
        /// Index into blocks.
        block: Ref => &[refer(section::blocks)],
        /// Run of `adjustments`: weights, and pins by place.
        adjustments: Range => &[run(section::adjustments, limits::ADJUSTMENTS_MAX)],
        /// How much a product that is like one before it loses, in 255ths: maximal marginal relevance; 0 = nothing.
        spread: u8,
        /// Neighbours of a lower score do not count; 0 = all do.
        score_min: u8,
        /// Lowest price, percent of that of the product it goes with; 0 = any.
        price_from_percent: u16,
        /// Highest price, likewise; 0 = any.
        price_until_percent: u16,
        /// Bits of [`kinship`] with the product it goes with.
        kinship: u8 => &[code((0, kinship::ALL))],
        /// How much of the order of a reranked grid is the shopper's taste, in 255ths; the rest is the merchant's order.
        taste: u8,
    }
}

/// Bits of [`Row::kinship`].
pub mod kinship {
    /// Only products of its category.
    pub const SAME_CATEGORY: u8 = 1;
    /// Only products of its brand.
    pub const SAME_BRAND: u8 = 2;
    /// No products of its category.
    pub const OTHER_CATEGORY: u8 = 4;
    /// No products of its brand.
    pub const OTHER_BRAND: u8 = 8;
    /// Every bit that has a meaning.
    pub const ALL: u8 = SAME_CATEGORY | SAME_BRAND | OTHER_CATEGORY | OTHER_BRAND;
}

record! {
    /// A merchant's hand in a row.
    Adjustment {
        /// [`crate::kinds::AdjustmentKind`].
        kind: u8 => &[code(AdjustmentKind::CODES)],
        /// Predicate over `item.*` of the products that are weighed; none = all.
        filter: Ref => &[refer(section::predicates)],
        /// Percent of the score that stays, or the place of a pin, 1 = first.
        amount: u16,
        /// Dense id of the pinned product; 0 for weights.
        item: u32,
        /// Dense id of the product that the page must be about or the cart must hold; none = always.
        when: Ref => BY_HAND,
        /// First second it holds, Unix seconds.
        from_s: i64,
        /// First second it no longer holds, Unix seconds.
        until_s: i64,
    }
}

/// Bits of [`Row::exclude`].
pub mod exclude {
    /// Products in the cart.
    pub const CART: u8 = 1;
    /// Products bought before.
    pub const BOUGHT: u8 = 2;
    /// Products viewed in this session.
    pub const SEEN: u8 = 4;
    /// The product of this page.
    pub const CURRENT: u8 = 8;
    /// Products that another row of this page shows.
    pub const SHOWN: u8 = 16;
    /// Rows for you may show again what was viewed lately: the one bit that leaves nothing out.
    pub const REMINDERS: u8 = 32;
    /// Every bit that has a meaning.
    pub const ALL: u8 = CART | BOUGHT | SEEN | CURRENT | SHOWN | REMINDERS;
}

record! {
    /// One step of a row's fallback chain.
    Source {
        /// [`crate::kinds::Strategy`].
        strategy: u8 => &[code(Strategy::CODES)],
        /// Index into lists for list strategies, else none.
        list: Ref => &[refer(section::lists)],
    }
}

record! {
    /// A ranked list of products.
    List {
        /// [`crate::kinds::ListKind`].
        kind: u8 => &[code(ListKind::CODES)],
        /// Name of a manual list, or empty.
        name: Str,
        /// Category it is limited to: index into categories, or none.
        category: Ref => &[refer(section::categories)],
        /// Window in days; 0 = all time.
        window_days: u16,
        /// Run of `list_items`: dense ids, best first.
        items: Range => &[run(section::list_items, limits::RECORDS_MAX)],
    }
}

record! {
    /// Four ascending values that cut a population into fifths.
    CutPoints {
        /// [`crate::kinds::CutKind`].
        kind: u8 => &[code(CutKind::CODES)],
        /// Index into categories for prices, else none.
        category: Ref => &[refer(section::categories)],
        /// 20th percentile.
        p20: i64,
        /// 40th percentile.
        p40: i64,
        /// 60th percentile.
        p60: i64,
        /// 80th percentile.
        p80: i64,
    }
}

record! {
    /// What a time zone says about where a shopper is.
    Place {
        /// IANA zone name; the table is sorted by it, bytewise.
        zone: Str => SORTED_TEXTS,
        /// ISO 3166 country code.
        country: Str,
        /// [`crate::kinds::Hemisphere`].
        hemisphere: u8 => &[code(Hemisphere::CODES)],
        /// [`crate::kinds::Climate`].
        climate: u8 => &[code(Climate::CODES)],
    }
}

record! {
    /// A named number: a model's parameter or a tuned value.
    Parameter {
        /// `bgnbd.alpha`; the table is sorted by it, bytewise.
        name: Str => SORTED_TEXTS,
        /// Bits of the IEEE 754 binary64 value.
        value: u64,
    }
}

record! {
    /// Hours of days of the week in which a campaign may show; a campaign without any may always.
    Daypart {
        /// Index into campaigns; the table is sorted by it.
        campaign: u32 => &[index(section::campaigns), not_below(4)],
        /// Bits of the days it begins on: 1 Monday, 2 Tuesday, 4 Wednesday, ... 64 Sunday.
        days: u8,
        /// [`crate::kinds::Zone`] that the hours are of.
        zone: u8 => &[code(Zone::CODES)],
        /// First minute of the day, 0 to 1439.
        from_min: u16,
        /// First minute after it, more than `from_min`; past 1440 it reaches into the next day.
        until_min: u16,
    }
}

record! {
    /// One more cap of a campaign, beside its own.
    Cap {
        /// Index into campaigns.
        campaign: u32 => &[index(section::campaigns)],
        /// Most exposures in `window_s`.
        exposures: u32,
        /// Window, seconds; 0 = ever.
        window_s: u32,
    }
}

record! {
    /// One of the shop's own traits.
    CustomTrait {
        /// What follows `custom.` in conditions.
        name: Str,
        /// [`crate::kinds::CustomKind`].
        kind: u8 => &[code(CustomKind::CODES)],
    }
}

record! {
    /// How many campaigns of a kind one page may show.
    PageLimit {
        /// [`crate::kinds::CampaignKind`]; the table is sorted by it.
        kind: u8 => &[code(CampaignKind::CODES), above(1)],
        /// Most campaigns of that kind.
        most: u8,
    }
}

record! {
    /// When a zone's clock is how far ahead of UTC.
    Offset {
        /// First second it holds, Unix seconds; the table is sorted by it.
        from_s: i64 => &[above(8)],
        /// Minutes to add to UTC.
        minutes: i16,
    }
}

file! {
    /// Core file.
    Core = Core, builder CoreBuilder {
        /// Exactly one record.
        meta: Meta = 1,
        /// Slots the shop's pages have.
        slots: Slot = 2,
        /// Campaigns, in file order.
        campaigns: Campaign = 3,
        /// Predicate indices of audiences, cheapest first.
        conjuncts: u32 = 4 => &[index(section::predicates)],
        /// Shared predicates.
        predicates: Predicate = 5,
        /// Program bytes of predicates.
        code: u8 = 6,
        /// Experiments.
        experiments: Experiment = 7,
        /// Names of exclusive groups.
        groups: Str = 8,
        /// Triggers.
        triggers: Trigger = 9,
        /// Variations.
        variations: Variation = 10,
        /// Layout orders.
        orders: Order = 11,
        /// Block names in layout orders.
        order_names: Str = 12,
        /// Blocks.
        blocks: Block = 13,
        /// Nodes of blocks.
        nodes: Node = 14,
        /// Attributes of nodes.
        attrs: Attr = 15,
        /// Parts of texts and attribute values.
        parts: Part = 16,
        /// Data of variations.
        data: Datum = 17,
        /// Recommended rows.
        rows: Row = 18,
        /// Steps of fallback chains.
        sources: Source = 19,
        /// Product lists.
        lists: List = 20,
        /// Dense ids of lists.
        list_items: u32 = 21,
        /// Cut points.
        cut_points: CutPoints = 22,
        /// Category names; cards refer to them by index.
        categories: Str = 23,
        /// Places by time zone.
        places: Place = 24,
        /// Cards of the products in lists, so that a homepage needs no items file; sorted by dense id.
        head_cards: Card = 25,
        /// Dense ids of `head_cards`, ascending.
        head_ids: u32 = 26 => &[above(4)],
        /// Tags of `head_cards`.
        tags: Str = 27,
        /// Model parameters, sorted by name.
        parameters: Parameter = 28,
        /// Dayparts of campaigns.
        dayparts: Daypart = 29,
        /// The shop's clock over the time in which the pack is valid.
        shop_clock: Offset = 30,
        /// Further caps.
        caps: Cap = 31,
        /// Limits of one page.
        page_limits: PageLimit = 32,
        /// Weights and pins of rows.
        adjustments: Adjustment = 33,
        /// The shop's own traits.
        custom: CustomTrait = 34,
    }
}

impl Core<'_> {
    /// The value of a parameter, if it was learnt. Cost: a binary search.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<f64> {
        let found = self.parameters.search(|parameter| self.text(parameter.name).cmp(name))?;
        Some(f64::from_bits(found.value))
    }

    /// Most campaigns of a kind on one page; no limit for most kinds.
    #[must_use]
    pub fn page_limit(&self, kind: u8) -> Option<u8> {
        self.page_limits.iter().find(|limit| limit.kind == kind).map(|limit| limit.most)
    }

    /// Minutes that the shop's clock is ahead of UTC.
    #[must_use]
    pub fn shop_offset_min(&self, now_s: i64) -> i64 {
        let offset = self.shop_clock.iter().take_while(|offset| offset.from_s <= now_s).last();
        offset.map_or(0, |offset| offset.minutes.into())
    }
}

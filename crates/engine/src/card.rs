//! A product card with the strings of the file it lies in, and the traits of a page or a candidate that it answers for.

use crate::eval::{DAY_S, HistoryQuery, TraitSource, Value};
use crate::pack::core::{Core, Meta};
use crate::pack::file::Strings;
use crate::pack::items::{Card, card_flags};
use crate::pack::record::{Str, Table};
use crate::traits::{Traits, category_name, code, unit_of};

/// A product card.
#[derive(Clone, Copy, Debug)]
pub struct CardView<'a> {
    /// Dense id.
    pub dense: u32,
    /// The record.
    pub card: Card,
    strings: Strings<'a>,
    tags: Table<'a, Str>,
    core: &'a Core<'a>,
}

impl<'a> CardView<'a> {
    /// A card of the core file or of a product file, with the strings and tags of that file.
    pub(crate) fn new(
        core: &'a Core<'a>,
        dense: u32,
        card: Card,
        (strings, tags): (Strings<'a>, Table<'a, Str>),
    ) -> Self {
        Self { dense, card, strings, tags, core }
    }

    /// Product id.
    #[must_use]
    pub fn item(&self) -> &'a str {
        self.strings.get(self.card.item)
    }

    /// Title.
    #[must_use]
    pub fn title(&self) -> &'a str {
        self.strings.get(self.card.title)
    }

    /// Link to the product page.
    #[must_use]
    pub fn url(&self) -> String {
        self.link(self.card.url, |meta| meta.url)
    }

    /// Link to the picture.
    #[must_use]
    pub fn image(&self) -> String {
        self.link(self.card.image, |meta| meta.image)
    }

    /// The card's own link, or else the shop's with the product's id at its `*`.
    fn link(&self, own: Str, of_shop: fn(Meta) -> Str) -> String {
        let shop = of_shop(self.core.meta.get(0).unwrap_or_default());
        let pattern = if own == Str(0) { self.core.text(shop).split_once('*') } else { None };
        match pattern {
            Some((before, after)) => [before, self.item(), after].concat(),
            None => self.strings.get(own).to_owned(),
        }
    }

    /// Brand, or empty.
    #[must_use]
    pub fn brand(&self) -> &'a str {
        self.strings.get(self.card.brand)
    }

    /// Category name, or empty.
    #[must_use]
    pub fn category(&self) -> &'a str {
        category_name(self.core, self.card.category)
    }

    /// Tags.
    pub fn tags(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let strings = self.strings;
        self.tags.range(self.card.tags).map(move |tag| strings.get(tag))
    }

    /// Whether it can be bought now.
    #[must_use]
    pub fn in_stock(&self) -> bool {
        self.card.flags & card_flags::IN_STOCK != 0
    }

    /// A trait of `item.*`; none for other codes.
    #[inline(never)]
    fn value(&self, code: u16, unit: f64, now_s: i64) -> Option<Value<'a>> {
        let (price, compare_at) = (f64::from(self.card.price_minor), f64::from(self.card.compare_at_minor));
        Some(match code {
            code::ITEM_ID => Value::text(self.item()),
            code::ITEM_TITLE => Value::text(self.title()),
            code::ITEM_BRAND => Value::text(self.brand()),
            code::ITEM_CATEGORY => Value::text(self.category()),
            code::ITEM_TAGS => Value::list(self.tags().map(Value::text).collect()),
            code::ITEM_PRICE => Value::Double(price / unit),
            code::ITEM_COMPARE_AT => Value::Double(compare_at / unit),
            code::ITEM_IN_STOCK => Value::Bool(self.in_stock()),
            code::ITEM_AGE => Value::Int((now_s / DAY_S - i64::from(self.card.created_day)).max(0)),
            code::ITEM_DISCOUNT if compare_at > price => Value::Double(1.0 - price / compare_at),
            code::ITEM_DISCOUNT => Value::Double(0.0),
            _ => return None,
        })
    }
}

/// The traits of a page, or of a candidate for a row: the shopper's, with `item.*` answered by one card.
#[derive(Clone, Copy, Debug)]
pub struct OnPage<'a> {
    traits: &'a Traits,
    card: Option<CardView<'a>>,
    unit: f64,
    now_s: i64,
}

impl<'a> OnPage<'a> {
    /// The shopper's traits, and the card of the page's product where there is one. `now_s` is Unix seconds and gives
    /// `item.age`.
    #[must_use]
    pub fn new(traits: &'a Traits, core: &Core, card: Option<CardView<'a>>, now_s: i64) -> Self {
        // Only a card has prices.
        let unit = if card.is_some() { unit_of(core) } else { 1.0 };
        Self { traits, card, unit, now_s }
    }
}

impl TraitSource for OnPage<'_> {
    fn value(&self, code: u16, key: &str) -> Option<Value<'_>> {
        match &self.card {
            Some(card) if (code::ITEM_ID..=code::ITEM_DISCOUNT).contains(&code) => {
                card.value(code, self.unit, self.now_s)
            }
            _ => self.traits.value(code, key),
        }
    }

    fn history(&self, query: &HistoryQuery<'_>) -> Option<Value<'_>> {
        self.traits.history(query)
    }
}

//! The traits of a page: the shopper's, with `item.*` answered by the card of the page's product.

use super::{CardView, WithItem};
use crate::eval::{HistoryQuery, TraitSource, Value};
use crate::pack::core::Core;
use crate::traits::Traits;

/// Where conditions and blocks of a page get their values from.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "one lies on the stack for a pass; a box would be code and an allocation"
)]
pub enum OnPage<'a> {
    /// A page without a product, or whose product's card is not at hand.
    Plain(&'a Traits),
    /// A page about a product.
    Product(WithItem<'a, Traits>),
}

impl<'a> OnPage<'a> {
    /// The shopper's traits, and the card of the page's product where there is one. `now_s` is Unix seconds and gives
    /// `item.age`.
    #[must_use]
    pub fn new(traits: &'a Traits, core: &Core, card: Option<CardView<'a>>, now_s: i64) -> Self {
        match card {
            Some(card) => Self::Product(WithItem::new(traits, core, card, now_s)),
            None => Self::Plain(traits),
        }
    }
}

impl TraitSource for OnPage<'_> {
    fn value(&self, code: u16, key: &str) -> Option<Value<'_>> {
        match self {
            Self::Plain(traits) => traits.value(code, key),
            Self::Product(traits) => traits.value(code, key),
        }
    }

    fn history(&self, query: &HistoryQuery<'_>) -> Option<Value<'_>> {
        match self {
            Self::Plain(traits) => traits.history(query),
            Self::Product(traits) => traits.history(query),
        }
    }
}

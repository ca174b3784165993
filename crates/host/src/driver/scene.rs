//! The traits of a page: the shopper's, with `item.*` answered by the card of the page's product.

use crate::engine::eval::{HistoryQuery, TraitSource, Value};
use crate::engine::pack::core::Core;
use crate::engine::recommend::{Shelf, WithItem};
use crate::engine::traits::Traits;

use super::Moment;

/// Where conditions and blocks of a page get their values from.
pub(super) enum OnPage<'a> {
    /// A page without a product, or whose product's card is not at hand.
    Plain(&'a Traits),
    /// A page about a product.
    Product(WithItem<'a, Traits>),
}

impl<'a> OnPage<'a> {
    pub(super) fn new(core: &Core<'a>, shelf: &'a Shelf, moment: &'a Moment) -> Self {
        let card = moment.situation.current.and_then(|dense| shelf.card(core, dense));
        match card {
            Some(card) => Self::Product(WithItem::new(&moment.traits, core, card, moment.now_s)),
            None => Self::Plain(&moment.traits),
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

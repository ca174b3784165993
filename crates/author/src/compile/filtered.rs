//! Which products a row's filter may let through, as far as the catalogue tells.

use std::cell::Cell;

use shelfwise_engine::eval::{HistoryQuery, TraitSource, Value, evaluate};
use shelfwise_engine::traits::code;
use shelfwise_pack::OpenedCore;
use shelfwise_pack::core::{CoreBuilder, Meta};

use crate::catalogue::Product;
use crate::cel::{Condition, Predicates};

/// By dense id, whether a product may pass a filter: all but those of which the catalogue alone says that they do not. What also
/// depends on the shopper or on the time is left to the engine. `unit` is the minor units of the currency's one.
///
/// # Errors
/// In words, when the condition passes a limit of the format.
pub(super) fn passing(condition: &Condition, products: &[Product], unit: f64) -> Result<Vec<bool>, String> {
    let mut builder = CoreBuilder { meta: vec![Meta::default()], ..CoreBuilder::default() };
    let filter = Predicates::default().filter(&mut builder, condition).map_err(|problem| problem.message)?;
    let opened = OpenedCore::open(builder.finish());
    let opened = opened.map_err(|error| format!("{:?} at byte {}", error.code, error.offset))?;
    let core = opened.view();
    let Some(predicate) = filter.index().and_then(|index| core.predicates.get(index)) else {
        return Ok(vec![true; products.len()]);
    };
    let passes = |product| {
        let source = Candidate { product, unit, asked_more: Cell::new(false) };
        let holds = evaluate(&core, &predicate, &source) == Ok(true);
        holds || source.asked_more.get()
    };
    Ok(products.iter().map(passes).collect())
}

/// A product of the catalogue, answering for `item.*` as its card does for the engine.
struct Candidate<'a> {
    product: &'a Product,
    unit: f64,
    /// Whether anything was asked that the catalogue does not tell.
    asked_more: Cell<bool>,
}

impl TraitSource for Candidate<'_> {
    fn value(&self, code: u16, _: &str) -> Option<Value<'_>> {
        let Product { item, title, brand, category, tags, in_stock, .. } = self.product;
        let [price, compare_at] = [self.product.price_minor, self.product.compare_at_minor].map(f64::from);
        Some(match code {
            code::ITEM_ID => Value::text(item),
            code::ITEM_TITLE => Value::text(title),
            code::ITEM_BRAND => Value::text(brand),
            code::ITEM_CATEGORY => Value::text(category),
            code::ITEM_TAGS => Value::list(tags.iter().map(|tag| Value::text(tag)).collect()),
            code::ITEM_PRICE => Value::Double(price / self.unit),
            code::ITEM_COMPARE_AT => Value::Double(compare_at / self.unit),
            code::ITEM_IN_STOCK => Value::Bool(*in_stock),
            code::ITEM_DISCOUNT if compare_at > price => Value::Double(1.0 - price / compare_at),
            code::ITEM_DISCOUNT => Value::Double(0.0),
            _ => {
                self.asked_more.set(true);
                return None;
            }
        })
    }

    fn history(&self, _: &HistoryQuery<'_>) -> Option<Value<'_>> {
        self.asked_more.set(true);
        None
    }
}

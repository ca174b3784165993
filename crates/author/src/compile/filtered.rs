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

#[cfg(test)]
mod tests {
    use shelfwise_engine::card::OnPage;
    use shelfwise_engine::memory::Memory;
    use shelfwise_engine::shelf::Shelf;
    use shelfwise_engine::traits::{Context, Traits};

    use super::*;
    use crate::compile::Assortment;
    use crate::compile::items::card;

    /// What the catalogue and what the engine's card of the same product say of each `item.*`.
    #[test]
    fn a_candidate_answers_as_its_card_does() {
        let product = Product {
            item: "1001".into(),
            title: "Tin pot".into(),
            brand: "Acme".into(),
            category: "Kitchen".into(),
            price_minor: 1_250,
            compare_at_minor: 2_000,
            in_stock: true,
            tags: vec!["tin".into(), "blue".into()],
            ..Product::default()
        };
        let sold_out = Product { compare_at_minor: 0, in_stock: false, ..product.clone() };
        let products = vec![product, sold_out];
        let categories = vec!["Kitchen".to_owned()];
        let assortment = Assortment { products, categories, popularity: vec![0, 1], ..Assortment::default() };
        let mut builder = CoreBuilder::default();
        builder.meta.push(Meta {
            currency_exponent: 2,
            item_count: 2,
            shard_items: 2,
            index_files: 1,
            affinity_half_life_days: 30,
            ..Meta::default()
        });
        let kitchen = builder.strings.add("Kitchen");
        builder.categories.push(kitchen);
        for dense in 0..2 {
            let card = card(&assortment, dense, &mut builder.strings, &mut builder.tags);
            builder.head_cards.push(card);
            builder.head_ids.push(dense);
        }
        let opened = OpenedCore::open(builder.finish()).unwrap();
        let core = opened.view();
        let shelf = Shelf::new(&core);
        let traits = Traits::derive(&Memory::default(), &Context::default(), &core, 0);
        for (dense, product) in (0..).zip(&assortment.products) {
            let on_page = OnPage::new(&traits, &core, shelf.card(&core, dense), 0);
            for code in code::ITEM_ID..=code::ITEM_DISCOUNT {
                let candidate = Candidate { product, unit: 100.0, asked_more: Cell::new(false) };
                let said = candidate.value(code, "");
                assert_eq!(candidate.asked_more.get(), code == code::ITEM_AGE, "{code}");
                if let Some(said) = said {
                    let card = on_page.value(code, "").expect("a trait of a card");
                    assert_eq!(format!("{said:?}"), format!("{card:?}"), "{code}");
                }
            }
        }
    }
}

//! Bundles as a neighbour table: from each product to the rest of the best bundle that holds it.

use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::knowledge::{Knowledge, KnownBundle};
use shelfwise_pack::limits::SCORE_MAX;

use super::Assortment;

/// Orders that a lift has to outweigh: a lift that few orders tell of may be chance.
const ORDERS_DOUBTED: u64 = 10;

/// Adds the rows. A bundle of which a product is gone or sold out is none; `dense` gives the dense id of a learnt product.
pub(super) fn add(
    assortment: &mut Assortment,
    knowledge: &Knowledge<'_>,
    dense: &impl Fn(u32) -> Option<u32>,
) {
    let mut best: Vec<Option<(u64, Vec<u32>)>> = vec![None; assortment.products.len()];
    for bundle in knowledge.bundles.iter() {
        let items: Option<Vec<u32>> = knowledge.bundle_items.range(bundle.items).map(dense).collect();
        let Some(items) = items else { continue };
        if !items.iter().all(|item| assortment.products[*item as usize].in_stock) {
            continue;
        }
        let worth = worth(&bundle);
        for item in &items {
            let place = &mut best[*item as usize];
            if place.as_ref().is_none_or(|(most, _)| *most < worth) {
                *place = Some((worth, items.clone()));
            }
        }
    }
    for (of, best) in (0..).zip(best) {
        let Some((_, mut others)) = best else { continue };
        others.retain(|item| *item != of);
        others.sort_by_key(|item| assortment.popularity[*item as usize]);
        let scores = (1..=SCORE_MAX).rev();
        assortment.neighbours.push((
            NeighbourKind::Bundle.code(),
            of,
            others.into_iter().zip(scores).collect(),
        ));
    }
}

/// Lift, as far as its orders bear it out.
fn worth(bundle: &KnownBundle) -> u64 {
    let orders = u64::from(bundle.orders);
    u64::from(bundle.lift_permille) * orders / (orders + ORDERS_DOUBTED)
}

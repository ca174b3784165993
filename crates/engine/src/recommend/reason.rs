//! Why a product stands in a row, by name.

use super::choose::Pick;
use crate::pack::kinds::Strategy;

/// The strategies by name, in the order of their codes.
pub const STRATEGIES: [(&str, Strategy); Strategy::ALL.len()] = [
    ("best-sellers", Strategy::BestSellers),
    ("trending", Strategy::Trending),
    ("new-arrivals", Strategy::NewArrivals),
    ("top-discount", Strategy::TopDiscount),
    ("recently-viewed", Strategy::RecentlyViewed),
    ("viewed-together", Strategy::ViewedTogether),
    ("bought-together", Strategy::BoughtTogether),
    ("viewed-then-bought", Strategy::ViewedThenBought),
    ("similar", Strategy::Similar),
    ("for-you", Strategy::ForYou),
    ("cart", Strategy::Cart),
    ("upsell", Strategy::Upsell),
    ("cross-sell", Strategy::CrossSell),
    ("replenish", Strategy::Replenish),
    ("wishlist-deals", Strategy::WishlistDeals),
    ("free-shipping", Strategy::FreeShipping),
    ("manual", Strategy::Manual),
    ("affinity", Strategy::Affinity),
    ("bundle", Strategy::Bundle),
    ("post-purchase", Strategy::PostPurchase),
    ("low-stock", Strategy::LowStock),
    ("recently-carted", Strategy::RecentlyCarted),
];

/// What a product that is there `for-you` came by, by code of its table from 1.
const BY_TABLE: [Strategy; 4] =
    [Strategy::BoughtTogether, Strategy::ViewedTogether, Strategy::ViewedThenBought, Strategy::Similar];

impl Pick {
    /// Name of the strategy that brought it; of a product that is there `for-you`, the one whose table spoke for it most.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        let of_table = BY_TABLE.get(usize::from(self.table).wrapping_sub(1));
        let strategy = match of_table {
            Some(strategy) if self.strategy == Strategy::ForYou => *strategy,
            _ => self.strategy,
        };
        STRATEGIES[usize::from(strategy.code() - 1)].0
    }
}

#[cfg(test)]
mod tests {
    use super::{BY_TABLE, STRATEGIES};
    use crate::pack::kinds::{NeighbourKind, Strategy};

    #[test]
    fn names_and_tables_stand_at_their_codes() {
        assert!(STRATEGIES.iter().map(|entry| entry.1).eq(Strategy::ALL.iter().copied()));
        for (kind, strategy) in NeighbourKind::ALL.iter().zip(BY_TABLE) {
            assert_eq!(format!("{kind:?}"), format!("{strategy:?}"));
        }
    }
}

//! Why a product stands in a row, by name.

use super::choose::Pick;
use crate::pack::kinds::{NeighbourKind, Strategy};

/// The strategies by name.
pub const STRATEGIES: [(&str, Strategy); 22] = [
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

impl Pick {
    /// Name of the strategy that brought it; of a product that is there `for-you`, the one whose table spoke for it most.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        let strategy = match NeighbourKind::from_code(self.table) {
            Some(NeighbourKind::BoughtTogether) if self.strategy == Strategy::ForYou => {
                Strategy::BoughtTogether
            }
            Some(NeighbourKind::ViewedTogether) if self.strategy == Strategy::ForYou => {
                Strategy::ViewedTogether
            }
            Some(NeighbourKind::ViewedThenBought) if self.strategy == Strategy::ForYou => {
                Strategy::ViewedThenBought
            }
            Some(NeighbourKind::Similar) if self.strategy == Strategy::ForYou => Strategy::Similar,
            _ => self.strategy,
        };
        STRATEGIES.iter().find(|entry| entry.1 == strategy).map_or("", |entry| entry.0)
    }
}

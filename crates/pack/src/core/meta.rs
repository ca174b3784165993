//! The shop and its pack, and where which product lies.

use crate::limits;
use crate::record::{Str, record};
use crate::rules::at_most;

record! {
    /// The shop and the pack; exactly one.
    Meta {
        /// Shop id, as in the script tag.
        shop: Str,
        /// Release channel (`live`, `preview`).
        channel: Str,
        /// ISO 4217 code.
        currency: Str,
        /// BCP 47 tag.
        locale: Str,
        /// IANA time zone of the shop.
        timezone: Str,
        /// Decimal digits of the currency's minor unit.
        currency_exponent: u8,
        /// Pack version, growing with every release.
        version: u64,
        /// Release time, Unix seconds.
        issued_s: i64,
        /// End of validity, Unix seconds.
        expires_s: i64,
        /// Products in the catalogue; dense ids run from 0 to here.
        item_count: u32 => &[at_most(limits::ITEMS_MAX)],
        /// Products in one items file.
        shard_items: u32 => &[at_most(limits::SHARD_ITEMS_MAX)],
        /// Number of index files; a product's is its id hash modulo this.
        index_files: u32,
        /// Order value from which shipping is free, minor units; 0 = no such rule.
        free_shipping_minor: u32,
        /// Half-life of an interest, days.
        affinity_half_life_days: u16,
        /// Products whose neighbours lie in one file, numbered behind the files of the cards; 0 = they lie with the cards.
        near_items: u32 => &[at_most(limits::SHARD_ITEMS_MAX)],
        /// Link of a card that has none: its id stands at the `*`; or empty.
        url: Str,
        /// Picture of a card that has none, likewise.
        image: Str,
    }
}

impl Meta {
    /// Number of the items file of a product's card, and the card's place there; none for a product that the catalogue
    /// does not have.
    #[must_use]
    pub fn card_place(&self, dense: u32) -> Option<(u32, u32)> {
        if dense >= self.item_count {
            return None;
        }
        Some((dense.checked_div(self.shard_items)?, dense % self.shard_items))
    }

    /// Number of files of cards.
    #[must_use]
    pub fn card_files(&self) -> u32 {
        self.item_count.div_ceil(self.shard_items.max(1))
    }

    /// Likewise of a product's neighbours.
    #[must_use]
    pub fn near_place(&self, dense: u32) -> Option<(u32, u32)> {
        let with_card = self.card_place(dense)?;
        let apart = dense.checked_div(self.near_items);
        Some(
            apart.map_or(with_card, |near| (self.card_files().saturating_add(near), dense % self.near_items)),
        )
    }

    /// Number of items files: those of cards, and behind them those of neighbours where they lie apart.
    #[must_use]
    pub fn items_files(&self) -> u32 {
        let apart = if self.near_items > 0 { self.item_count.div_ceil(self.near_items) } else { 0 };
        self.card_files().saturating_add(apart)
    }

    /// Number of the index file that may know a product id; none when the catalogue is empty.
    #[must_use]
    pub fn index_file(&self, item: &str) -> Option<u32> {
        crate::index::hash(item).checked_rem(self.index_files)
    }
}

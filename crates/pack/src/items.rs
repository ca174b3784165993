//! Items files: product cards and neighbours of a run of dense ids.

use crate::check::{Spot, at_most, each, only, sorted};
use crate::core::Core;
use crate::error::{Error, ErrorCode};
use crate::file::file;
use crate::kinds::NeighbourKind;
use crate::limits;
use crate::record::{Range, Ref, Str, record};

record! {
    /// What is needed to show a product and to reason about it.
    Card {
        /// Product id, as the shop's pages say it.
        item: Str,
        /// Title.
        title: Str,
        /// Path or https link of its page.
        url: Str,
        /// Path or https link of its picture.
        image: Str,
        /// Brand, or empty.
        brand: Str,
        /// Index into the core file's categories, or none.
        category: Ref,
        /// Price, minor units.
        price_minor: u32,
        /// Price before reduction, minor units; 0 = none.
        compare_at_minor: u32,
        /// Day it joined the catalogue, days since 1970.
        created_day: u16,
        /// Bits of [`card_flags`].
        flags: u8,
        /// Rank by sales, 0 = most sold; breaks ties.
        popularity_rank: u32,
        /// Run of `tags`.
        tags: Range,
    }
}

/// Bits of [`Card::flags`].
pub mod card_flags {
    /// Can be bought now.
    pub const IN_STOCK: u8 = 1;
}

record! {
    /// The first dense id of the file; exactly one record. `cards[k]` has dense id `first + k`.
    ItemsMeta {
        /// Dense id of `cards[0]`.
        first: u32,
        /// Pack version it was built with.
        version: u64,
    }
}

record! {
    /// The neighbours of one product in one table.
    NeighbourRow {
        /// [`crate::kinds::NeighbourKind`].
        kind: u8,
        /// Which card, counted from the first.
        card: u16,
        /// Run of `neighbours`, best first.
        neighbours: Range,
    }
}

record! {
    /// A neighbour.
    Neighbour {
        /// Dense id.
        dense: u32,
        /// Strength 1..=15, comparable inside one table.
        score: u8,
    }
}

file! {
    /// Items file.
    Items = Items, builder ItemsBuilder {
        /// Exactly one record.
        meta: ItemsMeta = 1,
        /// Cards, by dense id.
        cards: Card = 2,
        /// Tags of cards.
        tags: Str = 3,
        /// Neighbour rows, sorted by (kind, card).
        neighbour_rows: NeighbourRow = 4,
        /// Neighbours.
        neighbours: Neighbour = 5,
    }
}

impl<'a> Items<'a> {
    /// Opens and validates untrusted bytes. Cost: two passes over the bytes; allocates nothing.
    ///
    /// What only the core file knows (the number of products and of categories) is checked by
    /// [`belongs`](Self::belongs).
    ///
    /// # Errors
    /// The first thing that does not hold, with the offset of the record it was found in.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let items = Self::open_sections(bytes)?;
        let meta = only(&items.meta)?;
        at_most(&items.cards, limits::SHARD_ITEMS_MAX)?;
        let spot = Spot::of(items.strings, &items.meta, 0);
        let end = u64::from(meta.first) + items.cards.len() as u64;
        spot.require(end <= limits::ITEMS_MAX as u64, ErrorCode::Limit);
        spot.verdict()?;
        each(items.strings, &items.tags, |spot, tag| spot.texts(&[tag]))?;
        each(items.strings, &items.cards, |spot, card| check_card(spot, &card, items.tags.len()))?;
        each(items.strings, &items.neighbour_rows, |spot, row| {
            spot.kind(NeighbourKind::from_code(row.kind));
            spot.refer(Ref::to(u32::from(row.card)), items.cards.len());
            spot.run(row.neighbours, items.neighbours.len(), limits::NEIGHBOURS_MAX);
        })?;
        sorted(&items.neighbour_rows, |before, after| (before.kind, before.card) < (after.kind, after.card))?;
        each(items.strings, &items.neighbours, |spot, neighbour| {
            spot.require((1..=limits::SCORE_MAX).contains(&neighbour.score), ErrorCode::Value);
        })?;
        Ok(items)
    }

    /// Checks that this is file `number` of the catalogue that the core file describes.
    ///
    /// # Errors
    /// `Foreign` when it is another file, `Reference` when a card or a neighbour leads out of the core file.
    pub fn belongs(&self, core: &Core<'_>, number: u32) -> Result<(), Error> {
        let (meta, shop) = (only(&self.meta)?, only(&core.meta)?);
        let spot = Spot::of(self.strings, &self.meta, 0);
        let first = u64::from(number) * u64::from(shop.shard_items);
        let count = u64::from(shop.item_count).saturating_sub(first).min(u64::from(shop.shard_items));
        let expected = u64::from(meta.first) == first && self.cards.len() as u64 == count;
        spot.require(expected, ErrorCode::Foreign);
        spot.verdict()?;
        each(self.strings, &self.cards, |spot, card| spot.refer(card.category, core.categories.len()))?;
        each(self.strings, &self.neighbours, |spot, neighbour| {
            spot.require(neighbour.dense < shop.item_count, ErrorCode::Reference);
        })
    }

    /// The neighbours of card `card` in one table, best first; none without a row. Cost: a binary search.
    pub fn neighbours_of(&self, kind: NeighbourKind, card: u16) -> impl Iterator<Item = Neighbour> + use<'a> {
        let key = (kind.code(), card);
        let found = self.neighbour_rows.search(|row| (row.kind, row.card).cmp(&key));
        self.neighbours.range(found.map(|row| row.neighbours).unwrap_or_default())
    }
}

/// Checks a card's strings and its run of so many tags; its category only the core file can check.
pub(crate) fn check_card(spot: &Spot<'_>, card: &Card, tags: usize) {
    spot.texts(&[card.item, card.title, card.url, card.image, card.brand]);
    spot.run(card.tags, tags, limits::TAGS_MAX);
}

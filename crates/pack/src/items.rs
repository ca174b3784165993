//! Items files: product cards and neighbours of a run of dense ids.

use crate::check::{Spot, at_most, each, only, sorted};
use crate::core::Core;
use crate::error::{Error, ErrorCode};
use crate::file::file;
use crate::kinds::NeighbourKind;
use crate::limits;
use crate::neighbours::{Bytes, Neighbours};
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
    /// The neighbours of a run of cards in one table: up to the next block of the table, at most to the last card.
    NeighbourBlock {
        /// [`crate::kinds::NeighbourKind`].
        kind: u8,
        /// 1 = scores follow from the rank ([`crate::neighbours::TIERS`]), 0 = each group says its own.
        tiered: u8,
        /// First card, counted from the first of the file.
        card: u16,
        /// Run of `neighbours`: a row a card ([`crate::neighbours`]); cards behind the last row have none.
        bytes: Range,
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
        /// Neighbour blocks, sorted by (kind, card).
        neighbour_blocks: NeighbourBlock = 6,
        /// Rows of neighbours.
        neighbours: u8 = 7,
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
        sorted(&items.neighbour_blocks, |before, after| {
            (before.kind, before.card) < (after.kind, after.card) && before.bytes.end() <= after.bytes.start
        })?;
        each(items.strings, &items.neighbour_blocks, |spot, block| {
            spot.kind(NeighbourKind::from_code(block.kind));
            spot.require(block.tiered <= 1, ErrorCode::Value);
            spot.run(block.bytes, items.neighbours.len(), items.neighbours.len());
            for (card, row) in items.rows(block, meta.first) {
                spot.refer(Ref::to(card), items.cards.len());
                row.check(spot, u32::MAX);
            }
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
        each(self.strings, &self.neighbour_blocks, |spot, block| {
            self.rows(block, meta.first).for_each(|(_, row)| row.check(spot, shop.item_count));
        })
    }

    /// The cards and rows of a block; `first` is the dense id of card 0.
    fn rows(&self, block: NeighbourBlock, first: u32) -> impl Iterator<Item = (u32, Neighbours<'a>)> {
        let (start, end) = (block.bytes.start as usize, block.bytes.end() as usize);
        let mut bytes = Bytes(self.neighbours.bytes().get(start..end).unwrap_or(&[]));
        let mut card = u32::from(block.card);
        std::iter::from_fn(move || {
            let row = bytes.row()?;
            card += 1;
            Some((card - 1, Neighbours::new(row, first.wrapping_add(card - 1), block.tiered == 1)))
        })
    }

    /// The neighbours of card `card` in one table, best first; none without a row. Cost: a binary search, and a step
    /// a row of the block that lies before.
    #[must_use]
    pub fn neighbours_of(&self, kind: NeighbourKind, card: u16) -> Neighbours<'a> {
        let key = (kind.code(), card);
        let after = self.neighbour_blocks.partition_point(|block| (block.kind, block.card) <= key);
        let block = after.checked_sub(1).and_then(|at| self.neighbour_blocks.get(at)).unwrap_or_default();
        let first = self.meta.get(0).unwrap_or_default().first;
        let row =
            if block.kind == key.0 { self.rows(block, first).nth((card - block.card).into()) } else { None };
        row.map_or_else(Neighbours::default, |row| row.1)
    }
}

/// Checks a card's strings and its run of so many tags; its category only the core file can check.
pub(crate) fn check_card(spot: &Spot<'_>, card: &Card, tags: usize) {
    spot.texts(&[card.item, card.title, card.url, card.image, card.brand]);
    spot.run(card.tags, tags, limits::TAGS_MAX);
}

#[cfg(feature = "encode")]
impl ItemsBuilder {
    /// Appends a table: the neighbours (dense id and score) of each card in turn, best first. Tables are added in the order
    /// of their kinds' codes, after `meta`.
    pub fn add_neighbours(&mut self, kind: NeighbourKind, rows: &[Vec<(u32, u8)>]) {
        let first = self.meta.first().map_or(0, |meta| meta.first);
        for (at, block) in
            (0..).step_by(crate::neighbours::BLOCK_CARDS).zip(rows.chunks(crate::neighbours::BLOCK_CARDS))
        {
            if block.iter().all(Vec::is_empty) {
                continue;
            }
            let tiered = block.iter().all(|row| crate::neighbours::is_tiered(row));
            let start = self.neighbours.len() as u32;
            for (own, row) in (first + at..).zip(block) {
                crate::neighbours::encode(row, own, tiered, &mut self.neighbours);
            }
            let bytes = Range { start, len: self.neighbours.len() as u32 - start };
            self.neighbour_blocks.push(NeighbourBlock {
                kind: kind.code(),
                tiered: tiered.into(),
                card: at as u16,
                bytes,
            });
        }
    }
}

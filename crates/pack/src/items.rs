//! Items files: product cards and neighbours of a run of dense ids.

use crate::check::{each, only, sorted};
use crate::core::Core;
use crate::error::{Error, ErrorCode};
use crate::file::file;
use crate::kinds::NeighbourKind;
use crate::limits;
use crate::neighbours::{BLOCK_CARDS, Row, next_row};
use crate::opened::{File, OpenedItems};
use crate::record::{Range, Ref, Str, Table, record};
use crate::rules::{BY_HAND, at_most, code, run};
use crate::varint::Bytes;

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
        category: Ref => BY_HAND,
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
        tags: Range => BY_HAND,
        /// Days after which it is bought again; 0 = not known.
        repeat_days: u16,
    }
}

/// Bits of [`Card::flags`].
pub mod card_flags {
    /// Can be bought now.
    pub const IN_STOCK: u8 = 1;
}

record! {
    /// The products of the file; exactly one record. `cards[k]` has dense id `first + k`.
    ItemsMeta {
        /// Dense id of the first.
        first: u32,
        /// How many there are; a file has cards of all of them, or of none.
        count: u32 => &[at_most(limits::SHARD_ITEMS_MAX)],
    }
}

record! {
    /// The neighbours of a run of at most 16 cards in one table.
    NeighbourBlock {
        /// [`crate::kinds::NeighbourKind`].
        kind: u8 => &[code(NeighbourKind::CODES)],
        /// 1 = scores follow from the rank ([`crate::neighbours::TIERS`]), 0 = each group says its own.
        tiered: u8,
        /// First card, counted from the first of the file.
        card: u16,
        /// Run of `neighbours`: a row a card ([`crate::neighbours`]); cards behind the last row have none.
        bytes: Range => &[run(section::neighbours, u32::MAX as usize)],
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
    /// What only the core file knows (the number of products and of categories) is checked by
    /// [`belongs`](Self::belongs).
    fn check(&self) -> Result<(), Error> {
        let meta = only(&self.meta)?;
        let cards_hold = self.cards.is_empty() || self.cards.len() == meta.count as usize;
        each(&self.meta, ErrorCode::Count, |_| cards_hold)?;
        let end = u64::from(meta.first) + u64::from(meta.count);
        each(&self.meta, ErrorCode::Limit, |_| end <= limits::ITEMS_MAX as u64)?;
        check_cards(&self.cards, self.tags.len(), usize::MAX)?;
        sorted(&self.neighbour_blocks, |before, after| {
            (before.kind, before.card) < (after.kind, after.card) && before.bytes.end() <= after.bytes.start
        })?;
        self.check_rows(meta, u32::MAX)
    }

    /// Every row of neighbours is one of a card, and decodes to dense ids below `below`.
    fn check_rows(&self, meta: ItemsMeta, below: u32) -> Result<(), Error> {
        for (at, block) in self.neighbour_blocks.iter().enumerate() {
            let refuse = |code| Err(Error::at(code, self.neighbour_blocks.offset(at)));
            if block.tiered > 1 {
                return refuse(ErrorCode::Value);
            }
            for (card, row) in self.rows(block, meta.first) {
                if card >= meta.count || card - u32::from(block.card) >= BLOCK_CARDS as u32 {
                    return refuse(ErrorCode::Reference);
                }
                if let Some(code) = row.refusal(below) {
                    return refuse(code);
                }
            }
        }
        Ok(())
    }

    /// Checks that this is file `number` of the catalogue that the core file describes.
    ///
    /// # Errors
    /// `Foreign` when it is another file, `Reference` when a card or a neighbour leads out of the core file.
    pub fn belongs(&self, core: &Core<'_>, number: u32) -> Result<(), Error> {
        let (meta, shop) = (only(&self.meta)?, only(&core.meta)?);
        let (own, width) = match number.checked_sub(shop.card_files()) {
            Some(near) if shop.near_items > 0 => (near, shop.near_items),
            _ => (number, shop.shard_items),
        };
        let first = u64::from(own) * u64::from(width);
        let count = u64::from(shop.item_count).saturating_sub(first).min(u64::from(width));
        let has_cards = own == number && meta.count > 0;
        let expected = u64::from(meta.first) == first
            && u64::from(meta.count) == count
            && self.cards.is_empty() != has_cards;
        each(&self.meta, ErrorCode::Foreign, |_| expected)?;
        check_cards(&self.cards, self.tags.len(), core.categories.len())?;
        self.check_rows(meta, shop.item_count)
    }

    /// The cards and rows of a block; `first` is the dense id of card 0.
    fn rows(&self, block: NeighbourBlock, first: u32) -> impl Iterator<Item = (u32, Row<'a>)> {
        let mut bytes = bytes_of(&self.neighbours, block);
        let mut card = u32::from(block.card);
        std::iter::from_fn(move || {
            let row = next_row(&mut bytes)?;
            let own = first.wrapping_add(card);
            card += 1;
            Some((card - 1, Row { kind: block.kind, bytes: row, own, tiered: block.tiered == 1 }))
        })
    }
}

fn bytes_of<'a>(neighbours: &Table<'a, u8>, block: NeighbourBlock) -> Bytes<'a> {
    let (start, end) = (block.bytes.start as usize, block.bytes.end() as usize);
    Bytes(neighbours.bytes().get(start..end).unwrap_or(&[]))
}

/// The place of a section in the reader.
const fn place_of(code: u8) -> usize {
    let sections = <Items<'static> as File>::SECTIONS;
    let mut at = 0;
    while sections[at].code != code {
        at += 1;
    }
    at
}

const BLOCKS: usize = place_of(section::neighbour_blocks);
const NEIGHBOURS: usize = place_of(section::neighbours);

impl OpenedItems {
    /// The rows of card `card`, whose dense id is `own`: one for each table that has any, in the order of their codes.
    /// Cost: a step a block of the file, and a step a row of the block that lies before.
    pub fn rows_of(&self, card: u32, own: u32) -> impl Iterator<Item = Row<'_>> {
        let neighbours = self.table(NEIGHBOURS);
        self.table::<NeighbourBlock>(BLOCKS).iter().filter_map(move |block| {
            let mut before = card.wrapping_sub(block.card.into());
            if before >= BLOCK_CARDS as u32 {
                return None;
            }
            let mut rows = bytes_of(&neighbours, block);
            loop {
                let bytes = next_row(&mut rows)?;
                if before == 0 {
                    return Some(Row { kind: block.kind, bytes, own, tiered: block.tiered == 1 });
                }
                before -= 1;
            }
        })
    }
}

/// Each card's tags are a run of so many, and its category one of so many.
pub(crate) fn check_cards(cards: &Table<'_, Card>, tags: usize, categories: usize) -> Result<(), Error> {
    each(cards, ErrorCode::Limit, |card| card.tags.len as usize <= limits::TAGS_MAX)?;
    each(cards, ErrorCode::Reference, |card| {
        let end = u64::from(card.tags.start) + u64::from(card.tags.len);
        let category = card.category.index().is_none_or(|category| (category as usize) < categories);
        end <= tags as u64 && category
    })
}

#[cfg(feature = "encode")]
impl ItemsBuilder {
    /// Appends a table: the neighbours (dense id and score) of each card in turn, best first. Tables are added in the order
    /// of their kinds' codes, after `meta`.
    pub fn add_neighbours(&mut self, kind: NeighbourKind, rows: &[Vec<(u32, u8)>]) {
        let first = self.meta.first().map_or(0, |meta| meta.first);
        for (at, block) in (0..).step_by(BLOCK_CARDS).zip(rows.chunks(BLOCK_CARDS)) {
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

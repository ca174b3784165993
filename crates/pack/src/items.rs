//! Items files: product cards and neighbours of a run of dense ids.

use crate::file::file;
use crate::record::{Range, Ref, Str, record};

/// Elements a block may use, in code order. Append only.
pub const TAGS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "q",
    "s",
    "section",
    "small",
    "source",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "u",
    "ul",
];

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

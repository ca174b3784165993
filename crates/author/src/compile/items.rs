//! Items and index files.

use shelfwise_pack::file::StringsBuilder;
use shelfwise_pack::index::{IndexBuilder, IndexEntry, hash};
use shelfwise_pack::items::{Card, ItemsBuilder, ItemsMeta, card_flags};
use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::record::{Range, Ref, Str};

use super::Assortment;

/// A run at the end of a section that grew from `start` to its present length.
pub(super) fn run<T>(start: usize, section: &[T]) -> Range {
    let narrow = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Range { start: narrow(start), len: narrow(section.len() - start) }
}

/// The card of a product; its tags are appended to `tags`.
pub(super) fn card(
    assortment: &Assortment,
    dense: u32,
    strings: &mut StringsBuilder,
    tags: &mut Vec<Str>,
) -> Card {
    let product = &assortment.products[dense as usize];
    let start = tags.len();
    tags.extend(product.tags.iter().map(|tag| strings.add(tag)));
    Card {
        item: strings.add(&product.item),
        title: strings.add(&product.title),
        url: strings.add(&product.url),
        image: strings.add(&product.image),
        brand: strings.add(&product.brand),
        category: assortment.category(&product.category).map_or(Ref::NONE, Ref::to),
        price_minor: product.price_minor,
        compare_at_minor: product.compare_at_minor,
        created_day: product.created_day,
        flags: if product.in_stock { card_flags::IN_STOCK } else { 0 },
        popularity_rank: assortment.popularity[dense as usize],
        tags: run(start, tags),
    }
}

/// The items files, by number.
///
/// Their version is left at 0: a shard whose products did not change keeps its bytes, so its name,
/// so its place in shoppers' caches over releases.
pub(super) fn encode_items(assortment: &Assortment) -> Vec<Vec<u8>> {
    let count = u32::try_from(assortment.products.len()).unwrap_or(u32::MAX);
    let shard = assortment.shard_items.max(1);
    (0..count.div_ceil(shard))
        .map(|number| {
            let first = number * shard;
            encode_shard(assortment, first, count.min(first.saturating_add(shard)))
        })
        .collect()
}

fn encode_shard(assortment: &Assortment, first: u32, end: u32) -> Vec<u8> {
    let mut file = ItemsBuilder::default();
    file.meta.push(ItemsMeta { first, version: 0 });
    for dense in first..end {
        let card = card(assortment, dense, &mut file.strings, &mut file.tags);
        file.cards.push(card);
    }
    for table in assortment.neighbours.chunk_by(|left, right| left.0 == right.0) {
        let Some(kind) = table.first().and_then(|row| NeighbourKind::from_code(row.0)) else { continue };
        let from = table.partition_point(|(_, of, _)| *of < first);
        let until = table.partition_point(|(_, of, _)| *of < end);
        let mut rows = vec![Vec::new(); (end - first) as usize];
        for (_, of, near) in &table[from..until] {
            rows[(of - first) as usize].clone_from(near);
        }
        file.add_neighbours(kind, &rows);
    }
    file.finish()
}

/// The index files, by number.
pub(super) fn encode_index(assortment: &Assortment) -> Vec<Vec<u8>> {
    let mut files: Vec<IndexBuilder> = (0..assortment.index_files).map(|_| IndexBuilder::default()).collect();
    for (dense, product) in (0..).zip(&assortment.products) {
        let hash = hash(&product.item);
        files[(hash % assortment.index_files) as usize].entries.push(IndexEntry { hash, dense });
    }
    for file in &mut files {
        file.entries.sort_by_key(|entry| (entry.hash, entry.dense));
    }
    files.iter().map(IndexBuilder::finish).collect()
}

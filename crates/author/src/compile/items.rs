//! Items and index files.

use shelfwise_pack::file::StringsBuilder;
use shelfwise_pack::index::{IndexBuilder, IndexEntry, hash};
use shelfwise_pack::items::{Card, ItemsBuilder, ItemsMeta, card_flags};
use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::limits::{FILE_BYTES_MAX, SHARD_ITEMS_MAX};
use shelfwise_pack::record::{Range, Ref, Str};

use super::Assortment;
use super::assortment::NeighbourList;
use crate::catalogue::Product;

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
        url: strings.add(own(&product.url, &assortment.links[0], product)),
        image: strings.add(own(&product.image, &assortment.links[1], product)),
        brand: strings.add(&product.brand),
        category: assortment.category(&product.category).map_or(Ref::NONE, Ref::to),
        price_minor: product.price_minor,
        compare_at_minor: product.compare_at_minor,
        created_day: product.created_day,
        flags: if product.in_stock { card_flags::IN_STOCK } else { 0 },
        popularity_rank: assortment.popularity[dense as usize],
        tags: run(start, tags),
        repeat_days: assortment.repeat_days.get(dense as usize).copied().unwrap_or(0),
    }
}

/// A product's link, or nothing where it is the shop's with the product's id in it.
fn own<'a>(link: &'a str, shared: &str, product: &Product) -> &'a str {
    let is_shared =
        shared.split_once('*').is_some_and(|(before, after)| link == [before, &product.item, after].concat());
    if is_shared { "" } else { link }
}

/// The link that products share but for their id, which stands at its `*`: of every product, or none.
pub(super) fn shared_link(products: &[Product], link: impl Fn(&Product) -> &str) -> String {
    let first = products.first().and_then(|product| {
        let (before, after) = link(product).split_once(product.item.as_str())?;
        Some([before, "*", after].concat()).filter(|shared| shared.matches('*').count() == 1)
    });
    first
        .filter(|shared| products.iter().all(|product| !link(product).is_empty()) && !shared.is_empty())
        .unwrap_or_default()
}

/// Lays the products into as few items files as the format allows, cards and neighbours together.
pub(super) fn hold(assortment: &mut Assortment) {
    /// Bytes of a card's records, and of a neighbour, at most.
    const CARD_BYTES: usize = 512;
    const NEAR_BYTES: usize = 8;
    let mut near = vec![0; assortment.products.len()];
    assortment.neighbours.iter().for_each(|(_, of, list)| near[*of as usize] += list.len());
    let bytes = |(product, near): (&Product, &usize)| {
        let Product { item, title, url, image, brand, tags, .. } = product;
        let texts = [item, title, url, image, brand].into_iter().chain(tags);
        CARD_BYTES + near * NEAR_BYTES + texts.map(String::len).sum::<usize>()
    };
    let largest = assortment.products.iter().zip(&near).map(bytes).max().unwrap_or(CARD_BYTES);
    let most = (FILE_BYTES_MAX / largest).clamp(1, SHARD_ITEMS_MAX);
    assortment.shard_items = u32::try_from(most).unwrap_or(1);
    assortment.near_items = 0;
}

/// The items files, by number: those of the cards, then those of the neighbours, where they lie apart.
///
/// They do not say their version: a shard whose products did not change keeps its bytes, so its name,
/// so its place in shoppers' caches over releases.
pub(super) fn encode_items(assortment: &Assortment) -> Vec<Vec<u8>> {
    let count = u32::try_from(assortment.products.len()).unwrap_or(u32::MAX);
    let runs = |width: u32| {
        (0..count)
            .step_by(width.max(1) as usize)
            .map(move |first| (first, count.min(first.saturating_add(width))))
    };
    let apart = assortment.near_items;
    // Their bounds are found once: a large catalogue has as many files as a table has rows.
    let tables: Vec<&[NeighbourList]> =
        assortment.neighbours.chunk_by(|left, right| left.0 == right.0).collect();
    let with_cards = if apart == 0 { &tables[..] } else { &[] };
    let cards = runs(assortment.shard_items)
        .map(|(first, end)| encode_shard(assortment, first, end, true, with_cards));
    let near = runs(apart)
        .filter(|_| apart > 0)
        .map(|(first, end)| encode_shard(assortment, first, end, false, &tables));
    cards.chain(near).collect()
}

fn encode_shard(
    assortment: &Assortment,
    first: u32,
    end: u32,
    cards: bool,
    tables: &[&[NeighbourList]],
) -> Vec<u8> {
    let mut file = ItemsBuilder::default();
    file.meta.push(ItemsMeta { first, count: end - first });
    for dense in (first..end).filter(|_| cards) {
        let card = card(assortment, dense, &mut file.strings, &mut file.tags);
        file.cards.push(card);
    }
    for table in tables {
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

#[cfg(test)]
mod tests {
    use super::*;
    use shelfwise_pack::items::Items;

    #[test]
    fn products_that_are_held_lie_in_few_files_that_all_open() {
        let product =
            |at: u32| Product { item: format!("P{at}"), title: "Lamp".into(), ..Product::default() };
        let neighbours = |of: u32| (1, of, (0..of % 40).map(|near| (near * 99, 9)).collect());
        let mut assortment = Assortment {
            products: (0..5_000).map(product).collect(),
            popularity: (0..5_000).collect(),
            neighbours: (0..5_000).map(neighbours).collect(),
            shard_items: 4,
            near_items: 8,
            ..Assortment::default()
        };
        let mut files = |title: &str| {
            title.clone_into(&mut assortment.products[7].title);
            hold(&mut assortment);
            let files = encode_items(&assortment);
            let cards: usize =
                files.iter().map(|file| Items::open(file).expect("opens").cards.iter().count()).sum();
            assert_eq!(cards, 5_000);
            files.len()
        };
        assert_eq!(files("Lamp"), 3);
        assert_eq!(files(&"Lamp ".repeat(1_600)), 6, "one of 8 kB may have many beside it");
    }
}

//! A small catalogue: twelve products in two items files, for recommendation and content.

#![allow(dead_code, missing_docs)]

use shelfwise_engine::memory::{Event, EventKind, Memory};
use shelfwise_engine::pack::core::{CoreBuilder, CutPoints, List, Meta, Predicate};
use shelfwise_engine::pack::index::{IndexBuilder, IndexEntry, hash};
use shelfwise_engine::pack::items::{Card, ItemsBuilder, ItemsMeta, card_flags};
use shelfwise_engine::pack::kinds::{CutKind, ListKind, NeighbourKind};
use shelfwise_engine::pack::opened::{Opened, OpenedCore};
use shelfwise_engine::pack::program::{CompareOp, ConstantKind};
use shelfwise_engine::pack::record::{Range, Ref, Str};
use shelfwise_engine::shelf::Shelf;
use shelfwise_engine::traits::code;

/// Table, product, and its neighbours with their scores.
pub type Neighbours = (NeighbourKind, u32, &'static [(u32, u8)]);

pub const SHARD: u32 = 6;
pub const COUNT: u32 = 12;

/// Product `d`: id `P<d>`, category `d % 3`, brand `B<d % 2>`, price `100 * (d + 1)`, rank `COUNT - d`, number 5 sold out.
pub fn card(builder: &mut shelfwise_engine::pack::file::StringsBuilder, dense: u32) -> Card {
    Card {
        item: builder.add(&format!("P{dense}")),
        title: builder.add(&format!("Product {dense}")),
        url: builder.add(&format!("/p/P{dense}/")),
        image: builder.add(&format!("/img/P{dense}.svg")),
        brand: builder.add(&format!("B{}", dense % 2)),
        category: Ref::to(dense % 3),
        price_minor: 100 * (dense + 1),
        compare_at_minor: if dense == 1 { 400 } else { 0 },
        created_day: 20_000,
        flags: if dense == 5 { 0 } else { card_flags::IN_STOCK },
        popularity_rank: COUNT - dense,
        tags: Range::default(),
        repeat_days: if dense == 4 { 10 } else { 0 },
    }
}

pub fn core() -> CoreBuilder {
    let mut core = CoreBuilder::default();
    let currency = core.strings.add("GBP");
    core.meta.push(meta(currency, COUNT, SHARD, 1_000));
    for name in ["Garden", "Kitchen", "Toys"] {
        let name = core.strings.add(name);
        core.categories.push(name);
    }
    list(&mut core, ListKind::BestSellers, Ref::NONE, &[9, 3, 5, 6, 0]);
    list(&mut core, ListKind::BestSellers, Ref::to(1), &[1, 4]);
    list(&mut core, ListKind::Trending, Ref::NONE, &[7]);
    list(&mut core, ListKind::Trending, Ref::NONE, &[3, 1]);
    core.lists.last_mut().expect("a list").name = core.strings.add("B1");
    list(&mut core, ListKind::NewArrivals, Ref::NONE, &[8]);
    list(&mut core, ListKind::TopDiscount, Ref::NONE, &[1]);
    list(&mut core, ListKind::Manual, Ref::NONE, &[2, 4]);
    list(&mut core, ListKind::Manual, Ref::NONE, &[7]);
    core.lists.last_mut().expect("a list").name = core.strings.add("B1");
    list(&mut core, ListKind::LowStock, Ref::NONE, &[10, 2]);
    for octave in (0..11).rev() {
        let is_in = |dense: &u32| *dense != 5 && (100 * (dense + 1)).ilog2() == octave;
        list(
            &mut core,
            ListKind::FreeShipping,
            Ref::NONE,
            &(0..COUNT).rev().filter(is_in).collect::<Vec<_>>(),
        );
    }
    for dense in [0, 3, 9] {
        let card = card(&mut core.strings, dense);
        core.head_cards.push(card);
        core.head_ids.push(dense);
    }
    core.cut_points.push(CutPoints {
        kind: CutKind::Price.code(),
        category: Ref::to(0),
        p20: 150,
        p40: 450,
        p60: 750,
        p80: 1_050,
    });
    core.predicates.push(Predicate {
        op: CompareOp::Equal.code(),
        constant: ConstantKind::Bool.code(),
        trait_code: code::ITEM_IN_STOCK,
        value: 1,
        ..Predicate::default()
    });
    core
}

/// A shop of so many products in files of so many, that sends orders of so many minor units for nothing.
pub fn meta(currency: Str, item_count: u32, shard_items: u32, free_shipping_minor: u32) -> Meta {
    Meta {
        currency,
        currency_exponent: 2,
        item_count,
        shard_items,
        index_files: 1,
        free_shipping_minor,
        affinity_half_life_days: 30,
        ..Meta::default()
    }
}

pub fn list(core: &mut CoreBuilder, kind: ListKind, category: Ref, items: &[u32]) {
    let start = core.list_items.len() as u32;
    core.list_items.extend_from_slice(items);
    let items = Range { start, len: items.len() as u32 };
    core.lists.push(List { kind: kind.code(), category, items, ..List::default() });
}

/// Items file `number`; neighbours are `(kind, of, [(neighbour, score)])`.
pub fn items(number: u32, rows: &[Neighbours]) -> Vec<u8> {
    let first = number * SHARD;
    let mut file = ItemsBuilder::default();
    file.meta.push(ItemsMeta { first, count: SHARD });
    for dense in first..first + SHARD {
        let card = card(&mut file.strings, dense);
        file.cards.push(card);
    }
    for kind in NeighbourKind::ALL {
        let row = |of| {
            rows.iter().find(|row| row.0 == *kind && row.1 == of).map_or(Vec::new(), |row| row.2.to_vec())
        };
        file.add_neighbours(*kind, &(first..first + SHARD).map(row).collect::<Vec<_>>());
    }
    file.finish()
}

pub fn index() -> Vec<u8> {
    index_of(COUNT)
}

/// The index file of products `P0` to `P<count - 1>`.
pub fn index_of(count: u32) -> Vec<u8> {
    let entry = |dense: u32| IndexEntry { hash: hash(&format!("P{dense}")), dense };
    let mut entries: Vec<_> = (0..count).map(entry).collect();
    entries.sort_by_key(|entry| (entry.hash, entry.dense));
    IndexBuilder { entries, ..IndexBuilder::default() }.finish()
}

pub fn open(core: &CoreBuilder) -> OpenedCore {
    Opened::open(core.finish()).expect("core")
}

pub const ROWS: &[Neighbours] = &[
    (NeighbourKind::BoughtTogether, 0, &[(3, 15), (6, 9), (1, 9), (9, 2)]),
    (NeighbourKind::BoughtTogether, 1, &[(6, 15), (2, 4)]),
    (NeighbourKind::ViewedTogether, 0, &[(2, 8), (5, 8), (8, 8)]),
    (NeighbourKind::ViewedThenBought, 0, &[(4, 7)]),
    (NeighbourKind::Similar, 3, &[(4, 9), (3, 8), (7, 8), (8, 8), (2, 1)]),
    (NeighbourKind::Bundle, 0, &[(7, 15), (11, 14)]),
];

/// A shelf with everything on it.
pub fn full(core: &OpenedCore) -> Shelf {
    let mut shelf = Shelf::new(&core.view());
    for number in 0..COUNT / SHARD {
        shelf.add_items(number, Opened::open(items(number, ROWS)).expect("items"));
    }
    shelf.add_index(0, &Opened::open(index()).expect("index"));
    shelf
}

pub fn event(kind: EventKind, at_s: i64, dense: u32) -> Event {
    let mut event = Event::new(kind, at_s).about(&format!("P{dense}"));
    event.price_minor = 100 * (dense + 1);
    event.quantity = 1;
    event
}

pub fn memory(events: &[Event]) -> Memory {
    let mut memory = Memory::default();
    for event in events {
        memory.fold(event);
    }
    memory
}

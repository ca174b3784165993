//! Small valid files of every kind, with at least two records in every table.

#![allow(dead_code)] // Each test file uses some of the samples.

use shelfwise_pack::core::*;
use shelfwise_pack::directory::{DirectoryBuilder, DirectoryEntry};
use shelfwise_pack::index::{IndexBuilder, IndexEntry, hash};
use shelfwise_pack::items::{Card, ItemsBuilder, ItemsMeta};
use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::knowledge::*;
use shelfwise_pack::program::{CompareOp, ConstantKind, Instruction, Op};
use shelfwise_pack::record::{Range, Ref, Str};

/// A run.
pub fn run(start: u32, len: u32) -> Range {
    Range { start, len }
}

fn program() -> Vec<u8> {
    let mut code = Vec::new();
    Instruction { op: Op::True, a: 0, b: 0 }.encode(&mut code);
    code
}

/// A core file whose every table has at least two records (`meta` one).
pub fn core() -> CoreBuilder {
    let mut core = CoreBuilder::default();
    let texts = ["a", "b", "class", "href", "Europe/London", "Europe/Paris", "grüße"];
    let [a, b, class, href, london, paris, _] = texts.map(|text| core.strings.add(text));
    core.meta = vec![Meta {
        shop: a,
        currency_exponent: 2,
        version: 7,
        item_count: 100,
        shard_items: 50,
        index_files: 2,
        ..Meta::default()
    }];
    core.slots = vec![Slot { name: a, page: Str(0) }, Slot { name: b, page: a }];
    let campaign = Campaign {
        id: a,
        slot: Ref::to(1),
        kind: 1,
        audience: run(0, 2),
        experiment: Ref::to(1),
        group: Ref::to(1),
        trigger: Ref::to(1),
        variations: run(0, 2),
        ..Campaign::default()
    };
    core.campaigns = vec![campaign, Campaign { id: b, variations: run(2, 3), slot: Ref::NONE, ..campaign }];
    core.conjuncts = vec![0, 3];
    core.code = [program(), program()].concat();
    let length = core.code.len() as u32 / 2;
    let compare = |op: CompareOp, constant: ConstantKind, value| Predicate {
        op: op.code(),
        constant: constant.code(),
        value,
        ..Predicate::default()
    };
    core.predicates = vec![
        Predicate { code: run(0, length), ..Predicate::default() },
        Predicate { code: run(length, length), ..Predicate::default() },
        compare(CompareOp::Equal, ConstantKind::Bool, 1),
        compare(CompareOp::NotEqual, ConstantKind::Str, 1),
        compare(CompareOp::Less, ConstantKind::Int, u64::MAX),
        compare(CompareOp::Less, ConstantKind::Double, u64::MAX),
    ];
    let experiment = Experiment {
        key: a,
        seed: b,
        hash_version: 2,
        coverage_ppm: 1_000_000,
        namespace: a,
        namespace_from_ppm: 0,
        namespace_until_ppm: 1_000_000,
    };
    core.experiments = vec![experiment, Experiment { hash_version: 1, ..experiment }];
    core.groups = vec![a, b];
    core.triggers =
        vec![Trigger { kind: 1, threshold: 5, event: a }, Trigger { kind: 8, ..Trigger::default() }];
    let variation =
        Variation { id: a, weight_ppm: 300_000, content: 1, data: run(0, 2), ..Variation::default() };
    let other = |content, target| Variation { content, target: Ref::to(target), message: 3, ..variation };
    core.variations =
        vec![variation, other(2, 1), other(3, 1), other(4, 1), Variation { content: 5, ..variation }];
    core.orders = vec![Order { names: run(0, 1) }, Order { names: run(1, 1) }];
    core.order_names = vec![a, b];
    core.nodes = vec![
        Node { kind: 1, tag: 10, attrs: run(0, 2), descendants: 3, ..Node::default() },
        Node { kind: 3, descendants: 1, ..Node::default() },
        Node { kind: 2, text: run(0, 4), ..Node::default() },
        Node { kind: 1, tag: 6, ..Node::default() },
        Node { kind: 3, descendants: 1, ..Node::default() },
        Node { kind: 2, text: run(0, 1), ..Node::default() },
    ];
    core.blocks = vec![
        Block { name: a, template: b, nodes: run(0, 4) },
        Block { name: b, template: Str(0), nodes: run(4, 2) },
    ];
    core.attrs = vec![Attr { name: class, value: run(0, 1) }, Attr { name: href, value: run(3, 1) }];
    let part = |kind, reference| Part { kind, text: a, reference, key: b };
    core.parts = vec![part(1, 0), part(2, 0), part(3, 999), part(4, 9)];
    core.data = vec![Datum { name: a, value: run(0, 1) }, Datum { name: b, value: run(2, 2) }];
    let row = Row { sources: run(0, 2), limit: 8, minimum: 8, exclude: 31, ..Row::default() };
    core.rows = vec![row, Row { filter: Ref::to(3), block: Ref::to(1), diversity_by: 3, ..row }];
    core.sources = vec![Source { strategy: 1, list: Ref::to(1) }, Source { strategy: 17, list: Ref::NONE }];
    let list = List { kind: 1, name: a, items: run(0, 2), ..List::default() };
    core.lists = vec![list, List { category: Ref::to(1), items: run(2, 1), kind: 5, ..list }];
    core.list_items = vec![99, 0, 3];
    let cut = CutPoints { kind: 1, p20: -1, p40: -1, p60: 0, p80: 0, ..CutPoints::default() };
    core.cut_points = vec![cut, CutPoints { kind: 4, category: Ref::to(1), ..cut }];
    core.categories = vec![a, b];
    let place = Place { zone: london, country: a, hemisphere: 1, climate: 3 };
    core.places = vec![place, Place { zone: paris, hemisphere: 2, climate: 5, ..place }];
    core.head_cards = vec![card(a, 0), card(b, 1)];
    core.head_ids = vec![3, 99];
    core.tags = vec![a, b];
    core
}

fn card(item: Str, category: u32) -> Card {
    Card { item, title: item, category: Ref::to(category), tags: run(0, 2), ..Card::default() }
}

/// Items file 1 of the catalogue that [`core`] describes.
pub fn items() -> ItemsBuilder {
    let mut items = ItemsBuilder::default();
    let [a, b] = ["a", "b"].map(|text| items.strings.add(text));
    items.meta = vec![ItemsMeta { first: 50, count: 50 }];
    items.cards = (0..50).map(|at| card(if at == 0 { a } else { b }, at % 2)).collect();
    items.tags = vec![a, b];
    let row = |of: usize, neighbours: &[(u32, u8)]| {
        let mut rows = vec![Vec::new(); 50];
        rows[of] = neighbours.to_vec();
        rows
    };
    let mut bought = row(0, &[(99, 14)]);
    bought[49] = vec![(0, 15)];
    items.add_neighbours(NeighbourKind::BoughtTogether, &bought);
    items.add_neighbours(NeighbourKind::Similar, &row(0, &[(99, 15), (1, 14), (98, 14), (0, 12)]));
    items
}

/// Index file 0 of the catalogue that [`core`] describes: the products with an even hash.
pub fn index() -> IndexBuilder {
    let mut index = IndexBuilder::default();
    let even = (0..40).map(|dense| (hash(&format!("item-{dense}")), dense)).filter(|(hash, _)| hash % 2 == 0);
    index.entries = even.map(|(hash, dense)| IndexEntry { hash, dense }).collect();
    index.entries.sort_by_key(|entry| (entry.hash, entry.dense));
    index
}

/// A directory page of two files.
pub fn directory() -> DirectoryBuilder {
    let entries = [(u128::MAX, 1), (1, 8 << 20)].map(|(hash, length)| DirectoryEntry { hash, length });
    DirectoryBuilder { entries: entries.to_vec(), ..DirectoryBuilder::default() }
}

/// A knowledge file.
pub fn knowledge() -> KnowledgeBuilder {
    let mut file = KnowledgeBuilder::default();
    let [a, b] = ["a", "b"].map(|text| file.strings.add(text));
    file.meta = vec![KnowledgeMeta { orders: 3, ..KnowledgeMeta::default() }];
    let item = KnownItem { item: a, category: b, orders: 2, ..KnownItem::default() };
    file.items = vec![item, KnownItem { item: b, category: a, ..item }];
    file.neighbour_rows = vec![
        KnownNeighbourRow { kind: 1, item: 0, neighbours: run(0, 2) },
        KnownNeighbourRow { kind: 1, item: 1, neighbours: run(1, 1) },
        KnownNeighbourRow { kind: 2, item: 0, neighbours: run(1, 1) },
    ];
    file.neighbours = vec![KnownNeighbour { item: 1, score: 15 }, KnownNeighbour { item: 0, score: 1 }];
    let sales = KnownSales { item: 0, period: 0, orders: 1, quantity: 2, revenue_minor: 3 };
    file.sales = vec![sales, KnownSales { period: 23, ..sales }];
    let cut = KnownCutPoints { kind: 1, category: a, p20: 1, p40: 1, p60: 2, p80: 2 };
    file.cut_points = vec![cut, KnownCutPoints { kind: 4, category: b, ..cut }];
    let parameter = |name, value: f64| Parameter { name, value: value.to_bits() };
    file.parameters = vec![parameter(a, 0.25), parameter(b, -1.5)];
    file.intervals = vec![
        KnownInterval { item: 0, days: 1, customers: 5 },
        KnownInterval { item: 1, days: 30, customers: 7 },
    ];
    let bundle = KnownBundle { items: run(0, 2), orders: 3, lift_permille: 1_500 };
    file.bundles = vec![bundle, KnownBundle { items: run(1, 2), orders: 2, ..bundle }];
    file.bundle_items = vec![0, 1, 0];
    file
}

//! Every rule of every file kind has a file that breaks only that rule; the refusal names it and its place.

mod samples;

use shelfwise_pack::core::{Block, Campaign, Core, CoreBuilder, Node};
use shelfwise_pack::directory::Directory;
use shelfwise_pack::index::Index;
use shelfwise_pack::items::Items;
use shelfwise_pack::knowledge::Knowledge;
use shelfwise_pack::limits;
use shelfwise_pack::record::{Range, Ref, Str};
use shelfwise_pack::{Error, ErrorCode};

use ErrorCode::{Block as BadBlock, Count, Foreign, Kind, Limit, Order, Program, Reference, Value};
use samples::run;

const NO_TEXT: Str = Str(1_000);
const NO_RECORD: Ref = Ref::to(1_000);
const NO_RUN: Range = Range { start: 1_000, len: 0 };

/// Asserts for each `table[index].field = value` that the file is refused with the code, at that record.
macro_rules! refused {
    ($kind:ident, $sample:path; $($table:ident[$index:literal] $(.$field:ident)? = $value:expr => $code:expr;)*) => {$({
        let mut file = $sample();
        file.$table[$index]$(.$field)? = $value;
        let bytes = file.finish();
        let sound = $sample().finish();
        let place = $kind::open(&sound).expect("the sample is sound").$table.offset($index);
        let expected = Error::at($code, place);
        let case = stringify!($table[$index] $(.$field)? = $value);
        assert_eq!($kind::open(&bytes).err(), Some(expected), "{case}");
    })*};
}

/// Asserts for each `table[index].field = value` that the file opens.
macro_rules! accepted {
    ($kind:ident, $sample:path; $($table:ident[$index:literal] .$field:ident = $value:expr;)*) => {$({
        let mut file = $sample();
        file.$table[$index].$field = $value;
        assert_eq!($kind::open(&file.finish()).err(), None, "{}", stringify!($table.$field = $value));
    })*};
}

fn core_error(change: impl Fn(&mut CoreBuilder)) -> Option<ErrorCode> {
    let mut core = samples::core();
    change(&mut core);
    Core::open(&core.finish()).err().map(|error| error.code)
}

#[test]
fn every_string_of_a_core_file_exists() {
    refused!(Core, samples::core;
        meta[0].shop = NO_TEXT => Reference;
        meta[0].channel = NO_TEXT => Reference;
        meta[0].currency = NO_TEXT => Reference;
        meta[0].locale = NO_TEXT => Reference;
        meta[0].timezone = NO_TEXT => Reference;
        slots[1].name = NO_TEXT => Reference;
        slots[1].page = NO_TEXT => Reference;
        campaigns[1].id = NO_TEXT => Reference;
        predicates[1].key = NO_TEXT => Reference;
        experiments[1].key = NO_TEXT => Reference;
        experiments[1].seed = NO_TEXT => Reference;
        experiments[1].namespace = NO_TEXT => Reference;
        groups[1] = NO_TEXT => Reference;
        triggers[1].event = NO_TEXT => Reference;
        variations[1].id = NO_TEXT => Reference;
        order_names[1] = NO_TEXT => Reference;
        blocks[1].name = NO_TEXT => Reference;
        blocks[1].template = NO_TEXT => Reference;
        attrs[1].name = NO_TEXT => Reference;
        parts[1].text = NO_TEXT => Reference;
        parts[1].key = NO_TEXT => Reference;
        data[1].name = NO_TEXT => Reference;
        lists[1].name = NO_TEXT => Reference;
        categories[1] = NO_TEXT => Reference;
        places[1].zone = NO_TEXT => Reference;
        places[1].country = NO_TEXT => Reference;
        head_cards[1].item = NO_TEXT => Reference;
        head_cards[1].title = NO_TEXT => Reference;
        head_cards[1].url = NO_TEXT => Reference;
        head_cards[1].image = NO_TEXT => Reference;
        head_cards[1].brand = NO_TEXT => Reference;
        tags[1] = NO_TEXT => Reference;
    );
    // The first index that is not there: the sample has seven texts and the empty one.
    refused!(Core, samples::core; meta[0].shop = Str(8) => Reference;);
    accepted!(Core, samples::core; meta[0].shop = Str(7););
}

#[test]
fn every_reference_of_a_core_file_leads_to_a_record() {
    refused!(Core, samples::core;
        campaigns[1].slot = NO_RECORD => Reference;
        campaigns[1].slot = Ref::to(2) => Reference;
        campaigns[1].experiment = Ref::to(2) => Reference;
        campaigns[1].group = Ref::to(2) => Reference;
        campaigns[1].trigger = Ref::to(2) => Reference;
        conjuncts[1] = 6 => Reference;
        conjuncts[1] = u32::MAX => Reference;
        variations[1].target = Ref::to(2) => Reference;
        variations[2].target = Ref::to(2) => Reference;
        variations[3].target = Ref::to(2) => Reference;
        variations[1].target = Ref::NONE => Reference;
        variations[0].target = Ref::to(0) => Reference;
        variations[4].target = Ref::to(0) => Reference;
        rows[1].filter = Ref::to(6) => Reference;
        rows[1].block = Ref::to(2) => Reference;
        sources[1].list = Ref::to(2) => Reference;
        lists[1].category = Ref::to(2) => Reference;
        list_items[2] = 100 => Reference;
        head_ids[1] = 100 => Reference;
        cut_points[1].category = Ref::to(2) => Reference;
        head_cards[1].category = Ref::to(2) => Reference;
        predicates[3].value = 8 => Reference;
        predicates[3].value = 1 << 32 => Reference;
    );
}

#[test]
fn every_run_of_a_core_file_lies_in_its_table() {
    refused!(Core, samples::core;
        campaigns[1].audience = NO_RUN => Reference;
        campaigns[1].audience = run(1, 2) => Reference;
        campaigns[1].audience = run(u32::MAX, 1) => Reference;
        campaigns[1].audience = run(0, limits::CONJUNCTS_MAX as u32 + 1) => Limit;
        campaigns[1].variations = run(3, 3) => Reference;
        campaigns[1].variations = run(0, limits::VARIATIONS_MAX as u32 + 1) => Limit;
        campaigns[1].variations = run(3, 0) => Count;
        variations[1].data = run(1, 2) => Reference;
        variations[1].data = run(0, limits::DATA_MAX as u32 + 1) => Limit;
        orders[1].names = run(1, 2) => Reference;
        orders[1].names = run(0, limits::ORDER_NAMES_MAX as u32 + 1) => Limit;
        rows[1].sources = run(1, 2) => Reference;
        rows[1].sources = run(0, limits::SOURCES_MAX as u32 + 1) => Limit;
        lists[1].items = run(2, 2) => Reference;
        lists[1].items = run(0, limits::RECORDS_MAX as u32 + 1) => Limit;
        predicates[1].code = run(0, limits::PROGRAM_BYTES_MAX as u32 + 1) => Limit;
        predicates[1].code = run(1, 1_000) => Reference;
        blocks[1].nodes = run(4, 3) => Reference;
        blocks[1].nodes = run(0, limits::BLOCK_NODES_MAX as u32 + 1) => Limit;
        attrs[1].value = run(3, 2) => Reference;
        attrs[1].value = run(0, limits::PARTS_MAX as u32 + 1) => Limit;
        nodes[1].attrs = run(1, 2) => Reference;
        nodes[1].attrs = run(0, limits::ATTRS_MAX as u32 + 1) => Limit;
        nodes[1].text = run(3, 2) => Reference;
        nodes[1].text = run(0, limits::PARTS_MAX as u32 + 1) => Limit;
        data[1].value = run(3, 2) => Reference;
        data[1].value = run(0, limits::PARTS_MAX as u32 + 1) => Limit;
        head_cards[1].tags = run(1, 2) => Reference;
        head_cards[1].tags = run(0, limits::TAGS_MAX as u32 + 1) => Limit;
    );
}

#[test]
fn every_code_of_a_core_file_is_known() {
    refused!(Core, samples::core;
        campaigns[1].kind = 0 => Kind;
        campaigns[1].consent = 4 => Kind;
        predicates[2].op = 99 => Kind;
        predicates[2].constant = 99 => Kind;
        experiments[1].hash_version = 0 => Kind;
        experiments[1].hash_version = 3 => Kind;
        triggers[1].kind = 0 => Kind;
        variations[1].content = 0 => Kind;
        variations[1].message = 4 => Kind;
        nodes[1].kind = 0 => Kind;
        parts[1].kind = 0 => Kind;
        parts[3].reference = 10 => Kind;
        parts[3].reference = 0x101 => Kind;
        rows[1].exclude = 64 => Kind;
        rows[1].diversity_by = 4 => Kind;
        sources[1].strategy = 0 => Kind;
        lists[1].kind = 0 => Kind;
        cut_points[1].kind = 0 => Kind;
        places[1].hemisphere = 0 => Kind;
        places[1].climate = 0 => Kind;
    );
}

#[test]
fn every_value_of_a_core_file_is_in_its_range() {
    refused!(Core, samples::core;
        meta[0].item_count = limits::ITEMS_MAX as u32 + 1 => Limit;
        meta[0].shard_items = limits::SHARD_ITEMS_MAX as u32 + 1 => Limit;
        meta[0].shard_items = 0 => Value;
        meta[0].index_files = 0 => Value;
        meta[0].currency_exponent = limits::CURRENCY_EXPONENT_MAX + 1 => Limit;
        predicates[2].value = 2 => Value;
        experiments[1].coverage_ppm = 1_000_001 => Value;
        experiments[1].namespace_until_ppm = 1_000_001 => Value;
        experiments[1].namespace_from_ppm = 1_000_001 => Value;
        rows[1].minimum = 9 => Value;
        data[1].value = run(1, 1) => Value;
        cut_points[1].p20 = 0 => Order;
        cut_points[1].p40 = 1 => Order;
        cut_points[1].p60 = 1 => Order;
        places[1].zone = Str(5) => Order;
        head_ids[1] = 3 => Order;
        blocks[1].nodes = run(3, 2) => Order;
        predicates[1].code = run(0, 1) => Order;
    );
    accepted!(Core, samples::core;
        meta[0].item_count = limits::ITEMS_MAX as u32;
        meta[0].shard_items = limits::SHARD_ITEMS_MAX as u32;
        meta[0].currency_exponent = limits::CURRENCY_EXPONENT_MAX;
        predicates[2].value = 0;
        experiments[1].namespace_from_ppm = 1_000_000;
        variations[1].weight_ppm = 700_000;
        parts[2].reference = u16::MAX;
    );
    let weights = core_error(|core| core.variations[1].weight_ppm = 700_001);
    assert_eq!(weights, Some(Value));
    let no_products = core_error(|core| {
        core.list_items.clear();
        core.lists.clear();
        core.sources.clear();
        core.rows.clear();
        core.variations[3] = core.variations[2];
        core.head_ids.clear();
        core.head_cards.clear();
        (core.meta[0].item_count, core.meta[0].shard_items, core.meta[0].index_files) = (0, 0, 0);
    });
    assert_eq!(no_products, None);
}

#[test]
fn tables_have_as_many_records_as_they_must() {
    assert_eq!(core_error(|core| core.meta.clear()), Some(Count));
    assert_eq!(core_error(|core| core.meta.push(core.meta[0])), Some(Count));
    assert_eq!(core_error(|core| core.head_ids.truncate(1)), Some(Count));
    let campaigns = |count| core_error(|core| core.campaigns.resize(count, core.campaigns[0]));
    assert_eq!(campaigns(limits::CAMPAIGNS_MAX), None);
    assert_eq!(campaigns(limits::CAMPAIGNS_MAX + 1), Some(Limit));
    let records = |count| core_error(|core| core.groups.resize(count, Str(0)));
    assert_eq!(records(limits::RECORDS_MAX), None);
    assert_eq!(records(limits::RECORDS_MAX + 1), Some(Limit));
}

#[test]
fn programs_are_verified_and_their_fault_is_located() {
    let mut core = samples::core();
    let last = core.code.len() - 1;
    core.code[last] = 0xFF;
    let bytes = core.finish();
    let sound = samples::core().finish();
    let place = Core::open(&sound).expect("sound").code.offset(last);
    assert_eq!(Core::open(&bytes).err(), Some(Error::at(Program, place)));
    assert_eq!(core_error(|core| core.predicates[0].code.len = 0), Some(Program), "an empty program");
}

fn tree_error(nodes: Vec<Node>) -> Option<ErrorCode> {
    core_error(|core| {
        core.blocks = vec![Block { nodes: run(0, nodes.len() as u32), ..Block::default() }; 1];
        core.variations[1].target = Ref::to(0);
        core.rows[1].block = Ref::NONE;
        core.nodes = nodes.clone();
    })
}

#[test]
fn blocks_are_trees_of_allowed_elements() {
    const DIV: u8 = 10;
    let element = |tag, descendants| Node { kind: 1, tag, descendants, ..Node::default() };
    let text = Node { kind: 2, ..Node::default() };
    let each = |descendants| Node { kind: 3, descendants, ..Node::default() };
    let nested = |depth: u32| (0..depth).rev().map(|below| element(DIV, below)).collect::<Vec<_>>();

    assert_eq!(tree_error(vec![]), None);
    assert_eq!(tree_error(vec![element(DIV, 2), element(DIV, 1), text, text]), None);
    assert_eq!(tree_error(vec![element(DIV, 1)]), Some(BadBlock), "past the block");
    assert_eq!(tree_error(vec![element(DIV, 1), element(DIV, 1), text]), Some(BadBlock), "past the parent");
    assert_eq!(
        tree_error(vec![element(DIV, 2), text, element(DIV, 1), text]),
        Some(BadBlock),
        "past the second"
    );
    assert_eq!(tree_error(vec![element(DIV, u32::MAX), text]), Some(BadBlock), "past everything");
    assert_eq!(tree_error(vec![Node { descendants: 1, ..text }, text]), Some(BadBlock), "text in text");
    let tags = shelfwise_pack::blocks::TAGS.len() as u8;
    assert_eq!(tree_error(vec![element(tags - 1, 0)]), None);
    assert_eq!(tree_error(vec![element(tags, 0)]), Some(BadBlock), "an unknown element");
    let image = shelfwise_pack::blocks::TAGS.iter().position(|tag| *tag == "img").expect("a tag") as u8;
    assert_eq!(tree_error(vec![element(image, 0)]), None);
    assert_eq!(tree_error(vec![element(image, 1), text]), Some(BadBlock), "a void element with content");
    assert_eq!(tree_error(vec![each(2), element(DIV, 1), each(0)]), Some(BadBlock), "each in each");
    assert_eq!(tree_error(vec![each(1), text, each(0)]), None, "each after each");
    assert_eq!(tree_error(vec![element(DIV, 2), each(1), text, each(1), text]), None);
    assert_eq!(tree_error(nested(limits::BLOCK_DEPTH_MAX as u32)), None);
    assert_eq!(tree_error(nested(limits::BLOCK_DEPTH_MAX as u32 + 1)), Some(Limit));
    assert_eq!(tree_error(vec![text; limits::BLOCK_NODES_MAX]), None);
    assert_eq!(tree_error(vec![text; limits::BLOCK_NODES_MAX + 1]), Some(Limit));
    refused!(Core, samples::core; attrs[1].name = Str(1) => BadBlock;);
}

#[test]
fn runs_may_be_as_long_as_their_limit() {
    let long = core_error(|core| {
        core.conjuncts.resize(limits::CONJUNCTS_MAX, 0);
        core.variations.resize(limits::VARIATIONS_MAX, core.variations[0]);
        core.variations.iter_mut().for_each(|variation| variation.weight_ppm = 0);
        core.campaigns[0] = Campaign {
            audience: run(0, limits::CONJUNCTS_MAX as u32),
            variations: run(0, limits::VARIATIONS_MAX as u32),
            ..core.campaigns[0]
        };
    });
    assert_eq!(long, None);
}

#[test]
fn items_files() {
    refused!(Items, samples::items;
        meta[0].first = limits::ITEMS_MAX as u32 - 49 => Limit;
        meta[0].count = 51 => Count;
        meta[0].count = limits::SHARD_ITEMS_MAX as u32 + 1 => Limit;
        cards[1].title = NO_TEXT => Reference;
        cards[1].tags = run(1, 2) => Reference;
        tags[1] = NO_TEXT => Reference;
        neighbour_blocks[1].kind = 0 => Kind;
        neighbour_blocks[0].kind = 0 => Kind;
        neighbour_blocks[2].kind = 9 => Kind;
        neighbour_blocks[1].card = 49 => Reference;
        neighbour_blocks[1].tiered = 2 => Value;
        neighbour_blocks[2].bytes = run(1, 9) => Order;
        neighbour_blocks[2].bytes = run(22, 99) => Reference;
        neighbour_blocks[2].bytes = run(23, 20) => Reference;
        neighbour_blocks[1].card = 0 => Order;
        neighbour_blocks[2].kind = 1 => Order;
    );
    // The first row: two bytes long, a group of one neighbour of score 14, 49 ids on.
    assert_eq!(samples::items().neighbours[..3], [2, 14, 98]);
    for (at, value) in [(0, 1), (0, 99), (1, 0), (1, 31), (2, 128)] {
        let mut file = samples::items();
        file.neighbours[at] = value;
        assert_eq!(Items::open(&file.finish()).err().map(|error| error.code), Some(Value), "{at} {value}");
    }
    let mut deep = samples::items();
    deep.neighbour_blocks.clear();
    deep.add_neighbours(shelfwise_pack::kinds::NeighbourKind::Similar, &vec![vec![(0, 15)]; 17]);
    assert!(Items::open(&deep.finish()).is_ok());
    let second = deep.neighbour_blocks.pop().expect("seventeen rows take two blocks");
    deep.neighbour_blocks[0].bytes.len += second.bytes.len;
    assert_eq!(Items::open(&deep.finish()).err().map(|error| error.code), Some(Reference));
    let mut long = samples::items();
    long.neighbour_blocks.clear();
    let row: Vec<(u32, u8)> = (0..=limits::NEIGHBOURS_MAX as u32).map(|dense| (dense, 15)).collect();
    long.add_neighbours(shelfwise_pack::kinds::NeighbourKind::Similar, std::slice::from_ref(&row));
    assert_eq!(Items::open(&long.finish()).err().map(|error| error.code), Some(Limit));
    long.neighbour_blocks.clear();
    long.add_neighbours(shelfwise_pack::kinds::NeighbourKind::Similar, &[row[1..].to_vec()]);
    assert!(Items::open(&long.finish()).is_ok());
    accepted!(Items, samples::items; meta[0].first = limits::ITEMS_MAX as u32 - 50;);
    let mut file = samples::items();
    file.meta.clear();
    assert_eq!(Items::open(&file.finish()).err().map(|error| error.code), Some(Count));
    let cards = |count| {
        let mut file = samples::items();
        file.cards.resize(count, file.cards[0]);
        file.meta[0].count = count as u32;
        Items::open(&file.finish()).err().map(|error| error.code)
    };
    assert_eq!(cards(limits::SHARD_ITEMS_MAX), None);
    assert_eq!(cards(limits::SHARD_ITEMS_MAX + 1), Some(Limit));
}

#[test]
fn items_files_belong_to_one_core_file() {
    let core = samples::core().finish();
    let core = Core::open(&core).expect("sound");
    let check = |number, change: &dyn Fn(&mut shelfwise_pack::items::ItemsBuilder)| {
        let mut file = samples::items();
        change(&mut file);
        Items::open(&file.finish()).expect("sound").belongs(&core, number).err().map(|error| error.code)
    };
    assert_eq!(check(1, &|_| {}), None);
    assert_eq!(check(0, &|_| {}), Some(Foreign));
    assert_eq!(check(2, &|_| {}), Some(Foreign));
    assert_eq!(
        check(1, &|file| (file.meta[0].first, file.neighbour_blocks) = (49, Vec::new())),
        Some(Foreign)
    );
    let one_more = |file: &mut shelfwise_pack::items::ItemsBuilder| {
        file.cards.push(file.cards[0]);
        file.meta[0].count = 51;
    };
    assert_eq!(check(1, &one_more), Some(Foreign));
    assert_eq!(check(1, &|file| file.cards.clear()), Some(Foreign), "neighbours lie with the cards here");
    let behind_the_last = |file: &mut shelfwise_pack::items::ItemsBuilder| {
        (file.meta[0].first, file.meta[0].count) = (100, 0);
        file.neighbour_blocks.clear();
        file.cards.clear();
    };
    assert_eq!(check(2, &behind_the_last), None, "an empty file behind the last product");
    assert_eq!(check(1, &|file| file.cards[3].category = Ref::to(2)), Some(Reference));
    assert_eq!(
        check(1, &|file| {
            file.neighbour_blocks.truncate(1);
            file.add_neighbours(shelfwise_pack::kinds::NeighbourKind::Similar, &[vec![(100, 15)]]);
        }),
        Some(Reference)
    );
}

#[test]
fn neighbours_may_lie_apart_behind_the_files_of_the_cards() {
    let mut core = samples::core();
    core.meta[0].near_items = 25;
    let core = core.finish();
    let core = Core::open(&core).expect("sound");
    let check = |number, first, count, cards: bool| {
        let mut file = samples::items();
        (file.meta[0].first, file.meta[0].count) = (first, count);
        file.neighbour_blocks.clear();
        file.add_neighbours(
            shelfwise_pack::kinds::NeighbourKind::Similar,
            &vec![vec![(0, 15)]; count.min(1) as usize],
        );
        file.cards.retain(|_| cards);
        Items::open(&file.finish()).expect("sound").belongs(&core, number).err().map(|error| error.code)
    };
    // Two files of cards, then four of neighbours.
    assert_eq!(check(1, 50, 50, true), None);
    assert_eq!(check(1, 50, 50, false), Some(Foreign));
    assert_eq!(check(2, 0, 25, false), None);
    assert_eq!(check(5, 75, 25, false), None);
    assert_eq!(check(3, 50, 50, true), Some(Foreign));
    assert_eq!(check(3, 50, 25, false), Some(Foreign));
    assert_eq!(check(6, 100, 0, false), None, "an empty file behind the last product");
    let meta = core.meta.get(0).expect("one");
    let near = [0, 24, 25, 99, 100].map(|dense| meta.near_place(dense));
    assert_eq!(near, [Some((2, 0)), Some((2, 24)), Some((3, 0)), Some((5, 24)), None]);
}

#[test]
fn index_files() {
    let second = samples::index().entries[0];
    refused!(Index, samples::index; entries[1] = second => Order;);
    let mut empty = samples::index();
    empty.entries.clear();
    assert!(Index::open(&empty.finish()).expect("sound").entries.is_empty());

    let core = samples::core().finish();
    let meta = Core::open(&core).expect("sound").meta.get(0).expect("one");
    let bytes = samples::index().finish();
    let index = Index::open(&bytes).expect("sound");
    assert_eq!(index.belongs(&meta, 0), Ok(()));
    assert_eq!(index.belongs(&meta, 1).map_err(|error| error.code), Err(Foreign));
    let smaller = shelfwise_pack::core::Meta { item_count: 20, ..meta };
    assert_eq!(index.belongs(&smaller, 0).map_err(|error| error.code), Err(Reference));
    let none = shelfwise_pack::core::Meta { index_files: 0, ..meta };
    assert_eq!(index.belongs(&none, 0).map_err(|error| error.code), Err(Foreign));
}

#[test]
fn directory_files() {
    refused!(Directory, samples::directory; entries[1].length = limits::FILE_BYTES_MAX as u32 + 1 => Limit;);
    let entries = |count| {
        let mut file = samples::directory();
        file.entries.resize(count, file.entries[0]);
        Directory::open(&file.finish()).err().map(|error| error.code)
    };
    assert_eq!(entries(64), None);
    assert_eq!(entries(65), Some(Limit));
}

#[test]
fn knowledge_files() {
    refused!(Knowledge, samples::knowledge;
        items[1].item = NO_TEXT => Reference;
        items[1].category = NO_TEXT => Reference;
        neighbour_rows[1].kind = 0 => Kind;
        neighbour_rows[1].item = 2 => Reference;
        neighbour_rows[1].neighbours = run(1, 2) => Reference;
        neighbour_rows[1].neighbours = run(0, limits::NEIGHBOURS_MAX as u32 + 1) => Limit;
        neighbour_rows[1].item = 0 => Order;
        neighbour_rows[2].kind = 1 => Order;
        neighbours[1].item = 2 => Reference;
        neighbours[1].score = 0 => Value;
        neighbours[1].score = 16 => Value;
        sales[1].item = 2 => Reference;
        sales[1].period = 0 => Order;
        sales[1].period = 24 => Value;
        cut_points[1].kind = 0 => Kind;
        cut_points[1].category = NO_TEXT => Reference;
        cut_points[1].p20 = 2 => Order;
        cut_points[1].p40 = 3 => Order;
        cut_points[1].p60 = 3 => Order;
        parameters[1].name = NO_TEXT => Reference;
        parameters[1].name = Str(1) => Order;
        intervals[1].item = 2 => Reference;
        intervals[1].days = 0 => Value;
        intervals[1].item = 0 => Order;
        bundles[1].items = run(2, 2) => Reference;
        bundles[1].items = run(0, limits::BUNDLE_ITEMS_MAX as u32 + 1) => Limit;
        bundles[1].items = run(0, 1) => Value;
        bundles[1].orders = 4 => Order;
        bundle_items[2] = 2 => Reference;
    );
    let mut many = samples::knowledge();
    many.bundle_items.resize(limits::RECORDS_MAX + 1, 0);
    assert_eq!(Knowledge::open(&many.finish()).err(), None, "wider limits than a published file");
    let mut none = samples::knowledge();
    none.meta.clear();
    assert_eq!(Knowledge::open(&none.finish()).err().map(|error| error.code), Some(Count));
}

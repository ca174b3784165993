//! Any bytes either open or give a code; what was opened has no accessor that fails.

mod samples;

use proptest::prelude::*;
use shelfwise_pack::core::{Core, CoreBuilder};
use shelfwise_pack::directory::{Directory, DirectoryBuilder, DirectoryEntry, PAGE_FILES};
use shelfwise_pack::index::{Index, IndexBuilder, IndexEntry};
use shelfwise_pack::items::{Card, Items, ItemsBuilder, ItemsMeta};
use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::knowledge::{Knowledge, KnowledgeBuilder, Parameter};
use shelfwise_pack::opened::{Opened, OpenedItems};
use shelfwise_pack::record::{Range, Record, Ref, Str, Table};
use shelfwise_pack::{Error, OpenedCore, crc32};

/// Mends length and checksum, so that damage reaches the rules behind them.
fn mend(bytes: &mut [u8]) {
    if bytes.len() >= 16 {
        let length = bytes.len() as u32;
        bytes[8..12].copy_from_slice(&length.to_le_bytes());
        let sum = crc32(&bytes[16..]);
        bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    }
}

fn run_holds<R: Record>(table: &Table<'_, R>, run: Range) -> Vec<R> {
    let records: Vec<R> = table.range(run).collect();
    assert_eq!(records.len(), run.len as usize);
    records
}

fn reference_holds<R: Record>(table: &Table<'_, R>, to: Ref) {
    assert!(to.index().is_none_or(|index| table.get(index).is_some()));
}

/// Follows everything that a core file refers to.
fn walk_core(core: &Core<'_>) {
    let text = |index: Str| assert!((index.0 as usize) < core.strings.len());
    let meta = core.meta.get(0).expect("exactly one");
    text(meta.shop);
    for campaign in core.campaigns.iter() {
        text(campaign.id);
        reference_holds(&core.slots, campaign.slot);
        reference_holds(&core.triggers, campaign.trigger);
        reference_holds(&core.groups, campaign.group);
        reference_holds(&core.experiments, campaign.experiment);
        for predicate in run_holds(&core.conjuncts, campaign.audience) {
            let predicate = core.predicates.get(predicate).expect("in bounds");
            run_holds(&core.code, predicate.code);
        }
        for variation in run_holds(&core.variations, campaign.variations) {
            text(variation.id);
            for datum in run_holds(&core.data, variation.data) {
                run_holds(&core.parts, datum.value);
            }
        }
    }
    for block in core.blocks.iter() {
        let nodes = run_holds(&core.nodes, block.nodes);
        for (at, node) in nodes.iter().enumerate() {
            assert!(at + (node.descendants as usize) < nodes.len());
            run_holds(&core.parts, node.text);
            for attr in run_holds(&core.attrs, node.attrs) {
                assert!(shelfwise_pack::blocks::attribute_allowed(core.text(attr.name)));
                run_holds(&core.parts, attr.value);
            }
        }
    }
    for row in core.rows.iter() {
        run_holds(&core.sources, row.sources);
    }
    for list in core.lists.iter() {
        let dense = run_holds(&core.list_items, list.items);
        assert!(dense.iter().all(|dense| meta.card_place(*dense).is_some()));
    }
    for card in core.head_cards.iter() {
        run_holds(&core.tags, card.tags);
        reference_holds(&core.categories, card.category);
    }
}

fn walk_items(items: &Items<'_>) {
    for card in items.cards.iter() {
        run_holds(&items.tags, card.tags);
    }
    for block in items.neighbour_blocks.iter() {
        assert!(NeighbourKind::from_code(block.kind).is_some());
        assert!(items.cards.get(u32::from(block.card)).is_some() || block.bytes.len == 0);
    }
}

/// Opens bytes as every kind of file and walks what opens; the code of a core file that does not.
fn open_all(bytes: &[u8]) -> Option<Error> {
    if let Ok(items) = Opened::open(bytes.to_vec()) {
        let items: OpenedItems = items;
        walk_items(&items.view());
        for row in (0..items.view().cards.len() as u32).flat_map(|card| items.rows_of(card, card)) {
            assert!(row.each(|_, score| assert!((1..=15).contains(&score))));
        }
    }
    if let Ok(index) = Index::open(bytes) {
        assert_eq!(index.entries.iter().count(), index.entries.len());
    }
    if let Ok(directory) = Directory::open(bytes) {
        assert!(directory.entries.len() <= PAGE_FILES as usize);
    }
    if let Ok(knowledge) = Knowledge::open(bytes) {
        assert!(knowledge.parameters.iter().all(|parameter| {
            let found = knowledge.parameter(knowledge.text(parameter.name)).expect("its own name");
            found.to_bits() == parameter.value
        }));
    }
    match Core::open(bytes) {
        Ok(core) => {
            walk_core(&core);
            None
        }
        Err(error) => {
            assert!(error.offset as usize <= bytes.len(), "the offset lies in the file: {error:?}");
            Some(error)
        }
    }
}

fn every_sample() -> Vec<Vec<u8>> {
    vec![
        samples::core().finish(),
        samples::items().finish(),
        samples::index().finish(),
        samples::directory().finish(),
        samples::knowledge().finish(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), kind in 0u8..6) {
        open_all(&bytes);
        if bytes.len() >= 16 {
            bytes[..8].copy_from_slice(&[b'S', b'H', b'L', b'F', 1, 0, kind, 0]);
            mend(&mut bytes);
        }
        open_all(&bytes);
    }

    #[test]
    fn damaged_files(
        sample in 0usize..5,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..6),
        mended in any::<bool>(),
    ) {
        let mut bytes = every_sample().swap_remove(sample);
        for (place, value, how) in damage {
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = value,
                1 => bytes[at] ^= 1 << (value % 8),
                _ => bytes.truncate(at.max(1)),
            }
        }
        if mended {
            mend(&mut bytes);
        }
        open_all(&bytes);
    }

    #[test]
    fn core_files_round_trip(
        names in proptest::collection::vec(".{0,12}", 1..20),
        numbers in proptest::collection::vec(any::<(i16, i64, u32)>(), 1..30),
    ) {
        let mut builder = samples::core();
        for name in &names {
            let zone = builder.strings.add(name);
            builder.groups.push(zone);
        }
        for (priority, from_s, cap_exposures) in &numbers {
            let campaign = builder.campaigns[0];
            builder.campaigns.push(shelfwise_pack::core::Campaign {
                priority: *priority, from_s: *from_s, cap_exposures: *cap_exposures, ..campaign
            });
        }
        let bytes = builder.finish();
        let core = Core::open(&bytes).expect("valid");
        let read: Vec<&str> = core.groups.iter().skip(2).map(|name| core.text(name)).collect();
        prop_assert_eq!(&read, &names);
        same_core(&builder, &core);
        let owned = OpenedCore::open(bytes.clone()).expect("valid");
        same_core(&builder, &owned.view());
        prop_assert_eq!(owned.bytes(), bytes.as_slice());
        prop_assert_eq!(owned.view().text(builder.groups[2]), names[0].as_str());
    }

    #[test]
    fn items_files_round_trip(cards in proptest::collection::vec((".{0,20}", any::<(u32, u32, u16, u8)>()), 0..40)) {
        let mut builder = ItemsBuilder { meta: vec![ItemsMeta { first: 3, count: cards.len() as u32 }], ..ItemsBuilder::default() };
        for (name, (price_minor, compare_at_minor, created_day, flags)) in &cards {
            let item = builder.strings.add(name);
            let numbers = Card { price_minor: *price_minor, compare_at_minor: *compare_at_minor, ..Card::default() };
            builder.cards.push(Card { item, created_day: *created_day, flags: *flags, ..numbers });
        }
        let bytes = builder.finish();
        let items = Items::open(&bytes).expect("valid");
        prop_assert_eq!(items.cards.iter().collect::<Vec<_>>(), builder.cards);
        prop_assert_eq!(items.meta.iter().collect::<Vec<_>>(), builder.meta);
        for (card, (name, _)) in items.cards.iter().zip(&cards) {
            prop_assert_eq!(items.text(card.item), name);
        }
    }

    #[test]
    fn index_files_round_trip(ids in proptest::collection::btree_set("[A-Z0-9]{1,8}", 0..60)) {
        let mut builder = IndexBuilder::default();
        for (dense, id) in ids.iter().enumerate() {
            builder.entries.push(IndexEntry { hash: shelfwise_pack::index::hash(id), dense: dense as u32 });
        }
        builder.entries.sort_by_key(|entry| (entry.hash, entry.dense));
        let bytes = builder.finish();
        let index = Index::open(&bytes).expect("valid");
        prop_assert_eq!(index.entries.iter().collect::<Vec<_>>(), builder.entries);
    }

    #[test]
    fn directories_and_knowledge_round_trip(
        files in proptest::collection::vec((any::<u128>(), 0u32..8 << 20), 0..=PAGE_FILES as usize),
        values in proptest::collection::btree_map("[a-z.]{1,9}", any::<f64>(), 0..20),
    ) {
        let entries = files.iter().map(|(hash, length)| DirectoryEntry { hash: *hash, length: *length }).collect();
        let builder = DirectoryBuilder { entries, ..DirectoryBuilder::default() };
        let bytes = builder.finish();
        let directory = Directory::open(&bytes).expect("valid");
        prop_assert_eq!(directory.entries.iter().collect::<Vec<_>>(), builder.entries);

        let mut builder = KnowledgeBuilder { meta: samples::knowledge().meta, ..KnowledgeBuilder::default() };
        for (name, value) in &values {
            let name = builder.strings.add(name);
            builder.parameters.push(Parameter { name, value: value.to_bits() });
        }
        let bytes = builder.finish();
        let knowledge = Knowledge::open(&bytes).expect("valid");
        for (name, value) in &values {
            prop_assert_eq!(knowledge.parameter(name).map(f64::to_bits), Some(value.to_bits()));
        }
        prop_assert_eq!(knowledge.parameter("not learnt"), None);
    }
}

/// Every table of the reader holds what the builder was given.
fn same_core(builder: &CoreBuilder, core: &Core<'_>) {
    macro_rules! same {
        ($($table:ident)*) => {$(
            assert_eq!(core.$table.iter().collect::<Vec<_>>(), builder.$table, stringify!($table));
        )*};
    }
    same!(meta slots campaigns conjuncts predicates code experiments groups triggers variations orders order_names
        blocks nodes attrs parts data rows sources lists list_items cut_points categories places head_cards
        head_ids tags);
}

#[test]
fn every_single_byte_of_a_file_matters() {
    for bytes in every_sample() {
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            assert!(open_all(&damaged).is_some());
            let opened = [
                Items::open(&damaged).is_ok(),
                Index::open(&damaged).is_ok(),
                Directory::open(&damaged).is_ok(),
                Knowledge::open(&damaged).is_ok(),
            ];
            assert_eq!(opened, [false; 4], "byte {at}");
            assert!(open_all(&bytes[..at]).is_some(), "cut at {at}");
        }
    }
}

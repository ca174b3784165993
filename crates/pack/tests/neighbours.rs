//! Finding the neighbours of a product.

mod samples;

use proptest::prelude::*;
use shelfwise_pack::items::{Card, ItemsBuilder, ItemsMeta};
use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::neighbours::TIERS;
use shelfwise_pack::opened::{Opened, OpenedItems};

/// Dense ids and scores of a card's neighbours in one table.
fn found(items: &OpenedItems, kind: NeighbourKind, card: u32) -> Vec<(u32, u8)> {
    let mut found = Vec::new();
    let own = items.view().meta.get(0).unwrap().first + card;
    for row in items.rows_of(card, own).filter(|row| row.kind == kind.code()) {
        assert!(row.each(|dense, score| found.push((dense, score))), "validated rows are whole");
    }
    found
}

#[test]
fn a_row_is_found_by_table_and_card() {
    let bytes = samples::items().finish();
    let items: OpenedItems = Opened::open(bytes).expect("sound");
    let found = |kind, card| found(&items, kind, card).iter().map(|near| near.0).collect::<Vec<_>>();
    assert_eq!(found(NeighbourKind::BoughtTogether, 0), [99]);
    assert_eq!(found(NeighbourKind::BoughtTogether, 49), [0]);
    assert_eq!(found(NeighbourKind::Similar, 0), [99, 1, 98, 0]);
    assert_eq!(found(NeighbourKind::BoughtTogether, 1), [0; 0]);
    assert_eq!(found(NeighbourKind::BoughtTogether, 40), [0; 0]);
    assert_eq!(found(NeighbourKind::ViewedTogether, 0), [0; 0]);
    assert_eq!(items.view().neighbour_blocks.iter().map(|block| block.tiered).collect::<Vec<_>>(), [0, 1, 1]);
}

/// Scores of a row whose scores follow from the rank.
fn tier_scores() -> impl Iterator<Item = u8> {
    let heads = TIERS.into_iter().chain(std::iter::repeat(TIERS[4]));
    heads.flat_map(|head| std::iter::repeat_n(head & 15, usize::from(head >> 4) + 1))
}

proptest! {
    #[test]
    fn every_row_comes_back_best_first(
        first in 0u32..16_000_000,
        tables in prop::collection::vec(
            prop::collection::vec((prop::collection::btree_map(0u32..16_777_216, 1u8..=15, 0..60), any::<bool>()), 1..70),
            1..4,
        ),
    ) {
        let mut file = ItemsBuilder { meta: vec![ItemsMeta { first, count: 70 }], ..ItemsBuilder::default() };
        file.cards = vec![Card::default(); 70];
        file.strings.add("");
        let kinds = [NeighbourKind::BoughtTogether, NeighbourKind::ViewedTogether, NeighbourKind::Similar];
        let mut expected = Vec::new();
        for (kind, table) in kinds.into_iter().zip(&tables) {
            let rows: Vec<Vec<(u32, u8)>> = table.iter().map(|(row, tiered)| {
                let mut row: Vec<(u32, u8)> = row.iter().map(|(dense, score)| (*dense, *score)).collect();
                row.sort_by_key(|neighbour| std::cmp::Reverse(neighbour.1));
                if *tiered {
                    row.iter_mut().zip(tier_scores()).for_each(|(neighbour, score)| neighbour.1 = score);
                }
                row
            }).collect();
            file.add_neighbours(kind, &rows);
            expected.push((kind, rows));
        }
        let bytes = file.finish();
        let items: OpenedItems = Opened::open(bytes).expect("sound");
        for (kind, rows) in expected {
            for (card, row) in (0..70).zip(rows.iter().chain(std::iter::repeat(&Vec::new()))) {
                let found = found(&items, kind, card);
                prop_assert!(found.is_sorted_by_key(|near| std::cmp::Reverse(near.1)));
                let sorted = |row: &[(u32, u8)]| {
                    let mut row = row.to_vec();
                    row.sort_unstable();
                    row
                };
                prop_assert_eq!(sorted(&found), sorted(row));
            }
        }
    }

    #[test]
    fn damaged_rows_are_refused_or_decode(
        at in any::<prop::sample::Index>(), value in any::<u8>(), longer in 0usize..3,
    ) {
        let mut file = samples::items();
        let at = at.index(file.neighbours.len());
        file.neighbours[at] = value;
        file.neighbours.extend(std::iter::repeat_n(0, longer));
        let bytes = file.finish();
        if let Ok(items) = Opened::open(bytes) {
            for card in 0..50 {
                for near in found(&items, NeighbourKind::BoughtTogether, card) {
                    prop_assert!((1..=15).contains(&near.1));
                }
            }
        }
    }
}

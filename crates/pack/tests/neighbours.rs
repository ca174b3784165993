//! Finding the neighbours of a product.

mod samples;

use shelfwise_pack::items::Items;
use shelfwise_pack::kinds::NeighbourKind;

#[test]
fn a_row_is_found_by_table_and_card() {
    let bytes = samples::items().finish();
    let items = Items::open(&bytes).expect("sound");
    let found = |kind, card| items.neighbours_of(kind, card).map(|found| found.dense).collect::<Vec<_>>();
    assert_eq!(found(NeighbourKind::BoughtTogether, 0), [99]);
    assert_eq!(found(NeighbourKind::BoughtTogether, 49), [0]);
    assert_eq!(found(NeighbourKind::Similar, 0), [99, 0]);
    assert_eq!(found(NeighbourKind::BoughtTogether, 1), [0; 0]);
    assert_eq!(found(NeighbourKind::ViewedTogether, 0), [0; 0]);
}

//! Finding products in the files at hand.

mod shelves;

use shelfwise_engine::pack::index::{IndexBuilder, IndexEntry, hash};
use shelfwise_engine::pack::opened::Opened;
use shelfwise_engine::shelf::{Shelf, Want, Wants};
use shelves::{core, full, open};

/// Ids of one hash.
const ALIKE: [&str; 2] = ["costarring", "liquid"];

#[test]
fn cards_are_those_of_their_dense_id() {
    let opened = open(&core());
    let shelf = full(&opened);
    let core = opened.view();
    for dense in 0..shelves::COUNT {
        let card = shelf.card(&core, dense).expect("card");
        assert_eq!((card.dense, card.item(), card.in_stock()), (dense, &*format!("P{dense}"), dense != 5));
        assert_eq!(card.category(), ["Garden", "Kitchen", "Toys"][dense as usize % 3]);
    }
    assert!(shelf.card(&core, shelves::COUNT).is_none());
    let bare = Shelf::new(&core);
    let at_hand: Vec<u32> = (0..shelves::COUNT).filter(|dense| bare.card(&core, *dense).is_some()).collect();
    assert_eq!(at_hand, [0, 3, 9]);
}

#[test]
fn ids_of_one_hash_are_told_apart_by_their_cards() {
    assert_eq!(hash(ALIKE[0]), hash(ALIKE[1]));
    let mut file = core();
    file.head_cards[0].item = file.strings.add(ALIKE[0]);
    let first = file.head_ids[0];
    let opened = open(&file);
    let mut shelf = Shelf::new(&opened.view());
    assert_eq!(shelf.dense(&opened.view(), ALIKE[0]), Some(first));
    assert_eq!(shelf.dense(&opened.view(), ALIKE[1]), None, "the card is another's");
    let index = |dense: &[u32]| {
        let entries = dense.iter().map(|dense| IndexEntry { hash: hash(ALIKE[1]), dense: *dense }).collect();
        Opened::open(IndexBuilder { entries, ..IndexBuilder::default() }.finish()).expect("index")
    };
    shelf.add_index(0, &index(&[first, 5]));
    assert_eq!(shelf.dense(&opened.view(), ALIKE[0]), Some(first));
    assert_eq!(shelf.dense(&opened.view(), ALIKE[1]), Some(5), "only one is left that it can be");
    shelf.add_index(0, &index(&[first, 5, 7]));
    assert_eq!(shelf.dense(&opened.view(), ALIKE[1]), None, "either of two");
}

#[test]
fn a_file_is_wanted_once_and_in_the_order_of_need() {
    let mut wants = Wants::default();
    for want in [Some(Want::Items(2)), None, Some(Want::Index(2)), Some(Want::Items(2))] {
        wants.add(want);
    }
    assert_eq!(*wants, [Want::Items(2), Want::Index(2)]);
    wants.add_all(&[Want::Index(2), Want::Items(0)]);
    assert_eq!(*wants, [Want::Items(2), Want::Index(2), Want::Items(0)]);
    wants.retain(|want| *want != Want::Items(2));
    assert_eq!(*wants, [Want::Index(2), Want::Items(0)]);
    wants.clear();
    assert_eq!(*wants, []);
}

//! Any bytes, behind a header and checksum that were made right, either open as a file or give a code.
//!
//! `cargo +nightly fuzz run open` in the root of the project (`cargo install cargo-fuzz` once).

#![no_main]

use libfuzzer_sys::fuzz_target;
use shelfwise_pack::core::Core;
use shelfwise_pack::directory::Directory;
use shelfwise_pack::index::Index;
use shelfwise_pack::knowledge::Knowledge;
use shelfwise_pack::{OpenedItems, crc32, program};

fuzz_target!(|data: &[u8]| {
    let Some((kind, body)) = data.split_first() else { return };
    let mut bytes = b"SHLF\x01\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    bytes[6] = kind % 5 + 1;
    bytes.extend_from_slice(body);
    let length = bytes.len() as u32;
    bytes[8..12].copy_from_slice(&length.to_le_bytes());
    let sum = crc32(&bytes[16..]);
    bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    let _ = program::verify(body, 8);
    if let Ok(core) = Core::open(&bytes) {
        for block in core.blocks.iter() {
            assert_eq!(core.nodes.range(block.nodes).count(), block.nodes.len as usize);
        }
        for campaign in core.campaigns.iter() {
            assert!(core.variations.range(campaign.variations).next().is_some());
        }
    }
    if let Ok(items) = OpenedItems::open(bytes.clone()) {
        for row in (0..items.view().cards.len() as u32).flat_map(|card| items.rows_of(card, card)) {
            assert!(row.each(|_, score| assert!((1..=15).contains(&score))));
        }
    }
    let opened = [Index::open(&bytes).is_ok(), Directory::open(&bytes).is_ok(), Knowledge::open(&bytes).is_ok()];
    assert!(opened.iter().filter(|opened| **opened).count() <= 1, "a file is of one kind");
});

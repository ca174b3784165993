//! What strategies need in the pack, as it is sent: after Brotli, quality 11.

use std::collections::BTreeMap;

use shelfwise_pack::limits::SCORE_MAX;
use shelfwise_pack::neighbours::{encode, is_tiered};

use crate::cluster;
use crate::neighbours::{Neighbour, Table};

/// Quality and window that files are sent with.
const QUALITY: i32 = 11;
const WINDOW: i32 = 22;

/// Bytes of a table's rows as they lie in the files, a product.
pub(super) fn of_table(table: &Table, supports: &[u32]) -> f64 {
    let order = cluster::order(&[table], supports.len(), &cluster::ranks(supports));
    let dense = cluster::inverse(&order);
    let mut rows = Vec::new();
    for (own, number) in (0..).zip(&order) {
        let row = table.rows[*number as usize].iter();
        let row: Vec<(u32, u8)> = row.map(|near| (dense[near.item as usize], near.score)).collect();
        encode(&row, own, is_tiered(&row), &mut rows);
    }
    a_product(&rows, supports)
}

/// Bytes of the rest of each product's best bundle, a product: a table too, as the build writes it.
pub(super) fn of_bundles(best: &BTreeMap<u32, Vec<u32>>, supports: &[u32]) -> f64 {
    let mut rows = vec![Vec::new(); supports.len()];
    for (item, rest) in best {
        let scored = rest.iter().zip((1..=SCORE_MAX).rev());
        rows[*item as usize] = scored.map(|(item, score)| Neighbour { item: *item, score }).collect();
    }
    of_table(&Table { rows }, supports)
}

/// Bytes of a list's first products, a product of the shop: four each before Brotli, in the core file.
pub(super) fn of_list(items: &[u32], supports: &[u32]) -> f64 {
    let dense = cluster::ranks(supports);
    let ids = items.iter().take(LIST_ITEMS).flat_map(|item| dense[*item as usize].to_le_bytes());
    a_product(&ids.collect::<Vec<_>>(), supports)
}

/// Products of a list in the pack.
const LIST_ITEMS: usize = 48;

fn a_product(bytes: &[u8], supports: &[u32]) -> f64 {
    if bytes.is_empty() {
        return 0.0;
    }
    let mut packed = Vec::new();
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: QUALITY, lgwin: WINDOW, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters).expect("memory does not fail");
    packed.len() as f64 / supports.iter().filter(|support| **support > 0).count().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_those_that_are_sent() {
        // Each product's neighbours are the five after it: row after row the same, which is what Brotli finds.
        let near = |item: u32| (1..=5_u32).map(move |step| Neighbour { item: (item + step) % 400, score: 9 });
        let table = Table { rows: (0..400).map(|item| near(item).collect()).collect() };
        let supports = vec![3; 400];
        let sent = of_table(&table, &supports);
        assert!(sent > 0.0 && sent < 3.0, "five neighbours take more than five bytes unpacked: {sent}");
        let best = BTreeMap::from([(7, vec![8, 9])]);
        let bundles = of_bundles(&best, &supports);
        assert!(bundles > 0.0 && bundles < sent, "{bundles}");
        assert!(of_list(&[4, 2], &supports) > 0.0);
        assert_eq!(of_list(&[], &supports), 0.0);
    }
}

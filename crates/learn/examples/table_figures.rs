//! Figures of the table of a click log (RetailRocket's): bytes a product, hits against 500 exact neighbours. Prints one JSON object. `cargo run --release -p shelfwise-learn --example table_figures -- LOG`.

use std::error::Error;

use shelfwise_learn::evaluate::{self, CUTS};
use shelfwise_learn::groups::{Groups, Occurrences};
use shelfwise_learn::log::Source;
use shelfwise_learn::neighbours::{self, Table};
use shelfwise_learn::sessions::Sessions;
use shelfwise_learn::weights::Weights;
use shelfwise_learn::{Silent, cluster};
use shelfwise_pack::neighbours::encode;
use shelfwise_pack::scoring::{ONE, Scoring};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name the click log")?;
    let log = Sessions::read(&Source::new(path), &|item| Some(item.to_owned()), 8 << 30, &mut Silent)?;
    let (learnt, valid, test) = evaluate::split_sessions(&log);
    let mut train = learnt.slice(0..learnt.len());
    valid.iter().for_each(|(at_s, items)| train.push(at_s, items.iter().copied()));
    let weights = Weights::SESSION;
    let occurrences = Occurrences::new(&train, log.items.len());
    let supports = occurrences.supports();
    let mut order = Vec::new();
    let table = neighbours::arranged(&train, &occurrences, &weights, |table| {
        order = cluster::order(&[table], supports.len(), &cluster::ranks(&supports));
        cluster::inverse(&order)
    });
    let scoring = Scoring::default();
    let held = evaluate::sessions(&table, &supports, &test, scoring, train.len(), &|_, _| false);
    let held = held[1].at[2].hit_rate;
    let exact = exact_hit_rate(&train, &test, &occurrences, &weights, scoring);
    println!("{{");
    println!("  \"model_bytes_per_item\": {:.2},", bytes(&table, &order) as f64 / supports.len() as f64);
    println!("  \"model_hr_{}\": {held:.4},", CUTS[2]);
    println!("  \"model_hr_loss_percent\": {:.2}", 100.0 * (1.0 - held / exact));
    println!("}}");
    Ok(())
}

/// Brotli bytes of all rows as they lie in the files.
fn bytes(table: &Table, order: &[u32]) -> usize {
    let dense = cluster::inverse(order);
    let mut rows = Vec::new();
    for (own, number) in (0..).zip(order) {
        let row = table.rows[*number as usize].iter();
        let row: Vec<(u32, u8)> = row.map(|near| (dense[near.item as usize], near.score)).collect();
        encode(&row, own, true, &mut rows);
    }
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut rows.as_slice(), &mut packed, &parameters).expect("memory does not fail");
    packed.len()
}

/// HR@20 of the same table with 500 neighbours a product and their exact strengths, each row's strongest at 1.
fn exact_hit_rate(
    train: &Groups,
    test: &Groups,
    occurrences: &Occurrences,
    weights: &Weights,
    scoring: Scoring,
) -> f64 {
    let wide = Weights { neighbours: 500, neighbours_power: 0.0, ..*weights };
    let rows = neighbours::rows(train, occurrences, &wide, &|row, other| row != other, &|_| true);
    let supports = occurrences.supports();
    let [step, reminder, reminder_step] = [scoring.step, scoring.reminder, scoring.reminder_step]
        .map(|value| f64::from(value) / f64::from(ONE));
    let (mut cases, mut hits) = (0u64, 0u64);
    let mut sums = vec![0.0; supports.len()];
    let mut case = |seen: &[u32], target: u32| {
        let mut last: Vec<u32> = Vec::new();
        for item in seen.iter().rev() {
            if last.len() < evaluate::SESSION_CONTEXT && !last.contains(item) {
                last.push(*item);
            }
        }
        let mut touched = Vec::new();
        let (mut weight, mut reminding) = (1.0, reminder);
        for item in last {
            let row = rows.strengths(item);
            let top = row.first().map_or(1.0, |near| near.1);
            let near = row.iter().map(|near| (near.0, weight * near.1 / top));
            for (other, strength) in near.chain([(item, reminding)]) {
                sums[other as usize] += strength;
                touched.push(other);
            }
            weight *= step;
            reminding *= reminder_step;
        }
        touched.sort_unstable();
        touched.dedup();
        let key = |item: u32| (sums[item as usize], supports[item as usize], std::cmp::Reverse(item));
        let current = seen[seen.len() - 1];
        let better = touched.iter().filter(|item| **item != current && key(**item) > key(target)).count();
        cases += 1;
        hits += u64::from(target != current && sums[target as usize] > 0.0 && better < CUTS[2]);
        touched.iter().for_each(|item| sums[*item as usize] = 0.0);
    };
    for (_, session) in test.iter() {
        let mut views: Vec<u32> =
            session.iter().copied().filter(|item| supports[*item as usize] > 0).collect();
        views.dedup();
        (1..views.len()).for_each(|at| case(&views[..at], views[at]));
    }
    hits as f64 / cases.max(1) as f64
}

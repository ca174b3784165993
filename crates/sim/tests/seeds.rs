//! Plays seeds. `SHELFWISE_SIM_SEEDS=4000` plays more of them, `SHELFWISE_SIM_SEED=17` one alone.

use shelfwise_sim::run;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a whole number of seeds"))
}

#[test]
fn nothing_kept_is_lost_or_doubled_and_nothing_erased_returns() {
    let seeds = match number("SHELFWISE_SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SHELFWISE_SIM_SEEDS").unwrap_or(120),
    };
    let played = seeds.end - seeds.start;
    let mut failures = Vec::new();
    let mut total = [0u32; 6];
    for seed in seeds {
        match run(seed) {
            Ok(it) => {
                let counts = [it.stored, it.crashes, it.full, it.erasures, it.rolled_back, it.snapshots];
                for (total, count) in total.iter_mut().zip(counts) {
                    *total += count;
                }
            }
            Err(error) => failures.push(error),
        }
    }
    let [stored, crashes, full, erasures, rolled_back, snapshots] = total;
    println!(
        "{played} seeds: {stored} records, {crashes} crashes, {full} full stores, {erasures} erasures, \
         {rolled_back} damaged databases, {snapshots} snapshots"
    );
    assert!(failures.is_empty(), "{} of {played} seeds fail:\n{}", failures.len(), failures.join("\n"));
    assert!(played < 100 || total.iter().all(|count| *count > 0), "something never happened: {total:?}");
}

//! The whole run on small logs: what comes out, and what is said about bad input.

use std::collections::BTreeSet;
use std::path::PathBuf;

use proptest::prelude::*;
use shelfwise_learn::goods::CatalogueFile;
use shelfwise_learn::groups::{Groups, Occurrences};
use shelfwise_learn::log::{Field, Source};
use shelfwise_learn::neighbours::{Scale, count};
use shelfwise_learn::tune::{self, Candidate};
use shelfwise_learn::weights::Weights;
use shelfwise_learn::{Error, Options, Silent, run};
use shelfwise_pack::kinds::{CutKind, NeighbourKind};
use shelfwise_pack::knowledge::{Knowledge, PERIODS_DAYS};
use shelfwise_pack::scoring::Scoring;

/// A folder for one test's files.
fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("shelfwise-learn-{test}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn options(test: &str, orders: &str) -> Options {
    let folder = folder(test);
    std::fs::write(folder.join("orders.csv"), orders).unwrap();
    let mut options = Options::new(folder.join("knowledge.bin"));
    options.orders = Some(Source::new(folder.join("orders.csv")));
    options
}

fn learn(options: &Options) -> Vec<u8> {
    run(options, &mut Silent).unwrap();
    std::fs::read(&options.out).unwrap()
}

const HEADER: &str = "order_id,customer_id,ts,item_id,qty,price\n";

/// Tea and cup meet in three orders, tea and mat in one, and a cancelled order must not count.
const ORDERS: &str = "order_id,customer_id,ts,item_id,qty,price
1,ann,86400,tea,1,2.50
1,ann,86400,cup,2,1.00
2,bob,172800,tea,1,2.50
2,bob,172800,cup,1,1.00
3,,259200,cup,1,1.00
3,,259200,tea,1,2.50
4,ann,345600,tea,1,2.50
4,ann,345600,mat,1,9.99
C5,bob,345600,cup,-9,1.00
";

#[test]
fn a_small_shop_is_learnt() {
    let bytes = learn(&options("small", ORDERS));
    let knowledge = Knowledge::open(&bytes).unwrap();
    let meta = knowledge.meta.get(0).unwrap();
    assert_eq!((meta.lines_read, meta.lines_rejected, meta.orders, meta.customers), (9, 0, 4, 2));
    assert_eq!((meta.from_s, meta.until_s), (86_400, 345_600));
    let id = |dense: u32| knowledge.text(knowledge.items.get(dense).unwrap().item);
    let rows: Vec<(&str, Vec<&str>)> = knowledge
        .neighbour_rows
        .iter()
        .map(|row| {
            assert_eq!(row.kind, NeighbourKind::BoughtTogether.code());
            (id(row.item), knowledge.neighbours.range(row.neighbours).map(|other| id(other.item)).collect())
        })
        .collect();
    assert!(rows.contains(&("tea", vec!["cup"])) && rows.contains(&("cup", vec!["tea"])), "{rows:?}");
    assert_eq!(rows.len(), 2, "the mat met the tea only once");
    let sold = |item: &str| -> Vec<(u16, u32, u32, u64)> {
        let own = knowledge.sales.iter().filter(|sales| id(sales.item) == item);
        let period = |period: u8| PERIODS_DAYS[usize::from(period)];
        own.map(|sales| (period(sales.period), sales.orders, sales.quantity, sales.revenue_minor)).collect()
    };
    assert_eq!(sold("tea"), [(1, 1, 1, 250), (2, 1, 1, 250), (3, 1, 1, 250), (4, 1, 1, 250)]);
    assert_eq!(sold("cup"), [(2, 1, 1, 100), (3, 1, 1, 100), (4, 1, 2, 200)], "what came back is no sale");
    let recency = knowledge.cut_points.iter().find(|cut| cut.kind == CutKind::Recency.code()).unwrap();
    assert_eq!((recency.p20, recency.p80), (0, 2));
    assert_eq!(knowledge.parameter("bought-together.shrinkage"), Some(20.0));
}

#[test]
fn bad_rows_are_counted_and_shown_with_their_lines() {
    let mut options = options(
        "bad",
        &format!("{ORDERS}6,ann,soon,tea,1,2.50\n7,ann,0,tea,two,2.50\n8,ann,0,tea\n,,0,tea,1,1\n"),
    );
    let report = run(&options, &mut Silent).unwrap();
    assert_eq!((report.lines.rows, report.lines.rejected), (13, 4));
    assert!(report.lines.first[0].starts_with("line 11: \"soon\" is no time"), "{:?}", report.lines.first);
    assert!(report.lines.first[1].starts_with("line 12: \"two\" is no whole quantity"));
    assert!(report.lines.first[2].contains("4 fields where the header has 6"));
    assert!(report.lines.first[3].contains("the order is empty"));
    options.memory_bytes_max = 100;
    assert!(matches!(run(&options, &mut Silent), Err(Error::Memory { row: 13, .. })));
}

#[test]
fn useless_files_are_errors_that_say_why() {
    let text = |test: &str, orders: &str| run(&options(test, orders), &mut Silent).unwrap_err().to_string();
    let bad = text("only-bad", &format!("{HEADER}1,ann,never,tea,1,1\n2,ann,0,,1,1\n"));
    assert!(bad.contains("none of its 2 rows could be used") && bad.contains("line 2:"), "{bad}");
    assert!(text("no-rows", HEADER).contains("no rows"));
    assert!(text("returns", &format!("{HEADER}1,ann,0,tea,-1,1\n")).contains("no row is a sale"));
    let missing = text("columns", "invoice,when,sku\n1,0,tea\n");
    assert!(
        missing.contains("no column for the time") && missing.contains("invoice, when, sku"),
        "{missing}"
    );
    assert!(missing.contains("--column time=NAME"));
    let nothing = run(&Options::new("unwritten"), &mut Silent).unwrap_err().to_string();
    assert!(nothing.contains("give order lines"));
}

#[test]
fn columns_can_be_named_and_gzip_is_read() {
    use std::io::Write;
    let mut options = options("named", "");
    let renamed = ORDERS.replace("order_id,customer_id,ts", "bon,kunde,wann");
    let path = folder("named").join("orders.csv.gz");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(renamed.as_bytes()).unwrap();
    std::fs::write(&path, packed.finish().unwrap()).unwrap();
    let named = [(Field::Order, "bon"), (Field::Customer, "kunde"), (Field::Time, "Wann")];
    let columns = named.map(|(field, name)| (field, name.to_owned())).to_vec();
    options.orders = Some(Source { path, columns });
    assert_eq!(learn(&options), learn(&self::options("plain", ORDERS)));
}

#[test]
fn sessions_give_their_own_tables() {
    let mut options = options("sessions", ORDERS);
    let clicks = folder("sessions").join("clicks.csv");
    let mut text = "session_id,ts,item_id,event_name\n".to_owned();
    for session in 0..3 {
        for (second, item, event) in [
            (0, "cup", "view_item"),
            (1, "mat", "view_item"),
            (2, "jug", "view_item"),
            (3, "jug", "purchase"),
        ] {
            text += &format!("s{session},{},{item},{event}\n", session * 100 + second);
        }
    }
    std::fs::write(&clicks, text).unwrap();
    options.sessions = Some(Source::new(clicks));
    let bytes = learn(&options);
    let knowledge = Knowledge::open(&bytes).unwrap();
    let id = |dense: u32| knowledge.text(knowledge.items.get(dense).unwrap().item);
    let row = |kind: NeighbourKind, item: &str| -> Vec<&str> {
        let found =
            knowledge.neighbour_rows.iter().find(|row| row.kind == kind.code() && id(row.item) == item);
        found.map_or(Vec::new(), |row| {
            knowledge.neighbours.range(row.neighbours).map(|other| id(other.item)).collect()
        })
    };
    assert_eq!(row(NeighbourKind::ViewedTogether, "cup"), ["mat", "jug"]);
    assert_eq!(row(NeighbourKind::ViewedThenBought, "cup"), ["jug"]);
    assert!(row(NeighbourKind::ViewedThenBought, "jug").is_empty());
    assert_eq!(row(NeighbourKind::BoughtTogether, "cup"), ["tea"]);
}

#[test]
fn a_catalogue_names_the_products() {
    let mut options = options("catalogue", ORDERS);
    let path = folder("catalogue").join("catalogue.csv");
    std::fs::write(&path, "id,category,price,in_stock\nTEA,Drinks,2.00,true\ncup,Ware,1.00,false\n").unwrap();
    options.catalogue = Some(CatalogueFile::new(path));
    let bytes = learn(&options);
    let knowledge = Knowledge::open(&bytes).unwrap();
    assert_eq!(knowledge.items.len(), 2, "the mat is no product of the catalogue");
    let mut known: Vec<_> = knowledge
        .items
        .iter()
        .map(|item| (knowledge.text(item.item), knowledge.text(item.category)))
        .collect();
    known.sort_unstable();
    assert_eq!(known, [("TEA", "Drinks"), ("cup", "Ware")]);
}

#[test]
fn what_is_bought_again_and_in_bundles_is_told() {
    let mut text = HEADER.to_owned();
    let mut order = 0;
    let mut sell = |customer: u64, day: u64, items: &[&str]| {
        order += 1;
        for item in items {
            text += &format!("{order},c{customer},{},{item},1,1.00\n", day * 86_400 + customer);
        }
    };
    for customer in 0..8 {
        // Coffee every 20 days and twice on the first; lamps again once, by four of eight.
        (0..4).for_each(|month| sell(customer, 10 + month * 20, &["coffee"]));
        sell(customer, 10, &["coffee"]);
        sell(customer, 15, &["lamp", "bulb", "plug"]);
        if customer < 4 {
            sell(customer, 60, &["lamp", "bulb", "plug"]);
        }
        sell(customer, 90 + customer, &["mat", ["pan", "jug"][customer as usize % 2]]);
    }
    let bytes = learn(&options("again", &text));
    let knowledge = Knowledge::open(&bytes).unwrap();
    let id = |dense: u32| knowledge.text(knowledge.items.get(dense).unwrap().item);
    let intervals: Vec<_> =
        knowledge.intervals.iter().map(|known| (id(known.item), known.days, known.customers)).collect();
    assert_eq!(intervals, [("coffee", 20, 8)]);
    let coffee = (0..).find(|dense| id(*dense) == "coffee").unwrap();
    assert_eq!(knowledge.interval(coffee).map(|known| known.days), Some(20));
    let bundles: Vec<_> = knowledge
        .bundles
        .iter()
        .map(|bundle| {
            let mut ids: Vec<&str> = knowledge.bundle_items.range(bundle.items).map(id).collect();
            ids.sort_unstable();
            (ids.join("+"), bundle.orders, bundle.lift_permille)
        })
        .collect();
    // 60 orders: 12 x 60^2 / 12^3; the mat met each of pan and jug in fewer than five.
    assert_eq!(bundles, [("bulb+lamp+plug".to_owned(), 12, 25_000)]);
}

/// Numbers below what is asked for, the same for the same seed.
fn draws(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// Sessions of shoppers who stay near one of many products, some of whom buy; rows in no order.
fn crowd(rows: usize, products: u64) -> String {
    let mut text = "session_id,ts,item_id,event_name\n".to_owned();
    let mut draw = draws(7);
    for _ in 0..rows {
        let session = draw(rows as u64 / 4);
        let item = (session * 31 + draw(12)) % products;
        let event = if draw(20) == 0 { "purchase" } else { "view_item" };
        text += &format!("s{session},{},p{item},{event}\n", session * 50 + draw(40));
    }
    text
}

#[test]
fn the_knowledge_is_the_same_whatever_fits_into_memory() {
    let mut options = options("memory", ORDERS);
    let clicks = folder("memory").join("clicks.csv");
    std::fs::write(&clicks, crowd(30_000, 3_000)).unwrap();
    options.sessions = Some(Source::new(&clicks));
    let report = run(&options, &mut Silent).unwrap();
    assert_eq!(report.runs, 0);
    let held = std::fs::read(&options.out).unwrap();
    for (bytes_max, runs) in [(2 << 20, 1), (500_000, 20)] {
        options.memory_bytes_max = bytes_max;
        let report = run(&options, &mut Silent).unwrap();
        assert!(report.runs >= runs, "{}", report.runs);
        assert!(std::fs::read(&options.out).unwrap() == held, "with {bytes_max} bytes");
    }
    options.memory_bytes_max = 100_000;
    options.orders = None;
    assert!(matches!(run(&options, &mut Silent), Err(Error::Memory { row: 30_000, .. })));
}

/// Order lines of many customers, without a rule and the same every time; orders and their lines lie scattered.
fn purchases(rows: usize, products: u64) -> String {
    let mut text = HEADER.to_owned();
    let mut draw = draws(11);
    for _ in 0..rows {
        let order = draw(rows as u64 / 4);
        let customer = if order.is_multiple_of(7) { String::new() } else { format!("c{}", order * 31 % 400) };
        let item = (order * 31 + draw(12)) % products;
        let (minute, cents) = (order % 900 * 120, 100 + item * 37 % 900);
        text += &format!("o{order},{customer},{},p{item},{},0.{cents}\n", minute * 60, 1 + draw(3));
    }
    text
}

#[test]
fn order_lines_that_do_not_fit_give_the_same_knowledge_from_disk() {
    let mut options = options("order-memory", &purchases(60_000, 500));
    let report = run(&options, &mut Silent).unwrap();
    assert_eq!(report.runs, 0);
    assert!(report.intervals > 0 && report.bundles > 0, "{report}");
    let held = std::fs::read(&options.out).unwrap();
    for (bytes_max, runs) in [(8 << 20, 1), (4 << 20, 8)] {
        options.memory_bytes_max = bytes_max;
        let report = run(&options, &mut Silent).unwrap();
        assert!(report.runs >= runs, "{} runs with {bytes_max} bytes", report.runs);
        assert!(std::fs::read(&options.out).unwrap() == held, "with {bytes_max} bytes");
    }
    options.memory_bytes_max = 1 << 20;
    assert!(matches!(run(&options, &mut Silent), Err(Error::Memory { row: 60_000, .. })));
}

/// Shoppers who walk along a ring of products, two steps at a time; nobody ever goes back.
fn ring(sessions: usize) -> Groups {
    let mut groups = Groups::new();
    for at in 0..sessions {
        let start = (at * 7 % 40) as u32;
        groups.push(at as i64, (0..4).map(|step| (start + step * 2) % 40));
    }
    groups
}

#[test]
fn tuning_finds_the_direction_and_repeats_itself() {
    let (train, valid) = tune::newest(&ring(2_000));
    assert_eq!((train.len(), valid.len()), (1_500, 500));
    let start = Candidate {
        weights: Weights { backward: 1.0, neighbours: 2, ..Weights::SESSION },
        scoring: Scoring::default(),
    };
    let tuned = tune::sessions(&train, &valid, 40, start, 7, &mut Silent);
    assert_eq!(tuned, tune::sessions(&train, &valid, 40, start, 7, &mut Silent));
    let (hit_rate, reciprocal) = tuned.valid.expect("there is a validation period");
    assert!(hit_rate > 0.99 && reciprocal > 0.9, "{tuned}");
    let first = tuned.curve.iter().map(|trial| trial.objective).fold(f64::INFINITY, f64::min);
    assert!(
        tuned.best.weights.backward < 1.0 || tuned.best.scoring.reminder < start.scoring.reminder,
        "{tuned}"
    );
    assert!(hit_rate + reciprocal > first, "{tuned}");
    let names = tuned.parameters("viewed-together.");
    assert!(
        names.iter().any(|(name, _)| name.starts_with("viewed-together.trial.000.second_order=")),
        "{names:?}"
    );
}

#[test]
fn what_neighbours_neighbour_is_found_although_never_met() {
    let mut groups = Groups::new();
    for (at, pair) in [[0, 1], [0, 1], [1, 2], [1, 2], [3, 4], [3, 4]].into_iter().enumerate() {
        groups.push(at as i64, pair);
    }
    let occurrences = Occurrences::new(&groups, 5);
    let row = |second_order| {
        let weights = Weights { second_order, ..Weights::SESSION };
        let table = count(&groups, &occurrences, &weights, Scale::Tiers);
        table.rows[0].iter().map(|neighbour| neighbour.item).collect::<Vec<_>>()
    };
    assert_eq!(row(0.0), [1]);
    assert_eq!(row(0.5), [1, 2]);
}

#[test]
fn a_pair_met_once_is_published_where_others_tie_it_together() {
    // 0 and 3 meet in the first session only; 0 with 1, 1 with 2 and 2 with 3 in others.
    let row = |sessions: &[&[u32]]| {
        let mut groups = Groups::new();
        for (at, session) in sessions.iter().enumerate() {
            groups.push(at as i64, session.iter().copied());
        }
        let table = count(&groups, &Occurrences::new(&groups, 6), &Weights::SESSION, Scale::Tiers);
        table.rows[0].iter().map(|neighbour| neighbour.item).collect::<BTreeSet<_>>()
    };
    assert!(row(&[&[0, 3], &[0, 1], &[1, 2], &[2, 3]]).contains(&3));
    assert!(!row(&[&[0, 3], &[0, 1], &[1, 2], &[2, 4]]).contains(&3), "nothing else leads to it");
    assert!(!row(&[&[0, 3], &[0, 1], &[1, 2], &[2, 4], &[4, 3]]).contains(&3), "too far a way");
    assert!(row(&[&[0, 1, 2, 3]]).is_empty(), "all ways are one session's");
}

#[test]
fn small_logs_are_tuned_on_more_and_believed_less() {
    let lengths = |sessions| {
        let (train, valid) = tune::newest(&ring(sessions));
        (train.len(), valid.len())
    };
    assert_eq!(lengths(400), (300, 100));
    assert_eq!(lengths(10_000), (8_000, 2_000));
    assert_eq!(lengths(30_000), (27_000, 3_000));
    assert_eq!(lengths(80_000), (75_000, 5_000));
    // Every session is a walk of its own among products that nothing ties together: no value is better than another.
    let mut groups = Groups::new();
    for at in 0..600_u32 {
        let step = |step: u32| at.wrapping_mul(2_654_435_761).rotate_left(step * 7) % 50;
        groups.push(i64::from(at), (0..3).map(step));
    }
    let (train, valid) = tune::newest(&groups);
    let start = Candidate { weights: Weights::SESSION, scoring: Scoring::default() };
    let tuned = tune::sessions(&train, &valid, 50, start, 7, &mut Silent);
    let (hit_rate, reciprocal) = tuned.valid.expect("there is a validation period");
    let better = tuned.curve.iter().filter(|trial| trial.objective > hit_rate + reciprocal).count();
    assert!(better > 0, "chance made some value look better: {tuned}");
    assert_eq!(start.weights.roomy(50).neighbours, 20, "a small catalogue has room for longer rows");
    assert_eq!(start.weights.roomy(20_001), start.weights);
}

#[test]
fn products_that_are_seen_more_keep_more_neighbours() {
    let weights = Weights { neighbours: 10, neighbours_power: 0.5, ..Weights::SESSION };
    assert_eq!(weights.keep(&[100, 25, 25, 0, 25]), [16, 8, 8, 2, 8]);
    assert_eq!(weights.keep(&[1_000_000, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]), [40, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    assert_eq!(Weights { neighbours_power: 0.0, ..weights }.keep(&[9, 0, 1]), [10; 3]);
}

/// Strength of every pair by the formula, one pair at a time.
fn naive(groups: &Groups, items: u32, weights: &Weights) -> Vec<Vec<u32>> {
    let support = |item: u32| groups.iter().filter(|(_, group)| group.contains(&item)).count() as f64;
    let strength = |row: u32, other: u32| {
        let mut sum = 0.0;
        let mut shared = 0;
        for (index, (_, group)) in groups.iter().enumerate() {
            let age = (groups.len() - index) as f64 / groups.len() as f64;
            let weight = (-weights.age_decay * age).exp() / (group.len() as f64).powf(weights.size_power);
            shared += u32::from(group.contains(&row) && group.contains(&other));
            for (from, _) in group.iter().enumerate().filter(|(_, item)| **item == row) {
                for (to, _) in group.iter().enumerate().filter(|(_, item)| **item == other) {
                    let near = (from.abs_diff(to) as f64).powf(-weights.distance_power);
                    sum += weight * near * if to < from { weights.backward } else { 1.0 };
                }
            }
        }
        (shared >= weights.pair_support_min)
            .then(|| sum / (support(other) + weights.shrinkage).powf(weights.support_power))
    };
    let row = |row: u32| {
        let mut found: Vec<(f64, u32)> = (0..items)
            .filter(|other| *other != row)
            .filter_map(|other| Some((strength(row, other)?, other)))
            .collect();
        found.sort_by(|left, right| {
            // Sums in another order differ in their last bits: equal strengths are told by rounding.
            let rounded = |value: f64| (value * 1e9).round();
            rounded(right.0)
                .total_cmp(&rounded(left.0))
                .then(support(right.1).total_cmp(&support(left.1)))
                .then(left.1.cmp(&right.1))
        });
        found.truncate(weights.neighbours);
        found.into_iter().map(|found| found.1).collect()
    };
    (0..items).map(row).collect()
}

proptest! {
    #[test]
    fn counting_row_by_row_equals_the_formula(
        baskets in prop::collection::vec(prop::collection::btree_set(0u32..12, 1..6), 1..25),
        support in 1u32..4,
    ) {
        let mut groups = Groups::new();
        for (at, basket) in baskets.iter().enumerate() {
            groups.push(at as i64, basket.iter().copied());
        }
        let occurrences = Occurrences::new(&groups, 12);
        for base in [Weights::BASKET, Weights::SESSION] {
            let weights = Weights {
                neighbours: 12,
                neighbours_power: 0.0,
                second_order: 0.0,
                pair_support_min: support,
                ..base
            };
            let table = count(&groups, &occurrences, &weights, Scale::Logarithmic);
            let expected = naive(&groups, 12, &weights);
            for (row, expected) in table.rows.iter().zip(expected) {
                let mut found: Vec<u32> = row.iter().map(|neighbour| neighbour.item).collect();
                let mut expected = expected;
                prop_assert!(row.is_sorted_by_key(|neighbour| std::cmp::Reverse(neighbour.score)));
                found.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn no_published_pair_rests_on_one_session(
        sessions in prop::collection::vec(prop::collection::vec(0u32..14, 2..6), 1..14),
    ) {
        let mut groups = Groups::new();
        for (at, session) in sessions.iter().enumerate() {
            groups.push(at as i64, session.iter().copied());
        }
        let holding = |left: u32, right: u32| -> BTreeSet<usize> {
            let both = |at: &usize| sessions[*at].contains(&left) && sessions[*at].contains(&right);
            (0..sessions.len()).filter(both).collect()
        };
        let occurrences = Occurrences::new(&groups, 14);
        let weights = Weights { second_order: 2.0, ..Weights::SESSION };
        let table = count(&groups, &occurrences, &weights, Scale::Tiers);
        for (item, row) in (0..).zip(&table.rows) {
            for neighbour in row {
                let mut bearing = holding(item, neighbour.item);
                let mut bear = |steps: &[BTreeSet<usize>]| {
                    if steps.iter().all(|step| !step.is_empty()) {
                        bearing.extend(steps.iter().flatten());
                    }
                };
                let others = || (0..14).filter(|other| *other != item && *other != neighbour.item);
                for third in others() {
                    bear(&[holding(item, third), holding(third, neighbour.item)]);
                    for fourth in others().filter(|fourth| *fourth != third) {
                        bear(&[holding(item, third), holding(third, fourth), holding(fourth, neighbour.item)]);
                    }
                }
                prop_assert!(bearing.len() > 1, "{item} {}", neighbour.item);
                prop_assert!(neighbour.item != item);
            }
        }
    }

    #[test]
    fn the_order_of_rows_of_one_second_does_not_matter(
        (rows, shuffled) in prop::collection::vec((0u8..6, 0u8..8, 0i64..3), 1..40).prop_flat_map(|rows| {
            let mut rows: Vec<(u8, u8, i64)> = rows;
            rows.sort_unstable();
            rows.dedup();
            (Just(rows.clone()), Just(rows).prop_shuffle())
        }),
        case in any::<u64>(),
    ) {
        let text = |rows: &[(u8, u8, i64)]| {
            rows.iter().fold(HEADER.to_owned(), |text, (order, item, time)| {
                text + &format!("o{order},c{},{time},i{item},1,1.00\n", order % 3)
            })
        };
        let straight = learn(&options(&format!("straight-{case}"), &text(&rows)));
        let mixed = learn(&options(&format!("mixed-{case}"), &text(&shuffled)));
        for name in ["straight", "mixed"] {
            std::fs::remove_dir_all(folder(&format!("{name}-{case}"))).unwrap();
        }
        prop_assert_eq!(straight, mixed);
    }

    #[test]
    fn any_text_is_learnt_or_refused(text in "[ -~\n]{0,200}", headed in any::<bool>(), case in any::<u64>()) {
        let text = if headed { format!("{HEADER}{text}") } else { text };
        let options = options(&format!("any-{case}"), &text);
        let said = run(&options, &mut Silent).map_or_else(|error| error.to_string(), |report| report.to_string());
        std::fs::remove_dir_all(options.out.parent().unwrap()).unwrap();
        prop_assert!(!said.is_empty());
    }
}

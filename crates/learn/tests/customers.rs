//! What customers will do: measured on the bundled shop's last days, and on visits with known coefficients.

use std::fmt::Write;
use std::path::Path;

use shelfwise_learn::Silent;
use shelfwise_learn::catalogue::is_product_id;
use shelfwise_learn::customer::Ledger;
use shelfwise_learn::customer::intent::Visits;
use shelfwise_learn::customer::predict::{self, parameters};
use shelfwise_learn::log::Source;
use shelfwise_learn::orders::Orders;
use shelfwise_learn::sessions::Sessions;
use shelfwise_pack::model::{BG_NBD, BUYS_AGAIN, GAMMA_GAMMA, SESSION_INTENT, VisitSoFar, logistic};

fn bundled() -> Ledger {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/online-retail-orders.csv.gz");
    let product = |item: &str| is_product_id(item).then(|| item.to_owned());
    Ledger::of(&Orders::read(&Source::new(path), &product, 1 << 30, &mut Silent).unwrap()).unwrap()
}

#[test]
fn buying_again_is_foreseen_better_than_by_recency_and_by_bg_nbd() {
    let ledger = bundled();
    let found = predict::evaluate(&ledger).unwrap();
    println!("{found}");
    assert!(found.customers > 4_000 && found.buyers > 1_000, "{found}");
    assert!(found.model.auc > 0.740, "{found}");
    for other in [&found.recency, &found.bg_nbd] {
        assert!(found.model.auc > other.auc, "{found}");
        assert!(found.model.log_loss < other.log_loss && found.model.brier < other.brier, "{found}");
    }
    assert!(found.model.calibration_error < 0.05 && found.model.log_loss < 0.555, "{found}");
    let all = parameters(&ledger, &Visits::new());
    let named = |name: &str| all.iter().filter(|(known, _)| known == name).count();
    let wanted = [&BG_NBD[..], &GAMMA_GAMMA, &BUYS_AGAIN].concat();
    assert!(wanted.iter().all(|name| named(name) == 1), "{all:?}");
    assert!(all.iter().all(|(_, value)| value.is_finite()), "{all:?}");
    assert_eq!(all, parameters(&ledger, &Visits::new()));
}

/// Seeded uniform numbers, 0..1.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

/// A click log of visits that buy with the probability which the coefficients say.
fn clicks(truth: &[f64; SESSION_INTENT.len()], visits: usize) -> String {
    let mut state = 11;
    let mut log = "session_id,ts,event_name,item_id\n".to_owned();
    for session in 0..visits {
        let mut at = |most: f64| (uniform(&mut state) * most) as usize;
        let (views, adds, checkout, searches, gap_s) =
            (1 + at(9.0), at(4.0), at(4.0) == 0, at(3.0), 5 + at(200.0));
        let seen: Vec<usize> = (0..views).map(|_| at(6.0)).collect();
        let mut deeds: Vec<(&str, usize)> = seen.iter().map(|item| ("view_item", *item)).collect();
        deeds.extend((0..adds).map(|item| ("add_to_cart", item)));
        deeds.extend((0..searches).map(|_| ("search", 0)));
        deeds.extend(checkout.then_some(("begin_checkout", 0)));
        let mut items = seen;
        items.sort_unstable();
        items.dedup();
        let visit = VisitSoFar {
            views: views as f64,
            items: items.len() as f64,
            adds: adds as f64,
            checkout,
            searches: searches as f64,
            minutes: (gap_s * (deeds.len() - 1)) as f64 / 60.0,
        };
        let chance = logistic(truth.iter().zip(visit.features()).map(|(one, two)| one * two).sum());
        deeds.extend((uniform(&mut state) < chance).then_some(("purchase", 0)));
        for (at, (deed, item)) in deeds.iter().enumerate() {
            let ts = 1_700_000_000 + session * 90_000 + at * gap_s;
            writeln!(log, "{session},{ts},{deed},{item}").unwrap();
        }
    }
    log
}

fn visits(path: &Path, bytes_max: u64) -> Visits {
    let all = |item: &str| Some(item.to_owned());
    Sessions::read(&Source::new(path), &all, bytes_max, &mut Silent).unwrap().visits
}

#[test]
fn the_intent_of_visits_has_the_coefficients_it_was_made_with() {
    let truth = [-3.0, 0.6, 0.4, 1.2, 1.5, -0.5, 0.3];
    let path = std::env::temp_dir().join(format!("shelfwise-intent-{}.csv", std::process::id()));
    std::fs::write(&path, clicks(&truth, 30_000)).unwrap();
    let visits = visits(&path, 1 << 30);
    assert_eq!(visits.values().sum::<u64>(), 30_000);
    assert_eq!(visits, self::visits(&path, 4 << 20), "with runs on disk");
    std::fs::remove_file(&path).unwrap();
    let found = parameters(&Ledger::default(), &visits);
    for (name, truth) in SESSION_INTENT.iter().zip(truth) {
        let value = |name: &str| found.iter().find(|(known, _)| known == name).unwrap().1;
        let (fitted, error) = (value(name), value(&format!("{name}.error")));
        println!("{name}: {fitted:.3} +- {error:.3} for {truth}");
        assert!((fitted - truth).abs() < 3.0 * error && error < 0.15, "{name}: {fitted} +- {error}");
    }
}

#[test]
fn a_log_without_purchases_says_nothing_of_intent() {
    let path = std::env::temp_dir().join(format!("shelfwise-no-intent-{}.csv", std::process::id()));
    for text in ["session_id,item_id\n1,a\n1,b\n", "session_id,event,item_id\n1,view,a\n1,view,b\n"] {
        std::fs::write(&path, text).unwrap();
        assert!(visits(&path, 1 << 30).is_empty());
    }
    std::fs::remove_file(&path).unwrap();
}

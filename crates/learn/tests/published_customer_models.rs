//! The CDNOW sample gives the published parameters.
//!
//! BG/NBD: Fader, Hardie and Lee (2005), table 2. Gamma-Gamma: Fader and Hardie (2013), on the same customers.

use std::path::Path;

use shelfwise_learn::customer::{BgNbd, GammaGamma, History, Prior};

/// The sample lies beside the project where it may be read but not committed.
fn sample() -> Option<Vec<History>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/cdnow_summary.csv");
    if !path.exists() {
        eprintln!("not compared with the published parameters: {} is not here", path.display());
        return None;
    }
    let text = std::fs::read_to_string(path).unwrap();
    let row = |line: &str| {
        let fields: Vec<f64> = line.split(',').map(|field| field.trim().parse().unwrap()).collect();
        History { repeats: fields[1], recency: fields[2], age: fields[3], mean_value: fields[4] }
    };
    Some(text.lines().skip(1).map(row).collect())
}

fn near(found: f64, published: f64) {
    assert!((found / published - 1.0).abs() < 0.005, "{found} is not within 0.5 % of {published}");
}

#[test]
fn bg_nbd_reproduces_the_paper() {
    let Some(customers) = sample() else { return };
    let (model, fit) = BgNbd::fit(&customers, Prior::None).unwrap();
    println!("{model:?} {fit:?}");
    near(model.r, 0.243);
    near(model.alpha, 4.414);
    near(model.a, 0.793);
    near(model.b, 2.426);
    near(fit.log_likelihood, -9582.4);
}

#[test]
fn gamma_gamma_reproduces_the_note() {
    let Some(customers) = sample() else { return };
    let (model, fit) = GammaGamma::fit(&customers, Prior::None).unwrap();
    println!("{model:?} {fit:?}");
    near(model.p, 6.25);
    near(model.q, 3.74);
    near(model.v, 15.45);
}

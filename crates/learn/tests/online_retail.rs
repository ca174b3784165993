//! The bundled shop: its catalogue, its places and how well its last days are foreseen.

use std::path::{Path, PathBuf};

use shelfwise_learn::catalogue::{self, is_product_id};
use shelfwise_learn::goods::Goods;
use shelfwise_learn::kept::Kept;
use shelfwise_learn::log::Source;
use shelfwise_learn::{Silent, evaluate};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(name)
}

#[test]
fn the_catalogue_is_what_the_cleaning_step_writes() {
    let out = std::env::temp_dir().join(format!("shelfwise-catalogue-{}.csv", std::process::id()));
    let options = catalogue::Options {
        orders: Source::new(data("online-retail-orders.csv.gz")),
        names: data("online-retail-names.csv.gz"),
        categories: data("categories.csv"),
        tags: data("tags.csv"),
        out: out.clone(),
    };
    let report = catalogue::run(&options, &mut Silent).unwrap();
    let written = std::fs::read_to_string(&out).unwrap();
    std::fs::remove_file(&out).unwrap();
    assert!(
        written == std::fs::read_to_string(data("catalogue.csv")).unwrap(),
        "write data/catalogue.csv again"
    );
    assert!(report.products > 3_700 && report.general * 100 < report.products * 12, "{report:?}");
    assert_eq!((report.lines.rows, report.lines.rejected), (541_909, 0));
}

#[test]
fn bought_together_foresees_the_last_days_far_better_than_popularity() {
    let source = Source::new(data("online-retail-orders.csv.gz"));
    let product = |item: &str| is_product_id(item).then(|| item.to_owned());
    let goods = Goods::default();
    let mut options = evaluate::Options {
        product: &product,
        goods: &goods,
        alike: None,
        kept: Kept::default(),
        tune: None,
        bytes_max: 1 << 30,
    };
    let found = evaluate::orders(&source, &options, &mut Silent).unwrap();
    println!("{found}");
    let hits = |report: &evaluate::Report, at: usize| report.rows[at].at[1].hit_rate;
    assert!(found.rows[1].cases > 16_000);
    assert!(hits(&found, 1) > 0.235, "{found}");
    assert!(hits(&found, 0) < 0.035, "{found}");
    assert!(hits(&found, 1) > hits(&found, 3) * 0.99, "{found}");
    assert!(found.json().contains("\"name\":\"cart of three\",\"cases\":"));
    assert_eq!(found.worse_than_popularity().collect::<Vec<_>>(), [""; 0]);
    let unjudged: Vec<&str> = found.unjudged().map(|(name, _)| name).collect();
    assert!(unjudged.contains(&"cross-sell"), "no catalogue, no categories: {unjudged:?}");
    options.tune = Some(1);
    let tuned = evaluate::orders(&source, &options, &mut Silent).unwrap();
    println!("{tuned}");
    assert!(hits(&tuned, 1) > hits(&found, 1) * 1.05, "{tuned}");
}

#[test]
fn every_zone_has_a_country_a_hemisphere_and_a_climate() {
    let text = std::fs::read_to_string(data("places.csv")).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert!(rows.len() > 500 && rows.is_sorted_by_key(|row| row[0]));
    for row in &rows {
        assert!(
            row.len() == 4 && row[1].len() == 2 && "NS".contains(row[2]) && "ABCDE".contains(row[3]),
            "{row:?}"
        );
    }
    let find = |zone: &str| rows.iter().find(|row| row[0] == zone).map(|row| row[1..].join(" "));
    assert_eq!(find("Europe/London").as_deref(), Some("GB N C"));
    assert_eq!(find("Australia/Sydney").as_deref(), Some("AU S C"));
    assert_eq!(find("Europe/Helsinki").as_deref(), Some("FI N D"));
    assert_eq!(find("Asia/Calcutta").as_deref(), Some("IN N A"));
    assert_eq!(find("EST"), None);
}

//! What is measured of each strategy on logs whose answers are known.

use std::fmt::Write;
use std::path::PathBuf;

use shelfwise_learn::blend::{FindAlike, Seen};
use shelfwise_learn::evaluate::{self, Measured, Options, Report};
use shelfwise_learn::goods::{CatalogueFile, Goods};
use shelfwise_learn::kept::Kept;
use shelfwise_learn::log::Source;
use shelfwise_learn::neighbours::Neighbour;
use shelfwise_learn::{Error, Silent, run};

const DAY_S: u64 = 86_400;

fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("shelfwise-evaluate-{test}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn options<'a>(goods: &'a Goods, product: &'a dyn Fn(&str) -> Option<String>) -> Options<'a> {
    Options { product, goods, alike: None, kept: Kept::default(), tune: None, bytes_max: 1 << 30 }
}

fn row<'r>(report: &'r Report, name: &str) -> &'r Measured {
    report.rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no row {name} in {report}"))
}

fn text_of_header(report: &Report) -> String {
    report.to_string().lines().nth(1).unwrap_or_default().to_owned()
}

/// Forty customers who order coffee and milk every thirty days, lamp with bulb and plug in between, and tea after a cup.
fn orders() -> String {
    let mut text = "order_id,customer_id,ts,item_id,qty,price\n".to_owned();
    let mut order = 0;
    let mut sell = |customer: u64, day: u64, items: &[&str]| {
        order += 1;
        for item in items {
            writeln!(text, "{order},c{customer},{},{item},1,1.00", day * DAY_S + customer).unwrap();
        }
    };
    for customer in 0..40 {
        for month in 0..4 {
            sell(customer, customer % 20 + month * 30, &["coffee", "milk"]);
        }
        sell(customer, 40 + customer % 7, &["lamp", "bulb", "plug"]);
        sell(customer, 50 + customer % 7, if customer % 2 == 0 { &["cup", "tea"] } else { &["cup", "pot"] });
        if customer < 8 {
            sell(customer, 98 + customer, &["lamp", "cup"]);
            sell(customer, 100 + customer, &["bulb", "plug", ["pot", "tea"][customer as usize % 2]]);
        }
    }
    text
}

#[test]
fn orders_judge_bundles_what_goes_with_the_last_order_and_what_is_due_again() {
    let path = folder("orders").join("orders.csv");
    std::fs::write(&path, orders()).unwrap();
    let (goods, product) = (Goods::default(), |item: &str| Some(item.to_owned()));
    let found = evaluate::orders(&Source::new(&path), &options(&goods, &product), &mut Silent).unwrap();
    let bundle = row(&found, "bundle");
    assert_eq!((bundle.cases, (bundle.at[0].hit_rate * 40.0).round()), (40, 16.0), "{found}");
    let again = row(&found, "replenish");
    assert!(again.cases > 0 && again.at[2].hit_rate > 0.8, "{found}");
    let after = row(&found, "post-purchase");
    assert!(after.cases == 8 && after.at[0].hit_rate > 0.99 && after.bytes_per_item > 0.0, "{found}");
    assert!(bundle.bytes_per_item > 0.0 && row(&found, "popularity").bytes_per_item > 0.0, "{found}");
    assert!(text_of_header(&found).contains("B/product after Brotli"), "{found}");
    assert!(row(&found, "trending").cases == row(&found, "popularity").cases, "{found}");
    let text = found.to_string();
    for name in ["bundle", "post-purchase", "replenish"] {
        assert!(
            text.contains(&format!("{name} is measured on cases of its own: popularity finds")),
            "{text}"
        );
        assert!(row(&found, name).popularity.is_some(), "{text}");
    }
    assert!(found.json().contains(",\"popularity\":{\"hr_5\":"), "{}", found.json());
    assert!(text.contains("not judged: low-stock: logs do not say what was in stock when"), "{text}");
    assert!(text.contains("not judged: upsell: needs clicks"), "{text}");
    assert!(!found.worse_than_popularity().any(|name| name == "bundle"), "{text}");
    assert!(found.json().contains("\"not_judged\":{\"affinity\":"), "{}", found.json());
}

#[test]
fn cross_sell_is_judged_where_categories_are_known_and_nowhere_else() {
    let folder = folder("cross-sell");
    let (path, catalogue) = (folder.join("orders.csv"), folder.join("catalogue.csv"));
    std::fs::write(&path, orders()).unwrap();
    let product = |item: &str| Some(item.to_owned());
    let measure = |goods: &Goods| {
        let options = options(goods, &product);
        evaluate::orders(&Source::new(&path), &options, &mut Silent).unwrap()
    };
    let with = |categories: [&str; 8]| {
        let items = ["coffee", "milk", "lamp", "bulb", "plug", "cup", "tea", "pot"];
        let lines = items.iter().zip(categories).map(|(item, category)| format!("{item},{category}\n"));
        std::fs::write(&catalogue, format!("id,category\n{}", lines.collect::<String>())).unwrap();
        Goods::read(&CatalogueFile::new(&catalogue)).unwrap()
    };
    for unknown in [Goods::default(), with([""; 8])] {
        let found = measure(&unknown);
        assert!(found.rows.iter().all(|row| row.name != "cross-sell"), "{found}");
        assert!(found.worse_than_popularity().all(|name| name != "cross-sell"), "{found}");
        let text = found.to_string();
        assert!(text.contains("not judged: cross-sell: needs a catalogue with categories"), "{text}");
    }
    let found = measure(&with(["drinks", "dairy", "light", "parts", "parts", "dishes", "drinks", "dishes"]));
    let cross = row(&found, "cross-sell");
    assert!(cross.cases == row(&found, "popularity").cases && cross.at[0].hit_rate > 0.3, "{found}");
    assert!(!found.to_string().contains("not judged: cross-sell"), "{found}");
}

#[test]
fn what_is_measured_on_cases_of_its_own_is_held_against_popularity_on_those() {
    let path = folder("astray").join("orders.csv");
    // Lamp and bulb are a bundle, but in the last days lamps are bought with what sells most.
    let mut text = "order_id,customer_id,ts,item_id,qty,price\n".to_owned();
    for order in 0..140_u64 {
        let (day, items) = match order {
            100.. => (60 + order % 10, ["lamp", "top"]),
            order if order % 4 == 0 => (order / 4, ["lamp", "bulb"]),
            order => (order / 4, ["top", ["cup", "pot", "tea"][order as usize % 3]]),
        };
        for item in items {
            writeln!(text, "{order},,{},{item},1,1.00", day * DAY_S + order).unwrap();
        }
    }
    std::fs::write(&path, text).unwrap();
    let (goods, product) = (Goods::default(), |item: &str| Some(item.to_owned()));
    let options = options(&goods, &product);
    let found = evaluate::orders(&Source::new(&path), &options, &mut Silent).unwrap();
    let bundle = row(&found, "bundle");
    let popular = bundle.popularity.expect("on cases of its own");
    assert!(bundle.at[2].hit_rate < popular[2].hit_rate, "{found}");
    assert!(found.to_string().contains("warning: bundle finds less than popularity"), "{found}");
    let text = found.to_string();
    assert!(text.contains("not judged: post-purchase: needs orders of known customers"), "{text}");
}

/// Sessions that go round a ring of products of rising prices, two steps at a time; every third buys the next but one.
fn clicks() -> String {
    let mut text = "session_id,ts,item_id,event\n".to_owned();
    for session in 0..1_200_u64 {
        let start = session * 7 % 30;
        for step in 0..3 {
            let item = (start + 2 * step) % 30;
            writeln!(text, "{session},{},i{item},view", session * 60 + step).unwrap();
        }
        if session % 3 == 0 {
            writeln!(text, "{session},{},i{},purchase", session * 60 + 30, (start + 5) % 30).unwrap();
        }
    }
    text
}

#[test]
fn clicks_judge_what_is_bought_after_a_view_and_dearer_products_where_prices_are_known() {
    let folder = folder("clicks");
    let (path, catalogue) = (folder.join("clicks.csv"), folder.join("catalogue.csv"));
    std::fs::write(&path, clicks()).unwrap();
    let prices: String = (0..30).map(|item| format!("i{item},{}.00\n", 10 + 2 * item)).collect();
    std::fs::write(&catalogue, format!("id,price\n{prices}")).unwrap();
    let product = |item: &str| Some(item.to_owned());
    let measure = |goods: &Goods| {
        evaluate::clicks(&Source::new(&path), None, &options(goods, &product), &mut Silent).unwrap()
    };
    let found = measure(&Goods::read(&CatalogueFile::new(&catalogue)).unwrap());
    let bought = row(&found, "viewed then bought");
    assert!(bought.popularity.is_some() && bought.at[0].hit_rate > 0.99, "{found}");
    assert_eq!(bought.cases, 40, "every third of the newest tenth");
    let dearer = row(&found, "upsell (of views)");
    assert!(dearer.cases > 200 && dearer.at[0].hit_rate > 0.3, "{found}");
    let plain = measure(&Goods::default());
    assert!(plain.rows.iter().all(|row| row.name != "upsell (of views)"), "{plain}");
    assert!(plain.to_string().contains("not judged: upsell: needs a catalogue with prices"), "{plain}");
    assert!(
        plain
            .to_string()
            .contains("not judged: bought-together, bundle, cart, post-purchase, replenish: need order")
    );
}

/// For a product that nothing was learnt of: the next by id.
fn next_by_id(_: &CatalogueFile, seen: &Seen<'_>) -> Result<Vec<Vec<Neighbour>>, Error> {
    let last = seen.items.len() as u32 - 1;
    let row = |item: u32| match seen.neighbours[item as usize] {
        0 if item < last => vec![Neighbour { item: item + 1, score: 12 }],
        _ => Vec::new(),
    };
    Ok((0..=last).map(row).collect())
}

#[test]
fn alike_products_are_judged_by_what_follows_those_that_no_log_tells_of() {
    let folder = folder("similar");
    let (path, catalogue) = (folder.join("clicks.csv"), folder.join("catalogue.csv"));
    // In the newest tenth of the sessions, three new products lie between two old ones.
    let mut text = "session_id,ts,item_id\n".to_owned();
    for session in 0..1_000_u64 {
        let [one, two] = [session % 30, (session + 1) % 30].map(|item| format!("a{item:02}"));
        let new = ["n1", "n2", "n3"].map(String::from).into_iter().filter(|_| session >= 900);
        for (step, item) in [one].into_iter().chain(new).chain([two]).enumerate() {
            writeln!(text, "{session},{},{item}", session * 60 + step as u64).unwrap();
        }
    }
    std::fs::write(&path, text).unwrap();
    let old: String = (0..30).map(|item| format!("a{item:02}\n")).collect();
    std::fs::write(&catalogue, format!("id\n{old}n1\nn2\nn3\nzzz\n")).unwrap();
    let file = CatalogueFile::new(&catalogue);
    let (goods, product) = (Goods::read(&file).unwrap(), |item: &str| Some(item.to_owned()));
    let measure = |alike| {
        let options = Options { alike, ..options(&goods, &product) };
        evaluate::clicks(&Source::new(&path), None, &options, &mut Silent).unwrap()
    };
    let found = measure(Some((next_by_id as FindAlike, &file)));
    let similar = row(&found, "similar (little known)");
    // Two of three find the new one that follows; after n3 comes an old one, where zzz, which nobody viewed, is shown.
    assert_eq!((similar.cases, (similar.at[2].hit_rate * 300.0).round()), (300, 200.0), "{found}");
    assert!(similar.popularity.is_some_and(|means| means[2].hit_rate < 0.5), "{found}");
    assert!(row(&found, "for you, all tables").cases > 0, "alike products join the rows for you: {found}");
    assert!(!found.to_string().contains("not judged: similar"), "{found}");
    let plain = measure(None);
    assert!(plain.to_string().contains("not judged: similar: needs a catalogue with titles"), "{plain}");
    for name in ["popularity", "for you (session)", "for you, unseen only"] {
        assert_eq!(row(&plain, name).at, row(&found, name).at, "{name}: {found}");
    }
}

#[test]
fn rows_for_you_are_measured_with_all_tables_that_ship() {
    let folder = folder("all-tables");
    let [clicks_path, views_path, orders_path] =
        ["clicks.csv", "views.csv", "orders.csv"].map(|name| folder.join(name));
    std::fs::write(&clicks_path, clicks()).unwrap();
    let views: Vec<String> =
        clicks().lines().filter(|line| !line.ends_with("purchase")).map(String::from).collect();
    std::fs::write(&views_path, views.join("\n")).unwrap();
    std::fs::write(&orders_path, astray()).unwrap();
    let (goods, product) = (Goods::default(), |item: &str| Some(item.to_owned()));
    let measure = |log: &PathBuf, orders: Option<&Source>, kept: Kept, tune: Option<u64>| {
        let options = Options { kept, tune, ..options(&goods, &product) };
        evaluate::clicks(&Source::new(log), orders, &options, &mut Silent).unwrap()
    };
    let all = "for you, all tables";
    let lone = measure(&views_path, None, Kept::default(), None);
    assert!(lone.rows.iter().all(|row| row.name != all), "one table: {lone}");
    let bought = measure(&clicks_path, None, Kept::default(), None);
    assert!(row(&bought, all).cases == row(&bought, "for you, unseen only").cases, "{bought}");
    let orders = Source::new(&orders_path);
    let ranks = |report: &Report, name: &str| row(report, name).at[2].reciprocal_rank;
    let equal = measure(&views_path, Some(&orders), Kept::default(), None);
    let unseen = ranks(&equal, "for you, unseen only");
    assert!(ranks(&equal, all) < unseen * 0.9, "orders lead astray: {equal}");
    assert!(row(&equal, all).bytes_per_item > row(&equal, "for you, unseen only").bytes_per_item, "{equal}");
    let kept = Kept { blend: Some([0.0, 1.0, 1.0, 1.0]), ..Kept::default() };
    assert_eq!(
        ranks(&measure(&views_path, Some(&orders), kept, None), all),
        unseen,
        "as an earlier run says"
    );
    let tuned = measure(&views_path, Some(&orders), Kept::default(), Some(1));
    assert!(ranks(&tuned, all) > ranks(&equal, all), "{tuned}");
    assert!(tuned.to_string().contains("blend: hit rate"), "{tuned}");
    assert_eq!(tuned.tuned.best.weights.neighbours, 20, "few products have room for longer rows: {tuned}");
    assert!(tuned.json().contains("\"blend\":{\"weights\":{\"bought-together\":"), "{}", tuned.json());
    let first = &tuned.tuned.curve[0];
    let trial = format!("{{\"parameter\":\"{}\",\"value\":{},\"objective\":", first.parameter, first.value);
    assert!(tuned.json().contains(&trial), "{}", tuned.json());
    assert!(!equal.json().contains(&trial), "{}", equal.json());
}

/// Orders that pair each product with one that nobody views next.
fn astray() -> String {
    let mut orders = "order_id,ts,item_id,qty,price\n".to_owned();
    for order in 0..1_200_u64 {
        for item in [order % 30, (order + 13) % 30] {
            writeln!(orders, "{order},{},i{item},1,1.00", order * 60).unwrap();
        }
    }
    orders
}

#[test]
fn a_tuned_run_weighs_its_tables_and_keeps_the_weights() {
    let folder = folder("blend");
    std::fs::write(folder.join("clicks.csv"), clicks()).unwrap();
    std::fs::write(folder.join("orders.csv"), astray()).unwrap();
    let mut options = shelfwise_learn::Options::new(folder.join("knowledge.bin"));
    options.orders = Some(Source::new(folder.join("orders.csv")));
    options.sessions = Some(Source::new(folder.join("clicks.csv")));
    assert_eq!(run(&options, &mut Silent).unwrap().blend, None, "only where tuning is asked for");
    options.tune = Some(1);
    let report = run(&options, &mut Silent).unwrap();
    let blend = report.blend.as_ref().expect("three tables, and cases");
    assert_eq!(
        report.tuned[1].best.weights.neighbours, 20,
        "few products have room for longer rows: {report}"
    );
    let written = Kept::read(&options.out).unwrap();
    assert_eq!(written.blend, blend.weights);
    assert!(report.to_string().contains("blend: hit rate"), "{report}");
    assert!(report.to_string().contains("every value that was tried"), "{report}");
}

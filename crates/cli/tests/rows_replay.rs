//! Ranks rows for shoppers held back from the bundled orders, and leaves everything in `target/conformance`, with which
//! `tests/conformance/replay.test.ts` ranks the same rows in wasm.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::{Value as Json, json};
use shelfwise_author::build::check;
use shelfwise_author::compile::{Compiled, Release};
use shelfwise_author::engine::memory::{Event, EventKind, Memory};
use shelfwise_author::engine::recommend::{Recommender, Request, Situation};
use shelfwise_author::engine::shelf::Shelf;
use shelfwise_author::engine::traits::{Context, Traits};
use shelfwise_author::pack::core::Core;
use shelfwise_author::pack::opened::{Opened, OpenedCore};
use shelfwise_author::project::Folder;
use shelfwise_learn::Silent;
use shelfwise_learn::goods::CatalogueFile;
use shelfwise_learn::log::Source;
use shelfwise_learn::run::Options;

const NOW_S: i64 = 1_800_000_000;
/// Order lines that are learnt from, and those behind them that shoppers are made of.
const LEARNT: usize = 40_000;
const HELD_BACK: usize = 20_000;
/// Shoppers that are ranked for.
const SHOPPERS: usize = 400;
/// What a shopper does before the rows are asked for.
const DONE: usize = 6;

/// Rows that between them read every table, list and part of the memory that such a shopper has.
const ROWS: [&str; 4] = [
    "strategy: [for-you, best-sellers], limit: 20, minimum: 1",
    "strategy: [cart, bought-together, similar], limit: 20, minimum: 1, exclude: [cart, seen]",
    "strategy: [affinity, trending, best-sellers], limit: 20, minimum: 1, where: 'item.price < 5.0', diversity: { by: category, max: 4 }",
    "strategy: [viewed-together, upsell, cross-sell], limit: 12, minimum: 1, exclude: [shown], diversity: { spread: 0.4 }",
];

/// Orders in the order of their first lines: the products of each.
fn orders(lines: &[(String, String)]) -> Vec<Vec<&str>> {
    let mut places = BTreeMap::new();
    let mut orders: Vec<Vec<&str>> = Vec::new();
    for (order, item) in lines {
        let place = *places.entry(order).or_insert(orders.len());
        if place == orders.len() {
            orders.push(Vec::new());
        }
        if !orders[place].contains(&item.as_str()) {
            orders[place].push(item);
        }
    }
    orders
}

/// Learns from the first orders, and builds.
fn build(folder: &Path, header: &str, learnt: &[String], baskets: &[Vec<&str>]) -> Compiled {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::create_dir_all(folder.join("campaigns")).unwrap();
    fs::copy(root.join("data/catalogue.csv"), folder.join("catalogue.csv")).unwrap();
    fs::write(folder.join("orders.csv"), format!("{header}\n{}\n", learnt.join("\n"))).unwrap();
    let mut clicks = "session_id,item_id,event\n".to_owned();
    for (session, items) in baskets.iter().enumerate() {
        items.iter().for_each(|item| writeln!(clicks, "{session},{item},view").unwrap());
    }
    fs::write(folder.join("clicks.csv"), clicks).unwrap();
    let slots: Vec<String> = (0..ROWS.len()).map(|row| format!("home.row-{row}")).collect();
    let shop = format!(
        "shop: replay\ncurrency: GBP\ncatalogue: catalogue.csv\nknowledge: knowledge.bin\nslots: [{}]\n",
        slots.join(", ")
    );
    fs::write(folder.join("shop.yaml"), shop).unwrap();
    for (row, products) in ROWS.iter().enumerate() {
        let campaign =
            format!("id: row-{row}\nslot: home.row-{row}\ntemplate: row\nproducts: {{ {products} }}\n");
        fs::write(folder.join(format!("campaigns/row-{row}.yaml")), campaign).unwrap();
    }
    let mut options = Options::new(folder.join("knowledge.bin"));
    options.orders = Some(Source::new(folder.join("orders.csv")));
    options.sessions = Some(Source::new(folder.join("clicks.csv")));
    options.catalogue = Some(CatalogueFile::new(folder.join("catalogue.csv")));
    shelfwise_learn::run(&options, &mut Silent).expect("learnt");
    let checked = check(&Folder::new(folder), NOW_S);
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
    let release = Release { version: 1, issued_s: NOW_S, expires_s: NOW_S + 86_400 };
    checked.compile(release).expect("compiled")
}

/// What a shopper did: the products of an order viewed one after the other, every third put into the cart.
fn events(order: &[&str]) -> Vec<(EventKind, String, i64)> {
    let done = order.iter().take(DONE).enumerate().flat_map(|(at, item)| {
        let at_s = NOW_S - 600 + 20 * at as i64;
        let viewed = (EventKind::ViewItem, (*item).to_owned(), at_s);
        let carted = (at % 3 == 2).then(|| (EventKind::AddToCart, (*item).to_owned(), at_s + 5));
        [Some(viewed), carted].into_iter().flatten()
    });
    done.collect()
}

/// The bundled orders: header, lines, and order and product of each line.
fn bundled() -> (String, Vec<String>, Vec<(String, String)>) {
    let orders_file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/online-retail-orders.csv.gz");
    let file = flate2::read::GzDecoder::new(fs::File::open(orders_file).expect("bundled orders"));
    let mut lines = BufReader::new(file).lines().map(Result::unwrap);
    let header = lines.next().expect("header");
    let column = |name: &str| header.split(',').position(|known| known == name).expect("column");
    let (order, item) = (column("order_id"), column("item_id"));
    let lines: Vec<String> = lines.take(LEARNT + HELD_BACK).collect();
    let cut = |line: &String| {
        let fields: Vec<&str> = line.split(',').collect();
        (fields[order].to_owned(), fields[item].to_owned())
    };
    let pairs = lines.iter().map(cut).collect();
    (header, lines, pairs)
}

/// The rows of one shopper: product ids.
fn ranked(
    core: &Core<'_>,
    shelf: &Shelf,
    recommender: &mut Recommender,
    done: &[(EventKind, String, i64)],
) -> Vec<Vec<String>> {
    let mut memory = Memory::default();
    done.iter().for_each(|(kind, item, at_s)| memory.fold(&Event::new(*kind, *at_s).about(item)));
    let context = Context::default();
    let situation = Situation::derive(core, shelf, &memory, &context, NOW_S);
    let traits = Traits::derive(&memory, &context, core, NOW_S);
    recommender.new_page();
    let rows = core.rows.iter().map(|row| {
        let request = Request::of_row(core, &row);
        let picks = recommender.recommend(core, shelf, &situation, &traits, &request);
        picks.iter().map(|pick| shelf.card(core, pick.dense).unwrap().item().to_owned()).collect()
    });
    rows.collect()
}

#[test]
fn shoppers_held_back_are_ranked_for_and_kept() {
    let (header, lines, pairs) = bundled();
    let folder = tempfile::tempdir().unwrap();
    let pack = build(folder.path(), &header, &lines[..LEARNT], &orders(&pairs[..LEARNT]));
    let opened: OpenedCore = Opened::open(pack.core.clone()).expect("core");
    let core = opened.view();
    let mut shelf = Shelf::new(&core);
    let (mut blob, mut spans) = (Vec::new(), Vec::new());
    for (number, bytes) in (0..).zip(&pack.items) {
        spans.push([blob.len(), blob.len() + bytes.len()]);
        blob.extend_from_slice(bytes);
        shelf.add_items(number, Opened::open(bytes.clone()).expect("items"));
    }
    let held_back = orders(&pairs[LEARNT..]);
    let known = |order: &&Vec<&str>| {
        order.len() >= DONE && order.iter().take(DONE).all(|item| shelf.dense(&core, item).is_some())
    };
    let mut recommender = Recommender::default();
    let mut shown = 0;
    let mut shoppers: Vec<Json> = Vec::new();
    for order in held_back.iter().filter(known).take(SHOPPERS) {
        let done = events(order);
        let rows = ranked(&core, &shelf, &mut recommender, &done);
        shown += rows.iter().map(Vec::len).sum::<usize>();
        let told =
            done.iter().map(|(kind, item, at_s)| json!({"event": kind.name(), "item": item, "at": at_s}));
        shoppers.push(json!({"events": told.collect::<Vec<_>>(), "rows": rows}));
    }
    assert!(shoppers.len() >= 200, "{}", shoppers.len());
    assert!(shown >= shoppers.len() * 40, "rows are filled: {shown}");

    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/conformance");
    fs::create_dir_all(&kept).unwrap();
    let replay = json!({"now_s": NOW_S, "rows": ROWS.len(), "items": spans, "shoppers": shoppers});
    fs::write(kept.join("replay.items.bin"), blob).unwrap();
    fs::write(kept.join("replay.core.bin"), &pack.core).unwrap();
    fs::write(kept.join("replay.rows.json"), replay.to_string()).unwrap();
}

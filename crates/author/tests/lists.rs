//! What rows say of lists and bundles, in the pack: windows, scores, categories, brands, stock.

mod shop;

use std::collections::BTreeMap;

use shelfwise_author::build::check;
use shelfwise_author::compile::{Compiled, Release};
use shelfwise_author::pack::OpenedItems;
use shelfwise_author::pack::core::Core;
use shelfwise_author::pack::items::Items;
use shelfwise_author::pack::kinds::{ListKind, NeighbourKind};
use shelfwise_author::pack::knowledge::{
    KnowledgeBuilder, KnowledgeMeta, KnownBundle, KnownItem, KnownSales, PERIODS_DAYS,
};
use shelfwise_author::pack::record::Range;

use shop::{NOW_S, files};

/// Id, days since the sale, orders, pieces and money.
const SALES: [(&str, u16, u32, u32, u64); 6] = [
    ("1001", 1, 9, 9, 900),
    ("1001", 14, 9, 9, 900),
    ("1002", 1, 1, 50, 50),
    ("1003", 5, 3, 3, 9_000),
    ("1004", 90, 99, 99, 9_900),
    ("1007", 1, 99, 99, 9_900),
];

fn knowledge() -> Vec<u8> {
    let mut out = KnowledgeBuilder { meta: vec![KnowledgeMeta::default()], ..Default::default() };
    for (rank, id) in ["1001", "1002", "1003", "1004", "1007"].into_iter().enumerate() {
        let item = out.strings.add(id);
        out.items.push(KnownItem { item, popularity_rank: rank as u32, ..KnownItem::default() });
    }
    let number = |id: &str| ["1001", "1002", "1003", "1004", "1007"].iter().position(|known| *known == id);
    for (id, days, orders, quantity, revenue_minor) in SALES {
        let period = PERIODS_DAYS.iter().position(|end| *end == days).expect("the end of a period") as u8;
        let item = number(id).expect("a product") as u32;
        out.sales.push(KnownSales { item, period, orders, quantity, revenue_minor });
    }
    // A pair of many orders, a triple of higher lift, and one of the highest whose third product is sold out.
    for (items, orders, lift_permille) in
        [(&[0, 1][..], 90, 3_000), (&[0, 1, 2][..], 30, 9_000), (&[0, 3, 4][..], 20, 90_000)]
    {
        let items_range = Range { start: out.bundle_items.len() as u32, len: items.len() as u32 };
        out.bundle_items.extend(items);
        out.bundles.push(KnownBundle { items: items_range, orders, lift_permille });
    }
    out.finish()
}

fn project(strategy: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = files();
    let shop =
        String::from_utf8(files["shop.yaml"].clone()).unwrap() + "knowledge: knowledge.bin\nlow_stock: 3\n";
    files.insert("shop.yaml".into(), shop.into_bytes());
    files.insert("knowledge.bin".into(), knowledge());
    let row = format!(
        "id: own\nslot: product.row\nproducts: {{ strategy: {strategy} }}\nblock: blocks/row.html\ndata: {{ title: Own }}\n"
    );
    files.insert("campaigns/own.yaml".into(), row.into_bytes());
    files
}

fn compiled(files: &BTreeMap<String, Vec<u8>>) -> Compiled {
    let release = Release { version: 1, issued_s: NOW_S, expires_s: NOW_S + 86_400 };
    let checked = check(files, NOW_S);
    checked.compile(release).unwrap_or_else(|error| panic!("{error}: {:?}", checked.diagnostics))
}

/// The list that the row's first step names and those behind it up to the next whole one: part, and product ids.
fn shown(strategy: &str) -> Vec<(String, Vec<String>)> {
    let compiled = compiled(&project(strategy));
    let core = Core::open(&compiled.core).unwrap();
    let items = Items::open(&compiled.items[0]).unwrap();
    let own = core.campaigns.iter().find(|campaign| core.text(campaign.id) == "own").unwrap();
    let variation = core.variations.range(own.variations).next().unwrap();
    let row = core.rows.get(variation.target.index().unwrap()).unwrap();
    let first = core.sources.range(row.sources).next().unwrap().list.index().unwrap();
    let kind = core.lists.get(first).unwrap().kind;
    let part = |list: &shelfwise_author::pack::core::List| match list.category.index() {
        Some(at) => core.text(core.categories.get(at).unwrap()).to_owned(),
        None => core.text(list.name).to_owned(),
    };
    let all: Vec<_> = core.lists.iter().skip(first as usize).collect();
    let parts = all[1..].iter().take_while(|list| list.kind == kind && !part(list).is_empty()).count();
    let ids = |list: &shelfwise_author::pack::core::List| {
        let of = |dense: u32| items.text(items.cards.get(dense).unwrap().item).to_owned();
        core.list_items.range(list.items).map(of).collect()
    };
    all[..=parts].iter().map(|list| (part(list), ids(list))).collect()
}

/// The same in one line: `:1001 1002, Craft:1002`.
fn told(strategy: &str) -> String {
    let lists = shown(strategy).into_iter().map(|(part, ids)| format!("{part}:{}", ids.join(" ")));
    lists.collect::<Vec<_>>().join(", ")
}

#[test]
fn best_sellers_are_of_the_window_and_by_the_score_that_a_row_names() {
    let whole = |step: &str| told(&format!("{{ best-sellers: {{ of: shop, {step} }} }}"));
    assert_eq!(whole(""), ":1001 1003 1002", "30 days by orders; what is sold out is left out");
    assert_eq!(whole("window: 1d"), ":1001 1002");
    assert_eq!(whole("window: 7d, by: quantity"), ":1002 1001 1003");
    assert_eq!(whole("window: 2w, by: revenue"), ":1003 1001 1002");
    assert_eq!(whole("window: 90d"), ":1004 1001 1003 1002");
    assert_eq!(whole("window: all, by: revenue"), ":1004 1003 1001 1002");
}

#[test]
fn lists_of_categories_and_brands_stand_behind_the_shop_s() {
    assert_eq!(told("best-sellers"), ":1001 1003 1002, Craft:1002, Garden:1003, Kitchen:1001");
    assert_eq!(told("{ trending: { of: brand, window: 7d } }"), ":, Acme:1003");
    assert_eq!(told("{ trending: { of: category, window: 7d } }"), ":, Craft:1002, Garden:1003");
    assert_eq!(told("{ trending: { of: shop, window: 7d } }"), ":1003 1002", "1001 sold as much before");
    assert!(told("{ new-arrivals: { of: brand } }").starts_with(":, Acme:1023 1021"));
}

#[test]
fn what_has_few_pieces_left_is_a_list_and_none_is_sold_out() {
    let mut files = project("low-stock");
    let catalogue = "id,title,category,price,stock\n1002,Mug,Craft,1,2\n1001,Pot,Kitchen,1,3\n1003,Bell,Garden,1,4\n\
                     1004,Tin,Kitchen,1,0\n1005,Jug,Kitchen,1,\n1006,Pan,Kitchen,1,-7\n";
    files.insert("catalogue.csv".into(), catalogue.into());
    let compiled = compiled(&files);
    let core = Core::open(&compiled.core).unwrap();
    let items = Items::open(&compiled.items[0]).unwrap();
    let id = |dense: u32| items.text(items.cards.get(dense).unwrap().item);
    let list = core.lists.iter().find(|list| list.kind == ListKind::LowStock.code()).unwrap();
    assert_eq!(core.list_items.range(list.items).map(id).collect::<Vec<_>>(), ["1001", "1002"]);
    let sold_out: Vec<&str> =
        items.cards.iter().filter(|card| card.flags == 0).map(|card| items.text(card.item)).collect();
    assert_eq!(sold_out, ["1004", "1006"]);
    files.insert("catalogue.csv".into(), b"id,title,stock\n1,Mug,few\n2,Pot,1\n".to_vec());
    assert!(check(&files, NOW_S).diagnostics.iter().any(|found| {
        found.labels.iter().any(|label| label.text == "`few` is no number of pieces for stock")
    }));
}

/// The lists of a kind, each as `id id`.
fn of_kind(compiled: &Compiled, kind: ListKind) -> Vec<String> {
    let core = Core::open(&compiled.core).unwrap();
    let items = Items::open(&compiled.items[0]).unwrap();
    let id = |dense: u32| items.text(items.cards.get(dense).unwrap().item);
    let lists = core.lists.iter().filter(|list| list.kind == kind.code());
    lists.map(|list| core.list_items.range(list.items).map(id).collect::<Vec<_>>().join(" ")).collect()
}

/// A shop of 60 mugs that sell well and, behind them, a pot and a bell; without campaigns.
fn crowded() -> BTreeMap<String, Vec<u8>> {
    let mut files = project("best-sellers");
    let mugs: String = (0..60).map(|mug| format!("{},Mug,Craft,1\n", 2_000 + mug)).collect();
    let catalogue = format!("id,title,category,price\n{mugs}1001,Pot,Kitchen,30\n1002,Bell,Garden,50\n");
    files.insert("catalogue.csv".into(), catalogue.into());
    let shop =
        String::from_utf8(files["shop.yaml"].clone()).unwrap().replace("knowledge: knowledge.bin\n", "");
    files.insert("shop.yaml".into(), shop.into());
    files.retain(|name, _| !name.starts_with("campaigns/") && !name.starts_with("scenarios/"));
    files
}

#[test]
fn a_row_with_a_filter_has_a_list_of_what_passes() {
    let mut files = crowded();
    let row = |filter: &str| {
        format!(
            "id: own\nslot: product.row\nblock: blocks/row.html\ndata: {{ title: Own }}\n\
             products: {{ strategy: [best-sellers], where: '{filter}' }}\n"
        )
    };
    let mut best = |filter: &str| {
        files.insert("campaigns/own.yaml".into(), row(filter).into_bytes());
        of_kind(&compiled(&files), ListKind::BestSellers)
    };
    let of_all = best("item.price >= 0.0");
    assert_eq!(of_all.len(), 1, "all pass: the row has the list of every row");
    assert_eq!(of_all[0].split(' ').count(), 48);
    assert!(!of_all[0].contains("1001"), "it sells worse than 48 mugs");
    assert_eq!(best(r#"item.category == "Kitchen" || item.price > 40.0"#)[1], "1001 1002");
    assert_eq!(best(r#"item.title.startsWith("P") && item.discount == 0.0"#)[1], "1001");
    assert_eq!(best(r#"item.brand != "" "#)[1], "");
    // What the catalogue alone does not tell is left to the engine.
    let open = best(r#"item.category == "Kitchen" || item.category == page.category"#);
    assert_eq!(open, of_all);
    assert_eq!(best(r#"item.category == "Kitchen" && session.pages > 1"#)[1], "1001");
}

#[test]
fn what_fills_an_order_up_lies_by_octaves_of_its_price() {
    let mut files = crowded();
    let mut lists = of_kind(&compiled(&files), ListKind::FreeShipping);
    lists.reverse();
    assert_eq!(lists.len(), 13, "the last one has what costs twice 40.00");
    assert_eq!(lists[6].split(' ').count(), 24, "mugs for 1.00");
    assert_eq!([&lists[11][..], &lists[12]], ["1001", "1002"]);
    assert!(lists.iter().enumerate().all(|(at, list)| [6, 11, 12].contains(&at) || list.is_empty()));
    let shop = String::from_utf8(files["shop.yaml"].clone()).unwrap().replace("free_shipping: 40", "# 40");
    files.insert("shop.yaml".into(), shop.into());
    assert_eq!(of_kind(&compiled(&files), ListKind::FreeShipping), [""; 0]);
}

#[test]
fn each_product_knows_the_rest_of_its_best_bundle() {
    let compiled = compiled(&project("bundle"));
    let opened = OpenedItems::open(compiled.items[0].clone()).unwrap();
    let items = opened.view();
    let id = |dense: u32| items.text(items.cards.get(dense).unwrap().item);
    let rest = |card: u32| {
        let mut found = Vec::new();
        for row in opened.rows_of(card, card).filter(|row| row.kind == NeighbourKind::Bundle.code()) {
            assert!(row.each(|dense, score| found.push((id(dense), score))));
        }
        found
    };
    assert_eq!(id(0), "1001");
    assert_eq!(rest(0), [("1002", 15), ("1003", 14)]);
    assert_eq!(rest(2), [("1001", 15), ("1002", 14)]);
    assert_eq!(rest(3), [], "a product of its bundle is sold out");
}

#[test]
fn what_a_list_cannot_be_is_told() {
    let first = |step: &str| check(&project(step), NOW_S).diagnostics.remove(0).message;
    let window = first("{ best-sellers: { window: 31d } }");
    assert!(window.contains("one of: 1d, 2d,") && window.ends_with("365d, 730d, all"), "{window}");
    assert!(first("{ trending: { window: all } }").ends_with("180d, 365d"));
    assert!(first("{ trending: { window: 36h } }").contains("not counted over this window"));
    assert_eq!(first("{ trending: { by: revenue } }"), "trending has no key `by`");
    assert_eq!(first("{ for-you: { of: brand } }"), "for-you has no key `of`");
    assert_eq!(first("{ best-sellers: { by: profit } }"), "there is no score `profit`");
    assert_eq!(first("{ best-selers: { by: orders } }"), "there is no strategy `best-selers`");
    assert_eq!(first("{ manual: { of: brand } }"), "`manual` needs the name of its list");
    let empty = check(&project("{ best-sellers: { of: brand } }"), NOW_S).diagnostics;
    assert_eq!(empty.first().map(|found| found.code.to_string()).as_deref(), Some("SW034"));
}

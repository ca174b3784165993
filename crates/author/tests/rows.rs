//! What is said of rows that cannot work or probably are not meant, how many products make a row, and the examples of
//! `docs/strategies.md`.

mod shop;

use std::collections::BTreeMap;

use shelfwise_author::build::{Checked, check};
use shelfwise_author::diagnostic::Severity;
use shelfwise_author::pack::core::exclude;
use shelfwise_author::pack::knowledge::{KnowledgeBuilder, KnowledgeMeta};
use shelfwise_author::project::{DIVERSITY_KEYS, EXCLUSIONS, PIN_KEYS, PRODUCTS_KEYS, WEIGHT_KEYS};

use shop::{NOW_S, files};

/// The fixture shop with one row more.
fn project(head: &str, products: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = files();
    let row = format!("id: own\n{head}\nproducts: {products}\n");
    files.insert("campaigns/own.yaml".into(), row.into_bytes());
    files
}

const ROW: &str = "slot: product.row\nblock: blocks/row.html\ndata: { title: Own }";

/// Everything found: `E` or `W`, code, message.
fn told_of(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let line = |found: shelfwise_author::diagnostic::Diagnostic| {
        assert!(!found.labels.is_empty() && found.help.is_some_and(|help| !help.is_empty()));
        let severity = if found.severity == Severity::Error { 'E' } else { 'W' };
        format!("{severity} {} {}", found.code, found.message)
    };
    check(files, NOW_S).diagnostics.into_iter().map(line).collect()
}

fn told(products: &str) -> Vec<String> {
    told_of(&project(ROW, products))
}

/// A row that always fills, with some keys more.
fn listed(keys: &str) -> Vec<String> {
    told(&format!("{{ strategy: [similar, new-arrivals], limit: 4, {keys} }}"))
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_row_for_you_may_remind() {
    let exclusions = |more: &str| {
        let files = project(ROW, &format!("{{ strategy: [for-you, best-sellers]{more} }}"));
        let checked = check(&files, NOW_S);
        let row = checked.project.campaigns.iter().find(|campaign| campaign.id.value == "own").unwrap();
        row.content.products.as_ref().unwrap().exclude
    };
    assert_eq!(exclusions(""), 0);
    assert_eq!(exclusions(", reminders: false"), 0);
    assert_eq!(exclusions(", exclude: cart, reminders: true"), exclude::CART | exclude::REMINDERS);
}

#[test]
fn demands_that_exclude_one_another_are_errors() {
    assert_eq!(
        listed("same: category, other: category"),
        ["E SW036 no product is of the same category and of another"]
    );
    assert_eq!(
        listed("same: [category, brand], other: brand"),
        ["E SW036 no product is of the same brand and of another"]
    );
    assert_eq!(listed("same: category, other: brand"), NOTHING);
    let backwards = ["E SW036 no price is above the highest and below the lowest"];
    assert_eq!(listed("price: { from: 2, until: 1 }"), backwards);
    assert_eq!(listed("price: { from: 2, until: 2 }"), NOTHING);
    assert_eq!(listed("price: { from: 2 }"), NOTHING);
    let same = "`cross-sell` finds nothing in the same category: it shows products of another";
    let found = told("{ strategy: [cross-sell, new-arrivals], same: category }");
    assert_eq!(found, [format!("W SW036 {same}")]);
    let found = told("{ strategy: cross-sell, same: category }");
    assert_eq!(found[0], format!("E SW036 {same}"));
}

#[test]
fn a_row_without_a_strategy_is_an_error() {
    let mut files = project(ROW, "{ strategy: [] }");
    assert_eq!(check(&files, NOW_S).diagnostics[0].message, "this row names no strategy");
    assert!(check(&files, NOW_S).has_errors());
    files.extend(project(ROW, "{ strategy: new-arrivals }"));
    assert_eq!(told_of(&files), NOTHING);
}

#[test]
fn a_where_that_decides_nothing_is_told() {
    assert_eq!(listed("where: false"), ["E SW024 this `where` lets no product through"]);
    assert_eq!(listed("where: 1 > 2"), ["E SW024 this `where` lets no product through"]);
    assert_eq!(listed("where: true"), ["W SW024 this `where` lets every product through"]);
    // Pins stand whatever the condition says.
    assert_eq!(
        listed("where: false, pins: { item: \"1001\" }"),
        ["W SW024 this `where` lets no product through"]
    );
    assert_eq!(
        listed("boost: { where: true }"),
        ["W SW024 this boost is for every product alike, which changes no order"]
    );
    assert_eq!(listed("bury: { where: false }"), ["W SW024 this burial is for no product"]);
    assert_eq!(listed("boost: { where: item.in_stock }"), NOTHING);
}

#[test]
fn dates_of_pins_and_weights_are_looked_at() {
    let pin = |dates: &str| listed(&format!("pins: {{ item: \"1001\", {dates} }}"));
    assert_eq!(pin("from: 2036-06-01, until: 2036-03-01"), ["E SW013 this pin ends before it begins"]);
    assert_eq!(pin("until: 2026-06-15T01:00"), ["W SW014 this pin is over: it will never hold again"]);
    assert_eq!(pin("until: 2026-06-15T01:01"), NOTHING, "midnight in London's summer is 23:00 before");
    let boost = listed("boost: { where: item.in_stock, from: 2027-01-01, until: 2026-12-01 }");
    assert_eq!(boost, ["E SW013 this boost ends before it begins"]);
    let bury = listed("bury: { where: item.in_stock, until: 2019-06-01 }");
    assert_eq!(bury, ["W SW014 this burial is over: it will never hold again"]);
}

#[test]
fn pins_have_places_of_their_own_inside_the_row() {
    let beyond = ["W SW037 this row has 4 places, and the pin asks for place 9"];
    assert_eq!(listed("pins: { item: \"1001\", at: 9 }"), beyond);
    assert_eq!(listed("pins: { item: \"1001\", at: 4 }"), NOTHING);
    let two = |one: &str, other: &str| {
        listed(&format!("pins: [{{ item: \"1001\"{one} }}, {{ item: \"1002\"{other} }}]"))
    };
    assert_eq!(two("", ", at: 1"), ["W SW037 two pins ask for place 1"]);
    assert_eq!(two("", ", at: 2"), NOTHING);
    assert_eq!(two("", ", when: \"1003\""), NOTHING, "one for a page, one for the rest");
    assert_eq!(two(", when: \"1003\"", ", when: \"1003\"").len(), 1);
    assert_eq!(two(", until: 2027-01-01", ", from: 2027-01-01"), NOTHING, "one after the other");
    assert_eq!(two(", until: 2027-01-02", ", from: 2027-01-01").len(), 1);
    // One that is over is told as such, and takes no place.
    assert_eq!(two(", until: 2019-01-01", ""), ["W SW014 this pin is over: it will never hold again"]);
}

#[test]
fn taste_is_for_grids() {
    assert_eq!(listed("taste: 0.5"), ["W SW016 `taste` does nothing in this row: it reorders no grid"]);
    let grid = project("kind: rerank\nslot: product.row", "{ strategy: new-arrivals, taste: 0.5 }");
    assert_eq!(told_of(&grid), NOTHING);
    let inherited = "slot: product.row\nblock: blocks/row.html\ndata: { title: Own }\n\
                     variations: [{ id: a, weight: 50 }, { id: b, weight: 50 }]";
    assert_eq!(told_of(&project(inherited, "{ strategy: new-arrivals, taste: 0.5 }")).len(), 1);
}

#[test]
fn strategies_need_something_to_go_by() {
    let chain = "{ strategy: [free-shipping, new-arrivals] }";
    assert_eq!(told(chain), NOTHING);
    let mut files = project(ROW, chain);
    let shop = String::from_utf8(files["shop.yaml"].clone()).unwrap();
    let message = "E SW038 `free-shipping` finds nothing: shop.yaml does not say from when shipping is free";
    for free in ["", "free_shipping: 0"] {
        files.insert("shop.yaml".into(), shop.replace("free_shipping: 40", free).into_bytes());
        assert_eq!(told_of(&files), [message]);
    }
    let twice = "{ strategy: [best-sellers, { best-sellers: { of: shop } }] }";
    let unknown =
        ["W SW038 `best-sellers` shows the first products of the catalogue: no sales were learnt".to_owned()];
    assert_eq!(told(twice), unknown, "once however many there are");
    let found = check(&project(ROW, twice), NOW_S).diagnostics;
    assert_eq!(found[0].labels[0].text, "here, and in 1 more");
    assert!(found[0].help.as_ref().is_some_and(|help| help.starts_with("run `shelfwise learn ")));
    assert_eq!(told("{ strategy: trending }"), ["W SW038 `trending` finds nothing: no sales were learnt"]);
}

#[test]
fn a_row_is_at_least_half_full_unless_it_is_short_by_nature() {
    let minimum = |head: &str, products: &str| {
        let checked: Checked = check(&project(head, products), NOW_S);
        let own = checked.project.campaigns.iter().find(|campaign| campaign.id.value == "own").unwrap();
        own.content.products.as_ref().unwrap().minimum
    };
    assert_eq!(minimum(ROW, "{ strategy: new-arrivals }"), 4, "of 8");
    assert_eq!(minimum(ROW, "{ strategy: new-arrivals, limit: 5 }"), 3);
    assert_eq!(minimum(ROW, "{ strategy: new-arrivals, limit: 1 }"), 1);
    assert_eq!(minimum(ROW, "{ strategy: new-arrivals, limit: 6, minimum: 1 }"), 1);
    for short in [
        "replenish",
        "recently-viewed",
        "recently-carted",
        "wishlist-deals",
        "bundle",
        "post-purchase",
        "manual:gifts",
    ] {
        assert_eq!(minimum(ROW, &format!("{{ strategy: [{short}], limit: 6 }}")), 1, "{short}");
        assert_eq!(minimum(ROW, &format!("{{ strategy: [{short}, new-arrivals], limit: 6 }}")), 3, "{short}");
    }
    assert_eq!(minimum(ROW, "{ strategy: [recently-carted, recently-viewed], limit: 6 }"), 1);
    let grid = "kind: rerank\nslot: product.row";
    assert_eq!(minimum(grid, "{ strategy: for-you, limit: 12 }"), 1, "a grid is never left out");
}

/// The YAML examples of a document.
fn examples(document: &str) -> Vec<&str> {
    let parts = document.split("```");
    parts.skip(1).step_by(2).filter_map(|block| block.strip_prefix("yaml\n")).collect()
}

#[test]
fn the_examples_of_the_document_pass() {
    let document = include_str!("../../../docs/strategies.md");
    let examples = examples(document);
    assert!(examples.len() > 9, "{examples:?}");
    let mut files = files();
    let shop = "shop: examples\ncurrency: GBP\ncatalogue: catalogue.csv\nknowledge: knowledge.bin\nfree_shipping: 40\n\
                slots: [product.row, category.grid]\nlists: { gifts: [22423] }\n";
    let learnt = KnowledgeBuilder { meta: vec![KnowledgeMeta::default()], ..Default::default() };
    files.insert("knowledge.bin".into(), learnt.finish());
    files.insert(
        "catalogue.csv".into(),
        b"id,title,price\n85123A,Heart,2.55\n22423,Stand,12.75\n84879,Bird,1.69\n".to_vec(),
    );
    files.retain(|name, _| !name.contains('/') || name == "blocks/row.html");
    for example in examples {
        let mut shop = shop.to_owned();
        let row = match example {
            _ if example.starts_with("products:") => format!("id: own\n{ROW}\n{example}"),
            _ if example.starts_with("kind: rerank") => format!("id: own\n{example}"),
            _ => {
                shop.push_str(example);
                format!("id: own\n{ROW}\nproducts: {{ strategy: new-arrivals }}\n")
            }
        };
        files.insert("shop.yaml".into(), shop.into_bytes());
        files.insert("campaigns/own.yaml".into(), row.into_bytes());
        let told = told_of(&files);
        assert_eq!(told, NOTHING, "{example}");
    }
    for key in PRODUCTS_KEYS.iter().chain(DIVERSITY_KEYS).chain(WEIGHT_KEYS).chain(PIN_KEYS) {
        let is_shown = document.contains(&format!("{key}:")) || document.contains(&format!("`{key}`"));
        assert!(is_shown, "docs/strategies.md does not speak of `{key}`");
    }
    for (name, _) in EXCLUSIONS {
        assert!(document.contains(&format!("| `{name}` | ")), "nor of excluding `{name}`");
    }
}
